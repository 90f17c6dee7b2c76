//! Lists of few documents, in as few bits as they need.
//!
//! The engine packs 128 documents at a time and gives each of the rest one byte or more, and a byte
//! for how often it holds the term, which is mostly once. Nearly all lists are of fewer, and what
//! holds a term lies close together, since neighbours are of one note: binary interpolative coding
//! (Moffat, Stuiver 2000) makes use of that. Counts are in Elias' gamma code (1975).
//!
//! Part of the notes that lists take (S, M): the engine's 0.413, 0.386; lists of fewer than 128
//! documents in these codes 0.361, 0.365, of fewer than 256 0.344, 0.354, 512 0.322, 0.341, 1024
//! 0.300, 0.328. A list is read whole, some 5 ns a document.

use tantivy::DocId;

/// Returns how many documents a list has that is no brief one any more, in a segment of so many.
/// Longer ones stay as the engine writes them: it reads them by the block, and leaves out most where
/// it is sent to a few places. Over 100 MB of notes 1024 takes 2 to 5 % more instructions a query
/// than 256; over 8 MB no more time.
pub(super) const fn most(documents: u32) -> u32 {
    match documents <= FEW_DOCUMENTS {
        true => LONGEST,
        false => LONGEST_OF_MANY,
    }
}

/// In a small segment: a longer list takes more time to read than it saves room. [`CLASSES`] go up
/// to 1375.
const LONGEST: u32 = 1024;

/// In a large one: two of the blocks that the engine leaves out.
const LONGEST_OF_MANY: u32 = 256;

/// Some 30 MB of notes have so many sections.
const FEW_DOCUMENTS: u32 = 1 << 15;

/// A list of the engine begins with this byte, others never do: see [`CLASSES`].
pub(super) const LONG: u8 = 0;

/// How many documents: a class in unary, then this many bits. At most seven zeros come first, so
/// that no list begins with a byte of eight.
const CLASSES: [u32; 8] = [0, 1, 2, 3, 4, 6, 8, 10];

/// Documents and how often each holds the term; without counts each does once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Brief {
    pub documents: Vec<DocId>,
    pub counts: Vec<u32>,
}

impl Brief {
    /// Empties it.
    pub fn clear(&mut self) {
        self.documents.clear();
        self.counts.clear();
    }

    /// Adds a document, which comes after the others.
    #[inline]
    pub fn push(&mut self, document: DocId, count: u32) {
        self.documents.push(document);
        self.counts.push(count);
    }

    /// How often the document of this number holds the term.
    #[inline]
    pub fn count(&self, number: usize) -> u32 {
        self.counts.get(number).copied().unwrap_or(1)
    }

    /// Appends the list to `out`. All documents are below `documents`.
    ///
    /// # Panics
    /// Where it has none, or more than [`CLASSES`] reach.
    pub fn write(&self, documents: u32, out: &mut Vec<u8>) {
        let mut bits = Writer { out, held: 0, count: 0 };
        bits.class(self.documents.len() as u32);
        let counted = self.counts.iter().any(|&count| count != 1);
        bits.put(counted.into(), 1);
        bits.between(&self.documents, 0, documents.saturating_sub(1));
        if counted {
            self.counts.iter().for_each(|&count| bits.gamma(count));
        }
        bits.end();
    }

    /// Reads a list that [`Brief::write`] wrote, for as many `documents`; none where it is damaged.
    pub fn read(bytes: &[u8], documents: u32) -> Option<Self> {
        let mut bits = Reader::new(bytes);
        let count = bits.class()?;
        if count > documents {
            return None;
        }
        let counted = bits.take(1) == 1;
        let mut all = vec![0; count as usize];
        bits.between(&mut all, 0, documents - 1);
        let mut counts = Vec::new();
        if counted {
            counts.reserve_exact(all.len());
            for _ in 0..count {
                counts.push(bits.gamma()?);
            }
        }
        bits.is_at_end().then_some(Self { documents: all, counts })
    }
}

/// How many bits a number below `range` takes, and how many numbers take one less.
#[inline]
fn spread(range: u32) -> (u32, u32) {
    let bits = u32::BITS - (range - 1).leading_zeros();
    let shorter = (1u64 << bits) - u64::from(range);
    (bits, shorter as u32)
}

/// Puts bits after one another, the highest of a number first.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    held: u64,
    count: u32,
}

