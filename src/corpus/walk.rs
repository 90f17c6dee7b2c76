//! Which files are notes: known endings, `.gitignore` and `.ignore` honoured, links skipped.
//! Hidden ones are notes too (`grep -r` finds them), but for what programs keep for themselves.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, WalkBuilder, WalkState};
use serde::{Deserialize, Serialize};

use super::known::Known;
use super::programs::{is_of_a_program, last_part};
use super::{DICTIONARY_FILE, Selection, Stamp, relative};
use crate::error::{Error, Result};
use crate::message;

/// A note found on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which root it lies under.
    pub root: u32,
    /// Path relative to the root, `/` between parts.
    pub path: String,
    /// What the file system says of it.
    pub stamp: Stamp,
}

/// A folder that was looked into, or an ignore file that was obeyed: when its stamp stands,
/// the set of notes in it stands.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// The folder or ignore file.
    pub path: PathBuf,
    /// What the file system says of it.
    pub stamp: Stamp,
}

impl PartialEq for Folder {
    /// Byte by byte: to compare paths part by part takes ten times as long.
    fn eq(&self, other: &Self) -> bool {
        self.stamp == other.stamp && self.path.as_os_str() == other.path.as_os_str()
    }
}

/// A file that is not indexed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file as the system names it, undecodable bytes replaced.
    pub path: String,
    /// Why, in a few words.
    pub why: String,
}

/// All that a walk found.
#[derive(Debug, Clone, Default)]
pub struct Walked {
    /// Notes, in no order.
    pub found: Vec<Found>,
    /// Folders and ignore files, sorted.
    pub folders: Vec<Folder>,
    /// What could not be looked at, sorted.
    pub skipped: Vec<Skipped>,
    /// Folders that the disk failed to list: what they hold is not gone.
    pub unlisted: Vec<PathBuf>,
}

