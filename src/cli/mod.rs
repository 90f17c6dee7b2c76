//! The command line: what is typed, what is run, what comes back as an exit code.

mod bench;
mod clipboard;
mod column;
mod completions;
mod doctor;
mod editor;
mod fzf;
mod index;
mod init;
mod jump;
mod last;
mod man;
mod mcp;
mod open;
mod order;
mod page;
mod pager;
mod place;
mod plain;
mod process;
mod query;
mod show;
mod status;
mod terminal;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::config::{self, Config, Typed};
use crate::error::{Error, Result};
use crate::message::{self, Message};
use terminal::Terminal;

/// Full-text search for notes kept in Chinese and English.
#[derive(Debug, Parser)]
#[command(name = "jian", version, about, long_about = LONG_ABOUT, after_help = AFTER_HELP)]
#[command(propagate_version = true, args_override_self = true)]
#[command(infer_subcommands = false, args_conflicts_with_subcommands = false)]
struct Cli {
    #[command(flatten)]
    places: Places,
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
Full-text search for notes kept in Chinese and English.

Finds the section whose heading asks your question, ranks and highlights it. What grep finds in \
running text is always found: one character, half a compound, across any word border.";

const AFTER_HELP: &str = "\
Examples:
  jian index ~/notes            read the notes, later what changed
  jian query 三次握手            the answer first
  jian query redis -memcached title:缓存 'TTL*' '\"布隆过滤器\"'
  jian query --json -n 3 -- GIL | jq .title
  jian fzf                      search as you type; Enter opens the editor
  jian show notes/tcp.md:12     the whole section around a line

Exit codes: 0 found or done, 1 nothing found, 2 error.";

const COLOR_HELP: &str = "\
When to use color: `auto`, on a terminal, unless NO_COLOR is set; `always`, also in a pipe; \
`never`; `roles`, tags that name the role of each piece of text instead";

/// Heading of the options that each command has.
const EVERYWHERE: &str = "Everywhere";

#[derive(Debug, Default, Args)]
struct Places {
    /// Folder of notes; can be repeated [env: JIAN_CORPUS]
    #[arg(long, global = true, value_name = "PATH", help_heading = EVERYWHERE)]
    corpus: Vec<PathBuf>,
    /// Folder of the index [env: JIAN_INDEX]
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERYWHERE)]
    index: Option<PathBuf>,
    /// Configuration file instead of the nearest jian.toml
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    config: Option<PathBuf>,
    /// When to use color: auto, always, never, or roles, which names its meaning
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    #[arg(help_heading = EVERYWHERE, long_help = COLOR_HELP)]
    color: Color,
}

/// When to use color.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Also in a pipe
    Always,
    /// Nowhere
    Never,
    /// Tags that name the role of each piece of text
    Roles,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the notes and bring the index up to date
    Index(index::Flags),
    /// Build the index anew aside and swap it in
    Rebuild(index::Paths),
    /// Keep the index up to date while notes are edited
    Watch(watch::Flags),
    /// Search the notes
    #[command(visible_aliases = ["q", "search"])]
    Query(query::Flags),
    /// Search as you type, with fzf
    Fzf(fzf::Flags),
    /// Open a hit in the editor
    Open(jump::Flags),
    /// Print the whole section around a line
    Show(show::Flags),
    /// Lay out the section around a line, for previews
    Preview(show::What),
    /// Tell where the index is, what it holds, how fresh it is
    Status(status::Flags),
    /// Test how well your own notes are found
    Bench(bench::Flags),
    /// Check the set-up and say what mends it
    Doctor(doctor::Flags),
    /// Print what binds a key and completes in a shell
    Init(init::Flags),
    /// Print completions for a shell
    Completions(completions::Flags),
    /// Print the manual page
    Man(man::Flags),
    /// Serve the notes to an assistant (Model Context Protocol)
    Mcp(mcp::Flags),
}

/// [`Cli`] with no command but one: to build all of them takes a twentieth of a search.
#[derive(Debug, Parser)]
#[command(name = "jian")]
struct Asking {
    #[command(flatten)]
    places: Places,
    #[command(subcommand)]
    command: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    #[command(visible_aliases = ["q", "search"])]
    Query(query::Flags),
}

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Something was found or done.
    Done,
    /// Nothing was found.
    Nothing,
}

