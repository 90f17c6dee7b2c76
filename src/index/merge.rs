//! Segments stay few: each costs a search. What is gone does not stay long.

use tantivy::{SegmentMeta, SegmentReader};

use super::read::Reader;
use super::write::Writer;

/// At most this many segments stay: each costs a search some 50 µs.
const MOST_SEGMENTS: usize = 8;

/// A build leaves at most this many, so that what later updates add is merged among itself.
const BUILT_SEGMENTS: usize = 6;

/// So many segments are merged at a time: what a merge reads is mapped into memory, 60 MB a
/// segment.
const MERGED_AT_ONCE: usize = 3;

/// Updates add a segment each; so many of about a size become one.
const ALIKE: usize = 4;

/// A segment of at most this many documents is merged while somebody waits for an answer: four
/// take 25 ms.
const SMALL_DOCUMENTS: u32 = 1_000;

/// A segment that is at most so many times as large as all that are smaller is of about their
/// size. A document is then written anew once for each time that their number grows fourfold.
const TIMES: u32 = 3;

/// As many documents become one segment when an index is built, of some 115 MB of notes; to
/// merge them takes 2.5 s and 150 MB.
const WHOLE_DOCUMENTS: u32 = 120_000;

/// Where this part of the documents is of notes as they were, all are merged: edits of a quarter
/// of the notes pay for writing all of them anew.
const DEAD_PART: u32 = 4;

/// How many documents a segment has, and how many more that are of notes as they were.
#[derive(Clone, Copy)]
struct Size {
    live: u32,
    dead: u32,
}

/// Returns how many segments to merge after an update, of sizes from the smallest on; `patient`
/// where nobody waits for an answer.
fn ripe(sizes: &[Size], patient: bool) -> usize {
    let live: u32 = sizes.iter().map(|s| s.live).sum();
    let dead: u32 = sizes.iter().map(|s| s.dead).sum();
    if patient && live <= WHOLE_DOCUMENTS && dead > live / DEAD_PART {
        return sizes.len();
    }
    let mut sum: u32 = 0;
    let alike = sizes.iter().take_while(|size| {
        let after = sum.saturating_add(size.live);
        let is_alike = sum == 0 || size.live <= sum.saturating_mul(TIMES);
        sum = after;
        size.live <= SMALL_DOCUMENTS || patient && is_alike && after <= WHOLE_DOCUMENTS
    });
    let count = alike.count();
    if count >= ALIKE { count } else { 0 }
}

impl Reader {
    /// Returns true where segments are worth merging, though no note changed: searches of a person
    /// who never asks for an update leave that.
    pub fn is_ripe(&self) -> bool {
        let segments = self.searcher.segment_readers().iter();
        let size =
            |s: &SegmentReader| Size { live: s.num_docs(), dead: s.num_deleted_docs() };
        let mut sizes: Vec<Size> = segments.map(size).collect();
        sizes.sort_by_key(|size| size.live);
        ripe(&sizes, true) > 0 || sizes.len() > MOST_SEGMENTS
    }
}

impl Writer<'_> {
    /// Keeps the segments few by merging the smallest; as many as slow searches down where it is
    /// `patient`, because nobody waits for an answer.
    pub(super) fn merge(&mut self, patient: bool) -> tantivy::Result<()> {
        let is_new = self.before.is_empty();
        let (most, wanted) = match is_new {
            true => (BUILT_SEGMENTS, BUILT_SEGMENTS),
            // What was built stays, one more takes in what is new.
            false => (MOST_SEGMENTS, BUILT_SEGMENTS + 1),
        };
        let mut smallest = self.by_size()?;
        let size =
            |m: &SegmentMeta| Size { live: m.num_docs(), dead: m.num_deleted_docs() };
        let sizes: Vec<Size> = smallest.iter().map(size).collect();
        let count = if is_new { 0 } else { ripe(&sizes, patient) };
        if count > 0 {
            smallest = self.merge_first(smallest, count)?;
        }
        if smallest.len() > most {
            while smallest.len() > wanted {
                let count = MERGED_AT_ONCE.min(smallest.len() - wanted + 1);
                smallest = self.merge_first(smallest, count)?;
            }
        }
        Ok(())
    }

    /// The segments, the smallest first.
    fn by_size(&self) -> tantivy::Result<Vec<SegmentMeta>> {
        let mut metas = self.writer.index().searchable_segment_metas()?;
        metas.sort_by_key(SegmentMeta::num_docs);
        Ok(metas)
    }

    /// Merges the first of the segments. Returns those that there are then.
    fn merge_first(
        &mut self,
        segments: Vec<SegmentMeta>,
        count: usize,
    ) -> tantivy::Result<Vec<SegmentMeta>> {
        let ids: Vec<_> = segments[..count].iter().map(SegmentMeta::id).collect();
        // Files of segments that somebody still names are kept, and what is kept stays mapped.
        drop(segments);
        self.writer.merge(&ids).wait()?;
        self.writer.garbage_collect_files().wait()?;
        self.by_size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_merged() {
        let whole = WHOLE_DOCUMENTS;
        for (live, dead, patient, expected, why) in [
            (&[1, 1, 1][..], 0, true, 0, "few"),
            (&[1, 1, 1, 1], 0, false, 4, "small"),
            (&[1, 300, 900, 1000, 50_000], 0, false, 4, "small, beside a large one"),
            (&[1, 300, 900, 3_000], 0, false, 0, "three small"),
            (&[1, 300, 900, 3_000, 50_000], 0, true, 4, "of about a size"),
            (&[1, 300, 900, 5_000, 50_000], 0, true, 0, "too large for the others"),
            (&[900, 900, 900, 8_000, 30_000], 0, true, 5, "each for those before"),
            (&[900, 900, 900, whole], 0, true, 0, "too large for all"),
            (&[2_000, 2_000, 2_000, 2_000], 0, true, 4, "none of them small"),
            (&[2_000, 2_000, 2_000, 2_000], 0, false, 0, "but somebody waits"),
            (&[whole, whole, whole, whole], 0, true, 0, "as they were built"),
            (&[50_000], 12_500, true, 0, "a fifth is gone"),
            (&[50_000], 12_501, true, 1, "more than a quarter as many are gone"),
            (&[100, 50_000], 12_600, true, 2, "those that stay, too"),
            (&[100, 50_000], 40_000, false, 0, "gone, but somebody waits"),
            (&[whole + 1], whole, true, 0, "too much to write anew"),
            (&[], 0, true, 0, "nothing"),
        ] {
            let mut sizes: Vec<Size> =
                live.iter().map(|&live| Size { live, dead: 0 }).collect();
            if let Some(last) = sizes.last_mut() {
                last.dead = dead;
            }
            assert_eq!(ripe(&sizes, patient), expected, "{why}: {live:?}, {dead} gone");
        }
    }
}
