//! `jian doctor`: what is set up, and the command that mends what is not.

use clap::Args;

use super::terminal::Terminal;
use super::{Outcome, editor, fzf, open};
use crate::config::Config;
use crate::corpus::DICTIONARY_FILE;
use crate::error::Error;
use crate::index::{Freshness, freshness, remembered_roots};
use crate::message::{self, Language, Message};
use crate::render::{Role, paint, width};

/// What can be said to `jian doctor`.
#[derive(Debug, Args)]
pub struct Flags {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum Grade {
    /// Nothing to do.
    Ok,
    /// Works, but something is missing or odd.
    Hint,
    /// Searching does not work.
    Bad,
}

struct Finding {
    grade: Grade,
    about: Message,
    says: Message,
    /// What mends it.
    mend: Option<Message>,
}

/// A finding for a program: always English.
#[derive(serde::Serialize)]
struct Row<'a> {
    grade: Grade,
    about: &'a str,
    says: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<&'a str>,
}

impl Finding {
    fn json(&self) -> String {
        let english = |message| Message::text(message, Language::English);
        let row = Row {
            grade: self.grade,
            about: english(&self.about),
            says: english(&self.says),
            mend: self.mend.as_ref().map(english),
        };
        serde_json::to_string(&row).expect("plain data always serializes")
    }
}

/// Runs `jian doctor`. Nothing is changed. Says 1 where searching does not work.
pub fn run(
    flags: &Flags,
    config: &Config,
    terminal: &Terminal,
) -> crate::error::Result<Outcome> {
    let findings = [
        configuration(config),
        notes(config),
        index(config),
        dictionary(config),
        draws(config),
        edits(config),
        shows(config, terminal),
        locale(config),
    ];
    let mut out = String::new();
    for finding in findings.iter().flatten() {
        if flags.json {
            out.push_str(&finding.json());
            out.push('\n');
        } else {
            write(finding, terminal, &mut out);
        }
    }
    terminal.print(&out)?;
    let is_bad = findings.iter().flatten().any(|f| f.grade == Grade::Bad);
    Ok(if is_bad { Outcome::Nothing } else { Outcome::Done })
}

/// Columns of the grade, and of what a finding is about.
const GRADE_COLS: usize = 6;
const ABOUT_COLS: usize = 14;

fn write(finding: &Finding, terminal: &Terminal, out: &mut String) {
    let (role, grade) = match finding.grade {
        Grade::Ok => (Role::Line, message::grade_ok()),
        Grade::Hint => (Role::Notice, message::grade_hint()),
        Grade::Bad => (Role::Error, message::grade_bad()),
    };
    let said = |message| Message::text(message, terminal.language).to_owned();
    let grade = width::padded(&said(&grade), GRADE_COLS);
    let about = width::padded(&said(&finding.about), ABOUT_COLS);
    paint::put(out, terminal.ink, role, &grade);
    paint::put(out, terminal.ink, Role::Title, &about);
    paint::put(out, terminal.ink, Role::Body, &said(&finding.says));
    out.push('\n');
    if let Some(mend) = &finding.mend {
        let indent = " ".repeat(GRADE_COLS + ABOUT_COLS);
        let mend = format!("{indent}→ {}", said(mend));
        paint::put(out, terminal.ink, Role::Body, &mend);
        out.push('\n');
    }
}

fn ok(about: Message, says: Message) -> Finding {
    Finding { grade: Grade::Ok, about, says, mend: None }
}

fn hint(about: Message, says: Message, mend: Message) -> Finding {
    Finding { grade: Grade::Hint, about, says, mend: Some(mend) }
}

fn bad(about: Message, says: Message, mend: Option<Message>) -> Finding {
    Finding { grade: Grade::Bad, about, says, mend }
}

fn of_error(about: Message, error: &Error) -> Finding {
    bad(about, error.message(), error.hint())
}

fn configuration(config: &Config) -> Vec<Finding> {
    vec![match &config.file {
        Some(file) => ok(message::about_configuration(), Message::plain(file.display())),
        None => ok(message::about_configuration(), message::no_configuration()),
    }]
}

fn roots(config: &Config) -> Vec<std::path::PathBuf> {
    match super::index::selection(config) {
        Some(selection) => selection.roots,
        None => remembered_roots(&config.index),
    }
}

