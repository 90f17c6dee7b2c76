//! The question as it is mostly typed, read by a small parser: to build the command of all that can
//! be said takes a tenth of a search.
//!
//! Law: what is read here all commands together read alike.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};

/// Options that are read here; with any other, nothing is.
const OPTIONS: &[&str] = &["--index", "--json", "--limit", "-n", "--no-refresh"];

/// What the command is called.
const NAMES: &[&str] = &["query", "q", "search"];

/// What is asked.
#[derive(Debug, Default)]
pub struct Asked {
    pub words: Vec<String>,
    pub limit: Option<usize>,
    pub json: bool,
    pub no_refresh: bool,
}

/// Reads the arguments where they are a plain question; `None` where they are more, or wrong.
pub fn parsed(arguments: &[OsString]) -> Option<(Option<PathBuf>, Asked)> {
    let before_words = arguments.iter().take_while(|typed| *typed != "--");
    let is_plain = |typed: &OsString| {
        !typed.as_encoded_bytes().starts_with(b"-") || OPTIONS.iter().any(|o| typed == o)
    };
    let is_name = |typed: &OsString| NAMES.iter().any(|name| typed == *name);
    let mut typed = before_words.skip(1);
    if !typed.clone().all(is_plain) || !typed.any(is_name) {
        return None;
    }
    let (mut index, mut asked, mut is_named) = (None, Asked::default(), false);
    let mut rest = Parser::from_args(arguments.iter().skip(1));
    while let Some(argument) = rest.next().ok()? {
        match argument {
            Arg::Long("index") if index.is_none() => {
                let value = value(&mut rest)?;
                // A folder of such a name is taken for the command itself.
                if !is_named && (is_name(&value) || value == "fzf") {
                    return None;
                }
                index = Some(value.into());
            }
            Arg::Long("limit") | Arg::Short('n') if is_named && asked.limit.is_none() => {
                asked.limit = Some(value(&mut rest)?.to_str()?.parse().ok()?);
            }
            Arg::Long("json") if is_named && !asked.json => asked.json = true,
            Arg::Long("no-refresh") if is_named && !asked.no_refresh => {
                asked.no_refresh = true;
            }
            Arg::Value(name) if !is_named => {
                is_named = is_name(&name);
                if !is_named {
                    return None;
                }
            }
            Arg::Value(word) => asked.words.push(word.into_string().ok()?),
            Arg::Long(_) | Arg::Short(_) => return None,
        }
    }
    (!asked.words.is_empty()).then_some((index, asked))
}

/// The value of an option; none where it looks like another option, or is empty.
fn value(rest: &mut Parser) -> Option<OsString> {
    let value = rest.value().ok()?;
    let is_value = !value.is_empty() && !value.as_encoded_bytes().starts_with(b"-");
    is_value.then_some(value)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser as _};
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
            &["jian", "query", "gc", "--", "--", "-"],
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
            &["jian", "--index", "query", "q", "gc"],
            &["jian", "--", "query", "gc"],
            &["jian", "query", "gc", "--json", "--json"],
            &["jian", "query", "gc", "--index", ""],
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
