//! The end of a segment: what was added to one or to several becomes files that the engine reads.

use std::sync::{Arc, mpsc};
use std::thread::ScopedJoinHandle;

use tantivy::SegmentMeta;
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent};
use tantivy::schema::Field;
use tantivy::schema::document::TantivyDocument;

use super::fields::{Ahead, Composites, Layout, Lists, Rounds};
use super::{SegmentWriter, Small};
use crate::index::body::Body;
use crate::index::coded::Head;
use crate::index::postings::Sorted;
use crate::index::schema::Fields;

/// Postings are put in order this many at a time, 4 bytes each: bounds memory at the end, when
/// all else is at its largest.
pub(super) const SORTED_AT_ONCE: usize = 3 << 20;

/// The helping thread does so many rounds ahead of who writes them: with the one that is written
/// and the one that is made, four are in memory.
const SORTED_AHEAD: usize = 2;

/// What all of a segment's sections say, and how much.
struct Whole {
    body: Body,
    /// The numbers of the body's terms that are counted and of those that are not, in order.
    counted: Vec<u32>,
    rest: Vec<u32>,
    /// Of the counted terms.
    rounds: Rounds,
    norms: FieldNormReaders,
}

impl SegmentWriter {
    /// Writes the segment's files. It becomes part of the index when the engine's writer is
    /// given what is returned and commits. The documents of others come after its own. Where a
    /// core is idle, two threads write: the second makes all fields but the first meanwhile,
    /// some 25 MB of memory for 100 MB of notes, and up to 36 MB of postings in order.
    pub fn finish(
        self,
        others: Vec<Self>,
        is_core_idle: bool,
    ) -> tantivy::Result<SegmentMeta> {
        self.finish_in_rounds(others, SORTED_AT_ONCE, is_core_idle)
    }

    pub(super) fn finish_in_rounds(
        self,
        others: Vec<Self>,
        sorted_at_once: usize,
        is_core_idle: bool,
    ) -> tantivy::Result<SegmentMeta> {
        let (segment, generation) = (self.segment.clone(), self.generation.clone());
        let mut all = vec![self];
        all.extend(others);
        let documents = all.iter().map(|one| one.documents).sum();
        let fields = all[0].fields;
        let ending = Ending {
            fields,
            layout: Layout {
                schema: segment.schema(),
                generation: &generation,
                documents,
                counted: fields.text,
                sorted_at_once,
            },
            segment: &segment,
        };
        let head = Head { documents, counted: fields.text };
        let mut files = Composites::open(&segment, head)?;
        let runs = all.iter().any(|one| one.runs.is_some());
        match (runs, is_core_idle) {
            (true, _) => ending.merge(all, is_core_idle, &mut files),
            (false, true) => ending.write_by_two(all, &mut files),
            (false, false) => ending.write(all, &mut files),
        }?;
        files.close()?;
        no_columns(&segment, documents)?;
        let segment = segment.with_max_doc(documents);
        segment.meta().untrack_temp_docstore();
        Ok(segment.meta().clone())
    }
}

/// How a segment ends.
struct Ending<'a> {
    segment: &'a Segment,
    fields: Fields,
    layout: Layout<'a>,
}

