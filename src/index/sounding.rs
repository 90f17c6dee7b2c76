//! How the words of headings sound, as terms. One memory serves for all headings.

use std::ops::RangeInclusive;

use super::schema::sound_term;
use crate::lexicon;
use crate::text::{Class, Dictionary, Run, class, fold};

/// What is found by its sound: words are two to four characters long, the fixed phrases of the
/// field up to six.
const SOUNDING_CHARS: RangeInclusive<usize> = 2..=6;

/// A heading's first this many Han characters sound; longer ones are sentences.
const MOST_SOUNDING_CHARS: usize = 24;

/// The sounds of a heading.
#[derive(Debug, Default)]
pub(super) struct Sounding {
    chars: Vec<char>,
    /// The run that is cut.
    cut: Run,
    /// Whether a word begins or ends at a byte of its text.
    borders: Vec<bool>,
    /// Where the words end that begin at one character.
    ends: Vec<usize>,
    terms: Vec<[u8; 4]>,
}

impl Sounding {
    /// Replaces the sounds by those of a heading's words, one by one and several in a row. What
    /// begins or ends within a word is left out: nobody types it, and it is three quarters of
    /// all.
    pub fn fill(&mut self, title: &str, dictionary: &Dictionary) {
        self.terms.clear();
        let mut chars = std::mem::take(&mut self.chars);
        chars.clear();
        title.chars().for_each(|c| fold::each(c, |folded| chars.push(folded)));
        for run in chars.split(|&c| class(c) != Class::Gram) {
            self.run(&run[..run.len().min(MOST_SOUNDING_CHARS)], dictionary);
        }
        self.chars = chars;
    }

    fn run(&mut self, run: &[char], dictionary: &Dictionary) {
        if run.len() < *SOUNDING_CHARS.start() {
            return;
        }
        let Self { cut, borders, ends, terms, .. } = self;
        cut.fill(run.iter().copied());
        borders.clear();
        borders.resize(cut.start(run.len()) + 1, false);
        dictionary.cut_run(cut).iter().for_each(|word| borders[word.start] = true);
        borders[cut.start(run.len())] = true;
        for start in 0..run.len() {
            let from = cut.start(start);
            ends.clear();
            dictionary.words_at(cut, start, |len_bytes, _| ends.push(from + len_bytes));
            for len in SOUNDING_CHARS.filter(|len| start + len <= run.len()) {
                let to = cut.start(start + len);
                if borders[from] && borders[to] || ends.contains(&to) {
                    lexicon::sounds(&run[start..start + len], |s| {
                        terms.push(sound_term(s));
                    });
                }
            }
        }
    }

    /// Returns the terms.
    pub fn terms(&self) -> impl Iterator<Item = &str> + Clone {
        self.terms.iter().map(|term| str::from_utf8(term).expect("letters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_sound_and_what_crosses_their_borders_does_not() {
        let mut sounding = Sounding::default();
        let mut check = |title: &str, heard: &[&str], unheard: &[&str]| {
            sounding.fill(title, &Dictionary::default());
            let has = |sound: &str| {
                let term = sound_term(sound);
                sounding.terms().any(|t| t.as_bytes() == term)
            };
            assert!(heard.iter().all(|s| has(s)), "{title}");
            assert!(!unheard.iter().any(|s| has(s)), "{title}");
        };
        check("TCP 三次握手", &["sanciwoshou", "scws", "woshou"], &["ciwo", "tcp"]);
        check("線程 pool", &["xiancheng"], &["pool"]);
        check("锁", &[], &["suo"]);
    }
}
