//! Terms to posting lists in memory, many times faster than the engine's own way.
//!
//! The engine follows a pointer into a large table and from there to a list of its own for
//! every occurrence of every term; on notes half of all time was spent waiting for memory there.
//! Here a term is found in one cache line, its neighbours in the text are fetched at the same
//! time, an occurrence in a document already seen costs one addition, and lists come into being
//! once, at the end, by counting.

use std::hint::black_box;
use std::io;

use tantivy::postings::FieldSerializer;

/// A place in the table of terms: four to a cache line.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// See [`key`]; 0 where the slot is free.
    key: u64,
    /// Number of the term, in order of first appearance.
    id: u32,
    /// Where in `document` the term stands, if it does.
    at: u32,
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
    /// The document that is being added: terms and how often each occurs.
    document: Vec<(u32, u32)>,
    occurrences: u32,
    /// All documents before it, see [`Postings::end_document`].
    log: Vec<u8>,
    total_occurrences: u64,
    keys: Vec<(u64, usize)>,
}

/// Keys from here on are hashes, see [`key`].
const LONG_KEY: u64 = 0xF << 60;

/// The table grows at this fill, in sixteenths: fuller ones have long ways to a free slot.
const FULL_SIXTEENTHS: usize = 11;
const FIRST_SLOTS: usize = 1 << 10;

/// Odd and without pattern (2^64 divided by the golden ratio): Knuth's multiplicative hashing.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many terms are fetched from memory at a time: more than the processor has loads in
/// flight, and few enough to be in its nearest cache when they are used.
const FETCHED: usize = 128;

impl Postings {
    /// Adds occurrences of terms to the document.
    pub fn add<'t>(&mut self, terms: impl Iterator<Item = &'t str> + Clone) {
        let mut rest = terms.filter(|t| !t.is_empty());
        loop {
            while (self.ends.len() + FETCHED) * 16 > self.slots.len() * FULL_SIXTEENTHS {
                self.grow();
            }
            let shift = 64 - self.slots.len().trailing_zeros();
            let mut keys = std::mem::take(&mut self.keys);
            keys.clear();
            let batch = rest.clone().take(FETCHED);
            keys.extend(batch.map(|term| {
                let key = key(term.as_bytes());
                (key, (key.wrapping_mul(SPREAD) >> shift) as usize)
            }));
            // The loads do not wait for one another; the loop below would make them.
            let touched = keys.iter().fold(0, |sum, (_, at)| sum ^ self.slots[*at].at);
            black_box(touched);
            for &(key, at) in &keys {
                let term = rest.next().expect("as many as keys");
                self.one(key, at, term.as_bytes());
            }
            self.keys = keys;
            if self.keys.len() < FETCHED {
                return;
            }
        }
    }

    #[inline]
    fn one(&mut self, key: u64, mut at: usize, term: &[u8]) {
        self.occurrences += 1;
        let mask = self.slots.len() - 1;
        loop {
            let slot = self.slots[at];
            if slot.key == key && (key < LONG_KEY || self.term(slot.id) == term) {
                match self.document.get_mut(slot.at as usize) {
                    Some((id, count)) if *id == slot.id => *count += 1,
                    _ => {
                        self.slots[at].at = self.document.len() as u32;
                        self.document.push((slot.id, 1));
                    }
                }
                return;
            }
            if slot.key == 0 {
                let id = self.ends.len() as u32;
                self.slots[at] = Slot { key, id, at: self.document.len() as u32 };
                self.document.push((id, 1));
                self.bytes.extend_from_slice(term);
                self.ends.push(self.bytes.len() as u32);
                self.doc_freqs.push(0);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// Ends the document; the next has the next number. Returns how many occurrences it had.
    ///
    /// Layout: the number of terms, then of each its number, doubled, plus one where the number
    /// of occurrences follows because it is not one. Frequent terms have small numbers, as they
    /// came early: a posting takes some 2.3 bytes.
    pub fn end_document(&mut self) -> u32 {
        push_number(&mut self.log, self.document.len() as u32);
        for &(id, count) in &self.document {
            self.doc_freqs[id as usize] += 1;
            push_number(&mut self.log, id << 1 | u32::from(count > 1));
            if count > 1 {
                push_number(&mut self.log, count);
            }
        }
        self.document.clear();
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
            + self.ends.len() * 2 * size_of::<u32>()
            + self.bytes.len()
            + self.log.len()
    }

    fn term(&self, id: u32) -> &[u8] {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.bytes[start as usize..self.ends[id as usize] as usize]
    }

    fn grow(&mut self) {
        let count = (self.slots.len() * 2).max(FIRST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); count]);
        let shift = 64 - count.trailing_zeros();
        for slot in old.into_iter().filter(|s| s.key != 0) {
            let mut at = (slot.key.wrapping_mul(SPREAD) >> shift) as usize;
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

    /// Writes the chosen terms in order of their bytes, each with its documents.
    /// `sorted_at_once` postings are in memory a second time, 8 bytes each.
    pub fn write(
        &self,
        field: &mut FieldSerializer<'_>,
        sorted_at_once: usize,
        chosen: impl Fn(&str) -> bool,
    ) -> io::Result<()> {
        let mut order = self.order();
        order.retain(|&id| str::from_utf8(self.term(id)).is_ok_and(&chosen));
        // The others rank after all places.
        let mut ranks = vec![u32::MAX; self.ends.len()];
        for (rank, &id) in (0..).zip(&order) {
            ranks[id as usize] = rank;
        }
        let mut sorted: Vec<u64> = Vec::new();
        let mut ends: Vec<u32> = Vec::new();
        let mut first = 0;
        while first < order.len() {
            // As many terms as fit, where each one's documents begin.
            ends.clear();
            let mut count = 0usize;
            for &id in &order[first..] {
                let doc_freq = self.doc_freqs[id as usize] as usize;
                if count > 0 && count + doc_freq > sorted_at_once {
                    break;
                }
                ends.push(count as u32);
                count += doc_freq;
            }
            sorted.resize(count, 0);
            self.sort(&ranks, first as u32, &mut ends, &mut sorted);
            let mut start = 0;
            for (&id, &end) in order[first..].iter().zip(&ends) {
                field.new_term(self.term(id), self.doc_freqs[id as usize], true)?;
                for &posting in &sorted[start..end as usize] {
                    field.write_doc((posting >> 32) as u32, posting as u32, &[]);
                }
                field.close_term()?;
                start = end as usize;
            }
            first += ends.len();
        }
        Ok(())
    }

    /// The terms' numbers in the order of their bytes.
    fn order(&self) -> Vec<u32> {
        let beginning = |id: u32| {
            let term = self.term(id);
            let mut bytes = [0; 8];
            let len = term.len().min(8);
            bytes[..len].copy_from_slice(&term[..len]);
            (u64::from_be_bytes(bytes), id)
        };
        let mut order: Vec<_> = (0..self.ends.len() as u32).map(beginning).collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| self.term(a.1).cmp(self.term(b.1)))
        });
        order.into_iter().map(|(_, id)| id).collect()
    }

    /// Puts the postings of the terms from rank `first` on, as many as `places` has, where they
    /// belong in `sorted`: document in the upper half, occurrences in the lower. `places` tells
    /// where each term's begin, afterwards where they end.
    fn sort(&self, ranks: &[u32], first: u32, places: &mut [u32], sorted: &mut [u64]) {
        let mut log = Numbers(self.log.iter());
        let mut document = 0u64;
        while let Some(terms) = log.next() {
            for _ in 0..terms {
                let entry = log.next().expect("written whole");
                let count = match entry & 1 {
                    0 => 1,
                    _ => log.next().expect("written whole"),
                };
                let rank = ranks[(entry >> 1) as usize].wrapping_sub(first);
                if let Some(place) = places.get_mut(rank as usize) {
                    sorted[*place as usize] = document << 32 | u64::from(count);
                    *place += 1;
                }
            }
            document += 1;
        }
    }
}

