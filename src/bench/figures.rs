//! Figures of answered questions, by kind.

use std::collections::BTreeMap;

use super::{Answer, Question};

/// Kind under which all questions are summed.
const ALL: &str = "all";

/// How the questions of one kind were answered.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Figures {
    /// The kind; `all` for all of them.
    pub kind: String,
    /// How many questions.
    pub queries: usize,
    /// Share with a right hit in the first place, 0 to 1.
    pub hit_at_1: f64,
    /// Share with a right hit in the first ten places, 0 to 1.
    pub hit_at_10: f64,
    /// Mean of one over the place of the first right hit, 0 where it is not in the first ten.
    pub mrr_at_10: f64,
}

/// Returns the figures by kind, sorted by its name, and of all at the end.
pub fn figures(questions: &[Question], answers: &[Answer]) -> Vec<Figures> {
    let mut kinds: BTreeMap<&str, Vec<Option<usize>>> = BTreeMap::new();
    for (question, answer) in questions.iter().zip(answers) {
        kinds.entry(&question.kind).or_default().push(answer.rank);
    }
    let all: Vec<Option<usize>> = answers.iter().map(|a| a.rank).collect();
    kinds.iter().map(|(kind, ranks)| sum(kind, ranks)).chain([sum(ALL, &all)]).collect()
}

fn sum(kind: &str, ranks: &[Option<usize>]) -> Figures {
    let share = |sum: f64| sum / ranks.len().max(1) as f64;
    let found = || ranks.iter().flatten();
    Figures {
        kind: kind.to_owned(),
        queries: ranks.len(),
        hit_at_1: share(found().filter(|rank| **rank == 1).count() as f64),
        hit_at_10: share(found().count() as f64),
        // Not `sum`: that of nothing is -0.
        mrr_at_10: share(found().fold(0.0, |sum, rank| sum + 1.0 / *rank as f64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_questions_of_the_kind() {
        let ranks = [Some(1), Some(2), None, Some(10)];
        let figures = sum("mixed", &ranks);
        assert_eq!(
            (figures.queries, figures.hit_at_1, figures.hit_at_10),
            (4, 0.25, 0.75)
        );
        assert!((figures.mrr_at_10 - 0.4).abs() < 1e-9);
        assert!(sum("none", &[None]).mrr_at_10.is_sign_positive());
    }
}