/// Returns all commands and options, as `--help`, the manual and completions have them.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Reads the arguments; ends the process where they are wrong, or ask for help.
fn parsed(arguments: Vec<OsString>) -> Cli {
    if let Some(cli) = plain(&arguments) {
        return cli;
    }
    let mut command = Asking::command();
    let ordered = order::ordered(arguments.clone(), &command);
    let asking = command.try_get_matches_from_mut(ordered);
    match asking.and_then(|matches| Asking::from_arg_matches(&matches)) {
        Ok(Asking { places, command: Question::Query(flags) }) => {
            Cli { places, command: Command::Query(flags) }
        }
        // Whatever it is, all commands together know what to say to it.
        Err(_) => Cli::parse_from(order::ordered(arguments, &Cli::command())),
    }
}

/// Reads the arguments of a plain question.
fn plain(arguments: &[OsString]) -> Option<Cli> {
    let (index, asked) = plain::parsed(arguments)?;
    let places = Places { index, ..Places::default() };
    Some(Cli { places, command: Command::Query(query::Flags::plain(asked)) })
}

/// Runs the program and returns its exit code: 0 found or done, 1 nothing found, 2 error.
/// A closed pipe is success.
pub fn run() -> u8 {
    // Shells ask at a tab what could come next; does nothing where none asks.
    if config::is_set(completions::VARIABLE) {
        clap_complete::CompleteEnv::with_factory(Cli::command)
            .var(completions::VARIABLE)
            .complete();
    }
    let cli = parsed(std::env::args_os().collect());
    let mut terminal = Terminal::plain(config::language());
    std::panic::set_hook(Box::new(broke_off));
    let outcome = dispatch(&cli, &mut terminal);
    // The process ends here.
    std::mem::forget(cli);
    match outcome {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::Nothing) => 1,
        Err(e) => {
            terminal.error(&e);
            2
        }
    }
}

/// A bug, or bytes of the index that changed where nothing but the engine looks: said like any
/// other error, with what mends the second.
fn broke_off(panic: &std::panic::PanicHookInfo<'_>) {
    let cause = panic.payload_as_str().unwrap_or("?");
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    let message = message::broke_off(cause, place);
    let hint = message::mend_broken();
    Terminal::plain(config::language()).error(&Error::Usage { message, hint });
    std::process::exit(2);
}

fn dispatch(cli: &Cli, terminal: &mut Terminal) -> Result<Outcome> {
    match &cli.command {
        Command::Completions(flags) => return completions::run(flags, terminal),
        Command::Init(flags) => return init::run(flags, terminal),
        Command::Man(flags) => return man::run(flags, Cli::command(), terminal),
        _ => {}
    }
    let places = &cli.places;
    let config = Config::resolve(&Typed {
        corpus: places.corpus.clone(),
        index: places.index.clone(),
        config: places.config.clone(),
    })?;
    *terminal = Terminal::new(places.color, terminal.language, &config);
    match &cli.command {
        Command::Index(flags) => index::run(flags, &config, terminal),
        Command::Rebuild(paths) => index::rebuild(paths, &config, terminal),
        Command::Watch(flags) => watch::run(flags, &config, terminal),
        Command::Query(flags) => {
            open::mending(&config, terminal, || query::run(flags, &config, terminal))
        }
        Command::Fzf(flags) => {
            open::mending(&config, terminal, || fzf::run(flags, &config, terminal))
        }
        Command::Open(flags) => {
            open::mending(&config, terminal, || jump::run(flags, &config, terminal))
        }
        Command::Show(flags) => show::run(flags, &config, terminal),
        Command::Preview(what) => show::preview(what, &config, terminal),
        Command::Status(flags) => status::run(flags, &config, terminal),
        Command::Bench(flags) => bench::run(flags, &config, terminal),
        Command::Doctor(flags) => doctor::run(flags, &config, terminal),
        Command::Mcp(flags) => mcp::run(flags, &config, terminal),
        Command::Init(flags) => init::run(flags, terminal),
        Command::Completions(flags) => completions::run(flags, terminal),
        Command::Man(flags) => man::run(flags, Cli::command(), terminal),
    }
}

/// An error about what was typed.
fn usage(message: Message, hint: Message) -> Error {
    Error::Usage { message, hint }
}
