//! Where the words of a query stand in a text: one pass, on folded characters, with the way back
//! to the bytes as written. Ranking, verification and highlighting all see the same matches.

use std::rc::Rc;

use crate::text::{Class, Folded, Kind, Piece, class, parts, pieces};

use super::needles::{Letter, Needle, Needles};

/// A match of a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Which word of the query.
    pub word: u32,
    /// First folded character.
    pub start: u32,
    /// One past the last folded character.
    pub end: u32,
    /// Where it begins, counted in Han characters and words from 1.
    pub position: u32,
    /// 1 where it stands as typed; less for another form of the word.
    pub worth: f32,
    /// 0 for what was typed, else the number of the offer that stands for it.
    pub source: u16,
}

/// All that a pass over a text found.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Scan {
    /// Matches of words, by start.
    pub matches: Vec<Match>,
    /// Each occurrence of a unit: its position counted in Han characters and words, the folded
    /// character, the unit.
    pub units: Vec<(u32, u32, u32)>,
    /// How often each pair occurs.
    pub pairs: Vec<u32>,
    /// Length of the text in positions without bare figures: a table of numbers does not make a
    /// text long-winded.
    pub length: u32,
}

impl Scan {
    /// Forgets all, for a query with so many pairs.
    pub fn clear(&mut self, pairs: usize) {
        self.matches.clear();
        self.units.clear();
        self.pairs.clear();
        self.pairs.resize(pairs, 0);
        self.length = 0;
    }
}

/// A word in another form says nearly the same.
const STEM_WORTH: f32 = 0.97;

/// A word that is part of an identifier, or an identifier found by its parts.
pub(super) const PART_WORTH: f32 = 0.6;

impl Needles {
    /// Looks for everything in a folded text. `original` is what was folded.
    pub fn scan(&self, original: &str, folded: &Folded) -> Scan {
        let mut scan = Scan { pairs: vec![0; self.pair_terms.len()], ..Scan::default() };
        let chars = &folded.chars;
        let mut position = 0u32;
        let mut figures = 0u32;
        pieces(chars, |piece| match piece.kind {
            Kind::Han => {
                let mut before: Option<u32> = None;
                for i in piece.range() {
                    position += 1;
                    let Some(letter) = self.letters.get(chars[i]) else {
                        before = None;
                        continue;
                    };
                    if let Some(unit) = letter.unit {
                        scan.units.push((position, i as u32, unit));
                        if let Some(pair) =
                            before.and_then(|b| self.pairs.get(&(b, unit)))
                        {
                            scan.pairs[*pair as usize] += 1;
                        }
                    }
                    self.han_at(letter, chars, i, position, &mut scan);
                    before = letter.unit;
                }
            }
            Kind::Word | Kind::Sign => {
                position += 1;
                let figure = chars[piece.core_range()].iter().all(char::is_ascii_digit);
                figures += u32::from(figure);
                let upper = |i: usize| {
                    original.as_bytes()[folded.starts[i] as usize].is_ascii_uppercase()
                };
                self.word_at(chars, &piece, position, upper, &mut scan);
            }
        });
        scan.length = position - figures;
        scan
    }

    pub(super) fn han_at(
        &self,
        letter: &Letter,
        chars: &[char],
        i: usize,
        position: u32,
        scan: &mut Scan,
    ) {
        for &n in &letter.begins {
            let needle = &self.words[n as usize];
            let end = match needle.phrase {
                true => phrase_end(chars, i, &needle.chars),
                false => {
                    chars[i..].starts_with(&needle.chars).then(|| i + needle.chars.len())
                }
            };
            if let Some(end) = end {
                let (start, end) = (i as u32, end as u32);
                let &Needle { word, worth, source, .. } = needle;
                scan.matches.push(Match { word, start, end, position, worth, source });
                if !needle.han {
                    scan.units.push((position, start, needle.unit));
                }
            }
        }
    }

