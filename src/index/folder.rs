//! The index folder: generations side by side, one of them current.
//!
//! ```text
//! index/current        the name of the generation that answers, replaced in one rename
//! index/g1/            an index of the engine; files-N.bin, the record of the notes;
//!                      samples.dict, what stored records are packed over
//! index/notes.json     which notes it is about, to build it anew when all else is damaged
//! index/lock           held by whoever writes
//! ```

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::manifest::Totals;
use crate::corpus::Selection;
use crate::error::{Error, Result};

/// Raised when the layout of the index changes; other versions are rebuilt.
pub const FORMAT_VERSION: u32 = 15;

/// What rides in the engine's commit, atomic with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// [`FORMAT_VERSION`] of the writer.
    pub format: u32,
    /// Fingerprint of the analyzer that cut the text.
    pub analyzer: String,
    /// Name of the file with the record of the notes.
    pub manifest: String,
    /// Checksum of what stored records are packed over.
    pub samples: u64,
    /// Roots of the notes, absolute; ordinals in the records count these.
    pub roots: Vec<PathBuf>,
    /// Sums over all notes, deleted ones excluded.
    pub totals: Totals,
}

const CURRENT: &str = "current";
pub(super) const SAMPLES: &str = "samples.dict";
/// The engine's name for a commit. It is last after a power cut once its folder is.
pub(super) const COMMIT: &str = "meta.json";
const NOTES: &str = "notes.json";
const LOCK: &str = "lock";
const TAG: &str = "CACHEDIR.TAG";

/// Tells backup tools to pass over the folder (bford.info/cachedir).
const CACHEDIR_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This folder is a search index made by jian. It can be removed at any time.\n";

/// Returns the folder of the generation that answers, or `None` where there is no index, or the
/// file that names it is damaged.
///
/// # Errors
/// [`Error::Io`] where the disk fails: that says nothing of what is there.
pub(super) fn current(index: &Path) -> Result<Option<PathBuf>> {
    use std::io::ErrorKind::{InvalidData, NotADirectory, NotFound};
    let path = index.join(CURRENT);
    let name = match fs::read_to_string(&path) {
        Err(e) if matches!(e.kind(), InvalidData | NotADirectory | NotFound) => {
            return Ok(None);
        }
        read => read.map_err(Error::io("read", &path))?,
    };
    let name = name.trim();
    let plain = name.len() > 1
        && name.starts_with('g')
        && name[1..].bytes().all(|b| b.is_ascii_digit());
    Ok(plain.then(|| index.join(name)))
}

/// Makes the index folder and a new, empty generation in it. Returns the generation.
pub(super) fn new_generation(index: &Path) -> Result<PathBuf> {
    let last = generations(index).into_iter().map(|(n, _)| n).max().unwrap_or(0);
    let folder = index.join(format!("g{}", last + 1));
    fs::create_dir_all(&folder).map_err(Error::io("make the index folder", &folder))?;
    Ok(folder)
}

/// Makes a generation the one that answers.
pub(super) fn make_current(index: &Path, generation: &Path) -> Result<()> {
    let name = generation.file_name().unwrap_or_default().to_string_lossy().into_owned();
    write_atomically(&index.join(CURRENT), name.as_bytes())
}

/// Writes down which notes the index is about.
pub(super) fn remember(index: &Path, selection: &Selection) -> Result<()> {
    if remembered(index).as_ref() == Some(selection) {
        return Ok(());
    }
    let text = serde_json::to_vec(selection).expect("plain data always serializes");
    write_atomically(&index.join(NOTES), &text)
}

/// Returns which notes the index is about, if it was ever complete and the file is whole.
pub(super) fn remembered(index: &Path) -> Option<Selection> {
    serde_json::from_slice(&fs::read(index.join(NOTES)).ok()?).ok()
}

/// Writes down what the records of a new generation are packed over.
pub(super) fn keep_samples(generation: &Path, samples: &[u8]) -> Result<()> {
    write_atomically(&generation.join(SAMPLES), samples)
}

/// Returns what the records of a generation are packed over; empty where it has no such file.
pub(super) fn samples(generation: &Path) -> Result<Vec<u8>> {
    let path = generation.join(SAMPLES);
    match fs::read(&path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(Error::io("read", &path)),
    }
}

/// Returns the checksum of what records are packed over.
pub(super) fn samples_sum(samples: &[u8]) -> u64 {
    twox_hash::XxHash3_64::oneshot(samples)
}

