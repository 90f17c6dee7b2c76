//! A segment that the engine merged, with terms and lists in our codes. The engine writes both in
//! its way: of few notes lists take 0.11 of the notes more, terms 0.08.

use std::io::Write;
use std::path::Path;

use tantivy::directory::TerminatingWrite;
use tantivy::fieldnorm::FieldNormReaders;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::{Index, SegmentMeta, SegmentReader};

use super::fields::{Composites, Layout, Lists};
use super::finish::SORTED_AT_ONCE;
use crate::index::coded::Head;
use crate::index::schema::Fields;

/// What is copied as it is. Positions there are none; that file comes with the lists.
const COPIED: [SegmentComponent; 3] =
    [SegmentComponent::Store, SegmentComponent::FieldNorms, SegmentComponent::FastFields];

/// Writes the files of a segment anew. It becomes part of the index when the engine's writer is
/// given what is returned and commits.
///
/// # Errors
/// Where a file cannot be read or written.
pub(in crate::index) fn recoded(
    index: &Index,
    generation: &Path,
    fields: Fields,
    merged: &Segment,
) -> tantivy::Result<SegmentMeta> {
    let reader = SegmentReader::open(merged)?;
    let documents = reader.max_doc();
    let segment = index.new_segment();
    let mut files = Composites::open(&segment, Head { documents, counted: fields.text })?;
    for component in COPIED {
        let bytes = merged.open_read(component.clone())?.read_bytes()?;
        let mut file = segment.clone().open_write(component)?;
        file.write_all(&bytes)?;
        file.terminate()?;
    }
    let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let layout = Layout {
        schema: segment.schema(),
        generation,
        documents,
        counted: fields.text,
        sorted_at_once: SORTED_AT_ONCE,
    };
    let Fields { text, rest, title, sound, gloss, tag, file } = fields;
    for field in [text, rest, title, sound, gloss, tag, file] {
        layout.write(field, Lists::Merged(&reader), &norms, &mut files)?;
    }
    files.close()?;
    let segment = segment.with_max_doc(documents);
    segment.meta().untrack_temp_docstore();
    Ok(segment.meta().clone())
}
