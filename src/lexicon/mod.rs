//! What else a word may be called: the glossary of the field, the user's own synonyms, and how
//! Chinese sounds. Static data, used without loading.
//!
//! Law: nothing here knows an index; what a lexicon offers is only an offer.

mod gloss;
mod glossary;
mod key;
mod sound;
mod user;

pub use gloss::glossed;
pub use glossary::{Aliases, LONGEST_KEY_WORDS, aliases};
pub use sound::{Pattern, SHORTEST_INITIALS, is_pinyin, readings, sounds};
pub use user::Synonyms;

use crate::text::{Stemmer, fold};

/// Returns the key of any text: the same for spellings that mean the same.
pub fn key_of(text: &str, stemmer: &mut Stemmer) -> String {
    key::key(&fold(text), |word| stemmer.stem(word).unwrap_or(word).to_owned())
}
