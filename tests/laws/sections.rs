//! Reading never fails; sections tile the note line for line; no word is lost.

use std::collections::HashSet;

use jian::markup::{Document, READERS, Section, sections};

use super::letters;

/// No heading is shown longer than this many characters.
const LONGEST_TITLE_CHARS: usize = 400;

/// Tries the laws of `markup` with every reader.
pub fn check(text: &str) {
    for ending in READERS.iter().flat_map(|r| r.endings).chain(&["org", ""]) {
        let document = sections(ending, text);
        check_tiles(text, &document);
        check_complete(text, &document);
        check_letters(text, &document);
    }
}

fn body_lines(section: &Section) -> u32 {
    section.body.split('\n').count() as u32
}

/// Sections tile the note, and line *i* of a body is line `body_line + i` of the note.
pub fn check_tiles(text: &str, document: &Document) {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = bare.split_terminator('\n').collect();
    let line_count = lines.len() as u32;
    let sections = &document.sections;
    for (i, section) in sections.iter().enumerate() {
        let own_end = sections.get(i + 1).map_or(line_count, |next| next.line - 1);
        assert!(
            section.line >= 1 && section.line <= own_end,
            "empty section {section:?} of {text:?}"
        );
        if section.borrowed {
            assert!(section.end_line >= own_end && section.end_line <= line_count);
        } else {
            assert_eq!(section.end_line, own_end, "a gap after {section:?} of {text:?}");
        }
        if !section.body.is_empty() {
            assert!(section.body_line >= section.line, "{section:?}");
            let last = section.body_line + body_lines(section) - 1;
            assert!(last <= section.end_line, "body beyond its section: {section:?}");
        }
        for code in &section.code {
            assert!(
                code.start < code.end && code.end <= body_lines(section),
                "{section:?}"
            );
        }
        assert!(section.depth <= 7 && section.link_percent <= 100);
        assert!(!section.title.contains('\n'), "a heading is one line: {section:?}");
        assert!(section.title.chars().count() <= LONGEST_TITLE_CHARS);
        assert!(
            !section.aside.ends_with('\n') && !section.body.contains('\r'),
            "{section:?}"
        );
        for (line, shown) in (section.body_line..).zip(section.body.split('\n')) {
            let from = lines.get(line as usize - 1..).unwrap_or_default();
            // What is borrowed shows headings on their first line, and some are on several.
            let upto = if section.borrowed { from.len() } else { from.len().min(1) };
            let source = &from[..upto].concat();
            assert!(is_subsequence(shown, source), "line {line}: {shown:?} of {text:?}");
        }
    }
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut whole = letters(whole);
    letters(part).all(|c| whole.any(|w| w == c))
}

/// Every run of Han in the source is in the section its line belongs to.
fn check_complete(text: &str, document: &Document) {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (number, line) in (1..).zip(text.split('\n')) {
        for run in line.split(|c| !is_han(c)).filter(|run| !run.is_empty()) {
            let owner = document.sections.iter().rev().find(|s| s.line <= number);
            let Some(owner) = owner else {
                // Above the first section there is only front matter.
                continue;
            };
            let own = if owner.borrowed { "" } else { owner.body.as_str() };
            let found =
                [owner.title.as_str(), own, &owner.aside].iter().any(|t| t.contains(run));
            assert!(found, "{run:?} of line {number} is lost in {text:?}: {owner:?}");
        }
    }
}

/// Every word is in a title, a body, an aside or among the tags.
fn check_letters(text: &str, document: &Document) {
    let mut kept: HashSet<char> =
        document.title.iter().flat_map(|t| letters(t)).collect();
    for section in &document.sections {
        kept.extend(letters(&section.title));
        kept.extend(letters(&section.body));
        kept.extend(letters(&section.aside));
    }
    kept.extend(document.tags.iter().flat_map(|t| letters(t)));
    for c in letters(text) {
        assert!(kept.contains(&c), "{c} of {text:?} is lost: {document:#?}");
    }
}
