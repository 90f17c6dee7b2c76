//! What is stored of a section: all that ranking, snippets and output need.
//!
//! What all sections of a note have in common is stored once for neighbors (`packed.rs`): it was
//! a tenth of all texts. A section that only shows its children's text has none stored: it is put
//! together again when it is shown (`Reader::shown`).

use serde::{Deserialize, Serialize};

use super::packed::Stored;

/// A section as it is stored. Borrowed from the stored bytes: reading copies nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// True where the section has no text of its own and shows that of its children.
    pub borrowed: bool,
    /// Share of the body inside links, in percent.
    pub link_percent: u8,
    /// The heading.
    pub title: &'a str,
    /// Title of the note from its front matter, or empty.
    pub note_title: &'a str,
    /// Headings above, outermost first.
    pub trail: Vec<&'a str>,
    /// Tags of the note, separated by line ends.
    pub tags: &'a str,
    /// Line of the note on which `body` begins, 1-based.
    pub body_line: u32,
    /// The text, line for line; where the section is in parts, that of the part; empty where it
    /// is borrowed.
    pub body: &'a str,
    /// Lines of `body` that are code: 0-based, half-open.
    pub code: Vec<(u32, u32)>,
    /// Link targets, HTML and the like, one piece a line.
    pub aside: &'a str,
    /// Which part of its section this is, from 0.
    pub part: u32,
}

/// What all sections of a note have in common, as it is stored.
#[derive(Serialize, Deserialize)]
struct Note<'a> {
    root: u32,
    path: &'a str,
    title: &'a str,
    tags: &'a str,
}

/// The rest, as it is stored.
#[derive(Serialize, Deserialize)]
struct Own<'a> {
    line: u32,
    end_line: u32,
    depth: u8,
    borrowed: bool,
    link_percent: u8,
    title: &'a str,
    #[serde(borrow)]
    trail: Vec<&'a str>,
    body_line: u32,
    body: &'a str,
    code: Vec<(u32, u32)>,
    aside: &'a str,
    part: u32,
}

impl<'a> Record<'a> {
    /// Returns what all sections of its note have in common, as bytes.
    pub fn note_bytes(&self) -> Vec<u8> {
        let &Self { root, path, note_title: title, tags, .. } = self;
        let note = Note { root, path, title, tags };
        postcard::to_stdvec(&note).expect("plain data always serializes")
    }

    /// Returns the rest as bytes.
    pub fn own_bytes(&self) -> Vec<u8> {
        let &Self { line, end_line, depth, borrowed, link_percent, title, .. } = self;
        let &Self { body_line, body, aside, part, .. } = self;
        let (trail, code) = (self.trail.clone(), self.code.clone());
        let own = Own {
            line,
            end_line,
            depth,
            borrowed,
            link_percent,
            title,
            trail,
            body_line,
            body,
            code,
            aside,
            part,
        };
        postcard::to_stdvec(&own).expect("plain data always serializes")
    }

    /// Returns the record in its bytes, or `None` where they are damaged.
    pub fn from_bytes(stored: &'a Stored) -> Option<Self> {
        let note: Note = postcard::from_bytes(stored.note()).ok()?;
        let own: Own = postcard::from_bytes(stored.own()).ok()?;
        Some(Self {
            root: note.root,
            path: note.path,
            line: own.line,
            end_line: own.end_line,
            depth: own.depth,
            borrowed: own.borrowed,
            link_percent: own.link_percent,
            title: own.title,
            note_title: note.title,
            trail: own.trail,
            tags: note.tags,
            body_line: own.body_line,
            body: own.body,
            code: own.code,
            aside: own.aside,
            part: own.part,
        })
    }
}
