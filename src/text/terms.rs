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
use super::segment::Dictionary;
use super::stem::{STEM_MARK, Stemmer};

/// Dictionary words from this length on have terms of their own (three Han characters).
const SHORTEST_WORD_BYTES: usize = 9;

/// A word of at most this many characters is also joined to the Han character beside it: longer
/// ones are rare enough to be found alone.
const LONGEST_JOINED_CHARS: usize = 2;

/// Longest term in bytes. Longer words are cut, overlapping by [`OVERLAP_BYTES`], so that any
/// part of up to that length is still inside one term.
pub const LONGEST_TERM_BYTES: usize = 255;
const OVERLAP_BYTES: usize = 64;

/// Collects the terms of texts, one after another, in one piece of memory.
#[derive(Debug, Default)]
pub struct Terms {
    dictionary: Dictionary,
    stemmer: Stemmer,
    folded: Folded,
    found: Vec<Piece>,
    scratch: String,
    offsets: Vec<usize>,
    text: String,
    ends: Vec<u32>,
}

impl Clone for Terms {
    fn clone(&self) -> Self {
        Self { dictionary: self.dictionary.clone(), ..Self::default() }
    }
}

impl Terms {
    /// Returns an analyzer with this dictionary.
    pub fn new(dictionary: Dictionary) -> Self {
        Self { dictionary, ..Self::default() }
    }

    /// Replaces the terms by those of `text`. At most 4 GiB of text.
    pub fn fill(&mut self, text: &str) {
        self.text.clear();
        self.ends.clear();
        let mut folded = std::mem::take(&mut self.folded);
        let mut found = std::mem::take(&mut self.found);
        folded.fill(text);
        found.clear();
        pieces(&folded.chars, |p| found.push(p));
        for (i, piece) in found.iter().enumerate() {
            match piece.kind {
                Kind::Han => self.han(&folded.chars[piece.range()]),
                Kind::Sign => self.push_chars(&folded.chars[piece.range()]),
                Kind::Word => {
                    self.word(text, &folded, piece);
                    self.joined(&folded.chars, &found, i);
                }
            }
        }
        self.folded = folded;
        self.found = found;
    }

    /// Returns how many terms there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where the text had no terms.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the term at `i`, in the order of the text.
    #[inline]
    pub fn get(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.text[start..self.ends[i] as usize]
    }

    fn push(&mut self, term: &str) {
        self.text.push_str(term);
        self.ends.push(self.text.len() as u32);
    }

    fn push_chars(&mut self, chars: &[char]) {
        self.text.extend(chars);
        self.ends.push(self.text.len() as u32);
    }

    fn han(&mut self, run: &[char]) {
        let mut bytes = std::mem::take(&mut self.scratch);
        let mut offsets = std::mem::take(&mut self.offsets);
        bytes.clear();
        offsets.clear();
        for &c in run {
            offsets.push(bytes.len());
            bytes.push(c);
        }
        offsets.push(bytes.len());
        for i in 0..run.len() {
            let from = offsets[i];
            self.push(&bytes[from..offsets[i + 1]]);
            let Some(&pair_end) = offsets.get(i + 2) else { continue };
            self.push(&bytes[from..pair_end]);
            if !self.dictionary.may_begin_long_word(run[i], run[i + 1]) {
                continue;
            }
            let (text, ends) = (&mut self.text, &mut self.ends);
            self.dictionary.words_at(&bytes[from..], |len_bytes, _| {
                if len_bytes >= SHORTEST_WORD_BYTES {
                    text.push_str(&bytes[from..from + len_bytes]);
                    ends.push(text.len() as u32);
                }
            });
        }
        self.scratch = bytes;
        self.offsets = offsets;
    }

    fn word(&mut self, text: &str, folded: &Folded, piece: &Piece) {
        let core = &folded.chars[piece.core_range()];
        self.whole(core);
        if piece.has_signs() {
            self.push_chars(&folded.chars[piece.range()]);
        }
        let upper =
            |i: usize| text.as_bytes()[folded.starts[i] as usize].is_ascii_uppercase();
        parts(&folded.chars, piece.core_range(), upper, |r| self.whole(&folded.chars[r]));
    }

    /// A word and its stem.
    fn whole(&mut self, core: &[char]) {
        let mut word = std::mem::take(&mut self.scratch);
        word.clear();
        word.extend(core);
        if word.len() <= LONGEST_TERM_BYTES {
            self.push(&word);
            if let Some(stem) = self.stemmer.stem(&word) {
                self.text.push(STEM_MARK);
                self.text.push_str(stem);
                self.ends.push(self.text.len() as u32);
            }
        } else {
            for piece in overlapping(&word) {
                self.push(piece);
            }
        }
        self.scratch = word;
    }

    /// A short word together with the Han character before and after it.
    fn joined(&mut self, chars: &[char], found: &[Piece], i: usize) {
        let word = &found[i];
        if word.core_range().len() > LONGEST_JOINED_CHARS {
            return;
        }
        let before = i.checked_sub(1).map(|j| &found[j]);
        if before.is_some_and(|p| p.kind == Kind::Han && p.end == word.start) {
            self.push_chars(&chars[word.start - 1..word.end]);
        }
        if found.get(i + 1).is_some_and(|p| p.kind == Kind::Han && p.start == word.end) {
            self.push_chars(&chars[word.start..=word.end]);
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
    fn an_overlong_word_is_cut_with_overlap() {
        let word = "a".repeat(LONGEST_TERM_BYTES) + &"b".repeat(100);
        let mut terms = Terms::default();
        terms.fill(&word);
        assert_eq!(terms.len(), 2);
        assert!(terms.get(1).starts_with(&"a".repeat(OVERLAP_BYTES)));
        assert!(terms.get(1).ends_with('b'));
    }
}
