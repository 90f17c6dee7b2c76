//! The fields of a segment: their terms and lists, in the engine's files.

use std::io::{self, Write};

use tantivy::directory::{CompositeWrite, WritePtr};
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::postings::FieldSerializer;
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy_common::CountingWriter;

use crate::index::body::Body;
use crate::index::postings::Postings;
use crate::index::schema::Fields;

/// All that is written of the fields.
pub(super) struct Lists {
    pub schema: Schema,
    pub fields: Fields,
    pub norms: FieldNormReaders,
    /// Postings are put in order this many at a time.
    pub sorted_at_once: usize,
    /// The fields `text` and `rest`.
    pub body: Body,
    /// The numbers of the body's terms that are counted and of those that are not, in order.
    pub counted: Vec<u32>,
    pub rest: Vec<u32>,
    /// Fields that are no cut text.
    pub others: Vec<(Field, Postings)>,
}

/// The engine's three files of terms and lists.
struct Files<W> {
    terms: W,
    postings: W,
    positions: W,
}

type Composites = Files<CompositeWrite<WritePtr>>;

impl Composites {
    fn open(segment: &Segment) -> tantivy::Result<Self> {
        let open = |component| -> tantivy::Result<_> {
            Ok(CompositeWrite::wrap(segment.clone().open_write(component)?))
        };
        Ok(Self {
            terms: open(SegmentComponent::Terms)?,
            postings: open(SegmentComponent::Postings)?,
            positions: open(SegmentComponent::Positions)?,
        })
    }

    fn append(&mut self, field: Field, written: &Files<Vec<u8>>) -> io::Result<()> {
        self.terms.for_field(field).write_all(&written.terms)?;
        self.postings.for_field(field).write_all(&written.postings)?;
        self.positions.for_field(field).write_all(&written.positions)
    }

    fn close(self) -> io::Result<()> {
        self.terms.close()?;
        self.postings.close()?;
        self.positions.close()
    }
}

impl Lists {
    /// Writes the files. Where a core is idle, a second thread makes the lists of all fields but
    /// the first in memory meanwhile: a third of the work, some 30 MB for 100 MB of notes.
    pub fn write(&self, segment: &Segment, is_core_idle: bool) -> tantivy::Result<()> {
        let mut files = Composites::open(segment)?;
        // In the order of the schema, as the engine writes them.
        let first = self.fields.text;
        let others: Vec<Field> = std::iter::once(self.fields.rest)
            .chain(self.others.iter().map(|(field, _)| *field))
            .collect();
        if is_core_idle {
            type Written = Vec<(Field, Option<Files<Vec<u8>>>)>;
            let all = || others.iter().map(|&f| Ok((f, self.in_memory(f)?))).collect();
            let written: tantivy::Result<Written> = std::thread::scope(|scope| {
                let helper = scope.spawn(all);
                let own = self.write_field(first, &mut files);
                let written = helper
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                own.and(written)
            });
            for (field, written) in written? {
                if let Some(written) = written {
                    files.append(field, &written)?;
                }
            }
        } else {
            for field in std::iter::once(first).chain(others) {
                self.write_field(field, &mut files)?;
            }
        }
        Ok(files.close()?)
    }

    /// Writes a field that has something.
    fn write_field(&self, field: Field, files: &mut Composites) -> tantivy::Result<()> {
        let occurrences = self.occurrences(field);
        if occurrences == 0 {
            return Ok(());
        }
        let mut lists = FieldSerializer::create(
            self.option(field),
            occurrences,
            files.terms.for_field(field),
            files.postings.for_field(field),
            files.positions.for_field(field),
            self.norms.get_field(field)?,
        )?;
        self.put(field, &mut lists)?;
        Ok(lists.close()?)
    }

    /// Returns what the files have of a field that has something.
    fn in_memory(&self, field: Field) -> tantivy::Result<Option<Files<Vec<u8>>>> {
        let occurrences = self.occurrences(field);
        if occurrences == 0 {
            return Ok(None);
        }
        let begin = || CountingWriter::wrap(Vec::new());
        let mut files = Files { terms: begin(), postings: begin(), positions: begin() };
        let mut lists = FieldSerializer::create(
            self.option(field),
            occurrences,
            &mut files.terms,
            &mut files.postings,
            &mut files.positions,
            self.norms.get_field(field)?,
        )?;
        self.put(field, &mut lists)?;
        lists.close()?;
        Ok(Some(Files {
            terms: files.terms.finish(),
            postings: files.postings.finish(),
            positions: files.positions.finish(),
        }))
    }

    fn put<W: Write>(
        &self,
        field: Field,
        lists: &mut FieldSerializer<'_, W>,
    ) -> io::Result<()> {
        if field == self.fields.text {
            return self.body.write(lists, self.sorted_at_once, &self.counted);
        }
        if field == self.fields.rest {
            self.body.write(lists, self.sorted_at_once, &self.rest)?;
            return self.body.write_shared(lists);
        }
        let Some(terms) = self.other(field) else { return Ok(()) };
        terms.write(lists, self.sorted_at_once, &terms.order())
    }

    fn other(&self, field: Field) -> Option<&Postings> {
        self.others.iter().find(|(of, _)| *of == field).map(|(_, terms)| terms)
    }

    fn occurrences(&self, field: Field) -> u64 {
        let other = self.other(field).map(Postings::total_occurrences);
        other.unwrap_or_else(|| self.body.total_occurrences())
    }

    fn option(&self, field: Field) -> IndexRecordOption {
        let kind = self.schema.get_field_entry(field).field_type();
        kind.index_record_option().unwrap_or(IndexRecordOption::Basic)
    }
}