    /// `upper` tells of a character whether it was written in upper case.
    pub(super) fn word_at(
        &self,
        chars: &[char],
        piece: &Piece,
        position: u32,
        upper: impl Fn(usize) -> bool,
        scan: &mut Scan,
    ) {
        let mut found = |range: std::ops::Range<usize>, factor: f32| -> bool {
            let slice = &chars[range.clone()];
            // A stem may begin otherwise than its word only after the first letters.
            let Some(letter) = slice.first().and_then(|&c| self.letters.get(c)) else {
                return false;
            };
            let mut any = false;
            let mut stem: Option<Rc<str>> = None;
            for &n in &letter.begins {
                let needle = &self.words[n as usize];
                if needle.phrase {
                    if let Some(end) = phrase_end(chars, range.start, &needle.chars) {
                        let (start, end) = (range.start as u32, end as u32);
                        let &Needle { word, worth, source, unit, .. } = needle;
                        scan.matches.push(Match {
                            word,
                            start,
                            end,
                            position,
                            worth,
                            source,
                        });
                        scan.units.push((position, start, unit));
                    }
                    continue;
                }
                let worth = if needle.han {
                    0.0
                } else if needle.chars == slice {
                    needle.worth
                } else if let Some(wanted) = &needle.stem
                    && may_share_stem(slice, &needle.chars)
                {
                    let stem = stem.get_or_insert_with(|| self.stem_of(slice));
                    if **stem == **wanted { needle.worth * STEM_WORTH } else { 0.0 }
                } else {
                    0.0
                };
                if worth > 0.0 {
                    let (start, end) = (range.start as u32, range.end as u32);
                    let worth = worth * factor;
                    let &Needle { word, source, .. } = needle;
                    scan.matches.push(Match {
                        word,
                        start,
                        end,
                        position,
                        worth,
                        source,
                    });
                    scan.units.push((position, start, needle.unit));
                    any = true;
                }
            }
            any
        };
        if piece.has_signs() && found(piece.range(), 1.0) {
            return;
        }
        let whole =
            found(piece.core_range(), if piece.has_signs() { PART_WORTH } else { 1.0 });
        if !whole && piece.core_range().len() > 3 {
            parts(chars, piece.core_range(), upper, |part| {
                found(part, PART_WORTH);
            });
        }
    }

    /// Texts say the same few words that begin as one of the query again and again.
    fn stem_of(&self, chars: &[char]) -> Rc<str> {
        if let Some(stem) = self.stems.borrow().get(chars) {
            return stem.clone();
        }
        let word: String = chars.iter().collect();
        let mut stemmer = self.stemmer.borrow_mut();
        let stem: Rc<str> = stemmer.stem(&word).unwrap_or(&word).into();
        self.stems.borrow_mut().insert(chars.to_vec(), stem.clone());
        stem
    }
}

/// False where two words begin so differently that they have no stem in common. Endings may begin
/// at the third letter, as of `use` and `using`, `try` and `tries`, `ad` and `ads`; of 22,234
/// English words of real notes all that have a stem in common pass.
fn may_share_stem(one: &[char], other: &[char]) -> bool {
    let third = |word: &[char]| match *word {
        [_, _] | [_, _, 's'] => None,
        [_, _, 'e' | 'i' | 'y', ..] => Some('e'),
        [_, _, c, ..] => Some(c),
        _ => None,
    };
    let (a, b) = (third(one), third(other));
    one.get(..2) == other.get(..2) && (a.is_none() || b.is_none() || a == b)
}

/// Returns where a phrase that begins at `start` ends; a space or hyphen in it stands for any
/// white space or hyphen, and an `s` may follow: `thread-pools` for `thread pool`.
fn phrase_end(chars: &[char], start: usize, phrase: &[char]) -> Option<usize> {
    let gap = |c: char| c.is_whitespace() || c == '-' || c == '_';
    let mut at = start;
    for &wanted in phrase {
        let c = *chars.get(at)?;
        if !(c == wanted || gap(wanted) && gap(c)) {
            return None;
        }
        at += 1;
    }
    let word = |at: usize| chars.get(at).is_some_and(|&c| class(c) == Class::Word);
    if word(at) && class(chars[at - 1]) == Class::Word {
        at += 1;
        return (chars[at - 1] == 's' && !word(at)).then_some(at);
    }
    Some(at)
}

/// Returns the folded characters that are marked when words match: matches joined where they
/// overlap or touch, as byte ranges of the original.
pub fn marks(folded: &Folded, matches: &[Match]) -> Vec<std::ops::Range<usize>> {
    let mut spans: Vec<_> = matches
        .iter()
        .map(|m| folded.span(m.start as usize..m.end as usize))
        .filter(|s| !s.is_empty())
        .collect();
    spans.sort_by_key(|s| (s.start, s.end));
    let mut joined: Vec<std::ops::Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query;
    use crate::text::Dictionary;

    fn check(asked: &str, text: &str, marked: &[&str]) {
        let plan = query::plan(&query::parse(asked).0, &Dictionary::default());
        let needles = Needles::new(&plan.words, &plan.runs);
        let folded = Folded::new(text);
        let scan = needles.scan(text, &folded);
        let found: Vec<_> =
            marks(&folded, &scan.matches).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, marked, "{asked} in {text}");
    }

    #[test]
    fn words_are_found_as_written() {
        check("线程", "線程與线程池", &["線程", "线程"]);
        check("三次握手", "三次握手，握手三次", &["三次握手", "握手三次"]);
        check("C++", "C 和 C++", &["C++"]);
        check("c", "C 和 C++、cat", &["C", "C"]);
        check("running", "Run, runs and ran", &["Run", "runs"]);
        check("map", "HashMap of maps", &["Map", "maps"]);
        check("tcp", "ＴＣＰ/IP", &["ＴＣＰ"]);
        check("go", "google, go", &["go"]);
        check("use", "using, user, usual, us", &["using"]);
        check("tries", "try, trying, tree", &["try", "trying"]);
        check("ad", "ads, added, address", &["ads", "added"]);
    }
}
