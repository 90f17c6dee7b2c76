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
        Ok(Box::new(AnyScorer::new(scorers)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nobody asks for explanations".into()))
    }
}

pub(super) struct AnyScorer {
    scorers: Vec<Box<dyn Scorer>>,
    /// Where each of them is.
    docs: Vec<DocId>,
    /// The first of those.
    doc: DocId,
}

impl AnyScorer {
    pub fn new(scorers: Vec<Box<dyn Scorer>>) -> Self {
        let docs: Vec<DocId> = scorers.iter().map(DocSet::doc).collect();
        let doc = docs.iter().copied().min().unwrap_or(TERMINATED);
        Self { scorers, docs, doc }
    }

    /// Moves those that `behind` says so of.
    fn move_on(
        &mut self,
        behind: impl Fn(DocId) -> bool,
        step: impl Fn(&mut dyn Scorer) -> DocId,
    ) -> DocId {
        self.doc = TERMINATED;
        for (scorer, doc) in self.scorers.iter_mut().zip(&mut self.docs) {
            if behind(*doc) {
                *doc = step(&mut **scorer);
            }
            self.doc = self.doc.min(*doc);
        }
        self.doc
    }
}

impl DocSet for AnyScorer {
    fn advance(&mut self) -> DocId {
        let here = self.doc;
        self.move_on(|doc| doc == here, |scorer| scorer.advance())
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.move_on(|doc| doc < target, |scorer| scorer.seek(target))
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
        let scorers = self.scorers.iter_mut().zip(&self.docs);
        let here = scorers.filter(|(_, doc)| **doc == self.doc);
        here.map(|(scorer, _)| scorer.score()).sum()
    }
}
