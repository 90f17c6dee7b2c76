//! `jian show PATH:LINE`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Outcome;
use super::terminal::Terminal;
use crate::config::Config;
use crate::corpus;
use crate::error::{Error, Result};
use crate::index::Reader;
use crate::markup::{self, Section};
use crate::query;
use crate::render::{Role, paint};
use crate::search::{self, Marked};
use crate::text::{Dictionary, fingerprint};

/// What can be said to `jian show`.
#[derive(Debug, Args)]
pub struct Flags {
    /// A note and a line in it, as `jian query` prints them
    #[arg(value_name = "PATH:LINE")]
    place: String,
    /// Highlight what matches this query
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
}

/// Runs `jian show`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let nowhere = || Error::NoSuchPlace { place: flags.place.clone() };
    let (path, line) = place(&flags.place);
    let file = find(path, config).ok_or_else(nowhere)?;
    let note = corpus::read(&file, config.largest_bytes).map_err(|unread| Error::Io {
        action: "read the note",
        path: file.clone(),
        source: std::io::Error::other(unread.why),
    })?;
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let document = markup::sections(ending, &note.text);
    let section = holding(&document.sections, line).ok_or_else(nowhere)?;
    let lines: Vec<&str> = note.text.lines().collect();
    let from = (section.line as usize - 1).min(lines.len());
    let to = (section.end_line as usize).clamp(from, lines.len());
    let asked = flags.query.as_deref().map(|q| query::parse(q).0);
    let dictionary = Dictionary::default();
    let marker = asked.as_ref().map(|q| search::Marker::new(q, &dictionary));
    let mut out = String::new();
    for (i, line) in lines[from..to].iter().enumerate() {
        let marks = marker.as_ref().map_or_else(Vec::new, |m| m.marks(line));
        let marked = Marked { text: (*line).to_owned(), marks };
        let role = if i == 0 { Role::Title } else { Role::Body };
        let clean = paint::clean_marked(&marked.text, &marked.marks, paint::Breaks::Join);
        let whole = 0..clean.text.len();
        paint::put_marked(&mut out, terminal.ink, role, &clean, whole);
        out.push('\n');
    }
    terminal.print(&out)?;
    Ok(Outcome::Done)
}

/// Splits `path:line`; without a line, the first.
fn place(text: &str) -> (&str, u32) {
    match text.rsplit_once(':').map(|(path, line)| (path, line.parse())) {
        Some((path, Ok(line))) => (path, line),
        _ => (text, 1),
    }
}

/// A path as the notes' roots know it, else as one stands.
fn find(path: &str, config: &Config) -> Option<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    if let Ok(reader) =
        Reader::open(&config.index, |roots| fingerprint(&config.user_words(roots)))
    {
        roots.extend(reader.facts().roots.iter().cloned());
    }
    roots.extend(config.corpus.iter().flatten().cloned());
    let known = roots.iter().map(|root| corpus::absolute(root, path));
    known.chain([config.here.join(Path::new(path))]).find(|file| file.is_file())
}

/// The innermost section that holds a line: the last that begins at or before it.
fn holding(sections: &[Section], line: u32) -> Option<&Section> {
    sections.iter().filter(|s| s.line <= line && line <= s.end_line).next_back()
}
