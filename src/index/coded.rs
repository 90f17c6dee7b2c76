//! The engine's file of lists, with brief lists in their own code (`brief.rs`).
//!
//! The engine asks its directory for the bytes of a list and gets them as it would have written
//! them, so its merges know nothing of the code. What it merges it writes in its own way, until we
//! write it again (`segment/recoded.rs`); which way a file is written in, the file says.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::{CompositeWrite, FileHandle, OwnedBytes, WritePtr};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy_common::BinarySerializable;

use super::brief::{self, Brief, LONG};
use super::composite::{ENGINES, Part, Parts, parts};

/// Number of the part of the file that says how it is written; parts of fields have 0.
const HEAD: usize = 1;

/// Each field's part begins with the number of its tokens.
const TOKENS_BYTES: usize = size_of::<u64>();

/// The engine packs so many documents of a list at a time, and notes what of them scores most.
const BLOCK: u32 = 128;

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
        self.documents.serialize(head)?;
        // A second time: with another number lists would be read as others.
        (!self.documents).serialize(head)
    }

    fn read(mut bytes: &[u8], counted: Field) -> io::Result<Self> {
        let documents = u32::deserialize(&mut bytes)?;
        match u32::deserialize(&mut bytes)? == !documents {
            true => Ok(Self { documents, counted }),
            false => Err(not_whole()),
        }
    }
}

/// What a head takes.
const HEAD_BYTES: usize = 2 * size_of::<u32>();

/// A file of lists as the engine reads it.
#[derive(Debug)]
pub(super) struct Coded {
    file: Arc<dyn FileHandle>,
    head: Head,
    /// Where the part of each field begins, in order, and where the last ends.
    parts: Vec<(Field, usize)>,
    end: usize,
}

impl Coded {
    /// Opens a file of lists; returns none where it is written as the engine does.
    ///
    /// # Errors
    /// Where the file cannot be read, or its parts are damaged.
    pub fn open(file: &Arc<dyn FileHandle>) -> io::Result<Option<Self>> {
        let Parts { all, end, .. } = parts(&**file, HEAD)?;
        let head = all.iter().find(|part| part.number == HEAD);
        let Some(Part { field: counted, range, .. }) = head else { return Ok(None) };
        if range.start + HEAD_BYTES > end {
            return Err(not_whole());
        }
        let head = file.read_bytes(range.start..range.start + HEAD_BYTES)?;
        let head = Head::read(&head, *counted)?;
        let of_fields = all.iter().filter(|part| part.number == ENGINES);
        let parts = of_fields.map(|part| (part.field, part.range.start)).collect();
        Ok(Some(Self { file: file.clone(), head, parts, end }))
    }

    /// Returns true where a list of so many documents is a brief one.
    pub fn is_brief(&self, doc_freq: u32) -> bool {
        doc_freq < brief::most(self.head.documents)
    }

    /// Returns true where a field has room for this list.
    pub fn has(&self, field: Field, info: &TermInfo) -> bool {
        let at = self.parts.iter().position(|(of, _)| *of == field);
        at.is_some_and(|at| {
            let (_, start) = self.parts[at];
            let end = self.parts.get(at + 1).map_or(self.end, |(_, next)| *next);
            let room = end.saturating_sub(start + TOKENS_BYTES);
            let Range { start, end } = info.postings_range;
            start < end && end <= room
        })
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
        let count = list.documents.len() as u32;
        // What no block scores more than: as if all were the shortest.
        let shortest = || FieldNormReader::constant(self.head.documents, 1);
        let norms = (count >= BLOCK).then(shortest);
        let mut writer = PostingsSerializer::new(1.0, option, norms);
        writer.new_term(count, true);
        for (n, &document) in list.documents.iter().enumerate() {
            writer.write_doc(document, list.count(n));
        }
        let mut bytes = Vec::new();
        writer.close_term(count, &mut bytes)?;
        Ok(bytes)
    }
}

pub(super) fn not_whole() -> io::Error {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::packed::Packing;
    use crate::index::schema::schema;
    use crate::index::segment::SegmentWriter;
    use crate::index::write::engine;
    use crate::text::{Cutter, Dictionary};

    /// A file of lists, as it is written.
    fn file() -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let index = engine(folder.path(), folder.path(), true).expect("an index");
        let packing = Arc::new(Packing { over: Vec::new().into() });
        let (_, fields) = schema();
        let mut segment =
            SegmentWriter::new(&index, folder.path(), fields, packing, true)
                .expect("memory");
        segment.begin_note(b"note".to_vec());
        let mut cutter = Cutter::new(Dictionary::default());
        for text in ["三次握手 handshake", "线程 thread thread"] {
            cutter.cut(text, &mut segment.body);
            segment.body.add_cut();
            segment.end_document(text.as_bytes()).expect("memory");
        }
        let meta = segment.finish(Vec::new(), false).expect("memory");
        let name = format!("{}.idx", meta.id().uuid_string());
        std::fs::read(folder.path().join(name)).expect("it was written")
    }

    fn opened(bytes: Vec<u8>) -> io::Result<Option<Coded>> {
        let file: Arc<dyn FileHandle> = Arc::new(OwnedBytes::new(bytes));
        Coded::open(&file)
    }

    #[test]
    fn a_damaged_head_or_place_is_noticed() {
        let whole = file();
        let coded = opened(whole.clone()).expect("whole").expect("in our code");
        assert_eq!(coded.head, Head { documents: 2, counted: schema().1.text });
        for at in (0..HEAD_BYTES).chain(coded.end..whole.len()) {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                match opened(damaged) {
                    // Never taken for a file of the engine's.
                    Err(_) => {}
                    Ok(found) => {
                        let found = found.expect("a head");
                        assert_eq!(found.head.documents, 2, "byte {at}");
                        assert!(at >= HEAD_BYTES, "byte {at}");
                    }
                }
            }
        }
        for len in 0..whole.len() {
            assert!(opened(whole[..len].to_vec()).is_err(), "{len} bytes");
        }
    }
}
