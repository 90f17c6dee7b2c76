//! What must hold, as the index can be asked for it: the text decides.

use std::collections::BTreeSet;

use super::forms::{alone, forms, pairs};
use crate::error::Result;
use crate::index::{Ask, Reader, TextField};
use crate::query::{Clause, Place, Scope, squeeze};
use crate::text::{
    Class, Kind, LONGEST_TERM_BYTES, OVERLAP_BYTES, STEM_MARK, class, fold, pieces,
};

/// At most this many words of the vocabulary stand for the beginning or a part of one.
const MOST_EXPANDED: usize = 512;

/// Between these all terms begin with Han or kana (U+3000 to U+9FFF).
const FIRST_HAN: &str = "\u{3000}";
const AFTER_HAN: &str = "\u{a000}";

/// What a clause asks of the index: every document that the clause holds for, and few others.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the vocabulary cannot be read.
pub fn ask(clause: &Clause, reader: &Reader) -> Result<Ask> {
    let several = |clauses: &[Clause]| -> Result<Vec<Ask>> {
        clauses.iter().map(|c| ask(c, reader)).collect()
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
                        terms.len() <= MOST_EXPANDED
                    })?;
                    if terms.len() > MOST_EXPANDED {
                        // Those that are asked for come first; the text decides on the others.
                        terms.push(Ask::Everything);
                    }
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
        Place::Anywhere | Place::Only(Scope::Tag | Scope::Path | Scope::Code) => {
            TextField::Text
        }
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
        if squeeze(&fold(name)).contains(part) {
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
    let mut seen = BTreeSet::new();
    for piece in &found {
        let text: String = chars[piece.core_range()].iter().collect();
        let open = (piece.core.0 == 0, piece.core.1 == chars.len());
        // What is there once is there for each time that it was typed.
        if !seen.insert((text.clone(), piece.range().len(), open)) {
            continue;
        }
        match piece.kind {
            Kind::Sign => asks.push(Ask::Term(field, text, 1.0)),
            Kind::Han if piece.range().len() == 1 => {
                asks.push(Ask::Term(field, text, 1.0));
            }
            Kind::Han if piece.range().len() == 2 => {
                asks.push(alone(field, text, 1.0));
            }
            Kind::Han => {
                let each: BTreeSet<String> = pairs(&chars[piece.range()]).collect();
                asks.extend(each.into_iter().map(|pair| Ask::Term(field, pair, 1.0)));
            }
            Kind::Word => match open {
                (false, false) if text.len() <= LONGEST_TERM_BYTES => {
                    asks.push(Ask::Term(field, text, 1.0));
                }
                // Of a word that is in several terms only so much is sure to be in one.
                (left, _) if text.len() > OVERLAP_BYTES => {
                    let text = &text[..text.floor_char_boundary(OVERLAP_BYTES)];
                    asks.extend(words_with(reader, field, text, left, true)?);
                }
                (left, right) => {
                    asks.extend(words_with(reader, field, &text, left, right)?);
                }
            },
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
    let mut take = |term: &str| {
        let fits = match (left, right) {
            (true, true) => term.contains(text),
            (true, false) => term.ends_with(text),
            _ => term.starts_with(text),
        };
        if fits && !term.starts_with(STEM_MARK) {
            terms.push(Ask::Term(field, term.to_owned(), 1.0));
            too_many = terms.len() > MOST_EXPANDED;
        }
        (!too_many, fits)
    };
    if left {
        // Terms are in byte order, and most are Han, which hold no word: those are passed over.
        reader.terms_from(field, "", |term, _| take(term).0 && term < FIRST_HAN)?;
        reader.terms_after(field, AFTER_HAN, |term, _| take(term).0)?;
    } else {
        reader.terms_from(field, text, |term, _| take(term).0)?;
    }
    Ok((!too_many).then_some(Ask::Any(terms)))
}
