//! A segment of the engine, written without the engine's writer: documents go in one after
//! another, files that the engine reads come out.

mod fields;
mod finish;
mod lists;
mod recoded;
mod runs;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Index;
use tantivy::index::Segment;
use tantivy::schema::Field;

use super::body::Body;
use super::packed::{Packer, Packing};
use super::postings::Postings;
use super::schema::{Fields, TextField};
use finish::SORTED_AT_ONCE;
pub(super) use recoded::recoded;
use runs::Runs;
use texts::Texts;

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
    generation: PathBuf,
    texts: Texts,
    /// What records are packed over, once it is there.
    packing: Arc<Packing>,
    packer: Option<Packer>,
    waiting: Waiting,
    /// Occurrences in the text and in the heading of each document.
    lengths: Vec<(u32, u32)>,
    documents: u32,
    /// Lists that left memory, and of how many documents.
    runs: Option<Runs>,
    documents_in_runs: u32,
    /// What all of the section says; its user cuts into it.
    pub body: Body,
    title: Postings,
    sound: Postings,
    gloss: Postings,
    tag: Postings,
    file: Postings,
}

/// The fields that are no cut text, in the order of the schema.
type Small = Vec<(Field, Postings)>;

impl SegmentWriter {
    /// Begins a segment of this index, in a generation's folder. Records are packed over a
    /// dictionary; they wait for one that somebody is making. What comes after another when a
    /// segment ends ([`SegmentWriter::finish`]) is not the `first`.
    pub fn new(
        engine: &Index,
        generation: &Path,
        fields: Fields,
        packing: Arc<Packing>,
        first: bool,
    ) -> tantivy::Result<Self> {
        let segment = engine.new_segment();
        let texts = match first {
            true => Texts::Engine(texts::engine(&segment)?),
            false => Texts::aside(generation)?,
        };
        Ok(Self {
            lengths: Vec::new(),
            segment,
            fields,
            generation: generation.to_owned(),
            texts,
            packing,
            packer: None,
            waiting: Waiting::default(),
            documents: 0,
            runs: None,
            documents_in_runs: 0,
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

    /// Packs the records that wait, unless what they are packed over is still being made.
    fn pack(&mut self) -> tantivy::Result<()> {
        if self.packing.over.get().is_none() {
            return Ok(());
        }
        self.pack_all()
    }

    /// Packs all records that wait; more may come.
    fn pack_all(&mut self) -> tantivy::Result<()> {
        let mut packer = match self.packer.take() {
            Some(packer) => packer,
            None => Packer::new(&self.packing)?,
        };
        let Waiting { mut bytes, mut ends, mut notes, begun } =
            std::mem::take(&mut self.waiting);
        let mut start = 0;
        for (n, (first, note)) in notes.iter().enumerate() {
            if n > 0 || !begun {
                self.end_group(&mut packer)?;
            }
            let after = notes.get(n + 1).map_or(ends.len(), |(next, _)| *next);
            for &end in &ends[*first..after] {
                if packer.is_full(end - start) {
                    self.end_group(&mut packer)?;
                }
                packer.add(note, &bytes[start..end]);
                start = end;
            }
        }
        // More of the last note may come.
        notes.drain(..notes.len().saturating_sub(1));
        notes.iter_mut().for_each(|(first, _)| *first = 0);
        bytes.clear();
        ends.clear();
        self.waiting = Waiting { bytes, ends, notes, begun: true };
        self.packer = Some(packer);
        Ok(())
    }

    /// Packs all that is left; nothing comes after it.
    fn pack_last(&mut self) -> tantivy::Result<()> {
        self.pack_all()?;
        match self.packer.take() {
            Some(mut packer) => self.end_group(&mut packer),
            None => Ok(()),
        }
    }

    fn end_group(&mut self, packer: &mut Packer) -> tantivy::Result<()> {
        for bytes in packer.end()? {
            self.texts.add(&bytes)?;
        }
        Ok(())
    }

    /// Moves the lists out of memory, into a file.
    pub fn put_aside(&mut self) -> tantivy::Result<()> {
        let mut runs = match self.runs.take() {
            Some(runs) => runs,
            None => Runs::new(&self.generation)?,
        };
        let first = std::mem::replace(&mut self.documents_in_runs, self.documents);
        let mut body = std::mem::take(&mut self.body);
        let (counted, rest) = body.complete();
        let terms = body.terms();
        let occurrences = body.total_occurrences();
        runs.write((self.fields.text, true), first, occurrences, |run| {
            terms.write(run, SORTED_AT_ONCE, &counted)
        })?;
        runs.write((self.fields.rest, false), first, occurrences, |run| {
            terms.write(run, SORTED_AT_ONCE, &rest)?;
            body.write_shared(run)
        })?;
        drop(body);
        for (field, mut terms) in self.small() {
            terms.complete();
            runs.write((field, false), first, terms.total_occurrences(), |run| {
                terms.write(run, SORTED_AT_ONCE, &terms.order())
            })?;
        }
        self.runs = Some(runs);
        Ok(())
    }

    /// Takes the fields that are no cut text.
    fn small(&mut self) -> Small {
        let Self { fields, title, sound, gloss, tag, file, .. } = self;
        let all = [
            (fields.title, title),
            (fields.sound, sound),
            (fields.gloss, gloss),
            (fields.tag, tag),
            (fields.file, file),
        ];
        all.into_iter().map(|(field, terms)| (field, std::mem::take(terms))).collect()
    }

    /// True where no document was added.
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }

    /// Returns how much memory this takes, about.
    pub fn mem_bytes(&self) -> usize {
        let Self { body, title, sound, gloss, tag, file, .. } = self;
        let others = [title, sound, gloss, tag, file];
        body.mem_bytes() + others.into_iter().map(Postings::mem_bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
