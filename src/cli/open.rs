//! Opening the index for an answer: built where there is none, built anew where it cannot be
//! used, brought up to date where notes changed.
//!
//! Law: no old answer. What cannot be brought up to date before answering is said on stderr, and
//! deleted notes are never shown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::index;
use super::terminal::Terminal;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::index::{IN_A_QUERY, Reader, Refresh, refresh, remembered_roots};
use crate::message;
use crate::search::{Hit, Options, Report};
use crate::text::{self, Dictionary};

/// How often a look is repeated because somebody else wrote meanwhile: then that one looked too.
const LOOKS: usize = 3;

/// Opens the index for a search: builds it where there is none, rebuilds it where this version
/// cannot use it, brings it up to date where few notes changed, and says so where many did.
/// Waits for another writer only where there is nothing to answer from.
///
/// # Errors
/// [`Error::NoIndex`] where there is none and nobody said which notes; what reading or building
/// fails with.
pub fn open(
    config: &Config,
    fresh: bool,
    terminal: &Terminal,
) -> Result<(Reader, Dictionary)> {
    let (mut reader, mut words) = open_or_build(config, terminal)?;
    if let Some(named) = config.others_than(&reader.facts().roots) {
        let held = listed(&reader.facts().roots);
        terminal.notice(&message::other_notes(held, listed(&named)));
    }
    for _ in 0..LOOKS {
        if !fresh {
            break;
        }
        match refresh(&reader, &words, &IN_A_QUERY) {
            Ok(Refresh::Fresh) => break,
            Ok(Refresh::Updated) => {
                (reader, words) = open_or_build(config, terminal)?;
                break;
            }
            Ok(Refresh::Moved) => (reader, words) = open_or_build(config, terminal)?,
            Ok(Refresh::TooMuch(notes)) => {
                terminal.notice(&message::too_much_changed(notes));
                break;
            }
            Err(e @ Error::Unusable { .. }) => {
                (reader, words) = build(config, e, terminal)?;
                break;
            }
            Err(Error::Busy { .. }) => {
                terminal.notice(&message::being_indexed());
                break;
            }
            Err(e) => {
                terminal.notice(&message::from_before(e.message()));
                break;
            }
        }
    }
    Ok((reader, Dictionary::with_user_words(&words)))
}

/// Paths as a shell takes them.
fn listed(paths: &[PathBuf]) -> String {
    let quoted = paths.iter().map(|path| {
        let path = path.to_string_lossy();
        shlex::try_quote(&path).map_or_else(|_| path.to_string(), Cow::into_owned)
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// Opens the index as it is, for what is not a search.
///
/// # Errors
/// As [`Reader::open`].
pub fn reader(config: &Config) -> Result<Reader> {
    try_open(config).map(|(reader, _)| reader)
}

/// Reads of the index as it is what is not a search, and again where a writer took away what was
/// being read.
///
/// # Errors
/// As [`Reader::open`], and what `read` fails with.
pub fn reading<T>(config: &Config, read: impl Fn(&Reader) -> Result<T>) -> Result<T> {
    /// A writer that commits while somebody reads does not do so ten times.
    const TRIES: usize = 10;
    let mut tries = 1;
    loop {
        let reader = reader(config)?;
        match read(&reader) {
            Err(_) if tries < TRIES && !reader.has_its_files() => tries += 1,
            result => return result,
        }
    }
}

fn open_or_build(config: &Config, terminal: &Terminal) -> Result<(Reader, String)> {
    match try_open(config) {
        Err(e @ (Error::NoIndex { .. } | Error::Unusable { .. })) => {
            build(config, e, terminal)
        }
        opened => opened,
    }
}

fn build(config: &Config, why: Error, terminal: &Terminal) -> Result<(Reader, String)> {
    // What the index was about wins over what is configured: it is the same question as before.
    let selection = match remembered_roots(&config.index).is_empty() {
        true => config.selection(),
        false => None,
    };
    if selection.is_none() && matches!(why, Error::NoIndex { .. }) {
        return Err(why);
    }
    terminal.notice(&match why {
        Error::NoIndex { path } => message::building(path.display()),
        e => message::building_anew(e.message()),
    });
    let update = index::update(config, selection, false, true, terminal)?;
    terminal.notice(&index::summary(&update));
    try_open(config)
}

/// Answers, and where that meets damage which opening did not, builds the index anew and
/// answers once more.
///
/// # Errors
/// Those of the answer, and what building fails with.
pub fn mending<T>(
    config: &Config,
    terminal: &Terminal,
    answer: impl Fn() -> Result<T>,
) -> Result<T> {
    match answer() {
        Err(e @ Error::Unusable { .. }) => {
            terminal.notice(&message::building_anew(e.message()));
            let update = index::update(config, None, true, true, terminal)?;
            terminal.notice(&index::summary(&update));
            answer()
        }
        answered => answered,
    }
}

fn try_open(config: &Config) -> Result<(Reader, String)> {
    let mut words = String::new();
    let reader = Reader::open(&config.index, |roots| {
        words = config.user_words(roots);
        text::fingerprint(&words)
    })?;
    Ok((reader, words))
}

/// Searches with wider limits until there are as many hits as asked for whose notes are still
/// there. Where all notes of a root are out of reach, as on a disk that is not there, none of them is
/// gone.
///
/// # Errors
/// What the search fails with.
pub fn present(
    options: &Options,
    mut search: impl FnMut(&Options) -> Result<Report>,
) -> Result<Report> {
    let mut wider = options.clone();
    loop {
        let mut report = search(&wider)?;
        let found = report.hits.len();
        // A note often has several hits.
        let mut known = BTreeMap::new();
        report.hits.retain(|hit| match known.get(&hit.file) {
            Some(is_there) => *is_there,
            None => {
                let is_there = hit.file.is_file() || is_out_of_reach(hit);
                known.insert(hit.file.clone(), is_there);
                is_there
            }
        });
        let gone = found - report.hits.len();
        if gone > 0 {
            let first = report.hits.first();
            report.stage = first.map_or(report.stage, |hit| hit.stage);
            report.missing = first.map_or_else(Vec::new, |hit| hit.missing.clone());
        }
        if gone == 0 || found < wider.limit || report.hits.len() >= options.limit {
            report.hits.truncate(options.limit);
            return Ok(report);
        }
        wider.limit = wider.limit.saturating_mul(2).saturating_add(gone);
    }
}

/// True where the folder that was indexed is not there.
fn is_out_of_reach(hit: &Hit) -> bool {
    let root = hit.file.ancestors().nth(hit.path.split('/').count());
    root.is_some_and(|root| !root.exists())
}
