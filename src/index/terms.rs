//! The terms of a field and where the list of each is, as searches and updates look them up.
//!
//! The engine's automaton of terms takes 7 % of the time of indexing, a fifth of the size of few
//! notes, and for each term that is looked up a fault or more in places far apart. Here terms are
//! in order in blocks, each of which leaves out what it has in common with the one before (front
//! coding; Witten, Moffat, Bell, Managing Gigabytes, 4.1). The first bytes of each block's first
//! term are side by side; so a term takes one small piece of the file.
//!
//! | what | bytes |
//! |---|---|
//! | blocks | see [`TermWriter::add`] |
//! | of each block, the first bytes of its first term | 8 |
//! | of each block, where it begins | 4 |
//! | how many blocks, and the same with each bit turned | 4, 4 |

mod engine;
mod file;
mod near;
mod stream;
mod write;

use std::cmp::Ordering;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::postings::TermInfo;

pub(super) use engine::empty;
pub(super) use file::{OURS, TermFile};
pub(super) use stream::Stream;
pub(super) use write::TermWriter;

/// Terms of a block. What stands outside takes 0.0015 of 103 MB of notes, and would take twice that with
/// half as many; to look a term up takes 3,500 instructions, of which a block is the most.
const BLOCK_TERMS: usize = 64;

/// What of a block's first term stands outside of it, and where the block begins.
const KEY_BYTES: usize = size_of::<u64>();
const PLACE_BYTES: usize = size_of::<u32>();

/// How many blocks there are, twice.
const COUNT_BYTES: usize = 2 * size_of::<u32>();

/// The first byte of a term says how much it has in common with the one before, how long the rest
/// is, and whether it is said how long its list is. From these on the rest of the number follows.
const REST_BITS: u32 = 3;
const LONG_REST: u8 = (1 << REST_BITS) - 1;
const HAS_INFO: u8 = 1 << REST_BITS;
const COMMON_SHIFT: u32 = REST_BITS + 1;
const LONG_COMMON: u8 = u8::MAX >> COMMON_SHIFT;

/// The terms of a field.
#[derive(Debug)]
pub(super) struct FieldTerms {
    file: Arc<dyn FileHandle>,
    /// Where blocks begin in the file.
    start: usize,
    /// What stands outside of them: keys, places, and where the last block ends.
    keys: OwnedBytes,
    places: OwnedBytes,
    end: usize,
}

/// A term in a block.
#[derive(Debug, Clone, Copy)]
struct Entry<'b> {
    /// So many bytes are those of the term before.
    common: usize,
    rest: &'b [u8],
    doc_freq: u32,
    list_len_bytes: u64,
}

/// What is left of a block.
#[derive(Debug, Clone, Copy)]
struct Block<'b> {
    bytes: &'b [u8],
    /// How long a list is of which nothing is said; it is of one document.
    of_one: u8,
    /// Where the next list begins.
    list: u64,
}

#[inline(always)]
fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(first)
}

/// Seven bits a byte, the lowest first; the last has its highest bit set.
#[inline(always)]
fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    match take_byte(bytes)? {
        last @ 0x80.. => Some(u64::from(last & 0x7F)),
        first => take_long(bytes, first.into()),
    }
}

fn take_long(bytes: &mut &[u8], first: u64) -> Option<u64> {
    let mut number = first;
    for shift in (7..u64::BITS).step_by(7) {
        let byte = take_byte(bytes)?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte > 0x7F {
            return Some(number);
        }
    }
    None
}

impl<'b> Block<'b> {
    fn new(mut bytes: &'b [u8]) -> Option<Self> {
        let list = take_number(&mut bytes)?;
        let of_one = take_byte(&mut bytes)?;
        Some(Self { bytes, of_one, list })
    }

    fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Takes the next term; none where the block is damaged.
    #[inline(always)]
    fn take(&mut self) -> Option<Entry<'b>> {
        let head = take_byte(&mut self.bytes)?;
        let mut common = usize::from(head >> COMMON_SHIFT);
        if common == usize::from(LONG_COMMON) {
            common = common.checked_add(take_number(&mut self.bytes)? as usize)?;
        }
        let mut rest = usize::from(head & LONG_REST);
        if rest == usize::from(LONG_REST) {
            rest = rest.checked_add(take_number(&mut self.bytes)? as usize)?;
        }
        let (rest, bytes) = self.bytes.split_at_checked(rest)?;
        self.bytes = bytes;
        let (doc_freq, list_len_bytes) = match head & HAS_INFO {
            0 => (1, self.of_one.into()),
            _ => {
                let doc_freq = u32::try_from(take_number(&mut self.bytes)?).ok()?;
                (doc_freq, take_number(&mut self.bytes)?)
            }
        };
        self.list = self.list.checked_add(list_len_bytes)?;
        Some(Entry { common, rest, doc_freq, list_len_bytes })
    }

    /// What is known of the list of the term that was just taken.
    fn info(&self, entry: &Entry<'_>) -> TermInfo {
        let start = (self.list - entry.list_len_bytes) as usize;
        TermInfo {
            doc_freq: entry.doc_freq,
            postings_range: start..self.list as usize,
            positions_range: 0..0,
        }
    }

    /// Looks for a term among those that follow. None where the block is damaged.
    fn find(mut self, term: &[u8]) -> Option<Option<TermInfo>> {
        // How much of it the last one has in common with it: that came before it.
        let mut known = 0;
        while !self.is_at_end() {
            let entry = self.take()?;
            match entry.common.cmp(&known) {
                // Differs from it where the last one did.
                Ordering::Greater => continue,
                Ordering::Less => return Some(None),
                Ordering::Equal => {}
            }
            let wanted = &term[known..];
            let same = in_common(entry.rest, wanted);
            match entry.rest.get(same).cmp(&wanted.get(same)) {
                Ordering::Equal => return Some(Some(self.info(&entry))),
                Ordering::Greater => return Some(None),
                Ordering::Less => known += same,
            }
        }
        Some(None)
    }
}

