//! The terms under which a text is found.
//!
//! | text | terms |
//! |---|---|
//! | a Han run | each character, each pair of neighbours, each dictionary word of three and more |
//! | a word | itself folded, with its signs, its stem (`~stem`), the parts of an identifier |
//! | a short word beside Han | the two together: `3月`, `b+树` |
//!
//! Pairs are what a two-character word is, so words of two need no term of their own; dictionary
//! words are taken wherever they stand, not where a segmentation of the whole sentence puts
//! them, so no cut can hide one.

use super::fold::Folded;
use super::lex::{Kind, Piece, parts, pieces};
use super::segment::{Dictionary, Memory, Run, Told};

/// Dictionary words from this length on have terms of their own (three Han characters).
const SHORTEST_WORD_BYTES: usize = 9;

/// A word of at most this many characters is also joined to the Han character beside it: longer
/// ones are rare enough to be found alone.
const LONGEST_JOINED_CHARS: usize = 2;

/// Longest term in bytes. Longer words are cut, overlapping by [`OVERLAP_BYTES`], so that any
/// part of up to that length is still inside one term.
pub const LONGEST_TERM_BYTES: usize = 255;
/// What of one piece of a longer word comes again in the next; no piece is shorter.
pub const OVERLAP_BYTES: usize = 64;

/// Where terms go, in the order of the text.
pub trait Sink {
    /// A character of a Han run.
    fn single(&mut self, c: char);
    /// Two neighbours in a Han run, and what the tables say of them.
    fn pair(&mut self, first: char, second: char, told: Told);
    /// A word without its signs, which may have a stem.
    fn word(&mut self, word: &str);
    /// Any other term.
    fn other(&mut self, term: &str);
}

/// How long a text is, in what is counted of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Length {
    /// Han characters.
    pub han_chars: u64,
    /// Words of letters and digits.
    pub words: u64,
}

/// Cuts texts into terms, one after another, in one piece of memory.
#[derive(Debug, Default)]
pub struct Cutter {
    dictionary: Dictionary,
    folded: Folded,
    found: Vec<Piece>,
    scratch: String,
    /// The Han run that is being cut, where some word needs it.
    run: Run,
    /// What the tables say of its pairs, and of those of its triples that may be more.
    told: Vec<Told>,
    heads: Vec<(u32, Told)>,
    memory: Memory,
}

impl Cutter {
    /// Returns an analyzer with this dictionary.
    pub fn new(dictionary: Dictionary) -> Self {
        Self { dictionary, ..Self::default() }
    }

    /// Returns another analyzer with the same dictionary.
    pub(super) fn another(&self) -> Self {
        Self::new(self.dictionary.clone())
    }

    /// Hands all terms of `text` to a sink and returns how long it is. At most 4 GiB of text.
    pub fn cut(&mut self, text: &str, sink: &mut impl Sink) -> Length {
        let mut length = Length::default();
        let mut folded = std::mem::take(&mut self.folded);
        let mut found = std::mem::take(&mut self.found);
        folded.fill(text);
        found.clear();
        pieces(&folded.chars, |p| found.push(p));
        for (i, piece) in found.iter().enumerate() {
            match piece.kind {
                Kind::Han => {
                    length.han_chars += piece.range().len() as u64;
                    self.han(&folded.chars[piece.range()], sink);
                }
                Kind::Sign => self.other(&folded.chars[piece.range()], sink),
                Kind::Word => {
                    length.words += 1;
                    self.word(text, &folded, piece, sink);
                    self.joined(&folded.chars, &found, i, sink);
                }
            }
        }
        self.folded = folded;
        self.found = found;
        length
    }

    fn other(&mut self, chars: &[char], sink: &mut impl Sink) {
        self.scratch.clear();
        self.scratch.extend(chars);
        sink.other(&self.scratch);
    }

    fn han(&mut self, run: &[char], sink: &mut impl Sink) {
        self.find_heads(run);
        self.run.clear();
        let mut heads = self.heads.iter().peekable();
        for (i, &told) in self.told.iter().enumerate() {
            sink.single(run[i]);
            sink.pair(run[i], run[i + 1], told);
            let Some((_, told)) = heads.next_if(|(at, _)| *at as usize == i) else {
                continue;
            };
            if !told.begins() && !self.dictionary.has_user_words() {
                let triple = [run[i], run[i + 1], run[i + 2]];
                if self.memory.is_word(&triple) {
                    self.scratch.clear();
                    self.scratch.extend(triple);
                    sink.other(&self.scratch);
                }
                continue;
            }
            if self.run.is_empty() {
                // Most runs have no such word, and need no keys.
                self.run.fill(run.iter().copied());
            }
            let text = self.run.text_from(i);
            self.dictionary.words_at(&self.run, i, |len_bytes, _| {
                if len_bytes >= SHORTEST_WORD_BYTES {
                    sink.other(&text[..len_bytes]);
                }
            });
        }
        if let Some(&last) = run.last() {
            sink.single(last);
        }
    }

