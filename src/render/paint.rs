//! The only writer of escape codes, and the only door for text of notes.
//!
//! A note can hold `ESC ]52` (which writes the clipboard) or bidi controls (which reorder a
//! line); whoever prints a note prints them too. Here such characters become visible text,
//! `\u{1b}`; Chinese and emoji pass untouched.

use std::borrow::Cow;
use std::fmt::Write;
use std::iter::Peekable;
use std::ops::Range;
use std::path::Path;

pub use super::role::Role;

use crate::search::Marked;

/// What roles become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    /// Nothing.
    #[default]
    Plain,
    /// Terminal escapes.
    Color,
    /// `<match>…</match>`: readable in expected outputs of tests.
    Roles,
}

/// What happens to line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaks {
    /// They stay, as `\n`.
    Keep,
    /// Lines are trimmed and joined by two spaces, blank ones skipped.
    Join,
}

/// What a tab becomes. Real tab stops would make the width of a text depend on its place.
const TAB: &str = "    ";

/// Appends `text` in its role, cleaned.
pub fn put(out: &mut String, ink: Ink, role: Role, text: &str) {
    let text = clean(text);
    if text.is_empty() {
        return;
    }
    match (ink, role) {
        (Ink::Plain, _) | (_, Role::Body) => out.push_str(&text),
        (Ink::Color, _) => out.extend([&*role.start_code(), &text, "\u{1b}[0m"]),
        (Ink::Roles, _) => {
            let name = role.name();
            out.extend(["<", name, ">", &text, "</", name, ">"]);
        }
    }
}

/// Appends a path. Unlike in a text, a tab is written as what it is: the name of a file can be read
/// back.
pub fn put_name(out: &mut String, ink: Ink, path: &str) {
    match path.contains('\t') {
        true => put(
            out,
            ink,
            Role::Path,
            &path.replace('\t', &'\t'.escape_unicode().to_string()),
        ),
        false => put(out, ink, Role::Path, path),
    }
}

/// Appends the bytes `range` of a text in its role and the marks in theirs, all cleaned.
pub fn put_marked(
    out: &mut String,
    ink: Ink,
    role: Role,
    marked: &Marked,
    range: Range<usize>,
) {
    for (piece, is_match) in pieces(marked, range) {
        put(out, ink, if is_match { Role::Match } else { role }, piece);
    }
}

/// Cuts the bytes `range` of a text where marks begin and end; true for marks. Joined, the
/// pieces give the range.
pub fn pieces(marked: &Marked, range: Range<usize>) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut at = range.start;
    let mut push = |piece: Range<usize>, is_match| {
        let piece = marked.text.get(piece).unwrap_or_default();
        if !piece.is_empty() {
            pieces.push((piece, is_match));
        }
    };
    for mark in &marked.marks {
        let (start, end) = (mark.start.max(at), mark.end.min(range.end));
        if start < end && marked.text.get(start..end).is_some() {
            push(at..start, false);
            push(start..end, true);
            at = end;
        }
    }
    push(at..range.end, false);
    pieces
}

/// Appends what `label` writes, as a link to `file` (absolute), where the ink can link.
pub fn put_link(
    out: &mut String,
    ink: Ink,
    file: &Path,
    label: impl FnOnce(&mut String),
) {
    if ink != Ink::Color {
        return label(out);
    }
    out.push_str("\u{1b}]8;;");
    out.push_str(&file_url(file));
    out.push_str("\u{1b}\\");
    label(out);
    out.push_str("\u{1b}]8;;\u{1b}\\");
}

/// Returns the escape (OSC 52) with which a terminal puts text, given in base 64, on the
/// clipboard.
pub fn copy_code(base64: &str) -> String {
    format!("\u{1b}]52;c;{base64}\u{7}")
}

/// Returns the `file://` address of an absolute path, percent-encoded.
fn file_url(file: &Path) -> String {
    let mut url = String::from("file://");
    if !file.has_root() || cfg!(windows) {
        url.push('/');
    }
    for &byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => url.push('/'),
            b'/' | b'-' | b'_' | b'.' | b'~' | b':' => url.push(byte as char),
            _ if byte.is_ascii_alphanumeric() => url.push(byte as char),
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
    url
}

/// True for what must not reach a terminal as it is: control characters, line and paragraph
/// separators, and what reorders or hides text. The zero-width joiner is not among them,
/// since emoji are made with it.
pub fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200b}' | '\u{200e}'
        | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns `text` with tabs as spaces and unsafe characters, line breaks too, as `\u{…}`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push_clean(&mut out, c));
    Cow::Owned(out)
}

fn push_clean(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str(TAB),
        _ if is_unsafe(c) => out.extend(c.escape_unicode()),
        _ => out.push(c),
    }
}

