//! Where the lists of terms are, each looked up once, and brief ones themselves.
//!
//! A search asks for a term several times: how frequent it is, whether it is there, and once in
//! each stage. The engine's own query looks it up twice more each time, and prepares an
//! explanation that nobody reads: a tenth of a search for a few English words.

mod listed;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tantivy::fastfield::AliveBitSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, Term};
use tantivy_common::BitSet;

use super::brief::Brief;
use super::coded::Coded;
use super::directory::ReadOnly;

pub(super) use listed::{ListWeight, Listed};

/// Where the list of a term is in a segment.
#[derive(Debug)]
pub(super) struct Place {
    segment: SegmentId,
    field: Field,
    /// None where no document holds the term.
    info: Option<TermInfo>,
    /// The file of the list, where brief lists have their own code.
    file: Option<Arc<Coded>>,
    brief: OnceLock<Arc<Brief>>,
}

/// Of each segment.
type Places = Arc<[Place]>;

impl Place {
    /// How many documents hold the term, also if they were deleted.
    fn doc_freq(&self) -> u32 {
        self.info.as_ref().map_or(0, |info| info.doc_freq)
    }

    /// True where no document holds the term.
    pub fn is_empty(&self) -> bool {
        self.info.is_none()
    }

    /// Returns the list as a whole where it is a brief one.
    pub fn brief(&self) -> tantivy::Result<Option<&Arc<Brief>>> {
        if let Some(known) = self.brief.get() {
            return Ok(Some(known));
        }
        let (Some(info), Some(file)) = (&self.info, &self.file) else { return Ok(None) };
        let read = file.brief(self.field, info)?;
        Ok(read.map(|list| self.brief.get_or_init(|| Arc::new(list))))
    }
}

/// What a length counts for in a score, by the engine's code for it.
type LengthTable = Arc<[Score; 256]>;

/// To find a document in a list takes about as long as to read so many.
pub(super) const FIND: u64 = 4;

/// BM25's constants, those of the engine (Robertson, Zaragoza 2009).
const K1: Score = 1.2;
const B: Score = 0.75;

/// What was looked up so far.
pub(super) struct Lists {
    /// Where the files of lists are found.
    directory: ReadOnly,
    places: RefCell<BTreeMap<Term, Places>>,
    lengths: RefCell<BTreeMap<Field, LengthTable>>,
    gone: RefCell<BTreeMap<SegmentId, Arc<[DocId]>>>,
}

impl Lists {
    /// The lists of an index that was opened through this directory.
    pub fn of(directory: ReadOnly) -> Self {
        Self {
            directory,
            places: RefCell::default(),
            lengths: RefCell::default(),
            gone: RefCell::default(),
        }
    }

    /// Returns where the lists of a term are.
    pub fn places(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<Places> {
        if let Some(places) = self.places.borrow().get(term) {
            return Ok(places.clone());
        }
        let field = term.field();
        let place = |reader: &SegmentReader| -> tantivy::Result<_> {
            let info = reader.inverted_index(field)?.get_term_info(term)?;
            let segment = reader.segment_id();
            let file = self.directory.coded(segment);
            Ok(Place { segment, field, info, file, brief: OnceLock::new() })
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
        Listed::new(measured, option, worth, found())
    }

    /// Returns how many documents hold a term, deleted ones too; without bound where that cannot
    /// be read.
    pub fn documents(&self, searcher: &Searcher, term: &Term) -> u64 {
        self.places(searcher, term).map_or(u64::MAX, |places| frequency(&places))
    }

    /// Returns true where all lists of a term are brief, or there is none.
    pub fn are_brief(&self, searcher: &Searcher, term: &Term) -> bool {
        let is_brief = |p: &Place| {
            let coded = p.file.as_ref();
            p.info.is_none() || coded.is_some_and(|file| file.is_brief(p.doc_freq()))
        };
        self.places(searcher, term).is_ok_and(|places| places.iter().all(is_brief))
    }

    /// Returns how many documents of a segment that were not deleted hold a term.
    pub fn alive(&self, segment: &SegmentReader, place: &Place) -> tantivy::Result<u64> {
        let Some(info) = &place.info else { return Ok(0) };
        let Some(alive) = segment.alive_bitset() else { return Ok(info.doc_freq.into()) };
        if let Some(list) = place.brief()? {
            let held = list.documents.iter().filter(|&&d| alive.is_alive(d));
            return Ok(held.count() as u64);
        }
        let inverted = segment.inverted_index(place.field)?;
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
    places.iter().map(|place| u64::from(place.doc_freq())).sum()
}

#[cfg(test)]
mod tests;
