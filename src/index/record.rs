//! What is stored of a section: all that ranking, snippets and output need.
//!
//! What all sections of a note have in common is stored once for neighbors (`packed.rs`): it was
//! a tenth of all texts. A section that only shows its children's text has none stored: it is put
//! together again when it is shown (`Reader::shown`).

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use super::packed::Packed;
use super::shorthand::{self, Shorthand};

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
    /// Lengths of the shorthand; what stands aside takes the rest.
    title_bytes: u32,
    trail_bytes: Vec<u32>,
    body_bytes: u32,
}

/// A section as it was stored, unpacked, but for its texts.
#[derive(Debug)]
pub struct Stored {
    packed: Packed,
    own: Own,
    /// Where the texts begin in what is packed.
    texts: usize,
    written: OnceCell<Option<Written>>,
}

/// The texts as they are written, one behind the other.
#[derive(Debug)]
struct Written {
    text: String,
    /// Where each ends: title, headings above, body, what stands aside.
    ends: Vec<usize>,
}

/// A section as it was stored, its texts as they are packed: enough to judge it, without
/// writing out what is not shown. Fields as in [`Record`].
#[derive(Debug)]
pub struct Glance<'a> {
    /// Ordinal of the note's root.
    pub root: u32,
    /// Path of the note below its root.
    pub path: &'a str,
    /// Heading line, 1-based.
    pub line: u32,
    /// True where the section has no text of its own and shows that of its children.
    pub borrowed: bool,
    /// Share of the body inside links, in percent.
    pub link_percent: u8,
    /// Title of the note from its front matter, or empty.
    pub note_title: &'a str,
    /// Tags of the note, separated by line ends.
    pub tags: &'a str,
    /// Lines of `body` that are code: 0-based, half-open.
    pub code: &'a [(u32, u32)],
    /// Which part of its section this is, from 0.
    pub part: u32,
    /// The heading.
    pub title: Shorthand<'a>,
    /// Headings above, outermost first.
    pub trail: Vec<Shorthand<'a>>,
    /// The text.
    pub body: Shorthand<'a>,
    /// Link targets, HTML and the like, one piece a line.
    pub aside: Shorthand<'a>,
}

impl Stored {
    /// Unpacks a section; `None` where it is damaged.
    pub(super) fn new(packed: Packed) -> Option<Self> {
        let (own, rest) = postcard::take_from_bytes(packed.own()).ok()?;
        let texts = packed.own().len() - rest.len();
        let stored = Self { packed, own, texts, written: OnceCell::new() };
        stored.texts().is_some().then_some(stored)
    }

    /// The texts as they are packed: title, headings above, body, what stands aside.
    fn texts(&self) -> Option<Vec<Shorthand<'_>>> {
        let mut rest = self.packed.own().get(self.texts..)?;
        let Own { title_bytes, trail_bytes, body_bytes, .. } = &self.own;
        let mut texts = Vec::with_capacity(trail_bytes.len() + 3);
        for len in [title_bytes].into_iter().chain(trail_bytes).chain([body_bytes]) {
            let (text, after) = rest.split_at_checked(*len as usize)?;
            texts.push(Shorthand::new(text));
            rest = after;
        }
        texts.push(Shorthand::new(rest));
        Some(texts)
    }

    /// Returns what it takes to judge the section, or `None` where it is damaged.
    pub fn glance(&self) -> Option<Glance<'_>> {
        let note: Note = postcard::from_bytes(self.packed.note()).ok()?;
        let mut texts = self.texts()?;
        let (aside, body) = (texts.pop()?, texts.pop()?);
        let title = texts.remove(0);
        Some(Glance {
            root: note.root,
            path: note.path,
            line: self.own.line,
            borrowed: self.own.borrowed,
            link_percent: self.own.link_percent,
            note_title: note.title,
            tags: note.tags,
            code: &self.own.code,
            part: self.own.part,
            title,
            trail: texts,
            body,
            aside,
        })
    }

    fn write(&self) -> Option<Written> {
        let texts = self.texts()?;
        // Chinese text is half as long again as its shorthand or a little more. What is not used
        // is not touched, and a text that grows is copied.
        let room = texts.iter().map(|t| t.len_bytes() * 2).sum();
        let mut text = String::with_capacity(room);
        let mut ends = Vec::with_capacity(texts.len());
        for one in texts {
            one.read(&mut text)?;
            ends.push(text.len());
        }
        Some(Written { text, ends })
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
        let mut texts = Vec::with_capacity(self.body.len() + self.aside.len());
        let mut write = |text: &str| {
            let start = texts.len();
            shorthand::write(text, &mut texts);
            u32::try_from(texts.len() - start).expect("far below 4 GiB")
        };
        let own = Own {
            line: self.line,
            end_line: self.end_line,
            depth: self.depth,
            borrowed: self.borrowed,
            link_percent: self.link_percent,
            body_line: self.body_line,
            part: self.part,
            code: self.code.clone(),
            title_bytes: write(self.title),
            trail_bytes: self.trail.iter().map(|title| write(title)).collect(),
            body_bytes: write(self.body),
        };
        write(self.aside);
        let mut bytes = postcard::to_stdvec(&own).expect("plain data always serializes");
        bytes.append(&mut texts);
        bytes
    }

    /// Returns the record of a section, or `None` where it is damaged.
    pub fn from_stored(stored: &'a Stored) -> Option<Self> {
        let Stored { packed, own, written, .. } = stored;
        let note: Note = postcard::from_bytes(packed.note()).ok()?;
        let Written { text, ends } = written.get_or_init(|| stored.write()).as_ref()?;
        let mut start = 0;
        let mut texts = ends.iter().map(|&end| {
            let text = &text[start..end];
            start = end;
            text
        });
        let title = texts.next()?;
        let trail = texts.by_ref().take(own.trail_bytes.len()).collect();
        let (body, aside) = (texts.next()?, texts.next()?);
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
            trail,
            tags: note.tags,
            body_line: own.body_line,
            body,
            code: own.code.clone(),
            aside,
            part: own.part,
        })
    }
}
