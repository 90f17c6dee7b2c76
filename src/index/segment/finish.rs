//! The end of a segment: what was added to one or to several becomes files that the engine reads.

use std::sync::{Arc, mpsc};

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent};
use tantivy::schema::Field;
use tantivy::schema::document::TantivyDocument;
use tantivy::store::{StoreReader, StoreWriter};
use tantivy::{Directory, SegmentMeta};

use super::SegmentWriter;
use super::fields::{Composites, InMemory, Layout, Lists, Rounds};
use crate::index::body::Body;
use crate::index::postings::{Postings, Sorted};
use crate::index::schema::Fields;

/// Postings are put in order this many at a time, 4 bytes each: bounds memory at the end, when
/// all else is at its largest.
pub(super) const SORTED_AT_ONCE: usize = 3 << 20;

/// The helping thread does so many rounds ahead of who writes them: with the one that is written
/// and the one that is made, four are in memory.
const SORTED_AHEAD: usize = 2;

/// The fields that are no cut text, in the order of the schema.
type Small = Vec<(Field, Postings)>;

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
    /// given what is returned and commits.
    pub fn finish(self) -> tantivy::Result<SegmentMeta> {
        self.finish_in_rounds(Vec::new(), SORTED_AT_ONCE, false)
    }

    /// Does so with the documents of others after its own. Where a core is idle, two threads
    /// write: the second makes all fields but the first in memory meanwhile, some 25 MB for
    /// 100 MB of notes, and up to 36 MB of postings in order.
    pub fn finish_with(
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
        let (segment, fields) = (self.segment.clone(), self.fields);
        let layout = Layout { schema: segment.schema(), sorted_at_once };
        let mut all = vec![self];
        all.extend(others);
        let small: Vec<Small> = all.iter_mut().map(Self::small).collect();
        let documents = all.iter().map(|one| one.documents).sum();
        let mut files = Composites::open(&segment)?;
        if is_core_idle {
            let (give, taken) = mpsc::sync_channel::<Arc<Whole>>(1);
            let (give_sorted, sorted) = mpsc::sync_channel::<Sorted>(SORTED_AHEAD);
            let layout = &layout;
            let help = move || helped(small, &taken, give_sorted, layout, fields);
            let made: tantivy::Result<_> = std::thread::scope(|scope| {
                let helper = scope.spawn(help);
                let own = join(all, &segment, fields, sorted_at_once).and_then(|whole| {
                    let whole = Arc::new(whole);
                    // Nobody takes it where the helper failed.
                    let _ = give.send(whole.clone());
                    let Whole { body, counted: order, rounds, .. } = &*whole;
                    let lists = Lists::Helped { body, order, rounds, sorted };
                    layout.write(fields.text, lists, &whole.norms, &mut files)
                });
                drop(give);
                let made = helper
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                // Where the helper ended, it says why.
                made.and_then(|made| own.map(|()| made))
            });
            for (field, made) in made? {
                files.append(field, &made)?;
            }
        } else {
            let whole = join(all, &segment, fields, sorted_at_once)?;
            layout.write(fields.text, whole.counted(), &whole.norms, &mut files)?;
            layout.write(fields.rest, whole.rest(), &whole.norms, &mut files)?;
            let norms = whole.norms.clone();
            // Gives memory back.
            drop(whole);
            for (field, terms) in together(small) {
                layout.write(field, Lists::Terms(&terms), &norms, &mut files)?;
            }
        }
        files.close()?;
        no_columns(&segment, documents)?;
        let segment = segment.with_max_doc(documents);
        segment.meta().untrack_temp_docstore();
        Ok(segment.meta().clone())
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
    layout: &Layout,
    fields: Fields,
) -> tantivy::Result<Vec<(Field, InMemory)>> {
    let mut made = Vec::new();
    let mut make = |field, lists: Lists<'_>, norms: Option<&FieldNormReaders>| {
        let one = layout.in_memory(field, lists, norms)?;
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

/// Puts the texts of several segments together, and writes what is stored and the lengths.
fn join(
    segments: Vec<SegmentWriter>,
    segment: &Segment,
    fields: Fields,
    sorted_at_once: usize,
) -> tantivy::Result<Whole> {
    let mut lengths = Vec::new();
    let mut first: Option<(Body, StoreWriter)> = None;
    for mut one in segments {
        one.pack_last()?;
        lengths.append(&mut one.lengths);
        match &mut first {
            None => first = Some((one.body, one.store)),
            Some((body, store)) => {
                one.store.close()?;
                let texts = one.segment.open_read(SegmentComponent::Store)?;
                store.stack(StoreReader::open(texts, 1)?)?;
                let file = one.segment.meta().relative_path(SegmentComponent::Store);
                // What is left is in nobody's way, and swept away by the next writer.
                let _ = segment.index().directory().delete(&file);
                body.absorb(one.body);
            }
        }
    }
    let (mut body, store) = first.expect("there is one");
    store.close()?;
    let norms = norms(segment, fields, &lengths)?;
    let (counted, rest) = body.complete();
    let rounds = Rounds::new(body.terms().rounds(&counted, sorted_at_once));
    Ok(Whole { body, counted, rest, rounds, norms })
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
