//! `jian man`: the manual page, from the same words as `--help`.

use clap::Args;

use super::Outcome;
use super::terminal::Terminal;
use crate::error::Result;
use crate::message;

/// What can be said to `jian man`.
#[derive(Debug, Args)]
pub struct Flags {
    /// The page of a command, as `query`; that of jian itself where none is named
    command: Option<String>,
}

/// Runs `jian man`: one page in roff, for `jian man | man -l -` or a package.
pub fn run(
    flags: &Flags,
    mut command: clap::Command,
    terminal: &Terminal,
) -> Result<Outcome> {
    command.build();
    let page = match &flags.command {
        None => command,
        Some(name) => {
            let found = command.find_subcommand(name).cloned();
            found.ok_or_else(|| {
                super::usage(message::no_such_command(name), message::mend_command())
            })?
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(page).render(&mut out).expect("memory can be written to");
    terminal.print(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Done)
}
