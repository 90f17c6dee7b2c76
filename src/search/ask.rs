//! From a plan to what the index is asked: the stages of relaxation, and what must hold.

use crate::error::Result;
use crate::index::{Ask, Reader, TextField, is_shared};
use crate::query::{Clause, Place, Plan, Run, Scope, Word};
use crate::text::{Class, Kind, STEM_MARK, Stemmer, class, pieces};

/// A heading's term draws a section as strongly as one of its text, on top of it: it must be
/// among the candidates, the second stage decides. Twice as strongly drew headings that only
/// name a word of the query before sections that answer it.
const TITLE_WEIGHT: f32 = 1.0;

/// Pairs across words draw weakly.
const PAIR_WEIGHT: f32 = 0.4;

/// A stem draws less than the word as typed.
const STEM_WEIGHT: f32 = 0.8;

/// At most this many words of the vocabulary stand for the beginning or a part of one.
const MOST_EXPANDED: usize = 512;

/// The stages, most demanding first: as typed, all words, any word. Each with what must hold.
/// `frequent` tells of a word whether so many sections have it that looking through them for
/// another word is too much.
pub fn stages(
    plan: &Plan,
    offers: &[Named],
    strict: &[Ask],
    relax: bool,
    frequent: impl Fn(usize) -> bool,
) -> Vec<Ask> {
    let mut stages = Vec::new();
    let typed = plan.words.iter().filter(|w| !w.function);
    let mut titles: Vec<Ask> = typed.map(|w| in_title(w, TITLE_WEIGHT)).collect();
    for offer in offers {
        let words = offer.parts.iter().filter(|w| !w.function);
        titles.extend(words.map(|w| in_title(w, TITLE_WEIGHT * offer.worth)));
    }
    let stage = |words: Vec<Ask>, may: &[Ask]| {
        let must = words.into_iter().chain(strict.iter().cloned()).collect();
        Ask::Ranked { must, may: may.to_vec(), not: Vec::new() }
    };
    if plan.words.is_empty() {
        return vec![stage(Vec::new(), &[])];
    }
    // A word is there where it stands itself or another name for it does.
    let here = |(i, word): (usize, &Word)| {
        let others = offers.iter().filter(|o| o.words.contains(&i));
        let mut here = vec![in_text(word, 1.0)];
        here.extend(others.map(|o| of_name(&o.parts, &o.chars)));
        Ask::Any(here)
    };
    let content = plan.words.iter().enumerate().filter(|(_, w)| !w.function);
    let all: Vec<Ask> = content.map(here).collect();
    let near: Vec<Ask> =
        plan.runs.iter().flat_map(|r| as_typed(r, &plan.words)).collect();
    stages.push(stage(near, &titles));
    if relax && all.len() > 1 {
        let pairs: Vec<String> = plan.runs.iter().flat_map(|r| pairs(&r.chars)).collect();
        let draw = |p: &String| Ask::Term(TextField::Text, p.clone(), PAIR_WEIGHT);
        let may: Vec<Ask> =
            titles.iter().cloned().chain(pairs.iter().map(draw)).collect();
        stages.push(stage(all.clone(), &may));
        let content = plan.words.iter().enumerate().filter(|(_, w)| !w.function);
        let (often, rare): (Vec<_>, Vec<_>) =
            content.map(|(i, _)| i).zip(all).partition(|&(i, _)| frequent(i));
        let asks = |words: Vec<(usize, Ask)>| words.into_iter().map(|(_, ask)| ask);
        if often.is_empty() || rare.is_empty() {
            let alone = pairs.into_iter().map(|p| alone(TextField::Text, p, PAIR_WEIGHT));
            let any = asks(rare).chain(asks(often)).chain(titles).chain(alone).collect();
            stages.push(stage(vec![Ask::Any(any)], &[]));
        } else {
            // Sections with the rare words; the others only add.
            let headed: Vec<Ask> = rare
                .iter()
                .map(|&(i, _)| in_title(&plan.words[i], TITLE_WEIGHT))
                .collect();
            let may = may.into_iter().filter(|ask| !headed.contains(ask));
            let may: Vec<Ask> = asks(often).chain(may).collect();
            let lead = asks(rare).chain(headed).collect();
            stages.push(stage(vec![Ask::Any(lead)], &may));
        }
    } else {
        stages.push(stage(all, &titles));
    }
    stages
}

