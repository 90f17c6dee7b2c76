//! For reading: the heading, the place, and the answer wrapped below.

use super::paint::{self, Breaks, put, put_link, put_marked, put_name};
use super::width::{self, ELLIPSIS, cols, cut, cut_start};
use super::{Role, Style, heading, joined, shown_path};
use crate::search::{Hit, Marked, Report, Snippet};

/// Narrower terminals wrap by themselves. A line number has ten digits at most, so there is
/// always room for it and a little more.
const MIN_WIDTH_COLS: usize = 20;

const INDENT: &str = "  ";

/// Appends the hits with a blank line between them. No line is wider than the style says.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    let width_cols = style.width_cols.max(MIN_WIDTH_COLS);
    for (number, hit) in report.hits.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let mut left_cols = width_cols;
        if style.numbered {
            let first = style.first_number;
            let number = format!("{} ", first + number);
            left_cols = left_cols.saturating_sub(number.len());
            put(out, style.ink, Role::Faint, &number);
        }
        put_cut(out, style, Role::Title, &heading(hit), left_cols);
        out.push('\n');
        put_place(out, style, hit, width_cols);
        out.push('\n');
        put_snippet(out, style, &hit.snippet, width_cols);
    }
}

/// Appends `path:line › headings  缺: words`, as far as there is room. The end of the path
/// and what is missing matter more than the headings.
fn put_place(out: &mut String, style: &Style, hit: &Hit, width_cols: usize) {
    let missing = match hit.missing.as_slice() {
        [] => String::new(),
        words => format!("缺: {}", paint::clean(&words.join(", "))),
    };
    let line = hit.line.to_string();
    let beside_line_cols = width_cols - line.len() - ":".len();
    let missing = cut(&missing, (beside_line_cols - INDENT.len()).min(width_cols / 2));
    let gap_cols = if missing.is_empty() { 0 } else { cols(&missing) + INDENT.len() };

    let path = shown_path(hit, style);
    let path = paint::clean(&path);
    let path = cut_start(&path, beside_line_cols - gap_cols);
    let label = |out: &mut String| {
        put_name(out, style.ink, &path);
        put(out, style.ink, Role::Faint, ":");
        put(out, style.ink, Role::Line, &line);
    };
    if style.hyperlink {
        put_link(out, style.ink, &hit.file, label);
    } else {
        label(out);
    }

    let trail = joined(&hit.trail);
    let used_cols = cols(&path) + 1 + line.len() + gap_cols;
    let left_cols = width_cols.saturating_sub(used_cols + cols(" › "));
    if !trail.text.is_empty() && left_cols >= 4 {
        put(out, style.ink, Role::Trail, " › ");
        put_cut(out, style, Role::Trail, &trail, left_cols);
    }
    if !missing.is_empty() {
        out.push_str(INDENT);
        put(out, style.ink, Role::Faint, &missing);
    }
}

fn put_snippet(out: &mut String, style: &Style, snippet: &Snippet, width_cols: usize) {
    let body = with_ellipses(snippet);
    let mut start = 0;
    for line in body.text.split('\n') {
        for row in width::wrap(line, width_cols - INDENT.len()) {
            if !row.is_empty() {
                out.push_str(INDENT);
                let row = start + row.start..start + row.end;
                put_marked(out, style.ink, Role::Body, &body, row);
            }
            out.push('\n');
        }
        start += line.len() + 1;
    }
}

/// Returns the snippet cleaned, with `…` where text was cut away.
fn with_ellipses(snippet: &Snippet) -> Marked {
    let mut body = paint::clean_marked(&snippet.text, &snippet.marks, Breaks::Keep);
    body.text.truncate(body.text.trim_end().len());
    let kept = body.text.len();
    body.marks.retain(|mark| mark.end <= kept);
    if snippet.cut_after {
        body.text.push_str(ELLIPSIS);
    }
    if snippet.cut_before {
        body.text.insert_str(0, ELLIPSIS);
        for mark in &mut body.marks {
            *mark = mark.start + ELLIPSIS.len()..mark.end + ELLIPSIS.len();
        }
    }
    body
}

/// Appends the text, or its beginning and `…`, in at most `width_cols`.
fn put_cut(
    out: &mut String,
    style: &Style,
    role: Role,
    text: &Marked,
    width_cols: usize,
) {
    if width::fit_bytes(&text.text, width_cols) == text.text.len() {
        return put_marked(out, style.ink, role, text, 0..text.text.len());
    }
    let kept = width::fit_bytes(&text.text, width_cols - 1);
    put_marked(out, style.ink, role, text, 0..kept);
    put(out, style.ink, role, ELLIPSIS);
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::render::{Ink, sample};

    fn written(report: &Report, ink: Ink, width_cols: usize) -> String {
        let mut out = String::new();
        write(report, &Style { ink, width_cols, ..Style::default() }, &mut out);
        out
    }

    #[test]
    fn a_hit_is_heading_place_and_answer() {
        assert_eq!(
            written(&sample::report(), Ink::Roles, 60),
            "<title>缓存</title><match>穿透</match>\n\
             <path>笔记/redis.md</path><faint>:</faint><line>12</line>\
             <trail> › </trail><trail>Redis › 缓存</trail>  <faint>缺: 雪崩, TTL</faint>\n  \
             …<match>缓存穿透</match>：查询不存在的数据。\n  \
             用<match>布隆过</match>滤器。…\n\
             \n\
             <match>GC</match>\n\
             <path>go/gc.md</path><faint>:</faint><line>3</line>\n  \
             Call <match>runtime.GC()</match> to force a collection.\n"
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_and_wraps() {
        assert_eq!(
            written(&sample::report(), Ink::Plain, 26),
            "缓存穿透\n\
             …edis.md:12  缺: 雪崩, TTL\n  \
             …缓存穿透：查询不存在的\n  \
             数据。\n  \
             用布隆过滤器。…\n\
             \n\
             GC\n\
             go/gc.md:3\n  \
             Call runtime.GC() to\n  \
             force a collection.\n"
        );
    }

    #[test]
    fn a_path_can_be_clicked() {
        let mut report = sample::report();
        report.hits.truncate(1);
        let style = Style { ink: Ink::Color, hyperlink: true, ..Style::default() };
        let mut out = String::new();
        write(&report, &style, &mut out);
        assert!(out.contains("\u{1b}]8;;file:///n/%E7%AC%94%E8%AE%B0/redis.md\u{1b}\\"));
    }
}
