//! From what is asked to the engine's queries. Built by hand: the engine's own parser would
//! load the analyzer and make one phrase of unspaced Chinese.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, Query,
    TermQuery,
};
use tantivy::schema::IndexRecordOption;

use super::schema::{Fields, TextField};

/// What a document must and may hold, free of the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A term, with the weight of its score; 0 asks for no score.
    Term(TextField, String, f32),
    /// All of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
    /// All of `must`, none of `not`; `may` only adds to the score.
    Ranked {
        /// Must hold.
        must: Vec<Self>,
        /// Adds to the score.
        may: Vec<Self>,
        /// Must not hold.
        not: Vec<Self>,
    },
    /// Every document.
    Everything,
    /// No document.
    Nothing,
}

/// Returns the engine's query for what is asked.
pub(super) fn lower(ask: &Ask, fields: &Fields) -> Box<dyn Query> {
    let all = |asks: &[Ask], occur: Occur| -> Vec<(Occur, Box<dyn Query>)> {
        asks.iter().map(|a| (occur, lower(a, fields))).collect()
    };
    // Alternatives of alternatives are alternatives: scores are sums either way, and each union
    // of the engine takes 20 KB of fresh memory.
    let any = |asks: &[Ask]| -> Vec<(Occur, Box<dyn Query>)> {
        let mut leaves = Vec::new();
        alternatives(asks, &mut leaves);
        leaves.into_iter().map(|a| (Occur::Should, lower(a, fields))).collect()
    };
    match ask {
        Ask::Term(field, term, weight) => {
            let term = fields.term(*field, term);
            let query: Box<dyn Query> = if term.field() == fields.text {
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            } else {
                // Alone at the top the engine would take the greatest score of a block of such
                // a list for 0 and pass over it (0.27.0, `block_wand_single_scorer`).
                let query = TermQuery::new(term, IndexRecordOption::Basic);
                Box::new(BooleanQuery::new(vec![(Occur::Should, Box::new(query))]))
            };
            if *weight == 0.0 {
                Box::new(ConstScoreQuery::new(query, 0.0))
            } else if *weight == 1.0 {
                query
            } else {
                Box::new(BoostQuery::new(query, *weight))
            }
        }
        Ask::All(asks) if asks.is_empty() => Box::new(AllQuery),
        Ask::Any(asks) if asks.is_empty() => Box::new(EmptyQuery),
        Ask::All(asks) | Ask::Any(asks) if asks.len() == 1 => lower(&asks[0], fields),
        Ask::All(asks) => Box::new(BooleanQuery::new(all(asks, Occur::Must))),
        Ask::Any(asks) => Box::new(BooleanQuery::new(any(asks))),
        Ask::Ranked { must, may, not } => {
            let mut clauses = all(must, Occur::Must);
            clauses.extend(any(may));
            clauses.extend(all(not, Occur::MustNot));
            if must.is_empty() && may.is_empty() {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
            Box::new(BooleanQuery::new(clauses))
        }
        Ask::Everything => Box::new(AllQuery),
        Ask::Nothing => Box::new(EmptyQuery),
    }
}

/// Collects what stands for any of `asks`, alternatives within alternatives too.
fn alternatives<'a>(asks: &'a [Ask], leaves: &mut Vec<&'a Ask>) {
    for ask in asks {
        match ask {
            // Without any, nothing matches; a union of nothing adds nothing.
            Ask::Any(asks) => alternatives(asks, leaves),
            other => leaves.push(other),
        }
    }
}