fn notes(config: &Config) -> Vec<Finding> {
    let roots = roots(config);
    if roots.is_empty() {
        return vec![of_error(message::about_notes(), &Error::NoCorpus)];
    }
    let look = |root: &std::path::PathBuf| match root.exists() {
        true => ok(message::about_notes(), Message::plain(root.display())),
        false => bad(
            message::about_notes(),
            message::not_there(root.display()),
            Some(message::mend_notes()),
        ),
    };
    roots.iter().map(look).collect()
}

fn index(config: &Config) -> Vec<Finding> {
    let read = open::reading(config, |reader| {
        let manifest = reader.manifest()?;
        reader.check_samples()?;
        if let Some(file) = reader.changed_files()?.first() {
            let why = format!("it is damaged: `{file}` changed since it was written");
            return Err(Error::Unusable { path: config.index.clone(), why });
        }
        Ok((reader.is_ripe(), manifest))
    });
    let (is_ripe, manifest) = match read {
        Ok(read) => read,
        Err(e) => return vec![of_error(message::about_index(), &e)],
    };
    let mut findings =
        vec![ok(message::about_index(), Message::plain(config.index.display()))];
    if let Freshness::Stale(changed) = freshness(&manifest) {
        let says = message::changed_since_built(changed);
        findings.push(hint(message::about_index(), says, Message::plain("jian index")));
    }
    if is_ripe {
        let says = message::worth_merging();
        findings.push(hint(message::about_index(), says, Message::plain("jian index")));
    }
    let skipped = manifest.skipped.len()
        + manifest.files.iter().filter(|f| f.skipped.is_some()).count();
    if skipped > 0 {
        let says = message::files_skipped(skipped);
        findings.push(hint(message::about_notes(), says, message::mend_skipped()));
    }
    let odd = |f: &&crate::index::Entry| f.skipped.is_none() && f.encoding != "UTF-8";
    let odd = manifest.files.iter().filter(odd).count();
    if odd > 0 {
        let says = message::guessed(odd);
        findings.push(ok(message::about_encodings(), says));
    }
    findings
}

fn dictionary(config: &Config) -> Vec<Finding> {
    let roots = roots(config);
    let words = config.user_words(&roots);
    let lines = words.lines().map(str::trim);
    let lines: Vec<&str> =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    if lines.is_empty() {
        return vec![ok(
            message::about_dictionary(),
            message::no_own_words(DICTIONARY_FILE),
        )];
    }
    vec![ok(message::about_dictionary(), message::own_words(lines.len()))]
}

fn draws(config: &Config) -> Vec<Finding> {
    vec![match fzf::version(config) {
        Ok((major, minor)) => {
            ok(message::about_fzf(), Message::plain(format_args!("{major}.{minor}")))
        }
        Err(e) => hint(
            message::about_fzf(),
            message::fzf_cannot(e.message()),
            e.hint().unwrap_or_default(),
        ),
    }]
}

fn edits(config: &Config) -> Vec<Finding> {
    vec![match editor::name(config) {
        Ok(name) if editor::takes_line(&name) => {
            ok(message::about_editor(), Message::plain(name))
        }
        Ok(name) => hint(
            message::about_editor(),
            message::editor_line_unknown(name),
            Message::plain("export EDITOR=vim"),
        ),
        Err(e) => hint(
            message::about_editor(),
            e.message(),
            Message::plain("export EDITOR=vim"),
        ),
    }]
}

fn shows(config: &Config, terminal: &Terminal) -> Vec<Finding> {
    let term = &config.surroundings.term;
    if !terminal.stdout_is_terminal {
        return vec![ok(message::about_terminal(), message::no_terminal())];
    }
    if config.dumb_terminal {
        let says = message::dumb_terminal(term);
        return vec![hint(
            message::about_terminal(),
            says,
            Message::plain("export TERM=xterm-256color"),
        )];
    }
    let mut says = vec![message::terminal_columns(term, terminal.width_cols)];
    says.push(if config.no_color { message::no_colors() } else { message::colors() });
    if terminal.takes_links {
        says.push(message::links());
    }
    vec![ok(message::about_terminal(), Message::list(&says))]
}

fn locale(config: &Config) -> Vec<Finding> {
    let locale = &config.surroundings.locale;
    let upper = locale.to_ascii_uppercase();
    if upper.contains("UTF-8") || upper.contains("UTF8") {
        return vec![ok(message::about_locale(), Message::plain(locale))];
    }
    let says = match locale.as_str() {
        "" => message::no_locale(),
        _ => message::locale_not_utf8(locale),
    };
    vec![hint(message::about_locale(), says, Message::plain("export LANG=C.UTF-8"))]
}
