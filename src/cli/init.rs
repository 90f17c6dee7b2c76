//! `jian init SHELL`: a key that searches, and completions, for the shell's start-up file.

use clap::{Args, ValueEnum};
use clap_complete::Shell;

use super::terminal::Terminal;
use super::{Outcome, completions, usage};
use crate::error::Result;
use crate::message;

/// What can be said to `jian init`.
#[derive(Debug, Args)]
pub struct Flags {
    /// Which shell
    #[arg(value_enum)]
    shell: Interactive,
    /// Key that searches, as `ctrl-g` or `alt-j`; `none` binds no key
    #[arg(long, default_value = "ctrl-g", value_name = "KEY")]
    key: String,
}

/// Shells in which a key can be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Interactive {
    /// eval "$(jian init bash)" in ~/.bashrc
    Bash,
    /// eval "$(jian init zsh)" in ~/.zshrc, after compinit
    Zsh,
    /// jian init fish | source, in ~/.config/fish/config.fish
    Fish,
}

/// A key together with ctrl or alt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Ctrl(char),
    Alt(char),
}

/// Runs `jian init`.
pub fn run(flags: &Flags, terminal: &Terminal) -> Result<Outcome> {
    let key = match flags.key.as_str() {
        "none" => None,
        typed => Some(
            parse(typed)
                .ok_or_else(|| usage(message::no_such_key(typed), message::mend_key()))?,
        ),
    };
    let (shell, script) = match flags.shell {
        Interactive::Bash => (Shell::Bash, include_str!("init/jian.bash")),
        Interactive::Zsh => (Shell::Zsh, include_str!("init/jian.zsh")),
        Interactive::Fish => (Shell::Fish, include_str!("init/jian.fish")),
    };
    let mut out = script.to_owned();
    if let Some(key) = key {
        out.push_str(&binding(flags.shell, key));
    }
    let registered = completions::script(shell);
    out.push_str(&match flags.shell {
        Interactive::Zsh => {
            format!("if (( $+functions[compdef] )); then\n{registered}fi\n")
        }
        Interactive::Bash | Interactive::Fish => registered,
    });
    terminal.print(&out)?;
    Ok(Outcome::Done)
}

fn parse(typed: &str) -> Option<Key> {
    let (with, letter) = typed.split_once('-')?;
    let mut letters = letter.chars();
    let letter = letters.next().filter(char::is_ascii_alphanumeric)?.to_ascii_lowercase();
    if letters.next().is_some() {
        return None;
    }
    match with {
        "ctrl" if letter.is_ascii_alphabetic() => Some(Key::Ctrl(letter)),
        "alt" => Some(Key::Alt(letter)),
        _ => None,
    }
}

fn binding(shell: Interactive, key: Key) -> String {
    let name = match (shell, key) {
        (Interactive::Bash, Key::Ctrl(c)) => format!("\\C-{c}"),
        (Interactive::Bash, Key::Alt(c)) => format!("\\e{c}"),
        (Interactive::Zsh, Key::Ctrl(c)) => format!("^{}", c.to_ascii_uppercase()),
        (Interactive::Zsh, Key::Alt(c)) => format!("^[{c}"),
        (Interactive::Fish, Key::Ctrl(c)) => format!("\\c{c}"),
        (Interactive::Fish, Key::Alt(c)) => format!("\\e{c}"),
    };
    let line = |mode: &str| match shell {
        Interactive::Bash => format!("bind -m {mode} -x '\"{name}\": __jian_pick'\n"),
        Interactive::Zsh => format!("bindkey -M {mode} '{name}' __jian_pick\n"),
        Interactive::Fish => format!("bind -M {mode} {name} __jian_pick\n"),
    };
    let modes = match shell {
        Interactive::Bash => ["emacs-standard", "vi-insert", "vi-command"].as_slice(),
        Interactive::Zsh => ["emacs", "viins", "vicmd"].as_slice(),
        Interactive::Fish => ["default", "insert"].as_slice(),
    };
    let lines: String = modes.iter().map(|mode| line(mode)).collect();
    match shell {
        // There is no line to edit where nobody types.
        Interactive::Bash => format!("if [[ $- == *i* ]]; then\n{lines}fi\n"),
        Interactive::Zsh => format!("if [[ -o interactive ]]; then\n{lines}fi\n"),
        Interactive::Fish => format!("if status is-interactive\n{lines}end\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_people_say_them() {
        let check = |typed, expected| assert_eq!(parse(typed), expected, "{typed}");
        check("ctrl-g", Some(Key::Ctrl('g')));
        check("ctrl-G", Some(Key::Ctrl('g')));
        check("alt-1", Some(Key::Alt('1')));
        check("ctrl-1", None);
        check("g", None);
        check("ctrl-gg", None);
        check("alt-'", None);
    }
}
