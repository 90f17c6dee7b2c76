//! The engine's file of lists, with brief lists in their own code (`brief.rs`).
//!
//! The engine asks its directory for the bytes of a list and gets them as it would have written
//! them, so its queries and merges know nothing of the code. What it merges it writes in its own
//! way; which way a file is written in, the file says.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::{CompositeWrite, FileHandle, OwnedBytes, WritePtr};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy_common::{BinarySerializable, VInt};

use super::brief::{self, Brief, LONG};

/// Number of the part of the file that says how it is written; parts of fields have 0.
const HEAD: usize = 1;

/// Each field's part begins with the number of its tokens.
const TOKENS_BYTES: usize = size_of::<u64>();

/// The engine ends each file with a checksum, its length and a number, and a file of parts with
/// their places and the length of that: some 130 bytes, and at most 15 for each of eight parts.
const END_BYTES: usize = 512;

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// How many documents the segment has.
    pub documents: u32,
    /// The field whose lists have counts.
    pub counted: Field,
}

impl Head {
    /// Begins a file.
    pub fn write(self, file: &mut CompositeWrite<WritePtr>) -> io::Result<()> {
        let head = file.for_field_with_idx(self.counted, HEAD);
        self.documents.serialize(head)
    }
}

/// A file of lists as the engine reads it.
#[derive(Debug)]
pub(super) struct Coded {
    file: Arc<dyn FileHandle>,
    head: Head,
    /// Where the part of each field begins, in order, and where the last ends.
    parts: Vec<(Field, usize)>,
    end: usize,
}

/// The field, the number and the beginning of each part of a file, in order, and where the last
/// ends; none where it is damaged, which the engine says itself.
type Parts = Option<(Vec<(Field, usize, usize)>, usize)>;

fn parts(file: &dyn FileHandle) -> io::Result<Parts> {
    let start = file.len().saturating_sub(END_BYTES);
    let ending = file.read_bytes(start..file.len())?;
    // Of a part that ends at `end` and whose length stands before that, with so much after it.
    let before = |end: usize, after: usize| -> Option<usize> {
        let end = end.checked_sub(after)?;
        let length = ending.get(..end)?.last_chunk::<4>()?;
        end.checked_sub(4)?.checked_sub(u32::from_le_bytes(*length) as usize)
    };
    const ENGINES_NUMBER_BYTES: usize = 4;
    let Some(places_end) = before(ending.len(), ENGINES_NUMBER_BYTES) else {
        return Ok(None);
    };
    let Some(places) = before(places_end, 0) else { return Ok(None) };
    let mut bytes = &ending[places..places_end];
    let mut at = 0usize;
    let mut parts = Vec::new();
    for _ in 0..VInt::deserialize(&mut bytes)?.0 {
        at = at.saturating_add(VInt::deserialize(&mut bytes)?.0 as usize);
        let field = Field::deserialize(&mut bytes)?;
        parts.push((field, VInt::deserialize(&mut bytes)?.0 as usize, at));
    }
    Ok(Some((parts, start + places)))
}

impl Coded {
    /// Opens a file of lists; returns none where it is written as the engine does.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn open(file: &Arc<dyn FileHandle>) -> io::Result<Option<Self>> {
        let Some((parts, end)) = parts(&**file)? else { return Ok(None) };
        let head = parts.iter().find(|(_, number, _)| *number == HEAD);
        let Some(&(counted, _, at)) = head else { return Ok(None) };
        if at.saturating_add(size_of::<u32>()) > end {
            return Err(not_whole());
        }
        let mut documents = file.read_bytes(at..at + size_of::<u32>())?;
        let head = Head { documents: u32::deserialize(&mut documents)?, counted };
        let of_fields = parts.iter().filter(|(_, number, _)| *number != HEAD);
        let parts = of_fields.map(|&(field, _, at)| (field, at)).collect();
        Ok(Some(Self { file: file.clone(), head, parts, end }))
    }

    /// Returns true where a list of so many documents is a brief one.
    pub fn is_brief(&self, doc_freq: u32) -> bool {
        doc_freq < brief::most(self.head.documents)
    }

    /// Returns a list where it is a brief one.
    ///
    /// # Errors
    /// Where it cannot be read or is damaged.
    pub fn brief(&self, field: Field, info: &TermInfo) -> io::Result<Option<Brief>> {
        let part = self.parts.iter().find(|(of, _)| *of == field);
        let Some((_, start)) = part.filter(|_| self.is_brief(info.doc_freq)) else {
            return Ok(None);
        };
        let first = start + TOKENS_BYTES;
        let Range { start, end } = info.postings_range;
        let (start, end) = (first.saturating_add(start), first.saturating_add(end));
        if start > end || end > self.end {
            return Err(not_whole());
        }
        let list = self.read(&self.file.read_bytes(start..end)?)?;
        match list.documents.len() == info.doc_freq as usize {
            true => Ok(Some(list)),
            false => Err(not_whole()),
        }
    }

    fn read(&self, bytes: &[u8]) -> io::Result<Brief> {
        Brief::read(bytes, self.head.documents).ok_or_else(not_whole)
    }

    /// The field whose list this is; none where it is no list.
    fn field(&self, range: &Range<usize>) -> Option<Field> {
        let &(field, start) = self.parts.iter().rfind(|(_, at)| *at <= range.start)?;
        (range.start >= start + TOKENS_BYTES && range.end <= self.end).then_some(field)
    }

    fn list(&self, bytes: OwnedBytes, field: Field) -> io::Result<OwnedBytes> {
        if bytes.first() == Some(&LONG) {
            return Ok(bytes.slice(1..bytes.len()));
        }
        Ok(OwnedBytes::new(self.engines(&self.read(&bytes)?, field)?))
    }

    /// Writes a list as the engine does.
    fn engines(&self, list: &Brief, field: Field) -> io::Result<Vec<u8>> {
        let option = match field == self.head.counted {
            true => IndexRecordOption::WithFreqs,
            false => IndexRecordOption::Basic,
        };
        // What no block scores more than: as if all were the shortest.
        let shortest = FieldNormReader::constant(self.head.documents, 1);
        let mut writer = PostingsSerializer::new(1.0, option, Some(shortest));
        let count = list.documents.len() as u32;
        writer.new_term(count, true);
        for (n, &document) in list.documents.iter().enumerate() {
            writer.write_doc(document, list.count(n));
        }
        let mut bytes = Vec::new();
        writer.close_term(count, &mut bytes)?;
        Ok(bytes)
    }
}

fn not_whole() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a list is not whole")
}

impl FileHandle for Coded {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let field = self.field(&range);
        let bytes = self.file.read_bytes(range)?;
        match field {
            Some(field) if !bytes.is_empty() => self.list(bytes, field),
            _ => Ok(bytes),
        }
    }
}

impl HasLen for Coded {
    fn len(&self) -> usize {
        self.file.len()
    }
}
