//! The fields of a segment: their terms and lists, in the engine's files.

use std::io::{self, BufWriter, Seek, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;

use tantivy::directory::{CompositeWrite, WritePtr};
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::{DocSet, SegmentReader, TERMINATED};
use tantivy_common::CountingWriter;
use tempfile::SpooledTempFile;

use super::lists::FieldWriter;
use super::runs::{self, Written};
use crate::index::body::Body;
use crate::index::coded::Head;
use crate::index::postings::{ListWriter, Postings, Sorted};
use crate::index::terms;

/// The engine's three files of terms and lists, or what they have of one field.
pub(super) struct Files<W> {
    terms: W,
    postings: W,
    positions: W,
}

/// The files of a segment, and which fields they have.
pub(super) struct Composites {
    files: Files<CompositeWrite<WritePtr>>,
    fields: Vec<Field>,
}

/// Fields that are made before it is their turn.
pub(super) type Ahead = Files<SpooledTempFile>;

/// What is made ahead stays in memory up to this size, three times for each field: of 100 MB of
/// notes all is some 25 MB. What is larger goes into a file without a name.
const MOST_IN_MEMORY_BYTES: usize = 24 << 20;

impl Composites {
    pub fn open(segment: &Segment, head: Head) -> tantivy::Result<Self> {
        let open = |component| -> tantivy::Result<_> {
            Ok(CompositeWrite::wrap(segment.clone().open_write(component)?))
        };
        let mut postings = open(SegmentComponent::Postings)?;
        head.write(&mut postings)?;
        let terms = open(SegmentComponent::Terms)?;
        let positions = open(SegmentComponent::Positions)?;
        Ok(Self { files: Files { terms, postings, positions }, fields: Vec::new() })
    }

    fn of(&mut self, field: Field) -> Files<&mut CountingWriter<WritePtr>> {
        self.fields.push(field);
        let Files { terms, postings, positions } = &mut self.files;
        Files {
            terms: terms.for_field_with_idx(field, terms::OURS),
            postings: postings.for_field(field),
            positions: positions.for_field(field),
        }
    }

    pub fn append(&mut self, field: Field, made: Ahead) -> io::Result<()> {
        let files = self.of(field);
        for (file, mut made) in [
            (files.terms, made.terms),
            (files.postings, made.postings),
            (files.positions, made.positions),
        ] {
            made.rewind()?;
            io::copy(&mut made, file)?;
        }
        Ok(())
    }

    pub fn close(self) -> io::Result<()> {
        let Self { files: Files { mut terms, postings, positions }, fields } = self;
        // Side by side at the end of the file: the engine reads a little of each.
        let empty = terms::empty()?;
        for field in fields {
            terms.for_field(field).write_all(&empty)?;
        }
        terms.close()?;
        postings.close()?;
        positions.close()
    }
}

/// The terms of a field and their lists.
pub(super) enum Lists<'a> {
    /// Some terms of the body, in order, and whether its shared lists come after them.
    Body { body: &'a Body, order: &'a [u32], has_shared: bool },
    /// Some terms of the body, in order, whose postings somebody helps to put in order.
    Helped {
        body: &'a Body,
        order: &'a [u32],
        rounds: &'a Rounds,
        sorted: Receiver<Sorted>,
    },
    /// All terms of a field that is no cut text.
    Terms(&'a Postings),
    /// All terms of a field that left memory.
    Runs(&'a [Written]),
    /// Those of a segment that the engine wrote.
    Merged(&'a SegmentReader),
}

impl Lists<'_> {
    fn occurrences(&self, field: Field) -> tantivy::Result<u64> {
        Ok(match self {
            Self::Body { body, .. } | Self::Helped { body, .. } => {
                body.total_occurrences()
            }
            Self::Terms(terms) => terms.total_occurrences(),
            Self::Runs(all) => all.iter().map(|written| written.occurrences(field)).sum(),
            Self::Merged(reader) => reader.inverted_index(field)?.total_num_tokens(),
        })
    }
}

/// Rounds of putting postings in order, which two threads share.
pub(super) struct Rounds {
    pub all: Vec<Range<usize>>,
    /// Those before it are done or being done.
    next: AtomicUsize,
}

impl Rounds {
    pub fn new(all: Vec<Range<usize>>) -> Self {
        Self { all, next: AtomicUsize::new(0) }
    }

    /// Takes a round, unless somebody has.
    fn claim(&self, n: usize) -> bool {
        let (now, order) = (n + 1, Ordering::Relaxed);
        self.next.compare_exchange(n, now, order, order).is_ok()
    }

    /// Takes the next round, if there is one.
    pub fn claim_next(&self) -> Option<Range<usize>> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        self.all.get(n).cloned()
    }
}

/// How fields are written.
pub(super) struct Layout<'a> {
    pub schema: Schema,
    pub generation: &'a Path,
    /// How many the segment has.
    pub documents: u32,
    /// The field whose lists have counts.
    pub counted: Field,
    /// Postings are put in order this many at a time.
    pub sorted_at_once: usize,
}

