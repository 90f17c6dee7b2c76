//! How well the notes are found: labelled queries, or headings of the notes as queries, asked
//! in one process and judged by where their answers stand.
//!
//! Law: same index, same questions, same figures (but for the time).

mod figures;
mod headings;
mod labels;
mod outline;

pub use figures::{Figures, figures};
pub use headings::headings;
pub use labels::{Place, labels};

use std::time::{Duration, Instant};

use crate::error::Result;
use crate::index::Reader;
use crate::query::Query;
use crate::search::{Hit, Options, Widening, search};
use crate::text::Dictionary;
use outline::Outline;

/// Hits that are looked at: what a reader sees before asking anew.
pub const FIRST_HITS: usize = 10;

/// A query with what answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is reported together.
    pub kind: String,
    /// As it is typed.
    pub text: String,
    /// As it is asked.
    pub query: Query,
    /// Every section that a reader would accept; one is enough.
    pub answers: Vec<Place>,
}

/// How a question was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Place of the first right hit among the first [`FIRST_HITS`], from 1.
    pub rank: Option<usize>,
    /// The best hit, right or wrong.
    pub best: Option<Hit>,
    /// How long it took.
    pub time: Duration,
}

/// Asks all questions, one after the other, and returns an answer for each.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
///
/// # Cost
/// Reads every record of the index once before the first question.
pub fn ask(
    reader: &Reader,
    dictionary: &Dictionary,
    widening: &Widening,
    questions: &[Question],
) -> Result<Vec<Answer>> {
    let outline = Outline::of(reader)?;
    let options = Options { limit: FIRST_HITS, ..Options::default() };
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let places = outline.find(&question.answers);
        let start = Instant::now();
        let mut report = search(reader, &question.query, dictionary, widening, &options)?;
        let time = start.elapsed();
        let right = |hit: &Hit| places.iter().any(|place| place.is_met_by(hit));
        let rank = report.hits.iter().position(right).map(|at| at + 1);
        let best = (!report.hits.is_empty()).then(|| report.hits.swap_remove(0));
        answers.push(Answer { rank, best, time });
    }
    Ok(answers)
}
