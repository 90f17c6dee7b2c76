//! `jian completions SHELL`.

use clap::Args;
use clap_complete::Shell;

use super::Outcome;
use super::terminal::Terminal;
use crate::error::Result;

/// What can be said to `jian completions`.
#[derive(Debug, Args)]
pub struct Flags {
    /// Which shell
    shell: Shell,
}

/// Runs `jian completions`.
pub fn run(
    flags: &Flags,
    mut command: clap::Command,
    terminal: &Terminal,
) -> Result<Outcome> {
    let mut out = Vec::new();
    clap_complete::generate(flags.shell, &mut command, "jian", &mut out);
    terminal.print(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Done)
}
