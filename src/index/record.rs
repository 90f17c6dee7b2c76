//! What is stored of a section: all that ranking, snippets and output need, in one piece.

use serde::{Deserialize, Serialize};

/// A section as it is stored. Borrowed from the stored bytes: reading copies nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<'a> {
    /// Ordinal of the note's root.
    pub root: u32,
    /// Path of the note below its root.
    pub path: &'a str,
    /// Heading line, 1-based.
    pub line: u32,
    /// Last line of the section, 1-based, inclusive.
    pub end_line: u32,
    /// 1 to 6 for headings, 7 for questions, 0 for the text before the first heading.
    pub depth: u8,
    /// True where `body` is that of the children.
    pub borrowed: bool,
    /// Share of the body inside links, in percent.
    pub link_percent: u8,
    /// The heading.
    pub title: &'a str,
    /// Title of the note from its front matter, or empty.
    pub note_title: &'a str,
    /// Headings above, outermost first.
    #[serde(borrow)]
    pub trail: Vec<&'a str>,
    /// Tags of the note, separated by line ends.
    pub tags: &'a str,
    /// Line of the note on which `body` begins, 1-based.
    pub body_line: u32,
    /// The text, line for line; where the section is in parts, that of the part.
    pub body: &'a str,
    /// Lines of `body` that are code: 0-based, half-open.
    pub code: Vec<(u32, u32)>,
    /// Link targets, HTML and the like, one piece a line.
    pub aside: &'a str,
    /// Which part of its section this is, from 0.
    pub part: u32,
}

impl<'a> Record<'a> {
    /// Returns the record as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data always serializes")
    }

    /// Returns the record in its bytes, or `None` where they are damaged.
    pub fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}
