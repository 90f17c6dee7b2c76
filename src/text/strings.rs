//! The terms of a text as strings, for whoever asks; an index takes them as they come.

use super::segment::{Dictionary, Told};
use super::stem::{STEM_MARK, Stemmer};
use super::terms::{Cutter, Length, Sink};

/// Collects the terms of texts as strings.
#[derive(Debug, Default)]
pub struct Terms {
    cutter: Cutter,
    strings: Strings,
}

#[derive(Debug, Default)]
struct Strings {
    stemmer: Stemmer,
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    fn end(&mut self) {
        self.ends.push(self.text.len() as u32);
    }
}

impl Sink for Strings {
    fn single(&mut self, c: char) {
        self.text.push(c);
        self.end();
    }

    fn pair(&mut self, first: char, second: char, _: Told) {
        self.text.extend([first, second]);
        self.end();
    }

    fn word(&mut self, word: &str) {
        self.other(word);
        if let Some(stem) = self.stemmer.stem(word) {
            self.text.push(STEM_MARK);
            self.text.push_str(stem);
            self.end();
        }
    }

    fn other(&mut self, term: &str) {
        self.text.push_str(term);
        self.end();
    }
}

impl Clone for Terms {
    fn clone(&self) -> Self {
        Self { cutter: self.cutter.another(), strings: Strings::default() }
    }
}

impl Terms {
    /// Returns an analyzer with this dictionary.
    pub fn new(dictionary: Dictionary) -> Self {
        Self { cutter: Cutter::new(dictionary), strings: Strings::default() }
    }

    /// Replaces the terms by those of `text` and returns how long it is. At most 4 GiB of text.
    pub fn fill(&mut self, text: &str) -> Length {
        self.strings.text.clear();
        self.strings.ends.clear();
        self.cutter.cut(text, &mut self.strings)
    }

    /// Returns how many terms there are.
    pub fn len(&self) -> usize {
        self.strings.ends.len()
    }

    /// True where the text had no terms.
    pub fn is_empty(&self) -> bool {
        self.strings.ends.is_empty()
    }

    /// Returns the term at `i`, in the order of the text.
    #[inline]
    pub fn get(&self, i: usize) -> &str {
        let Strings { text, ends, .. } = &self.strings;
        let start = if i == 0 { 0 } else { ends[i - 1] as usize };
        &text[start..ends[i] as usize]
    }
}
