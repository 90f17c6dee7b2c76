//! The hits of the last query of each terminal, so that `jian open 2` knows what is meant.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::usage;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::message;
use crate::search::Report;

/// What is remembered.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Last {
    /// As typed.
    query: String,
    /// Number of the first hit.
    first: usize,
    /// File and line of each.
    hits: Vec<(PathBuf, u32)>,
}

/// Remembers the hits of a query for this terminal. Nothing is lost but comfort where that
/// cannot be done, so nothing is said.
pub fn remember(report: &Report, typed: &str, offset: usize, config: &Config) {
    let Some(file) = file(config) else { return };
    let last = Last {
        query: typed.to_owned(),
        first: offset + 1,
        hits: report.hits.iter().map(|h| (h.file.clone(), h.line)).collect(),
    };
    let Ok(text) = serde_json::to_vec(&last) else { return };
    if let Some(folder) = file.parent()
        && std::fs::create_dir_all(folder).is_ok()
    {
        // Written aside: whoever reads meanwhile sees one state or the other.
        let aside = file.with_extension("new");
        if std::fs::write(&aside, text).is_ok() {
            let _ = std::fs::rename(&aside, &file);
        }
    }
}

/// Returns file and line of a hit of the last query of this terminal, by its number.
///
/// # Errors
/// [`Error::Usage`] where there was no query, or no such hit.
pub fn hit(number: usize, config: &Config) -> Result<(PathBuf, u32)> {
    let nothing = || usage(message::no_query_yet(number), message::mend_query());
    let file = file(config).ok_or_else(nothing)?;
    let text = std::fs::read(file).map_err(|_| nothing())?;
    let last: Last = serde_json::from_slice(&text).map_err(|_| nothing())?;
    find(&last, number)
}

fn find(last: &Last, number: usize) -> Result<(PathBuf, u32)> {
    let place = number.checked_sub(last.first).and_then(|at| last.hits.get(at));
    place.cloned().ok_or_else(|| {
        let (first, count) = (last.first, last.hits.len());
        Error::Usage {
            message: match count {
                0 => message::nothing_last(number),
                _ => message::no_hit(number, first, first + count - 1),
            },
            hint: message::mend_hit(first - 1, &last.query),
        }
    })
}

/// Returns the file for this terminal; none where there is no terminal, as in a script.
fn file(config: &Config) -> Option<PathBuf> {
    let name = terminal_name()?;
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder: &Path = config.surroundings.state.as_deref()?;
    Some(folder.join(format!("last{name}.json")))
}

/// Returns the name of the terminal one types in: stdout may be a pipe, so whichever stream
/// is a terminal says.
#[cfg(unix)]
fn terminal_name() -> Option<String> {
    use std::io::{stderr, stdin, stdout};
    let of = |fd: std::io::Result<std::ffi::CString>| fd.ok()?.into_string().ok();
    of(rustix::termios::ttyname(stdin(), Vec::new()).map_err(Into::into))
        .or_else(
            || of(rustix::termios::ttyname(stderr(), Vec::new()).map_err(Into::into)),
        )
        .or_else(
            || of(rustix::termios::ttyname(stdout(), Vec::new()).map_err(Into::into)),
        )
}

/// Windows has one console for each window and no name for it.
#[cfg(not(unix))]
fn terminal_name() -> Option<String> {
    Some("-console".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_found_by_the_number_shown() {
        let last = Last {
            query: "三次握手".to_owned(),
            first: 11,
            hits: vec![("/n/a.md".into(), 3), ("/n/b.md".into(), 9)],
        };
        let check = |number, expected: std::result::Result<u32, &str>| {
            let found = find(&last, number).map(|(_, line)| line);
            let found = found.map_err(|e| e.to_string());
            assert_eq!(found, expected.map_err(str::to_owned));
        };
        check(11, Ok(3));
        check(12, Ok(9));
        check(13, Err("there is no hit 13: the last query had 11 to 12"));
        check(1, Err("there is no hit 1: the last query had 11 to 12"));
        let error =
            find(&Last { first: 1, ..Last::default() }, 1).map_err(|e| e.to_string());
        let said = "there is no hit 1: the last query found nothing";
        assert_eq!(error, Err(said.to_owned()));
    }
}
