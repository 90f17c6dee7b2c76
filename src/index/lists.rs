//! Where the lists of terms are, each looked up once, and a query for documents of one list.
//!
//! A search asks for a term several times: how frequent it is, whether it is there, and once in
//! each stage. The engine's own query looks it up twice more each time, and prepares an
//! explanation that nobody reads: a tenth of a search for a few English words.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::fastfield::AliveBitSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::query::{
    Bm25StatisticsProvider, EmptyScorer, EnableScoring, Explanation, Query, Scorer,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TantivyError, Term};
use tantivy_common::BitSet;

/// Of each segment, where the list of a term is.
type Places = Arc<[(SegmentId, Option<TermInfo>)]>;

/// What a length counts for in a score, by the engine's code for it.
type LengthTable = Arc<[Score; 256]>;

/// To find a document in a list takes about as long as to read so many.
pub(super) const FIND: u64 = 4;

/// BM25's constants, those of the engine (Robertson, Zaragoza 2009).
const K1: Score = 1.2;
const B: Score = 0.75;

/// What was looked up so far.
#[derive(Default)]
pub(super) struct Lists {
    places: RefCell<BTreeMap<Term, Places>>,
    lengths: RefCell<BTreeMap<Field, LengthTable>>,
    gone: RefCell<BTreeMap<SegmentId, Arc<[DocId]>>>,
}

impl Lists {
    /// Returns where the lists of a term are.
    pub fn places(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<Places> {
        if let Some(places) = self.places.borrow().get(term) {
            return Ok(places.clone());
        }
        let place = |segment: &SegmentReader| -> tantivy::Result<_> {
            let inverted = segment.inverted_index(term.field())?;
            Ok((segment.segment_id(), inverted.get_term_info(term)?))
        };
        let places: tantivy::Result<Places> =
            searcher.segment_readers().iter().map(place).collect();
        let places = places?;
        self.places.borrow_mut().insert(term.clone(), places.clone());
        Ok(places)
    }

    fn lengths(&self, searcher: &Searcher, field: Field) -> tantivy::Result<LengthTable> {
        if let Some(table) = self.lengths.borrow().get(&field) {
            return Ok(table.clone());
        }
        let tokens = searcher.total_num_tokens(field)?;
        let average = tokens as Score / searcher.total_num_docs()? as Score;
        let table: LengthTable = Arc::new(std::array::from_fn(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code as u8);
            K1 * (1.0 - B + B * length as Score / average)
        }));
        self.lengths.borrow_mut().insert(field, table.clone());
        Ok(table)
    }

    /// Returns the query for the documents that hold a term; a worth of 0 asks for no score. Their
    /// lengths are read where those of the `measured` field are.
    pub fn query(
        &self,
        searcher: &Searcher,
        term: &Term,
        measured: Field,
        option: IndexRecordOption,
        worth: Score,
    ) -> Listed {
        let found = || -> tantivy::Result<(Places, Option<LengthTable>)> {
            let places = self.places(searcher, term)?;
            let scored = worth > 0.0;
            let lengths = scored.then(|| self.lengths(searcher, measured));
            Ok((places, lengths.transpose()?))
        };
        Listed { field: term.field(), measured, option, worth, found: found() }
    }
}

impl Lists {
    /// Returns how many documents that were not deleted hold a term.
    pub fn alive(
        &self,
        segment: &SegmentReader,
        field: Field,
        info: &TermInfo,
    ) -> tantivy::Result<u64> {
        let Some(alive) = segment.alive_bitset() else { return Ok(info.doc_freq.into()) };
        let inverted = segment.inverted_index(field)?;
        let option = IndexRecordOption::Basic;
        let mut list = inverted.read_postings_from_terminfo(info, option)?;
        let gone = self.gone(segment, alive);
        if gone.len() as u64 * FIND > info.doc_freq.into() {
            return Ok(list.count(alive).into());
        }
        let mut held = info.doc_freq;
        for &document in &*gone {
            if list.doc() < document {
                list.seek(document);
            }
            held -= u32::from(list.doc() == document);
        }
        Ok(held.into())
    }

    /// Returns the documents of a segment that were deleted, in order.
    fn gone(&self, segment: &SegmentReader, alive: &AliveBitSet) -> Arc<[DocId]> {
        if let Some(gone) = self.gone.borrow().get(&segment.segment_id()) {
            return gone.clone();
        }
        // The engine shows those that are alive one by one; here 64 are seen at a time, which
        // are mostly all.
        let mut all = BitSet::with_max_value_and_full(segment.max_doc());
        all.intersect_update(alive.bitset());
        let whole = |bucket: &u32| all.tinyset(*bucket).len() < u64::BITS;
        let some = (0..segment.max_doc().div_ceil(u64::BITS)).filter(whole);
        let documents =
            some.flat_map(|bucket| bucket * u64::BITS..(bucket + 1) * u64::BITS);
        let dead = |document: &DocId| {
            *document < segment.max_doc() && alive.is_deleted(*document)
        };
        let gone: Arc<[DocId]> = documents.filter(dead).collect();
        self.gone.borrow_mut().insert(segment.segment_id(), gone.clone());
        gone
    }
}

