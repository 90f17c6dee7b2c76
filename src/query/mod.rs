//! What the user said: the query language, parsed without ever failing.

mod function_words;
mod parse;
mod plan;

pub use parse::{OPERATORS, Operator, SCOPES, parse};

pub use function_words::{ask_alike, is_function_word};
pub use plan::{Clause, Place, Plan, Run, Word, plan, squeeze, words};

use std::ops::Range;

/// A query as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Nothing was asked.
    Nothing,
    /// A word or an unspaced run, as typed: `redis`, `三次握手`, `gc.collect()`.
    Word(String),
    /// `"exact phrase"`: the text must contain it.
    Phrase(String),
    /// `prefix*`: a word that begins so.
    Prefix(String),
    /// `title:x`, `tag:x`, `path:x`, `code:x`.
    Scoped(Scope, Box<Self>),
    /// `-x`: must not match.
    Not(Box<Self>),
    /// Words side by side: all of them, relaxed by the search where nothing has all.
    Every(Vec<Self>),
    /// `a OR b`.
    Any(Vec<Self>),
}

/// Which part of a note a scoped query looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The section's own heading.
    Title,
    /// Tags of the note's front matter.
    Tag,
    /// The path of the note, `/` between parts.
    Path,
    /// Fenced code of the section.
    Code,
}

/// A remark on how a query was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What was odd and how it was read; lower case, no full stop.
    pub message: String,
    /// Where, in bytes of the query.
    pub span: Option<Range<usize>>,
}
