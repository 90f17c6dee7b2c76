//! How many documents hold what is asked.

use tantivy::TERMINATED;
use tantivy::collector::Count;
use tantivy::query::EnableScoring;

use super::lists;
use super::lower::Ask;
use super::read::Reader;
use super::schema::TextField;
use crate::error::Result;

impl Reader {
    /// Returns how many documents hold what is asked.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// [`Error::Engine`]: crate::error::Error::Engine
    pub fn count(&self, ask: &Ask) -> Result<usize> {
        let query = self.lower(ask);
        self.searcher.search(&*query, &Count).map_err(|e| self.damaged(&e))
    }

    /// Returns whether so many documents or more hold what is asked; looks at no more.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// [`Error::Engine`]: crate::error::Error::Engine
    pub fn at_least(&self, count: usize, ask: &Ask) -> Result<bool> {
        let query = self.lower(ask);
        let scoring = EnableScoring::disabled_from_searcher(&self.searcher);
        let weight = query.weight(scoring).map_err(|e| self.damaged(&e))?;
        let mut left = count;
        for segment in self.searcher.segment_readers() {
            let mut found = weight.scorer(segment, 1.0).map_err(|e| self.damaged(&e))?;
            while left > 0 && found.doc() != TERMINATED {
                let alive = segment.alive_bitset();
                left -= usize::from(alive.is_none_or(|a| a.is_alive(found.doc())));
                found.advance();
            }
            if left == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns how many documents hold a term, deleted ones excluded: scores must not depend on
    /// what once was. Where a segment has deletions its list is read; else it costs nothing.
    pub fn doc_freq(&self, field: TextField, term: &str) -> u64 {
        let term = self.fields.term(field, term);
        // What cannot be read is reported by the search itself.
        let Ok(places) = self.lists.places(&self.searcher, &term) else { return 0 };
        let segments = self.searcher.segment_readers().iter().zip(&*places);
        let found =
            segments.filter_map(|(segment, (_, info))| Some((segment, info.as_ref()?)));
        found.map(|(segment, info)| lists::alive(segment, term.field(), info)).sum()
    }
}
