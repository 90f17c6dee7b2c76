//! The order of candidates that were looked at, and whether to look at more.

use std::collections::HashSet;

use super::score::{self, Factors};
use super::sheet::Judged;

/// Whether more candidates are worth a look: they come best first by the engine's score, and
/// after a dozen in a row that would not be on the first page, hardly one will.
#[derive(Debug, Default)]
pub struct Outlook {
    best: f32,
    /// How many in a row would not be on the first page.
    missed: usize,
    looks: usize,
}

/// Never fewer looks than this.
const LEAST_LOOKS: usize = 24;

/// So many misses in a row are enough.
const MOST_MISSED: usize = 12;

/// Hits of a page. Fixed, not what was asked for: pages are pieces of one list.
const PAGE: usize = 10;

impl Outlook {
    /// Takes note of the last one that was looked at.
    pub fn after(&mut self, judged: &[Judged], factors: &Factors) {
        let Some((last, others)) = judged.split_last() else { return };
        self.looks += 1;
        self.best = self.best.max(score::sum(&last.parts, factors));
        let own = last.score(self.best, factors);
        let better = others.iter().filter(|o| o.score(self.best, factors) > own);
        self.missed = if better.count() < PAGE { 0 } else { self.missed + 1 };
    }

    pub fn is_poor(&self) -> bool {
        self.looks >= LEAST_LOOKS && self.missed >= MOST_MISSED
    }
}

/// Computes scores and sorts.
pub fn rank(judged: &mut Vec<Judged>, factors: &Factors) {
    let best = judged.iter().map(|j| score::sum(&j.parts, factors)).fold(0.0, f32::max);
    for one in judged.iter_mut() {
        one.finish(best, factors);
    }
    judged.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        by_score.then_with(|| {
            (a.root, &a.path, a.line, a.part).cmp(&(b.root, &b.path, b.line, b.part))
        })
    });
    let mut seen = HashSet::new();
    judged.retain(|j| seen.insert((j.root, j.path.clone(), j.line)));
}

/// What was typed without a space and stands so in some section is never further down than this
/// place: what `grep` finds is on the first screen.
const LITERAL_PLACE: usize = 4;

/// Lifts what stands as it was typed onto the first screen.
pub fn lift_literal(judged: &mut [Judged]) {
    let verbatim = judged.iter().position(|one| one.verbatim);
    if let Some(at) = verbatim.or_else(|| judged.iter().position(Judged::is_literal))
        && at > LITERAL_PLACE
    {
        judged[LITERAL_PLACE..=at].rotate_right(1);
    }
}
