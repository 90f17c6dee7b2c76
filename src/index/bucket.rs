//! Lists of pairs that are no words: two characters that are neighbours by chance. There are
//! more of them than of all other terms together, and each stands in few sections: they share
//! 65,536 lists. What a list says too much is found out on the text.

use std::io;

use super::postings::ListWriter;
use crate::text::{Class, Dictionary, class};

/// How many lists there are. With as many, a list has two strangers in a thousand sections.
const LISTS: usize = 1 << 16;

/// Begins the engine's terms of such lists: no text in UTF-8 has this byte.
const MARK: u8 = 0xFF;

/// Returns the list of a pair. The constant is odd and without pattern (2^64 divided by the
/// golden ratio): Knuth's multiplicative hashing spreads neighbours well in its upper bits.
#[inline]
fn list(first: char, second: char) -> u16 {
    let pair = u64::from(first as u32) << 21 | u64::from(second as u32);
    (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as u16
}

/// Returns the engine's term of the list that a term shares with others, if it does. Depends on
/// nothing but the term, so that writing and asking agree.
pub(super) fn shared(term: &str) -> Option<[u8; 3]> {
    let mut chars = term.chars();
    let (first, second) = (chars.next()?, chars.next()?);
    let pair = chars.next().is_none() && [first, second].map(class) == [Class::Gram; 2];
    (pair && Dictionary::jiebas_freq(term).is_none()).then(|| bytes(list(first, second)))
}

/// True where the list of a term of a section's text also names sections that hold others, and
/// how many hold the term itself is not known.
pub fn is_shared(term: &str) -> bool {
    shared(term).is_some()
}

fn bytes(list: u16) -> [u8; 3] {
    let [high, low] = list.to_be_bytes();
    [MARK, high, low]
}

/// The shared lists of a segment that is being written.
#[derive(Debug)]
pub(super) struct Buckets {
    /// Which lists the document that is being added is in, a bit each.
    here: Vec<u64>,
    /// The lists of all documents one after another, and where each document's end.
    log: Vec<u16>,
    ends: Vec<u32>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { here: vec![0; LISTS / 64], log: Vec::new(), ends: Vec::new() }
    }
}

impl Buckets {
    /// Adds pairs to the document.
    pub fn add(&mut self, lists: &[u16]) {
        for &list in lists {
            let (word, bit) = (usize::from(list / 64), 1 << (list % 64));
            if self.here[word] & bit == 0 {
                self.here[word] |= bit;
                self.log.push(list);
            }
        }
    }

    /// Returns the list of a pair, for [`Buckets::add`].
    #[inline]
    pub fn of(first: char, second: char) -> u16 {
        list(first, second)
    }

    /// Ends the document; the next has the next number.
    pub fn end_document(&mut self) {
        let start = self.ends.last().map_or(0, |&end| end as usize);
        for list in &self.log[start..] {
            self.here[usize::from(list / 64)] = 0;
        }
        self.ends.push(self.log.len() as u32);
    }

    /// Adds all documents of another after its own.
    pub fn absorb(&mut self, other: &Self) {
        let before = self.log.len() as u32;
        self.log.extend_from_slice(&other.log);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// Returns how much memory this takes, about: at the end four more bytes an entry.
    pub fn mem_bytes(&self) -> usize {
        self.log.len() * size_of::<u16>() + self.ends.len() * size_of::<u32>()
    }

    /// Writes all lists.
    pub fn write(&self, field: &mut impl ListWriter) -> io::Result<()> {
        let mut freqs = vec![0u32; LISTS];
        for &list in &self.log {
            freqs[usize::from(list)] += 1;
        }
        let mut places: Vec<u32> = Vec::with_capacity(LISTS);
        let mut sum = 0;
        for &freq in &freqs {
            places.push(sum);
            sum += freq;
        }
        let mut documents = vec![0u32; self.log.len()];
        let mut start = 0;
        for (document, &end) in (0u32..).zip(&self.ends) {
            for &list in &self.log[start..end as usize] {
                let place = &mut places[usize::from(list)];
                documents[*place as usize] = document;
                *place += 1;
            }
            start = end as usize;
        }
        let mut start = 0;
        for (list, (&freq, &end)) in (0u16..=u16::MAX).zip(freqs.iter().zip(&places)) {
            if freq > 0 {
                field.new_term(&bytes(list), freq)?;
                for &document in &documents[start..end as usize] {
                    field.write_doc(document, 1);
                }
                field.close_term()?;
            }
            start = end as usize;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_that_are_no_words_share_lists() {
        for (term, shares) in [
            ("次握", true),
            ("线程", false),
            ("次", false),
            ("次握手", false),
            ("3月", false),
            ("ab", false),
            ("", false),
        ] {
            assert_eq!(shared(term).is_some(), shares, "{term}");
        }
    }
}