impl Writer<'_> {
    /// Puts the lowest bits of a number, 32 at most.
    #[inline]
    fn put(&mut self, number: u32, bits: u32) {
        self.held = self.held << bits | u64::from(number);
        self.count += bits;
        while self.count >= 8 {
            self.count -= 8;
            self.out.push((self.held >> self.count) as u8);
        }
    }

    fn class(&mut self, number: u32) {
        let mut first = 1;
        for (class, &bits) in (0..).zip(&CLASSES) {
            if number - first < 1 << bits {
                self.put(1, class + 1);
                self.put(number - first, bits);
                return;
            }
            first += 1 << bits;
        }
        unreachable!("a list of {number} is no brief one");
    }

    fn gamma(&mut self, number: u32) {
        let bits = number.max(1).ilog2();
        self.put(0, bits);
        self.put(number.max(1), bits + 1);
    }

    /// Puts numbers in order that lie from `low` to `high`: the middle one, then those on its
    /// sides, which it bounds.
    fn between(&mut self, numbers: &[u32], low: u32, high: u32) {
        let Some(&middle) = numbers.get(numbers.len() / 2) else { return };
        let before = numbers.len() as u32 / 2;
        let after = numbers.len() as u32 - 1 - before;
        let range = high - after - (low + before) + 1;
        let number = middle - (low + before);
        let (bits, shorter) = spread(range);
        match number < shorter {
            true => self.put(number, bits - 1),
            false => self.put(number + shorter, bits),
        }
        let (left, right) = numbers.split_at(before as usize);
        if !left.is_empty() {
            self.between(left, low, middle - 1);
        }
        if after > 0 {
            self.between(&right[1..], middle + 1, high);
        }
    }

    fn end(self) {
        if self.count > 0 {
            self.out.push((self.held << (8 - self.count)) as u8);
        }
    }
}

/// Takes bits; after the last of them zeros.
struct Reader<'a> {
    rest: &'a [u8],
    /// The next bits from the highest on.
    ahead: u64,
    count: u32,
    /// How many of them are not there.
    missing: u32,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, ahead: 0, count: 0, missing: 0 }
    }

    /// Makes sure of 32 bits.
    #[inline]
    fn fill(&mut self) {
        if self.count >= u32::BITS {
            return;
        }
        match self.rest.split_first_chunk() {
            Some((four, rest)) => {
                self.ahead |= u64::from(u32::from_be_bytes(*four)) << (32 - self.count);
                self.count += u32::BITS;
                self.rest = rest;
            }
            None => self.fill_from_last(),
        }
    }

    #[cold]
    fn fill_from_last(&mut self) {
        while self.count < u32::BITS {
            match self.rest.split_first() {
                Some((&byte, rest)) => {
                    self.ahead |= u64::from(byte) << (56 - self.count);
                    self.rest = rest;
                }
                None => self.missing += 8,
            }
            self.count += 8;
        }
    }

    /// Returns true where all is taken but what fills up the last byte, and no more.
    fn is_at_end(&self) -> bool {
        let left = self.count.checked_sub(self.missing);
        self.rest.is_empty() && left.is_some_and(|left| left < 8) && self.ahead == 0
    }

    /// Takes 32 bits at most.
    #[inline]
    fn take(&mut self, bits: u32) -> u32 {
        self.fill();
        let taken = (self.ahead >> 1 >> (63 - bits)) as u32;
        self.skip(bits);
        taken
    }

    #[inline]
    fn skip(&mut self, bits: u32) {
        self.ahead <<= bits;
        self.count -= bits;
    }

    fn class(&mut self) -> Option<u32> {
        self.fill();
        let class = self.ahead.leading_zeros();
        let bits = *CLASSES.get(class as usize)?;
        self.skip(class + 1);
        let before: u32 = CLASSES[..class as usize].iter().map(|bits| 1 << bits).sum();
        Some(1 + before + self.take(bits))
    }

    #[inline]
    fn gamma(&mut self) -> Option<u32> {
        self.fill();
        let bits = self.ahead.leading_zeros();
        if bits >= u32::BITS {
            return None;
        }
        self.skip(bits);
        Some(self.take(bits + 1))
    }

    /// Takes a number from `low` to `high`.
    #[inline]
    fn number(&mut self, low: u32, high: u32) -> u32 {
        let (bits, shorter) = spread(high - low + 1);
        self.fill();
        let long = (self.ahead >> 1 >> (63 - bits)) as u32;
        let short = long >> 1;
        let is_short = short < shorter;
        self.skip(bits - u32::from(is_short));
        low + if is_short { short } else { long - shorter }
    }

    /// Fills in numbers as [`Writer::between`] put them. There are as many as fit, whatever the
    /// bits say.
    fn between(&mut self, mut numbers: &mut [u32], mut low: u32, high: u32) {
        while let Some(last) = numbers.len().checked_sub(1) {
            let before = numbers.len() / 2;
            let after = (last - before) as u32;
            let middle = self.number(low + before as u32, high - after);
            let (left, right) = numbers.split_at_mut(before);
            match left {
                [] => {}
                // Half of all: not worth a call.
                [one] => *one = self.number(low, middle - 1),
                left => self.between(left, low, middle - 1),
            }
            right[0] = middle;
            numbers = &mut right[1..];
            low = middle + 1;
        }
    }
}

#[cfg(test)]
mod tests;
