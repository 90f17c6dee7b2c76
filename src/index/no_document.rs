//! What the engine's own writer is given to index: nothing. It keeps room for ten thousand times
//! four documents whatever they are, and makes that anew with each commit: of its own documents
//! 2.4 MB, which the system hands out page by page, twice in an update.

use tantivy::schema::document::Document;
use tantivy::schema::{Field, OwnedValue};

/// A document that there is none of: segments are written by hand (`segment.rs`).
pub(super) enum NoDocument {}

impl Document for NoDocument {
    type Value<'a> = &'a OwnedValue;
    type FieldsValuesIter<'a> = std::iter::Empty<(Field, &'a OwnedValue)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        match *self {}
    }
}
