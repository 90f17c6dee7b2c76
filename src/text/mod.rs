//! From text to what is searched: folding, pieces, words, terms.
//!
//! Law: one analyzer writes, asks and highlights. The terms of a query are a subset of the
//! terms of any text that contains it.

mod class;
pub mod fold;
mod heads;
mod keys;
pub mod lex;
mod number;
pub mod segment;
mod stem;
mod strings;
mod terms;

pub use class::{Class, class};
pub use fold::{Folded, fold, spans};
pub use lex::{Kind, Piece, parts, pieces, word_piece};
pub use number::number;
pub use segment::{Dictionary, Run, Told};
pub use stem::{STEM_MARK, Stemmer};
pub use strings::Terms;
pub use terms::{Cutter, LONGEST_TERM_BYTES, Length, OVERLAP_BYTES, Sink, boundary_term};

/// Raised when the terms of a text change for any other reason than the tables.
const ANALYZER_VERSION: u32 = 1;

/// Returns what identifies this analyzer: indexes built by another are rebuilt.
/// `user_words` is the text of the user's dictionary.
pub fn fingerprint(user_words: &str) -> String {
    let user = user_words.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| {
        (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{ANALYZER_VERSION}-{}-{user:016x}", env!("JIAN_TEXT_TABLES"))
}
