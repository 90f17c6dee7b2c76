//! Terms to posting lists in memory, many times faster than the engine's own way.
//!
//! The engine follows a pointer into a large table and from there to a list of its own for
//! every occurrence of every term; on notes half of all time was spent waiting for memory there.
//! Here a term is found in one cache line, its neighbours in the text are fetched at the same
//! time, an occurrence is one addition, and lists come into being once, at the end, by counting.

mod absorb;

use std::hint::black_box;
use std::io;

use tantivy::postings::FieldSerializer;

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

/// The terms of one field and which documents hold them.
#[derive(Debug, Default)]
pub(super) struct Postings {
    slots: Vec<Slot>,
    /// The bytes of all terms, one after another, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// How many documents hold each term.
    doc_freqs: Vec<u32>,
    /// How often each stands in the document that is being added, and which do.
    counts: Vec<u32>,
    here: Vec<u32>,
    occurrences: u32,
    /// All documents before it, see [`Postings::end_document`], and where each ends.
    log: Vec<u32>,
    documents: Vec<u32>,
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

/// Stands for the number of a key that is no term.
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
            let id = self.id(key, term.as_bytes());
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

    /// Adds a term to the table, in which it is not and for which there is room. Returns its
    /// number.
    pub fn insert(&mut self, place: Place, key: u64, term: &[u8]) -> u32 {
        let id = self.only_by_number(term);
        self.slots[place.0] = Slot { key, id, companion: 0 };
        id
    }

    /// Adds a term that is never looked for in the table. Returns its number.
    pub fn only_by_number(&mut self, term: &[u8]) -> u32 {
        let id = self.ends.len() as u32;
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len() as u32);
        self.doc_freqs.push(0);
        self.counts.push(0);
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
    pub fn id(&mut self, key: u64, term: &[u8]) -> u32 {
        match self.find(key, term) {
            Known::Term(id, _) | Known::Alias(id) => id,
            Known::New(place) => self.insert(place, key, term),
        }
    }

    /// Adds an occurrence of each of these terms to the document.
    #[inline]
    pub fn count(&mut self, ids: &[u32]) {
        for &id in ids {
            let count = &mut self.counts[id as usize];
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
    /// shorter numbers of bytes takes longer than to fetch longer ones.
    pub fn end_document(&mut self) -> u32 {
        for &id in &self.here {
            let count = std::mem::take(&mut self.counts[id as usize]);
            self.doc_freqs[id as usize] += 1;
            self.log.push(id << COUNT_BITS | count.min(COUNT_FOLLOWS));
            if count >= COUNT_FOLLOWS {
                self.log.push(count);
            }
        }
        self.here.clear();
        self.documents.push(self.log.len() as u32);
        self.total_occurrences += u64::from(self.occurrences);
        std::mem::take(&mut self.occurrences)
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
            + (self.log.len() + self.documents.len()) * size_of::<u32>()
    }

    fn term(&self, id: u32) -> &[u8] {
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
        self.counts = Vec::new();
    }

    /// Writes the terms of these numbers in this order, which is that of their bytes, each with
    /// its documents. `sorted_at_once` postings are in memory a second time, 8 bytes each.
    pub fn write<W: io::Write>(
        &self,
        field: &mut FieldSerializer<'_, W>,
        sorted_at_once: usize,
        order: &[u32],
    ) -> io::Result<()> {
        let mut sorted: Vec<u64> = Vec::new();
        // Where in it each term's next document belongs.
        let mut places: Vec<u32> = Vec::new();
        let mut left = order;
        while !left.is_empty() {
            // As many terms as fit.
            places.clear();
            places.resize(self.ends.len(), ELSEWHERE);
            let (mut terms, mut count) = (0, 0usize);
            for &id in left {
                let doc_freq = self.doc_freqs[id as usize] as usize;
                if terms > 0 && count + doc_freq > sorted_at_once {
                    break;
                }
                places[id as usize] = count as u32;
                (terms, count) = (terms + 1, count + doc_freq);
            }
            sorted.resize(count, 0);
            self.sort(&mut places, &mut sorted);
            let (these, others) = left.split_at(terms);
            let mut start = 0;
            for &id in these {
                field.new_term(self.term(id), self.doc_freqs[id as usize], true)?;
                let end = places[id as usize] as usize;
                for &posting in &sorted[start..end] {
                    field.write_doc((posting >> 32) as u32, posting as u32, &[]);
                }
                field.close_term()?;
                start = end;
            }
            left = others;
        }
        Ok(())
    }

    /// The numbers of the terms that some document holds, in the order of their bytes.
    pub fn order(&self) -> Vec<u32> {
        let held = |id: &u32| self.doc_freqs[*id as usize] > 0;
        let beginning = |id: u32| {
            let term = self.term(id);
            let mut bytes = [0; COMPARED_BYTES];
            let len = term.len().min(COMPARED_BYTES);
            bytes[..len].copy_from_slice(&term[..len]);
            (u128::from_be_bytes(bytes), id)
        };
        let mut order: Vec<_> =
            (0..self.ends.len() as u32).filter(held).map(beginning).collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| self.term(a.1).cmp(self.term(b.1)))
        });
        order.into_iter().map(|(_, id)| id).collect()
    }

    /// Puts the postings of the terms that have a place where they belong in `sorted`: document
    /// in the upper half, occurrences in the lower. Places tell afterwards where each term's
    /// postings end.
    fn sort(&self, places: &mut [u32], sorted: &mut [u64]) {
        let mut start = 0;
        for (document, &end) in (0u64..).zip(&self.documents) {
            let mut entries = self.log[start..end as usize].iter();
            while let Some(&entry) = entries.next() {
                let count = match entry & COUNT_FOLLOWS {
                    COUNT_FOLLOWS => *entries.next().expect("written whole"),
                    count => count,
                };
                let place = &mut places[(entry >> COUNT_BITS) as usize];
                if *place != ELSEWHERE {
                    sorted[*place as usize] = document << 32 | u64::from(count);
                    *place += 1;
                }
            }
            start = end as usize;
        }
    }
}

/// Nearly all terms differ in their first bytes, which are compared as a number.
const COMPARED_BYTES: usize = 16;

/// The place of a term whose postings are put in order another time.
const ELSEWHERE: u32 = u32::MAX;
