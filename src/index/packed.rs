//! Records as they are stored: those of neighbours in a note are compressed together, over a
//! dictionary of what the notes say again and again.
//!
//! The last document of a group holds the whole group, the others how far on it is: the engine
//! copies a block of documents for each that is read, and begins a new block after a long one. A
//! group never spans two notes: the engine forgets notes whole and keeps the order of the rest, so a
//! group stays whole through all merges. What its note's sections have in common comes first.
//!
//! Sizes, part of the notes (S, M), when texts were UTF-8 and each record had its note's path:
//! the engine's lz4 in blocks of 16 KiB 0.61, 0.59; zstd, level 3, without dictionary, groups of
//! 4 KiB 0.56, 0.51; with one of 110 KiB, one by one 0.55, 0.51, groups of 4 KiB 0.44, 0.41, of
//! 8 KiB 0.41, 0.39. Level 6 saves 8 % and takes four times as long. As they are now: groups of
//! 4 KiB 0.41, 0.405, of 5 KiB 0.404, 0.398, of 7 KiB 0.395, 0.389; a query over M takes 1 % more
//! from 5 KiB than from 4, 3 to 5 % more from 7. Over M groups of 5 KiB are 0.396, of 3 KiB 0.413, of
//! 2 KiB 0.428, of 1.5 KiB 0.439, and 三次握手 takes 7.05, 6.32, 5.94 and 5.84 M instructions. S at level 6
//! in groups of 5 KiB is 0.372, at level 3 in groups of 2 KiB 0.425; 线程池 takes 5.89 and 5.31 M.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::{Mutex, OnceLock};

use tantivy::directory::OwnedBytes;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::DecoderDictionary;
use zstd::zstd_safe::CParameter;

/// A group is complete at this size.
const GROUP_BYTES: usize = 2 << 10;

/// Documents say in a byte how far on their group is.
const MOST_IN_A_GROUP: usize = 255;

/// Level of compression: see the module.
const LEVEL: i32 = 3;

/// No match is shorter: with the four bytes of level 6 texts were smaller by 0.013 of the notes, and a
/// query took 4 % more.
const SHORTEST_MATCH_BYTES: u32 = 5;

/// The dictionary's size.
pub(super) const DICTIONARY_BYTES: usize = 110 << 10;

/// Fewer notes than this are not worth a dictionary.
pub(super) const WORTH_DICTIONARY_BYTES: u64 = 2 << 20;

/// No group is this large: the largest note is far smaller.
const IMPOSSIBLE_BYTES: usize = 1 << 30;

/// Groups that stay decompressed: those of the candidates of one search and some more.
const CACHE_BYTES: usize = 2 << 20;

/// How the records of a commit are packed.
#[derive(Debug)]
pub(super) struct Packing {
    /// Text that they are packed over, which may be empty; of a new index a thread makes it while
    /// the others begin.
    pub over: OnceLock<Vec<u8>>,
}

/// Packs the records of one segment.
pub(super) struct Packer {
    compressor: Compressor<'static>,
    /// Records that wait, the length before each.
    waiting: Vec<u8>,
    count: usize,
}

impl Packer {
    /// Begins packing. Waits for the dictionary.
    pub fn new(packing: &Packing) -> io::Result<Self> {
        let over = packing.over.wait();
        let mut compressor = Compressor::with_dictionary(LEVEL, over)?;
        compressor.set_parameter(CParameter::MinMatch(SHORTEST_MATCH_BYTES))?;
        // The index knows both.
        compressor.include_contentsize(false)?;
        compressor.include_dictid(false)?;
        // Four bytes a group: damage is noticed, not shown.
        compressor.include_checksum(true)?;
        Ok(Self { compressor, waiting: Vec::new(), count: 0 })
    }

    /// Returns true where a record of this length had better begin a new group.
    pub fn is_full(&self, len_bytes: usize) -> bool {
        self.waiting.len() >= GROUP_BYTES
            || self.count == MOST_IN_A_GROUP
            || self.count > 0 && self.waiting.len() + len_bytes > 2 * GROUP_BYTES
    }

