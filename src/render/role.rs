//! What pieces of output mean, and how each looks.

use colored::Color;

/// What a piece of output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Path of a note.
    Path,
    /// Number of a line.
    Line,
    /// Heading of the section found.
    Title,
    /// Headings above it.
    Trail,
    /// Text of the note; not styled.
    Body,
    /// What the query found in any of these.
    Match,
    /// Remarks inside results.
    Faint,
    /// Words the note puts in bold.
    Strong,
    /// Words the note puts in italics.
    Emphasis,
    /// Code of the note.
    Code,
    /// Text of a link.
    Link,
    /// A bar that shows how much, and the sign of a list's item.
    Bar,
    /// Remarks on stderr.
    Notice,
    /// Errors on stderr.
    Error,
}

impl Role {
    /// Returns the tag that stands for the role where roles are shown.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Line => "line",
            Self::Title => "title",
            Self::Trail => "trail",
            Self::Body => "body",
            Self::Match => "match",
            Self::Faint => "faint",
            Self::Strong => "strong",
            Self::Emphasis => "emphasis",
            Self::Code => "code",
            Self::Link => "link",
            Self::Bar => "bar",
            Self::Notice => "notice",
            Self::Error => "error",
        }
    }

    /// Returns the escape that begins a role. The codes of `colored`, but not its switch, which
    /// is global: two styles can be written side by side.
    pub(super) fn start_code(self) -> String {
        const BOLD: &str = "1";
        const DIM: &str = "2";
        const ITALIC: &str = "3";
        const UNDERLINE: &str = "4";
        let (weight, color) = match self {
            Self::Path => ("", Some(Color::Cyan)),
            Self::Line => ("", Some(Color::Green)),
            Self::Title | Self::Strong => (BOLD, None),
            Self::Trail | Self::Faint => (DIM, None),
            Self::Body => ("", None),
            Self::Emphasis => (ITALIC, None),
            Self::Code => ("", Some(Color::Yellow)),
            Self::Link => (UNDERLINE, Some(Color::Blue)),
            Self::Bar => ("", Some(Color::Blue)),
            Self::Match | Self::Error => (BOLD, Some(Color::Red)),
            Self::Notice => ("", Some(Color::Yellow)),
        };
        let color = color.map(|color| color.to_fg_str()).unwrap_or_default();
        let between = if weight.is_empty() || color.is_empty() { "" } else { ";" };
        format!("\u{1b}[{weight}{between}{color}m")
    }
}
