//! From what is asked to the engine's queries. Built by hand: the engine's own parser would
//! load the analyzer and make one phrase of unspaced Chinese.

use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, Occur, Query};
use tantivy::schema::IndexRecordOption;

use super::ask::{Ask, MOST, alternatives};
use super::led::{Lead, Led, May};
use super::lists::Listed;
use super::read::Reader;
use super::schema::TextField;
use super::union::AnyOf;

/// Alternatives up to which they are read side by side where nothing else leads: from more on
/// the engine's reading ahead pays.
const FEW: usize = 4;

/// Documents up to which those of all alternatives that lead are put in order in memory: 64 KiB.
const GATHERED: u64 = 8192;

/// Documents up to which those that hold what they must are not told apart by what only adds:
/// all of them are looked at (`search::Search::judge`), and the lists that may add, which are three
/// quarters of all that a question of five words opens, are not. In more than one segment each
/// would have its own few.
pub const FEW_FOUND: usize = 8;

impl Reader {
    /// Returns the engine's query for what is asked.
    pub(super) fn lower(&self, ask: &Ask) -> Box<dyn Query> {
        match ask {
            Ask::All(asks) | Ask::Any(asks) if asks.len() == 1 => self.lower(&asks[0]),
            Ask::Any(asks) => Box::new(BooleanQuery::new(self.leading(asks))),
            _ => self.within(ask),
        }
    }

    /// Returns the engine's query for a part of what is asked.
    fn within(&self, ask: &Ask) -> Box<dyn Query> {
        let all = |asks: &[Ask], occur: Occur| -> Vec<(Occur, Box<dyn Query>)> {
            asks.iter().map(|a| (occur, self.within(a))).collect()
        };
        match ask {
            Ask::Term(field, term, worth) => Box::new(self.list(*field, term, *worth)),
            Ask::All(asks) if asks.is_empty() => Box::new(AllQuery),
            Ask::Any(asks) if asks.is_empty() => Box::new(EmptyQuery),
            Ask::All(asks) | Ask::Any(asks) if asks.len() == 1 => self.within(&asks[0]),
            Ask::All(asks) => Box::new(BooleanQuery::new(all(asks, Occur::Must))),
            Ask::Any(asks) => self.any(asks),
            Ask::Ranked { must, may, not } => {
                let mut clauses = match must.as_slice() {
                    [Ask::Term(field, term, worth)] if not.is_empty() => {
                        let list = self.list(*field, term, *worth);
                        return self.led(Lead::List(list), may);
                    }
                    // Nothing leads but these themselves.
                    [Ask::Any(asks)]
                        if not.is_empty() && self.at_most(asks) <= GATHERED =>
                    {
                        let leaves = alternatives(asks);
                        let leads = leaves.iter().map(|ask| match &**ask {
                            Ask::Term(field, term, worth) => {
                                Lead::List(self.list(*field, term, *worth))
                            }
                            ask => Lead::Query(self.within(ask)),
                        });
                        return self.led(Lead::Any(leads.collect()), may);
                    }
                    [Ask::Any(asks)] if asks.len() > FEW => {
                        let all = BooleanQuery::new(self.leading(asks));
                        vec![(Occur::Must, Box::new(all) as Box<dyn Query>)]
                    }
                    must => all(must, Occur::Must),
                };
                clauses.extend(all(not, Occur::MustNot));
                match (must.is_empty(), may.is_empty()) {
                    (true, true) => clauses.push((Occur::Must, Box::new(AllQuery))),
                    (true, false) => clauses.extend(self.leading(may)),
                    (false, _) => {
                        let lead = match clauses.len() {
                            1 => clauses.remove(0).1,
                            _ => Box::new(BooleanQuery::new(clauses)),
                        };
                        return self.led(Lead::Query(lead), may);
                    }
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Ask::Everything => Box::new(AllQuery),
            Ask::Nothing => Box::new(EmptyQuery),
        }
    }

    /// How many documents hold any of these at most, each counted for each that it holds.
    fn at_most(&self, asks: &[Ask]) -> u64 {
        let of = |ask: &Ask| match ask {
            Ask::Term(field, term, _) => {
                self.look(*field, term).map_or(u64::MAX, |looked| looked.documents())
            }
            Ask::All(asks) if asks.is_empty() => u64::MAX,
            Ask::All(asks) => asks
                .iter()
                .map(|ask| self.at_most(std::slice::from_ref(ask)))
                .min()
                .unwrap_or(0),
            Ask::Any(asks) => self.at_most(asks),
            Ask::Nothing => 0,
            Ask::Ranked { .. } | Ask::Everything => u64::MAX,
        };
        asks.iter().fold(0, |sum, ask| sum.saturating_add(of(ask)))
    }

    fn list(&self, field: TextField, term: &str, worth: f32) -> Listed {
        let looked = self.look(field, term);
        let field = match &looked {
            Ok(looked) => looked.field,
            // It is said when the query is run.
            Err(_) => self.fields.text,
        };
        let option = match field == self.fields.text {
            true => IndexRecordOption::WithFreqs,
            false => IndexRecordOption::Basic,
        };
        // Both have the lengths of the whole text: what one brings into memory serves the other.
        let measured = if field == self.fields.rest { self.fields.text } else { field };
        let places = looked.map(|looked| looked.places);
        self.lists.query(&self.searcher, places, measured, option, worth)
    }

    /// What leads, with what only adds to the score.
    fn led(&self, lead: Lead, may: &[Ask]) -> Box<dyn Query> {
        let leaves = alternatives(may);
        let may = match leaves.len() > MOST {
            true => {
                let query = Box::new(BooleanQuery::new(self.leading(may)));
                vec![May { query, most: f32::INFINITY }]
            }
            false => leaves.iter().map(|leaf| self.adding(leaf)).collect(),
        };
        let unscored = if self.segments() == 1 { FEW_FOUND } else { 0 };
        Box::new(Led { lead, may, unscored })
    }

    fn adding(&self, ask: &Ask) -> May {
        match ask {
            // Nearly all: looked up once for both.
            Ask::Term(field, term, worth) => {
                let list = self.list(*field, term, *worth);
                May { most: list.most(&self.searcher), query: Box::new(list) }
            }
            ask => May { query: self.within(ask), most: self.most(ask) },
        }
    }

    /// Returns what a document that holds what is asked scores at most.
    fn most(&self, ask: &Ask) -> f32 {
        match ask {
            Ask::Term(field, term, worth) => {
                self.list(*field, term, *worth).most(&self.searcher)
            }
            // Without any, all documents, which the engine gives a score.
            Ask::All(asks) if asks.is_empty() => f32::INFINITY,
            Ask::All(asks) | Ask::Any(asks) => asks.iter().map(|a| self.most(a)).sum(),
            // Nobody asks for these within others.
            Ask::Ranked { .. } => f32::INFINITY,
            Ask::Nothing => 0.0,
            Ask::Everything => f32::INFINITY,
        }
    }

    /// Alternatives that something else leads through.
    fn any(&self, asks: &[Ask]) -> Box<dyn Query> {
        let leaves = alternatives(asks);
        if leaves.len() > MOST {
            return Box::new(BooleanQuery::new(self.leading(asks)));
        }
        Box::new(AnyOf(leaves.iter().map(|a| self.within(a)).collect()))
    }

    /// Alternatives that lead, as clauses. The engine reads ahead in all of them.
    fn leading(&self, asks: &[Ask]) -> Vec<(Occur, Box<dyn Query>)> {
        let leaves = alternatives(asks);
        leaves.iter().map(|ask| (Occur::Should, self.within(ask))).collect()
    }
}
