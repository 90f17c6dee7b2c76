//! The parts of the engine's files of lists and terms: one for each field, and what we put beside.

use std::io;
use std::ops::Range;

use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::schema::Field;
use tantivy_common::{BinarySerializable, VInt};

/// The engine ends each file with a checksum, its length and a number, and a file of parts with
/// their places and the length of that: some 130 bytes, and at most 15 for each of sixteen parts.
const END_BYTES: usize = 512;

/// The number that ends a file of the engine.
const ENGINES_NUMBER_BYTES: usize = 4;

/// Parts of the engine have this number.
pub(super) const ENGINES: usize = 0;

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub field: Field,
    pub number: usize,
    pub range: Range<usize>,
}

/// What a file says of its parts.
#[derive(Debug)]
pub(super) struct Parts {
    /// In order.
    pub all: Vec<Part>,
    /// Where the last ends.
    pub end: usize,
    /// What the engine ends the file with.
    pub footer: OwnedBytes,
}

/// Reads where the parts of a file are, whose numbers are `most` at most.
///
/// # Errors
/// Where the file cannot be read, or what it says is damaged.
pub(super) fn parts(file: &dyn FileHandle, most: usize) -> io::Result<Parts> {
    let start = file.len().saturating_sub(END_BYTES);
    let ending = file.read_bytes(start..file.len())?;
    // Where something begins whose length follows it, and ends at `end`.
    let before = |end: usize| -> io::Result<usize> {
        let length = ending.get(..end).and_then(|bytes| bytes.last_chunk::<4>());
        let length = u32::from_le_bytes(*length.ok_or_else(not_whole)?) as usize;
        (end - 4).checked_sub(length).ok_or_else(not_whole)
    };
    let places_end = before(ending.len().saturating_sub(ENGINES_NUMBER_BYTES))?;
    let places = before(places_end)?;
    let mut bytes = &ending[places..places_end - 4];
    let (mut at, end) = (0usize, start + places);
    let mut all: Vec<Part> = Vec::new();
    for _ in 0..VInt::deserialize(&mut bytes)?.0 {
        at = at.saturating_add(VInt::deserialize(&mut bytes)?.0 as usize);
        let field = Field::deserialize(&mut bytes)?;
        let number = VInt::deserialize(&mut bytes)?.0 as usize;
        let is_known =
            all.iter().any(|part| (part.field, part.number) == (field, number));
        if at > end || number > most || is_known {
            return Err(not_whole());
        }
        if let Some(last) = all.last_mut() {
            last.range.end = at;
        }
        all.push(Part { field, number, range: at..end });
    }
    // Every segment has a field.
    let is_whole = bytes.is_empty() && all.first().is_some_and(|p| p.range.start == 0);
    let footer = ending.slice(places_end..ending.len());
    if is_whole { Ok(Parts { all, end, footer }) } else { Err(not_whole()) }
}

fn not_whole() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the parts of a file are not whole")
}
