//! Segments stay few: each costs a search. What is gone does not stay long.

use std::fs;
use std::path::Path;

use tantivy::index::{SegmentComponent, SegmentId};
use tantivy::query::{
    AllWeight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{DocId, Index, Score, SegmentMeta, SegmentReader};

use super::read::Reader;
use super::segment::recoded;
use super::write::Writer;

/// At most this many segments stay: each costs a search some 50 µs.
const MOST_SEGMENTS: usize = 8;

/// Where there are more, they are merged until there are so many: what was built, and some.
const WANTED_SEGMENTS: usize = 4;

/// Then so many are merged at a time: what a merge reads is mapped into memory.
const MERGED_AT_ONCE: usize = 3;

/// Updates add a segment each; so many of about a size become one.
const ALIKE: usize = 4;

/// A segment of at most this many bytes is merged while somebody waits for an answer: a megabyte
/// takes 25 to 50 ms.
const SMALL_BYTES: u64 = 256 << 10;

/// A segment that is at most so many times as large as all that are smaller is of about their
/// size. A document is then written anew once for each time that their number grows fourfold.
const TIMES: u64 = 3;

/// So much is of some 115 MB of notes where segments were merged before, of 135 MB where not; to
/// merge it takes 3 s and 170 MB. Of more nothing is merged but where there are too many segments: all of
/// 850 MB of notes takes 10 to 20 s and 960 MB.
const WHOLE_BYTES: u64 = 110 << 20;

/// Where there is this part as much of notes as they were as of notes as they are, all is merged:
/// edits of a fifth of the notes pay for writing all of them anew.
const DEAD_PART: u64 = 4;

/// The files of a segment that grow with it.
const GROWING: [SegmentComponent; 4] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Store,
    SegmentComponent::FieldNorms,
];

/// How large a segment is, as far as it is of notes as they are, and how much is of notes as they
/// were; bytes.
#[derive(Clone, Copy)]
struct Size {
    live: u64,
    dead: u64,
}

impl Size {
    fn of(meta: &SegmentMeta, generation: &Path) -> Self {
        let len_bytes = |component: &SegmentComponent| {
            let file = generation.join(meta.relative_path(component.clone()));
            fs::metadata(file).map_or(0, |m| m.len())
        };
        let all: u64 = GROWING.iter().map(len_bytes).sum();
        let live = all * u64::from(meta.num_docs()) / u64::from(meta.max_doc()).max(1);
        Self { live, dead: all - live }
    }
}

/// The segments with their sizes, the smallest first.
fn by_size(
    engine: &Index,
    generation: &Path,
) -> tantivy::Result<Vec<(Size, SegmentMeta)>> {
    let metas = engine.searchable_segment_metas()?.into_iter();
    let mut sized: Vec<_> =
        metas.map(|meta| (Size::of(&meta, generation), meta)).collect();
    sized.sort_by_key(|(size, meta)| (size.live, meta.id()));
    Ok(sized)
}

/// Returns how many segments to merge after an update, of sizes from the smallest on; `patient`
/// where nobody waits for an answer.
fn ripe(sizes: &[Size], patient: bool) -> usize {
    let live: u64 = sizes.iter().map(|s| s.live).sum();
    let dead: u64 = sizes.iter().map(|s| s.dead).sum();
    if patient && live <= WHOLE_BYTES && dead > live / DEAD_PART {
        return sizes.len();
    }
    let mut sum = 0;
    let alike = sizes.iter().take_while(|size| {
        let is_alike = sum == 0 || size.live <= sum * TIMES;
        sum += size.live;
        size.live <= SMALL_BYTES || patient && is_alike && sum <= WHOLE_BYTES
    });
    let count = alike.count();
    if count >= ALIKE { count } else { 0 }
}

impl Reader {
    /// Returns true where segments are worth merging, though no note changed: searches of a person
    /// who never asks for an update leave that.
    pub fn is_ripe(&self) -> bool {
        // Who cannot tell merges later.
        let sized = by_size(self.searcher.index(), &self.generation).unwrap_or_default();
        let sizes: Vec<Size> = sized.iter().map(|(size, _)| *size).collect();
        ripe(&sizes, true) > 0 || sizes.len() > MOST_SEGMENTS
    }
}