impl Ending<'_> {
    fn write(
        &self,
        mut all: Vec<SegmentWriter>,
        files: &mut Composites,
    ) -> tantivy::Result<()> {
        let small: Vec<Small> = all.iter_mut().map(SegmentWriter::small).collect();
        let whole = self.join(all)?;
        let Self { fields, layout, .. } = self;
        layout.write(fields.text, whole.counted(), &whole.norms, files)?;
        layout.write(fields.rest, whole.rest(), &whole.norms, files)?;
        let norms = whole.norms.clone();
        // Gives memory back.
        drop(whole);
        for (field, terms) in together(small) {
            layout.write(field, Lists::Terms(&terms), &norms, files)?;
        }
        Ok(())
    }

    fn write_by_two(
        &self,
        mut all: Vec<SegmentWriter>,
        files: &mut Composites,
    ) -> tantivy::Result<()> {
        let small: Vec<Small> = all.iter_mut().map(SegmentWriter::small).collect();
        let Self { fields, layout, .. } = self;
        let (give, taken) = mpsc::sync_channel::<Arc<Whole>>(1);
        let (give_sorted, sorted) = mpsc::sync_channel::<Sorted>(SORTED_AHEAD);
        let help = move || helped(small, &taken, give_sorted, layout, *fields);
        let made: tantivy::Result<_> = std::thread::scope(|scope| {
            let helper = scope.spawn(help);
            let own = self.join(all).and_then(|whole| {
                let whole = Arc::new(whole);
                // Nobody takes it where the helper failed.
                let _ = give.send(whole.clone());
                let Whole { body, counted: order, rounds, .. } = &*whole;
                let lists = Lists::Helped { body, order, rounds, sorted };
                layout.write(fields.text, lists, &whole.norms, files)
            });
            drop(give);
            // Where the helper ended, it says why.
            joined(helper).and_then(|made| own.map(|()| made))
        });
        for (field, made) in made? {
            files.append(field, made)?;
        }
        Ok(())
    }

    /// Writes lists that left memory, and what is left of them in memory.
    fn merge(
        &self,
        mut all: Vec<SegmentWriter>,
        is_core_idle: bool,
        files: &mut Composites,
    ) -> tantivy::Result<()> {
        let norms = self.store(&mut all)?;
        let mut before = 0;
        let mut written = Vec::new();
        for mut one in all {
            one.put_aside()?;
            let runs = one.runs.take().expect("put aside");
            written.push(runs.complete(before)?);
            before += one.documents;
        }
        let Fields { text, rest, title, sound, gloss, tag, file } = self.fields;
        let others = [rest, title, sound, gloss, tag, file];
        let lists = || Lists::Runs(&written);
        if !is_core_idle {
            let mut all = [text].into_iter().chain(others);
            return all.try_for_each(|f| self.layout.write(f, lists(), &norms, files));
        }
        let ahead = |field| self.layout.ahead(field, lists(), Some(&norms));
        let help = move || -> tantivy::Result<Vec<_>> {
            others.into_iter().map(ahead).collect()
        };
        let made: tantivy::Result<Vec<Option<Ahead>>> = std::thread::scope(|scope| {
            let helper = scope.spawn(help);
            let own = self.layout.write(text, lists(), &norms, files);
            joined(helper).and_then(|made| own.map(|()| made))
        });
        for (field, made) in others.into_iter().zip(made?) {
            if let Some(made) = made {
                files.append(field, made)?;
            }
        }
        Ok(())
    }

    /// Puts the texts of several segments together, and writes what is stored and the lengths.
    fn join(&self, mut all: Vec<SegmentWriter>) -> tantivy::Result<Whole> {
        let norms = self.store(&mut all)?;
        let mut bodies = all.into_iter().map(|one| one.body);
        let mut body = bodies.next().expect("there is one");
        bodies.for_each(|other| body.absorb(other));
        let (counted, rest) = body.complete();
        let at_once = self.layout.sorted_at_once;
        let rounds = Rounds::new(body.terms().rounds(&counted, at_once));
        Ok(Whole { body, counted, rest, rounds, norms })
    }

    /// Writes what is stored of all documents, and how long they are.
    fn store(&self, all: &mut [SegmentWriter]) -> tantivy::Result<FieldNormReaders> {
        let mut lengths = Vec::new();
        let mut store = None;
        for one in all {
            one.pack_last()?;
            lengths.append(&mut one.lengths);
            let texts = std::mem::take(&mut one.texts);
            store = Some(texts.append_to(store, self.segment)?);
        }
        store.expect("there is one").close()?;
        norms(self.segment, self.fields, &lengths)
    }
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Whole {
    fn counted(&self) -> Lists<'_> {
        Lists::Body { body: &self.body, order: &self.counted, has_shared: false }
    }

    fn rest(&self) -> Lists<'_> {
        Lists::Body { body: &self.body, order: &self.rest, has_shared: true }
    }
}

