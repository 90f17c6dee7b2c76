//! Terms of a field one after another.

use std::io;

use tantivy::directory::OwnedBytes;
use tantivy::postings::TermInfo;

use super::{Block, Entry, FieldTerms, not_whole};

/// Terms in order.
pub(in crate::index) struct Stream<'t> {
    terms: &'t FieldTerms,
    /// The number of the next block.
    next: usize,
    bytes: OwnedBytes,
    /// How much of the block was read, and what is known of the rest.
    read: usize,
    of_one: u8,
    list: u64,
    term: Vec<u8>,
    info: TermInfo,
    /// The first term was read already.
    is_ahead: bool,
}

impl<'t> Stream<'t> {
    pub(super) fn new(terms: &'t FieldTerms, from: &[u8]) -> io::Result<Self> {
        let (next, bytes) = match terms.around(from)? {
            Some((number, bytes)) => (number + 1, bytes),
            None => (0, OwnedBytes::empty()),
        };
        let mut stream = Self {
            terms,
            next,
            bytes: OwnedBytes::empty(),
            read: 0,
            of_one: 0,
            list: 0,
            term: Vec::new(),
            info: TermInfo::default(),
            is_ahead: false,
        };
        if !bytes.is_empty() {
            stream.begin(bytes)?;
        }
        while stream.advance()?.is_some() {
            if stream.term.as_slice() >= from {
                stream.is_ahead = true;
                break;
            }
        }
        Ok(stream)
    }

    fn begin(&mut self, bytes: OwnedBytes) -> io::Result<()> {
        let block = Block::new(&bytes).ok_or_else(not_whole)?;
        (self.of_one, self.list) = (block.of_one, block.list);
        self.read = bytes.len() - block.bytes.len();
        self.bytes = bytes;
        self.term.clear();
        Ok(())
    }

    /// Goes to the next term. Returns how much it has in common with the one before; none where
    /// there is no more.
    fn advance(&mut self) -> io::Result<Option<usize>> {
        if self.read == self.bytes.len() {
            if self.next == self.terms.blocks() {
                return Ok(None);
            }
            let bytes = self.terms.block(self.next)?;
            self.next += 1;
            self.begin(bytes)?;
        }
        let mut block = Block {
            bytes: &self.bytes[self.read..],
            of_one: self.of_one,
            list: self.list,
        };
        let entry @ Entry { common, rest, .. } = block.take().ok_or_else(not_whole)?;
        if common > self.term.len() {
            return Err(not_whole());
        }
        self.term.truncate(common);
        self.term.extend_from_slice(rest);
        self.info = block.info(&entry);
        let left = block.bytes.len();
        self.list = block.list;
        self.read = self.bytes.len() - left;
        Ok(Some(common))
    }

    /// Returns the next term and where its list is; none where there is no more.
    ///
    /// # Errors
    /// Where it cannot be read or is damaged.
    pub fn next(&mut self) -> io::Result<Option<(&[u8], &TermInfo)>> {
        let is_one = std::mem::take(&mut self.is_ahead) || self.advance()?.is_some();
        Ok(is_one.then_some((&self.term, &self.info)))
    }
}
