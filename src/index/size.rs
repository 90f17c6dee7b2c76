//! What of an index takes how much room.

use std::fs;
use std::path::Path;

/// Kinds of files by their endings, in the order they are told.
const KINDS: &[(&str, &[&str])] = &[
    ("texts", &["store"]),
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
