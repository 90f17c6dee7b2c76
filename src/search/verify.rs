//! What must hold, checked on the text itself: the index only knows supersets.

use crate::index::Record;
use crate::query::{Clause, Place, Scope, squeeze};
use crate::text::{Class, Folded, class, fold};

use super::needles::Needles;
use super::scan::Match;

/// A clause, ready to be checked.
#[derive(Debug)]
pub enum Check {
    /// The text contains this.
    Contains(Place, Vec<char>),
    /// A word begins so.
    Begins(Place, Vec<char>),
    /// All of so many words occur.
    Words(Place, Box<Needles>, usize),
    /// Does not hold.
    Not(Box<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// All hold.
    All(Vec<Self>),
}

/// A section's text in the forms that checks need. Made once a section.
pub struct Texts<'a> {
    record: &'a Record<'a>,
    title: Folded,
    body: Folded,
    aside: Folded,
}

impl<'a> Texts<'a> {
    /// Folds a section's texts.
    pub fn new(record: &'a Record<'a>) -> Self {
        let body = if record.borrowed { "" } else { record.body };
        Self {
            record,
            title: Folded::new(record.title),
            body: Folded::new(body),
            aside: Folded::new(record.aside),
        }
    }

    /// Returns whether something holds for the folded heading, body or what stands aside.
    pub fn any(&self, mut holds: impl FnMut(&[char]) -> bool) -> bool {
        [&self.title, &self.body, &self.aside].iter().any(|text| holds(&text.chars))
    }
}

impl Check {
    /// Prepares a clause.
    pub fn new(clause: &Clause) -> Self {
        let several = |clauses: &[Clause]| clauses.iter().map(Self::new).collect();
        match clause {
            Clause::Contains(place, text) => {
                Self::Contains(*place, text.chars().collect())
            }
            Clause::Begins(place, text) => Self::Begins(*place, text.chars().collect()),
            Clause::Words(place, words) => {
                Self::Words(*place, Box::new(Needles::new(words, &[])), words.len())
            }
            Clause::Not(inner) => Self::Not(Box::new(Self::new(inner))),
            Clause::Any(clauses) => Self::Any(several(clauses)),
            Clause::All(clauses) => Self::All(several(clauses)),
        }
    }

    /// Returns whether the clause holds for a section.
    pub fn holds(&self, texts: &Texts) -> bool {
        match self {
            Self::Not(inner) => !inner.holds(texts),
            Self::Any(checks) => checks.iter().any(|c| c.holds(texts)),
            Self::All(checks) => checks.iter().all(|c| c.holds(texts)),
            Self::Contains(Place::Only(Scope::Path), part)
            | Self::Begins(Place::Only(Scope::Path), part) => {
                let part: String = part.iter().collect();
                squeeze(&fold(texts.record.path)).contains(&part)
            }
            Self::Contains(Place::Only(Scope::Tag), part)
            | Self::Begins(Place::Only(Scope::Tag), part) => {
                let part: String = part.iter().collect();
                texts.record.tags.lines().any(|tag| squeeze(&fold(tag)).contains(&part))
            }
            Self::Contains(place, literal) => {
                any_text(texts, *place, |_, folded, inside| {
                    occurrences(&folded.chars, literal).iter().any(|o| inside(o.start))
                })
            }
            Self::Begins(place, prefix) => {
                any_text(texts, *place, |_, folded, inside| {
                    occurrences(&folded.chars, prefix).iter().any(|o| {
                        inside(o.start) && begins_word(&folded.chars, o.start as usize)
                    })
                })
            }
            Self::Words(place, needles, count) => {
                let mut has = vec![false; *count];
                any_text(texts, *place, |original, folded, inside| {
                    for m in needles.scan(original, folded).matches {
                        has[m.word as usize] |= inside(m.start);
                    }
                    false
                });
                has.iter().all(|&h| h)
            }
        }
    }

    /// Adds what the clause marks in a text, with the word number given.
    pub fn mark(
        &self,
        original: &str,
        folded: &Folded,
        word: u32,
        marked: &mut Vec<Match>,
    ) {
        match self {
            Self::Not(_) => {}
            Self::Any(checks) | Self::All(checks) => {
                checks.iter().for_each(|c| c.mark(original, folded, word, marked));
            }
            Self::Contains(Place::Only(Scope::Path | Scope::Tag), _)
            | Self::Begins(Place::Only(Scope::Path | Scope::Tag), _) => {}
            Self::Contains(_, literal) => {
                let found = occurrences(&folded.chars, literal);
                marked.extend(found.into_iter().map(|m| Match { word, ..m }));
            }
            Self::Begins(_, prefix) => {
                let found = occurrences(&folded.chars, prefix).into_iter();
                let begins =
                    found.filter(|m| begins_word(&folded.chars, m.start as usize));
                marked.extend(begins.map(|m| Match { word, ..m }));
            }
            Self::Words(_, needles, _) => {
                let found = needles.scan(original, folded).matches.into_iter();
                marked.extend(found.map(|m| Match { word, ..m }));
            }
        }
    }
}

