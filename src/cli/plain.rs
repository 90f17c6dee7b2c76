//! The question as it is mostly typed, read by a command of these few arguments: to build all
//! others, too, takes a twentieth of a search, and more memory than the rest of it up to there.
//!
//! Law: what is read here all commands together read alike.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::order;

/// Options that are read here; with any other, nothing is.
const OPTIONS: &[&str] = &["--index", "--json", "--limit", "-n", "--no-refresh"];

/// A question and where to ask it.
#[derive(Debug, Parser)]
#[command(name = "jian")]
pub struct Plain {
    #[arg(long, global = true)]
    pub index: Option<PathBuf>,
    #[command(subcommand)]
    command: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    #[command(visible_aliases = ["q", "search"])]
    Query(Asked),
}

/// What is asked.
#[derive(Debug, Args)]
pub struct Asked {
    #[arg(required = true)]
    pub words: Vec<String>,
    #[arg(long, short = 'n')]
    pub limit: Option<usize>,
    #[arg(long)]
    pub json: bool,
    #[arg(long)]
    pub no_refresh: bool,
}

/// Reads the arguments where they are a plain question; `None` where they are more, or wrong.
pub fn parsed(arguments: &[OsString]) -> Option<(Option<PathBuf>, Asked)> {
    let before_words = arguments.iter().take_while(|typed| *typed != "--");
    let is_plain = |typed: &OsString| {
        !typed.as_encoded_bytes().starts_with(b"-") || OPTIONS.iter().any(|o| typed == o)
    };
    if !before_words.clone().skip(1).all(is_plain) {
        return None;
    }
    let mut command = Plain::command();
    let ordered = order::ordered(arguments.to_vec(), &command);
    let matches = command.try_get_matches_from_mut(ordered).ok()?;
    let Plain { index, command: Question::Query(asked) } =
        Plain::from_arg_matches(&matches).ok()?;
    Some((index, asked))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Cli, order, plain};
    use super::*;

    fn check(arguments: &[&str]) -> bool {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        let Some(found) = plain(&arguments) else { return false };
        let whole = Cli::try_parse_from(order::ordered(arguments, &Cli::command()));
        let whole = whole.expect("what is plain can be read by all");
        assert_eq!(format!("{found:?}"), format!("{whole:?}"));
        true
    }

    #[test]
    fn plain_questions_are_read_alike() {
        for plain in [
            &["jian", "query", "三次握手"][..],
            &["jian", "q", "how", "does", "tcp", "work"],
            &["jian", "--index", "x", "search", "--no-refresh", "--", "-n", "--full"],
            &["jian", "query", "gc", "--json", "-n", "3", "--index", "x"],
            &["jian", "query", "--limit", "3", "--json", "--", "GIL"],
            &["jian", "query", ""],
        ] {
            assert!(check(plain), "{plain:?}");
        }
        for other in [
            &["jian"][..],
            &["jian", "query"],
            &["jian", "query", "redis", "-AOF"],
            &["jian", "query", "-n3", "redis"],
            &["jian", "query", "-n", "x", "redis"],
            &["jian", "query", "--full", "redis"],
            &["jian", "query", "--help"],
            &["jian", "query", "--json=x", "gc"],
            &["jian", "index", "notes"],
            &["jian", "help", "query"],
        ] {
            assert!(!check(other), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_read_alike(
            typed in proptest::collection::vec(
                prop::sample::select(vec![
                    "query", "q", "index", "fzf", "help", "三次", "gc", "", "--", "-", "-AOF",
                    "-n", "3", "x", "--limit", "--index", "--json", "--no-refresh", "--full",
                    "-l", "-n3", "--color", "never", "--help", "--corpus", "--version",
                ]),
                0..8,
            ),
        ) {
            let program = std::iter::once("jian");
            check(&program.chain(typed).collect::<Vec<_>>());
        }
    }
}
