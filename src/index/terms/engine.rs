//! A file of terms as the engine's merges read it: of each field an automaton, made when it is asked
//! for.

use std::io;
use std::ops::Range;
use std::sync::OnceLock;

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionaryBuilder;
use tantivy_common::{BinarySerializable, VInt};

use super::TermFile;
use crate::index::composite::ENGINES;

/// How long the part of each field seems to be, before it is made: longer than any is, and eight
/// together are no longer than a file can be. What there is stands at its end, where the engine begins
/// to read.
const SPAN: usize = isize::MAX as usize / 16;

/// A dictionary of the engine's without terms.
///
/// # Errors
/// None that this can have.
pub(in crate::index) fn empty() -> io::Result<Vec<u8>> {
    TermDictionaryBuilder::create(Vec::new())?.finish()
}

/// Terms in the engine's form.
#[derive(Debug)]
pub(in crate::index) struct Engines {
    terms: TermFile,
    fields: Vec<(Field, OnceLock<OwnedBytes>)>,
    /// What comes after the parts.
    end: OwnedBytes,
}

impl TermFile {
    /// Returns the file as the engine would have written it.
    ///
    /// # Errors
    /// None that memory does not have.
    pub fn into_engines(self) -> io::Result<Engines> {
        let fields: Vec<_> =
            self.sizes().map(|(field, _)| (field, OnceLock::new())).collect();
        let mut end = Vec::new();
        VInt(fields.len() as u64).serialize(&mut end)?;
        for (n, (field, _)) in fields.iter().enumerate() {
            VInt(if n == 0 { 0 } else { SPAN as u64 }).serialize(&mut end)?;
            field.serialize(&mut end)?;
            VInt(ENGINES as u64).serialize(&mut end)?;
        }
        let len = end.len() as u32;
        len.serialize(&mut end)?;
        end.extend_from_slice(&self.parts.footer);
        Ok(Engines { terms: self, fields, end: OwnedBytes::new(end) })
    }
}

impl Engines {
    fn made(&self, number: usize) -> io::Result<&OwnedBytes> {
        let (field, made) = &self.fields[number];
        if let Some(made) = made.get() {
            return Ok(made);
        }
        let mut dictionary = TermDictionaryBuilder::create(Vec::new())?;
        if let Some(terms) = self.terms.field(*field)? {
            let mut all = terms.from(&[])?;
            while let Some((term, info)) = all.next()? {
                dictionary.insert(term, info)?;
            }
        }
        let bytes = dictionary.finish()?;
        Ok(made.get_or_init(|| OwnedBytes::new(bytes)))
    }
}

impl FileHandle for Engines {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let parts_end = self.fields.len() * SPAN;
        if range.start >= parts_end {
            return Ok(self.end.slice(range.start - parts_end..range.end - parts_end));
        }
        let number = range.start / SPAN;
        let end = (number + 1) * SPAN;
        if range.end > end {
            return Err(io::Error::other("a piece of two fields"));
        }
        let made = self.made(number)?;
        let start = end - made.len();
        let within = |at: usize| at.saturating_sub(start);
        Ok(made.slice(within(range.start)..within(range.end)))
    }
}

impl HasLen for Engines {
    fn len(&self) -> usize {
        self.fields.len() * SPAN + self.end.len()
    }
}
