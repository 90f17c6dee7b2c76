//! `jian fzf`: `fzf` draws, jian answers at each key stroke.

use std::io::Write;
use std::process::{Command, Stdio};

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::process::{quote, split};
use super::terminal::Terminal;
use super::{Outcome, completions, editor, open, place, query, usage};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::message::{self, Language, Message};
use crate::render::{self, HIDDEN_FIELDS, Ink, Paths, Style};
use crate::search::{self, Options};

/// What can be said to `jian fzf`.
#[derive(Debug, Args)]
pub struct Flags {
    /// What to begin with
    #[arg(value_name = "QUERY")]
    #[arg(add = ArgValueCompleter::new(completions::query))]
    words: Vec<String>,
    /// Print path and line of what was chosen instead of opening it
    #[arg(long)]
    print: bool,
    /// Most hits to list
    #[arg(long, short = 'n', default_value_t = 100, value_name = "N")]
    limit: usize,
}

/// The oldest that can be asked at each key stroke and be told to stop asking (2021).
const OLDEST: (u32, u32) = (0, 30);

/// Seconds to wait for the next key before asking: faster typists are asked about once, and
/// nobody notices.
const DEBOUNCE_SECONDS: &str = "0.05";

/// Runs `jian fzf`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let version = version(config)?;
    let typed = flags.words.join(" ");
    // The notes are looked at once, here; the questions below are asked of the index as it is.
    let first = first_rows(&typed, flags, config, terminal)?;
    let mut command = Command::new("fzf");
    command.args(arguments(&typed, flags, config, version, terminal.language));
    // What we bind is written for it, and a shell of one's own may start slowly.
    command.env("SHELL", "sh").stdin(Stdio::piped()).stdout(Stdio::piped());
    let failed = |source| Error::Io { action: "run", path: "fzf".into(), source };
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        // Who chooses before all rows are there has seen enough.
        let _ = input.write_all(first.as_bytes());
    }
    let output = child.wait_with_output().map_err(failed)?;
    match output.status.code() {
        Some(0) => {
            chosen(&String::from_utf8_lossy(&output.stdout), flags, config, terminal)
        }
        // 1: no row to choose; 130: left without a choice.
        Some(1 | 130) => Ok(Outcome::Nothing),
        _ => Err(usage(message::fzf_failed(), message::mend_fzf_options())),
    }
}

/// Does with the choice what its key says: the first line names the key, the second is the row.
fn chosen(
    output: &str,
    flags: &Flags,
    config: &Config,
    terminal: &Terminal,
) -> Result<Outcome> {
    let (key, row) = output.split_once('\n').unwrap_or_default();
    let chosen = row.split(['\t', '\n']).next().unwrap_or_default();
    if chosen.is_empty() {
        return Ok(Outcome::Nothing);
    }
    if flags.print || key == "ctrl-o" {
        terminal.print(&format!("{chosen}\n"))?;
        return Ok(Outcome::Done);
    }
    let (path, line) = place::split(chosen);
    // As one stands, not as the notes' roots know it.
    let file = Some(config.here.join(path)).filter(|file| file.is_file());
    let file = file.or_else(|| place::find(path, config)).unwrap_or_else(|| path.into());
    editor::open(&file.canonicalize().unwrap_or(file), line, config)?;
    Ok(Outcome::Done)
}

fn first_rows(
    typed: &str,
    flags: &Flags,
    config: &Config,
    terminal: &Terminal,
) -> Result<String> {
    let (reader, dictionary) = query::open(config, config.refresh, terminal)?;
    let (asked, _) = crate::query::parse(typed);
    let options = Options { limit: flags.limit, ..Options::default() };
    let widening = query::widening(config, &reader);
    let report = open::present(&options, |options| {
        search::search(&reader, &asked, &dictionary, &widening, options)
    })?;
    let format = render::by_name("fzf").expect("it is in the table");
    let style = Style {
        ink: if config.no_color { Ink::Plain } else { Ink::Color },
        paths: Paths::From(config.here.clone()),
        ..Style::default()
    };
    let mut out = String::new();
    (format.write)(&report, &style, &mut out);
    Ok(out)
}

