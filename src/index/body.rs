//! The terms of all that a section says, while a segment is written: what the analyzer cuts goes
//! into lists without ever being a string.
//!
//! A character alone is a place in a table. A pair that is no word goes into a shared list
//! (`bucket.rs`). All others are looked for in the table of terms by their keys, many at a time.

use std::io;

use super::bucket::Buckets;
use super::counted::is_counted;
use super::key;
use super::postings::{Known, ListWriter, Place, Postings};
use crate::text::{Dictionary, STEM_MARK, Sink, Stemmer, Told};

/// How many terms are fetched from memory at a time: more than the processor has loads in
/// flight, and few enough to be in its nearest cache when they are used.
const FETCHED: usize = 128;

/// Characters that have a place in the table: those of two bytes in UTF-16.
const CHARS: usize = 1 << 16;

/// What a text was cut into. Headings and paths are said again for each section under them:
/// kept, they are cut once.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut {
    terms: Vec<u32>,
    lists: Vec<u16>,
}

impl Cut {
    /// Empties it; its memory serves again.
    fn clear(&mut self) {
        self.terms.clear();
        self.lists.clear();
    }
}

/// A term that is to be looked for.
#[derive(Debug, Clone, Copy)]
struct Sought {
    key: u64,
    kind: Kind,
    /// Where its bytes are in [`Body::bytes`]; a pair has none.
    start: u32,
    end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pair,
    /// May have a stem.
    Word,
    Other,
}

/// The text of a segment that is being written.
#[derive(Debug)]
pub(super) struct Body {
    terms: Postings,
    /// The number of each character's term, plus one.
    singles: Vec<u32>,
    buckets: Buckets,
    stemmer: Stemmer,
    /// The stem that is added.
    stem: String,
    sought: Vec<Sought>,
    bytes: Vec<u8>,
    cut: Cut,
}

impl Default for Body {
    fn default() -> Self {
        Self {
            terms: Postings::default(),
            singles: vec![0; CHARS],
            buckets: Buckets::default(),
            stemmer: Stemmer::default(),
            stem: String::new(),
            sought: Vec::with_capacity(FETCHED),
            bytes: Vec::new(),
            cut: Cut::default(),
        }
    }
}

impl Body {
    /// Takes what was cut since this was last called.
    pub fn take(&mut self) -> Cut {
        self.look();
        // A copy, which is as large as it need be: this one has room for the longest text.
        let cut = self.cut.clone();
        self.cut.clear();
        cut
    }

    /// Adds what was cut since [`Body::take`] to the document.
    pub fn add_cut(&mut self) {
        self.look();
        let mut cut = std::mem::take(&mut self.cut);
        self.add(&cut);
        cut.clear();
        self.cut = cut;
    }

    /// Adds a text that was cut to the document.
    pub fn add(&mut self, cut: &Cut) {
        self.terms.count(&cut.terms);
        self.terms.count_others(cut.lists.len());
        self.buckets.add(&cut.lists);
    }

    /// Ends the document; the next has the next number. Returns how many occurrences it had.
    pub fn end_document(&mut self) -> u32 {
        self.buckets.end_document();
        self.terms.end_document()
    }

    /// Adds all documents of another after its own. Nothing can be cut into it afterwards: terms
    /// of the other come without their stems.
    pub fn absorb(&mut self, other: Self) {
        let mut numbers = other.terms.unknown();
        // Characters are in no table of terms.
        for (ours, theirs) in self.singles.iter_mut().zip(&other.singles) {
            let Some(theirs) = theirs.checked_sub(1) else { continue };
            if *ours == 0 {
                let (term, counted) =
                    (other.terms.term(theirs), other.terms.is_counted(theirs));
                *ours = self.terms.only_by_number(term, counted) + 1;
            }
            numbers[theirs as usize] = *ours - 1;
        }
        self.terms.absorb(other.terms, &mut numbers);
        self.buckets.absorb(&other.buckets);
    }

    /// Returns how many occurrences all documents have.
    pub fn total_occurrences(&self) -> u64 {
        self.terms.total_occurrences()
    }