/// Names of the files that say what to ignore.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// Marks a folder that can be made again (bford.info/cachedir).
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// Finds all notes of a selection, on all cores, but for those that are known as they are.
///
/// # Errors
/// [`Error::Io`] where a root cannot be listed, [`Error::Usage`] where a glob cannot be read.
/// What lies deeper and cannot be read is in `skipped`.
pub fn walk(
    selection: &Selection,
    endings: &[&str],
    known: &impl Known,
) -> Result<Walked> {
    let all = Mutex::new(Walked::default());
    for (root, path) in (0u32..).zip(&selection.roots) {
        if path.to_str().is_none() {
            return Err(Error::Usage {
                message: message::root_not_utf8(path.display()),
                hint: message::mend_root_name(),
            });
        }
        std::fs::metadata(path).map_err(Error::io("read the notes in", path))?;
        let mut overrides = OverrideBuilder::new(path);
        for glob in &selection.globs {
            overrides.add(glob).map_err(|e| Error::Usage {
                message: message::bad_glob(glob, e),
                hint: message::mend_glob(),
            })?;
        }
        all.lock().expect("nobody else has it").folders.extend(above(path));
        let overrides = overrides.build().map_err(|e| Error::Usage {
            message: message::bad_globs(e),
            hint: message::mend_glob(),
        })?;
        let mut walker = WalkBuilder::new(path);
        walker.overrides(overrides).require_git(false).follow_links(false);
        walker.hidden(false).filter_entry(|entry| !is_of_a_program(entry));
        walker
            .threads(std::thread::available_parallelism().map_or(1, |n| n.get().min(8)));
        let unlisted_root = Mutex::new(None);
        walker.build_parallel().run(|| {
            Box::new(|entry| {
                if let Err(e) = &entry
                    && let Some((folder, source)) = unlisted(e)
                {
                    let kind = source.kind();
                    if folder == *path {
                        *unlisted_root.lock().expect("nothing panics") = Some(source);
                    } else if kind != ErrorKind::NotFound
                        && kind != ErrorKind::PermissionDenied
                    {
                        all.lock().expect("nothing panics").unlisted.push(folder);
                    }
                }
                let one = look_at((root, path), entry, selection, endings, known);
                if matches!(one, Seen::Nothing) {
                    return WalkState::Continue;
                }
                let mut all = all.lock().expect("no thread panics while it adds");
                match one {
                    Seen::Note(found) => all.found.push(found),
                    Seen::Folder(folders) => all.folders.extend(folders),
                    Seen::Skipped(skipped, watched) => {
                        all.skipped.push(skipped);
                        all.folders.extend(watched);
                    }
                    Seen::Cache(tag) => {
                        all.folders.push(tag);
                        return WalkState::Skip;
                    }
                    Seen::Nothing => {}
                }
                WalkState::Continue
            })
        });
        if let Some(source) = unlisted_root.into_inner().expect("nothing panics") {
            return Err(Error::io("read the notes in", path)(source));
        }
    }
    let mut all = all.into_inner().expect("no thread panicked");
    // What lies in a folder whose name is not UTF-8 is skipped anyway, and said to be.
    all.folders.retain(|folder| folder.path.to_str().is_some());
    // Byte by byte: to compare paths part by part takes ten times as long.
    all.folders.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    for folder in &mut all.folders {
        if all.unlisted.contains(&folder.path) {
            // Looked at again next time, whatever its stamp says.
            folder.stamp = Stamp::default();
        }
    }
    all.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

enum Seen {
    Note(Found),
    Folder(Vec<Folder>),
    /// With its stamp where it has one: it may become a note without its folder changing.
    Skipped(Skipped, Option<Folder>),
    /// A folder that says it can be made again holds no notes; our own index may lie among them. The
    /// file that says so.
    Cache(Folder),
    /// No note, or one that stands.
    Nothing,
}

fn look_at(
    (root, root_path): (u32, &Path),
    entry: std::result::Result<DirEntry, ignore::Error>,
    selection: &Selection,
    endings: &[&str],
    known: &impl Known,
) -> Seen {
    let skipped = |path: &Path, why: String| {
        let watched = stamp(path).filter(|_| path.is_file());
        let watched = watched.map(|stamp| Folder { path: path.to_owned(), stamp });
        let path = path.to_string_lossy().into_owned();
        Seen::Skipped(Skipped { path, why }, watched)
    };
    let entry = match entry {
        Ok(entry) => entry,
        Err(e) => return skipped(&path_of(&e).unwrap_or_default(), why_unreadable(&e)),
    };
    let path = entry.path();
    let Some(kind) = entry.file_type() else { return Seen::Nothing };
    if kind.is_dir() {
        return watched(path, entry.depth(), &selection.roots, known);
    }
    let name = last_part(&entry);
    if entry.depth() == 1 && name == DICTIONARY_FILE.as_bytes() {
        return Seen::Nothing;
    }
    let ending = after_dot(name);
    let is_known = endings.iter().any(|e| ending.eq_ignore_ascii_case(e.as_bytes()));
    if !is_known && entry.depth() > 0 {
        return Seen::Nothing;
    }
    // A link to a single file inside the notes is a note; to a folder it could be a loop.
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(e) => return skipped(path, format!("cannot be read: {e}")),
    };
    if !metadata.is_file() {
        let what =
            if metadata.is_dir() { "a link to a folder" } else { "not a regular file" };
        return skipped(path, what.to_owned());
    }
    if kind.is_symlink() && !inside(root_path, path) {
        return skipped(path, "a link out of the notes".to_owned());
    }
    let stamp = stamp_of(&metadata);
    if stamp.size_bytes > selection.largest_bytes {
        let (size, most) = (stamp.size_bytes >> 20, selection.largest_bytes >> 20);
        return skipped(path, format!("too large: {size} MiB, the limit is {most} MiB"));
    }
    match relative(root_path, path) {
        Some(path) if known.note(root, &path, &stamp) => Seen::Nothing,
        Some(path) => Seen::Note(Found { root, path: path.into_owned(), stamp }),
        None => skipped(path, "its name is not UTF-8".to_owned()),
    }
}

