//! A segment of the engine, written without the engine's writer: documents go in one after
//! another, files that the engine reads come out.

mod fields;
mod join;

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent};
use tantivy::schema::document::TantivyDocument;
use tantivy::store::StoreWriter;
use tantivy::{Index, SegmentMeta};

use super::body::Body;
use super::packed::Packer;
use super::postings::Postings;
use super::schema::{Fields, TextField};
use fields::Lists;

/// Postings are put in order this many at a time, 8 bytes each: bounds memory at the end, when
/// all else is at its largest.
const SORTED_AT_ONCE: usize = 2 << 20;

/// Records are packed this many bytes at a time: what packing looks up (half a megabyte) comes
/// into the processor's cache once for all of them, and pushes out the tables of terms once.
const PACKED_AT_ONCE_BYTES: usize = 256 << 10;

/// Records that are to be packed.
#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
    /// Of each note, how many there are before its first, and what its records have in common.
    notes: Vec<(usize, Vec<u8>)>,
    /// True where records of the first note were packed already.
    begun: bool,
}

/// A segment that is being written.
pub(super) struct SegmentWriter {
    segment: Segment,
    fields: Fields,
    store: StoreWriter,
    packer: Packer,
    waiting: Waiting,
    /// Occurrences in the text and in the heading of each document.
    lengths: Vec<(u32, u32)>,
    documents: u32,
    /// What all of the section says; its user cuts into it.
    pub body: Body,
    title: Postings,
    sound: Postings,
    gloss: Postings,
    tag: Postings,
    file: Postings,
}

impl SegmentWriter {
    /// Begins a segment of this index. Records are packed over a dictionary.
    pub fn new(
        engine: &Index,
        fields: Fields,
        dictionary: &[u8],
    ) -> tantivy::Result<Self> {
        let segment = engine.new_segment();
        let settings = engine.settings();
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            settings.docstore_compress_dedicated_thread,
        )?;
        Ok(Self {
            lengths: Vec::new(),
            segment,
            fields,
            store,
            packer: Packer::new(dictionary)?,
            waiting: Waiting::default(),
            documents: 0,
            body: Body::default(),
            title: Postings::default(),
            sound: Postings::default(),
            gloss: Postings::default(),
            tag: Postings::default(),
            file: Postings::default(),
        })
    }

    /// Adds occurrences of terms to a field of the document.
    pub fn add<'t>(
        &mut self,
        field: TextField,
        terms: impl Iterator<Item = &'t str> + Clone,
    ) {
        match field {
            TextField::Text => unreachable!("text is cut into the body"),
            TextField::Title => self.title.add(terms),
            TextField::Sound => self.sound.add(terms),
            TextField::Gloss => self.gloss.add(terms),
            TextField::Tag => self.tag.add(terms),
            TextField::File => self.file.add(terms),
        }
    }

    /// Ends the document, of which `own` is stored.
    pub fn end_document(&mut self, own: &[u8]) -> tantivy::Result<()> {
        self.waiting.bytes.extend_from_slice(own);
        self.waiting.ends.push(self.waiting.bytes.len());
        if self.waiting.bytes.len() >= PACKED_AT_ONCE_BYTES {
            self.pack()?;
        }
        self.lengths.push((self.body.end_document(), self.title.end_document()));
        self.sound.end_document();
        self.gloss.end_document();
        self.tag.end_document();
        self.file.end_document();
        self.documents += 1;
        Ok(())
    }

    /// Begins a note, stored apart from those before; `note` is stored once for neighbors.
    pub fn begin_note(&mut self, note: Vec<u8>) {
        self.waiting.notes.push((self.waiting.ends.len(), note));
    }

    /// Packs the records that wait.
    fn pack(&mut self) -> tantivy::Result<()> {
        let Waiting { mut bytes, mut ends, mut notes, begun } =
            std::mem::take(&mut self.waiting);
        let mut start = 0;
        for (n, (first, note)) in notes.iter().enumerate() {
            if n > 0 || !begun {
                self.end_group()?;
            }
            let after = notes.get(n + 1).map_or(ends.len(), |(next, _)| *next);
            for &end in &ends[*first..after] {
                if self.packer.is_full(end - start) {
                    self.end_group()?;
                }
                self.packer.add(note, &bytes[start..end]);
                start = end;
            }
        }
        // More of the last note may come.
        notes.drain(..notes.len().saturating_sub(1));
        notes.iter_mut().for_each(|(first, _)| *first = 0);
        bytes.clear();
        ends.clear();
        self.waiting = Waiting { bytes, ends, notes, begun: true };
        Ok(())
    }

    fn end_group(&mut self) -> tantivy::Result<()> {
        for bytes in self.packer.end()? {
            // As they are: the engine would write them byte by byte, and nine bytes more.
            self.store.store_bytes(&bytes)?;
        }
        Ok(())
    }

    /// Returns how much memory this takes, about.
    pub fn mem_bytes(&self) -> usize {
        let Self { body, title, sound, gloss, tag, file, .. } = self;
        let others = [title, sound, gloss, tag, file];
        body.mem_bytes() + others.into_iter().map(Postings::mem_bytes).sum::<usize>()
    }

    /// Writes the segment's files. It becomes part of the index when the engine's writer is
    /// given what is returned and commits. Where a core is idle, two threads write.
    pub fn finish(self, is_core_idle: bool) -> tantivy::Result<SegmentMeta> {
        self.finish_in_rounds(SORTED_AT_ONCE, is_core_idle)
    }

    fn finish_in_rounds(
        mut self,
        sorted_at_once: usize,
        is_core_idle: bool,
    ) -> tantivy::Result<SegmentMeta> {
        self.pack()?;
        self.end_group()?;
        let Self { segment, fields, store, documents, mut body, .. } = self;
        store.close()?;
        let mut norms = FieldNormsWriter::for_schema(&segment.schema());
        for (document, (text, title)) in (0u32..).zip(self.lengths) {
            // Scores do not depend on which field has a term: both count all.
            norms.record(document, fields.text, text);
            norms.record(document, fields.rest, text);
            norms.record(document, fields.title, title);
        }
        norms.fill_up_to_max_doc(documents);
        let file = segment.clone().open_write(SegmentComponent::FieldNorms)?;
        norms.serialize(FieldNormsSerializer::from_write(file)?, None)?;
        let norms =
            FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let (counted, rest) = body.complete();
        let others = vec![
            (fields.title, self.title),
            (fields.sound, self.sound),
            (fields.gloss, self.gloss),
            (fields.tag, self.tag),
            (fields.file, self.file),
        ];
        let schema = segment.schema();
        let lists =
            Lists { schema, fields, norms, sorted_at_once, body, counted, rest, others };
        lists.write(&segment, is_core_idle)?;
        drop(lists);
        // The engine wants the file, though there is no column in it.
        let mut columns = FastFieldsWriter::from_schema_and_tokenizer_manager(
            &segment.schema(),
            segment.index().fast_field_tokenizer().clone(),
        )?;
        for _ in 0..documents {
            columns.add_document(&TantivyDocument::default())?;
        }
        let mut file = segment.open_write(SegmentComponent::FastFields)?;
        columns.serialize(&mut file, None)?;
        file.terminate()?;
        let segment = segment.with_max_doc(documents);
        segment.meta().untrack_temp_docstore();
        Ok(segment.meta().clone())
    }
}

#[cfg(test)]
mod tests;
