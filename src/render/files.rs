//! Each note once, best first, for `xargs` and the command line of an editor; alone or with
//! how many of its sections were found.

use super::paint::{put, put_name};
use super::{Role, Style, record_end, shown_path};
use crate::search::{Hit, Report};

/// Appends one record for each note: its path.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    for (hit, _) in notes(report) {
        name(hit, style, out);
        out.push(record_end(style));
    }
}

/// Appends one record for each note: its path, `:`, and how many hits it has.
pub(super) fn write_counts(report: &Report, style: &Style, out: &mut String) {
    for (hit, count) in notes(report) {
        name(hit, style, out);
        out.push(if style.null { '\0' } else { ':' });
        put(out, style.ink, Role::Line, &count.to_string());
        out.push('\n');
    }
}

/// A path as it is where NUL ends it: for programs. Else nothing in it may end a line, or be obeyed
/// by a terminal.
fn name(hit: &Hit, style: &Style, out: &mut String) {
    match style.null {
        true => out.push_str(&shown_path(hit, style)),
        false => put_name(out, style.ink, &shown_path(hit, style)),
    }
}

/// Returns the best hit of each note and how many it has, in the order of the hits.
fn notes(report: &Report) -> Vec<(&Hit, usize)> {
    let mut places = std::collections::HashMap::new();
    let mut notes: Vec<(&Hit, usize)> = Vec::new();
    for hit in &report.hits {
        let place = *places.entry(&hit.file).or_insert(notes.len());
        match notes.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => notes.push((hit, 1)),
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn each_note_is_named_once() {
        let mut report = sample::report();
        let again = report.hits[0].clone();
        report.hits.push(again);
        let check = |write: fn(&Report, &Style, &mut String), null, expected: &str| {
            let mut out = String::new();
            write(&report, &Style { null, ..Style::default() }, &mut out);
            assert_eq!(out, expected);
        };
        check(write, false, "笔记/redis.md\ngo/gc.md\n");
        check(write, true, "笔记/redis.md\0go/gc.md\0");
        check(write_counts, false, "笔记/redis.md:2\ngo/gc.md:1\n");
        check(write_counts, true, "笔记/redis.md\u{0}2\ngo/gc.md\u{0}1\n");
    }
    #[test]
    fn only_where_nul_ends_it_a_path_is_as_it_is() {
        let mut report = sample::report();
        report.hits.truncate(1);
        report.hits[0].path = "a\tb\u{200b}.md".to_owned();
        for (null, expected) in
            [(false, "a\\u{9}b\\u{200b}.md\n"), (true, "a\tb\u{200b}.md\0")]
        {
            let mut out = String::new();
            write(&report, &Style { null, ..Style::default() }, &mut out);
            assert_eq!(out, expected);
        }
    }
}