/// Returns all that is said to `fzf`, the user's own options last.
fn arguments(
    typed: &str,
    flags: &Flags,
    config: &Config,
    version: (u32, u32),
    language: Language,
) -> Vec<String> {
    let say = |message: Message| message.text(language).to_owned();
    let jian = jian(config);
    let color = if config.no_color { "never" } else { "always" };
    let ask = format!(
        "{jian} query --no-refresh --format fzf --color {color} -n {} -- {{q}} \
         2>/dev/null || true",
        flags.limit
    );
    let shown = format!("{}..", HIDDEN_FIELDS + 1);
    // The row of the match in the section, below the line that says where one is, a third
    // from the top; that line and the heading stay.
    // Where half the screen is less than 50 columns, the preview goes below.
    let window = "wrap,border-left,+{3}+1/3,~2";
    let window =
        format!("right,55%,{window},<50(down,60%,wrap,border-top,+{{3}}+1/3,~2)");
    let mut arguments: Vec<String> = [
        "--ansi",
        "--disabled",
        "--no-multi",
        "--no-sort",
        "--layout=reverse",
        "--info=inline",
        "--tabstop=2",
        "--delimiter=\\t",
        "--prompt=jian> ",
        "--expect=ctrl-o",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.extend([
        format!("--with-nth={shown}"),
        format!("--header={}", say(message::fzf_header())),
        format!("--query={typed}"),
        format!("--preview={jian} preview --color {color} --query={{q}} -- {{2}}"),
        format!("--preview-window={window}"),
    ]);
    let binds = [
        format!("change:first+reload:sleep {DEBOUNCE_SECONDS}; {ask}"),
        format!("ctrl-y:execute-silent:{jian} open --copy -- {{1}}"),
        format!(
            "alt-enter:unbind(change)+enable-search+change-prompt({}> )+clear-query",
            say(message::fzf_filter())
        ),
        format!(
            "ctrl-r:disable-search+change-prompt(jian> )+rebind(change)+reload:{ask}"
        ),
        "ctrl-/:toggle-preview".into(),
    ];
    arguments.extend(binds.map(|bind| format!("--bind={bind}")));
    if version >= (0, 53) {
        arguments.push("--highlight-line".to_owned());
    }
    if version >= (0, 51) {
        arguments.push("--with-shell=sh -c".to_owned());
    }
    arguments
        .extend(config.surroundings.fzf_options.iter().flat_map(|typed| split(typed)));
    arguments
}

/// Returns how jian itself is called from inside `fzf`, with the same index.
fn jian(config: &Config) -> String {
    let own = std::env::current_exe().map(|path| path.to_string_lossy().into_owned());
    let mut words = vec![own.unwrap_or_else(|_| "jian".to_owned())];
    words.extend(["--index".to_owned(), config.index.to_string_lossy().into_owned()]);
    if let Some(file) = &config.file {
        words.extend(["--config".to_owned(), file.to_string_lossy().into_owned()]);
    }
    // A brace would be taken for one of the places that are filled in.
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

/// Asks `fzf` for its version.
///
/// # Errors
/// [`Error::Usage`] where there is none, or one too old.
pub fn version(config: &Config) -> Result<(u32, u32)> {
    if config.surroundings.command("fzf").is_none() {
        return Err(usage(message::no_fzf(), message::mend_fzf()));
    }
    let output = Command::new("fzf").arg("--version").stderr(Stdio::null()).output();
    let output = output.map_err(|source| Error::Io {
        action: "run",
        path: "fzf".into(),
        source,
    })?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match parse(&text) {
        Some(version) if version >= OLDEST => Ok(version),
        _ => Err(usage(
            message::old_fzf(text, format!("{}.{}", OLDEST.0, OLDEST.1)),
            message::mend_fzf(),
        )),
    }
}

/// Reads `0.38.0 (debian)`.
fn parse(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(['.', ' ', '-']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_printed() {
        let check = |text, expected| assert_eq!(parse(text), expected, "{text}");
        check("0.38.0 (debian)", Some((0, 38)));
        check("0.60 (devel)", Some((0, 60)));
        check("1.2.3", Some((1, 2)));
        check("", None);
        check("devel", None);
    }
}
