//! How many documents hold what is asked.

use std::sync::Arc;

use tantivy::collector::Count;
use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocId, TERMINATED};

use super::ask::Ask;
use super::brief::Brief;
use super::lists::FIND;
use super::read::{Candidate, Reader};
use super::schema::TextField;
use crate::error::Result;

/// A list that is far longer than others.
struct Longest<'a> {
    len: u64,
    ask: &'a Ask,
    others: Vec<Ask>,
}

impl Reader {
    /// Returns how many documents hold what is asked.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// [`Error::Engine`]: crate::error::Error::Engine
    pub fn count(&self, ask: &Ask) -> Result<usize> {
        let counted = |ask: &Ask| {
            let query = self.lower(ask);
            self.searcher.search(&*query, &Count).map_err(|e| self.damaged(&e))
        };
        let Some(Longest { len, ask, others }) = self.longest(ask)? else {
            // A word of letters and its stem: the engine's union takes twice as long.
            if let Ask::Any(asks) = ask
                && let [Ask::Term(field, one, _), Ask::Term(of, other, _)] = &asks[..]
            {
                let count = || {
                    let (one, other) = (self.look(*field, one)?, self.look(*of, other)?);
                    self.lists.either(&self.searcher, &one, &other)
                };
                return count().map(|count| count as usize).map_err(|e| self.damaged(&e));
            }
            return counted(ask);
        };
        if others.is_empty() {
            return Ok(len as usize);
        }
        let others = Ask::Any(others);
        let both = counted(&Ask::All(vec![ask.clone(), others.clone()]))?;
        Ok(len as usize + counted(&others)? - both)
    }

