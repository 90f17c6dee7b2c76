//! The table of formats, and what was asked of it.

use std::fmt;

use super::{
    Style, Template, files, fzf, json, lines, md, paint, pretty, template, tsv, vimgrep,
};
use crate::search::Report;

/// A row of [`FORMATS`].
pub struct Format {
    /// What is typed after `--format`.
    pub name: &'static str,
    /// One line for the help.
    pub help: &'static str,
    /// Who reads it.
    pub reader: Reader,
    /// Appends the whole report; the caller prints it at once.
    pub write: fn(&Report, &Style, &mut String),
}

/// Who reads a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A person: colored on a terminal.
    Person,
    /// A program: plain unless color is asked for, even on a terminal.
    Program,
    /// An editor: as for a program, and paths open from where one stands.
    Editor,
}

/// All formats; the first is for a terminal, the second for a pipe.
pub const FORMATS: &[Format] = {
    use Reader::{Editor, Person, Program};
    &[
        row("pretty", "for reading", Person, pretty::write),
        row("lines", "path:line, headings, text", Person, lines::write),
        row("json", "one object a line", Program, json::write),
        row("tsv", "columns with scores", Program, tsv::write),
        row("vimgrep", "path:line:column:text", Editor, vimgrep::write),
        row("md", "quotes with links", Program, md::write),
        row("fzf", "hidden places, then text", Editor, fzf::write),
    ]
};

const fn row(
    name: &'static str,
    help: &'static str,
    reader: Reader,
    write: fn(&Report, &Style, &mut String),
) -> Format {
    Format { name, help, reader, write }
}

/// Returns the format of that name.
pub fn by_name(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Returns the format for a terminal, or for a pipe.
pub fn default_format(is_terminal: bool) -> &'static Format {
    if is_terminal { &FORMATS[0] } else { &FORMATS[1] }
}

/// What `--format` asked for: a row of the table or a template.
pub enum Output {
    /// One of [`FORMATS`].
    Format(&'static Format),
    /// `'{path}:{line} {title}'`.
    Template(Template),
    /// Each note once.
    Files,
    /// Each note with how many of its sections were found.
    Counts,
}

impl Output {
    /// Reads what was typed after `--format`; text with `{` is a template.
    ///
    /// Errors: an unknown format, or a template with an unknown field or a lone `{`.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        if text.contains('{') {
            return Template::parse(text).map(Self::Template);
        }
        by_name(text)
            .map(Self::Format)
            .ok_or_else(|| FormatError::UnknownFormat { found: text.to_owned() })
    }

    /// Appends the whole report.
    pub fn write(&self, report: &Report, style: &Style, out: &mut String) {
        match self {
            Self::Format(format) => (format.write)(report, style, out),
            Self::Template(template) => template.write(report, style, out),
            Self::Files => files::write(report, style, out),
            Self::Counts => files::write_counts(report, style, out),
        }
    }

    /// True where columns of the files are said.
    pub fn has_columns(&self) -> bool {
        matches!(self, Self::Format(format) if format.name == "vimgrep")
    }

    /// Returns who reads it.
    pub fn reader(&self) -> Reader {
        match self {
            Self::Format(format) => format.reader,
            Self::Template(_) => Reader::Program,
            Self::Files | Self::Counts => Reader::Editor,
        }
    }
}

/// What was wrong with `--format`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatError {
    /// No row of [`FORMATS`].
    UnknownFormat {
        /// As typed.
        found: String,
    },
    /// No field of a hit.
    UnknownField {
        /// As typed, without braces.
        found: String,
    },
    /// A brace that does not close.
    LoneBrace,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFormat { found } => {
                let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
                let (found, names) = (paint::clean(found), names.join(", "));
                write!(f, "unknown format `{found}`; formats: {names}, or a template")
            }
            Self::UnknownField { found } => {
                let (found, names) = (paint::clean(found), template::names().join(", "));
                write!(f, "unknown field `{{{found}}}` in the template; fields: {names}")
            }
            Self::LoneBrace => {
                f.write_str("`{` without `}` in the template; a brace itself is `{{`")
            }
        }
    }
}

impl std::error::Error for FormatError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_names_are_unique_and_found() {
        for (number, format) in FORMATS.iter().enumerate() {
            let found = FORMATS.iter().position(|other| other.name == format.name);
            assert_eq!(found, Some(number));
            assert!(by_name(format.name).is_some());
        }
        assert_eq!(default_format(true).name, "pretty");
        assert_eq!(default_format(false).name, "lines");
        let error = Output::parse("xml").err().map(|error| error.to_string());
        let said = "unknown format `xml`; formats: pretty, lines, json, tsv, vimgrep, md, fzf, \
                    or a template";
        assert_eq!(error.as_deref(), Some(said));
    }
}
