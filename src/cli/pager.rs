//! Long results for a person go through a pager.

use std::io::Write;
use std::process::Stdio;

use super::process;
use super::terminal::Terminal;
use crate::config::Config;
use crate::error::Result;

/// Prints text a person will read: through `$PAGER`, else `less -R`, where it is longer than
/// the screen and stdout is a terminal; else as it is.
///
/// # Errors
/// As [`Terminal::print`].
pub fn print(text: &str, config: &Config, terminal: &Terminal) -> Result<()> {
    let is_long = text.lines().count() >= terminal.height_rows;
    if !terminal.stdout_is_terminal || !is_long || !paged(text, config) {
        return terminal.print(text);
    }
    Ok(())
}

/// Colors, and Chinese also where the locale is C.
const LESS: &str = "LESSCHARSET=utf-8 less -R";

/// Returns false where there is no pager or it cannot be run.
fn paged(text: &str, config: &Config) -> bool {
    let surroundings = &config.surroundings;
    let typed = match &surroundings.pager {
        Some(pager) if pager.trim() == "cat" => return false,
        Some(pager) => pager.as_str(),
        None if surroundings.command("less").is_some() => LESS,
        None => return false,
    };
    let mut command = process::shell(typed, &[]);
    let Ok(mut child) = command.stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Who leaves the pager early has read enough.
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok_and(|status| status.success())
}
