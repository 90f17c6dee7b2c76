//! What programs keep for themselves among notes: nobody wrote it to be found.

use std::borrow::Cow;

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

/// Returns the last part of a path that was listed: a sixth of the time of [`DirEntry::file_name`],
/// which looks for odd parts. Bytes that are not UTF-8 are replaced.
pub(super) fn last_part(entry: &DirEntry) -> Cow<'_, str> {
    let path = entry.path().as_os_str().as_encoded_bytes();
    let is_separator = |&byte: &u8| std::path::is_separator(char::from(byte));
    let start = path.iter().rposition(is_separator).map_or(0, |at| at + 1);
    // To look for what to replace takes five times as long.
    let name = &path[start..];
    std::str::from_utf8(name).map_or_else(|_| String::from_utf8_lossy(name), Cow::from)
}

/// Returns true below a root for what `OF_PROGRAMS` and `NO_NOTES` name.
pub(super) fn is_of_a_program(entry: &DirEntry) -> bool {
    let name = last_part(entry);
    let is_folder = entry.file_type().is_some_and(|t| t.is_dir());
    entry.depth() > 0
        && match is_folder {
            true => OF_PROGRAMS.contains(&&*name) || name.starts_with(".Trash-"),
            false => NO_NOTES.iter().any(|start| name.starts_with(start)),
        }
}
