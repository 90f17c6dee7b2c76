//! From a report to text. Law: nothing but our own escapes reaches the terminal.
//!
//! A format is one file and one row of [`FORMATS`] in `format.rs`; `lines.rs` is the one to copy. All text
//! of notes goes through [`paint`].

pub mod paint;
pub mod width;

mod files;
mod format;
mod fzf;
mod json;
mod lines;
pub mod markdown;
mod md;
mod pretty;
mod role;
#[cfg(test)]
mod sample;
mod template;
mod tsv;
mod vimgrep;

pub use format::{FORMATS, Format, FormatError, Output, Reader, by_name, default_format};
pub use fzf::HIDDEN_FIELDS;
pub use paint::{Ink, Role};
pub use template::Template;
pub use vimgrep::place;

use std::path::{Component, Path, PathBuf};

use crate::search::{Hit, Marked};

/// How to write, whatever the format. The caller has resolved it: nothing here looks at the
/// environment or at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// What roles become.
    pub ink: Ink,
    /// Columns of the terminal; only `pretty` keeps to it. Less than 20 counts as 20.
    pub width_cols: usize,
    /// Which paths are shown, in every format.
    pub paths: Paths,
    /// Make paths clickable, where the format is for people and `ink` is `Color`.
    pub hyperlink: bool,
    /// Number the hits, where the format is for people: `jian open N` takes such a number.
    pub numbered: bool,
    /// Number of the first hit; the others count on from there.
    pub first_number: usize,
    /// End records with NUL instead of a line break, in `lines`, `tsv`, `vimgrep`, `fzf`, templates
    /// and the list of notes; in that with counts, the path.
    pub null: bool,
}

/// Which paths are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paths {
    /// As the notes' root sees them, `/` between parts.
    Notes,
    /// As this absolute folder sees them, with `..` where needed; opens in an editor started
    /// there.
    From(PathBuf),
    /// Absolute.
    Absolute,
}

impl Default for Style {
    /// Returns the style of a pipe: no escapes, 80 columns, paths of the notes' root.
    fn default() -> Self {
        Self {
            ink: Ink::Plain,
            width_cols: 80,
            paths: Paths::Notes,
            hyperlink: false,
            numbered: false,
            first_number: 1,
            null: false,
        }
    }
}

/// Returns the path to show; not cleaned.
fn shown_path(hit: &Hit, style: &Style) -> String {
    match &style.paths {
        Paths::Notes => hit.path.clone(),
        Paths::Absolute => hit.file.to_string_lossy().into_owned(),
        Paths::From(base) => relative(&hit.file, base).to_string_lossy().into_owned(),
    }
}

/// Returns `file` as `base` sees it, both absolute; `file` itself where they share no root,
/// as on two drives.
fn relative(file: &Path, base: &Path) -> PathBuf {
    let pairs = file.components().zip(base.components());
    let shared = pairs.take_while(|(left, right)| left == right).count();
    if shared == 0 {
        return file.to_owned();
    }
    let up = base.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

/// Returns the heading, or the name of the note for text before its first heading; on one
/// line and clean.
fn heading(hit: &Hit) -> Marked {
    let title = one_line(&hit.title);
    if !title.text.is_empty() {
        return title;
    }
    let name = hit.path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Marked { text: paint::clean(stem).into_owned(), marks: Vec::new() }
}

/// Returns headings joined by ` › `; on one line and clean.
fn joined<'h>(headings: impl IntoIterator<Item = &'h Marked>) -> Marked {
    let mut all = Marked::default();
    for heading in headings {
        let heading = one_line(heading);
        if heading.text.is_empty() {
            continue;
        }
        if !all.text.is_empty() {
            all.text.push_str(" › ");
        }
        let shift = all.text.len();
        all.marks.extend(heading.marks.iter().map(|m| m.start + shift..m.end + shift));
        all.text.push_str(&heading.text);
    }
    all
}

fn one_line(marked: &Marked) -> Marked {
    paint::clean_marked(&marked.text, &marked.marks, paint::Breaks::Join)
}

/// Returns the snippet on one line, clean, without marks of where it was cut.
fn one_line_snippet(hit: &Hit) -> Marked {
    paint::clean_marked(&hit.snippet.text, &hit.snippet.marks, paint::Breaks::Join)
}

/// Returns what ends a record.
fn record_end(style: &Style) -> char {
    if style.null { '\0' } else { '\n' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn paths_are_seen_from_a_folder() {
        let check = |file: &str, base: &str, expected: &str| {
            assert_eq!(relative(Path::new(file), Path::new(base)), Path::new(expected));
        };
        check("/家/笔记/a.md", "/家/笔记", "a.md");
        check("/家/笔记/a.md", "/家", "笔记/a.md");
        check("/家/笔记/a.md", "/家/code/jian", "../../笔记/a.md");
        check("/家/a.md", "/", "家/a.md");
    }

    #[test]
    fn text_before_the_first_heading_is_named_after_its_note() {
        let hit = Hit { path: "笔记/redis.md".to_owned(), ..Hit::default() };
        assert_eq!(heading(&hit).text, "redis");
    }
}
