//! Where the lists of terms are, each looked up once, and brief ones themselves.
//!
//! A search asks for a term several times: how frequent it is, whether it is there, and once in
//! each stage. The engine's own query looks it up twice more each time, and prepares an
//! explanation that nobody reads: a tenth of a search for a few English words.

mod both;
mod listed;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::fastfield::AliveBitSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider as _;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, Term};
use tantivy_common::BitSet;

use super::brief::Brief;
use super::coded::{Coded, not_whole};
use super::directory::{Files, ReadOnly};
use super::schema::{Fields, TextField};
use super::terms::TermFile;

pub(super) use listed::{ListWeight, Listed, unscored};

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

/// Returns where the list of a term is in a segment whose terms are ours, if it has one.
///
/// # Errors
/// Where terms cannot be read or are damaged.
pub(super) fn found(
    terms: &TermFile,
    lists: Option<&Coded>,
    term: &Term,
) -> io::Result<Option<TermInfo>> {
    let field = term.field();
    let Some(terms) = terms.field(field)? else { return Ok(None) };
    let info = terms.get(term.serialized_value_bytes())?;
    // The engine does not look whether the file is as long as that.
    let is_whole = |info: &TermInfo| lists.is_some_and(|lists| lists.has(field, info));
    match info {
        Some(info) if !is_whole(&info) => Err(not_whole()),
        info => Ok(info),
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
    /// By their fields.
    known: [RefCell<FxHashMap<String, Looked>>; TextField::COUNT],
    lengths: RefCell<BTreeMap<Field, LengthTable>>,
    gone: RefCell<BTreeMap<SegmentId, Arc<[DocId]>>>,
    files: RefCell<BTreeMap<SegmentId, Files>>,
}

/// The engine's field of a term, and where its lists are.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    pub field: Field,
    pub places: Places,
}

impl Looked {
    /// Returns how many documents hold the term, deleted ones too.
    pub fn documents(&self) -> u64 {
        frequency(&self.places)
    }
}

impl Lists {
    /// The lists of an index that was opened through this directory.
    pub fn of(directory: ReadOnly) -> Self {
        Self {
            directory,
            known: Default::default(),
            lengths: RefCell::default(),
            gone: RefCell::default(),
            files: RefCell::default(),
        }
    }

    /// Returns the terms of a segment, where they are ours.
    pub fn terms_of(&self, segment: &SegmentReader) -> Option<Arc<TermFile>> {
        self.files(segment.segment_id()).terms
    }

    fn files(&self, segment: SegmentId) -> Files {
        let mut files = self.files.borrow_mut();
        let opened = || self.directory.files(segment);
        files.entry(segment).or_insert_with(opened).clone()
    }

    /// Returns where the lists of a term of a field are.
    pub fn look(
        &self,
        searcher: &Searcher,
        fields: &Fields,
        field: TextField,
        term: &str,
    ) -> tantivy::Result<Looked> {
        let known = &self.known[field as usize];
        if let Some(looked) = known.borrow().get(term) {
            return Ok(looked.clone());
        }
        let engines = fields.term(field, term);
        let places = self.places(searcher, &engines)?;
        let looked = Looked { field: engines.field(), places };
        known.borrow_mut().insert(term.to_owned(), looked.clone());
        Ok(looked)
    }

    /// Looks for the lists of a term.
    fn places(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<Places> {
        let field = term.field();
        let place = |reader: &SegmentReader| -> tantivy::Result<_> {
            let segment = reader.segment_id();
            let Files { terms, lists: file } = self.files(segment);
            let info = match terms {
                Some(terms) => found(&terms, file.as_deref(), term)?,
                None => reader.inverted_index(field)?.get_term_info(term)?,
            };
            Ok(Place { segment, field, info, file, brief: OnceLock::new() })
        };
        searcher.segment_readers().iter().map(place).collect()
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

    /// Returns the query for the documents of lists; a worth of 0 asks for no score. Their lengths
    /// are read where those of the `measured` field are.
    pub fn query(
        &self,
        searcher: &Searcher,
        places: tantivy::Result<Places>,
        measured: Field,
        option: IndexRecordOption,
        worth: Score,
    ) -> Listed {
        let found = || -> tantivy::Result<(Places, Option<LengthTable>)> {
            let places = places?;
            let scored = worth > 0.0;
            let lengths = scored.then(|| self.lengths(searcher, measured));
            Ok((places, lengths.transpose()?))
        };
        Listed::new(measured, option, worth, found())
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

    /// Returns how many documents that were not deleted hold one of two terms.
    pub fn either(
        &self,
        searcher: &Searcher,
        one: &Looked,
        other: &Looked,
    ) -> tantivy::Result<u64> {
        let mut count = 0;
        for (n, segment) in searcher.segment_readers().iter().enumerate() {
            let [one, other] = [&one.places[n], &other.places[n]];
            count += self.alive(segment, one)? + self.alive(segment, other)?;
            count -= both::in_both(segment, one, other)?;
        }
        Ok(count)
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

fn frequency(places: &Places) -> u64 {
    places.iter().map(|place| u64::from(place.doc_freq())).sum()
}

#[cfg(test)]
mod tests;
