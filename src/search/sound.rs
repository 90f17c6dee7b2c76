//! Words typed by their sound: `xiancheng`, `xian cheng`, `scws`, `tcp握shou`.

use std::collections::HashMap;

use super::widen::{self, Offer, Source};
use crate::error::Result;
use crate::index::{Ask, Reader, TextField};
use crate::lexicon::{self, Pattern};
use crate::query::Plan;
use crate::text::{Class, class, fold};

/// What sounds so was meant, if nothing is spelled so.
const SOUND_WORTH: f32 = 0.95;

/// At most this many words for one sound.
const MOST_OFFERS: usize = 3;

/// Headings that are looked at to find which words sound so.
const MOST_HEADINGS: usize = 64;

/// Where there are that many, after so many in a row without another word hardly one comes: a word
/// that a quarter of the headings have is missed once in a hundred times.
const ENOUGH_ALIKE: usize = 16;

/// Neighbors are mostly of one note and say the same: every fourth is looked at first, which is
/// [`ENOUGH_ALIKE`] of [`MOST_HEADINGS`].
const STEP: usize = 4;

/// Offers Chinese for Latin words that next to no section has.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn offers(plan: &Plan, reader: &Reader, offers: &mut Vec<Offer>) -> Result<()> {
    for (words, pattern) in groups(plan, reader)? {
        if offers.iter().any(|o| o.words.start < words.end && words.start < o.words.end) {
            continue;
        }
        let mut found = match pattern.as_slice() {
            [Pattern::Sound(sound)] => in_headings(reader, sound)?,
            _ => Vec::new(),
        };
        let syllables: usize = pattern
            .iter()
            .map(|p| match p {
                Pattern::Char(_) => 1,
                Pattern::Sound(s) => lexicon::is_pinyin(s).unwrap_or(0),
            })
            .sum();
        let whole = pattern
            .iter()
            .all(|p| !matches!(p, Pattern::Sound(s) if lexicon::is_pinyin(s).is_none()));
        if found.is_empty() && whole && syllables >= 2 {
            found = in_vocabulary(reader, &pattern)?;
        }
        let typed: Vec<&str> =
            plan.words[words.clone()].iter().map(|w| w.typed.as_str()).collect();
        for name in found.into_iter().take(MOST_OFFERS) {
            offers.push(Offer {
                words: words.clone(),
                typed: typed.join(" "),
                chars: name.chars().collect(),
                name,
                worth: SOUND_WORTH,
                source: Source::Sound,
                parts: Vec::new(),
            });
        }
    }
    Ok(())
}

/// Words that may be sounds, neighbours joined: Latin words that next to no section has, with
/// the Han words that were typed against them.
fn groups(
    plan: &Plan,
    reader: &Reader,
) -> Result<Vec<(std::ops::Range<usize>, Vec<Pattern>)>> {
    let mut sounding = Vec::with_capacity(plan.words.len());
    for word in &plan.words {
        let text: String = word.chars.iter().collect();
        let letters = !word.han && word.chars.iter().all(char::is_ascii_lowercase);
        // A syllable that is also a common word is a sound only beside another one.
        let rare = letters && (widen::few(word, reader)? || word.function);
        let syllable = letters && lexicon::is_pinyin(&text).is_some();
        let initials = word.chars.len() >= lexicon::SHORTEST_INITIALS;
        sounding.push(rare && (syllable || initials));
    }
    let mut groups = Vec::new();
    for run in &plan.runs {
        // Glued: each Latin piece with the Han before and after it.
        let words = &plan.words[run.words.clone()];
        if run.words.len() > 1 && words.iter().any(|w| w.han) {
            for (i, word) in words.iter().enumerate() {
                let at = run.words.start + i;
                let letters =
                    !word.han && word.chars.iter().all(char::is_ascii_lowercase);
                let text: String = word.chars.iter().collect();
                if !letters
                    || lexicon::is_pinyin(&text).is_none()
                    || !widen::few(word, reader)?
                {
                    continue;
                }
                let mut range = at..at + 1;
                let mut pattern = vec![Pattern::Sound(text)];
                if i > 0 && words[i - 1].han {
                    let before = words[i - 1].chars.iter().map(|&c| Pattern::Char(c));
                    pattern.splice(0..0, before);
                    range.start -= 1;
                }
                if let Some(after) = words.get(i + 1).filter(|w| w.han) {
                    pattern.extend(after.chars.iter().map(|&c| Pattern::Char(c)));
                    range.end += 1;
                }
                if range.len() > 1 {
                    groups.push((range, pattern));
                }
            }
        }
    }
    let mut start = 0;
    while start < plan.words.len() {
        let mut end = start;
        while end < plan.words.len() && sounding[end] {
            end += 1;
        }
        for word in start..end {
            let text: String = plan.words[word].chars.iter().collect();
            groups.push((word..word + 1, vec![Pattern::Sound(text)]));
        }
        if end - start > 1 {
            let text: String =
                plan.words[start..end].iter().flat_map(|w| &w.chars).collect();
            groups.insert(0, (start..end, vec![Pattern::Sound(text)]));
        }
        start = end.max(start) + 1;
    }
    Ok(groups)
}