/// What stands after the last `.` of a name, which does not begin with it.
fn after_dot(name: &[u8]) -> &[u8] {
    match name.iter().rposition(|&byte| byte == b'.') {
        Some(dot) if dot > 0 => &name[dot + 1..],
        _ => b"",
    }
}

fn inside(root: &Path, link: &Path) -> bool {
    match (root.canonicalize(), link.canonicalize()) {
        (Ok(root), Ok(target)) => target.starts_with(root),
        _ => false,
    }
}

/// A folder and the ignore files in it. In one that is known as it is, what was not there is not
/// looked for: a seventh of all that the system is asked.
fn watched(folder: &Path, depth: usize, roots: &[PathBuf], known: &impl Known) -> Seen {
    let own = stamp(folder);
    let stands = own.is_some_and(|stamp| known.folder(folder, &stamp));
    let mut watched = Vec::new();
    let tag = folder.join(CACHE_TAG);
    // A folder that is a root too is walked there whatever its tag says, and known.
    let is_walked = stands && !roots.iter().any(|root| root == folder);
    if depth > 0 && (!is_walked || known.ignore_file(&tag)) {
        match watched_file(tag) {
            Some(tag) if tag.stamp != Stamp::default() => return Seen::Cache(tag),
            tag => watched.extend(tag),
        }
    }
    let names = IGNORE_FILES.iter().map(|name| folder.join(name));
    let files = names.filter(|path| !stands || known.ignore_file(path));
    watched.extend(files.filter_map(watched_file));
    watched.extend(own.map(|stamp| Folder { path: folder.to_owned(), stamp }));
    Seen::Folder(watched)
}

/// A file whose coming, change and going counts. A link that leads nowhere has an empty stamp: what
/// it leads to may come, which no folder's stamp shows.
fn watched_file(path: PathBuf) -> Option<Folder> {
    let stamp = match stamp(&path) {
        None if std::fs::symlink_metadata(&path).is_err() => return None,
        stamp => stamp.unwrap_or_default(),
    };
    Some(Folder { path, stamp })
}

/// The ignore files above a root, which are obeyed too; a missing one has an empty stamp, so
/// that its coming is seen.
fn above(root: &Path) -> Vec<Folder> {
    let folders = root.ancestors().skip(1);
    let files = folders.flat_map(|f| IGNORE_FILES.map(|name| f.join(name)));
    files.map(|path| Folder { stamp: stamp(&path).unwrap_or_default(), path }).collect()
}

/// Returns the stamp of a file or a folder; that of a folder says whether names came or went.
/// `None` where there is none, or it may not be looked at.
pub fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::metadata(path).ok().map(|m| stamp_of(&m))
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        _ => None,
    }
}

/// The folder that could not be listed, and why.
fn unlisted(error: &ignore::Error) -> Option<(PathBuf, std::io::Error)> {
    let source = error.io_error()?;
    let copy = match source.raw_os_error() {
        Some(code) => std::io::Error::from_raw_os_error(code),
        None => source.kind().into(),
    };
    Some((path_of(error)?, copy))
}

fn why_unreadable(error: &ignore::Error) -> String {
    match error.io_error() {
        Some(e) => format!("cannot be read: {e}"),
        None => error.to_string(),
    }
}

/// Returns the stamp in a file's metadata.
pub fn stamp_of(metadata: &Metadata) -> Stamp {
    let mtime = metadata.modified().map_or(0, since_1970_ns);
    #[cfg(unix)]
    let (changed_ns, inode) = {
        use std::os::unix::fs::MetadataExt;
        let seconds = metadata.ctime().saturating_mul(1_000_000_000);
        (seconds.saturating_add(metadata.ctime_nsec()), metadata.ino())
    };
    #[cfg(not(unix))]
    let (changed_ns, inode) = (mtime, 0);
    Stamp { size_bytes: metadata.len(), mtime_ns: mtime, changed_ns, inode }
}

fn since_1970_ns(time: SystemTime) -> i64 {
    let (time, sign) = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (after, 1),
        Err(before) => (before.duration(), -1),
    };
    // Enough for the three centuries on either side.
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX) * sign
}

#[cfg(test)]
mod tests;
