//! `jian status`.

use std::collections::BTreeMap;

use clap::Args;

use super::terminal::Terminal;
use super::{Outcome, open, page};
use crate::config::Config;
use crate::error::Result;
use crate::index::{Entry, Freshness, Manifest, Reader, folder_parts, freshness};

/// What can be said to `jian status`.
#[derive(Debug, Args)]
pub struct Flags {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Runs `jian status`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let facts = Facts::read(config)?;
    let out = match flags.json {
        true => facts.json() + "\n",
        false => page::write(&facts, &config.surroundings, terminal),
    };
    terminal.print(&out)?;
    Ok(Outcome::Done)
}

/// All that is told of an index.
#[derive(Debug, Default, serde::Serialize)]
pub struct Facts {
    pub index: String,
    pub roots: Vec<String>,
    pub notes: usize,
    pub sections: u64,
    pub notes_bytes: u64,
    /// Words, a Han character counted as one.
    pub words: u64,
    pub index_bytes: u64,
    /// Bytes by kind of file.
    pub index_parts: Vec<(&'static str, u64)>,
    /// Bytes by field, largest first.
    pub index_fields: Vec<(String, u64)>,
    pub segments: usize,
    pub han_percent: u64,
    pub fresh: bool,
    pub changed_at_least: usize,
    /// When the notes were last looked at, in seconds since 1970.
    pub looked_at: i64,
    pub encodings: BTreeMap<String, usize>,
    /// Notes that are not UTF-8, and what they were read as.
    pub guessed: Vec<(String, String)>,
    pub skipped: Vec<(String, String)>,
    /// Words of headings and how many sections have each, most frequent first.
    pub frequent: Vec<(String, u32)>,
    /// Notes with their bytes and sections, largest first.
    pub largest: Vec<(String, u64, u64)>,
}

/// Rows of each list of the page.
const LISTED: usize = 10;

impl Facts {
    /// Reads an index.
    ///
    /// # Errors
    /// As [`crate::index::Reader::open`].
    pub fn read(config: &Config) -> Result<Self> {
        open::reading(config, |reader| Self::of_index(config, reader))
    }

    fn of_index(config: &Config, reader: &Reader) -> Result<Self> {
        let manifest = reader.manifest()?;
        let mut facts = Self::of_notes(&manifest);
        facts.index = config.index.display().to_string();
        facts.index_parts = folder_parts(&config.index);
        facts.index_bytes = facts.index_parts.iter().map(|(_, bytes)| bytes).sum();
        facts.index_fields = reader.field_bytes()?;
        facts.segments = reader.segments();
        facts.frequent = page::frequent(reader, LISTED)?;
        Ok(facts)
    }

    fn of_notes(manifest: &Manifest) -> Self {
        let mut encodings = BTreeMap::new();
        let mut guessed = Vec::new();
        let mut skipped: Vec<(String, String)> =
            manifest.skipped.iter().map(|s| (s.path.clone(), s.why.clone())).collect();
        for file in &manifest.files {
            match &file.skipped {
                Some(why) => skipped.push((file.path.clone(), why.clone())),
                None => {
                    *encodings.entry(file.encoding.to_owned()).or_insert(0) += 1;
                    if file.encoding != "UTF-8" {
                        guessed.push((file.path.clone(), file.encoding.to_owned()));
                    }
                }
            }
        }
        let changed = match freshness(manifest) {
            Freshness::Fresh => 0,
            Freshness::Stale(changed) => changed,
        };
        let mut largest: Vec<&Entry> =
            manifest.files.iter().filter(|f| f.skipped.is_none()).collect();
        largest.sort_by_key(|f| std::cmp::Reverse(f.totals.bytes));
        let largest = largest.into_iter().take(LISTED / 2);
        let totals = &manifest.totals;
        let roots = manifest.selection.roots.iter();
        Self {
            roots: roots.map(|r| r.display().to_string()).collect(),
            notes: encodings.values().sum(),
            sections: totals.sections,
            notes_bytes: totals.bytes,
            words: totals.body_positions,
            han_percent: totals.han_chars * 100 / totals.body_chars.max(1),
            fresh: changed == 0,
            changed_at_least: changed,
            looked_at: manifest.looked_at_ns / 1_000_000_000,
            encodings,
            guessed,
            skipped,
            largest: largest
                .map(|f| (f.path.clone(), f.totals.bytes, f.totals.sections))
                .collect(),
            ..Self::default()
        }
    }

    /// Returns the facts as one JSON object.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("plain data always serializes")
    }
}