/// Removes all generations but the current one, and what killed writers left, as far as the
/// system lets us. Only for who holds the lock.
pub(super) fn prune(index: &Path) {
    // Who does not know what answers removes nothing.
    let Ok(keep) = current(index) else { return };
    // In the folder itself only what we name: whoever has other files there keeps them.
    for name in [CURRENT, NOTES] {
        let _ = fs::remove_file(beside(&index.join(name)));
    }
    let entries = keep.iter().flat_map(fs::read_dir).flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Ours, and those that the engine writes before it renames them.
        if name.ends_with(".new") || name.starts_with(".tmp") {
            let _ = fs::remove_file(entry.path());
        }
    }
    for (_, folder) in generations(index) {
        if Some(&folder) != keep.as_ref() {
            // Windows keeps mapped files; the next run tries again.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn generations(index: &Path) -> Vec<(u64, PathBuf)> {
    let entries = fs::read_dir(index).into_iter().flatten().flatten();
    entries
        .filter_map(|e| {
            let number = e.file_name().to_str()?.strip_prefix('g')?.parse().ok()?;
            Some((number, e.path()))
        })
        .filter(|(_, folder)| is_generation(folder))
        .collect()
}

/// True for a folder that the engine wrote to, or that is empty still: one of another's is not ours
/// to remove.
fn is_generation(folder: &Path) -> bool {
    /// The engine's list of its files, before it is renamed too: the first that it writes.
    const FIRST: [&str; 2] = [".managed.json", ".managed.new"];
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    let is_ours = |name: &str| folder.join(name).is_file();
    entries.next().is_none() || FIRST.into_iter().chain([COMMIT]).any(is_ours)
}

/// True where a folder holds something, and nothing of an index. What is hidden, as `.gitignore`, and
/// a README are about the folder.
fn is_anothers(index: &Path) -> bool {
    let is_about = |name: &str| name.starts_with('.') || name.starts_with("README");
    let mut names = fs::read_dir(index).into_iter().flatten().flatten();
    let holds = names.any(|entry| !is_about(&entry.file_name().to_string_lossy()));
    let is_tagged =
        fs::read(index.join(TAG)).is_ok_and(|tag| tag == CACHEDIR_TAG.as_bytes());
    let is_known = remembered(index).is_some() || !matches!(current(index), Ok(None));
    holds && !is_tagged && !is_known && generations(index).is_empty()
}

/// Writes a small file so that it is whole or not there, also after a power cut.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes).map_err(Error::io("write", path))?;
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    Ok(())
}

/// Replaces a file by a whole one beside it; to last, the folder must be synced too.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = beside(path);
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Makes a rename in a folder last. Not all systems can; then the next commit does it.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// How long a writer waits for another one before it gives up.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Whoever holds this may write. Freed by the system when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct WriteLock {
    _file: File,
}

/// Takes the writer's lock, waiting for another writer to end; `waiting` is called once if that
/// is so. With `patient` false it gives up at once.
///
/// # Errors
/// [`Error::Busy`] after a minute, [`Error::Io`] where the folder cannot be made or written,
/// [`Error::Anothers`] where it holds what is not ours.
pub(super) fn lock(
    index: &Path,
    patient: bool,
    waiting: impl FnOnce(),
) -> Result<WriteLock> {
    fs::create_dir_all(index).map_err(Error::io("make the index folder", index))?;
    if is_anothers(index) {
        return Err(Error::Anothers { path: index.to_owned() });
    }
    let tag = index.join(TAG);
    if !tag.exists() {
        fs::write(&tag, CACHEDIR_TAG).map_err(Error::io("write", &tag))?;
    }
    let path = index.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Error::io("open the lock", &path))?;
    let start = Instant::now();
    let mut waiting = Some(waiting);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(WriteLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                if !patient || start.elapsed() > LONGEST_WAIT {
                    return Err(Error::Busy { path: index.to_owned() });
                }
                if let Some(waiting) = waiting.take() {
                    waiting();
                }
                std::thread::sleep(BETWEEN_TRIES);
            }
            Err(TryLockError::Error(e)) => return Err(Error::io("lock", &path)(e)),
        }
    }
}

/// Returns the size of an index folder in bytes, as far as it can be read.
pub fn folder_bytes(index: &Path) -> u64 {
    let entries = fs::read_dir(index).into_iter().flatten().flatten();
    entries
        .map(|e| match e.file_type() {
            Ok(kind) if kind.is_dir() => folder_bytes(&e.path()),
            Ok(_) => e.metadata().map_or(0, |m| m.len()),
            Err(_) => 0,
        })
        .sum()
}
