//! Commands of others, as a person types them: with options and quotes.

use std::ffi::OsString;
use std::process::Command;

/// Returns a typed command line with arguments after it, ready to run.
pub fn shell(typed: &str, arguments: &[OsString]) -> Command {
    if cfg!(windows) {
        let mut words = split(typed).into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).args(arguments);
        return command;
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{typed} \"$@\"")).arg("sh").args(arguments);
    command
}

/// Splits a typed command line as a shell does, without what a shell replaces.
pub fn split(typed: &str) -> Vec<String> {
    shlex::split(typed)
        .unwrap_or_else(|| typed.split_whitespace().map(str::to_owned).collect())
}

/// Returns text as one word for `sh`; also `bash`, `zsh` and `fish` read it so.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_one_word() {
        for text in ["a", "a b", "三次", "it's", "$HOME `x` \"y\" \\", "", "*?[", "~"] {
            assert_eq!(split(&quote(text)), [text]);
        }
    }
}
