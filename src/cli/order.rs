//! Options may stand behind the words of a query, and words may begin with `-`.
//!
//! Law: what is an option of the command is read as one wherever it stands before `--`; any
//! other argument is a word of the query.

use std::ffi::OsString;

use clap::{Arg, Command};

use crate::render::Output;

/// Commands whose words may begin with `-`.
const WORDY: &[&str] = &["query", "fzf"];

/// Returns the arguments with the options of such a command before its words, and `--` between
/// them; others as they are.
pub fn ordered(arguments: Vec<OsString>, program: &Command) -> Vec<OsString> {
    if !arguments.iter().any(|typed| typed.as_encoded_bytes().starts_with(b"-")) {
        return arguments;
    }
    let found = arguments.iter().enumerate().skip(1).find_map(|(at, typed)| {
        let command = program.find_subcommand(typed)?;
        WORDY.contains(&command.get_name()).then_some((at, command))
    });
    let Some((at, command)) = found else { return arguments };
    let known: Vec<&Arg> =
        command.get_arguments().chain(program.get_arguments()).collect();
    let (mut options, mut words) = (arguments[..=at].to_vec(), Vec::new());
    let mut rest = arguments[at + 1..].iter();
    while let Some(typed) = rest.next() {
        match typed.to_str() {
            Some("--") => words.extend(rest.by_ref().cloned()),
            Some(text) => match option(text, &known) {
                Some(wants_value) => {
                    options.push(typed.clone());
                    if wants_value {
                        options.extend(rest.next().cloned());
                    }
                }
                None => words.push(typed.clone()),
            },
            None => words.push(typed.clone()),
        }
    }
    if !words.is_empty() {
        options.push("--".into());
        options.extend(words);
    }
    options
}

/// Returns whether the next argument is its value, for an option; `None` for a word.
fn option(text: &str, known: &[&Arg]) -> Option<bool> {
    if let Some(long) = text.strip_prefix("--") {
        let (name, value) =
            long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v)));
        if matches!(name, "help" | "version") {
            return Some(false);
        }
        let arg = known.iter().find(|arg| arg.get_long() == Some(name));
        // A word is never typed with two dashes: clap says what it might have been.
        return Some(value.is_none() && arg.is_some_and(|arg| takes_value(arg)));
    }
    let letters = text.strip_prefix('-')?;
    let mut rest = letters.chars();
    let mut next = rest.next();
    next?;
    while let Some(letter) = next {
        if matches!(letters, "h" | "V") {
            return Some(false);
        }
        let arg = known.iter().find(|arg| arg.get_short() == Some(letter))?;
        let value = rest.as_str();
        if takes_value(arg) {
            // `-n5` is five hits, `-fjson` a format; `-not` is a word.
            let is_value = value.starts_with('=')
                || value.parse::<u32>().is_ok()
                || letter == 'f' && Output::parse(value).is_ok();
            return (value.is_empty() || is_value).then_some(value.is_empty());
        }
        next = rest.next();
    }
    Some(false)
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn options_are_told_from_words() {
        let check = |typed: &str, expected: &str| {
            let arguments = typed.split(' ').map(OsString::from).collect();
            let found = ordered(arguments, &Cli::command());
            let found: Vec<_> = found.iter().map(|a| a.to_string_lossy()).collect();
            assert_eq!(found.join(" "), expected);
        };
        check("jian query 三次 -n 2", "jian query -n 2 -- 三次");
        check("jian query redis -AOF --json", "jian query --json -- redis -AOF");
        check("jian q -not gc", "jian q -- -not gc");
        check("jian query -l0 gc", "jian query -l0 -- gc");
        check("jian query gc -n5 --format=md", "jian query -n5 --format=md -- gc");
        check("jian query gc -fjson -C3", "jian query -fjson -C3 -- gc");
        check("jian query -files -V", "jian query -V -- -files");
        check("jian query a -- -n 2", "jian query -- a -n 2");
        check(
            "jian query --index x gc --color never",
            "jian query --index x --color never -- gc",
        );
        check("jian --index x query gc -c", "jian --index x query -c -- gc");
        check("jian query a --help", "jian query --help -- a");
        check("jian show -n", "jian show -n");
        check("jian status --json", "jian status --json");
    }
}
