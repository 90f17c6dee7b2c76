//! Snippets over the sample notes, at the widths that terminals have.

use jian::render::{Ink, Style, by_name};
use jian::search::{Hit, Options, Report};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use unicode_width::UnicodeWidthStr;

use crate::env::{self, CORPUS};

/// Widths in columns.
const WIDTHS: [usize; 3] = [60, 80, 120];

/// Lines of a snippet on a terminal; the program asks for this many times the width.
const LINES: usize = 4;

/// Returns the body of the section that a hit is about.
fn body(hit: &Hit) -> &str {
    let held = |(path, section): &&(String, jian::markup::Section)| {
        *path == hit.path && section.line == hit.line && section.title == hit.title.text
    };
    CORPUS.sections.iter().find(held).map_or("", |(_, section)| &section.body)
}

fn check_hit(hit: &Hit, width_cols: usize) -> Result<(), TestCaseError> {
    let snippet = &hit.snippet;
    prop_assert!(
        snippet.text.width() <= width_cols,
        "{} columns: {:?}",
        width_cols,
        snippet
    );
    let body = body(hit);
    prop_assert!(
        body.contains(&snippet.text),
        "{:?} is no piece of {:?}",
        snippet.text,
        body
    );
    prop_assert!(
        snippet.line >= hit.line && snippet.line <= hit.end_line,
        "{:?}",
        snippet
    );
    let mut end = 0;
    for mark in &snippet.marks {
        prop_assert!(mark.start >= end && mark.start < mark.end, "{:?}", snippet.marks);
        prop_assert!(
            snippet.text.get(mark.clone()).is_some(),
            "{:?} in {:?}",
            mark,
            snippet.text
        );
        end = mark.end;
    }
    Ok(())
}

/// A word of Latin letters is cut only where the whole of it would not fit.
fn check_edges(hit: &Hit, width_cols: usize) -> Result<(), TestCaseError> {
    let text = &hit.snippet.text;
    let body = body(hit);
    let Some(at) = body.find(text.as_str()) else { return Ok(()) };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (before, after) = (&body[..at], &body[at + text.len()..]);
    let mut lost_cols = 0;
    if text.starts_with(is_word) {
        lost_cols += before.len() - before.trim_end_matches(is_word).len();
    }
    if text.ends_with(is_word) {
        lost_cols += after.len() - after.trim_start_matches(is_word).len();
    }
    let fits = text.width() + lost_cols <= width_cols;
    prop_assert!(lost_cols == 0 || !fits, "cut inside a word: {:?}", text);
    Ok(())
}

fn check_printed(report: &Report, width_cols: usize) -> Result<(), TestCaseError> {
    let style = Style { ink: Ink::Plain, width_cols, ..Style::default() };
    let mut out = String::new();
    (by_name("pretty").expect("a format").write)(report, &style, &mut out);
    for line in out.lines() {
        prop_assert!(line.width() <= width_cols, "{} columns: {:?}", line.width(), line);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn snippets_are_whole_marked_and_fit(
        at in any::<Index>(), from in any::<Index>(), len_chars in 1..14usize,
        width_cols in select(&WIDTHS[..]),
    ) {
        let section = &at.get(&CORPUS.sections).1;
        let chars: Vec<char> = section.body.chars().chain(section.title.chars()).collect();
        prop_assume!(!chars.is_empty());
        let from = from.index(chars.len());
        let asked: String = chars[from..(from + len_chars).min(chars.len())].iter().collect();
        for lines in [1, LINES] {
            let options = Options { snippet_cols: lines * (width_cols - 2), ..Options::default() };
            let report = env::search(&asked, &options);
            for hit in &report.hits {
                check_hit(hit, options.snippet_cols)?;
                check_edges(hit, options.snippet_cols)?;
            }
            check_printed(&report, width_cols)?;
        }
    }
}

#[test]
fn a_word_that_is_marked_is_in_the_snippet() {
    for (asked, word) in [
        ("三次握手", "三次握手"),
        ("延迟双删", "延迟双删"),
        ("visibility_timeout", "visibility_timeout"),
    ] {
        for width_cols in WIDTHS {
            let options = Options { snippet_cols: width_cols - 2, ..Options::default() };
            let report = env::search(asked, &options);
            let marked = |hit: &Hit| {
                let snippet = &hit.snippet;
                let title = &hit.title;
                let in_title = title.marks.iter().any(|m| &title.text[m.clone()] == word);
                in_title || snippet.marks.iter().any(|m| &snippet.text[m.clone()] == word)
            };
            let first = report.hits.first().expect("the sample notes speak of it");
            assert!(marked(first), "{asked} at {width_cols}: {:?}", first.snippet);
        }
    }
}
