//! The laws that the rooms state in their first lines, as functions over any text: they panic
//! where a law is broken.
//!
//! `tests/it` tries them on mixtures of what notes are made of, `tests/fuzz` on whatever reaches
//! new code; what the latter found stays in `tests/fuzz/found` and is tried again by the former.

pub mod decoding;
pub mod query;
pub mod render;
pub mod sections;
pub mod text;

use std::borrow::Cow;
use std::ops::Range;

/// What is fuzzed.
pub struct Target {
    /// Name of the program in `tests/fuzz/targets`, and of the folder of what was found.
    pub name: &'static str,
    /// Tries its laws.
    pub check: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "sections", check: |bytes| sections::check(&as_text(bytes)) },
    Target { name: "decoding", check: decoding::check },
    Target { name: "text", check: |bytes| text::check(&as_text(bytes)) },
    Target {
        name: "query",
        check: |bytes| {
            let (asked, text) = halves(bytes);
            query::check(&asked, &text);
        },
    },
    Target {
        name: "render",
        check: |bytes| {
            let (asked, text) = halves(bytes);
            // Any width that a terminal has, the same for the same bytes.
            render::check(&asked, &text, 20 + bytes.len() % 101);
        },
    },
];

fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The first line is the question, the rest is a text.
fn halves(bytes: &[u8]) -> (Cow<'_, str>, Cow<'_, str>) {
    let end = bytes.iter().position(|&b| b == b'\n').unwrap_or(bytes.len());
    let (asked, text) = bytes.split_at(end);
    (as_text(asked), as_text(text.get(1..).unwrap_or_default()))
}

/// Marks are sorted, disjoint, not empty, and fall between characters.
///
/// # Panics
/// Where they are not.
pub fn check_marks(text: &str, marks: &[Range<usize>]) {
    let mut end = 0;
    for mark in marks {
        assert!(mark.start >= end && mark.start < mark.end, "{marks:?} of {text:?}");
        assert!(
            text.get(mark.clone()).is_some(),
            "{mark:?} cuts a character of {text:?}"
        );
        end = mark.end;
    }
}

/// Han characters: no markup is made of them, so they are words of the note, one by one.
pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|&c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}