    /// Finds where in a run words of three and more may begin. Few branches, so that the loads
    /// do not wait for one another.
    fn find_heads(&mut self, run: &[char]) {
        let Self { told, heads, .. } = self;
        told.clear();
        told.extend(run.windows(2).map(|p| Told::of_pair(p[0], p[1])));
        let all = self.dictionary.has_user_words();
        heads.clear();
        for (i, triple) in (0u32..).zip(run.windows(3)) {
            if told[i as usize].begins() || all {
                let triple = triple.first_chunk().expect("three");
                heads.push((i, Told::of_triple(triple)));
            }
        }
        heads.retain(|(_, told)| told.begins() || told.is_word() || all);
    }

    fn word(&mut self, text: &str, folded: &Folded, piece: &Piece, sink: &mut impl Sink) {
        let core = &folded.chars[piece.core_range()];
        let start = folded.starts[piece.core.0] as usize;
        let last = folded.starts[piece.core.1 - 1] as usize;
        let written = text.as_bytes().get(start..=last).unwrap_or_default();
        // Most words are letters of one case, and have no parts.
        let plain = written.len() == core.len()
            && written[0].is_ascii_alphabetic()
            && written[1..].iter().all(u8::is_ascii_lowercase);
        if plain && written[0].is_ascii_lowercase() && core.len() <= LONGEST_TERM_BYTES {
            sink.word(&text[start..=last]);
        } else {
            self.whole(core, sink);
        }
        if piece.has_signs() {
            self.other(&folded.chars[piece.range()], sink);
        }
        if plain {
            return;
        }
        let upper =
            |i: usize| text.as_bytes()[folded.starts[i] as usize].is_ascii_uppercase();
        parts(&folded.chars, piece.core_range(), upper, |r| {
            self.whole(&folded.chars[r], sink);
        });
    }

    /// A word and its stem.
    fn whole(&mut self, core: &[char], sink: &mut impl Sink) {
        let word = &mut self.scratch;
        word.clear();
        word.extend(core);
        if word.len() <= LONGEST_TERM_BYTES {
            sink.word(word);
        } else {
            overlapping(word).for_each(|piece| sink.other(piece));
        }
    }

    /// A short word together with the Han character before and after it.
    fn joined(
        &mut self,
        chars: &[char],
        found: &[Piece],
        i: usize,
        sink: &mut impl Sink,
    ) {
        let word = &found[i];
        if word.core_range().len() > LONGEST_JOINED_CHARS {
            return;
        }
        let before = i.checked_sub(1).map(|j| &found[j]);
        if before.is_some_and(|p| p.kind == Kind::Han && p.end == word.start) {
            self.other(&chars[word.start - 1..word.end], sink);
        }
        if found.get(i + 1).is_some_and(|p| p.kind == Kind::Han && p.start == word.end) {
            self.other(&chars[word.start..=word.end], sink);
        }
    }
}

/// Returns the term that joins a short word to a Han character after it, if it has one.
pub fn boundary_term(word: &str, next: char) -> Option<String> {
    let core = word.trim_end_matches(['+', '#']).trim_start_matches('.');
    (core.chars().count() <= LONGEST_JOINED_CHARS).then(|| format!("{word}{next}"))
}

/// Cuts an overlong word into terms that overlap.
fn overlapping(word: &str) -> impl Iterator<Item = &str> {
    let mut start = Some(0);
    std::iter::from_fn(move || {
        let from = start?;
        let to = word.floor_char_boundary(from + LONGEST_TERM_BYTES);
        start = (to < word.len()).then(|| word.floor_char_boundary(to - OVERLAP_BYTES));
        Some(&word[from..to])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Terms;

    fn check(text: &str, expected: &[&str]) {
        let mut terms = Terms::default();
        terms.fill(text);
        let found: Vec<_> = (0..terms.len()).map(|i| terms.get(i)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn terms_of_chinese_and_english() {
        check("三次握手", &["三", "三次", "次", "次握", "握", "握手", "手"]);
        check("數據庫", &["数", "数据", "数据库", "据", "据库", "库"]);
        check("Running", &["running", "~run"]);
        check("C++内", &["c", "c++", "c++内", "内"]);
        check("第3月", &["第", "3", "第3", "3月", "月"]);
        check("HashMap", &["hashmap", "hash", "map"]);
        check("，。 -- ", &[]);
    }

    #[test]
    fn characters_and_words_are_counted() {
        for (text, han_chars, words) in [
            ("", 0, 0),
            ("三次握手 TCP/IP, 第3次", 6, 3),
            ("一丁丂龥", 4, 0),
            ("C++, é __iter__ ab-c。", 0, 5),
        ] {
            let length = Terms::default().fill(text);
            assert_eq!(length, Length { han_chars, words }, "{text}");
        }
    }

    #[test]
    fn an_overlong_word_is_cut_with_overlap() {
        let word = "a".repeat(LONGEST_TERM_BYTES) + &"b".repeat(100);
        let mut terms = Terms::default();
        terms.fill(&word);
        assert_eq!(terms.len(), 2);
        assert!(terms.get(1).starts_with(&"a".repeat(OVERLAP_BYTES)));
        assert!(terms.get(1).ends_with('b'));
    }
}
