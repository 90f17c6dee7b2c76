//! `path:line:column:text`, which editors read as places to jump to (`:cexpr`, quickfix).

use super::paint::{Breaks, clean_marked, put, put_marked, put_name};
use super::{Role, Style, record_end, shown_path};
use crate::search::{Hit, Marked, Report};

/// Appends one record for each hit: the line of the snippet with the first mark. Line and
/// column are 1-based, the column in bytes: that of the file where it was looked up, else that of
/// what a reader sees.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    let ink = style.ink;
    for hit in &report.hits {
        let (line, seen, text) = place(hit);
        let column = hit.column.map_or(seen, |column| column as usize);
        put_name(out, ink, &shown_path(hit, style));
        out.push(':');
        put(out, ink, Role::Line, &line.to_string());
        out.push(':');
        put(out, ink, Role::Line, &column.to_string());
        out.push(':');
        put_marked(out, ink, Role::Body, &text, 0..text.text.len());
        out.push(record_end(style));
    }
}

/// Returns line and column of the first mark, and the text of that line.
pub fn place(hit: &Hit) -> (usize, usize, Marked) {
    let snippet = &hit.snippet;
    let first_line = if snippet.line > 0 { snippet.line } else { hit.line };
    let mark = snippet.marks.first().map_or(0, |mark| mark.start);
    let before = snippet.text.get(..mark).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let breaks = before.matches('\n').count();
    let line = snippet.text[start..].split('\n').next().unwrap_or_default();
    let end = start + line.len();
    let inside =
        snippet.marks.iter().filter(|mark| mark.start >= start && mark.start < end);
    let marks: Vec<_> =
        inside.map(|mark| mark.start - start..mark.end.min(end) - start).collect();
    let text = clean_marked(line, &marks, Breaks::Keep);
    (first_line as usize + breaks, before.len() - start + 1, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_hit_is_a_place() {
        let mut out = String::new();
        write(&sample::report(), &Style::default(), &mut out);
        assert_eq!(
            out,
            "笔记/redis.md:14:1:缓存穿透：查询不存在的数据。\n\
             go/gc.md:5:6:Call runtime.GC() to force a collection.\n"
        );
    }

    #[test]
    fn the_first_mark_decides_the_line() {
        let mut report = sample::report();
        report.hits[0].snippet.marks.remove(0);
        let mut out = String::new();
        write(&report, &Style::default(), &mut out);
        assert!(out.starts_with("笔记/redis.md:15:4:用布隆过滤器。\n"), "{out}");
        report.hits[0].snippet = crate::search::Snippet::default();
        out.clear();
        write(&report, &Style::default(), &mut out);
        assert!(out.starts_with("笔记/redis.md:12:1:\n"), "{out}");
    }
}
