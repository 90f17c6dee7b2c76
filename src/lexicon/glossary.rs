//! The glossary: rows of names for one concept, in Chinese, English and code.
//!
//! The table is `data/glossary/*.tsv`; the build script turns it into two texts, one with the keys
//! in buckets to look names up, one with a row of names for each concept.

use super::key::{bucket, key};
use crate::text::{Stemmer, fold};

/// Lines `key⇥row`, those of a bucket side by side.
static KEYS: &str = include_str!(concat!(env!("OUT_DIR"), "/glossary_keys.tsv"));

/// Byte offset of each bucket in [`KEYS`], and its end.
static BUCKETS: &[u32] = include!(concat!(env!("OUT_DIR"), "/glossary_buckets.rs"));

/// Lines `name|name|…`, one a row, in the order of row numbers.
static ROWS: &str = include_str!(concat!(env!("OUT_DIR"), "/glossary_rows.txt"));

/// Byte offset of each row in [`ROWS`].
static STARTS: &[u32] = include!(concat!(env!("OUT_DIR"), "/glossary_starts.rs"));

/// Words of the longest key.
pub const LONGEST_KEY_WORDS: usize = 6;

/// The names of one concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aliases {
    row: &'static str,
}

impl Aliases {
    /// Returns the names as written in the glossary, the usual one first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.row.split('|')
    }
}

/// Returns the names of the concept that has a name spelled so, or with words of the same
/// stems. Microseconds.
pub fn aliases(name: &str, stemmer: &mut Stemmer) -> Option<Aliases> {
    let folded = fold(name);
    let spelled = key(&folded, str::to_owned);
    of_key(&spelled).or_else(|| {
        of_key(&key(&folded, |w| {
            stemmer.stem(w).map_or_else(|| w.to_owned(), str::to_owned)
        }))
    })
}

/// Returns the names of the concept that has a name with this key.
fn of_key(key: &str) -> Option<Aliases> {
    let bucket = bucket(key);
    let &[start, end] = BUCKETS.get(bucket..)?.first_chunk::<2>()?;
    let lines = KEYS.get(start as usize..end as usize)?.lines();
    let row =
        lines.filter_map(|line| line.split_once('\t')).find(|(of, _)| *of == key)?.1;
    names(row.parse().ok()?)
}

fn names(row: usize) -> Option<Aliases> {
    let start = *STARTS.get(row)? as usize;
    let end = ROWS[start..].find('\n').map_or(ROWS.len(), |at| start + at);
    Some(Aliases { row: &ROWS[start..end] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, other: &str) {
        let found = aliases(text, &mut Stemmer::default());
        let found = found.unwrap_or_else(|| panic!("{text}"));
        assert!(found.names().any(|n| n == other), "{text} → {found:?}");
    }

    #[test]
    fn concepts_are_found_by_any_name() {
        check("garbage collection", "垃圾回收");
        check("Garbage Collections", "垃圾回收");
        check("垃圾回收", "garbage collection");
        check("three way handshake", "三次握手");
        check("執行緒", "线程");
        check("BIOS", "basic input/output system");
        check("iterator", "迭代器");
        for nothing in ["no such name", "", "—"] {
            assert_eq!(aliases(nothing, &mut Stemmer::default()), None);
        }
    }

    #[test]
    fn every_key_is_found() {
        for line in KEYS.lines() {
            let key = line.split('\t').next().unwrap_or_default();
            assert!(of_key(key).is_some(), "{key}");
        }
    }
}