/// How many bytes two terms begin with alike.
#[inline(always)]
fn in_common(one: &[u8], other: &[u8]) -> usize {
    let both = one.len().min(other.len());
    let mut same = 0;
    while same < both && one[same] == other[same] {
        same += 1;
    }
    same
}

/// The first bytes of a term as a number that is in order as they are.
fn key(term: &[u8]) -> u64 {
    let mut bytes = [0; KEY_BYTES];
    let len = term.len().min(KEY_BYTES);
    bytes[..len].copy_from_slice(&term[..len]);
    u64::from_be_bytes(bytes)
}

fn not_whole() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the terms of a field are not whole")
}

impl FieldTerms {
    /// Opens the terms that a part of a file has.
    ///
    /// # Errors
    /// Where they cannot be read, or what stands outside of the blocks is damaged.
    pub fn open(file: Arc<dyn FileHandle>, part: Range<usize>) -> io::Result<Self> {
        let counts = part.end.checked_sub(COUNT_BYTES).filter(|&at| at >= part.start);
        let at = counts.ok_or_else(not_whole)?;
        let counts = file.read_bytes(at..part.end)?;
        let count = |bytes: &[u8]| bytes.first_chunk().map(|&b| u32::from_le_bytes(b));
        let (count, check) = (count(&counts), count(&counts[COUNT_BYTES / 2..]));
        let count = count.filter(|&count| check == Some(!count)).ok_or_else(not_whole)?;
        let outside = (count as usize).checked_mul(KEY_BYTES + PLACE_BYTES);
        let end = outside.and_then(|bytes| at.checked_sub(bytes));
        let end = end.filter(|&end| end >= part.start).ok_or_else(not_whole)?;
        let outside = file.read_bytes(end..at)?;
        let keys_end = count as usize * KEY_BYTES;
        let (keys, places) =
            (outside.slice(0..keys_end), outside.slice(keys_end..outside.len()));
        Ok(Self { file, start: part.start, keys, places, end })
    }

    /// How many blocks there are.
    fn blocks(&self) -> usize {
        self.keys.len() / KEY_BYTES
    }

    fn key(&self, block: usize) -> u64 {
        let bytes = self.keys[block * KEY_BYTES..].first_chunk().expect("a key");
        u64::from_le_bytes(*bytes)
    }

    /// Where a block begins in the file; where the last ends.
    fn place(&self, block: usize) -> usize {
        match self.places.get(block * PLACE_BYTES..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => self.start.saturating_add(u32::from_le_bytes(*bytes) as usize),
            None => self.end,
        }
    }

    fn block(&self, number: usize) -> io::Result<OwnedBytes> {
        let (start, end) = (self.place(number), self.place(number + 1));
        match start < end && end <= self.end {
            true => self.file.read_bytes(start..end),
            false => Err(not_whole()),
        }
    }

    /// The number of blocks before the first for which something is not so that is of all before.
    fn blocks_where(&self, is_so: impl Fn(u64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.blocks());
        while low < high {
            let middle = low.midpoint(high);
            match is_so(self.key(middle)) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Returns the last block whose first term is not after `term`, and its bytes; none where all
    /// are after it.
    fn around(&self, term: &[u8]) -> io::Result<Option<(usize, OwnedBytes)>> {
        let wanted = key(term);
        // Those of which the first bytes say all, and those of which they do not.
        let (mut low, mut high) = (
            self.blocks_where(|key| key < wanted),
            self.blocks_where(|key| key <= wanted),
        );
        let mut found = None;
        while low < high {
            let middle = low.midpoint(high);
            let bytes = self.block(middle)?;
            let first = Block::new(&bytes).and_then(|mut block| block.take());
            match first.ok_or_else(not_whole)?.rest <= term {
                true => (low, found) = (middle + 1, Some(bytes)),
                false => high = middle,
            }
        }
        let Some(number) = low.checked_sub(1) else { return Ok(None) };
        let bytes = found.map_or_else(|| self.block(number), Ok)?;
        Ok(Some((number, bytes)))
    }

    /// Returns where the list of a term is, if it has one.
    ///
    /// # Errors
    /// Where it cannot be read or is damaged.
    pub fn get(&self, term: &[u8]) -> io::Result<Option<TermInfo>> {
        let Some((_, bytes)) = self.around(term)? else { return Ok(None) };
        let found = Block::new(&bytes).and_then(|block| block.find(term));
        found.ok_or_else(not_whole)
    }

    /// Returns the terms that are not before this one, in order.
    ///
    /// # Errors
    /// Where they cannot be read or are damaged.
    pub fn from(&self, term: &[u8]) -> io::Result<Stream<'_>> {
        Stream::new(self, term)
    }
}

#[cfg(test)]
mod tests;
