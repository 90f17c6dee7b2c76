//! Two segments that are being written become one.

use tantivy::Directory;
use tantivy::index::SegmentComponent;
use tantivy::store::StoreReader;

use super::SegmentWriter;

impl SegmentWriter {
    /// Adds all documents of another segment after its own. Only [`SegmentWriter::finish`] may
    /// follow.
    pub fn absorb(&mut self, mut other: Self) -> tantivy::Result<()> {
        for half in [&mut *self, &mut other] {
            half.pack()?;
            half.end_group()?;
        }
        let Self { segment, store, .. } = other;
        store.close()?;
        let texts = segment.open_read(SegmentComponent::Store)?;
        self.store.stack(StoreReader::open(texts, 1)?)?;
        let file = segment.meta().relative_path(SegmentComponent::Store);
        // What is left is in nobody's way, and swept away by the next writer.
        let _ = segment.index().directory().delete(&file);
        self.lengths.append(&mut other.lengths);
        self.documents += other.documents;
        self.body.absorb(other.body);
        for (ours, theirs) in [
            (&mut self.title, other.title),
            (&mut self.sound, other.sound),
            (&mut self.gloss, other.gloss),
            (&mut self.tag, other.tag),
            (&mut self.file, other.file),
        ] {
            ours.absorb(theirs);
        }
        Ok(())
    }
}
