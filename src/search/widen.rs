//! What else may have been meant: synonyms, the glossary, pinyin, slips of the pen. Every offer
//! stands for words of the query, is worth less than the words themselves, and is said aloud
//! where it found something.
//!
//! Synonyms and the glossary are always asked; sounds and corrections only where the letter
//! finds next to nothing.

use std::ops::Range;

use super::{ask, forms};
use crate::error::Result;
use crate::index::{Ask, Reader, TextField, is_shared};
use crate::lexicon::{self, Synonyms};
use crate::query::{self, Plan, Word};
use crate::text::{Class, Dictionary, Stemmer, class, fold};

use super::{correct, gloss, sound};

/// Another text for some words of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Which words, as indices into the plan.
    pub words: Range<usize>,
    /// What was typed.
    pub typed: String,
    /// What it may mean, as it is shown.
    pub name: String,
    /// The same, folded, as it is looked for.
    pub chars: Vec<char>,
    /// What a match is worth beside one of the words themselves.
    pub worth: f32,
    /// Where it comes from.
    pub source: Source,
    /// Its words; none where it was not cut yet.
    pub parts: Vec<Word>,
}

/// Where an offer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The user's own table.
    Synonym,
    /// The glossary.
    Glossary,
    /// A pair of names in the notes, one behind the other in parentheses.
    Notes,
    /// The sound of what was typed.
    Sound,
    /// Something spelled nearly so, for what is nowhere.
    Correction,
    /// Something spelled nearly so, for what is in next to no section.
    Near,
    /// Something that begins so.
    Beginning,
}

/// Which kinds of offers are made.
#[derive(Debug, Clone)]
pub struct Widening {
    /// The user's own synonyms.
    pub synonyms: Synonyms,
    /// The glossary.
    pub glossary: bool,
    /// Pinyin and initials.
    pub pinyin: bool,
    /// Corrections and beginnings of words.
    pub typos: bool,
}

impl Default for Widening {
    fn default() -> Self {
        Self { synonyms: Synonyms::default(), glossary: true, pinyin: true, typos: true }
    }
}

impl Widening {
    /// Returns the letter and nothing else.
    pub fn none() -> Self {
        Self { glossary: false, pinyin: false, typos: false, ..Self::default() }
    }
}

/// A word in so many sections or fewer was probably not meant to the letter.
pub const FEW: usize = 2;

/// What the user says is the same, is nearly the same.
const SYNONYM_WORTH: f32 = 0.9;
/// An English term for Chinese notes pays; the other way round it mostly adds noise (measured on
/// the labelled notes: the literal hit stays first at 0.6 and 0.35).
const TO_HAN_WORTH: f32 = 0.6;
const TO_LATIN_WORTH: f32 = 0.35;
/// Where the words as typed are nowhere, the other name is what there is.
const ONLY_WORTH: f32 = 0.95;

/// What a note glosses is a guess: light, and less than the field's own names where there is
/// nothing else.
const GLOSSED_WORTH: f32 = 0.35;
const GLOSSED_ONLY_WORTH: f32 = 0.8;

/// At most this many other names of a concept are looked for.
const MOST_NAMES: usize = 6;

/// In a longer query the other words say enough, and a name that is nowhere is just that.
const MOST_CORRECTED_WORDS: usize = 8;

/// Collects the offers for a plan.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn widen(
    plan: &Plan,
    widening: &Widening,
    reader: &Reader,
    dictionary: &Dictionary,
    stemmer: &mut Stemmer,
) -> Result<Vec<Offer>> {
    let mut offers = Vec::new();
    let known = names(plan, widening, reader, dictionary, stemmer, &mut offers)?;
    let covered =
        |i: usize, offers: &[Offer]| offers.iter().any(|o| o.words.contains(&i));
    if widening.pinyin {
        sound::offers(plan, reader, &mut offers)?;
    }
    if widening.typos && plan.words.len() <= MOST_CORRECTED_WORDS {
        for (i, word) in plan.words.iter().enumerate() {
            if word.han || word.function || covered(i, &offers) {
                continue;
            }
            match few(word, reader)? {
                true => correct::latin(i, word, reader, &mut offers)?,
                false => correct::slip(i, word, reader, &mut offers)?,
            }
        }
        correct::han(plan, reader, &known, &mut offers)?;
    }
    Ok(offers)
}

/// True where a word is in next to no section.
pub fn few(word: &Word, reader: &Reader) -> Result<bool> {
    let text: String = word.chars.iter().collect();
    let typed = reader.doc_freq(TextField::Text, &text);
    Ok(typed <= FEW as u64 && !reader.at_least(FEW + 1, &forms::in_text(word, 0.0))?)
}

