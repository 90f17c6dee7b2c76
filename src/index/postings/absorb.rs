//! Two halves of a field become one.

use std::collections::HashMap;

use super::{COUNT_BITS, COUNT_FOLLOWS, Postings};

impl Postings {
    /// Adds all documents of another after its own. Returns the numbers that the other's terms
    /// have here. Nothing can be added by its key afterwards.
    pub fn absorb(&mut self, mut other: Self) -> Vec<u32> {
        self.complete();
        other.complete();
        let terms = |all: &Self| 0..all.ends.len() as u32;
        let known: HashMap<&[u8], u32> =
            terms(self).map(|id| (self.term(id), id)).collect();
        let known: Vec<Option<u32>> =
            terms(&other).map(|id| known.get(other.term(id)).copied()).collect();
        let mut numbers = Vec::with_capacity(known.len());
        for (id, known) in terms(&other).zip(known) {
            let number = known.unwrap_or_else(|| self.only_by_number(other.term(id)));
            self.doc_freqs[number as usize] += other.doc_freqs[id as usize];
            numbers.push(number);
        }
        let before = self.log.len() as u32;
        self.log.reserve(other.log.len());
        let mut entries = other.log.iter();
        while let Some(&entry) = entries.next() {
            let number = numbers[(entry >> COUNT_BITS) as usize];
            self.log.push(number << COUNT_BITS | entry & COUNT_FOLLOWS);
            if entry & COUNT_FOLLOWS == COUNT_FOLLOWS {
                self.log.extend(entries.next());
            }
        }
        self.documents.extend(other.documents.iter().map(|end| before + end));
        self.total_occurrences += other.total_occurrences;
        numbers
    }
}