/// Returns the text cleaned, with the marks moved along; line breaks (`\n`, `\r\n`) are kept
/// or joined.
pub fn clean_marked(text: &str, marks: &[Range<usize>], breaks: Breaks) -> Marked {
    let mut out = Marked::default();
    let mut marks = marks.iter().peekable();
    let mut line_start = 0;
    for line in text.split('\n') {
        let mut start = line_start;
        line_start += line.len() + 1;
        let mut body = line.strip_suffix('\r').unwrap_or(line);
        match breaks {
            Breaks::Keep if start > 0 => out.text.push('\n'),
            Breaks::Keep => {}
            Breaks::Join => {
                start += body.len() - body.trim_start().len();
                body = body.trim();
                if body.is_empty() {
                    continue;
                }
                out.text.push_str(if out.text.is_empty() { "" } else { "  " });
            }
        }
        if !body.contains(is_unsafe) {
            // Nearly all lines.
            push_marked(&mut out, body, start, &mut marks);
            continue;
        }
        let mut open: Option<Range<usize>> = None;
        for (at, c) in body.char_indices() {
            while marks.next_if(|mark| mark.end <= start + at).is_some() {
                out.marks.extend(open.take());
            }
            let from = out.text.len();
            push_clean(&mut out.text, c);
            if marks.peek().is_some_and(|mark| mark.start <= start + at) {
                open.get_or_insert(from..from).end = out.text.len();
            }
        }
        out.marks.extend(open);
    }
    out
}

/// Appends a line as it is, which begins at byte `start` of the text, with its marks.
fn push_marked<'m>(
    out: &mut Marked,
    line: &str,
    start: usize,
    marks: &mut Peekable<impl Iterator<Item = &'m Range<usize>>>,
) {
    let (base, end) = (out.text.len(), start + line.len());
    out.text.push_str(line);
    while let Some(mark) = marks.peek().filter(|mark| mark.start < end) {
        let inside = mark.start.max(start)..mark.end.min(end);
        if !inside.is_empty() {
            out.marks.push(inside.start - start + base..inside.end - start + base);
        }
        if mark.end > end {
            // It goes on in the next line.
            break;
        }
        marks.next();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::sample;

    #[test]
    fn unsafe_characters_become_visible() {
        let check = |text: &str, expected: &str| {
            assert_eq!(clean(text), expected);
            assert_eq!(matches!(clean(text), Cow::Borrowed(_)), text == expected);
        };
        check("文档 café 👩‍💻 ไทย", "文档 café 👩‍💻 ไทย");
        check("a\tb", "a    b");
        check("\u{1b}[31m红", "\\u{1b}[31m红");
        check("\u{1b}]52;c;eA==\u{7}", "\\u{1b}]52;c;eA==\\u{7}");
        check("好\r\n", "好\\u{d}\\u{a}");
        check("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}");
        check(
            "\u{202e}文\u{2066}\u{200b}\u{feff}",
            "\\u{202e}文\\u{2066}\\u{200b}\\u{feff}",
        );
        check("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}");
    }

    #[test]
    fn roles_become_escapes_tags_or_nothing() {
        let check = |ink, role, expected: &str| {
            let mut out = String::new();
            put(&mut out, ink, role, "缓存");
            assert_eq!(out, expected);
        };
        check(Ink::Plain, Role::Match, "缓存");
        check(Ink::Roles, Role::Match, "<match>缓存</match>");
        check(Ink::Color, Role::Match, "\u{1b}[1;31m缓存\u{1b}[0m");
        check(Ink::Color, Role::Trail, "\u{1b}[2m缓存\u{1b}[0m");
        check(Ink::Color, Role::Body, "缓存");
    }

    #[test]
    fn marks_move_with_cleaned_text() {
        let check = |text: &str, marks: &[Range<usize>], breaks, expected: &str| {
            let clean = clean_marked(text, marks, breaks);
            let mut out = String::new();
            put_marked(&mut out, Ink::Roles, Role::Body, &clean, 0..clean.text.len());
            assert_eq!(out, expected);
        };
        let marks = &[1..4, 5..8];
        check("\t缓 存", marks, Breaks::Join, "<match>缓</match> <match>存</match>");
        check(
            "\u{1b}缓\t存",
            marks,
            Breaks::Join,
            "\\u{1b}<match>缓</match>    <match>存</match>",
        );
        check(
            "a\r\n\n  b c",
            &[0..1, 6..9],
            Breaks::Join,
            "<match>a</match>  <match>b c</match>",
        );
        let clean = clean_marked(" a\r\n\n  b", &[1..2, 7..8], Breaks::Keep);
        assert_eq!(clean.text, " a\n\n  b");
        assert_eq!(clean.marks, [1..2, 6..7]);
    }

    #[test]
    #[cfg(unix)]
    fn links_are_percent_encoded() {
        assert_eq!(file_url(Path::new("/a b/好.md")), "file:///a%20b/%E5%A5%BD.md");
    }

    proptest! {
        #[test]
        fn cleaned_text_is_safe_and_its_marks_are_sound(marked in sample::any_marked()) {
            for breaks in [Breaks::Keep, Breaks::Join] {
                let clean = clean_marked(&marked.text, &marked.marks, breaks);
                prop_assert!(!clean.text.replace('\n', "").contains(is_unsafe));
                let mut end = 0;
                for mark in &clean.marks {
                    prop_assert!(mark.start >= end && mark.start < mark.end);
                    prop_assert!(clean.text.get(mark.clone()).is_some());
                    end = mark.end;
                }
                let all = pieces(&clean, 0..clean.text.len());
                let all: String = all.iter().map(|piece| piece.0).collect();
                prop_assert_eq!(all, clean.text);
            }
        }
    }
}
