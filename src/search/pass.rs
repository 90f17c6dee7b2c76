//! A candidate's text in one pass: folded, counted, and marked where anything of the query may
//! stand. Only those spots are looked at closely.
//!
//! Law: it finds what [`Needles::scan`] finds, to the last count; `tests` hold it to that.

use super::needles::Needles;
use super::scan::Scan;
use crate::text::fold::{each, one};
use crate::text::{Class, Kind, Piece, class, word_piece};

/// Memory of a pass, used again for the next text.
#[derive(Debug, Default)]
pub struct Pass {
    /// The folded characters.
    pub chars: Vec<char>,
    /// Which of them were written as upper-case letters of ASCII.
    upper: Vec<u32>,
    /// First folded character of each line but the first.
    lines: Vec<u32>,
    spots: Vec<Spot>,
    word: Open,
    position: u32,
    figures: u32,
}

/// Where something of the query may stand.
#[derive(Debug)]
struct Spot {
    start: u32,
    /// One past the last character; `start` for a Han character.
    end: u32,
    position: u32,
    /// Row of a Han character among the letters of the query.
    letter: u32,
}

/// The word that is being read.
#[derive(Debug, Default)]
struct Open {
    start: u32,
    /// What its characters are, all together; 0 between words.
    marks: u8,
}

/// Digits, and other characters of words.
const DIGIT: u8 = 1;
const LETTER: u8 = 2;
/// `_`, and upper case after the first character: the word may have parts.
const BOUNDARY: u8 = 4;

/// What an ASCII character is once it is folded.
#[derive(Clone, Copy, PartialEq)]
enum Ascii {
    Between,
    LineEnd,
    Digit,
    Lower,
    Upper,
    Underscore,
}

/// By byte: what it is folded to, and what it is.
const ASCII: [(u8, Ascii); 128] = {
    let mut table = [(0, Ascii::Between); 128];
    let mut code = 0;
    while code < 128 {
        let byte = code as u8;
        table[code] = match byte {
            b'\t' | b'\r' | 0x0b | 0x0c => (b' ', Ascii::Between),
            b'`' => (b'\'', Ascii::Between),
            b'\n' => (byte, Ascii::LineEnd),
            b'0'..=b'9' => (byte, Ascii::Digit),
            b'a'..=b'z' => (byte, Ascii::Lower),
            b'A'..=b'Z' => (byte.to_ascii_lowercase(), Ascii::Upper),
            b'_' => (byte, Ascii::Underscore),
            _ => (byte, Ascii::Between),
        };
        code += 1;
    }
    table
};

impl Pass {
    /// Reads a text and says what of the query it holds.
    pub fn read(&mut self, text: &str, needles: &Needles, scan: &mut Scan) {
        self.fill(text, needles);
        scan.clear(needles.pair_terms.len());
        scan.length = self.position - self.figures;
        self.find(needles, scan);
    }

    /// Returns the first folded character of a line, counted from 0.
    pub fn line(&self, line: u32) -> u32 {
        match line {
            0 => 0,
            n => self.lines.get(n as usize - 1).map_or(self.chars.len() as u32, |&at| at),
        }
    }

    /// Calls `found` with each Han character of the query that the text has, in order.
    pub fn han(&self) -> impl Iterator<Item = (u32, char)> {
        let han = self.spots.iter().filter(|s| s.start == s.end);
        han.map(|s| (s.start, self.chars[s.start as usize]))
    }

    fn fill(&mut self, text: &str, needles: &Needles) {
        self.chars.clear();
        self.upper.clear();
        self.lines.clear();
        self.spots.clear();
        self.word = Open::default();
        (self.position, self.figures) = (0, 0);
        // Most notes have fewer characters than bytes, none has more but for a few ligatures.
        self.chars.reserve(text.len());
        for c in text.chars() {
            if c.is_ascii() {
                let (folded, kind) = ASCII[c as usize];
                let at = self.chars.len() as u32;
                self.chars.push(char::from(folded));
                match kind {
                    Ascii::Lower => self.letter(at, LETTER),
                    Ascii::Upper => {
                        self.upper.push(at);
                        let inside = if self.word.marks > 0 { BOUNDARY } else { 0 };
                        self.letter(at, LETTER | inside);
                    }
                    Ascii::Digit => self.letter(at, DIGIT),
                    Ascii::Underscore => self.letter(at, LETTER | BOUNDARY),
                    Ascii::Between => self.end_word(at, needles),
                    Ascii::LineEnd => {
                        self.end_word(at, needles);
                        self.lines.push(at + 1);
                    }
                }
            } else if let Some(folded) = one(c) {
                self.other(folded, needles);
            } else {
                each(c, |folded| self.other(folded, needles));
            }
        }
        self.end_word(self.chars.len() as u32, needles);
    }

