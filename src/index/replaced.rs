//! What a new commit replaces: documents of a note, but only those of earlier commits.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{
    EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

use super::directory::{Files, ReadOnly};
use super::lists::{found, unscored};

/// Documents with a term in the segments that were there before. The engine applies deletions
/// when it commits, also to segments that were made apart and added later.
#[derive(Debug, Clone)]
pub(super) struct Replaced {
    pub term: Term,
    pub before: Arc<HashSet<SegmentId>>,
    /// Where files of terms are found: to the engine they would have to be made its own.
    pub directory: ReadOnly,
}

impl Query for Replaced {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let term = TermQuery::new(self.term.clone(), IndexRecordOption::Basic);
        let of_term = term.weight(scoring)?;
        Ok(Box::new(ReplacedWeight { of_term, replaced: self.clone() }))
    }
}

struct ReplacedWeight {
    of_term: Box<dyn Weight>,
    replaced: Replaced,
}

impl Weight for ReplacedWeight {
    fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let Replaced { term, before, directory } = &self.replaced;
        if !before.contains(&reader.segment_id()) {
            return Ok(Box::new(EmptyScorer));
        }
        let Files { terms: Some(terms), lists: Some(lists) } =
            directory.open_files(reader.segment_id())?
        else {
            return self.of_term.scorer(reader, boost);
        };
        let Some(info) = found(&terms, Some(&*lists), term)? else {
            return Ok(Box::new(EmptyScorer));
        };
        match lists.brief(term.field(), &info)? {
            Some(list) => Ok(unscored(list)),
            // A note of hundreds of sections.
            None => self.of_term.scorer(reader, boost),
        }
    }

    fn explain(
        &self,
        reader: &SegmentReader,
        document: DocId,
    ) -> tantivy::Result<Explanation> {
        self.of_term.explain(reader, document)
    }
}
