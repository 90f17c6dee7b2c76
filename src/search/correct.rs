//! Slips of the pen: Latin words within an edit or two of a word that exists, half-typed words,
//! Chinese with a character that sounds the same or is simply another.

use std::ops::Range;

use super::forms;
use super::sound;
use super::widen::{self, FEW, Offer, Source};
use crate::error::Result;
use crate::index::{Ask, Reader, TextField};
use crate::lexicon::{Pattern, readings};
use crate::query::{Plan, Run, Word};
use crate::text::{Class, Dictionary, class};

/// What is nearly spelled so was probably meant.
const CORRECTION_WORTH: f32 = 0.9;

/// A word that begins so may be the one being typed.
const BEGINNING_WORTH: f32 = 0.8;

/// Words shorter than this are within two edits of everything.
const SHORTEST_CORRECTED_CHARS: usize = 4;

/// From this length on, two edits are allowed.
const TWO_EDITS_CHARS: usize = 8;

/// Half-typed words of fewer letters begin everything.
const SHORTEST_BEGINNING_CHARS: usize = 3;

/// At most this many words stand for one.
const MOST_OFFERS: usize = 3;

/// Offers words that are spelled nearly as this one, and words that begin so.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn latin(
    at: usize,
    word: &Word,
    reader: &Reader,
    offers: &mut Vec<Offer>,
) -> Result<()> {
    let text: String = word.chars.iter().collect();
    if !word.chars.iter().all(|c| c.is_ascii_alphanumeric() || *c == '_') {
        return Ok(());
    }
    let mut offer = |name: String, worth: f32, source: Source| {
        offers.push(offered(at, word, name, worth, source));
    };
    if text.len() >= SHORTEST_BEGINNING_CHARS {
        let mut begun: Vec<(String, u32)> = Vec::new();
        reader.terms_from(TextField::Text, &text, |term, freq| {
            if term != text
                && term.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            {
                add(&mut begun, term, freq);
            }
            begun.len() < 256
        })?;
        begun.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if !begun.is_empty() {
            for (name, _) in begun.into_iter().take(MOST_OFFERS) {
                offer(name, BEGINNING_WORTH, Source::Beginning);
            }
            return Ok(());
        }
    }
    if text.len() < SHORTEST_CORRECTED_CHARS {
        return Ok(());
    }
    let distance = if text.len() >= TWO_EDITS_CHARS { 2 } else { 1 };
    let mut near: Vec<(String, u32)> = Vec::new();
    // Fewer edits win anyway, and the automaton of two takes 10 ms to make.
    for edits in 1..=distance {
        reader.terms_near(TextField::Text, &text, edits, |term, freq| {
            if term != text
                && term.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            {
                add(&mut near, term, freq);
            }
        })?;
        if !near.is_empty() {
            break;
        }
    }
    let key = |(term, freq): &(String, u32)| {
        let first = term.chars().next() != text.chars().next();
        (edits(&text, term), first, std::cmp::Reverse(*freq), term.clone())
    };
    near.sort_by_key(key);
    let fewest = near.first().map_or(0, |(term, _)| edits(&text, term));
    near.retain(|(term, _)| edits(&text, term) == fewest);
    let is_there = !near.is_empty() && reader.at_least(1, &forms::in_text(word, 0.0))?;
    let source = if is_there { Source::Near } else { Source::Correction };
    for (name, _) in near.into_iter().take(MOST_OFFERS) {
        offer(name, CORRECTION_WORTH, source);
    }
    Ok(())
}

/// Among many sections some slips stand more than once: one section in so many, as `concurent` does in
/// 4 of 106,879.
const SECTIONS_PER_SLIP: u64 = 20_000;

/// And what was meant stands this much more often: a rare word of its own has no such neighbor.
const MEANT_PER_SLIP: u64 = 100;

/// Offers the word that one edit makes of this one, where this one is a slip that others made too.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn slip(
    at: usize,
    word: &Word,
    reader: &Reader,
    offers: &mut Vec<Offer>,
) -> Result<()> {
    let text = word.text();
    let most = reader.documents() / SECTIONS_PER_SLIP;
    if most <= FEW as u64
        || text.len() < SHORTEST_CORRECTED_CHARS
        || !text.bytes().all(|b| b.is_ascii_lowercase())
        || reader.doc_freq(TextField::Text, &text) > most
        || reader.at_least(most as usize + 1, &forms::in_text(word, 0.0))?
    {
        return Ok(());
    }
    let slips = reader.count(&forms::in_text(word, 0.0))? as u64;
    let mut near: Vec<(String, u32)> = Vec::new();
    reader.terms_near(TextField::Text, &text, 1, |term, freq| {
        if term != text && term.bytes().all(|b| b.is_ascii_lowercase()) {
            add(&mut near, term, freq);
        }
    })?;
    near.retain(|(_, freq)| u64::from(*freq) >= slips * MEANT_PER_SLIP);
    let meant = near.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
    offers.extend(
        meant.map(|(name, _)| offered(at, word, name, CORRECTION_WORTH, Source::Near)),
    );
    Ok(())
}

