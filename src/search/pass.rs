//! A candidate's text in one pass: folded, counted, and marked where anything of the query may
//! stand. Only those spots are looked at closely.
//!
//! Law: it finds what [`Needles::scan`] finds, to the last count; `tests` hold it to that.

use super::needles::Needles;
use super::scan::Scan;
use crate::index::{Shorthand, Take, ascii_len_bytes};
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
    /// Reads texts, one a line, and says what of the query they hold.
    pub fn read<'t>(
        &mut self,
        texts: impl IntoIterator<Item = Text<'t>>,
        needles: &Needles,
        scan: &mut Scan,
    ) {
        self.chars.clear();
        self.upper.clear();
        self.lines.clear();
        self.spots.clear();
        self.word = Open::default();
        (self.position, self.figures) = (0, 0);
        let mut reading = Reading { pass: self, needles };
        for (i, text) in texts.into_iter().enumerate() {
            if i > 0 {
                reading.ascii(b"\n");
            }
            match text {
                Text::Plain(text) => reading.plain(text),
                Text::Short(text) => {
                    reading.pass.chars.reserve(text.len_bytes());
                    text.each(&mut reading);
                }
            }
        }
        self.end_word(self.chars.len() as u32, needles);
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

    #[inline]
    fn letter(&mut self, at: u32, marks: u8) {
        if self.word.marks == 0 {
            self.word.start = at;
        }
        self.word.marks |= marks;
    }

    /// Takes a character that was not ASCII before it was folded.
    #[inline(always)]
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

/// A text to read.
#[derive(Debug, Clone, Copy)]
pub enum Text<'a> {
    /// As it is written.
    Plain(&'a str),
    /// As it is packed.
    Short(Shorthand<'a>),
}

struct Reading<'p, 'n> {
    pass: &'p mut Pass,
    needles: &'n Needles,
}

impl Reading<'_, '_> {
    fn plain(&mut self, text: &str) {
        self.pass.chars.reserve(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            match ascii_len_bytes(rest.as_bytes()) {
                0 => {
                    self.written(c);
                    rest = &rest[c.len_utf8()..];
                }
                len => {
                    let (run, after) = rest.split_at(len);
                    self.ascii(run.as_bytes());
                    rest = after;
                }
            }
        }
    }
}

impl Take for Reading<'_, '_> {
    // It has one caller, which must not call it for each run.
    #[inline(always)]
    fn ascii(&mut self, run: &[u8]) {
        let Self { pass, needles } = self;
        let base = pass.chars.len() as u32;
        let ascii = |byte: u8| ASCII[usize::from(byte & 127)];
        pass.chars.extend(run.iter().map(|&byte| char::from(ascii(byte).0)));
        let mut i = 0;
        while let Some(&byte) = run.get(i) {
            let at = base + i as u32;
            i += 1;
            match ascii(byte).1 {
                Ascii::Lower => {
                    pass.letter(at, LETTER);
                    // Most characters; those after the first change nothing.
                    while run.get(i).is_some_and(u8::is_ascii_lowercase) {
                        i += 1;
                    }
                }
                Ascii::Upper => {
                    pass.upper.push(at);
                    let inside = if pass.word.marks > 0 { BOUNDARY } else { 0 };
                    pass.letter(at, LETTER | inside);
                }
                Ascii::Digit => pass.letter(at, DIGIT),
                Ascii::Underscore => pass.letter(at, LETTER | BOUNDARY),
                Ascii::Between => pass.end_word(at, needles),
                Ascii::LineEnd => {
                    pass.end_word(at, needles);
                    pass.lines.push(at + 1);
                }
            }
        }
    }

    #[inline(always)]
    fn folded(&mut self, c: char) {
        self.pass.other(c, self.needles);
    }

    #[inline(never)]
    fn written(&mut self, c: char) {
        match one(c) {
            Some(folded) => self.folded(folded),
            None => each(c, |folded| self.folded(folded)),
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
mod tests;
