//! The end of a field: its terms in the order of their bytes, its postings in that of the terms.

use std::io;
use std::ops::Range;

use super::{COUNT_BITS, COUNT_FOLLOWS, Postings};

/// Takes the terms of a field in order, each with its documents in order.
pub(in crate::index) trait ListWriter {
    fn new_term(&mut self, term: &[u8], doc_freq: u32) -> io::Result<()>;

    /// Adds a document, and how often it holds the term.
    fn write_doc(&mut self, document: u32, count: u32);

    fn close_term(&mut self) -> io::Result<()>;
}

/// Nearly all terms differ in their first bytes, which are compared as a number.
const COMPARED_BYTES: usize = 16;

/// The place of a term whose postings are put in order another time.
const ELSEWHERE: u32 = u32::MAX;

/// Postings of some terms in the order of these.
#[derive(Debug, Default)]
pub(in crate::index) struct Sorted {
    /// Where the postings of each term end.
    ends: Vec<u32>,
    /// The document, and in the lower bits how often it holds the term. At most all of them,
    /// which says that more is known of it.
    postings: Vec<u32>,
    count_bits: u32,
    /// Where postings are whose occurrences do not fit, and how many these are, in order.
    large: Vec<(u32, u32)>,
}

impl Sorted {
    /// Empties it for postings of so many documents.
    fn begin(&mut self, documents: usize) {
        // Sixteen at most: all that a part of a section can need.
        self.count_bits = (documents as u32).leading_zeros().min(u32::BITS / 2);
        self.ends.clear();
        self.large.clear();
    }

    fn most(&self) -> u32 {
        (1 << self.count_bits) - 1
    }

    #[inline]
    fn put(&mut self, place: u32, document: u32, count: u32) {
        let most = self.most();
        self.postings[place as usize] = document << self.count_bits | count.min(most);
        if count >= most {
            self.large.push((place, count));
        }
    }
}

impl Postings {
    /// Writes the terms of these numbers in this order, which is that of their bytes, each with
    /// its documents. `sorted_at_once` postings are in memory a second time, 4 bytes each.
    pub fn write(
        &self,
        field: &mut impl ListWriter,
        sorted_at_once: usize,
        order: &[u32],
    ) -> io::Result<()> {
        let mut sorted = Sorted::default();
        for round in self.rounds(order, sorted_at_once) {
            self.sort(&order[round.clone()], &mut sorted);
            self.write_sorted(field, &order[round], &sorted)?;
        }
        Ok(())
    }

    /// Cuts terms into rounds, each of as many as have so many postings together, or of one.
    pub fn rounds(&self, order: &[u32], sorted_at_once: usize) -> Vec<Range<usize>> {
        let mut rounds: Vec<Range<usize>> = Vec::new();
        let (mut start, mut count) = (0, 0usize);
        for (at, &id) in order.iter().enumerate() {
            let doc_freq = self.tallies[id as usize].doc_freq() as usize;
            if at > start && count + doc_freq > sorted_at_once {
                rounds.push(start..at);
                (start, count) = (at, 0);
            }
            count += doc_freq;
        }
        if start < order.len() {
            rounds.push(start..order.len());
        }
        rounds
    }

    /// Puts the postings of a round's terms in order. Reads all that was added.
    pub fn sort(&self, terms: &[u32], sorted: &mut Sorted) {
        // Where each term's next document belongs.
        let mut places = vec![ELSEWHERE; self.ends.len()];
        sorted.begin(self.log.ends.len());
        let mut count = 0;
        for &id in terms {
            places[id as usize] = count;
            count += self.tallies[id as usize].doc_freq();
            sorted.ends.push(count);
        }
        sorted.postings.resize(count as usize, 0);
        let mut start = 0;
        for (document, &end) in (0u32..).zip(&self.log.ends) {
            let mut entries = self.log.entries[start..end as usize].iter();
            while let Some(&entry) = entries.next() {
                let count = match entry & COUNT_FOLLOWS {
                    COUNT_FOLLOWS => *entries.next().expect("written whole"),
                    count => count,
                };
                let place = &mut places[(entry >> COUNT_BITS) as usize];
                if *place != ELSEWHERE {
                    sorted.put(*place, document, count);
                    *place += 1;
                }
            }
            start = end as usize;
        }
        sorted.large.sort_unstable();
    }

    /// Writes the terms of a round.
    pub fn write_sorted(
        &self,
        field: &mut impl ListWriter,
        terms: &[u32],
        sorted: &Sorted,
    ) -> io::Result<()> {
        let (most, mut large) = (sorted.most(), sorted.large.iter());
        let mut start = 0;
        for (&id, &end) in terms.iter().zip(&sorted.ends) {
            field.new_term(self.term(id), end - start)?;
            for &posting in &sorted.postings[start as usize..end as usize] {
                let count = match posting & most {
                    count if count == most => large.next().expect("one for each").1,
                    count => count,
                };
                field.write_doc(posting >> sorted.count_bits, count);
            }
            field.close_term()?;
            start = end;
        }
        Ok(())
    }

    /// The numbers of the terms that some document holds, in the order of their bytes.
    pub fn order(&self) -> Vec<u32> {
        let held = |id: &u32| self.tallies[*id as usize].doc_freq() > 0;
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
}
