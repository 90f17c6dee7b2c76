//! Documents that hold what they must, with what only adds to the score.
//!
//! The engine looks in all lists that may add for each document that holds what it must. Here they
//! are gone through from those that may add most, as long as the document could be among the best
//! (MaxScore: Turtle, Flood 1995). A list that leads alone is read block by block, without a call
//! for each document.

use tantivy::query::{
    EmptyScorer, EnableScoring, Explanation, Query, RequiredOptionalScorer, Scorer,
    SumCombiner, Weight,
};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::ask::MOST;
use super::lists::{ListWeight, Listed};
use super::union::AnyScorer;

/// What a document must hold.
#[derive(Debug)]
pub(super) enum Lead {
    List(Listed),
    Query(Box<dyn Query>),
    /// Any of these, which have few documents in all: put in order when all were read. The
    /// engine's union takes three hundred instructions a document where documents are few, as it
    /// goes through 4096 at a time with memory for each.
    Any(Vec<Self>),
}

impl Clone for Lead {
    fn clone(&self) -> Self {
        match self {
            Self::List(list) => Self::List(list.clone()),
            Self::Query(query) => Self::Query(query.box_clone()),
            Self::Any(leads) => Self::Any(leads.clone()),
        }
    }
}

/// What only adds to a score, and how much at most.
#[derive(Debug)]
pub(super) struct May {
    pub query: Box<dyn Query>,
    pub most: Score,
}

impl Clone for May {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), most: self.most }
    }
}

/// The documents of `lead`; scores are sums.
#[derive(Debug, Clone)]
pub(super) struct Led {
    pub lead: Lead,
    pub may: Vec<May>,
    /// Where there are no more documents than this, nothing is added to their scores.
    pub unscored: usize,
}

/// A sum of so many parts is rounded as often, and added in two orders.
const ROUNDED: Score = 2.0 * MOST as Score * Score::EPSILON;

impl Query for Led {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let lead = self.lead.weight(scoring)?;
        let weighed = |may: &May| Ok((may.query.weight(scoring)?, may.most));
        let may: tantivy::Result<_> = self.may.iter().map(weighed).collect();
        Ok(Box::new(LedWeight { lead, may: may?, unscored: self.unscored }))
    }
}

impl Lead {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<LeadWeight> {
        Ok(match self {
            Self::List(list) => LeadWeight::List(list.prepared(scoring)?),
            Self::Query(query) => LeadWeight::Query(query.weight(scoring)?),
            Self::Any(leads) => {
                let weights = leads.iter().map(|lead| lead.weight(scoring));
                LeadWeight::Any(weights.collect::<tantivy::Result<_>>()?)
            }
        })
    }
}

enum LeadWeight {
    List(ListWeight),
    Query(Box<dyn Weight>),
    Any(Vec<Self>),
}

impl LeadWeight {
    fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        match self {
            Self::List(list) => list.scorer(reader, boost),
            Self::Query(weight) => weight.scorer(reader, boost),
            Self::Any(weights) => {
                let scorers = weights.iter().map(|weight| weight.scorer(reader, boost));
                Ok(Box::new(AnyScorer::new(scorers.collect::<tantivy::Result<_>>()?)))
            }
        }
    }

    /// Calls `found` with each document and its score, in order.
    fn each(
        &self,
        reader: &SegmentReader,
        mut found: impl FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        match self {
            Self::List(list) => list.each(reader, found)?,
            Self::Query(weight) => {
                let mut scorer = weight.scorer(reader, 1.0)?;
                while scorer.doc() != TERMINATED {
                    found(scorer.doc(), scorer.score());
                    scorer.advance();
                }
            }
            Self::Any(weights) => {
                let mut all: Vec<(DocId, Score)> = Vec::new();
                for weight in weights {
                    let gather = &mut |document, score| all.push((document, score));
                    weight.each(reader, gather as &mut dyn FnMut(DocId, Score))?;
                }
                // Stable: scores are summed in one order. What is in order in pieces is merged.
                all.sort_by_key(|&(document, _)| document);
                for same in all.chunk_by(|one, next| one.0 == next.0) {
                    found(same[0].0, same.iter().map(|(_, score)| score).sum());
                }
            }
        }
        Ok(())
    }
}

