//! Terms to posting lists in memory, many times faster than the engine's own way.
//!
//! The engine follows a pointer into a large table and from there to a list of its own for
//! every occurrence of every term; on notes half of all time was spent waiting for memory there.
//! Here a term is found in one cache line, its neighbours in the text are fetched at the same
//! time, an occurrence is one addition, and lists come into being once, at the end, by counting.

mod absorb;
mod sort;

use std::hint::black_box;

pub(super) use sort::{ListWriter, Sorted};

use super::key::{LONG, SPREAD, key};

/// A place in the table of terms: four to a cache line.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// See [`key`]; 0 where the slot is free.
    key: u64,
    /// Number of the term, in order of first appearance.
    id: u32,
    /// Number of the term that comes with it, plus one: see [`Postings::accompany`].
    companion: u32,
}

/// What is counted of a term; both are wanted when a document ends, so they lie side by side.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    /// How many documents hold it, and in the highest bit whether it is counted.
    doc_freq: u32,
    /// How often it stands in the document that is being added.
    here: u32,
}

/// Marks a term whose occurrences are counted, see [`Tally`].
const COUNTED: u32 = 1 << 31;

impl Tally {
    #[inline]
    fn is_counted(self) -> bool {
        self.doc_freq & COUNTED != 0
    }

    fn doc_freq(self) -> u32 {
        self.doc_freq & !COUNTED
    }
}

/// Which terms the documents hold, document by document.
#[derive(Debug, Default)]
struct Log {
    entries: Vec<u32>,
    /// Where each document ends.
    ends: Vec<u32>,
}

/// The terms of one field and which documents hold them.
#[derive(Debug, Default)]
pub(super) struct Postings {
    slots: Vec<Slot>,
    /// The bytes of all terms, one after another, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    tallies: Vec<Tally>,
    /// The terms of the document that is being added.
    here: Vec<u32>,
    occurrences: u32,
    /// All documents before it, see [`Postings::end_document`].
    log: Log,
    total_occurrences: u64,
    /// Keys that stand for no term.
    aliases: usize,
    keys: Vec<u64>,
}

/// The table grows at this fill, in sixteenths: fuller ones have long ways to a free slot.
const FULL_SIXTEENTHS: usize = 11;
const FIRST_SLOTS: usize = 1 << 10;

/// How an entry of the log is shifted, to make room for the number of occurrences, and the
/// greatest of these, which says that the number follows.
const COUNT_BITS: u32 = 4;
const COUNT_FOLLOWS: u32 = (1 << COUNT_BITS) - 1;

/// Stands for the number of a key that is no term, and for one that is not known yet.
const NO_TERM: u32 = u32::MAX;

/// Where a key is in the table or belongs, as long as the table does not grow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(usize);

/// What is known of a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    /// A term's number, and the number of the term that comes with it.
    Term(u32, Option<u32>),
    /// No term but this, see [`Postings::alias`].
    Alias(u32),
    /// Nothing yet.
    New(Place),
}

