//! `jian show PATH:LINE` and `jian preview PATH:LINE`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::terminal::Terminal;
use super::{Outcome, completions, pager, place};
use crate::config::Config;
use crate::corpus;
use crate::error::{Error, Result};
use crate::markup::{self, Section};
use crate::message;
use crate::query;
use crate::render::markdown::{self, Page};
use crate::render::{Ink, Role, paint};
use crate::search::{self, Marked, Marker};
use crate::text::Dictionary;

/// What can be said to `jian show`.
#[derive(Debug, Args)]
pub struct Flags {
    #[command(flatten)]
    what: What,
    /// The lines as they stand in the note, also on a terminal
    #[arg(long)]
    source: bool,
}

/// What can be said to `jian preview`.
#[derive(Debug, Args)]
pub struct What {
    /// A note and a line in it, as `jian query` prints them
    #[arg(value_name = "PATH:LINE", allow_hyphen_values = true)]
    #[arg(add = ArgValueCompleter::new(completions::places))]
    place: String,
    /// Highlight what matches this query
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
}

/// A section of a note.
struct Found {
    /// As its root knows it.
    path: String,
    text: String,
    section: Section,
    trail: Vec<String>,
    is_markdown: bool,
}

/// Runs `jian show`: the section as it stands in the note for a pipe, laid out and paged for
/// a person.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let found = read(&flags.what.place, config)?;
    for other in place::files(place::split(&flags.what.place).0, config).iter().skip(1) {
        terminal.notice(&message::also_in(other.display()));
    }
    let marker = marker(&flags.what);
    if flags.source || !terminal.stdout_is_terminal {
        let mut out = String::new();
        source(&found, marker.as_ref(), terminal.ink, &mut out);
        terminal.print(&out)?;
        return Ok(Outcome::Done);
    }
    let mut out = String::new();
    head(&found, terminal.ink, &mut out);
    let page = Page { width_cols: terminal.width_cols, is_markdown: found.is_markdown };
    for row in rows(&found, &page) {
        let marks = marks(marker.as_ref(), &row.text());
        markdown::write_wrapped(&row, &marks, terminal.ink, page.width_cols, &mut out);
    }
    pager::print(&out, config, terminal)?;
    Ok(Outcome::Done)
}

/// Runs `jian preview`: the place, then a row for each line of the section. Colored unless
/// that was forbidden, since what shows previews is no terminal but takes colors.
pub fn preview(what: &What, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let found = read(&what.place, config)?;
    let marker = marker(what);
    let mut out = String::new();
    head(&found, terminal.preview_ink, &mut out);
    let width_cols = config.surroundings.preview_cols.unwrap_or(terminal.width_cols);
    let page = Page { width_cols, is_markdown: found.is_markdown };
    for row in rows(&found, &page) {
        let marks = marks(marker.as_ref(), &row.text());
        markdown::write(&row, &marks, terminal.preview_ink, &mut out);
    }
    terminal.print(&out)?;
    Ok(Outcome::Done)
}

/// Returns a section of a file as it stands in the note; its path says how it is read.
///
/// # Errors
/// [`Error::NoSuchPlace`] where there is none.
pub fn section(file: PathBuf, path: &str, line: u32, config: &Config) -> Result<String> {
    let found = read_file(file, path, line, config)?;
    let mut out = String::new();
    source(&found, None, Ink::Plain, &mut out);
    Ok(out)
}

fn read(typed: &str, config: &Config) -> Result<Found> {
    let (path, line) = place::split(typed);
    let nowhere = || Error::NoSuchPlace { place: typed.to_owned() };
    let file = place::find(path, config).ok_or_else(nowhere)?;
    read_file(file, path, line, config)
}

fn read_file(file: PathBuf, path: &str, line: u32, config: &Config) -> Result<Found> {
    let nowhere = || Error::NoSuchPlace { place: format!("{path}:{line}") };
    let note = corpus::read(&file, config.largest_bytes).map_err(|unread| Error::Io {
        action: "read the note",
        path: file.clone(),
        source: std::io::Error::other(unread.why),
    })?;
    let ending = markup::ending(path);
    let mut sections = markup::sections(ending, &note.text).sections;
    let at = holding(&sections, line).ok_or_else(nowhere)?;
    let trail = trail(&sections[..at], &sections[at]);
    let section = sections.swap_remove(at);
    let is_markdown = markup::is_markdown(ending) || section.depth > 0;
    let path = place::known_as(&file, config).unwrap_or_else(|| path.to_owned());
    Ok(Found { path, text: note.text, section, trail, is_markdown })
}

/// Returns the headings above a section, outermost first.
fn trail(before: &[Section], section: &Section) -> Vec<String> {
    let mut depth = section.depth;
    let mut trail = Vec::new();
    for above in before.iter().rev() {
        if above.depth > 0 && above.depth < depth {
            trail.push(above.title.clone());
            depth = above.depth;
        }
    }
    trail.reverse();
    trail
}

fn marker(what: &What) -> Option<Marker> {
    let asked = query::parse(what.query.as_deref()?).0;
    Some(search::Marker::new(&asked, &Dictionary::default()))
}

fn marks(marker: Option<&Marker>, text: &str) -> Vec<std::ops::Range<usize>> {
    marker.map_or_else(Vec::new, |m| m.marks(text))
}

fn rows(found: &Found, page: &Page) -> Vec<markdown::Row> {
    markdown::rows(&found.text, lines(found), page)
}

/// Returns the section's lines, 0-based.
fn lines(found: &Found) -> std::ops::Range<usize> {
    let count = found.text.lines().count();
    let from = (found.section.line as usize - 1).min(count);
    from..(found.section.end_line as usize).clamp(from, count)
}

/// Appends where the section stands: one line.
fn head(found: &Found, ink: Ink, out: &mut String) {
    paint::put_name(out, ink, &found.path);
    paint::put(out, ink, Role::Faint, ":");
    paint::put(out, ink, Role::Line, &found.section.line.to_string());
    for title in &found.trail {
        paint::put(out, ink, Role::Trail, " › ");
        paint::put(out, ink, Role::Trail, title);
    }
    out.push('\n');
}

fn source(found: &Found, marker: Option<&Marker>, ink: Ink, out: &mut String) {
    let range = lines(found);
    for (i, line) in found.text.lines().skip(range.start).take(range.len()).enumerate() {
        let marked = Marked { text: line.to_owned(), marks: marks(marker, line) };
        let role = if i == 0 { Role::Title } else { Role::Body };
        let clean = paint::clean_marked(&marked.text, &marked.marks, paint::Breaks::Keep);
        paint::put_marked(out, ink, role, &clean, 0..clean.text.len());
        out.push('\n');
    }
}

/// The innermost section that holds a line: the last that begins at or before it.
fn holding(sections: &[Section], line: u32) -> Option<usize> {
    sections.iter().rposition(|s| s.line <= line && line <= s.end_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_above_lead_to_a_section() {
        let text = "# A\n\nx\n\n## B\n\ny\n\n# C\n\n### D\n\nz\n";
        let sections = markup::sections("md", text).sections;
        let check = |line, expected: &[&str]| {
            let at = holding(&sections, line).expect("every line is in a section");
            assert_eq!(trail(&sections[..at], &sections[at]), expected);
        };
        check(3, &[]);
        check(7, &["A"]);
        check(13, &["C"]);
    }
}
