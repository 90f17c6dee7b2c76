//! What a walk asks of what is known already.

use std::path::Path;

use super::Stamp;

/// What is known of the notes already, asked by several threads.
pub trait Known: Sync {
    /// Takes note that a note is there, and returns true where it is known with this stamp: it
    /// needs not be found.
    fn note(&self, root: u32, path: &str, stamp: &Stamp) -> bool;

    /// Returns true where a folder was walked and had this stamp: no name in it came or went.
    fn folder(&self, folder: &Path, stamp: &Stamp) -> bool;

    /// Returns true where there was this ignore file.
    fn ignore_file(&self, file: &Path) -> bool;
}

/// Nothing is known.
impl Known for () {
    fn note(&self, _: u32, _: &str, _: &Stamp) -> bool {
        false
    }

    fn folder(&self, _: &Path, _: &Stamp) -> bool {
        false
    }

    fn ignore_file(&self, _: &Path) -> bool {
        false
    }
}