/// Synonyms and glossary: the longest names first, no word in two of them. Returns which words are a
/// name that stands somewhere as far as the index can tell: they are no slip.
fn names(
    plan: &Plan,
    widening: &Widening,
    reader: &Reader,
    dictionary: &Dictionary,
    stemmer: &mut Stemmer,
    offers: &mut Vec<Offer>,
) -> Result<Vec<Range<usize>>> {
    let (mut start, mut known) = (0, Vec::new());
    while start < plan.words.len() {
        let longest = (plan.words.len() - start).min(lexicon::LONGEST_KEY_WORDS);
        let mut next = start + 1;
        for count in (1..=longest).rev() {
            let words = start..start + count;
            let typed = typed(&plan.words[words.clone()]);
            let key = lexicon::key_of(&typed, stemmer);
            let own: Vec<&str> = widening.synonyms.names(&key).collect();
            let field = lexicon::aliases(&typed, stemmer).filter(|_| widening.glossary);
            let glossed = match own.is_empty() && field.is_none() && widening.glossary {
                true => gloss::names(&key, reader, stemmer)?,
                false => Vec::new(),
            };
            if own.is_empty() && field.is_none() && glossed.is_empty() {
                continue;
            }
            let chars: Vec<char> =
                plan.words[words.clone()].iter().flat_map(|w| w.chars.clone()).collect();
            let literal = ask::of_name(&plan.words[words.clone()], &chars);
            let nowhere = !reader.at_least(1, &literal)?;
            if !nowhere && glossed.is_empty() {
                known.push(words.clone());
            }
            let names = own.iter().map(|n| (*n, Source::Synonym));
            let names = names.chain(
                field.iter().flat_map(|f| f.names()).map(|n| (n, Source::Glossary)),
            );
            let names = names.chain(glossed.iter().map(|n| (n.as_str(), Source::Notes)));
            let mut taken = 0;
            for (name, source) in names {
                if taken == MOST_NAMES {
                    break;
                }
                let other = lexicon::key_of(name, stemmer);
                let said = offers.iter().any(|o| o.words == words && o.name == name);
                if other == key || said || other.is_empty() {
                    continue;
                }
                let (parts, chars) = query::words(name, dictionary, stemmer);
                if parts.is_empty() {
                    continue;
                }
                // What a note glosses stands there, as long as the note does.
                let stands = source == Source::Notes && !reader.has_deletions();
                if !stands && !reader.at_least(1, &ask::of_name(&parts, &chars))? {
                    continue;
                }
                let han = chars.iter().any(|&c| class(c) == Class::Gram);
                let worth = match (source, nowhere, han) {
                    (Source::Synonym, ..) => SYNONYM_WORTH,
                    (Source::Notes, true, _) => GLOSSED_ONLY_WORTH,
                    (Source::Notes, ..) => GLOSSED_WORTH,
                    (_, true, _) => ONLY_WORTH,
                    (_, _, true) => TO_HAN_WORTH,
                    (_, _, false) => TO_LATIN_WORTH,
                };
                taken += 1;
                offers.push(Offer {
                    words: words.clone(),
                    typed: typed.clone(),
                    name: name.to_owned(),
                    chars,
                    worth,
                    source,
                    parts,
                });
            }
            next = start + count;
            break;
        }
        start = next;
    }
    Ok(known)
}

/// Words as they were typed: Han words together, others with a space between.
fn typed(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !word.han {
            text.push(' ');
        }
        text.push_str(&word.typed);
    }
    text
}

/// Returns what is said of offers that found something.
pub fn remarks<'a>(offers: impl Iterator<Item = &'a Offer>) -> Vec<String> {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for offer in offers {
        let head = match offer.source {
            Source::Synonym | Source::Glossary | Source::Notes => {
                format!("≈ {} →", offer.typed)
            }
            Source::Sound => "拼音:".to_owned(),
            Source::Correction => format!("{} is nowhere; did you mean:", offer.typed),
            Source::Near => format!("{} is rare; also looked for:", offer.typed),
            Source::Beginning => format!("{}… →", offer.typed),
        };
        match lines.iter_mut().find(|(known, _)| *known == head) {
            Some((_, names)) => names.push(&offer.name),
            None => lines.push((head, vec![&offer.name])),
        }
    }
    lines
        .into_iter()
        .map(|(head, names)| format!("{head} {}", names.join(", ")))
        .collect()
}

/// So many sections are read to see whether a name stands in one of them.
const MOST_LOOKED_AT: usize = 24;

/// Returns whether a name of two and more characters stands in some section.
pub fn stands(reader: &Reader, name: &str) -> Result<bool> {
    let name = fold(name);
    let Some((pairs, is_shared)) = pairs(&name) else { return Ok(false) };
    let (mut stands, mut looked_at) = (false, 0);
    reader.first(&pairs, |candidate| {
        // Lists that are shared with other pairs prove nothing.
        stands = !is_shared || {
            let bytes = reader.record_bytes(candidate)?;
            bytes.glance().is_some_and(|glance| {
                let texts = [glance.title, glance.body];
                let texts = || texts.iter().chain(&glance.trail);
                let names = [glance.note_title, glance.path];
                // As it is written, nearly always; else as it is searched.
                texts().any(|text| text.contains(&name))
                    || names.iter().any(|text| fold(text).contains(&name))
                    || texts().any(|text| fold(&text.text()).contains(&name))
            })
        };
        looked_at += 1;
        Ok(!stands && looked_at < MOST_LOOKED_AT)
    })?;
    Ok(stands)
}

/// Returns how many sections hold what a name is made of; 0 where it stands in none.
pub fn frequency(reader: &Reader, name: &str) -> Result<usize> {
    match pairs(&fold(name)) {
        Some((pairs, _)) if stands(reader, name)? => reader.count(&pairs),
        _ => Ok(0),
    }
}

/// What asks for all pairs of characters of a name, and whether some have a shared list.
fn pairs(name: &str) -> Option<(Ask, bool)> {
    let chars: Vec<char> = name.chars().collect();
    let pairs: Vec<String> = chars.windows(2).map(|p| p.iter().collect()).collect();
    let shared = pairs.iter().any(|p| is_shared(p));
    let asks = pairs.into_iter().map(|p| forms::alone(TextField::Text, p, 0.0));
    let asks: Vec<Ask> = asks.collect();
    (!asks.is_empty()).then_some((Ask::All(asks), shared))
}

/// Returns how many sections hold a pair of characters, as far as there is a list of them: of
/// pairs that are no words there is one of headings only.
pub fn pair_freq(reader: &Reader, pair: &[char]) -> u64 {
    let pair: String = pair.iter().collect();
    let shared = is_shared(&pair);
    reader.doc_freq(if shared { TextField::Title } else { TextField::Text }, &pair)
}