    /// Adds a section: what it has in common with all of its note, and the rest.
    pub fn add(&mut self, note: &[u8], own: &[u8]) {
        if self.count == 0 {
            self.piece(note);
        }
        self.piece(own);
        self.count += 1;
    }

    fn piece(&mut self, bytes: &[u8]) {
        let length =
            u32::try_from(bytes.len()).expect("a part of a section is far below 4 GiB");
        self.waiting.extend_from_slice(&length.to_le_bytes());
        self.waiting.extend_from_slice(bytes);
    }

    /// Ends the group: returns what to store for each of its documents, in order.
    pub fn end(&mut self) -> io::Result<Vec<Vec<u8>>> {
        if self.count == 0 {
            return Ok(Vec::new());
        }
        let mut last = self.compressor.compress(&self.waiting)?;
        last.extend_from_slice(&(self.waiting.len() as u32).to_le_bytes());
        last.push(0);
        let others = (1..self.count).rev().map(|ahead| vec![ahead as u8]);
        let all = others.chain(std::iter::once(last)).collect();
        self.waiting.clear();
        self.count = 0;
        Ok(all)
    }
}

/// What is kept for a document.
enum Kept<'a> {
    /// Its group is with the document this many after it.
    Ahead(u32),
    /// A group ends with it: its bytes, and how large it is unpacked.
    Group(&'a [u8], usize),
}

/// Reads what is kept for a document.
fn kept(document: &[u8]) -> Option<Kept<'_>> {
    let (&ahead, rest) = document.split_last()?;
    if ahead > 0 {
        return Some(Kept::Ahead(ahead.into()));
    }
    let (group, size) = rest.split_last_chunk::<4>()?;
    let size = u32::from_le_bytes(*size) as usize;
    (size < IMPOSSIBLE_BYTES).then_some(Kept::Group(group, size))
}

/// The bytes of a section, shared with its unpacked neighbors: nothing is copied.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    group: OwnedBytes,
    note: Range<usize>,
    own: Range<usize>,
}

impl Packed {
    /// Returns what all sections of the note have in common.
    pub(super) fn note(&self) -> &[u8] {
        &self.group[self.note.clone()]
    }

    /// Returns the rest.
    pub(super) fn own(&self) -> &[u8] {
        &self.group[self.own.clone()]
    }

    /// The section so many before the last of its group; empty where the group is damaged.
    fn before_last(group: &OwnedBytes, before: u32) -> Self {
        let place = sections(group).count().checked_sub(before as usize + 1);
        Self {
            group: group.clone(),
            note: piece(group, 0).unwrap_or_default(),
            own: place.and_then(|n| sections(group).nth(n)).unwrap_or_default(),
        }
    }
}

/// Where the sections of a group are.
fn sections(group: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let next = |before: &Range<usize>| piece(group, before.end);
    std::iter::successors(piece(group, 0), next).skip(1)
}

/// Where the piece is whose length stands at `at`.
fn piece(group: &[u8], at: usize) -> Option<Range<usize>> {
    let length = group.get(at..)?.first_chunk::<4>()?;
    let start = at + length.len();
    let end = start.checked_add(u32::from_le_bytes(*length) as usize)?;
    (end <= group.len()).then_some(start..end)
}

/// Unpacks records.
pub(super) struct Unpacker {
    decompressor: RefCell<Decompressor<'static>>,
    /// By segment and last document; how many sections each has.
    groups: RefCell<BTreeMap<(u32, u32), (OwnedBytes, u32)>>,
}

/// Dictionaries that were prepared, beside their bytes. They stay mapped for as long as the
/// process runs, as a copy of each would take a search two hundredths; there is a new one where
/// an index is built anew.
static PREPARED: Mutex<Vec<(&[u8], &DecoderDictionary)>> = Mutex::new(Vec::new());

fn prepared(dictionary: OwnedBytes) -> &'static DecoderDictionary<'static> {
    let mut known = PREPARED.lock().expect("nobody panics while holding it");
    // By content: what is mapped may have been overwritten since.
    if let Some((_, prepared)) = known.iter().find(|(of, _)| *of == dictionary.as_slice())
    {
        return prepared;
    }
    let bytes = Box::leak(Box::new(dictionary)).as_slice();
    let prepared = &*Box::leak(Box::new(DecoderDictionary::new(bytes)));
    known.push((bytes, prepared));
    prepared
}

