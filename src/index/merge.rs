//! Segments stay few: each costs a search.

use tantivy::SegmentMeta;

use super::write::Writer;
use crate::error::{Error, Result};

/// At most this many segments stay: each costs a search some 50 µs.
const MOST_SEGMENTS: usize = 8;

/// A build leaves at most this many, so that what later updates add is merged among itself.
const BUILT_SEGMENTS: usize = 6;

/// What updates add is merged where it lies in this many segments of few documents, the segment
/// of those that were merged before among them.
const MOST_SMALL: usize = 4;

/// A segment of at most this many documents is small.
const SMALL_DOCUMENTS: u32 = 1_000;

/// So many segments are merged at a time: what a merge reads is mapped into memory, 60 MB a
/// segment.
const MERGED_AT_ONCE: usize = 3;

impl Writer<'_> {
    /// Keeps the segments few by merging the smallest, a few at a time.
    pub(super) fn merge(&mut self) -> Result<()> {
        let failed = || Error::engine("merge the segments of", self.index);
        let engine = self.writer.index().clone();
        let metas = || -> tantivy::Result<Vec<SegmentMeta>> {
            let mut metas = engine.searchable_segment_metas()?;
            metas.sort_by_key(SegmentMeta::num_docs);
            Ok(metas)
        };
        let (most, wanted) = match self.before.is_empty() {
            true => (BUILT_SEGMENTS, BUILT_SEGMENTS),
            // What was built stays, one more takes in what is new.
            false => (MOST_SEGMENTS, BUILT_SEGMENTS + 1),
        };
        let mut smallest = metas().map_err(failed())?;
        let small = smallest.iter().filter(|m| m.num_docs() <= SMALL_DOCUMENTS).count();
        if small >= MOST_SMALL {
            let ids: Vec<_> = smallest[..small].iter().map(SegmentMeta::id).collect();
            smallest.clear();
            self.writer.merge(&ids).wait().map_err(failed())?;
            smallest = metas().map_err(failed())?;
        }
        if smallest.len() <= most {
            return Ok(());
        }
        while smallest.len() > wanted {
            let count = MERGED_AT_ONCE.min(smallest.len() - wanted + 1);
            let ids: Vec<_> = smallest[..count].iter().map(SegmentMeta::id).collect();
            self.writer.merge(&ids).wait().map_err(failed())?;
            // Files of segments that somebody still names are kept, and what is kept stays mapped.
            smallest.clear();
            self.writer.garbage_collect_files().wait().map_err(failed())?;
            smallest = metas().map_err(failed())?;
        }
        Ok(())
    }
}
