//! The order of candidates that were looked at, and whether to look at more.

use std::collections::BTreeSet;

use super::score::{self, Factors};
use super::sheet::Judged;
use crate::query::Plan;

/// How many candidates the second stage looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Looks {
    /// That many are drawn, and looked at where nothing below ends it sooner.
    pub most: usize,
    /// Never fewer than this.
    least: usize,
    /// So many misses in a row are enough.
    missed: usize,
}

/// For questions. From 48 all labelled sets are answered as well as from 96, but where a hundred
/// thousand sections compete for questions of twenty words (cacm MRR .483, .510).
const OF_QUESTION: Looks = Looks { most: 48, least: 24, missed: 12 };

/// For questions in a collection of up to [`FEW_DOCUMENTS`]: notes first .93, in three .98, in ten
/// 1.00, own first .889, rgb-zh nDCG@10 .573, each as from 48; in ten times as many the tenth
/// place suffers (.89 for .92).
const OF_FEW: Looks = Looks { most: 24, least: 24, missed: 12 };

/// For a few words, which the engine knows to order well. Among the 122,546 sections of five sets
/// together, 24 for 48: notes MRR .622 both, own .414 for .411, rgb-zh .694 both; over the sets
/// alone the same to the third digit. 20 lose a first place in a hundred.
const OF_KEYWORDS: Looks = Looks { most: 24, least: 16, missed: 6 };

/// Sections that are few.
const FEW_DOCUMENTS: u64 = 20_000;

/// So many words that are no grammar are keywords. With 4 the tenth place suffers (.90 for .92).
const KEYWORDS: usize = 3;

impl Looks {
    /// Returns what a search takes among so many documents.
    pub fn of(plan: &Plan, documents: u64) -> Self {
        match plan.words.iter().filter(|w| !w.function).count() {
            0..=KEYWORDS => OF_KEYWORDS,
            _ if documents <= FEW_DOCUMENTS => OF_FEW,
            _ => OF_QUESTION,
        }
    }
}

/// Whether more candidates are worth a look: they come best first by the engine's score, and
/// after some in a row that would not be on the first page, hardly one will.
#[derive(Debug, Default)]
pub struct Outlook {
    best: f32,
    /// How many in a row would not be on the first page.
    missed: usize,
    looks: usize,
}

/// Hits of a page. Fixed, not what was asked for: the first page does not depend on its length.
const PAGE: usize = 10;

impl Outlook {
    /// Takes note of the last one that was looked at.
    pub fn after(&mut self, judged: &[Judged], factors: &Factors) {
        let Some((last, others)) = judged.split_last() else { return };
        self.looks += 1;
        self.best = self.best.max(score::sum(&last.parts, factors));
        let own = last.score(self.best, factors);
        // Parts of a section are one hit.
        let mut better: Vec<&Judged> = Vec::with_capacity(PAGE);
        let is_better = |o: &&Judged| o.score(self.best, factors) > own;
        for other in others.iter().filter(is_better) {
            let same = |b: &&Judged| {
                (b.line, b.root, &b.path) == (other.line, other.root, &other.path)
            };
            if better.len() < PAGE && !better.iter().any(same) {
                better.push(other);
            }
        }
        self.missed = if better.len() < PAGE { 0 } else { self.missed + 1 };
    }

    /// Forgets misses of candidates that came in no order of meaning.
    pub fn begin_anew(&mut self) {
        self.missed = 0;
    }

    /// Returns true where no more need be looked at.
    pub fn is_poor(&self, looks: Looks) -> bool {
        self.looks >= looks.least && self.missed >= looks.missed
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
    let mut seen = BTreeSet::new();
    judged.retain(|j| seen.insert((j.root, j.path.clone(), j.line)));
}

/// Appends those that are not there yet.
pub fn append(judged: &mut Vec<Judged>, deeper: Vec<Judged>) {
    let known: BTreeSet<_> =
        judged.iter().map(|j| (j.root, j.path.clone(), j.line)).collect();
    let new = |j: &Judged| !known.contains(&(j.root, j.path.clone(), j.line));
    judged.extend(deeper.into_iter().filter(new));
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
