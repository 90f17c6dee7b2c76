//! English word stems, with a memory: notes use few words often.

use std::collections::HashMap;

use rust_stemmers::Algorithm;

/// Begins the term of a stem, so that a stem is never mistaken for a word that was written.
pub const STEM_MARK: char = '~';

/// Words of fewer letters have no endings to lose.
const SHORTEST_STEMMED_CHARS: usize = 3;

/// The memory is dropped at this many words; the vocabulary of a large collection of notes is
/// of this size, and 64 bytes each make 4 MB.
const REMEMBERED_WORDS: usize = 1 << 16;

/// Snowball's English stemmer.
pub struct Stemmer {
    stemmer: rust_stemmers::Stemmer,
    known: HashMap<Box<str>, Option<Box<str>>>,
}

impl Default for Stemmer {
    fn default() -> Self {
        Self {
            stemmer: rust_stemmers::Stemmer::create(Algorithm::English),
            known: HashMap::new(),
        }
    }
}

impl std::fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stemmer").field("known", &self.known.len()).finish()
    }
}

impl Stemmer {
    /// Returns the stem of a folded word where it differs from the word, else `None`.
    pub fn stem(&mut self, word: &str) -> Option<&str> {
        if word.len() < SHORTEST_STEMMED_CHARS
            || !word.bytes().all(|b| b.is_ascii_lowercase())
        {
            return None;
        }
        if self.known.len() >= REMEMBERED_WORDS {
            self.known.clear();
        }
        if !self.known.contains_key(word) {
            let stem = self.stemmer.stem(word);
            let stem = (stem != word).then(|| stem.into_owned().into_boxed_str());
            self.known.insert(word.into(), stem);
        }
        self.known.get(word).and_then(|s| s.as_deref())
    }
}
