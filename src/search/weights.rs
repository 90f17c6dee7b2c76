//! How rare what is looked for is, and so how much it weighs.

use super::forms;
use super::needles::Needles;
use super::score::{Factors, NAMING};
use crate::error::Result;
use crate::index::{Reader, TextField};
use crate::query::Plan;

/// How rare the words, units and pairs of a query are.
#[derive(Debug, Default, Clone)]
pub struct Weights {
    /// Per word: idf times its weight in the query.
    pub words: Vec<f32>,
    /// Per word, whether it carries meaning.
    pub content: Vec<bool>,
    /// Per word, how many sections have it.
    pub freqs: Vec<u64>,
    /// Per unit.
    pub units: Vec<f32>,
    /// Per unit, whether its occurrences count beside those of words: Han characters do, words
    /// of other scripts are counted already.
    pub counted: Vec<bool>,
    /// Per pair.
    pub pairs: Vec<f32>,
    /// Words that are the name of what a Chinese question is about, by index.
    pub naming: Vec<usize>,
}

impl Weights {
    /// Asks the index how rare everything is.
    ///
    /// # Errors
    /// [`crate::error::Error::Engine`] where the index cannot be read.
    pub fn of(
        reader: &Reader,
        plan: &Plan,
        needles: &Needles,
        factors: &Factors,
    ) -> Result<Self> {
        let documents = reader.documents();
        let rarity =
            |term: &String| idf(documents, reader.doc_freq(TextField::Text, term));
        let grammar = |yes: bool| if yes { factors.function } else { 1.0 };
        let mut weights = Self {
            content: plan.words.iter().map(|w| !w.function).collect(),
            counted: needles.unit_han.clone(),
            pairs: needles.pair_terms.iter().map(rarity).collect(),
            ..Self::default()
        };
        for word in &plan.words {
            let df = match word.han {
                true => reader.doc_freq(TextField::Text, &word.text()),
                false => reader.count(&forms::in_text(word, 0.0))? as u64,
            };
            weights.words.push(idf(documents, df) * grammar(word.function));
            weights.freqs.push(df);
        }
        weights.naming = naming(plan, &weights.words);
        let units = needles.unit_terms.iter().zip(&needles.unit_function);
        weights.units = units.map(|(term, &yes)| rarity(term) * grammar(yes)).collect();
        Ok(weights)
    }
}

/// Returns which words are names in letters that a question with Chinese words is about.
fn naming(plan: &Plan, weights: &[f32]) -> Vec<usize> {
    let content =
        || plan.words.iter().zip(weights).enumerate().filter(|(_, (w, _))| !w.function);
    if !content().any(|(_, (word, _))| word.han) {
        return Vec::new();
    }
    let most = content().map(|(_, (_, &weight))| weight).fold(0.0, f32::max);
    content()
        .filter(|(_, (word, weight))| !word.han && **weight >= NAMING * most)
        .map(|(i, _)| i)
        .collect()
}

/// Inverse document frequency as in BM25, never negative.
fn idf(documents: u64, doc_freq: u64) -> f32 {
    let (n, df) = (documents as f32, (doc_freq as f32).min(documents as f32));
    (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
}
