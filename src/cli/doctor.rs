//! `jian doctor`: what is set up, and the command that mends what is not.

use clap::Args;

use super::terminal::Terminal;
use super::{Outcome, editor, fzf};
use crate::config::{Config, DICTIONARY_FILE};
use crate::error::Error;
use crate::index::{Freshness, Reader, freshness, remembered_roots};
use crate::render::{Role, paint, width};
use crate::text::fingerprint;

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

#[derive(Debug, serde::Serialize)]
struct Finding {
    grade: Grade,
    about: &'static str,
    says: String,
    /// What mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
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
            out.push_str(
                &serde_json::to_string(finding).expect("plain data always serializes"),
            );
            out.push('\n');
        } else {
            write(finding, terminal, &mut out);
        }
    }
    terminal.print(&out)?;
    let is_bad = findings.iter().flatten().any(|f| f.grade == Grade::Bad);
    Ok(if is_bad { Outcome::Nothing } else { Outcome::Done })
}

fn write(finding: &Finding, terminal: &Terminal, out: &mut String) {
    let (role, sign) = match finding.grade {
        Grade::Ok => (Role::Line, "ok  "),
        Grade::Hint => (Role::Notice, "hint"),
        Grade::Bad => (Role::Error, "bad "),
    };
    paint::put(out, terminal.ink, role, sign);
    let pad = " ".repeat(14usize.saturating_sub(width::cols(finding.about)));
    paint::put(out, terminal.ink, Role::Title, &format!("  {}{pad}", finding.about));
    paint::put(out, terminal.ink, Role::Body, &finding.says);
    out.push('\n');
    if let Some(mend) = &finding.mend {
        paint::put(out, terminal.ink, Role::Body, &format!("{}→ {mend}", " ".repeat(20)));
        out.push('\n');
    }
}

fn ok(about: &'static str, says: impl Into<String>) -> Finding {
    Finding { grade: Grade::Ok, about, says: says.into(), mend: None }
}

fn hint(
    about: &'static str,
    says: impl Into<String>,
    mend: impl Into<String>,
) -> Finding {
    Finding { grade: Grade::Hint, about, says: says.into(), mend: Some(mend.into()) }
}

fn of_error(about: &'static str, error: &Error) -> Finding {
    Finding { grade: Grade::Bad, about, says: error.to_string(), mend: error.hint() }
}

fn configuration(config: &Config) -> Vec<Finding> {
    vec![match &config.file {
        Some(file) => ok("configuration", file.display().to_string()),
        None => ok("configuration", "no file; all as by default"),
    }]
}

fn notes(config: &Config) -> Vec<Finding> {
    let roots = match &config.corpus {
        Some(roots) => roots.clone(),
        None => remembered_roots(&config.index),
    };
    if roots.is_empty() {
        return vec![of_error("notes", &Error::NoCorpus)];
    }
    let look = |root: &std::path::PathBuf| match root.exists() {
        true => ok("notes", root.display().to_string()),
        false => Finding {
            grade: Grade::Bad,
            about: "notes",
            says: format!("`{}` is not there", root.display()),
            mend: Some("name the folder of your notes: `jian index PATH`".to_owned()),
        },
    };
    roots.iter().map(look).collect()
}

fn index(config: &Config) -> Vec<Finding> {
    let opened =
        Reader::open(&config.index, |roots| fingerprint(&config.user_words(roots)));
    let read = opened.and_then(|reader| {
        let manifest = reader.manifest()?;
        Ok((reader.segments(), manifest))
    });
    let (segments, manifest) = match read {
        Ok(read) => read,
        Err(e) => return vec![of_error("index", &e)],
    };
    let mut findings = vec![ok("index", config.index.display().to_string())];
    if let Freshness::Stale(changed) = freshness(&manifest) {
        let says = format!("{changed} notes or folders changed since it was built");
        findings.push(hint("index", says, "jian index"));
    }
    // A merge keeps it far below; more means that merges fail.
    const MANY_SEGMENTS: usize = 32;
    if segments > MANY_SEGMENTS {
        let says = format!("it is in {segments} pieces, which slows searches");
        findings.push(hint("index", says, "jian index --rebuild"));
    }
    let skipped = manifest.skipped.len()
        + manifest.files.iter().filter(|f| f.skipped.is_some()).count();
    if skipped > 0 {
        let says = format!("{skipped} files were skipped");
        findings.push(hint("notes", says, "jian status, which names them and why"));
    }
    let odd = |f: &&crate::index::Entry| f.skipped.is_none() && f.encoding != "UTF-8";
    let odd = manifest.files.iter().filter(odd).count();
    if odd > 0 {
        let says = format!("{odd} notes are not UTF-8; their encoding was guessed");
        findings.push(ok("encodings", says));
    }
    findings
}

fn dictionary(config: &Config) -> Vec<Finding> {
    let roots = match &config.corpus {
        Some(roots) => roots.clone(),
        None => remembered_roots(&config.index),
    };
    let words = config.user_words(&roots);
    let lines = words.lines().map(str::trim);
    let lines: Vec<&str> =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    if lines.is_empty() {
        return vec![ok(
            "dictionary",
            format!("built in; no words of your own ({DICTIONARY_FILE})"),
        )];
    }
    vec![ok("dictionary", format!("built in, and {} words of your own", lines.len()))]
}

fn draws(config: &Config) -> Vec<Finding> {
    vec![match fzf::version(config) {
        Ok((major, minor)) => ok("fzf", format!("{major}.{minor}")),
        Err(e) => hint(
            "fzf",
            format!("{e}: `jian fzf` cannot run"),
            e.hint().unwrap_or_default(),
        ),
    }]
}

fn edits(config: &Config) -> Vec<Finding> {
    vec![match editor::name(config) {
        Ok(name) if editor::takes_line(&name) => ok("editor", name),
        Ok(name) => hint(
            "editor",
            format!("{name}: it is not known how to tell it the line"),
            "export EDITOR=vim",
        ),
        Err(e) => hint("editor", e.to_string(), "export EDITOR=vim"),
    }]
}

fn shows(config: &Config, terminal: &Terminal) -> Vec<Finding> {
    let term = &config.surroundings.term;
    if !terminal.stdout_is_terminal {
        return vec![ok("terminal", "none: output goes to a pipe or a file")];
    }
    if config.dumb_terminal {
        let says = format!("TERM is `{term}`: no colors");
        return vec![hint("terminal", says, "export TERM=xterm-256color")];
    }
    let links = if terminal.takes_links { ", links" } else { "" };
    let colors = if config.no_color { "no colors (NO_COLOR)" } else { "colors" };
    vec![ok(
        "terminal",
        format!("{term}, {} columns, {colors}{links}", terminal.width_cols),
    )]
}

fn locale(config: &Config) -> Vec<Finding> {
    let locale = &config.surroundings.locale;
    let upper = locale.to_ascii_uppercase();
    if upper.contains("UTF-8") || upper.contains("UTF8") {
        return vec![ok("locale", locale.clone())];
    }
    let says = match locale.as_str() {
        "" => "not set: less, fzf and shells may break Chinese".to_owned(),
        _ => format!("{locale} is not UTF-8: less, fzf and shells may break Chinese"),
    };
    vec![hint("locale", says, "export LANG=C.UTF-8")]
}
