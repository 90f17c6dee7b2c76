//! How many documents two lists have in common.

use std::sync::Arc;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader};

use super::Place;
use crate::index::brief::Brief;

/// The documents of a list, some at a time, in order.
enum Blocks {
    Brief(Arc<Brief>),
    Long(Box<BlockSegmentPostings>),
    None,
}

impl Blocks {
    fn of(segment: &SegmentReader, place: &Place) -> tantivy::Result<Self> {
        let Some(info) = &place.info else { return Ok(Self::None) };
        if let Some(list) = place.brief()? {
            return Ok(Self::Brief(list.clone()));
        }
        let inverted = segment.inverted_index(place.field)?;
        let option = IndexRecordOption::Basic;
        let blocks = inverted.read_block_postings_from_terminfo(info, option)?;
        Ok(Self::Long(Box::new(blocks)))
    }

    /// Those that are not passed over; none at the end of the list.
    fn documents(&self) -> &[DocId] {
        match self {
            Self::Brief(list) => &list.documents,
            Self::Long(blocks) => blocks.docs(),
            Self::None => &[],
        }
    }

    fn pass_over(&mut self) {
        match self {
            Self::Long(blocks) => blocks.advance(),
            _ => *self = Self::None,
        }
    }
}

/// Returns how many documents of a segment that were not deleted two lists have in common: both are
/// read whole.
pub(super) fn in_both(
    segment: &SegmentReader,
    one: &Place,
    other: &Place,
) -> tantivy::Result<u64> {
    let alive = segment.alive_bitset();
    let (mut ours, mut theirs) = (Blocks::of(segment, one)?, Blocks::of(segment, other)?);
    let (mut i, mut j, mut common) = (0, 0, 0);
    loop {
        let (one, other) = (ours.documents(), theirs.documents());
        if one.is_empty() || other.is_empty() {
            return Ok(common);
        }
        // Without branches, which would be guessed wrong as often as not.
        while i < one.len() && j < other.len() {
            let (a, b) = (one[i], other[j]);
            let is_common = a == b && alive.is_none_or(|alive| alive.is_alive(a));
            common += u64::from(is_common);
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        if i == one.len() {
            ours.pass_over();
            i = 0;
        }
        if j == theirs.documents().len() {
            theirs.pass_over();
            j = 0;
        }
    }
}
