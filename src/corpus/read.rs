//! Reading one note: bytes, encoding, text.

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
    let mut opened = std::fs::File::open(file).map_err(failed)?;
    let metadata = opened.metadata().map_err(failed)?;
    let mut bytes = Vec::with_capacity(metadata.len().min(largest_bytes) as usize + 1);
    opened.by_ref().take(largest_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > largest_bytes {
        return Err(Unread {
            why: "grew too large while it was read".to_owned(),
            hash: 0,
        });
    }
    // Size and time are taken after reading: a change in between shows at the next look.
    let stamp = Stamp { size_bytes: bytes.len() as u64, ..stamp_of(&metadata) };
    let hash = hash_of(&bytes);
    match decode(bytes) {
        Ok(Decoded { text, encoding }) => Ok(Note { text, encoding, stamp, hash }),
        Err(why) => Err(Unread { why, hash }),
    }
}

fn hash_of(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}