/// What a heading with the quoted text is worth beside a body full of it, and how often it stands in a
/// body of middle length that is half full: as in BM25, of which these are the usual constants.
const HEADED: f32 = 2.0;
const HALF: f32 = 1.2;
const BY_LENGTH: f32 = 0.75;

/// Returns how much a section is about what is quoted, for a query of nothing else. `average` is the
/// length of a body, in characters.
pub fn about(checks: &[Check], texts: &Texts, average: f32) -> f32 {
    let about_one = |check: &Check| match check {
        Check::Any(checks) | Check::All(checks) => about(checks, texts, average),
        Check::Words(Place::Only(Scope::Title), needles, _) => {
            let title = &texts.title;
            let matches = needles.scan(texts.record.title, title).matches;
            let length: u32 = matches.iter().map(|m| m.end - m.start).sum();
            HEADED * (1.0 + (length as f32 / title.chars.len().max(1) as f32).min(1.0))
        }
        Check::Contains(
            place @ (Place::Anywhere | Place::Only(Scope::Title | Scope::Code)),
            literal,
        ) => {
            let (title, body) = (&texts.title.chars, &texts.body.chars);
            let headed = *place != Place::Only(Scope::Code)
                && !occurrences(title, literal).is_empty();
            let share = literal.len() as f32 / title.len().max(1) as f32;
            let count = occurrences(body, literal).len() as f32;
            let length = 1.0 - BY_LENGTH + BY_LENGTH * body.len() as f32 / average;
            let title = if headed { HEADED * (1.0 + share) } else { 0.0 };
            title + count / (count + HALF * length)
        }
        _ => 0.0,
    };
    checks.iter().map(about_one).sum()
}

/// Calls `holds` with each text of a place until it says yes; the last argument tells of a
/// folded character whether it is inside the place.
fn any_text(
    texts: &Texts,
    place: Place,
    mut holds: impl FnMut(&str, &Folded, &dyn Fn(u32) -> bool) -> bool,
) -> bool {
    let record = texts.record;
    match place {
        Place::Only(Scope::Title) => holds(record.title, &texts.title, &|_| true),
        Place::Only(Scope::Code) => {
            let code = code_ranges(record, &texts.body);
            let inside = |at: u32| code.iter().any(|c| c.0 <= at && at < c.1);
            holds(record.body, &texts.body, &inside)
        }
        Place::Anywhere | Place::Only(Scope::Tag | Scope::Path) => {
            holds(record.title, &texts.title, &|_| true)
                || holds(record.body, &texts.body, &|_| true)
                || holds(record.aside, &texts.aside, &|_| true)
        }
    }
}

/// Returns the folded characters of a body that are code, as half-open ranges.
pub fn code_ranges(record: &Record, body: &Folded) -> Vec<(u32, u32)> {
    if record.code.is_empty() || body.chars.is_empty() {
        return Vec::new();
    }
    let mut starts = vec![0u32];
    let ends = body.chars.iter().enumerate().filter(|(_, c)| **c == '\n');
    starts.extend(ends.map(|(i, _)| i as u32 + 1));
    let at =
        |line: u32| starts.get(line as usize).copied().unwrap_or(body.chars.len() as u32);
    record.code.iter().map(|&(from, to)| (at(from), at(to))).collect()
}

fn begins_word(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|i| class(chars[i]));
    before != Some(Class::Word) || class(chars[at]) != Class::Word
}

/// Returns where a folded literal stands in folded text; a space in it stands for any white
/// space.
pub fn occurrences(chars: &[char], literal: &[char]) -> Vec<Match> {
    let mut found = Vec::new();
    let Some(&first) = literal.first() else { return found };
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == first
            && let Some(end) = matches_at(chars, at, literal)
        {
            let (start, end) = (at as u32, end as u32);
            found.push(Match {
                word: 0,
                start,
                end,
                position: start,
                worth: 1.0,
                source: 0,
            });
        }
        at += 1;
    }
    found
}

fn matches_at(chars: &[char], start: usize, literal: &[char]) -> Option<usize> {
    let mut at = start;
    for &wanted in literal {
        let c = *chars.get(at)?;
        if wanted == ' ' {
            if !c.is_whitespace() {
                return None;
            }
            while chars.get(at).is_some_and(|c| c.is_whitespace()) {
                at += 1;
            }
        } else if c == wanted {
            at += 1;
        } else {
            return None;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(literal: &str, text: &str, count: usize) {
        let chars: Vec<char> = text.chars().collect();
        let literal: Vec<char> = literal.chars().collect();
        assert_eq!(occurrences(&chars, &literal).len(), count, "{literal:?} in {text}");
    }

    #[test]
    fn literals_are_found_across_white_space() {
        check("a b", "a  b a\nb ab", 2);
        check("三次", "三次三次", 2);
        check("aa", "aaa", 2);
        check("x", "", 0);
    }
}
