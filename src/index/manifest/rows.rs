//! How the record of the notes lies on disk. Each query reads all of it, so that a path is written
//! as what it does not share with the one before, encodings once each, and reasons apart; and
//! each update writes it, so that numbers of the file system, which are large, have a fixed
//! width: half of the time of numbers of any width, for half as many bytes again.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Entry, Manifest, Totals};
use crate::corpus::{Folder, Selection, Skipped, Stamp, encoding_named};

/// What follows the number of notes, in 4 bytes, and a [`Row`] for each.
#[derive(Serialize, Deserialize)]
struct Rest<'a> {
    selection: Cow<'a, Selection>,
    /// What their paths do not share with the one before, one behind the other.
    paths: &'a str,
    /// Ordinals of the notes whose sums are too large for a row, in order, and what they add.
    large: Vec<(u32, Totals)>,
    /// The encodings that there are.
    encodings: Vec<Cow<'a, str>>,
    /// Ordinals of the notes that were not read, in order, and why each was not.
    unread: Vec<(u32, Cow<'a, str>)>,
    folders: Cow<'a, [Folder]>,
    skipped: Cow<'a, [Skipped]>,
    looked_at_ns: i64,
    totals: Totals,
}

/// A note.
struct Row {
    root: u32,
    /// How much of its path is that of the note before, and how much is its own.
    shared_bytes: u32,
    own_bytes: u32,
    /// One more than the ordinal of its encoding; 0 where it has none.
    encoding: u32,
    /// What it adds to the totals, in their order.
    sums: [u32; 7],
    stamp: Stamp,
    hash: u64,
}

/// Numbers of 4 and of 8 bytes in a row.
const SMALL: usize = 4 + 7;
const LARGE: usize = 5;
const ROW_BYTES: usize = SMALL * 4 + LARGE * 8;

impl Row {
    fn write(&self) -> [u8; ROW_BYTES] {
        let Self { root, shared_bytes, own_bytes, encoding, .. } = *self;
        let [a, b, c, d, e, f, g] = self.sums;
        let small = [root, shared_bytes, own_bytes, encoding, a, b, c, d, e, f, g];
        let Stamp { size_bytes, mtime_ns, changed_ns, inode } = self.stamp;
        let large = [size_bytes, mtime_ns as u64, changed_ns as u64, inode, self.hash];
        let mut row = [0; ROW_BYTES];
        let (fours, eights) = row.split_at_mut(SMALL * 4);
        for (bytes, number) in fours.as_chunks_mut().0.iter_mut().zip(small) {
            *bytes = number.to_le_bytes();
        }
        for (bytes, number) in eights.as_chunks_mut().0.iter_mut().zip(large) {
            *bytes = number.to_le_bytes();
        }
        row
    }

    fn read(row: &[u8; ROW_BYTES]) -> Self {
        let (fours, eights) = row.split_at(SMALL * 4);
        let four = |at: usize| u32::from_le_bytes(fours.as_chunks().0[at]);
        let eight = |at: usize| u64::from_le_bytes(eights.as_chunks().0[at]);
        Self {
            root: four(0),
            shared_bytes: four(1),
            own_bytes: four(2),
            encoding: four(3),
            sums: std::array::from_fn(|at| four(4 + at)),
            stamp: Stamp {
                size_bytes: eight(0),
                mtime_ns: eight(1) as i64,
                changed_ns: eight(2) as i64,
                inode: eight(3),
            },
            hash: eight(4),
        }
    }
}

/// What a note adds to the totals; `None` where a number is too large for a row.
fn small(totals: &Totals) -> Option<[u32; 7]> {
    let sums = totals.in_order();
    let is_small = sums.iter().all(|sum| u32::try_from(*sum).is_ok());
    is_small.then(|| sums.map(|sum| sum as u32))
}

/// Returns a manifest as bytes.
pub(super) fn write(manifest: &Manifest) -> Vec<u8> {
    let mut encodings: Vec<Cow<str>> = Vec::new();
    let (mut unread, mut large) = (Vec::new(), Vec::new());
    let mut before = "";
    let mut paths = String::new();
    // All the rest takes less than a row a note.
    let mut bytes = Vec::with_capacity(4 + 2 * manifest.files.len() * ROW_BYTES);
    bytes.extend_from_slice(&(manifest.files.len() as u32).to_le_bytes());
    for (ordinal, entry) in (0u32..).zip(&manifest.files) {
        let shared = shared_bytes(before, &entry.path);
        before = &entry.path;
        let own = &entry.path[shared..];
        paths.push_str(own);
        if let Some(why) = &entry.skipped {
            unread.push((ordinal, Cow::Borrowed(why.as_str())));
        }
        let encoding = match encodings.iter().position(|known| *known == entry.encoding) {
            _ if entry.encoding.is_empty() => 0,
            Some(at) => at + 1,
            None => {
                encodings.push(entry.encoding.into());
                encodings.len()
            }
        };
        let row = Row {
            root: entry.root,
            shared_bytes: shared as u32,
            own_bytes: own.len() as u32,
            encoding: encoding as u32,
            sums: small(&entry.totals).unwrap_or_else(|| {
                large.push((ordinal, entry.totals));
                [0; 7]
            }),
            stamp: entry.stamp,
            hash: entry.hash,
        };
        bytes.extend_from_slice(&row.write());
    }
    let rest = Rest {
        selection: Cow::Borrowed(&manifest.selection),
        paths: &paths,
        large,
        encodings,
        unread,
        folders: Cow::Borrowed(&manifest.folders),
        skipped: Cow::Borrowed(&manifest.skipped),
        looked_at_ns: manifest.looked_at_ns,
        totals: manifest.totals,
    };
    postcard::to_extend(&rest, bytes).expect("plain data always serializes")
}