    /// Returns how much memory this takes, about.
    pub fn mem_bytes(&self) -> usize {
        self.terms.mem_bytes() + self.buckets.mem_bytes()
    }

    /// Returns the numbers of the terms that are counted and of those that are not, in order,
    /// and gives back the memory that only adding takes.
    pub fn complete(&mut self) -> (Vec<u32>, Vec<u32>) {
        self.terms.complete();
        self.singles = Vec::new();
        self.terms.order().into_iter().partition(|&id| self.terms.is_counted(id))
    }

    /// Returns all terms but those that have a shared list.
    pub fn terms(&self) -> &Postings {
        &self.terms
    }

    /// Writes the shared lists, whose terms come after all others.
    pub fn write_shared(&self, field: &mut impl ListWriter) -> io::Result<()> {
        self.buckets.write(field)
    }

    fn seek(&mut self, key: u64, kind: Kind, term: &str) {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(term.as_bytes());
        self.sought.push(Sought { key, kind, start, end: self.bytes.len() as u32 });
        if self.sought.len() == FETCHED {
            self.look();
        }
    }

    /// Looks for all terms that are sought.
    fn look(&mut self) {
        // A stem comes with each.
        self.terms.reserve(2 * self.sought.len());
        self.terms.fetch(self.sought.iter().map(|s| s.key));
        for i in 0..self.sought.len() {
            let Sought { key, start, end, .. } = self.sought[i];
            let term = &self.bytes[start as usize..end as usize];
            match self.terms.find(key, term) {
                Known::Term(id, companion) => {
                    self.cut.terms.push(id);
                    self.cut.terms.extend(companion);
                }
                Known::Alias(list) => self.cut.lists.push(list as u16),
                Known::New(place) => self.new_term(self.sought[i], place),
            }
        }
        self.sought.clear();
        self.bytes.clear();
    }

    #[cold]
    fn new_term(&mut self, sought: Sought, place: Place) {
        let Sought { key, kind, start, end } = sought;
        let pair: String;
        let mut term = &self.bytes[start as usize..end as usize];
        if kind == Kind::Pair {
            let [first, second] = key::of_pair(key).expect("the key of a pair");
            pair = [first, second].into_iter().collect();
            if Dictionary::jiebas_freq(&pair).is_none() {
                let list = Buckets::of(first, second);
                self.terms.alias(place, key, list.into());
                self.cut.lists.push(list);
                return;
            }
            term = pair.as_bytes();
        }
        let text = str::from_utf8(term).expect("terms are text");
        let counted = kind == Kind::Pair || is_counted(text);
        let id = self.terms.insert(place, key, term, counted);
        self.cut.terms.push(id);
        if kind != Kind::Word {
            return;
        }
        if let Some(stem) = self.stemmer.stem(text) {
            self.stem.clear();
            self.stem.push(STEM_MARK);
            self.stem.push_str(stem);
            let stem = self.stem.as_bytes();
            let stem = self.terms.id(key::key(stem), stem, true);
            self.terms.accompany(place, stem);
            self.cut.terms.push(stem);
        }
    }
}

impl Sink for Body {
    #[inline]
    fn single(&mut self, c: char) {
        let Some(id) = self.singles.get_mut(c as usize) else {
            return self.other(c.encode_utf8(&mut [0; 4]));
        };
        if *id == 0 {
            let mut bytes = [0; 4];
            let term = c.encode_utf8(&mut bytes);
            *id = self.terms.only_by_number(term.as_bytes(), is_counted(term)) + 1;
        }
        self.cut.terms.push(*id - 1);
    }

    #[inline]
    fn pair(&mut self, first: char, second: char, told: Told) {
        if told.is_word() {
            self.seek(key::pair(first, second), Kind::Pair, "");
        } else {
            self.cut.lists.push(Buckets::of(first, second));
        }
    }

    #[inline]
    fn word(&mut self, word: &str) {
        self.seek(key::key(word.as_bytes()), Kind::Word, word);
    }

    #[inline]
    fn other(&mut self, term: &str) {
        self.seek(key::key(term.as_bytes()), Kind::Other, term);
    }
}
