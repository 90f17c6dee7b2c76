//! Where sections begin and end, and when a hit meets an answer.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::Place;
use crate::corpus;
use crate::error::Result;
use crate::index::{Reader, Record};
use crate::search::Hit;

/// Longest section that answers by holding the answer's line somewhere, in lines: two screens
/// are read through, a whole note is not.
const SHORT_LINES: u32 = 120;

/// The sections of all notes, by note.
pub(super) struct Outline {
    /// Sections by the line they begin on, with their depth.
    notes: BTreeMap<(u32, String), BTreeMap<u32, u8>>,
    roots: Vec<PathBuf>,
}

/// An answer, found in the notes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    file: PathBuf,
    /// From the answer's line to the end of the last section below it.
    lines: RangeInclusive<u32>,
}

impl Outline {
    /// Reads all records. Errors as [`Reader::each_record`].
    pub(super) fn of(reader: &Reader) -> Result<Self> {
        let mut notes: BTreeMap<(u32, String), BTreeMap<u32, u8>> = BTreeMap::new();
        reader.each_record(|bytes| {
            let Some(record) = Record::from_stored(bytes) else { return };
            let note = notes.entry((record.root, record.path.to_owned())).or_default();
            note.insert(record.line, record.depth);
        })?;
        Ok(Self { notes, roots: reader.facts().roots.clone() })
    }

    /// Finds answers: a path below a root first, else the end of an absolute path. Those in
    /// notes that are not there are left out.
    pub(super) fn find(&self, places: &[Place]) -> Vec<Found> {
        let mut found = Vec::new();
        for place in places {
            let exact = self.notes.keys().any(|(_, path)| *path == place.path);
            for ((root, path), sections) in &self.notes {
                let file = corpus::absolute(&self.roots[*root as usize], path);
                let is_it = match exact {
                    true => *path == place.path,
                    false => file.ends_with(Path::new(&place.path)),
                };
                if is_it {
                    let lines = place.line..=end(sections, place.line);
                    found.push(Found { file, lines });
                }
            }
        }
        found
    }
}

impl Found {
    /// True for a hit that begins in the answer's section, or is short and holds its line.
    pub(super) fn is_met_by(&self, hit: &Hit) -> bool {
        let short = hit.end_line.saturating_sub(hit.line) <= SHORT_LINES;
        let holds = (hit.line..=hit.end_line).contains(self.lines.start());
        self.file == hit.file && (self.lines.contains(&hit.line) || short && holds)
    }
}

/// Last line of what belongs to the section that begins on a line: the sections below it
/// too. The line itself where none begins there, and where it is text before any heading.
fn end(sections: &BTreeMap<u32, u8>, line: u32) -> u32 {
    let Some(&depth) = sections.get(&line) else { return line };
    let below = |other: u8| depth > 0 && other > depth;
    let next = sections.range(line + 1..).find(|(_, other)| !below(**other));
    next.map_or(u32::MAX, |(next, _)| next - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline() -> Outline {
        let sections = [(1, 0), (6, 1), (8, 2), (10, 3), (12, 7), (20, 2), (300, 1)];
        let note = |root, path: &str| ((root, path.to_owned()), sections.into());
        Outline {
            notes: [note(0, "网络/tcp.md"), note(0, "tcp.md"), note(1, "备份/a.md")]
                .into(),
            roots: vec!["/笔记".into(), "/old".into()],
        }
    }

    #[test]
    fn an_answer_reaches_over_the_sections_below_it() {
        let cases = [(1, 5), (6, 299), (8, 19), (10, 19), (12, 19), (13, 13), (20, 299)];
        let outline = outline();
        for (line, last) in cases {
            let place = Place { path: "tcp.md".into(), line, heading: String::new() };
            let found = outline.find(&[place]);
            assert_eq!(
                found,
                [Found { file: "/笔记/tcp.md".into(), lines: line..=last }]
            );
        }
    }

    #[test]
    fn a_path_below_a_root_wins_over_the_end_of_a_path() {
        let cases: [(&str, &[&str]); 5] = [
            ("tcp.md", &["/笔记/tcp.md"]),
            ("/笔记/网络/tcp.md", &["/笔记/网络/tcp.md"]),
            ("a.md", &["/old/备份/a.md"]),
            ("old/备份/a.md", &["/old/备份/a.md"]),
            ("cp.md", &[]),
        ];
        for (path, files) in cases {
            let place = Place { path: path.into(), line: 6, heading: String::new() };
            let found = outline().find(&[place]);
            let found: Vec<&Path> = found.iter().map(|f| f.file.as_path()).collect();
            assert_eq!(found, files.iter().map(Path::new).collect::<Vec<_>>(), "{path}");
        }
    }

    #[test]
    fn a_hit_counts_inside_the_answer_or_close_around_it() {
        let found = Found { file: "/笔记/tcp.md".into(), lines: 10..=19 };
        let hit = |file: &str, line, end_line| Hit {
            file: file.into(),
            line,
            end_line,
            ..Hit::default()
        };
        let cases = [
            ("/笔记/tcp.md", 10, 11, true),
            ("/笔记/tcp.md", 19, 400, true),
            ("/笔记/tcp.md", 8, 10, true),
            ("/笔记/tcp.md", 1, 121, true),
            ("/笔记/tcp.md", 1, 122, false),
            ("/笔记/tcp.md", 8, 9, false),
            ("/笔记/tcp.md", 20, 30, false),
            ("/old/tcp.md", 10, 11, false),
        ];
        for (file, line, end_line, meets) in cases {
            assert_eq!(
                found.is_met_by(&hit(file, line, end_line)),
                meets,
                "{file} {line}"
            );
        }
    }
}
