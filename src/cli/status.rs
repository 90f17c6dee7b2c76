//! `jian status`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;

use super::Outcome;
use super::terminal::Terminal;
use crate::config::Config;
use crate::error::Result;
use crate::index::{Freshness, Manifest, Reader, folder_bytes, freshness};
use crate::text::fingerprint;

/// What can be said to `jian status`.
#[derive(Debug, Args)]
pub struct Flags {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Runs `jian status`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let reader =
        Reader::open(&config.index, |roots| fingerprint(&config.user_words(roots)))?;
    let manifest = reader.manifest()?;
    let facts = Facts::new(config, &reader, &manifest);
    let out = if flags.json { facts.json() } else { facts.text() };
    terminal.print(&out)?;
    Ok(Outcome::Done)
}

#[derive(serde::Serialize)]
struct Facts {
    index: String,
    roots: Vec<String>,
    notes: usize,
    sections: u64,
    notes_bytes: u64,
    index_bytes: u64,
    segments: usize,
    han_percent: u64,
    fresh: bool,
    changed_at_least: usize,
    encodings: BTreeMap<String, usize>,
    guessed: Vec<(String, String)>,
    skipped: Vec<(String, String)>,
}

impl Facts {
    fn new(config: &Config, reader: &Reader, manifest: &Manifest) -> Self {
        let mut encodings = BTreeMap::new();
        let mut guessed = Vec::new();
        let mut skipped: Vec<(String, String)> =
            manifest.skipped.iter().map(|s| (s.path.clone(), s.why.clone())).collect();
        for file in &manifest.files {
            match &file.skipped {
                Some(why) => skipped.push((file.path.clone(), why.clone())),
                None => {
                    *encodings.entry(file.encoding.clone()).or_insert(0) += 1;
                    if file.encoding != "UTF-8" {
                        guessed.push((file.path.clone(), file.encoding.clone()));
                    }
                }
            }
        }
        let changed = match freshness(manifest) {
            Freshness::Fresh => 0,
            Freshness::Stale(changed) => changed,
        };
        let totals = &manifest.totals;
        Self {
            index: config.index.display().to_string(),
            roots: manifest
                .selection
                .roots
                .iter()
                .map(|r| r.display().to_string())
                .collect(),
            notes: encodings.values().sum(),
            sections: totals.sections,
            notes_bytes: totals.bytes,
            index_bytes: folder_bytes(&config.index),
            segments: reader.segments(),
            han_percent: totals.han_chars * 100 / totals.body_chars.max(1),
            fresh: changed == 0,
            changed_at_least: changed,
            encodings,
            guessed,
            skipped,
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect("plain data always serializes") + "\n"
    }

    fn text(&self) -> String {
        let mut out = String::new();
        let mb = |bytes: u64| bytes as f64 / 1e6;
        let mut row = |name: &str, value: String| {
            let value = crate::render::paint::clean(&value).into_owned();
            writeln!(out, "{name:10} {value}").expect("strings grow");
        };
        row("index", self.index.clone());
        row("notes in", self.roots.join(", "));
        row("notes", format!("{}, {} sections", self.notes, self.sections));
        row(
            "size",
            format!(
                "{:.1} MB of notes, {:.1} MB of index",
                mb(self.notes_bytes),
                mb(self.index_bytes)
            ),
        );
        row("segments", self.segments.to_string());
        row("Chinese", format!("{} % of characters", self.han_percent));
        row(
            "fresh",
            match self.fresh {
                true => "yes".to_owned(),
                false => format!(
                    "no, {} notes or folders changed or were touched just now: run `jian index`",
                    self.changed_at_least
                ),
            },
        );
        let encodings: Vec<String> = self
            .encodings
            .iter()
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        row("encodings", encodings.join(", "));
        for (path, encoding) in &self.guessed {
            row("", format!("{encoding}: {path}"));
        }
        row("skipped", self.skipped.len().to_string());
        for (path, why) in &self.skipped {
            row("", format!("{path}: {why}"));
        }
        out
    }
}
