//! What is stored of a section: all that ranking, snippets and output need.
//!
//! What all sections of a note have in common is stored once for neighbors (`packed.rs`): it was
//! a tenth of all texts. A section that only shows its children's text has none stored: it is put
//! together again when it is shown (`Reader::shown`).

use serde::{Deserialize, Serialize};

use super::packed::Packed;
use super::shorthand;

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

/// The rest, as it is stored, but for the texts, whose shorthand follows: heading, headings
/// above, body, what stands aside.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    line: u32,
    end_line: u32,
    depth: u8,
    borrowed: bool,
    link_percent: u8,
    body_line: u32,
    part: u32,
    code: Vec<(u32, u32)>,
    title_bytes: u32,
    trail_bytes: Vec<u32>,
    body_bytes: u32,
}

/// A section as it was stored, unpacked.
#[derive(Debug)]
pub struct Stored {
    packed: Packed,
    own: Own,
    text: String,
}

impl Stored {
    /// Unpacks a section; `None` where it is damaged.
    pub(super) fn new(packed: Packed) -> Option<Self> {
        let (own, text) = postcard::take_from_bytes(packed.own()).ok()?;
        let text = shorthand::read(text)?;
        Some(Self { packed, own, text })
    }
}

/// Returns what all sections of a note have in common as bytes: root, path, title and tags.
pub(super) fn note_bytes(root: u32, path: &str, title: &str, tags: &str) -> Vec<u8> {
    let note = Note { root, path, title, tags };
    postcard::to_stdvec(&note).expect("plain data always serializes")
}

impl<'a> Record<'a> {
    /// Returns what is its own as bytes.
    pub(super) fn own_bytes(&self) -> Vec<u8> {
        let len = |text: &str| u32::try_from(text.len()).expect("far below 4 GiB");
        let own = Own {
            line: self.line,
            end_line: self.end_line,
            depth: self.depth,
            borrowed: self.borrowed,
            link_percent: self.link_percent,
            body_line: self.body_line,
            part: self.part,
            code: self.code.clone(),
            title_bytes: len(self.title),
            trail_bytes: self.trail.iter().map(|title| len(title)).collect(),
            body_bytes: len(self.body),
        };
        let mut bytes = postcard::to_stdvec(&own).expect("plain data always serializes");
        bytes.reserve(self.body.len() + self.aside.len());
        shorthand::write(self.title, &mut bytes);
        self.trail.iter().for_each(|title| shorthand::write(title, &mut bytes));
        shorthand::write(self.body, &mut bytes);
        shorthand::write(self.aside, &mut bytes);
        bytes
    }

    /// Returns the record of a section, or `None` where it is damaged.
    pub fn from_stored(stored: &'a Stored) -> Option<Self> {
        let Stored { packed, own, text } = stored;
        let note: Note = postcard::from_bytes(packed.note()).ok()?;
        let mut rest = text.as_str();
        let mut next = |len: u32| {
            let (text, after) = rest.split_at_checked(len as usize)?;
            rest = after;
            Some(text)
        };
        let title = next(own.title_bytes)?;
        let trail: Option<Vec<&str>> =
            own.trail_bytes.iter().map(|&len| next(len)).collect();
        let body = next(own.body_bytes)?;
        Some(Self {
            root: note.root,
            path: note.path,
            line: own.line,
            end_line: own.end_line,
            depth: own.depth,
            borrowed: own.borrowed,
            link_percent: own.link_percent,
            title,
            note_title: note.title,
            trail: trail?,
            tags: note.tags,
            body_line: own.body_line,
            body,
            code: own.code.clone(),
            aside: rest,
            part: own.part,
        })
    }
}