    #[inline]
    fn letter(&mut self, at: u32, marks: u8) {
        if self.word.marks == 0 {
            self.word.start = at;
        }
        self.word.marks |= marks;
    }

    /// Takes a character that was not ASCII before it was folded.
    #[inline]
    fn other(&mut self, folded: char, needles: &Needles) {
        let at = self.chars.len() as u32;
        self.chars.push(folded);
        match kind(folded) {
            Class::Gram => {
                self.end_word(at, needles);
                self.position += 1;
                self.spot(folded, at, at, needles);
            }
            Class::Word if folded.is_ascii_digit() => self.letter(at, DIGIT),
            Class::Word if folded == '_' => self.letter(at, LETTER | BOUNDARY),
            Class::Word => self.letter(at, LETTER),
            Class::Sign => {
                self.end_word(at, needles);
                self.position += 1;
                self.spot(folded, at, at + 1, needles);
            }
            Class::Mark | Class::Space => self.end_word(at, needles),
        }
    }

    #[inline]
    fn spot(&mut self, c: char, start: u32, end: u32, needles: &Needles) {
        if let Some(letter) = needles.letters.row(c) {
            self.spots.push(Spot { start, end, position: self.position, letter });
        }
    }

    #[inline]
    fn end_word(&mut self, end: u32, needles: &Needles) {
        if self.word.marks > 0 {
            self.word_ends(end, needles);
        }
    }

    fn word_ends(&mut self, end: u32, needles: &Needles) {
        let Open { start, marks } = std::mem::take(&mut self.word);
        self.position += 1;
        self.figures += u32::from(marks == DIGIT);
        let at = start as usize;
        let first = self.chars[at];
        let begins = match end - start {
            // Signs may follow, as in `c++`.
            1 => needles.letters.row(first).is_some(),
            _ => needles.heads.has(first, self.chars[at + 1]),
        };
        // A part has two characters at least, and is looked for by them.
        let parts = || {
            let mut pairs = self.chars[at..end as usize].windows(2);
            (marks & BOUNDARY > 0 || marks & (DIGIT | LETTER) == DIGIT | LETTER)
                && pairs.any(|pair| needles.heads.has(pair[0], pair[1]))
        };
        let dotted =
            || at > 0 && self.chars[at - 1] == '.' && needles.letters.row('.').is_some();
        if begins || parts() || dotted() {
            let position = self.position;
            self.spots.push(Spot { start, end, position, letter: 0 });
        }
    }

    fn find(&self, needles: &Needles, scan: &mut Scan) {
        let upper = |at: usize| self.upper.binary_search(&(at as u32)).is_ok();
        // The Han character before, where it stands side by side, and its unit.
        let mut before: Option<(u32, u32)> = None;
        for spot in &self.spots {
            let (start, end) = (spot.start as usize, spot.end as usize);
            if start < end {
                let piece = match class(self.chars[start]) {
                    Class::Sign => {
                        Piece { kind: Kind::Sign, start, end, core: (start, end) }
                    }
                    _ => word_piece(&self.chars, start..end),
                };
                needles.word_at(&self.chars, &piece, spot.position, upper, scan);
                continue;
            }
            let letter = &needles.letters.rows[spot.letter as usize];
            if let Some(unit) = letter.unit {
                scan.units.push((spot.position, spot.start, unit));
                if let Some((at, other)) = before
                    && at + 1 == spot.start
                    && let Some(pair) = needles.pairs.get(&(other, unit))
                {
                    scan.pairs[*pair as usize] += 1;
                }
            }
            needles.han_at(letter, &self.chars, start, spot.position, scan);
            before = letter.unit.map(|unit| (spot.start, unit));
        }
    }
}