/// Another name for words of the query, cut into its own words.
pub struct Named {
    /// Which words of the query.
    pub words: std::ops::Range<usize>,
    /// The words of the name.
    pub parts: Vec<Word>,
    /// The name, folded.
    pub chars: Vec<char>,
    /// What it is worth beside the words themselves.
    pub worth: f32,
}

/// A name, its words side by side as far as the index can tell.
pub fn of_name(parts: &[Word], chars: &[char]) -> Ask {
    let run = Run { chars: chars.to_vec(), words: 0..parts.len() };
    Ask::All(as_typed(&run, parts))
}

/// A word, wherever it may stand.
pub fn in_text(word: &Word, weight: f32) -> Ask {
    if word.han {
        return Ask::Term(TextField::Text, word.chars.iter().collect(), weight);
    }
    forms(word, TextField::Text, weight)
}

fn in_title(word: &Word, weight: f32) -> Ask {
    if word.han {
        return Ask::Term(TextField::Title, word.chars.iter().collect(), weight);
    }
    forms(word, TextField::Title, weight)
}

/// A word of letters in its forms: as typed, by its stem, by its parts.
fn forms(word: &Word, field: TextField, weight: f32) -> Ask {
    let text: String = word.chars.iter().collect();
    let mut forms = vec![Ask::Term(field, text.clone(), weight)];
    let mut stemmer = Stemmer::default();
    let stem = stemmer.stem(&text).unwrap_or(&text).to_owned();
    if stem != text {
        forms.push(Ask::Term(field, stem.clone(), weight * STEM_WEIGHT));
    }
    forms.push(Ask::Term(field, format!("{STEM_MARK}{stem}"), weight * STEM_WEIGHT));
    if word.parts.len() > 1 {
        let parts = word.parts.iter().map(|p| Ask::Term(field, p.clone(), weight / 2.0));
        forms.push(Ask::All(parts.collect()));
    }
    Ask::Any(forms)
}

/// What a run as typed must hold: all pairs of neighbours, and words of letters.
fn as_typed(run: &Run, words: &[Word]) -> Vec<Ask> {
    let mut asks: Vec<Ask> = words[run.words.clone()]
        .iter()
        .filter(|w| !w.han || run.words.len() == 1)
        .map(|w| in_text(w, 1.0))
        .collect();
    let mut covered = vec![false; run.chars.len()];
    for (i, pair) in run.chars.windows(2).enumerate() {
        if pair.iter().all(|&c| class(c) == Class::Gram) {
            (covered[i], covered[i + 1]) = (true, true);
            if run.words.len() > 1 {
                let pair: String = pair.iter().collect();
                asks.push(match run.chars.len() {
                    2 => alone(TextField::Text, pair, 1.0),
                    _ => Ask::Term(TextField::Text, pair, 1.0),
                });
            }
        }
    }
    for (&c, covered) in run.chars.iter().zip(covered) {
        if class(c) == Class::Gram && !covered && run.words.len() > 1 {
            asks.push(Ask::Term(TextField::Text, c.to_string(), 1.0));
        }
    }
    asks
}

/// A pair that nothing else stands beside. One that is no word shares its list with others: its
/// two characters leave few of their sections.
pub fn alone(field: TextField, pair: String, weight: f32) -> Ask {
    if field != TextField::Text || !is_shared(&pair) {
        return Ask::Term(field, pair, weight);
    }
    let mut asks: Vec<Ask> =
        pair.chars().map(|c| Ask::Term(field, c.to_string(), 0.0)).collect();
    asks.push(Ask::Term(field, pair, weight));
    Ask::All(asks)
}

fn pairs(chars: &[char]) -> impl Iterator<Item = String> {
    chars
        .windows(2)
        .filter(|p| p.iter().all(|&c| class(c) == Class::Gram))
        .map(|p| p.iter().collect())
}

