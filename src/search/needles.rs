//! A query, ready to be looked for in texts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::query::{Run, Word};
use crate::text::{Class, Stemmer, class};

/// A query, ready to be looked for.
#[derive(Debug, Default)]
pub struct Needles {
    pub(super) words: Vec<Needle>,
    /// What is known of the characters of the query.
    pub(super) letters: Letters,
    /// How its words of letters begin.
    pub(super) heads: Heads,
    /// For two Han units side by side in the query, their pair.
    pub(super) pairs: BTreeMap<(u32, u32), u32>,
    /// How many units there are: distinct Han characters, then words of other scripts.
    pub unit_count: usize,
    /// The terms of the units, for their frequencies.
    pub unit_terms: Vec<String>,
    /// The terms of the pairs.
    pub pair_terms: Vec<String>,
    /// For each unit, whether only grammar words have it.
    pub unit_function: Vec<bool>,
    /// For each unit, whether it is a Han character.
    pub unit_han: Vec<bool>,
    pub(super) stemmer: RefCell<Stemmer>,
    /// Stems of words that were looked at.
    pub(super) stems: RefCell<BTreeMap<Vec<char>, Rc<str>>>,
}

/// A small table by character, behind a filter: most characters of a text are in no query, and
/// a hash of each would take a fifth of a search.
#[derive(Debug, Default)]
pub(super) struct Letters {
    /// One bit for each value of a character's low bits.
    filter: [u64; 16],
    /// Sorted by character.
    pub(super) rows: Vec<Letter>,
}

#[derive(Debug)]
pub(super) struct Letter {
    pub(super) c: char,
    /// Its unit, for a Han character.
    pub(super) unit: Option<u32>,
    /// Which needles begin with it.
    pub(super) begins: Vec<u32>,
}

impl Letters {
    fn slot(c: char) -> (usize, u64) {
        let low = c as usize & 1023;
        (low / 64, 1 << (low % 64))
    }

    #[inline]
    pub(super) fn get(&self, c: char) -> Option<&Letter> {
        self.row(c).map(|i| &self.rows[i as usize])
    }

    #[inline]
    pub(super) fn row(&self, c: char) -> Option<u32> {
        let (word, bit) = Self::slot(c);
        if self.filter[word] & bit == 0 {
            return None;
        }
        self.rows.binary_search_by_key(&c, |row| row.c).ok().map(|i| i as u32)
    }

    fn entry(&mut self, c: char) -> &mut Letter {
        let (word, bit) = Self::slot(c);
        self.filter[word] |= bit;
        let i = match self.rows.binary_search_by_key(&c, |row| row.c) {
            Ok(i) => i,
            Err(i) => {
                self.rows.insert(i, Letter { c, unit: None, begins: Vec::new() });
                i
            }
        };
        &mut self.rows[i]
    }
}

/// A filter of the first two characters of needles: a text has many words that begin with one
/// of their first letters.
#[derive(Debug, Default)]
pub(super) struct Heads([u64; 16]);

impl Heads {
    fn slot(first: char, second: char) -> (usize, u64) {
        let low = (first as usize).wrapping_mul(37).wrapping_add(second as usize) & 1023;
        (low / 64, 1 << (low % 64))
    }

    #[inline]
    pub(super) fn has(&self, first: char, second: char) -> bool {
        let (word, bit) = Self::slot(first, second);
        self.0[word] & bit > 0
    }

    fn add(&mut self, chars: &[char]) {
        let &[first, second, ..] = chars else { return };
        let (word, bit) = Self::slot(first, second);
        self.0[word] |= bit;
        // Within a phrase, `_` stands for a space; no other gap is part of a word.
        let (word, bit) = Self::slot(first, '_');
        self.0[word] |= bit;
    }
}