/// Parts of headings that sound so, most frequent first.
fn in_headings(reader: &Reader, sound: &str) -> Result<Vec<String>> {
    let ask = Ask::Term(TextField::Sound, sound.to_owned(), 1.0);
    if reader.doc_freq(TextField::Sound, sound) == 0 {
        return Ok(Vec::new());
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    let begins = |c: char| {
        lexicon::readings(c).any(|r| r.as_bytes().first() == sound.as_bytes().first())
    };
    let mut headings = reader.candidates(&ask, MOST_HEADINGS)?;
    headings.sort_by_key(|heading| heading.address);
    let mut alike = 0;
    let apart = (0..STEP).flat_map(|first| headings.iter().skip(first).step_by(STEP));
    for candidate in apart {
        let bytes = reader.record_bytes(candidate)?;
        let Some(glance) = bytes.glance() else { continue };
        let known = counts.len();
        let chars: Vec<char> = fold(&glance.title.text()).chars().collect();
        for run in chars.split(|&c| class(c) != Class::Gram) {
            for start in (0..run.len()).filter(|&at| begins(run[at])) {
                for end in start + 2..=run.len().min(start + 6) {
                    let mut same = false;
                    lexicon::sounds(&run[start..end], |s| same |= s == sound);
                    if same {
                        *counts.entry(run[start..end].iter().collect()).or_default() += 1;
                    }
                }
            }
        }
        alike = if counts.len() == known && known > 0 { alike + 1 } else { 0 };
        if alike == ENOUGH_ALIKE && headings.len() == MOST_HEADINGS {
            break;
        }
    }
    let mut found: Vec<(String, usize)> = counts.into_iter().collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(found.into_iter().map(|(name, _)| name).collect())
}

/// Lookups of pairs that one search by sound may make: some milliseconds.
const MOST_LOOKUPS: usize = 4000;

/// Characters that are tried for a syllable: the most frequent ones write nearly every word.
const MOST_CHARS: usize = 24;

/// Beginnings that are carried on at each step.
const MOST_BEGINNINGS: usize = 48;

/// A run that fits the beginning of a pattern, what is left of the piece it ends in, how many
/// pieces are used up, and how frequent its last pair is.
struct Begun<'p> {
    run: Vec<char>,
    rest: &'p str,
    used: usize,
    freq: u64,
}

/// Runs of characters that fit a pattern and whose pairs all occur (in headings, where they are
/// no words), most frequent first.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn in_vocabulary(reader: &Reader, pattern: &[Pattern]) -> Result<Vec<String>> {
    let mut lookups = 0;
    let mut states = vec![Begun { run: Vec::new(), rest: "", used: 0, freq: 0 }];
    let mut whole: Vec<String> = Vec::new();
    while !states.is_empty() && lookups < MOST_LOOKUPS {
        let mut next = Vec::new();
        for state in &states {
            let mut go_on = |c: char| -> Option<(Vec<char>, u64)> {
                let mut freq = 0;
                if let Some(&last) = state.run.last() {
                    lookups += 1;
                    freq = widen::pair_freq(reader, &[last, c]);
                    if freq == 0 || lookups > MOST_LOOKUPS {
                        return None;
                    }
                }
                let mut run = state.run.clone();
                run.push(c);
                Some((run, freq))
            };
            let pending;
            let piece = match state.rest {
                "" => &pattern[state.used],
                rest => {
                    pending = Pattern::Sound(rest.to_owned());
                    &pending
                }
            };
            let whole_of = |rest: &str| match &pattern[state.used] {
                Pattern::Sound(text) => text.len() - rest.len(),
                Pattern::Char(_) => 0,
            };
            piece.beginnings(MOST_CHARS, |c, rest| {
                let Some((run, freq)) = go_on(c) else { return };
                let used = state.used + usize::from(rest.is_empty());
                if used == pattern.len() {
                    whole.push(run.into_iter().collect());
                    return;
                }
                // What is left is a piece of the pattern itself, which lives longer.
                let rest = match &pattern[state.used] {
                    Pattern::Sound(text) if !rest.is_empty() => &text[whole_of(rest)..],
                    _ => "",
                };
                next.push(Begun { run, rest, used, freq });
            });
        }
        if next.len() > MOST_BEGINNINGS && next.iter().all(|s| s.run.len() > 1) {
            next.sort_by(|a, b| b.freq.cmp(&a.freq).then_with(|| a.run.cmp(&b.run)));
            next.truncate(MOST_BEGINNINGS);
        }
        states = next;
    }
    whole.sort_unstable();
    whole.dedup();
    let mut counted = Vec::new();
    for run in whole {
        let count = widen::frequency(reader, &run)?;
        if count > 0 {
            counted.push((run, count));
        }
    }
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(counted.into_iter().map(|(run, _)| run).collect())
}
