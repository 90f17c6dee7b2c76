//! What programs keep for themselves among notes: nobody wrote it to be found.

use std::path::MAIN_SEPARATOR;

use ignore::DirEntry;

/// Hidden folders in which programs keep copies, settings and what they fetched: nobody's notes.
const OF_PROGRAMS: [&str; 33] = [
    // Versions.
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".bzr",
    ".history",
    ".stversions",
    ".stfolder",
    // What was thrown away.
    ".trash",
    ".Trash",
    ".Trashes",
    // Editors and indexers.
    ".obsidian",
    ".idea",
    ".vscode",
    ".vs",
    ".ipynb_checkpoints",
    ".Spotlight-V100",
    ".DocumentRevisions-V100",
    ".fseventsd",
    // Packages and caches.
    ".cache",
    ".cargo",
    ".rustup",
    ".npm",
    ".pnpm-store",
    ".yarn",
    ".venv",
    ".tox",
    ".nox",
    ".gradle",
    ".m2",
    ".bundle",
    ".terraform",
    ".local",
];

/// Hidden files that are no notes: links that lock a note (Emacs), what a Mac keeps beside one.
const NO_NOTES: [&str; 2] = [".#", "._"];

/// Returns the last part of a path that was listed, as the system has it: a sixth of the time of
/// [`DirEntry::file_name`], which looks for odd parts.
pub(super) fn last_part(entry: &DirEntry) -> &[u8] {
    let path = entry.path().as_os_str().as_encoded_bytes();
    let separator = memchr::memrchr2(b'/', MAIN_SEPARATOR as u8, path);
    &path[separator.map_or(0, |at| at + 1)..]
}

/// Returns true below a root for what `OF_PROGRAMS` and `NO_NOTES` name.
pub(super) fn is_of_a_program(entry: &DirEntry) -> bool {
    let name = last_part(entry);
    let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
    // All of them are hidden.
    name.starts_with(b".")
        && entry.depth() > 0
        && match is_folder {
            true => {
                OF_PROGRAMS.iter().any(|program| program.as_bytes() == name)
                    || name.starts_with(b".Trash-")
            }
            false => NO_NOTES.iter().any(|start| name.starts_with(start.as_bytes())),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_keep_is_hidden() {
        for name in OF_PROGRAMS.iter().chain(&NO_NOTES) {
            assert!(name.starts_with('.'), "{name} is never asked for");
        }
    }
}
