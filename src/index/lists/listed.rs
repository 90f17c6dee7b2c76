//! A query for the documents of a term, and how they are read: brief lists whole, others as the
//! engine does.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::query::{
    Bm25StatisticsProvider as _, EmptyScorer, EnableScoring, Explanation, Query, Scorer,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use super::{K1, LengthTable, Place, Places, frequency};
use crate::index::brief::Brief;

/// What was found of a term; an error is said when the query is run.
type Found = tantivy::Result<(Places, Option<LengthTable>)>;

/// The documents of a term.
#[derive(Debug, Clone)]
pub(in crate::index) struct Listed {
    measured: Field,
    option: IndexRecordOption,
    worth: Score,
    found: Found,
}

impl Listed {
    pub(super) fn new(
        measured: Field,
        option: IndexRecordOption,
        worth: Score,
        found: Found,
    ) -> Self {
        Self { measured, option, worth, found }
    }

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
pub(in crate::index) struct ListWeight {
    measured: Field,
    worth: Score,
    option: IndexRecordOption,
    places: Places,
    scoring: Option<(Score, LengthTable)>,
}

impl ListWeight {
    /// Where the list is in a segment, if it has one.
    fn place(&self, segment: &SegmentReader) -> Option<(&Place, &TermInfo)> {
        let id = segment.segment_id();
        let place = self.places.iter().find(|place| place.segment == id)?;
        Some((place, place.info.as_ref()?))
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
        let Some((place, info)) = self.place(segment) else { return Ok(()) };
        let scoring = self.scoring(segment, 1.0)?;
        if let Some(list) = place.brief()? {
            for (n, &document) in list.documents.iter().enumerate() {
                let score = |s: &Scoring| s.score(document, list.count(n));
                found(document, scoring.as_ref().map_or(0.0, score));
            }
            return Ok(());
        }
        let inverted = segment.inverted_index(place.field)?;
        let mut blocks = inverted.read_block_postings_from_terminfo(info, self.option)?;
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
        let Some((place, info)) = self.place(segment) else {
            return Ok(Box::new(EmptyScorer));
        };
        let scoring = self.scoring(segment, boost)?;
        if let Some(list) = place.brief()? {
            return Ok(Box::new(BriefScorer { list: list.clone(), at: 0, scoring }));
        }
        let inverted = segment.inverted_index(place.field)?;
        let postings = inverted.read_postings_from_terminfo(info, self.option)?;
        Ok(Box::new(ListScorer { postings, scoring }))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nobody asks for explanations".into()))
    }

    fn count(&self, segment: &SegmentReader) -> tantivy::Result<u32> {
        match segment.alive_bitset() {
            Some(alive) => Ok(self.scorer(segment, 1.0)?.count(alive)),
            None => Ok(self.place(segment).map_or(0, |(_, info)| info.doc_freq)),
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

/// A brief list, which was read whole.
struct BriefScorer {
    list: Arc<Brief>,
    /// Number of the document.
    at: usize,
    scoring: Option<Scoring>,
}

/// Returns the documents of a brief list, without scores.
pub(in crate::index) fn unscored(list: Brief) -> Box<dyn Scorer> {
    Box::new(BriefScorer { list: Arc::new(list), at: 0, scoring: None })
}

impl DocSet for BriefScorer {
    #[inline]
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let documents = &self.list.documents;
        let rest = documents.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|&document| document < target);
        self.doc()
    }

    #[inline]
    fn doc(&self) -> DocId {
        self.list.documents.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.list.documents.len() as u32
    }
}

impl Scorer for BriefScorer {
    fn score(&mut self) -> Score {
        let Some(scoring) = &self.scoring else { return 0.0 };
        scoring.score(self.doc(), self.list.count(self.at))
    }
}