impl Unpacker {
    /// Begins unpacking over the dictionary that the records were packed with.
    pub fn new(dictionary: OwnedBytes) -> io::Result<Self> {
        let decompressor = Decompressor::with_prepared_dictionary(prepared(dictionary))?;
        Ok(Self { decompressor: RefCell::new(decompressor), groups: RefCell::default() })
    }

    /// Returns the section of a document; empty where it is damaged. `read` returns what is
    /// kept for a document of the segment.
    pub fn record<E>(
        &self,
        segment: u32,
        document: u32,
        read: impl Fn(u32) -> Result<OwnedBytes, E>,
    ) -> Result<Packed, E> {
        let mut groups = self.groups.borrow_mut();
        if let Some((&(of, last), (group, count))) =
            groups.range((segment, document)..).next()
            && of == segment
            && last - document < *count
        {
            return Ok(Packed::before_last(group, last - document));
        }
        let own = read(document)?;
        let (last, held) = match kept(&own) {
            Some(Kept::Ahead(ahead)) => {
                let last = document.saturating_add(ahead);
                (last, read(last)?)
            }
            _ => (document, own),
        };
        let group = OwnedBytes::new(self.unpack(&held).unwrap_or_default());
        if groups.values().map(|(group, _)| group.len()).sum::<usize>() > CACHE_BYTES {
            groups.clear();
        }
        let record = Packed::before_last(&group, last - document);
        let count = sections(&group).count() as u32;
        groups.insert((segment, last), (group, count));
        Ok(record)
    }

    fn unpack(&self, held: &[u8]) -> Option<Vec<u8>> {
        let Some(Kept::Group(bytes, size)) = kept(held) else { return None };
        self.decompressor.borrow_mut().decompress(bytes, size).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacker(dictionary: &[u8]) -> Unpacker {
        let dictionary = OwnedBytes::new(dictionary.to_vec());
        Unpacker::new(dictionary).expect("memory")
    }

    fn check(records: &[Vec<u8>], dictionary: &[u8]) {
        let packing = Packing { over: dictionary.to_vec().into() };
        let mut packer = Packer::new(&packing).expect("memory");
        let mut stored = Vec::new();
        for record in records {
            if packer.is_full(record.len()) {
                stored.extend(packer.end().expect("memory"));
            }
            packer.add(b"note", record);
        }
        stored.extend(packer.end().expect("memory"));
        assert_eq!(stored.len(), records.len());
        let unpacker = unpacker(dictionary);
        let read = |document: u32| -> Result<OwnedBytes, ()> {
            Ok(OwnedBytes::new(stored[document as usize].clone()))
        };
        // Backwards too, so that groups are not always entered at their beginning.
        for document in (0..records.len()).chain((0..records.len()).rev()) {
            let record = unpacker.record(0, document as u32, read);
            let record = record.expect("reading does not fail here");
            assert_eq!(
                (record.note(), record.own()),
                (&b"note"[..], &records[document][..])
            );
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let texts: Vec<Vec<u8>> = (0..2000usize)
            .map(|i| format!("三次握手 handshake {i} ").repeat(i * i % 37).into_bytes())
            .chain([vec![b'x'; 100_000], vec![], "短".into()])
            .collect();
        check(&texts, &[]);
        let dictionary = texts.concat();
        assert!(!dictionary.is_empty());
        check(&texts, &dictionary);
        check(&vec![vec![]; 1000], &dictionary);
    }

    #[test]
    fn damage_gives_no_record() {
        for damaged in
            [&b""[..], &[0], &[9], &[0; 9], &[255; 8], &[1, 2, 3, 4, 5, 6, 7, 8, 0]]
        {
            let unpacker = unpacker(&[]);
            let read = |_| Ok::<_, ()>(OwnedBytes::new(damaged.to_vec()));
            assert!(
                unpacker.record(0, 3, read).is_ok_and(|record| record.own().is_empty())
            );
        }
    }
}
