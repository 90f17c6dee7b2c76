//! The notes on disk: which files are notes, what they hold, whether they changed.
//!
//! Law: this is the only room that reads notes; it changes nothing on disk.

mod decode;
mod known;
mod programs;
mod read;
mod walk;

pub use decode::{Decoded, decode, encoding_named};
pub use known::Known;
pub use read::{Note, Unread, look, read};
pub use walk::{Folder, Found, Skipped, Walked, stamp, stamp_of, walk};

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Files above this size are skipped unless configured otherwise: a note of 64 MB is a log or
/// a dump, and one such file would take a writer's whole memory.
pub const LARGEST_NOTE_BYTES: u64 = 64 << 20;

/// A user's own words for the dictionary, one a line: at the root of the notes it is no note.
pub const DICTIONARY_FILE: &str = "dict.txt";

/// Which files are notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// Folders, or single files, absolute.
    pub roots: Vec<PathBuf>,
    /// Globs in the manner of `.gitignore`: notes must match one, `!glob` excludes.
    pub globs: Vec<String>,
    /// Larger files are skipped.
    pub largest_bytes: u64,
}

/// What the file system says of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// Size in bytes.
    pub size_bytes: u64,
    /// Time of the last change in nanoseconds since 1970, as tools may set it.
    pub mtime_ns: i64,
    /// When the system itself last saw a change of text, name or rights, in nanoseconds since
    /// 1970; `mtime_ns` where the system does not tell. No tool can set it, so that a copy with
    /// an old time is seen as new.
    pub changed_ns: i64,
    /// Inode number; 0 where the system has none.
    pub inode: u64,
}

/// Returns the path of a note relative to its root, `/` between parts; the file's name where
/// the root is the file itself. `None` where a part is not UTF-8.
pub fn relative<'f>(root: &Path, file: &'f Path) -> Option<Cow<'f, str>> {
    if let Some(inside) = plainly_inside(root, file) {
        return Some(inside.into());
    }
    let inside = file.strip_prefix(root).ok()?;
    if inside.as_os_str().is_empty() {
        return file.file_name()?.to_str().map(Cow::from);
    }
    let parts: Option<Vec<_>> = inside.iter().map(|part| part.to_str()).collect();
    parts.map(|p| p.join("/").into())
}

/// The path inside a root where it is the rest of the file's path as it is written: nearly always,
/// and a twentieth of the time of comparing part by part.
fn plainly_inside<'f>(root: &Path, file: &'f Path) -> Option<&'f str> {
    let (root, file) = (root.as_os_str(), file.as_os_str());
    let inside = file.as_encoded_bytes().strip_prefix(root.as_encoded_bytes())?;
    let inside = std::str::from_utf8(inside.strip_prefix(b"/")?).ok()?;
    // A part that is empty or `.` is none, and where `\` parts names too, it is told from a
    // character of a name part by part. Hidden files go the long way with `.`.
    let bytes = inside.as_bytes();
    let is_odd = |at: usize| matches!(bytes.get(at), None | Some(b'/' | b'.'));
    let mut ends = memchr::memchr_iter(b'/', bytes);
    let is_plain = !is_odd(0)
        && !ends.any(|end| is_odd(end + 1))
        && memchr::memchr(b'\\', bytes).is_none();
    is_plain.then_some(inside)
}

/// Returns the file that a relative path under a root stands for.
pub fn absolute(root: &Path, relative: &str) -> PathBuf {
    if is_itself(root, relative) { root.to_owned() } else { root.join(relative) }
}

/// True where a root is a single file, which its relative path names.
fn is_itself(root: &Path, relative: &str) -> bool {
    root.file_name().is_some_and(|n| n.to_str() == Some(relative)) && root.is_file()
}

/// Says which file a relative path under a root stands for, as [`absolute`], for many one after
/// the other: a tenth of the time.
pub struct Files<'a> {
    roots: &'a [PathBuf],
    /// The root that `path` begins with, and how long it is there with a separator.
    root: Option<(u32, usize)>,
    path: String,
}

impl<'a> Files<'a> {
    /// Begins with no file. Roots are UTF-8: a walk refuses others.
    pub fn new(roots: &'a [PathBuf]) -> Self {
        Self { roots, root: None, path: String::new() }
    }

    /// Returns the file, until the next is asked for.
    pub fn at(&mut self, root: u32, relative: &str) -> &Path {
        let len_bytes = match self.root {
            Some((of, len_bytes)) if of == root => len_bytes,
            _ => {
                let path = &self.roots[root as usize];
                if is_itself(path, relative) {
                    return path;
                }
                self.path = path.join("").to_string_lossy().into_owned();
                self.root = Some((root, self.path.len()));
                self.path.len()
            }
        };
        self.path.truncate(len_bytes);
        self.path.push_str(relative);
        Path::new(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_their_root() {
        for (root, file, inside) in [
            ("/notes", "/notes/网络/tcp.md", Some("网络/tcp.md")),
            ("/notes/", "/notes/tcp.md", Some("tcp.md")),
            ("/notes", "/notes//a/./tcp.md", Some("a/tcp.md")),
            ("/notes/tcp.md", "/notes/tcp.md", Some("tcp.md")),
            ("/notes", "/notes2/tcp.md", None),
            ("/", "/tcp.md", Some("tcp.md")),
        ] {
            let found = relative(Path::new(root), Path::new(file));
            assert_eq!(found.as_deref(), inside, "{file} in {root}");
        }
    }

    #[test]
    fn files_are_where_their_paths_say() {
        let folder = tempfile::tempdir().expect("a temp folder can be made");
        let single = folder.path().join("单独.md");
        std::fs::write(&single, "# 单独").expect("it is ours");
        let roots = [folder.path().to_owned(), single, "/".into()];
        let mut files = Files::new(&roots);
        for (root, path) in [
            (0, "网络/tcp.md"),
            (0, "a.md"),
            (1, "单独.md"),
            (2, "notes/a.md"),
            (0, "单独.md"),
            (1, "单独.md"),
        ] {
            let known = absolute(&roots[root as usize], path);
            assert_eq!(files.at(root, path), known, "{path} in root {root}");
        }
    }
}
