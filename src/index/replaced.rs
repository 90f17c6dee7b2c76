//! What a new commit replaces: documents of a note, but only those of earlier commits.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{
    EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Score, SegmentReader, Term};

/// Documents with a term in the segments that were there before. The engine applies deletions
/// when it commits, also to segments that were made apart and added later.
#[derive(Debug, Clone)]
pub(super) struct Replaced {
    pub term: Term,
    pub before: Arc<HashSet<SegmentId>>,
}

impl Query for Replaced {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let term = TermQuery::new(self.term.clone(), IndexRecordOption::Basic);
        let of_term = term.weight(scoring)?;
        Ok(Box::new(ReplacedWeight { of_term, before: Arc::clone(&self.before) }))
    }
}

struct ReplacedWeight {
    of_term: Box<dyn Weight>,
    before: Arc<HashSet<SegmentId>>,
}

impl Weight for ReplacedWeight {
    fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        if self.before.contains(&reader.segment_id()) {
            self.of_term.scorer(reader, boost)
        } else {
            Ok(Box::new(EmptyScorer))
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
