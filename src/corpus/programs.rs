//! What programs keep for themselves among notes: nobody wrote it to be found.

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

/// Returns true below a root for what `OF_PROGRAMS` and `NO_NOTES` name.
pub(super) fn is_of_a_program(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
    entry.depth() > 0
        && match is_folder {
            true => OF_PROGRAMS.contains(&&*name) || name.starts_with(".Trash-"),
            false => NO_NOTES.iter().any(|start| name.starts_with(start)),
        }
}
