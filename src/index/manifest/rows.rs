//! How the record of the notes lies on disk. Each query reads all of it, so a path is written as
//! what it does not share with the one before, encodings once each, and reasons apart: two fifths
//! of the bytes and a third of the time of reading notes one by one as they are in memory.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Entry, Manifest, Totals};
use crate::corpus::{Folder, Selection, Skipped, Stamp, encoding_named};

#[derive(Serialize, Deserialize)]
struct Rows<'a> {
    selection: Cow<'a, Selection>,
    #[serde(borrow)]
    notes: Vec<Row<'a>>,
    /// The encodings that there are.
    encodings: Vec<Cow<'a, str>>,
    /// Ordinals of the notes that were not read, in order, and why each was not.
    unread: Vec<(u32, Cow<'a, str>)>,
    folders: Cow<'a, [Folder]>,
    skipped: Cow<'a, [Skipped]>,
    looked_at_ns: i64,
    totals: Totals,
}

#[derive(Serialize, Deserialize)]
struct Row<'a> {
    root: u32,
    /// How much of its path is that of the note before.
    shared_bytes: u32,
    /// The rest of its path.
    rest: &'a str,
    size_bytes: u64,
    inode: u64,
    // Large numbers take a third of the time where each has eight bytes.
    #[serde(with = "postcard::fixint::le")]
    mtime_ns: i64,
    #[serde(with = "postcard::fixint::le")]
    changed_ns: i64,
    #[serde(with = "postcard::fixint::le")]
    hash: u64,
    /// One more than the ordinal of its encoding; 0 where it has none.
    encoding: u32,
    totals: Totals,
}

/// Returns a manifest as bytes.
pub(super) fn write(manifest: &Manifest) -> Vec<u8> {
    let mut encodings: Vec<Cow<str>> = Vec::new();
    let mut unread = Vec::new();
    let mut before = "";
    let mut notes = Vec::with_capacity(manifest.files.len());
    for (ordinal, entry) in (0u32..).zip(&manifest.files) {
        let shared = shared_bytes(before, &entry.path);
        before = &entry.path;
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
        let Stamp { size_bytes, mtime_ns, changed_ns, inode } = entry.stamp;
        notes.push(Row {
            root: entry.root,
            shared_bytes: shared as u32,
            rest: &entry.path[shared..],
            size_bytes,
            inode,
            mtime_ns,
            changed_ns,
            hash: entry.hash,
            encoding: encoding as u32,
            totals: entry.totals,
        });
    }
    let rows = Rows {
        selection: Cow::Borrowed(&manifest.selection),
        notes,
        encodings,
        unread,
        folders: Cow::Borrowed(&manifest.folders),
        skipped: Cow::Borrowed(&manifest.skipped),
        looked_at_ns: manifest.looked_at_ns,
        totals: manifest.totals,
    };
    postcard::to_stdvec(&rows).expect("plain data always serializes")
}

/// Reads a manifest.
///
/// # Errors
/// Why the bytes are none.
pub(super) fn read(bytes: &[u8]) -> Result<Manifest, String> {
    let rows: Rows = postcard::from_bytes(bytes).map_err(|e| e.to_string())?;
    let encodings: Option<Vec<&'static str>> =
        rows.encodings.iter().map(|name| encoding_named(name)).collect();
    let encodings = encodings.ok_or("it names an unknown encoding")?;
    let mut files: Vec<Entry> = Vec::with_capacity(rows.notes.len());
    for row in rows.notes {
        if row.root as usize >= rows.selection.roots.len() {
            return Err("a note has no root".to_owned());
        }
        let before = files.last().map_or("", |entry| &entry.path);
        let shared = before.get(..row.shared_bytes as usize);
        let shared = shared.ok_or("a path shares more than there is")?;
        let mut path = String::with_capacity(shared.len() + row.rest.len());
        path.push_str(shared);
        path.push_str(row.rest);
        let encoding = match row.encoding.checked_sub(1) {
            None => "",
            Some(at) => encodings.get(at as usize).ok_or("a note has no encoding")?,
        };
        files.push(Entry {
            root: row.root,
            path,
            stamp: Stamp {
                size_bytes: row.size_bytes,
                mtime_ns: row.mtime_ns,
                changed_ns: row.changed_ns,
                inode: row.inode,
            },
            hash: row.hash,
            encoding,
            skipped: None,
            totals: row.totals,
        });
    }
    for (ordinal, why) in rows.unread {
        let entry = files.get_mut(ordinal as usize);
        entry.ok_or("a reason belongs to no note")?.skipped = Some(why.into_owned());
    }
    Ok(Manifest {
        selection: rows.selection.into_owned(),
        files,
        folders: rows.folders.into_owned(),
        skipped: rows.skipped.into_owned(),
        looked_at_ns: rows.looked_at_ns,
        totals: rows.totals,
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
            totals: Totals { sections: 3, bytes: i as u64, ..Totals::default() },
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
