//! What earlier commits and killed writers leave in a generation.

use std::collections::HashSet;
use std::path::Path;

use tantivy::index::SegmentComponent;
use tantivy::{Index, SegmentMeta};

/// Removes files of segments that no commit knows: a writer that was killed leaves them, and the
/// engine refuses to write a file that is there. Only whoever holds the lock may call this.
pub(super) fn sweep(engine: &Index, generation: &Path) -> tantivy::Result<()> {
    let metas = engine.searchable_segment_metas()?;
    let ids: HashSet<String> = metas.iter().map(|m| m.id().uuid_string()).collect();
    let of_deletions = |m: &SegmentMeta| m.relative_path(SegmentComponent::Delete);
    let deletions: HashSet<_> = metas.iter().map(of_deletions).collect();
    for entry in std::fs::read_dir(generation).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(text) = name.to_str() else { continue };
        let stem = text.split('.').next().unwrap_or_default();
        let of_segment = stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit());
        let known = match text.ends_with(".del") {
            true => deletions.contains(Path::new(text)),
            false => ids.contains(stem),
        };
        let temporary = text.starts_with(".tmp");
        if temporary || of_segment && !known {
            // What cannot be removed is in nobody's way but the next writer's, who says so.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Removes the records of the notes that earlier commits named.
pub(super) fn remove_old_manifests(generation: &Path, keep: &str) {
    let entries = std::fs::read_dir(generation).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("files-") && name != keep {
            // A reader may be about to open it; a leftover is removed by the next commit.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