/// What a clause asks of the index: every document that the clause holds for, and few others.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the vocabulary cannot be read.
pub fn strict(clause: &Clause, reader: &Reader) -> Result<Ask> {
    let several = |clauses: &[Clause]| -> Result<Vec<Ask>> {
        clauses.iter().map(|c| strict(c, reader)).collect()
    };
    Ok(match clause {
        // What must not hold is looked at in the text; the index only knows supersets.
        Clause::Not(_) => Ask::Everything,
        Clause::Any(clauses) => Ask::Any(several(clauses)?),
        Clause::All(clauses) => Ask::All(several(clauses)?),
        Clause::Words(place, words) => {
            let field = field(*place);
            Ask::All(
                words
                    .iter()
                    .map(|w| match w.han {
                        true => Ask::Term(field, w.chars.iter().collect(), 1.0),
                        false => forms(w, field, 1.0),
                    })
                    .collect(),
            )
        }
        Clause::Contains(Place::Only(Scope::Path), part) => {
            names_with(reader, TextField::File, part)?
        }
        Clause::Contains(Place::Only(Scope::Tag), part) => {
            names_with(reader, TextField::Tag, part)?
        }
        Clause::Contains(place, literal) => contains(reader, field(*place), literal)?,
        Clause::Begins(Place::Only(Scope::Path), part) => {
            names_with(reader, TextField::File, part)?
        }
        Clause::Begins(Place::Only(Scope::Tag), part) => {
            names_with(reader, TextField::Tag, part)?
        }
        Clause::Begins(place, prefix) => {
            let chars: Vec<char> = prefix.chars().collect();
            match chars.iter().all(|&c| class(c) == Class::Word) {
                true => {
                    let mut terms = Vec::new();
                    reader.terms_from(field(*place), prefix, |term, _| {
                        terms.push(Ask::Term(field(*place), term.to_owned(), 1.0));
                        terms.len() < MOST_EXPANDED
                    })?;
                    Ask::Any(terms)
                }
                false => contains(reader, field(*place), prefix)?,
            }
        }
    })
}

fn field(place: Place) -> TextField {
    match place {
        Place::Only(Scope::Title) => TextField::Title,
        _ => TextField::Text,
    }
}

/// Paths or tags that contain a folded text.
fn names_with(reader: &Reader, field: TextField, part: &str) -> Result<Ask> {
    let mut found = Vec::new();
    reader.terms_from(field, "", |term, _| {
        let name = match field {
            TextField::File => term.split_once('/').map_or(term, |(_, path)| path),
            _ => term,
        };
        if crate::text::fold(name).contains(part) {
            found.push(Ask::Term(field, term.to_owned(), 0.0));
        }
        true
    })?;
    Ok(Ask::Any(found))
}

/// A literal text: the terms that any text with it must have. Its first and last word may be
/// pieces of longer words, so the vocabulary is asked which.
fn contains(reader: &Reader, field: TextField, literal: &str) -> Result<Ask> {
    let chars: Vec<char> = literal.chars().collect();
    let mut found = Vec::new();
    pieces(&chars, |p| found.push(p));
    let mut asks = Vec::new();
    for piece in &found {
        let text: String = chars[piece.core_range()].iter().collect();
        match piece.kind {
            Kind::Sign => asks.push(Ask::Term(field, text, 1.0)),
            Kind::Han if piece.range().len() == 1 => {
                asks.push(Ask::Term(field, text, 1.0));
            }
            Kind::Han if piece.range().len() == 2 => {
                asks.push(alone(field, text, 1.0));
            }
            Kind::Han => {
                asks.extend(
                    pairs(&chars[piece.range()]).map(|p| Ask::Term(field, p, 1.0)),
                );
            }
            Kind::Word => {
                let (open_left, open_right) =
                    (piece.core.0 == 0, piece.core.1 == chars.len());
                match (open_left, open_right) {
                    (false, false) => asks.push(Ask::Term(field, text, 1.0)),
                    (left, right) => {
                        asks.extend(words_with(reader, field, &text, left, right)?);
                    }
                }
            }
        }
    }
    Ok(if asks.is_empty() { Ask::Everything } else { Ask::All(asks) })
}

/// Words of the vocabulary that contain a text: at their end where only the left is open, at
/// their beginning where only the right is. `None` where they are too many to ask for.
fn words_with(
    reader: &Reader,
    field: TextField,
    text: &str,
    left: bool,
    right: bool,
) -> Result<Option<Ask>> {
    let mut terms = Vec::new();
    let mut too_many = false;
    let from = if left { "" } else { text };
    reader.terms_from(field, from, |term, _| {
        let fits = match (left, right) {
            (true, true) => term.contains(text),
            (true, false) => term.ends_with(text),
            _ => true,
        };
        if fits && !term.starts_with(STEM_MARK) {
            terms.push(Ask::Term(field, term.to_owned(), 1.0));
            too_many = terms.len() > MOST_EXPANDED;
        }
        // Terms are in byte order: after the Latin ones come those that hold no Latin word.
        !too_many && (!left || term.as_bytes().first().is_none_or(|&b| b < 0xE3))
    })?;
    Ok((!too_many).then_some(Ask::Any(terms)))
}