impl Layout<'_> {
    /// Whether the lengths of its documents are kept for a field.
    pub fn has_lengths(&self, field: Field) -> bool {
        self.schema.get_field_entry(field).has_fieldnorms()
    }

    /// Writes a field that has something.
    pub fn write(
        &self,
        field: Field,
        lists: Lists<'_>,
        norms: &FieldNormReaders,
        files: &mut Composites,
    ) -> tantivy::Result<()> {
        if lists.occurrences(field)? == 0 {
            return Ok(());
        }
        self.put(field, lists, Some(norms), files.of(field))
    }

    /// Returns what the files have of a field that has something. A field without lengths needs
    /// no norms.
    pub fn ahead(
        &self,
        field: Field,
        lists: Lists<'_>,
        norms: Option<&FieldNormReaders>,
    ) -> tantivy::Result<Option<Ahead>> {
        if lists.occurrences(field)? == 0 {
            return Ok(None);
        }
        let begin = || {
            let file =
                tempfile::spooled_tempfile_in(MOST_IN_MEMORY_BYTES, self.generation);
            CountingWriter::wrap(BufWriter::new(file))
        };
        let (mut terms, mut postings, mut positions) = (begin(), begin(), begin());
        let files = Files {
            terms: &mut terms,
            postings: &mut postings,
            positions: &mut positions,
        };
        self.put(field, lists, norms, files)?;
        let end = |file: CountingWriter<BufWriter<SpooledTempFile>>| {
            file.finish().into_inner().map_err(|e| e.into_error())
        };
        Ok(Some(Files {
            terms: end(terms)?,
            postings: end(postings)?,
            positions: end(positions)?,
        }))
    }

    fn put<W: Write>(
        &self,
        field: Field,
        lists: Lists<'_>,
        norms: Option<&FieldNormReaders>,
        files: Files<&mut CountingWriter<W>>,
    ) -> tantivy::Result<()> {
        let kind = self.schema.get_field_entry(field).field_type();
        let norms = norms.map(|norms| norms.get_field(field)).transpose()?.flatten();
        // Whoever reads the file takes it from the head.
        debug_assert_eq!(
            kind.index_record_option().is_some_and(IndexRecordOption::has_freq),
            field == self.counted
        );
        let mut written = FieldWriter::new(
            files.terms,
            files.postings,
            kind.index_record_option().unwrap_or(IndexRecordOption::Basic),
            lists.occurrences(field)?,
            norms,
            self.documents,
        )?;
        match lists {
            Lists::Body { body, order, has_shared } => {
                body.terms().write(&mut written, self.sorted_at_once, order)?;
                if has_shared {
                    body.write_shared(&mut written)?;
                }
            }
            Lists::Helped { body, order, rounds, sorted } => {
                let mut own = Sorted::default();
                for (n, round) in rounds.all.iter().enumerate() {
                    let terms = &order[round.clone()];
                    if rounds.claim(n) {
                        body.terms().sort(terms, &mut own);
                    } else {
                        let ended = |_| io::Error::other("the helping thread ended");
                        own = sorted.recv().map_err(ended)?;
                    }
                    body.terms().write_sorted(&mut written, terms, &own)?;
                }
            }
            Lists::Terms(terms) => {
                terms.write(&mut written, self.sorted_at_once, &terms.order())?;
            }
            Lists::Runs(all) => runs::merge(all, field, &mut written)?,
            Lists::Merged(reader) => merged(reader, field, &mut written)?,
        }
        Ok(written.close()?)
    }
}

/// Writes the terms that a segment of the engine has.
fn merged(
    reader: &SegmentReader,
    field: Field,
    written: &mut impl ListWriter,
) -> tantivy::Result<()> {
    let inverted = reader.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        let option = IndexRecordOption::WithFreqs;
        let mut list = inverted.read_postings_from_terminfo(info, option)?;
        written.new_term(term, info.doc_freq)?;
        while list.doc() != TERMINATED {
            written.write_doc(list.doc(), list.term_freq());
            list.advance();
        }
        written.close_term()?;
    }
    Ok(())
}
