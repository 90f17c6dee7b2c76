//! How many documents hold what is asked.

use tantivy::collector::Count;
use tantivy::query::EnableScoring;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED};

use super::lower::{Ask, lower};
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
        let query = lower(ask, &self.fields);
        self.searcher.search(&*query, &Count).map_err(|e| self.damaged(&e))
    }

    /// Returns whether so many documents or more hold what is asked; looks at no more.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// [`Error::Engine`]: crate::error::Error::Engine
    pub fn at_least(&self, count: usize, ask: &Ask) -> Result<bool> {
        let query = lower(ask, &self.fields);
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
        let count = |segment: &SegmentReader| -> Option<u64> {
            let inverted = segment.inverted_index(term.field()).ok()?;
            let Some(alive) = segment.alive_bitset() else {
                return inverted.doc_freq(&term).ok().map(u64::from);
            };
            let mut list =
                inverted.read_postings(&term, IndexRecordOption::Basic).ok()??;
            let mut count = 0;
            while list.doc() != TERMINATED {
                count += u64::from(alive.is_alive(list.doc()));
                list.advance();
            }
            Some(count)
        };
        // What cannot be read is reported by the search itself.
        self.searcher.segment_readers().iter().filter_map(count).sum()
    }
}
