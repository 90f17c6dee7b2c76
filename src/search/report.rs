//! What a search returns: hits with marks beside their text, never in it.

use std::ops::Range;

/// Text with the ranges to highlight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text as written in the note.
    pub text: String,
    /// Byte ranges of `text`: sorted, disjoint, not empty, on character boundaries.
    pub marks: Vec<Range<usize>>,
}

/// The part of a section that answers best.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// One or more whole lines or sentences; lines are separated by `\n`.
    pub text: String,
    /// Byte ranges of `text`: sorted, disjoint, not empty, on character boundaries.
    pub marks: Vec<Range<usize>>,
    /// Line of the note on which the snippet begins, 1-based.
    pub line: u32,
    /// True where text of the section stands before the snippet.
    pub cut_before: bool,
    /// True where text of the section stands after the snippet.
    pub cut_after: bool,
}

/// How far the words of the query had to be relaxed for a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stage {
    /// As typed, side by side.
    #[default]
    Near,
    /// All words that carry meaning.
    All,
    /// Most of the query's weight.
    Most,
    /// At least one word.
    Any,
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hit {
    /// Eight hexadecimal digits that stay the same while path and heading do.
    pub id: String,
    /// Higher is better; comparable within one report only.
    pub score: f32,
    /// Path of the note, relative to the notes' root, `/` between parts.
    pub path: String,
    /// Absolute path of the note.
    pub file: std::path::PathBuf,
    /// Heading line, 1-based.
    pub line: u32,
    /// Last line of the section, 1-based, inclusive.
    pub end_line: u32,
    /// Byte of its line on which the first mark of the snippet stands in the file, 1-based; `None`
    /// where nobody looked it up.
    pub column: Option<u32>,
    /// The heading.
    pub title: Marked,
    /// The headings above it, outermost first.
    pub trail: Vec<Marked>,
    /// The answer.
    pub snippet: Snippet,
    /// How far the query was relaxed for this hit.
    pub stage: Stage,
    /// Words of the query that the section does not contain.
    pub missing: Vec<String>,
    /// Shares of the score by name, in the order they were added; empty unless asked for.
    pub shares: Vec<(&'static str, f32)>,
}

/// All that a search has to say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Best first.
    pub hits: Vec<Hit>,
    /// How the best hit was reached.
    pub stage: Stage,
    /// Words that even the best hit lacks.
    pub missing: Vec<String>,
    /// Remarks for stderr: how the query was read, what was tried beyond the letter.
    pub notices: Vec<String>,
    /// How the query was cut and widened, line by line; empty unless asked for.
    pub explain: Vec<String>,
}