fn offered(at: usize, word: &Word, name: String, worth: f32, source: Source) -> Offer {
    let (typed, chars) = (word.typed.clone(), name.chars().collect());
    Offer { words: at..at + 1, typed, name, chars, worth, source, parts: Vec::new() }
}

/// Terms come segment by segment.
fn add(terms: &mut Vec<(String, u32)>, term: &str, freq: u32) {
    match terms.iter_mut().find(|(known, _)| known == term) {
        Some((_, count)) => *count += freq,
        None => terms.push((term.to_owned(), freq)),
    }
}

/// Edits between two words: letters put in, left out, changed, or two exchanged (optimal string
/// alignment distance).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

/// Chinese runs of these lengths are corrected: shorter ones are within one character of
/// everything, longer ones are sentences.
const CORRECTED_CHARS: std::ops::RangeInclusive<usize> = 2..=8;

/// What stands in phrases and in no name.
const NEGATIONS: [&str; 2] = ["不", "没"];

/// Offers runs that exist for Chinese runs that do not: of the same sound, else with one other
/// character. Words that are `known` are no slip.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn han(
    plan: &Plan,
    reader: &Reader,
    known: &[Range<usize>],
    offers: &mut Vec<Offer>,
) -> Result<()> {
    for run in &plan.runs {
        let words = &plan.words[run.words.clone()];
        let han = run.chars.iter().all(|&c| class(c) == Class::Gram);
        let is_known = known.contains(&run.words);
        if !han || is_known || !CORRECTED_CHARS.contains(&run.chars.len()) {
            continue;
        }
        let typed: String = run.chars.iter().collect();
        if enough(words, reader)? || widen::stands(reader, &typed)? {
            continue;
        }
        let pattern: Vec<Pattern> = run
            .chars
            .iter()
            .filter_map(|&c| readings(c).next())
            .map(|r| Pattern::Sound(r.into()))
            .collect();
        let mut found = match pattern.len() == run.chars.len() {
            true => sound::in_vocabulary(reader, &pattern)?,
            false => Vec::new(),
        };
        // For a word that is one only another is meant.
        if Dictionary::jiebas_freq(&typed).is_some() {
            found.retain(|name| Dictionary::jiebas_freq(name).is_some());
        }
        // A slip leaves characters behind that make no word; those of grammar are none.
        let slipped = words.iter().any(|w| w.chars.len() == 1)
            && !words.iter().any(|w| w.function || NEGATIONS.contains(&&*w.typed));
        if found.is_empty() && run.chars.len() > 2 && slipped {
            found = one_other(run, reader)?;
        }
        found.retain(|name| *name != typed);
        for name in found.into_iter().take(1) {
            offers.push(Offer {
                words: run.words.clone(),
                typed: typed.clone(),
                chars: name.chars().collect(),
                name,
                worth: CORRECTION_WORTH,
                source: Source::Correction,
                parts: Vec::new(),
            });
        }
    }
    Ok(())
}

/// True where the words find enough to the letter.
fn enough(words: &[Word], reader: &Reader) -> Result<bool> {
    let content: Vec<Ask> = words
        .iter()
        .filter(|w| !w.function && (w.chars.len() > 1 || words.len() == 1))
        .map(|w| forms::in_text(w, 0.0))
        .collect();
    // A word of one character beside others is what a slip leaves behind.
    let slipped = words.iter().any(|w| w.chars.len() == 1 && !w.function);
    let all = content.len() > 1 || !slipped;
    Ok(!content.is_empty() && all && reader.at_least(FEW + 1, &Ask::All(content))?)
}

/// Runs that differ from this one in one character and whose pairs all occur (in headings, where
/// they are no words), most frequent first.
fn one_other(run: &Run, reader: &Reader) -> Result<Vec<String>> {
    let mut found: Vec<(String, usize)> = Vec::new();
    // The first character has no character before it to look further from.
    for at in 1..run.chars.len() {
        let before = run.chars[at - 1];
        let intact = run.chars.windows(2).enumerate().all(|(i, pair)| {
            i + 1 == at || i == at || widen::pair_freq(reader, pair) > 0
        });
        if !intact {
            continue;
        }
        let mut others = Vec::new();
        for field in [TextField::Text, TextField::Title] {
            reader.terms_from(field, &before.to_string(), |term, _| {
                let mut chars = term.chars().skip(1);
                if let (Some(other), None) = (chars.next(), chars.next()) {
                    others.push(other);
                }
                true
            })?;
        }
        others.sort_unstable();
        others.dedup();
        for other in others {
            if let Some(&after) = run.chars.get(at + 1)
                && widen::pair_freq(reader, &[other, after]) == 0
            {
                continue;
            }
            let mut chars = run.chars.clone();
            chars[at] = other;
            let name: String = chars.iter().collect();
            let count = widen::frequency(reader, &name)?;
            if count > 0 {
                found.push((name, count));
            }
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(found.into_iter().map(|(name, _)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_is_one_edit() {
        for (a, b, distance) in [
            ("xgbosot", "xgboost", 1),
            ("volitile", "volatile", 1),
            ("a", "a", 0),
            ("线程", "线乘", 1),
        ] {
            assert_eq!(edits(a, b), distance, "{a} {b}");
        }
    }
}
