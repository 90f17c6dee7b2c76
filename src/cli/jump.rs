//! `jian open QUERY|PATH:LINE|N`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::terminal::Terminal;
use super::{Outcome, clipboard, completions, editor, last, open, place, query};
use crate::config::Config;
use crate::error::Result;
use crate::message;
use crate::render::paint;
use crate::search::{self, Options};

/// What can be said to `jian open`.
#[derive(Debug, Args)]
pub struct Flags {
    /// A note and a line, the number of a hit of the last query, or words to search for
    #[arg(value_name = "PATH:LINE|N|QUERY", required = true, allow_hyphen_values = true)]
    #[arg(add = ArgValueCompleter::new(completions::places))]
    what: Vec<String>,
    /// Copy path and line instead
    #[arg(long)]
    copy: bool,
    /// Print path and line instead
    #[arg(long, conflicts_with = "copy")]
    print: bool,
}

/// Runs `jian open`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let typed = flags.what.join(" ");
    let Some((file, line)) = place(&typed, config, terminal)? else {
        terminal.notice(&message::nothing_found(typed));
        return Ok(Outcome::Nothing);
    };
    let shown = format!("{}:{line}", file.display());
    if flags.copy {
        clipboard::copy(&shown, config)?;
    } else if flags.print {
        // A program takes it as it is, a terminal would obey it.
        let shown = match terminal.stdout_is_terminal {
            true => paint::clean(&shown),
            false => shown.into(),
        };
        terminal.print(&format!("{shown}\n"))?;
    } else {
        editor::open(&file, line, config)?;
    }
    Ok(Outcome::Done)
}

/// What is a number is a hit, what names a note that is there is a place, the rest is a
/// question whose best answer is meant.
fn place(
    typed: &str,
    config: &Config,
    terminal: &Terminal,
) -> Result<Option<(PathBuf, u32)>> {
    if let Ok(number) = typed.parse() {
        return last::hit(number, config).map(Some);
    }
    let (path, line) = place::split(typed);
    if let Some(file) = place::find(path, config) {
        return Ok(Some((file, line)));
    }
    let (asked, _) = crate::query::parse(typed);
    let (reader, dictionary) = query::open(config, config.refresh, terminal)?;
    let options = Options { limit: 1, ..Options::default() };
    let widening = query::widening(config, &reader);
    let report = open::present(&options, |options| {
        search::search(&reader, &asked, &dictionary, &widening, options)
    })?;
    Ok(report.hits.into_iter().next().map(|hit| (hit.file, hit.line)))
}
