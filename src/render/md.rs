//! Answers as Markdown quotes with a link to each section, for pasting into a note.

use std::fmt::Write;

use super::paint::{self, Breaks, pieces};
use super::{Style, heading, joined, shown_path};
use crate::search::{Marked, Report};

/// Appends one quote for each hit. Text of a note cannot leave its quote, nor become markup:
/// all that means something to Markdown is escaped. Marks become bold.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    for (number, hit) in report.hits.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let path = link_target(&shown_path(hit, style));
        let title = heading(hit);
        out.push_str("> [");
        // Inside brackets nothing begins a line, so only markup within lines matters.
        put_escaped(out, &title, 0..title.text.len());
        let _ = write!(out, "]({path}#L{})", hit.line);
        let trail = joined(&hit.trail);
        if !trail.text.is_empty() {
            out.push_str(" — ");
            put_escaped(out, &trail, 0..trail.text.len());
        }
        out.push_str("\n>\n");
        put_quote(out, &hit.snippet.text, &hit.snippet.marks);
    }
}

/// Appends the lines of the snippet; each is a line for the reader too.
fn put_quote(out: &mut String, text: &str, marks: &[std::ops::Range<usize>]) {
    let body = paint::clean_marked(text, marks, Breaks::Keep);
    let mut start = 0;
    let mut lines = body.text.trim_end().split('\n').peekable();
    while let Some(line) = lines.next() {
        let end = start + line.trim_end().len();
        let indent_bytes = line.trim_end().len() - line.trim().len();
        out.push('>');
        if !line.trim().is_empty() {
            out.push(' ');
            put_line_start(out, line.trim());
            let skip = line_start_bytes(line.trim());
            put_escaped(out, &body, start + indent_bytes + skip..end);
            // Two spaces keep the line break, where the paragraph goes on.
            let goes_on = lines.peek().is_some_and(|next| !next.trim().is_empty());
            out.push_str(if goes_on { "  " } else { "" });
        }
        out.push('\n');
        start += line.len() + 1;
    }
}

/// Returns the bytes that would make `line` a list, a rule or a heading.
fn line_start_bytes(line: &str) -> usize {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match line[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => digits + 1,
        Some('-' | '+' | '=' | ':') if digits == 0 => 1,
        _ => 0,
    }
}

fn put_line_start(out: &mut String, line: &str) {
    let marker = &line[..line_start_bytes(line)];
    if let Some(last) = marker.chars().next_back() {
        out.push_str(&marker[..marker.len() - last.len_utf8()]);
        out.push('\\');
        out.push(last);
    }
}

/// Appends the bytes `range`, escaped, marks in bold.
fn put_escaped(out: &mut String, marked: &Marked, range: std::ops::Range<usize>) {
    let mut was_bold = false;
    for (piece, is_match) in pieces(marked, range) {
        // Beside punctuation, `**` is not always read as bold.
        let is_bold = is_match
            && piece.starts_with(char::is_alphanumeric)
            && piece.ends_with(char::is_alphanumeric);
        if is_bold && was_bold {
            out.truncate(out.len() - "**".len());
        } else if is_bold {
            out.push_str("**");
        }
        for c in piece.chars() {
            if "\\`*_{}[]<>#|~$&!^".contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
        out.push_str(if is_bold { "**" } else { "" });
        was_bold = is_bold;
    }
}

/// Returns the path for a link: percent-encoded where Markdown or a terminal would stumble,
/// Chinese left readable.
fn link_target(path: &str) -> String {
    let mut target = String::new();
    for c in path.chars() {
        let plain = c.is_ascii_alphanumeric() || "/-_.~:".contains(c);
        if plain || !c.is_ascii() && !paint::is_unsafe(c) && !c.is_whitespace() {
            target.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(target, "%{byte:02X}");
            }
        }
    }
    target
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::render::sample;

    #[test]
    fn a_hit_is_a_quote() {
        let mut out = String::new();
        write(&sample::report(), &Style::default(), &mut out);
        assert_eq!(
            out,
            "> [缓存**穿透**](笔记/redis.md#L12) — Redis › 缓存\n>\n\
             > **缓存穿透**：查询不存在的数据。  \n> 用**布隆过**滤器。\n\
             \n\
             > [**GC**](go/gc.md#L3)\n>\n\
             > Call runtime.GC() to force a collection.\n"
        );
    }

    #[test]
    fn text_stays_text() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            put_quote(&mut out, text, &[]);
            assert_eq!(out, expected);
        };
        check("# 标题\n\n- a\n1. b", "> \\# 标题\n>\n> \\- a  \n> 1\\. b\n");
        check("```\n    code\n~~~", "> \\`\\`\\`  \n> code  \n> \\~\\~\\~\n");
        check("<script> [x](y)", "> \\<script\\> \\[x\\](y)\n");
        check("a\n===\n---", "> a  \n> \\===  \n> \\---\n");
        check("2024 年 3.5", "> 2024 年 3.5\n");
        assert_eq!(link_target("笔记/a b(1)#.md"), "笔记/a%20b%281%29%23.md");
    }
}