/// As [`class`], the commonest first: the signs of Chinese and typography are looked up in large
/// tables else.
#[inline]
fn kind(c: char) -> Class {
    match c as u32 {
        0x4E00..=0x9FFF => Class::Gram,
        0x2010..=0x2027 | 0x3001..=0x3004 | 0x3008..=0x3020 => Class::Mark,
        _ => class(c),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query;
    use crate::text::{Dictionary, Folded};

    fn check(asked: &str, others: &[&str], text: &str) {
        let plan = query::plan(&query::parse(asked).0, &Dictionary::default());
        let mut needles = Needles::new(&plan.words, &plan.runs);
        for (source, other) in (1u16..).zip(others) {
            if !plan.words.is_empty() && !other.is_empty() {
                let chars: Vec<char> = other.chars().collect();
                needles.also(0..1, &chars, 0.6, source);
            }
        }
        let folded = Folded::new(text);
        let expected = needles.scan(text, &folded);
        let (mut pass, mut scan) = (Pass::default(), Scan::default());
        // Twice, as what is left of one text must not show in the next.
        for _ in 0..2 {
            pass.read(text, &needles, &mut scan);
            assert_eq!(pass.chars, folded.chars, "{text:?}");
            assert_eq!(scan, expected, "{asked:?} in {text:?}");
        }
    }

    #[test]
    fn signs_of_typography_are_marks() {
        for c in (0x80..0x1_0000).filter_map(char::from_u32) {
            assert_eq!(kind(c), class(c), "{c:?}");
        }
        for byte in 0..128u8 {
            let folded = Folded::new(&char::from(byte).to_string()).chars;
            assert_eq!(folded, [char::from(ASCII[usize::from(byte)].0)]);
            let word =
                !matches!(ASCII[usize::from(byte)].1, Ascii::Between | Ascii::LineEnd);
            assert_eq!(class(folded[0]) == Class::Word, word, "{byte}");
        }
    }

    const PIECES: &[&str] = &[
        "三次握手",
        "握手",
        "线程",
        "線程",
        "池",
        "锁",
        "的",
        "，",
        "。",
        "「",
        "、",
        "\u{3000}",
        "tcp",
        "TCP",
        "ＴＣＰ",
        "tcp_handshake",
        "TcpHandshake",
        "HTTPServer2",
        "running",
        "run",
        "runs",
        "thread pool",
        "thread-pools",
        "thread_pool",
        "threadpool",
        "c",
        "C++",
        "c#",
        ".net",
        ".NET",
        "node.js",
        "b+树",
        "b+",
        "k8s",
        "3",
        "2024",
        "v3.6",
        "第3章",
        "①②",
        "㎏",
        "ﬁle",
        "café",
        "cafe\u{301}",
        "\u{301}",
        "\u{200b}",
        "😀",
        "→",
        "한국어",
        "カタカナ",
        "жизнь",
        "ß",
        "İ",
        "𝐀",
        "_",
        "__init__",
        "hashMap",
        "-",
        "+",
        "#",
        ".",
        " ",
        " ",
        "\n",
        "\r\n",
        "\t",
        "`",
        "\"",
        "'",
        "/",
        "\u{85}",
        "\u{2028}",
        "é",
        "É",
        "x",
        "how",
        "does",
    ];

    proptest! {
        #[test]
        fn finds_what_the_slow_way_finds(
            asked in prop::collection::vec(0..PIECES.len(), 1..5),
            others in prop::collection::vec(0..PIECES.len(), 0..3),
            text in prop::collection::vec(0..PIECES.len(), 0..40),
        ) {
            let join = |ids: &[usize]| ids.iter().map(|&i| PIECES[i]).collect::<String>();
            let others: Vec<String> =
                others.iter().map(|&i| crate::text::fold(PIECES[i])).collect();
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            check(&join(&asked), &others, &join(&text));
        }

        #[test]
        fn finds_what_the_slow_way_finds_in_any_text(asked in ".{1,8}", text in ".{0,60}") {
            check(&asked, &["thread pool"], &text);
            check(&text.chars().take(3).collect::<String>(), &[], &text);
        }
    }
}
