//! Editors, and how each is told the line.

use std::path::Path;
use std::process::Stdio;

use super::usage;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::message;

/// How an editor is told the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// `+12 file`
    Plus,
    /// `file:12`
    Colon,
    /// `--goto file:12`
    Goto,
    /// `--line 12 file`
    Line,
    /// `file` alone: it is not known how.
    File,
}

/// Editors by the name of their command; those to look for first where none is set come first.
const EDITORS: &[(&str, Manner)] = &[
    ("nvim", Manner::Plus),
    ("vim", Manner::Plus),
    ("vi", Manner::Plus),
    ("nano", Manner::Plus),
    ("emacs", Manner::Plus),
    ("hx", Manner::Colon),
    ("helix", Manner::Colon),
    ("emacsclient", Manner::Plus),
    ("view", Manner::Plus),
    ("nvi", Manner::Plus),
    ("gvim", Manner::Plus),
    ("mvim", Manner::Plus),
    ("vimx", Manner::Plus),
    ("ex", Manner::Plus),
    ("pico", Manner::Plus),
    ("kak", Manner::Plus),
    ("mg", Manner::Plus),
    ("joe", Manner::Plus),
    ("jed", Manner::Plus),
    ("ne", Manner::Plus),
    ("micro", Manner::Plus),
    ("gedit", Manner::Plus),
    ("subl", Manner::Colon),
    ("sublime_text", Manner::Colon),
    ("zed", Manner::Colon),
    ("zeditor", Manner::Colon),
    ("code", Manner::Goto),
    ("code-insiders", Manner::Goto),
    ("codium", Manner::Goto),
    ("vscodium", Manner::Goto),
    ("cursor", Manner::Goto),
    ("windsurf", Manner::Goto),
    ("kate", Manner::Line),
    ("idea", Manner::Line),
    ("pycharm", Manner::Line),
    ("goland", Manner::Line),
    ("clion", Manner::Line),
];

/// How many of these are looked for where none is set: those that run in a terminal.
const LOOKED_FOR: usize = 7;

/// Opens an absolute path at a line and waits until the editor ends.
///
/// # Errors
/// [`Error::Usage`] where no editor is set nor found, [`Error::Io`] where it cannot be run or
/// fails.
pub fn open(file: &Path, line: u32, config: &Config) -> Result<()> {
    let typed = name(config)?;
    let mut command = super::process::shell(&typed, &arguments(&typed, file, line));
    if let Some(keyboard) = keyboard() {
        command.stdin(keyboard);
    }
    let failed = |source| Error::Io {
        action: "open with the editor",
        path: typed.clone().into(),
        source,
    };
    let status = command.status().map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    Err(failed(std::io::Error::other(status.to_string())))
}

/// Returns the editor as it is set, else one that is there.
///
/// # Errors
/// [`Error::Usage`] where none is.
pub fn name(config: &Config) -> Result<String> {
    let surroundings = &config.surroundings;
    if let Some(typed) = &surroundings.editor {
        return Ok(typed.clone());
    }
    let names = EDITORS.iter().map(|(name, _)| *name).take(LOOKED_FOR);
    let mut there = names.filter(|name| surroundings.command(name).is_some());
    there
        .next()
        .map(str::to_owned)
        .ok_or_else(|| usage(message::no_editor(), message::mend_editor()))
}

/// True for an editor that can be told the line.
pub fn takes_line(typed: &str) -> bool {
    manner(typed) != Manner::File
}

/// A terminal to type in where stdin is not one, as at the end of a pipe.
fn keyboard() -> Option<Stdio> {
    use std::io::IsTerminal;
    if std::io::stdin().is_terminal() {
        return None;
    }
    std::fs::File::open("/dev/tty").ok().map(Stdio::from)
}

/// Returns the arguments after what was set, for an absolute path.
fn arguments(typed: &str, file: &Path, line: u32) -> Vec<std::ffi::OsString> {
    let path = file.as_os_str();
    let at_line = || {
        let mut place = path.to_owned();
        place.push(format!(":{line}"));
        place
    };
    match manner(typed) {
        Manner::Plus => vec![format!("+{line}").into(), path.to_owned()],
        Manner::Colon => vec![at_line()],
        Manner::Goto => vec!["--goto".into(), at_line()],
        Manner::Line => vec!["--line".into(), line.to_string().into(), path.to_owned()],
        Manner::File => vec![path.to_owned()],
    }
}

/// Returns how what was set is told the line: its first word that is a known command says,
/// since `env X=y vim` and `sudo -e` come before.
fn manner(typed: &str) -> Manner {
    let names = typed.split_whitespace().map(|word| {
        let name =
            word.trim_matches(['"', '\'']).rsplit(['/', '\\']).next().unwrap_or(word);
        name.strip_suffix(".exe").unwrap_or(name)
    });
    let mut known =
        names.filter_map(|name| EDITORS.iter().find(|(known, _)| *known == name));
    known.next().map_or(Manner::File, |(_, manner)| *manner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_the_line_in_its_way() {
        let check = |typed: &str, expected: &[&str]| {
            let found = arguments(typed, Path::new("/笔记/tcp.md"), 12);
            assert_eq!(found, expected, "{typed}");
        };
        check("vim", &["+12", "/笔记/tcp.md"]);
        check("/usr/bin/nvim -p", &["+12", "/笔记/tcp.md"]);
        check("emacsclient -nw", &["+12", "/笔记/tcp.md"]);
        check("nano", &["+12", "/笔记/tcp.md"]);
        check("hx", &["/笔记/tcp.md:12"]);
        check("code --wait", &["--goto", "/笔记/tcp.md:12"]);
        check("'/opt/VS/bin/codium' -w", &["--goto", "/笔记/tcp.md:12"]);
        check("subl -w", &["/笔记/tcp.md:12"]);
        check("kate", &["--line", "12", "/笔记/tcp.md"]);
        check("my-editor", &["/笔记/tcp.md"]);
        check("env TERM=xterm vim", &["+12", "/笔记/tcp.md"]);
    }

    #[test]
    fn each_editor_is_named_once() {
        for (number, (name, _)) in EDITORS.iter().enumerate() {
            assert_eq!(EDITORS.iter().position(|(other, _)| other == name), Some(number));
        }
    }
}