/// Makes all fields but the first in memory, and puts postings of the first in order when it
/// comes to that: the other thread does what is not begun.
fn helped(
    small: Vec<Small>,
    whole: &mpsc::Receiver<Arc<Whole>>,
    give_sorted: mpsc::SyncSender<Sorted>,
    layout: &Layout<'_>,
    fields: Fields,
) -> tantivy::Result<Vec<(Field, Ahead)>> {
    let mut made = Vec::new();
    let mut make = |field, lists: Lists<'_>, norms: Option<&FieldNormReaders>| {
        let one = layout.ahead(field, lists, norms)?;
        made.extend(one.map(|one| (field, one)));
        tantivy::Result::Ok(())
    };
    let sort = |whole: &Whole| {
        for _ in 0..SORTED_AHEAD {
            let Some(round) = whole.rounds.claim_next() else { return };
            let mut sorted = Sorted::default();
            whole.body.terms().sort(&whole.counted[round], &mut sorted);
            if give_sorted.send(sorted).is_err() {
                // Writing failed, and says why.
                return;
            }
        }
    };
    let (with_lengths, without): (Small, Small) =
        together(small).into_iter().partition(|(field, _)| layout.has_lengths(*field));
    for (field, terms) in without {
        make(field, Lists::Terms(&terms), None)?;
    }
    // Nothing comes where putting together failed, which says why.
    let Ok(whole) = whole.recv() else { return Ok(made) };
    sort(&whole);
    for (field, terms) in with_lengths {
        make(field, Lists::Terms(&terms), Some(&whole.norms))?;
    }
    make(fields.rest, whole.rest(), Some(&whole.norms))?;
    sort(&whole);
    Ok(made)
}

/// Puts the small fields of several segments together.
fn together(segments: Vec<Small>) -> Small {
    let mut segments = segments.into_iter();
    let mut all = segments.next().unwrap_or_default();
    for segment in segments {
        for ((_, ours), (_, theirs)) in all.iter_mut().zip(segment) {
            let mut numbers = theirs.unknown();
            ours.absorb(theirs, &mut numbers);
        }
    }
    all.iter_mut().for_each(|(_, terms)| terms.complete());
    all
}

/// Writes how many occurrences the text and the heading of each document have.
fn norms(
    segment: &Segment,
    fields: Fields,
    lengths: &[(u32, u32)],
) -> tantivy::Result<FieldNormReaders> {
    let mut norms = FieldNormsWriter::for_schema(&segment.schema());
    for (document, &(text, title)) in (0u32..).zip(lengths) {
        // Scores do not depend on which field has a term: both count all.
        norms.record(document, fields.text, text);
        norms.record(document, fields.rest, text);
        norms.record(document, fields.title, title);
    }
    norms.fill_up_to_max_doc(lengths.len() as u32);
    let file = segment.clone().open_write(SegmentComponent::FieldNorms)?;
    norms.serialize(FieldNormsSerializer::from_write(file)?, None)?;
    FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)
}

/// The engine wants the file of columns, though there are none.
fn no_columns(segment: &Segment, documents: u32) -> tantivy::Result<()> {
    let mut columns = FastFieldsWriter::from_schema_and_tokenizer_manager(
        &segment.schema(),
        segment.index().fast_field_tokenizer().clone(),
    )?;
    for _ in 0..documents {
        columns.add_document(&TantivyDocument::default())?;
    }
    let mut file = segment.clone().open_write(SegmentComponent::FastFields)?;
    columns.serialize(&mut file, None)?;
    Ok(file.terminate()?)
}
