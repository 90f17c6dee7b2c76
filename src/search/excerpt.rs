//! Marks and snippets of texts that are in no index.

use super::needles::Needles;
use super::report::Snippet;
use super::snippet::{Mark, snippet};
use super::verify::Check;
use super::{context, scan};
use crate::query::{self, Query};
use crate::text::{Dictionary, Folded};

/// Marks what a query matches in any text, without an index.
pub struct Marker {
    needles: Needles,
    checks: Vec<Check>,
    function: Vec<bool>,
}

impl Marker {
    /// Prepares a query.
    pub fn new(asked: &Query, dictionary: &Dictionary) -> Self {
        let plan = query::plan(asked, dictionary);
        Self {
            needles: Needles::new(&plan.words, &plan.runs),
            checks: plan.strict.iter().map(Check::new).collect(),
            function: plan.words.iter().map(|w| w.function).collect(),
        }
    }

    /// Returns what is matched in a text: byte ranges, sorted and disjoint.
    pub fn marks(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let folded = Folded::new(text);
        let mut matches = self.needles.scan(text, &folded).matches;
        matches.retain(|m| !self.function[m.word as usize]);
        for check in &self.checks {
            check.mark(text, &folded, 0, &mut matches);
        }
        scan::marks(&folded, &matches)
    }

    /// Returns the piece of a text that answers best, at most `width_cols` wide, and so many
    /// whole lines around it. Each word is worth the same, as nothing tells how rare it is.
    pub fn snippet(
        &self,
        text: &str,
        width_cols: usize,
        context_lines: usize,
    ) -> Snippet {
        let folded = Folded::new(text);
        let mut matches = self.needles.scan(text, &folded).matches;
        matches.retain(|m| !self.function[m.word as usize]);
        for (check, word) in self.checks.iter().zip(self.function.len() as u32..) {
            check.mark(text, &folded, word, &mut matches);
        }
        let mut marks: Vec<Mark> = matches
            .iter()
            .map(|m| Mark {
                span: folded.span(m.start as usize..m.end as usize),
                word: m.word as usize,
            })
            .collect();
        marks.sort_by_key(|mark| (mark.span.start, mark.span.end));
        let weights = vec![1.0; self.function.len() + self.checks.len()];
        let found = snippet(text, &marks, &weights, width_cols, 1);
        context::widen(found, text, &marks, 1, context_lines)
    }
}
