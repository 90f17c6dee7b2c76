//! Terms that are spelled nearly so.

use std::io;

use levenshtein_automata::{DFA, Distance, SINK_STATE};

use super::{Block, FieldTerms, KEY_BYTES, key, not_whole};

impl FieldTerms {
    /// Calls `found` with each term that the automaton takes and that is before `end`, and how many
    /// documents hold it.
    ///
    /// # Errors
    /// Where terms cannot be read or are damaged.
    ///
    /// # Cost
    /// Goes through all blocks but those whose terms begin with what no word has.
    pub fn near(
        &self,
        automaton: &DFA,
        end: &[u8],
        mut found: impl FnMut(&[u8], u32),
    ) -> io::Result<()> {
        // The term, up to where it is taken for no word, and the state after each byte of it.
        let (mut term, mut states) = (Vec::new(), vec![automaton.initial_state()]);
        let mut next = 0;
        'blocks: while next < self.blocks() {
            let bytes = self.block(next)?;
            next += 1;
            let mut block = Block::new(&bytes).ok_or_else(not_whole)?;
            let mut is_none = false;
            term.clear();
            while !block.is_at_end() {
                let entry = block.take().ok_or_else(not_whole)?;
                if is_none && entry.common >= term.len() {
                    continue;
                }
                if entry.common > term.len() {
                    return Err(not_whole());
                }
                term.truncate(entry.common);
                states.truncate(entry.common + 1);
                let mut state = states[entry.common];
                for &byte in entry.rest {
                    state = automaton.transition(state, byte);
                    term.push(byte);
                    states.push(state);
                    if state == SINK_STATE {
                        break;
                    }
                }
                is_none = state == SINK_STATE;
                if term.as_slice() >= end {
                    return Ok(());
                }
                if !is_none {
                    if let Distance::Exact(_) = automaton.distance(state) {
                        found(&term, entry.doc_freq);
                    }
                } else if let Some(last) = self.last_with(&term, next) {
                    next = last;
                    continue 'blocks;
                }
            }
        }
        Ok(())
    }

    /// Returns the last block that begins so, where the next does.
    fn last_with(&self, beginning: &[u8], next: usize) -> Option<usize> {
        if beginning.len() > KEY_BYTES || next == self.blocks() {
            return None;
        }
        // A beginning has a byte: the first state takes words.
        let shift = u64::BITS - 8 * beginning.len() as u32;
        let wanted = key(beginning) >> shift;
        let does = self.key(next) >> shift == wanted;
        does.then(|| self.blocks_where(|key| key >> shift <= wanted) - 1)
    }
}