    /// Returns the longest list of those that are asked for, where that spares reading it: it is
    /// far longer than all others together.
    fn longest<'a>(&self, ask: &'a Ask) -> Result<Option<Longest<'a>>> {
        let Ask::Any(asks) = ask else { return Ok(None) };
        let mut lists = Vec::with_capacity(asks.len());
        for ask in asks {
            let Ask::Term(field, term, _) = ask else { return Ok(None) };
            let len = self.held_by(*field, term).map_err(|e| self.damaged(&e))?;
            lists.push((len, ask));
        }
        lists.sort_by_key(|(len, _)| std::cmp::Reverse(*len));
        let Some((&(len, ask), others)) = lists.split_first() else { return Ok(None) };
        let together: u64 = others.iter().map(|(len, _)| len).sum();
        let others = others.iter().filter(|(len, _)| *len > 0);
        let others = others.map(|(_, ask)| (*ask).clone()).collect();
        Ok((together * FIND <= len).then_some(Longest { len, ask, others }))
    }

    /// Returns whether so many documents or more hold what is asked; looks at no more.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// [`Error::Engine`]: crate::error::Error::Engine
    pub fn at_least(&self, count: usize, ask: &Ask) -> Result<bool> {
        if self.surely(count as u64, ask).map_err(|e| self.damaged(&e))? {
            return Ok(true);
        }
        if count == 1
            && let Some(stands) = self.stands(ask).map_err(|e| self.damaged(&e))?
        {
            return Ok(stands);
        }
        let mut left = count;
        if left > 0 {
            self.first(ask, |_| {
                left -= 1;
                Ok(left > 0)
            })?;
        }
        Ok(left == 0)
    }

    /// True where the length of one list says so.
    fn surely(&self, count: u64, ask: &Ask) -> tantivy::Result<bool> {
        match ask {
            Ask::Term(field, term, _) => Ok(self.held_by(*field, term)? >= count),
            Ask::Any(asks) => {
                let mut all = asks.iter().map(|ask| self.surely(count, ask));
                all.find(|one| !matches!(one, Ok(false))).unwrap_or(Ok(false))
            }
            Ask::All(asks) if asks.len() == 1 => self.surely(count, &asks[0]),
            _ => Ok(false),
        }
    }

    /// Returns whether some document holds what is asked, where brief lists tell, or a term that is
    /// nowhere: a query of the engine takes as long again.
    fn stands(&self, ask: &Ask) -> tantivy::Result<Option<bool>> {
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            if self.is_nowhere(ordinal, ask)? {
                continue;
            }
            let Some(known) = self.known(ordinal, ask)? else { return Ok(None) };
            let alive = segment.alive_bitset();
            let is_alive = |document| alive.is_none_or(|alive| alive.is_alive(document));
            if known.some(&|document| known.has(document) && is_alive(document)) {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    /// Returns the lists of what is asked, where all are brief.
    fn known(&self, segment: usize, ask: &Ask) -> tantivy::Result<Option<Known>> {
        let all = |asks: &[Ask]| -> tantivy::Result<Option<Vec<Known>>> {
            asks.iter()
                .map(|ask| self.known(segment, ask).transpose())
                .collect::<Option<_>>()
                .transpose()
        };
        Ok(match ask {
            Ask::Term(field, term, _) => {
                let places = self.look(*field, term)?.places;
                match places[segment].is_empty() {
                    true => Some(Known::Any(Vec::new())),
                    false => places[segment].brief()?.cloned().map(Known::List),
                }
            }
            Ask::Any(asks) => all(asks)?.map(Known::Any),
            Ask::All(asks) if !asks.is_empty() => all(asks)?.map(Known::All),
            _ => None,
        })
    }

    /// True where terms that a segment does not have say that no document holds what is asked.
    fn is_nowhere(&self, segment: usize, ask: &Ask) -> tantivy::Result<bool> {
        match ask {
            Ask::Term(field, term, _) => {
                Ok(self.look(*field, term)?.places[segment].is_empty())
            }
            Ask::Any(asks) => {
                let mut all = asks.iter().map(|ask| self.is_nowhere(segment, ask));
                all.find(|one| !matches!(one, Ok(true))).unwrap_or(Ok(true))
            }
            Ask::All(asks) => {
                let mut all = asks.iter().map(|ask| self.is_nowhere(segment, ask));
                all.find(|one| !matches!(one, Ok(false))).unwrap_or(Ok(false))
            }
            Ask::Nothing => Ok(true),
            Ask::Ranked { .. } | Ask::Everything => Ok(false),
        }
    }

    /// Calls `found` with documents that hold what is asked, in the order of the index and
    /// without a score, until it returns false; looks at no more.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read; what `found` fails with.
    ///
    /// [`Error::Engine`]: crate::error::Error::Engine
    pub fn first(
        &self,
        ask: &Ask,
        mut found: impl FnMut(&Candidate) -> Result<bool>,
    ) -> Result<()> {
        let query = self.lower(ask);
        let scoring = EnableScoring::disabled_from_searcher(&self.searcher);
        let weight = query.weight(scoring).map_err(|e| self.damaged(&e))?;
        for (ordinal, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            let mut docs = weight.scorer(segment, 1.0).map_err(|e| self.damaged(&e))?;
            let alive = segment.alive_bitset();
            while docs.doc() != TERMINATED {
                if alive.is_none_or(|alive| alive.is_alive(docs.doc())) {
                    let address = DocAddress::new(ordinal, docs.doc());
                    if !found(&Candidate { score: 0.0, address })? {
                        return Ok(());
                    }
                }
                docs.advance();
            }
        }
        Ok(())
    }

    /// Returns how many documents hold a term, deleted ones excluded: scores must not depend on
    /// what once was. Where a segment has deletions, they are looked for in its list; else it costs
    /// nothing.
    pub fn doc_freq(&self, field: TextField, term: &str) -> u64 {
        // What cannot be read is reported by the search itself.
        self.held_by(field, term).unwrap_or_default()
    }

    fn held_by(&self, field: TextField, term: &str) -> tantivy::Result<u64> {
        let places = self.look(field, term)?.places;
        let segments = self.searcher.segment_readers().iter().zip(&*places);
        segments.map(|(segment, place)| self.lists.alive(segment, place)).sum()
    }
}

/// Brief lists of what is asked.
enum Known {
    List(Arc<Brief>),
    Any(Vec<Self>),
    All(Vec<Self>),
}

impl Known {
    /// How many documents [`Known::some`] looks at, at most.
    fn len(&self) -> usize {
        match self {
            Self::List(list) => list.documents.len(),
            Self::Any(parts) => parts.iter().map(Self::len).sum(),
            Self::All(parts) => parts.iter().map(Self::len).min().unwrap_or(0),
        }
    }

    fn has(&self, document: DocId) -> bool {
        match self {
            Self::List(list) => list.documents.binary_search(&document).is_ok(),
            Self::Any(parts) => parts.iter().any(|part| part.has(document)),
            Self::All(parts) => parts.iter().all(|part| part.has(document)),
        }
    }

    /// True where `is_one` is of one of the documents among which all that are held are.
    fn some(&self, is_one: &impl Fn(DocId) -> bool) -> bool {
        match self {
            Self::List(list) => list.documents.iter().any(|&document| is_one(document)),
            Self::Any(parts) => parts.iter().any(|part| part.some(is_one)),
            Self::All(parts) => {
                let rarest = parts.iter().min_by_key(|part| part.len());
                rarest.is_some_and(|part| part.some(is_one))
            }
        }
    }
}
