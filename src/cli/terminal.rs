//! Where output goes: results to stdout in one write, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use super::Color;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::message::{self, Language, Message};
use crate::render::{Ink, Role, paint};

/// Width where nobody knows better.
const DEFAULT_COLS: usize = 80;

/// Height where nobody knows better.
const DEFAULT_ROWS: usize = 24;

/// The two streams and how they are written to.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// In which language messages are said.
    pub language: Language,
    /// How stdout is colored.
    pub ink: Ink,
    /// How stdout is colored where a program reads it: only if that was asked for.
    pub program_ink: Ink,
    /// How stdout is colored where it is shown by a program that takes colors.
    pub preview_ink: Ink,
    /// How stderr is colored.
    notice_ink: Ink,
    /// True where a person reads stdout.
    pub stdout_is_terminal: bool,
    /// True where a person reads stderr.
    pub stderr_is_terminal: bool,
    /// True where paths can be clicked.
    pub takes_links: bool,
    /// Columns of the terminal.
    pub width_cols: usize,
    /// Rows of the terminal.
    pub height_rows: usize,
}

impl Terminal {
    /// Returns streams without color, for what goes wrong before the configuration is known.
    pub fn plain(language: Language) -> Self {
        Self {
            language,
            ink: Ink::Plain,
            program_ink: Ink::Plain,
            preview_ink: Ink::Plain,
            notice_ink: Ink::Plain,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
            takes_links: false,
            width_cols: DEFAULT_COLS,
            height_rows: DEFAULT_ROWS,
        }
    }

    /// Looks at the streams and at what was asked for.
    pub fn new(color: Color, language: Language, config: &Config) -> Self {
        let stdout_is_terminal = io::stdout().is_terminal();
        let stderr_is_terminal = io::stderr().is_terminal();
        let ink = |is_terminal: bool| match color {
            Color::Always => Ink::Color,
            Color::Never => Ink::Plain,
            Color::Roles => Ink::Roles,
            Color::Auto if config.no_color => Ink::Plain,
            Color::Auto if config.force_color => Ink::Color,
            Color::Auto if is_terminal && !config.dumb_terminal => Ink::Color,
            Color::Auto => Ink::Plain,
        };
        // What is typed into COLUMNS wins: tests and previews set it.
        let measured = terminal_size::terminal_size();
        let cols = measured.map(|(cols, _)| usize::from(cols.0));
        let rows = measured.map(|(_, rows)| usize::from(rows.0));
        Self {
            language,
            ink: ink(stdout_is_terminal),
            program_ink: match color {
                Color::Auto => Ink::Plain,
                Color::Always | Color::Never | Color::Roles => ink(stdout_is_terminal),
            },
            preview_ink: match color {
                Color::Auto if config.no_color => Ink::Plain,
                Color::Auto => Ink::Color,
                Color::Always | Color::Never | Color::Roles => ink(true),
            },
            notice_ink: ink(stderr_is_terminal),
            stdout_is_terminal,
            stderr_is_terminal,
            takes_links: stdout_is_terminal && takes_links(&config.surroundings.term),
            width_cols: config.columns.or(cols).unwrap_or(DEFAULT_COLS),
            height_rows: rows.unwrap_or(DEFAULT_ROWS),
        }
    }

    /// Prints results. A closed pipe is success: whoever read has enough.
    ///
    /// # Errors
    /// [`Error::Io`] where stdout cannot be written.
    pub fn print(&self, text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::io("write to", "stdout".as_ref())(e))
            }
            _ => Ok(()),
        }
    }

    /// Says something on stderr.
    pub fn notice(&self, message: &Message) {
        self.say(Role::Notice, &message::name(), message);
    }

    /// Says what went wrong and what mends it.
    pub fn error(&self, error: &Error) {
        self.say(Role::Error, &message::name(), &error.message());
        if let Some(hint) = error.hint() {
            self.say(Role::Notice, &message::hint(), &hint);
        }
    }

    fn say(&self, role: Role, before: &Message, message: &Message) {
        let mut line = String::new();
        for (i, part) in message.text(self.language).lines().enumerate() {
            paint::put(
                &mut line,
                self.notice_ink,
                role,
                if i == 0 { before.text(self.language) } else { "      " },
            );
            paint::put(&mut line, self.notice_ink, Role::Body, part);
            line.push('\n');
        }
        // Nobody may be listening on stderr; there is nowhere to say so.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

/// Terminals print what they do not know as text or drop it. The console of Linux and old
/// `screen` print it; the others have learned links or drop them.
fn takes_links(term: &str) -> bool {
    !term.is_empty() && term != "dumb" && term != "linux" && !term.starts_with("screen")
}