impl Postings {
    /// Adds occurrences of terms to the document.
    pub fn add<'t>(&mut self, terms: impl Iterator<Item = &'t str> + Clone) {
        let terms = terms.filter(|t| !t.is_empty());
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        keys.extend(terms.clone().map(|term| key(term.as_bytes())));
        self.reserve(keys.len());
        self.fetch(keys.iter().copied());
        for (&key, term) in keys.iter().zip(terms) {
            let id = self.id(key, term.as_bytes(), false);
            self.count(&[id]);
        }
        self.keys = keys;
    }

    /// Makes room for so many new terms: places found before are void.
    pub fn reserve(&mut self, terms: usize) {
        while (self.ends.len() + self.aliases + terms) * 16
            > self.slots.len() * FULL_SIXTEENTHS
        {
            self.grow();
        }
    }

    /// Fetches what is known of keys from memory. These loads do not wait for one another;
    /// those of [`Postings::find`] would.
    #[inline]
    pub fn fetch(&self, keys: impl Iterator<Item = u64>) {
        let touched = keys.fold(0, |sum, key| sum ^ self.slots[self.place(key)].id);
        black_box(touched);
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        (key.wrapping_mul(SPREAD) >> (64 - self.slots.len().trailing_zeros())) as usize
    }

    /// Returns what is known of a term. Where its key says all, the bytes need not be there.
    #[inline]
    pub fn find(&self, key: u64, term: &[u8]) -> Known {
        let mut at = self.place(key);
        loop {
            let slot = self.slots[at];
            if slot.key == key && (key < LONG || self.term(slot.id) == term) {
                return match slot.id {
                    NO_TERM => Known::Alias(slot.companion),
                    id => Known::Term(id, slot.companion.checked_sub(1)),
                };
            }
            if slot.key == 0 {
                return Known::New(Place(at));
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Adds a term to the table, in which it is not and for which there is room, and whether its
    /// occurrences are counted. Returns its number.
    pub fn insert(
        &mut self,
        place: Place,
        key: u64,
        term: &[u8],
        is_counted: bool,
    ) -> u32 {
        let id = self.only_by_number(term, is_counted);
        self.slots[place.0] = Slot { key, id, companion: 0 };
        id
    }

    /// Adds a term that is never looked for in the table. Returns its number.
    pub fn only_by_number(&mut self, term: &[u8], is_counted: bool) -> u32 {
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len() as u32);
        let doc_freq = if is_counted { COUNTED } else { 0 };
        self.tallies.push(Tally { doc_freq, here: 0 });
        id
    }

    /// Makes a key stand for something that is no term of this field. It takes a term's room.
    pub fn alias(&mut self, place: Place, key: u64, other: u32) {
        self.slots[place.0] = Slot { key, id: NO_TERM, companion: other };
        self.aliases += 1;
    }

    /// Lets a term come with the one at this place, wherever that stands: its stem.
    pub fn accompany(&mut self, place: Place, companion: u32) {
        self.slots[place.0].companion = companion + 1;
    }

    /// Returns the number of a term, new or not. There must be room.
    pub fn id(&mut self, key: u64, term: &[u8], is_counted: bool) -> u32 {
        match self.find(key, term) {
            Known::Term(id, _) | Known::Alias(id) => id,
            Known::New(place) => self.insert(place, key, term, is_counted),
        }
    }

    /// Adds an occurrence of each of these terms to the document.
    #[inline]
    pub fn count(&mut self, ids: &[u32]) {
        for &id in ids {
            let count = &mut self.tallies[id as usize].here;
            if *count == 0 {
                self.here.push(id);
            }
            *count += 1;
        }
        self.occurrences += ids.len() as u32;
    }

    /// Adds occurrences of terms that are kept elsewhere.
    pub fn count_others(&mut self, occurrences: usize) {
        self.occurrences += occurrences as u32;
    }

    /// Ends the document; the next has the next number. Returns how many occurrences it had.
    ///
    /// Of each term its number and how often it stands there are kept, in four bytes: to read
    /// shorter numbers of bytes takes longer than to fetch longer ones. All terms are in one log:
    /// which are counted is as if by chance, and a processor that guesses it wrong waits longer
    /// than two logs would save.
    pub fn end_document(&mut self) -> u32 {
        for &id in &self.here {
            let tally = &mut self.tallies[id as usize];
            let count = std::mem::take(&mut tally.here);
            tally.doc_freq += 1;
            self.log.entries.push(id << COUNT_BITS | count.min(COUNT_FOLLOWS));
            if count >= COUNT_FOLLOWS {
                self.log.entries.push(count);
            }
        }
        self.here.clear();
        self.log.ends.push(self.log.entries.len() as u32);
        self.total_occurrences += u64::from(self.occurrences);
        std::mem::take(&mut self.occurrences)
    }

    /// Returns whether occurrences of a term are counted.
    pub fn is_counted(&self, id: u32) -> bool {
        self.tallies[id as usize].is_counted()
    }

    /// Returns how many terms there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns how many occurrences all documents have.
    pub fn total_occurrences(&self) -> u64 {
        self.total_occurrences
    }

    /// Returns how much memory this takes, about.
    pub fn mem_bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
            + self.ends.len() * 3 * size_of::<u32>()
            + self.bytes.len()
            + (self.log.entries.len() + self.log.ends.len()) * size_of::<u32>()
    }

    /// Returns the bytes of a term.
    pub fn term(&self, id: u32) -> &[u8] {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.bytes[start as usize..self.ends[id as usize] as usize]
    }

    fn grow(&mut self) {
        let count = (self.slots.len() * 2).max(FIRST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); count]);
        for slot in old.into_iter().filter(|s| s.key != 0) {
            let mut at = self.place(slot.key);
            while self.slots[at].key != 0 {
                at = (at + 1) & (count - 1);
            }
            self.slots[at] = slot;
        }
    }

    /// Gives back the memory that only adding takes.
    pub fn complete(&mut self) {
        self.slots = Vec::new();
    }
}