#[derive(Debug)]
pub(super) struct Needle {
    pub(super) chars: Vec<char>,
    pub(super) han: bool,
    /// Stem of a word of Latin letters; the word itself where it has no ending.
    pub(super) stem: Option<String>,
    /// Which word of the query this stands for.
    pub(super) word: u32,
    /// How much of that word a match is worth.
    pub(super) worth: f32,
    pub(super) unit: u32,
    /// Several words: compared character by character, white space and hyphens alike.
    pub(super) phrase: bool,
    /// 0 for what was typed, else the number of the offer.
    pub(super) source: u16,
}

impl Needles {
    /// Prepares words and runs.
    pub fn new(words: &[Word], runs: &[Run]) -> Self {
        let mut needles = Self::default();
        for (i, word) in (0u32..).zip(words) {
            if word.han {
                for &c in &word.chars {
                    needles.unit(c, word.function);
                }
                needles.add(word.chars.clone(), true, i, 1.0, 0);
            } else {
                let term: String = word.chars.iter().collect();
                let unit = needles.unit_terms.len() as u32;
                needles.unit_terms.push(term);
                needles.unit_function.push(word.function);
                needles.unit_han.push(false);
                needles.add(word.chars.clone(), false, i, 1.0, unit);
            }
        }
        for run in runs {
            let units: Vec<Option<u32>> = run
                .chars
                .iter()
                .map(|&c| needles.letters.get(c).and_then(|l| l.unit))
                .collect();
            for (pair, chars) in units.windows(2).zip(run.chars.windows(2)) {
                let &[Some(a), Some(b)] = pair else { continue };
                let next = needles.pair_terms.len() as u32;
                if let std::collections::btree_map::Entry::Vacant(slot) =
                    needles.pairs.entry((a, b))
                {
                    slot.insert(next);
                    needles.pair_terms.push(chars.iter().collect());
                }
            }
        }
        needles.unit_count = needles.unit_terms.len();
        needles
    }

    /// Lets another text stand for words of the query: a synonym, a correction. `source` tells
    /// its matches from those of the words themselves.
    pub fn also(
        &mut self,
        words: std::ops::Range<usize>,
        chars: &[char],
        worth: f32,
        source: u16,
    ) {
        let han = chars.iter().all(|&c| class(c) == Class::Gram);
        let single = chars.iter().all(|&c| class(c) == Class::Word);
        for word in words {
            let word = word as u32;
            let unit = self.words.iter().find(|n| n.word == word).map_or(0, |n| n.unit);
            let chars = chars.to_vec();
            if han || single {
                self.add(chars, han, word, worth, unit);
            } else {
                let index = self.words.len() as u32;
                self.letters.entry(chars[0]).begins.push(index);
                self.heads.add(&chars);
                let phrase = true;
                let stem = None;
                self.words.push(Needle {
                    chars,
                    han,
                    phrase,
                    stem,
                    word,
                    worth,
                    unit,
                    source,
                });
                continue;
            }
            if let Some(needle) = self.words.last_mut() {
                needle.source = source;
            }
        }
    }

    fn unit(&mut self, c: char, function: bool) -> u32 {
        let next = self.unit_terms.len() as u32;
        let unit = *self.letters.entry(c).unit.get_or_insert(next);
        if unit == next {
            self.unit_terms.push(c.to_string());
            self.unit_function.push(function);
            self.unit_han.push(true);
        } else if !function {
            self.unit_function[unit as usize] = false;
        }
        unit
    }

    fn add(&mut self, chars: Vec<char>, han: bool, word: u32, worth: f32, unit: u32) {
        let Some(&first) = chars.first() else { return };
        let stem = (!han && chars.iter().all(char::is_ascii_lowercase)).then(|| {
            let text: String = chars.iter().collect();
            let stem = self.stemmer.get_mut().stem(&text).map(str::to_owned);
            stem.unwrap_or(text)
        });
        let index = self.words.len() as u32;
        self.letters.entry(first).begins.push(index);
        self.heads.add(&chars);
        let (phrase, source) = (false, 0);
        self.words.push(Needle { chars, han, phrase, stem, word, worth, unit, source });
    }
}
