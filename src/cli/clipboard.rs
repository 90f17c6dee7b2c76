//! The clipboard: by the command of the system, else through the terminal.

use std::io::Write;
use std::process::Stdio;

use super::usage;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::message;
use crate::render::paint;

/// Commands that write what they read to the clipboard.
const COMMANDS: &[&str] = &[
    "wl-copy",
    "xclip -selection clipboard",
    "xsel --clipboard --input",
    "pbcopy",
    "clip.exe",
];

/// Puts text on the clipboard.
///
/// # Errors
/// [`Error::Usage`] where there is neither a command for it nor a terminal.
pub fn copy(text: &str, config: &Config) -> Result<()> {
    let there = COMMANDS.iter().filter(|command| {
        let name = command.split(' ').next().unwrap_or_default();
        config.surroundings.command(name).is_some()
    });
    for command in there {
        // On a machine without a screen the command is there and fails: try the next.
        let mut child = super::process::shell(command, &[]);
        child.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = child.spawn() else { continue };
        let fed = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
        if fed.is_some_and(|fed| fed.is_ok()) && child.wait().is_ok_and(|s| s.success()) {
            return Ok(());
        }
    }
    // The terminal writes the clipboard, also over ssh.
    let tty = std::fs::OpenOptions::new().write(true).open("/dev/tty");
    let mut tty =
        tty.map_err(|_| usage(message::no_clipboard(), message::mend_clipboard()))?;
    let escape = paint::copy_code(&base64(text.as_bytes()));
    tty.write_all(escape.as_bytes()).map_err(Error::io("write to", "/dev/tty".as_ref()))
}

/// Returns bytes in base 64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let digit = (bits >> (18 - 6 * i)) & 63;
            out.push(if i <= three.len() { DIGITS[digit as usize] as char } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_base_64() {
        // The vectors of RFC 4648, section 10.
        let check = |text: &str, expected| assert_eq!(base64(text.as_bytes()), expected);
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foob", "Zm9vYg==");
        check("线程", "57q/56iL");
    }
}
