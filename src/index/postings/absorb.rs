//! Two halves of a field become one.

use super::{COUNT_BITS, COUNT_FOLLOWS, Known, NO_TERM, Postings};

impl Postings {
    /// Returns a list for [`Postings::absorb`] in which no number is known.
    pub fn unknown(&self) -> Vec<u32> {
        vec![NO_TERM; self.len()]
    }

    /// Adds all documents of another after its own. `numbers` says which numbers the other's
    /// terms have here: of those that are in its table it is found out, the caller knows others.
    ///
    /// Both tables have their terms in the order of the same hash, so that one is walked through
    /// while the other is.
    pub fn absorb(&mut self, other: Self, numbers: &mut [u32]) {
        self.reserve(other.len());
        for slot in other.slots.iter().filter(|slot| slot.key != 0 && slot.id != NO_TERM)
        {
            let term = other.term(slot.id);
            numbers[slot.id as usize] = match self.find(slot.key, term) {
                Known::Term(number, _) => number,
                Known::New(place) => {
                    self.insert(place, slot.key, term, other.is_counted(slot.id))
                }
                Known::Alias(_) => unreachable!("what is a term is one everywhere"),
            };
        }
        for (&number, tally) in numbers.iter().zip(&other.tallies) {
            self.tallies[number as usize].doc_freq += tally.doc_freq();
        }
        let before = self.log.entries.len() as u32;
        self.log.entries.reserve(other.log.entries.len());
        let mut entries = other.log.entries.iter();
        while let Some(&entry) = entries.next() {
            let number = numbers[(entry >> COUNT_BITS) as usize];
            self.log.entries.push(number << COUNT_BITS | entry & COUNT_FOLLOWS);
            if entry & COUNT_FOLLOWS == COUNT_FOLLOWS {
                self.log.entries.extend(entries.next());
            }
        }
        self.log.ends.extend(other.log.ends.iter().map(|end| before + end));
        self.total_occurrences += other.total_occurrences;
    }
}
