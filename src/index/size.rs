//! What of an index takes how much room.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::read::Reader;
use crate::error::{Error, Result};

/// Kinds of files by their endings, in the order they are told.
const KINDS: &[(&str, &[&str])] = &[
    ("texts", &["store", "dict"]),
    ("postings", &["idx", "pos"]),
    ("words", &["term"]),
    ("lengths", &["fieldnorm", "fast"]),
    ("record of the notes", &["bin"]),
    ("other", &[]),
];

/// Returns the bytes of an index folder by kind of file, as far as it can be read; kinds
/// without a file are left out.
pub fn folder_parts(index: &Path) -> Vec<(&'static str, u64)> {
    let mut bytes = vec![0; KINDS.len()];
    add(index, &mut bytes);
    let parts = KINDS.iter().zip(bytes).filter(|(_, bytes)| *bytes > 0);
    parts.map(|((name, _), bytes)| (*name, bytes)).collect()
}

impl Reader {
    /// Returns the bytes of each field: its terms, their lists and, where it is stored, its
    /// text; largest first.
    ///
    /// # Errors
    /// [`Error::Io`] where the index cannot be read.
    pub fn field_bytes(&self) -> Result<Vec<(String, u64)>> {
        let mut bytes: BTreeMap<String, u64> = BTreeMap::new();
        let segments = self.searcher.segment_readers().iter();
        let files: Vec<_> = segments.filter_map(|s| self.lists.terms_of(s)).collect();
        for (field, len_bytes) in files.iter().flat_map(|file| file.sizes()) {
            let name = self.searcher.schema().get_field_name(field);
            *bytes.entry(name.to_owned()).or_default() += len_bytes;
        }
        let usage = self.searcher.space_usage();
        let usage = usage.map_err(Error::io("measure", &self.generation))?;
        for segment in usage.segments() {
            let kinds = [segment.termdict(), segment.postings(), segment.positions()];
            let kinds = kinds.into_iter().chain([segment.fieldnorms()]);
            for field in kinds.flat_map(|kind| kind.fields()) {
                *bytes.entry(field.field_name().to_owned()).or_default() +=
                    field.total().get_bytes();
            }
            // Only the record is stored.
            *bytes.entry(STORED.to_owned()).or_default() +=
                segment.store().total().get_bytes();
        }
        let mut bytes: Vec<_> = bytes.into_iter().filter(|(_, n)| *n > 0).collect();
        bytes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(bytes)
    }
}

/// Name of the field that is stored.
const STORED: &str = "record";

fn add(folder: &Path, bytes: &mut [u64]) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            add(&path, bytes);
            continue;
        }
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let kind = KINDS.iter().position(|(_, endings)| endings.contains(&ending));
        bytes[kind.unwrap_or(KINDS.len() - 1)] += entry.metadata().map_or(0, |m| m.len());
    }
}
