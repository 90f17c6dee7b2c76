//! Reading one note: bytes, encoding, text.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use twox_hash::XxHash3_64;

use super::decode::{Decoded, decode};
use super::{Stamp, stamp_of};

/// A note as read from disk.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its text, decoded; line ends as in the file.
    pub text: String,
    /// Name of the encoding it was read as.
    pub encoding: &'static str,
    /// The stamp of the very file that was read.
    pub stamp: Stamp,
    /// Hash of its bytes.
    pub hash: u64,
}

/// A file that was not read: why, and what is known of it all the same.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Why, in a few words.
    pub why: String,
    /// Hash of its bytes, if they could be read.
    pub hash: u64,
}

/// Reads and decodes a file of at most `largest_bytes`. A file that is not text, or that
/// vanished or grew meanwhile, comes back as the reason.
pub fn read(file: &Path, largest_bytes: u64) -> Result<Note, Unread> {
    let failed =
        |e: std::io::Error| Unread { why: format!("cannot be read: {e}"), hash: 0 };
    let (bytes, metadata) = bytes(file, largest_bytes).map_err(failed)?;
    if bytes.len() as u64 > largest_bytes {
        return Err(Unread {
            why: "grew too large while it was read".to_owned(),
            hash: 0,
        });
    }
    // The times are those of before reading: a change in between shows at the next look.
    let stamp = Stamp { size_bytes: bytes.len() as u64, ..stamp_of(&metadata) };
    let hash = hash_of(&bytes);
    match decode(bytes) {
        Ok(Decoded { text, encoding }) => Ok(Note { text, encoding, stamp, hash }),
        Err(why) => Err(Unread { why, hash }),
    }
}

/// Reads a file only to tell whether its bytes are those of before: their stamp and hash, or
/// `None` where it cannot be read or is larger than `largest_bytes`.
pub fn look(file: &Path, largest_bytes: u64) -> Option<(Stamp, u64)> {
    let (bytes, metadata) = bytes(file, largest_bytes).ok()?;
    let size_bytes = bytes.len() as u64;
    let stamp = Stamp { size_bytes, ..stamp_of(&metadata) };
    (size_bytes <= largest_bytes).then(|| (stamp, hash_of(&bytes)))
}

/// Reads up to one byte more than `largest_bytes`. What the file system says is asked of the
/// open file, before it is read.
fn bytes(file: &Path, largest_bytes: u64) -> std::io::Result<(Vec<u8>, Metadata)> {
    let mut opened = open(file)?;
    let metadata = opened.metadata()?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::with_capacity(metadata.len().min(largest_bytes) as usize + 1);
    opened.by_ref().take(largest_bytes + 1).read_to_end(&mut bytes)?;
    Ok((bytes, metadata))
}

/// Opens a file for reading. A pipe that took the place of a note since the walk must not make
/// us wait for somebody to write to it.
#[cfg(unix)]
fn open(file: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().read(true).custom_flags(NONBLOCKING).open(file)
}

#[cfg(not(unix))]
fn open(file: &Path) -> std::io::Result<File> {
    File::open(file)
}

/// `O_NONBLOCK`, which regular files ignore.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NONBLOCKING: i32 = 0o4000;
/// `O_NONBLOCK` of the BSDs and macOS.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
const NONBLOCKING: i32 = 0x4;

fn hash_of(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}
