//! The first stage by itself, to be measured beside a whole search.

use std::collections::BTreeSet;

use super::rank::Looks;
use super::widen::{self, Widening};
use super::{FREQUENT, Options, Search, ask};
use crate::error::Result;
use crate::index::Reader;
use crate::query::{self, Query};
use crate::text::{Dictionary, Stemmer};

/// Draws the candidates for a query without looking at their text, and returns how many: the
/// first stage alone, to be measured beside [`super::search`].
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn first_stage(
    reader: &Reader,
    asked: &Query,
    dictionary: &Dictionary,
    widening: &Widening,
) -> Result<usize> {
    let plan = query::plan(asked, dictionary);
    let (options, mut stemmer) = (Options::default(), Stemmer::default());
    let offers = widen::widen(&plan, widening, reader, dictionary, &mut stemmer)?;
    let cut = (dictionary, &mut stemmer);
    let search = Search::new(reader, &plan, &offers, cut, &options)?;
    let mut seen = BTreeSet::new();
    let frequent = |i: usize| search.weights.freqs[i] > FREQUENT;
    let most = Looks::of(&plan, reader.documents()).most;
    for stage in
        ask::stages(&plan, &search.named, &search.strict, options.relax, frequent)
    {
        let found = reader.candidates(&stage, most)?;
        seen.extend(found.iter().map(|c| c.address));
        if seen.len() >= most {
            break;
        }
    }
    Ok(seen.len())
}
