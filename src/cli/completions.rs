//! `jian completions SHELL`, and what is completed from the index: notes and tags.
//!
//! The scripts ask jian itself at each tab, so they never fall behind it.

use std::collections::BTreeSet;
use std::ffi::OsStr;

use clap::Args;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use clap_complete::{CompletionCandidate, Shell};

use super::terminal::Terminal;
use super::{Outcome, open, place};
use crate::config::{Config, Typed};
use crate::error::Result;
use crate::index::TextField;
use crate::query::SCOPES;
use crate::render::FORMATS;

/// What can be said to `jian completions`.
#[derive(Debug, Args)]
pub struct Flags {
    /// Which shell
    shell: Shell,
}

/// Set by the scripts when they ask.
pub const VARIABLE: &str = "JIAN_COMPLETE";

/// At most this many notes or tags are offered; nobody reads more.
const MOST_OFFERED: usize = 200;

/// Runs `jian completions`.
pub fn run(flags: &Flags, terminal: &Terminal) -> Result<Outcome> {
    terminal.print(&script(flags.shell))?;
    Ok(Outcome::Done)
}

/// Returns what tells a shell to ask us.
pub fn script(shell: Shell) -> String {
    let completer: &dyn EnvCompleter = match shell {
        Shell::Bash => &Bash,
        Shell::Elvish => &Elvish,
        Shell::Fish => &Fish,
        Shell::PowerShell => &Powershell,
        _ => &Zsh,
    };
    let mut out = Vec::new();
    completer
        .write_registration(VARIABLE, "jian", "jian", "jian", &mut out)
        .expect("memory can be written to");
    String::from_utf8_lossy(&out).trim_start().to_owned()
}

/// Offers the names of formats.
pub fn formats(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let named = FORMATS.iter().filter(|format| format.name.starts_with(&*typed));
    named.map(|f| CompletionCandidate::new(f.name).help(Some(f.help.into()))).collect()
}

/// Offers what can begin a word of a query: `title:` and its like, and after `tag:` and
/// `path:` what the index has.
pub fn query(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let Some((name, begun)) = typed.split_once(':') else {
        let scopes = SCOPES.iter().map(|(names, _, help)| (names[0], *help));
        let begun = scopes.filter(|(name, _)| name.starts_with(&*typed));
        return begun
            .map(|(name, help)| {
                CompletionCandidate::new(format!("{name}:")).help(Some(help.into()))
            })
            .collect();
    };
    let Some((_, scope, _)) = SCOPES.iter().find(|(names, _, _)| names.contains(&name))
    else {
        return Vec::new();
    };
    let found = match scope {
        crate::query::Scope::Tag => terms(TextField::Tag, begun),
        crate::query::Scope::Path => paths(begun),
        crate::query::Scope::Title | crate::query::Scope::Code => BTreeSet::new(),
    };
    let found = found.into_iter().take(MOST_OFFERED);
    found.map(|value| CompletionCandidate::new(format!("{name}:{value}"))).collect()
}

/// Offers notes for `PATH:LINE`.
pub fn places(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let (begun, _) = place::split(&typed);
    paths(begun).into_iter().take(MOST_OFFERED).map(CompletionCandidate::new).collect()
}

/// Terms of a field that begin so; nothing where there is no index.
fn terms(field: TextField, begun: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let Ok(config) = Config::resolve(&Typed::default()) else { return terms };
    let reader = open::reader(&config);
    if let Ok(reader) = reader {
        let begun = crate::text::fold(begun);
        // An index that cannot be read offers nothing.
        let _ = reader.terms_from(field, &begun, |term, _| {
            terms.insert(term.to_owned());
            true
        });
    }
    terms
}

fn paths(begun: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let Ok(config) = Config::resolve(&Typed::default()) else { return paths };
    let reader = open::reader(&config);
    if let Ok(reader) = reader {
        for root in 0..reader.facts().roots.len() {
            let key = format!("{root}/{begun}");
            let _ = reader.terms_from(TextField::File, &key, |term, _| {
                paths.extend(term.split_once('/').map(|(_, path)| path.to_owned()));
                true
            });
        }
    }
    paths
}
