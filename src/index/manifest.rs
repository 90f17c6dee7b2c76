//! The record of the notes that an index holds: what was read, when, and what was skipped.

mod rows;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::corpus::{Folder, Selection, Skipped, Stamp};
use crate::error::{Error, Result};

/// All notes of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// What was indexed.
    pub selection: Selection,
    /// Notes, sorted by root and path; those that could not be read among them.
    pub files: Vec<Entry>,
    /// Folders and ignore files whose stamps say that no note came or went.
    pub folders: Vec<Folder>,
    /// What the walk could not look at.
    pub skipped: Vec<Skipped>,
    /// When all of this was looked at, in nanoseconds since 1970; what changed shortly before
    /// may have changed again unseen.
    pub looked_at_ns: i64,
    /// Sums over all notes.
    pub totals: Totals,
}

/// One note.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Ordinal of its root.
    pub root: u32,
    /// Path below the root, `/` between parts.
    pub path: String,
    /// Stamp of the file that was read.
    pub stamp: Stamp,
    /// Hash of its bytes.
    pub hash: u64,
    /// Encoding it was read as; empty if it was not read.
    pub encoding: &'static str,
    /// Why it was not read, if it was not.
    pub skipped: Option<String>,
    /// What it adds to the totals.
    pub totals: Totals,
}

/// Sums that averages are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sections.
    pub sections: u64,
    /// Documents of the engine: more than sections where long ones are in parts.
    pub documents: u64,
    /// Characters of bodies; where a section is in parts, what these overlap by twice.
    pub body_chars: u64,
    /// Positions of bodies: Han characters and words, as they are searched.
    pub body_positions: u64,
    /// Positions of headings.
    pub title_positions: u64,
    /// Han characters of bodies.
    pub han_chars: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

impl Entry {
    /// True where not even its bytes could be read: the next look may find them.
    pub(super) fn is_unread(&self) -> bool {
        self.skipped.is_some() && self.hash == 0
    }
}

impl Totals {
    /// Adds another note's sums.
    pub fn add(&mut self, other: &Self) {
        let mut sums = self.in_order();
        for (sum, more) in sums.iter_mut().zip(other.in_order()) {
            *sum += more;
        }
        *self = Self::of(sums);
    }

    /// The sums in the order of their declaration.
    fn in_order(&self) -> [u64; 7] {
        let Self {
            sections,
            documents,
            body_chars,
            body_positions,
            title_positions,
            han_chars,
            bytes,
        } = *self;
        [
            sections,
            documents,
            body_chars,
            body_positions,
            title_positions,
            han_chars,
            bytes,
        ]
    }

    /// The sums that [`Self::in_order`] returns.
    fn of(sums: [u64; 7]) -> Self {
        let [
            sections,
            documents,
            body_chars,
            body_positions,
            title_positions,
            han_chars,
            bytes,
        ] = sums;
        Self {
            sections,
            documents,
            body_chars,
            body_positions,
            title_positions,
            han_chars,
            bytes,
        }
    }
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Error::Unusable`] where it is lost or damaged, [`Error::Io`] where it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let damaged = |why: &str| Error::Unusable {
            path: path.parent().unwrap_or(path).to_owned(),
            why: format!("its record of the notes is damaged: {why}"),
        };
        let bytes = match std::fs::read(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(damaged("it is lost"));
            }
            read => read.map_err(Error::io("read", path))?,
        };
        let Some((body, sum)) = bytes.split_last_chunk::<8>() else {
            return Err(damaged("too short"));
        };
        if twox_hash::XxHash3_64::oneshot(body) != u64::from_le_bytes(*sum) {
            return Err(damaged("its checksum is wrong"));
        }
        rows::read(body).map_err(|why| damaged(&why))
    }

    /// Returns the manifest as bytes with a checksum at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = rows::write(self);
        let sum = twox_hash::XxHash3_64::oneshot(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes
    }
}