impl Writer<'_> {
    /// Keeps the segments few by merging the smallest; as many as slow searches down where it is
    /// `patient`, because nobody waits for an answer. The payload is that of the last commit.
    pub(super) fn merge(&mut self, patient: bool, payload: &str) -> tantivy::Result<()> {
        let mut most = MOST_SEGMENTS;
        loop {
            let sized = by_size(self.writer.index(), self.generation)?;
            let sizes: Vec<Size> = sized.iter().map(|(size, _)| *size).collect();
            let mut count = ripe(&sizes, patient);
            if count == 0 && sized.len() > most {
                // Once there are too many, until there is room for more.
                most = if patient { WANTED_SEGMENTS } else { MOST_SEGMENTS };
                count = MERGED_AT_ONCE.min(sized.len() - WANTED_SEGMENTS + 1);
            }
            if count == 0 {
                return Ok(());
            }
            let ids: Vec<_> = sized[..count].iter().map(|(_, meta)| meta.id()).collect();
            // Files of segments that somebody still names are kept, and what is kept stays mapped.
            drop(sized);
            if let Some(merged) = self.writer.merge(&ids).wait()? {
                self.recode(&merged, payload)?;
            }
            self.writer.garbage_collect_files().wait()?;
        }
    }

    /// Puts a segment with our codes in the place of one that the engine merged, in a commit.
    fn recode(&mut self, merged: &SegmentMeta, payload: &str) -> tantivy::Result<()> {
        let index = self.writer.index();
        let segment = index.segment(merged.clone());
        let ours = recoded(index, self.generation, self.fields, &segment)?;
        self.writer.delete_query(Box::new(AllOf(merged.id())))?;
        self.writer.add_segment(ours)?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(payload);
        commit.commit()?;
        Ok(())
    }
}

/// All documents of a segment.
#[derive(Debug, Clone)]
struct AllOf(SegmentId);

impl Query for AllOf {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for AllOf {
    fn scorer(
        &self,
        of: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        match of.segment_id() == self.0 {
            true => AllWeight.scorer(of, boost),
            false => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(
        &self,
        of: &SegmentReader,
        document: DocId,
    ) -> tantivy::Result<Explanation> {
        AllWeight.explain(of, document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_merged() {
        let (kib, mib) = (1 << 10, 1 << 20);
        let whole = WHOLE_BYTES;
        for (live, dead, patient, expected, why) in [
            (&[kib, kib, kib][..], 0, true, 0, "few"),
            (&[kib, kib, kib, kib], 0, false, 4, "small"),
            (&[kib, 9 * kib, 99 * kib, 256 * kib, 50 * mib], 0, false, 4, "small ones"),
            (&[kib, 9 * kib, 99 * kib, mib], 0, false, 0, "three small"),
            (
                &[kib, 90 * kib, 250 * kib, 900 * kib, 50 * mib],
                0,
                true,
                4,
                "of about a size",
            ),
            (&[kib, 9 * kib, 99 * kib, mib, 50 * mib], 0, true, 0, "too large for them"),
            (&[mib, mib, mib, 8 * mib, 30 * mib], 0, true, 5, "each for those before"),
            (&[mib, mib, mib, whole], 0, true, 0, "too large for all"),
            (&[2 * mib; 4], 0, true, 4, "none of them small"),
            (&[2 * mib; 4], 0, false, 0, "but somebody waits"),
            (&[whole / 3; 6], 0, true, 0, "as they were built"),
            (&[50 * mib], 12 * mib, true, 0, "less than a quarter as much is gone"),
            (&[50 * mib], 13 * mib, true, 1, "more is"),
            (&[kib, 50 * mib], 13 * mib, true, 2, "those that stay, too"),
            (&[kib, 50 * mib], 40 * mib, false, 0, "gone, but somebody waits"),
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
