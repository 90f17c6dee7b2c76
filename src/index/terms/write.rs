//! Writes the terms of a field.

use std::io::{self, Write};

use super::{
    BLOCK_TERMS, COMMON_SHIFT, HAS_INFO, LONG_COMMON, LONG_REST, in_common, key,
};

/// Writes terms in order.
pub(in crate::index) struct TermWriter<W> {
    out: W,
    written: u64,
    keys: Vec<u64>,
    places: Vec<u32>,
    /// The block that is being written, without what comes before its terms.
    block: Vec<u8>,
    terms: usize,
    /// How long the first list of the block that is of one document is.
    of_one: Option<u8>,
    /// Where the block's first list begins, and where the next does.
    block_list: u64,
    list: u64,
    last: Vec<u8>,
}

/// See [`super::take_number`].
fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while number > 0x7F {
        out.push(number as u8 & 0x7F);
        number >>= 7;
    }
    out.push(number as u8 | 0x80);
}

impl<W: Write> TermWriter<W> {
    /// Begins the terms of a field.
    pub fn new(out: W) -> Self {
        Self {
            out,
            written: 0,
            keys: Vec::new(),
            places: Vec::new(),
            block: Vec::new(),
            terms: 0,
            of_one: None,
            block_list: 0,
            list: 0,
            last: Vec::new(),
        }
    }

    /// Adds a term, which comes after the others in the order of bytes, how many documents hold it
    /// and how long the list of these is. Lists lie one behind the other.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(
        &mut self,
        term: &[u8],
        doc_freq: u32,
        list_len_bytes: u64,
    ) -> io::Result<()> {
        if self.terms == BLOCK_TERMS {
            self.end_block()?;
        }
        if self.terms == 0 {
            self.keys.push(key(term));
            // More would be an index of hundreds of gigabytes.
            let place = u32::try_from(self.written).map_err(io::Error::other)?;
            self.places.push(place);
            self.block_list = self.list;
            self.last.clear();
        }
        let common = in_common(&self.last, term);
        let rest = &term[common..];
        let mut is_of_one = doc_freq == 1;
        if is_of_one && let Ok(len) = u8::try_from(list_len_bytes) {
            is_of_one = *self.of_one.get_or_insert(len) == len;
        } else {
            is_of_one = false;
        }
        let (short_common, short_rest) =
            (common.min(LONG_COMMON.into()), rest.len().min(LONG_REST.into()));
        let info = if is_of_one { 0 } else { HAS_INFO };
        self.block.push((short_common as u8) << COMMON_SHIFT | info | short_rest as u8);
        if short_common == usize::from(LONG_COMMON) {
            put_number((common - short_common) as u64, &mut self.block);
        }
        if short_rest == usize::from(LONG_REST) {
            put_number((rest.len() - short_rest) as u64, &mut self.block);
        }
        self.block.extend_from_slice(rest);
        if !is_of_one {
            put_number(doc_freq.into(), &mut self.block);
            put_number(list_len_bytes, &mut self.block);
        }
        self.last.truncate(common);
        self.last.extend_from_slice(rest);
        self.list += list_len_bytes;
        self.terms += 1;
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        let mut head = Vec::with_capacity(16);
        put_number(self.block_list, &mut head);
        head.push(self.of_one.take().unwrap_or_default());
        self.out.write_all(&head)?;
        self.out.write_all(&self.block)?;
        self.written += (head.len() + self.block.len()) as u64;
        self.block.clear();
        self.terms = 0;
        Ok(())
    }

    /// Ends the field.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        if self.terms > 0 {
            self.end_block()?;
        }
        let count = u32::try_from(self.keys.len()).map_err(io::Error::other)?;
        let keys = self.keys.iter().flat_map(|key| key.to_le_bytes());
        let places = self.places.iter().flat_map(|place| place.to_le_bytes());
        let counts = [count, !count].into_iter().flat_map(u32::to_le_bytes);
        let bytes: Vec<u8> = keys.chain(places).chain(counts).collect();
        self.out.write_all(&bytes)
    }
}
