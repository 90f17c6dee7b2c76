//! Documents that any of a few queries has, for use within others.
//!
//! The engine's own union reads 4096 documents ahead into 20 KB of fresh memory each time it is
//! sent further: right where all of it is read, a waste where another list leads the way. This
//! one only goes where it is sent.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Any of these; scores are summed.
#[derive(Debug)]
pub(super) struct AnyOf(pub Vec<Box<dyn Query>>);

impl Clone for AnyOf {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for AnyOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights: tantivy::Result<_> =
            self.0.iter().map(|query| query.weight(scoring)).collect();
        Ok(Box::new(AnyWeight(weights?)))
    }
}

struct AnyWeight(Vec<Box<dyn Weight>>);

impl Weight for AnyWeight {
    fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorers = Vec::with_capacity(self.0.len());
        for weight in &self.0 {
            let scorer = weight.scorer(reader, boost)?;
            if scorer.doc() != TERMINATED {
                scorers.push(scorer);
            }
        }
        if scorers.len() < 2 {
            return Ok(scorers.pop().unwrap_or_else(|| Box::new(EmptyScorer)));
        }
        let mut any = AnyScorer { scorers, doc: TERMINATED };
        any.settle();
        Ok(Box::new(any))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nobody asks for explanations".into()))
    }
}

struct AnyScorer {
    scorers: Vec<Box<dyn Scorer>>,
    /// The first document that any of them is at.
    doc: DocId,
}

impl AnyScorer {
    fn settle(&mut self) -> DocId {
        self.doc = self.scorers.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for AnyScorer {
    fn advance(&mut self) -> DocId {
        for scorer in &mut self.scorers {
            if scorer.doc() == self.doc {
                scorer.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for scorer in &mut self.scorers {
            if scorer.doc() < target {
                scorer.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.scorers.iter().fold(0, |sum, s| sum.saturating_add(s.size_hint()))
    }

    fn cost(&self) -> u64 {
        self.scorers.iter().map(DocSet::cost).sum()
    }
}

impl Scorer for AnyScorer {
    fn score(&mut self) -> Score {
        let here = self.scorers.iter_mut().filter(|s| s.doc() == self.doc);
        here.map(Scorer::score).sum()
    }
}