/// Reads a manifest.
///
/// # Errors
/// Why the bytes are none.
pub(super) fn read(bytes: &[u8]) -> Result<Manifest, String> {
    let short = "it ends early";
    let (count, bytes) = bytes.split_first_chunk().ok_or(short)?;
    let len_bytes = (u32::from_le_bytes(*count) as usize).checked_mul(ROW_BYTES);
    let cut = len_bytes.and_then(|len_bytes| bytes.split_at_checked(len_bytes));
    let (notes, bytes) = cut.ok_or(short)?;
    let rest: Rest = postcard::from_bytes(bytes).map_err(|e| e.to_string())?;
    let encodings: Option<Vec<&'static str>> =
        rest.encodings.iter().map(|name| encoding_named(name)).collect();
    let encodings = encodings.ok_or("it names an unknown encoding")?;
    let notes = notes.as_chunks::<ROW_BYTES>().0;
    let mut paths = rest.paths;
    let mut files: Vec<Entry> = Vec::with_capacity(notes.len());
    for row in notes {
        let row = Row::read(row);
        if row.root as usize >= rest.selection.roots.len() {
            return Err("a note has no root".to_owned());
        }
        let before = files.last().map_or("", |entry| &entry.path);
        let shared = before.get(..row.shared_bytes as usize);
        let shared = shared.ok_or("a path shares more than there is")?;
        let cut = paths.split_at_checked(row.own_bytes as usize);
        let (own, others) = cut.ok_or("a path ends early")?;
        paths = others;
        let mut path = String::with_capacity(shared.len() + own.len());
        path.push_str(shared);
        path.push_str(own);
        let encoding = match row.encoding.checked_sub(1) {
            None => "",
            Some(at) => encodings.get(at as usize).ok_or("a note has no encoding")?,
        };
        let Row { root, stamp, hash, sums, .. } = row;
        let totals = Totals::of(sums.map(u64::from));
        files.push(Entry { root, path, stamp, hash, encoding, skipped: None, totals });
    }
    for (ordinal, totals) in rest.large {
        let entry = files.get_mut(ordinal as usize);
        entry.ok_or("sums belong to no note")?.totals = totals;
    }
    for (ordinal, why) in rest.unread {
        let entry = files.get_mut(ordinal as usize);
        entry.ok_or("a reason belongs to no note")?.skipped = Some(why.into_owned());
    }
    Ok(Manifest {
        selection: rest.selection.into_owned(),
        files,
        folders: rest.folders.into_owned(),
        skipped: rest.skipped.into_owned(),
        looked_at_ns: rest.looked_at_ns,
        totals: rest.totals,
    })
}

/// How many bytes two paths begin with together, in whole characters.
fn shared_bytes(before: &str, path: &str) -> usize {
    let pairs = before.bytes().zip(path.bytes());
    path.floor_char_boundary(pairs.take_while(|(a, b)| a == b).count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn manifest(paths: Vec<String>) -> Manifest {
        let entry = |(i, path): (usize, String)| Entry {
            root: i as u32 % 2,
            path,
            stamp: Stamp {
                size_bytes: i as u64,
                mtime_ns: -1,
                changed_ns: i64::MAX,
                inode: 7,
            },
            hash: u64::MAX - i as u64,
            encoding: ["UTF-8", "", "gb18030", "UTF-8 with BOM"][i % 4],
            skipped: (i % 4 == 1).then(|| format!("不是文本 {i}")),
            totals: Totals {
                sections: i as u64,
                documents: 2,
                body_chars: 3,
                body_positions: 4,
                title_positions: 5,
                han_chars: 6,
                bytes: u64::from(u32::MAX) - 1 + i as u64,
            },
        };
        let files: Vec<Entry> = paths.into_iter().enumerate().map(entry).collect();
        Manifest {
            selection: Selection {
                roots: vec!["/notes".into(), "/笔记".into()],
                globs: vec!["*.md".to_owned()],
                largest_bytes: 9,
            },
            files,
            folders: vec![Folder {
                path: "/notes/笔记".into(), stamp: Stamp::default()
            }],
            skipped: vec![Skipped { path: "a".to_owned(), why: "b".to_owned() }],
            looked_at_ns: -5,
            totals: Totals { documents: 2, ..Totals::default() },
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(mut paths in prop::collection::vec("[a-c网络笔/]{0,9}", 0..20)) {
            paths.sort();
            let manifest = manifest(paths);
            prop_assert_eq!(read(&write(&manifest)).expect("it is whole"), manifest);
        }

        #[test]
        fn rubbish_is_an_error_or_a_manifest(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes);
        }

        #[test]
        fn damage_never_panics(at in 0usize..4096, byte in any::<u8>()) {
            let mut bytes = write(&manifest(vec!["网络/tcp.md".into(), "网络/udp.md".into()]));
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(read) = read(&bytes) {
                let roots = read.selection.roots.len();
                prop_assert!(read.files.iter().all(|f| (f.root as usize) < roots));
            }
            let _ = read(&bytes[..at]);
        }
    }

    #[test]
    fn a_shared_character_is_shared_whole() {
        // 网 is e7 bd 91, 缑 e7 bc 91.
        for (before, path, shared) in
            [("网", "缑", 0), ("a网", "a缑", 1), ("网络", "网", 3), ("", "网", 0)]
        {
            assert_eq!(shared_bytes(before, path), shared, "{before} {path}");
        }
    }
}
