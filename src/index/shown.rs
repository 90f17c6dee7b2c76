//! What a heading without text of its own shows: the beginning of its children's, put together
//! from theirs. Stored once more it would be a twelfth of all texts.

use tantivy::DocAddress;

use super::read::{Candidate, Reader};
use super::record::Record;
use crate::error::Result;
use crate::markup::Shown;

impl Reader {
    /// Returns the text that a section shows which has none of its own, line for line from its
    /// `body_line` on.
    ///
    /// # Errors
    /// As [`Reader::record_bytes`].
    pub fn shown(&self, candidate: &Candidate, record: &Record) -> Result<Shown> {
        let mut shown = Shown::new(record.body_line);
        let DocAddress { segment_ord, doc_id } = candidate.address;
        // Sections of a note are neighbors, in their order.
        for doc_id in doc_id + 1..self.segment_documents(segment_ord) {
            let address = DocAddress { segment_ord, doc_id };
            let stored = self.record_bytes(&Candidate { score: 0.0, address })?;
            let Some(child) = Record::from_stored(&stored) else { break };
            let within = (child.root, child.path) == (record.root, record.path)
                && child.line <= record.end_line;
            if !within {
                break;
            }
            let code = child.code.iter().map(|&(start, end)| start..end);
            if child.part == 0
                && !shown.child(
                    (child.line, child.depth, child.title),
                    (child.body_line, child.body),
                    code,
                    child.link_percent,
                )
            {
                break;
            }
        }
        shown.end();
        Ok(shown)
    }
}
