//! Terms of an index: those that begin so, those that are spelled nearly so.

use std::io;

use levenshtein_automata::LevenshteinAutomatonBuilder;
use tantivy::Term;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;

use super::read::Reader;
use super::schema::TextField;
use crate::error::{Error, Result};

impl Reader {
    /// Calls `found` with each term of a field that begins with `prefix` and the number of
    /// documents that hold it (summed over segments it is called for apart), until it returns
    /// false. Terms come in order, but those that are not counted after all others, and pairs that
    /// are no words not at all.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    pub fn terms_from(
        &self,
        field: TextField,
        prefix: &str,
        mut found: impl FnMut(&str, u32) -> bool,
    ) -> Result<()> {
        self.terms_after(field, prefix, |term, documents| {
            term.starts_with(prefix) && found(term, documents)
        })
    }

    /// As [`Reader::terms_from`], but with all terms from `first` on.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    pub fn terms_after(
        &self,
        field: TextField,
        first: &str,
        mut found: impl FnMut(&str, u32) -> bool,
    ) -> Result<()> {
        let failed = || Error::engine("read", &self.index);
        let fields = self.fields.with_prefix(field, first);
        let segments = self.searcher.segment_readers().iter();
        for (segment, &field) in segments.flat_map(|s| fields.iter().map(move |f| (s, f)))
        {
            let mut found = |term: &[u8], info: &TermInfo| {
                // Shared lists have no text, and come last.
                let term = std::str::from_utf8(term).ok();
                term.is_some_and(|term| found(term, info.doc_freq))
            };
            let damaged = |e: io::Error| self.damaged(&e.into());
            if let Some(terms) = self.lists.terms_of(segment) {
                let Some(terms) = terms.field(field).map_err(damaged)? else { continue };
                let mut stream = terms.from(first.as_bytes()).map_err(damaged)?;
                while let Some((term, info)) = stream.next().map_err(damaged)?
                    && found(term, info)
                {}
                continue;
            }
            let inverted = segment.inverted_index(field).map_err(failed())?;
            let range = inverted.terms().range().ge(first.as_bytes());
            let mut stream = range.into_stream().map_err(damaged)?;
            while let Some((term, info)) = stream.next()
                && found(term, info)
            {}
        }
        Ok(())
    }

    /// Calls `found` with each ASCII term of a field within an edit distance of a word (1 or 2;
    /// two letters exchanged count as one edit), and the number of documents that hold it.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    pub fn terms_near(
        &self,
        field: TextField,
        word: &str,
        distance: u8,
        mut found: impl FnMut(&str, u32),
    ) -> Result<()> {
        let failed = || Error::engine("read", &self.index);
        let field = self.fields.of(field, word);
        let term = Term::from_field_text(field, word);
        let near = FuzzyTermQuery::new(term, distance, true);
        let mut automaton = None;
        let mut found = |term: &[u8], doc_freq| {
            if let Ok(term) = std::str::from_utf8(term) {
                found(term, doc_freq);
            }
        };
        for segment in self.searcher.segment_readers() {
            let damaged = |e: io::Error| self.damaged(&e.into());
            if let Some(terms) = self.lists.terms_of(segment) {
                let automaton = automaton.get_or_insert_with(|| {
                    LevenshteinAutomatonBuilder::new(distance, true).build_dfa(word)
                });
                let Some(terms) = terms.field(field).map_err(damaged)? else { continue };
                terms.near(automaton, AFTER_ASCII, &mut found).map_err(damaged)?;
                continue;
            }
            let automaton = near.automaton().map_err(failed())?;
            let inverted = segment.inverted_index(field).map_err(failed())?;
            let search = inverted.terms().search(automaton).lt(AFTER_ASCII);
            let mut stream = search.into_stream().map_err(damaged)?;
            while let Some((term, info)) = stream.next() {
                found(term, info.doc_freq);
            }
        }
        Ok(())
    }
}

/// Han terms begin here: an edit may put any of them first, nine tenths of the time of a look.
const AFTER_ASCII: &[u8] = &[0x80];