/// What the engine's own queries ask for, from what was looked up.
pub(super) struct Statistics<'r> {
    pub lists: &'r Lists,
    pub searcher: &'r Searcher,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(frequency(&self.lists.places(self.searcher, term)?))
    }
}

fn frequency(places: &Places) -> u64 {
    places.iter().flat_map(|(_, info)| info).map(|info| u64::from(info.doc_freq)).sum()
}

/// The documents of a term.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    field: Field,
    measured: Field,
    option: IndexRecordOption,
    worth: Score,
    /// What could not be read is said when the query is run.
    found: tantivy::Result<(Places, Option<LengthTable>)>,
}

impl Listed {
    /// Returns what a document's score is at most; without bound where that is not known.
    pub fn most(&self, searcher: &Searcher) -> Score {
        let Ok(weight) = self.prepared(EnableScoring::enabled_from_searcher(searcher))
        else {
            return Score::INFINITY;
        };
        let Some((most, lengths)) = weight.scoring else { return 0.0 };
        let share = match self.option {
            // Once, in a text of one term.
            IndexRecordOption::Basic => 1.0 / (1.0 + lengths[1]),
            _ => 1.0,
        };
        most * self.worth * share
    }

    /// Returns what [`Query::weight`] does, as it is.
    pub fn prepared(&self, scoring: EnableScoring<'_>) -> tantivy::Result<ListWeight> {
        let (places, lengths) = self.found.clone()?;
        let scoring = match (scoring, lengths) {
            (EnableScoring::Enabled { searcher, .. }, Some(lengths)) => {
                let (all, with) = (searcher.total_num_docs()?, frequency(&places));
                let rare = ((all - with.min(all)) as Score + 0.5) / (with as Score + 0.5);
                Some(((1.0 + rare).ln() * (1.0 + K1), lengths))
            }
            _ => None,
        };
        Ok(ListWeight {
            field: self.field,
            measured: self.measured,
            worth: self.worth,
            option: self.option,
            places,
            scoring,
        })
    }
}

impl Query for Listed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.prepared(scoring)?))
    }
}

/// A list, prepared to be read.
pub(super) struct ListWeight {
    field: Field,
    measured: Field,
    worth: Score,
    option: IndexRecordOption,
    places: Places,
    scoring: Option<(Score, LengthTable)>,
}

impl ListWeight {
    fn place(&self, segment: &SegmentReader) -> Option<&TermInfo> {
        let id = segment.segment_id();
        self.places.iter().find(|(of, _)| *of == id)?.1.as_ref()
    }

    fn scoring(
        &self,
        segment: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Option<Scoring>> {
        let Some((weight, lengths)) = &self.scoring else { return Ok(None) };
        let norms = segment.fieldnorms_readers().get_field(self.measured)?;
        let norms =
            norms.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1));
        let weight = weight * (boost * self.worth);
        Ok(Some(Scoring { weight, norms, lengths: lengths.clone() }))
    }

    /// Calls `found` with each document and its score, in order.
    pub fn each(
        &self,
        segment: &SegmentReader,
        mut found: impl FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        let Some(info) = self.place(segment) else { return Ok(()) };
        let inverted = segment.inverted_index(self.field)?;
        let mut blocks = inverted.read_block_postings_from_terminfo(info, self.option)?;
        let scoring = self.scoring(segment, 1.0)?;
        while blocks.block_len() > 0 {
            let (docs, freqs) = (blocks.docs(), blocks.freqs());
            // Without counts there are none, and each is one.
            let count = |n: usize| freqs.get(n).copied().unwrap_or(1);
            for (n, &document) in docs.iter().enumerate() {
                let score = |s: &Scoring| s.score(document, count(n));
                found(document, scoring.as_ref().map_or(0.0, score));
            }
            blocks.advance();
        }
        Ok(())
    }
}

/// What makes a document's score.
struct Scoring {
    weight: Score,
    norms: FieldNormReader,
    lengths: LengthTable,
}

impl Scoring {
    #[inline]
    fn score(&self, document: DocId, count: u32) -> Score {
        let length = self.lengths[usize::from(self.norms.fieldnorm_id(document))];
        self.weight * (count as Score / (count as Score + length))
    }
}

impl Weight for ListWeight {
    fn scorer(
        &self,
        segment: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(info) = self.place(segment) else { return Ok(Box::new(EmptyScorer)) };
        let inverted = segment.inverted_index(self.field)?;
        let postings = inverted.read_postings_from_terminfo(info, self.option)?;
        Ok(Box::new(ListScorer { postings, scoring: self.scoring(segment, boost)? }))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nobody asks for explanations".into()))
    }

    fn count(&self, segment: &SegmentReader) -> tantivy::Result<u32> {
        match segment.alive_bitset() {
            Some(alive) => Ok(self.scorer(segment, 1.0)?.count(alive)),
            None => Ok(self.place(segment).map_or(0, |info| info.doc_freq)),
        }
    }
}

struct ListScorer {
    postings: SegmentPostings,
    scoring: Option<Scoring>,
}

impl DocSet for ListScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }
}

impl Scorer for ListScorer {
    fn score(&mut self) -> Score {
        let Some(scoring) = &self.scoring else { return 0.0 };
        scoring.score(self.postings.doc(), self.postings.term_freq())
    }
}

#[cfg(test)]
mod tests;
