//! A file of terms: of each field ours, and an empty dictionary of the engine's, which finds its
//! fields in the file so and looks up nothing.

use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::schema::Field;

use super::FieldTerms;
use crate::index::composite::{Part, Parts, parts};

/// Number of the part of a field that has our terms.
pub(in crate::index) const OURS: usize = 1;

/// So much of the end of a file is kept: what the engine reads of it, a dozen pieces, is there.
const TAIL_BYTES: usize = 1 << 10;

/// A file of terms.
#[derive(Debug)]
pub(in crate::index) struct TermFile {
    file: Arc<dyn FileHandle>,
    tail_start: usize,
    tail: OwnedBytes,
    pub(super) parts: Parts,
    fields: Vec<(Part, OnceLock<Arc<FieldTerms>>)>,
}

impl TermFile {
    /// Opens a file of terms; returns none where the engine wrote it.
    ///
    /// # Errors
    /// Where the file cannot be read, or its parts are damaged.
    pub fn open(file: &Arc<dyn FileHandle>) -> io::Result<Option<Self>> {
        let parts = parts(&**file, OURS)?;
        let ours = parts.all.iter().filter(|part| part.number == OURS);
        let fields: Vec<_> = ours.map(|part| (part.clone(), OnceLock::new())).collect();
        if fields.is_empty() {
            return Ok(None);
        }
        let tail_start = file.len().saturating_sub(TAIL_BYTES);
        let tail = file.read_bytes(tail_start..file.len())?;
        Ok(Some(Self { file: file.clone(), tail_start, tail, parts, fields }))
    }

    /// Returns the terms of a field, if it has any.
    ///
    /// # Errors
    /// Where they cannot be read or are damaged.
    pub fn field(&self, field: Field) -> io::Result<Option<&Arc<FieldTerms>>> {
        let Some((part, terms)) =
            self.fields.iter().find(|(part, _)| part.field == field)
        else {
            return Ok(None);
        };
        if let Some(terms) = terms.get() {
            return Ok(Some(terms));
        }
        let opened = FieldTerms::open(self.file.clone(), part.range.clone())?;
        Ok(Some(terms.get_or_init(|| Arc::new(opened))))
    }

    /// Returns each field and how many bytes its terms take.
    pub fn sizes(&self) -> impl Iterator<Item = (Field, u64)> {
        self.fields.iter().map(|(part, _)| (part.field, part.range.len() as u64))
    }
}

/// As it lies on the disk.
impl FileHandle for TermFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        match range.start.checked_sub(self.tail_start) {
            Some(start) if range.start <= range.end && range.end <= self.len() => {
                Ok(self.tail.slice(start..range.end - self.tail_start))
            }
            _ => self.file.read_bytes(range),
        }
    }
}

impl HasLen for TermFile {
    fn len(&self) -> usize {
        self.file.len()
    }
}