struct LedWeight {
    lead: LeadWeight,
    /// And how much each adds at most.
    may: Vec<(Box<dyn Weight>, Score)>,
    unscored: usize,
}

impl Weight for LedWeight {
    fn scorer(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let lead = self.lead.scorer(reader, boost)?;
        if lead.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let may: tantivy::Result<_> =
            self.may.iter().map(|(weight, _)| weight.scorer(reader, boost)).collect();
        let may = AnyScorer::new(may?);
        Ok(Box::new(RequiredOptionalScorer::<_, _, SumCombiner>::new(lead, may)))
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let may = || -> tantivy::Result<_> {
            let mut all = Vec::with_capacity(self.may.len());
            for (weight, most) in &self.may {
                let scorer = weight.scorer(reader, 1.0)?;
                all.push(Adding { doc: scorer.doc(), scorer, most: *most, score: 0.0 });
            }
            Ok(all)
        };
        let LeadWeight::Query(weight) = &self.lead else {
            let mut best = Best::new(may()?, threshold, callback);
            return self.lead.each(reader, |document, score| best.take(document, score));
        };
        let mut lead = weight.scorer(reader, 1.0)?;
        let mut first = Vec::with_capacity(self.unscored);
        while lead.doc() != TERMINATED && first.len() < self.unscored {
            first.push((lead.doc(), lead.score()));
            lead.advance();
        }
        if lead.doc() == TERMINATED {
            let mut threshold = threshold;
            for (document, score) in first {
                if score > threshold {
                    threshold = callback(document, score);
                }
            }
            return Ok(());
        }
        let mut best = Best::new(may()?, threshold, callback);
        first.into_iter().for_each(|(document, score)| best.take(document, score));
        while lead.doc() != TERMINATED {
            best.take(lead.doc(), lead.score());
            lead.advance();
        }
        Ok(())
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nobody asks for explanations".into()))
    }
}

/// A list, or more, that may add.
struct Adding {
    scorer: Box<dyn Scorer>,
    /// Where it is.
    doc: DocId,
    most: Score,
    /// What it adds to the document that is looked at.
    score: Score,
}

/// Takes documents in order.
struct Best<'c> {
    /// In the order in which scores are summed.
    may: Vec<Adding>,
    /// The same by how much they may add, most first.
    order: Vec<usize>,
    /// What a document must have more than.
    threshold: Score,
    callback: &'c mut dyn FnMut(DocId, Score) -> Score,
}

impl<'c> Best<'c> {
    fn new(
        may: Vec<Adding>,
        threshold: Score,
        callback: &'c mut dyn FnMut(DocId, Score) -> Score,
    ) -> Self {
        let mut order: Vec<usize> = (0..may.len()).collect();
        order.sort_by(|&a, &b| may[b].most.total_cmp(&may[a].most));
        Self { may, order, threshold, callback }
    }

    /// For each document of a list: a call for each would take as long as the rest of it.
    #[inline(always)]
    fn take(&mut self, document: DocId, score: Score) {
        // Those that are further on do not have it.
        let here = self.may.iter().filter(|one| one.doc <= document);
        let potential: Score = here.map(|one| one.most).sum();
        let most = score + potential;
        if most + most * ROUNDED > self.threshold {
            self.look(document, score, potential);
        }
    }

    fn look(&mut self, document: DocId, score: Score, mut potential: Score) {
        let (mut sum, slack) = (score, (score + potential) * ROUNDED);
        for &n in &self.order {
            let one = &mut self.may[n];
            one.score = 0.0;
            if one.doc > document {
                continue;
            }
            if one.doc < document {
                one.doc = one.scorer.seek(document);
            }
            if one.doc == document {
                one.score = one.scorer.score();
                sum += one.score;
            }
            potential -= one.most;
            if sum + potential + slack <= self.threshold {
                return;
            }
        }
        // In one order for all.
        let score = score + self.may.iter().map(|one| one.score).sum::<Score>();
        if score > self.threshold {
            self.threshold = (self.callback)(document, score);
        }
    }
}
