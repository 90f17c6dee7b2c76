//! `jian show PATH:LINE` and `jian preview PATH:LINE`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::ArgValueCompleter;

use super::terminal::Terminal;
use super::{Outcome, completions, open, pager};
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
    for other in files(place(&flags.what.place).0, config).skip(1) {
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

/// Returns a section as it stands in the note.
///
/// # Errors
/// [`Error::NoSuchPlace`] where there is none.
pub fn section(place: &str, config: &Config) -> Result<String> {
    let found = read(place, config)?;
    let mut out = String::new();
    source(&found, None, Ink::Plain, &mut out);
    Ok(out)
}

fn read(typed: &str, config: &Config) -> Result<Found> {
    let nowhere = || Error::NoSuchPlace { place: typed.to_owned() };
    let (path, line) = place(typed);
    let file = find(path, config).ok_or_else(nowhere)?;
    let note = corpus::read(&file, config.largest_bytes).map_err(|unread| Error::Io {
        action: "read the note",
        path: file.clone(),
        source: std::io::Error::other(unread.why),
    })?;
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let mut sections = markup::sections(ending, &note.text).sections;
    let at = holding(&sections, line).ok_or_else(nowhere)?;
    let trail = trail(&sections[..at], &sections[at]);
    let section = sections.swap_remove(at);
    let is_markdown = !ending.eq_ignore_ascii_case("txt") || section.depth > 0;
    let path = known_as(&file, config).unwrap_or_else(|| path.to_owned());
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
    paint::put(out, ink, Role::Path, &found.path);
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

/// Splits `path:line`, also `path:line:column`; without a line, the first.
pub fn place(text: &str) -> (&str, u32) {
    let split = |text| -> Option<(&str, u32)> {
        let (path, line) = str::rsplit_once(text, ':')?;
        Some((path, line.parse().ok()?))
    };
    match split(text) {
        Some((path, number)) => split(path).unwrap_or((path, number)),
        None => (text, 1),
    }
}

/// Returns the file a path stands for: as the notes' roots know it, else as one stands.
pub fn find(path: &str, config: &Config) -> Option<PathBuf> {
    let file = files(path, config).next().or_else(|| {
        let here = config.here.join(Path::new(path));
        here.is_file().then_some(here)
    });
    file.map(|file| file.canonicalize().unwrap_or(file))
}

/// The files of that path in the notes' roots.
fn files(path: &str, config: &Config) -> impl Iterator<Item = PathBuf> {
    let known = roots(config).into_iter().map(|root| corpus::absolute(&root, path));
    known.filter(|file| file.is_file())
}

/// Returns the path by which the notes' roots know a file.
fn known_as(file: &Path, config: &Config) -> Option<String> {
    let mut paths = roots(config).into_iter().map(|root| {
        let root = root.canonicalize().unwrap_or(root);
        corpus::relative(&root, file).map(Cow::into_owned)
    });
    paths.find_map(|path| path)
}

fn roots(config: &Config) -> Vec<PathBuf> {
    let opened = open::reader(config);
    let mut roots = opened.map_or_else(|_| Vec::new(), |r| r.facts().roots.clone());
    roots.extend(config.corpus.iter().flatten().cloned());
    roots
}

/// The innermost section that holds a line: the last that begins at or before it.
fn holding(sections: &[Section], line: u32) -> Option<usize> {
    sections.iter().rposition(|s| s.line <= line && line <= s.end_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_split_from_the_right() {
        let check = |text, expected| assert_eq!(place(text), expected);
        check("网络/tcp.md:12", ("网络/tcp.md", 12));
        check("tcp.md:12:5", ("tcp.md", 12));
        check("tcp.md", ("tcp.md", 1));
        check("C:\\notes\\a.md:3", ("C:\\notes\\a.md", 3));
        check("a:b.md", ("a:b.md", 1));
    }

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