/// A term in 8 bytes, never 0. The upper four bits say how the rest is to be read: up to seven
/// bytes and their length (0), three or four Han characters (12, 14), up to twelve letters (13);
/// a hash of the few others (15).
#[inline]
fn key(term: &[u8]) -> u64 {
    let len = term.len();
    if len >= 8 {
        let packed = match len {
            9 => han(term).map(|chars| chars | 0xC << 60),
            12 => han(term).map(|chars| chars | 0xE << 60),
            _ => None,
        };
        let packed = packed.or_else(|| letters(term));
        return packed.unwrap_or_else(|| hash(term) | LONG_KEY);
    }
    let four = |at: usize| {
        let bytes = term[at..at + 4].try_into().expect("four bytes");
        u64::from(u32::from_le_bytes(bytes))
    };
    let bytes = if len >= 4 {
        four(0) | four(len - 4) << (8 * (len - 4))
    } else {
        let at = |i: usize| u64::from(term[i]) << (8 * i);
        at(0) | at(len / 2) | at(len - 1)
    };
    bytes | (len as u64) << 56
}

/// Characters of three bytes from U+3000 to U+AFFF, 15 bits each: all common Han characters.
fn han(term: &[u8]) -> Option<u64> {
    let (chars, _) = term.as_chunks::<3>();
    chars.iter().try_fold(0, |packed, &[a, b, c]| {
        let [a, b, c] = [a, b, c].map(u32::from);
        let code = (a & 0xF) << 12 | (b & 0x3F) << 6 | c & 0x3F;
        let common = a & 0xF0 == 0xE0 && (0x3000..0xB000).contains(&code);
        common.then(|| packed << 15 | u64::from(code - 0x3000))
    })
}

/// Up to twelve of `a` to `z` and what follows it in ASCII to the mark of stems, five bits each.
fn letters(term: &[u8]) -> Option<u64> {
    if term.len() > 12 {
        return None;
    }
    let letter = |packed, byte: &u8| {
        (b'a'..=b'~').contains(byte).then(|| packed << 5 | u64::from(byte - b'`'))
    };
    let packed = term.iter().try_fold(0xD, letter);
    packed.map(|packed| packed << (5 * (12 - term.len())))
}

/// Collisions cost a comparison, no more.
fn hash(term: &[u8]) -> u64 {
    let mut hash = term.len() as u64;
    let mut mix = |bytes: [u8; 8]| {
        hash = (hash ^ u64::from_le_bytes(bytes)).wrapping_mul(SPREAD);
        hash ^= hash >> 32;
    };
    let (eights, _) = term.as_chunks::<8>();
    eights.iter().for_each(|e| mix(*e));
    // The last eight once more, instead of a rest of another length.
    mix(*term.last_chunk::<8>().expect("long terms are no shorter"));
    hash
}

/// Seven bits a byte, least first; the last byte of a number has its highest bit clear.
#[inline]
fn push_number(log: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        log.push(number as u8 | 0x80);
        number >>= 7;
    }
    log.push(number as u8);
}

/// Reads what [`push_number`] wrote.
struct Numbers<'a>(std::slice::Iter<'a, u8>);

impl Iterator for Numbers<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let byte = *self.0.next()?;
        let mut number = u32::from(byte & 0x7F);
        let (mut more, mut shift) = (byte >= 0x80, 7);
        while more {
            let byte = *self.0.next()?;
            number |= u32::from(byte & 0x7F) << shift;
            (more, shift) = (byte >= 0x80, shift + 7);
        }
        Some(number)
    }
}
