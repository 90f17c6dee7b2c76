//! One hit a line for `fzf`, which hides the first three fields and draws the others:
//! `path:line of the match ⇥ path:line of the section ⇥ row of the match in the section ⇥
//! heading ⇥ snippet ⇥ path and headings above`.

use super::paint::{put, put_marked, put_name};
use super::width::ELLIPSIS;
use super::{Role, Style, heading, joined, one_line_snippet, record_end};
use super::{shown_path, vimgrep};
use crate::search::Report;

/// How many fields `fzf` hides.
pub const HIDDEN_FIELDS: usize = 3;

/// Appends one record for each hit.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    let ink = style.ink;
    for hit in &report.hits {
        let path = shown_path(hit, style);
        let (line, _, _) = vimgrep::place(hit);
        // The hidden fields are read by programs only.
        for field in [format!("{path}:{line}"), format!("{path}:{}", hit.line)] {
            put_name(out, super::Ink::Plain, &field);
            out.push('\t');
        }
        let row = line.saturating_sub(hit.line as usize) + 1;
        out.push_str(&row.to_string());
        out.push('\t');
        let title = heading(hit);
        put_marked(out, ink, Role::Title, &title, 0..title.text.len());
        out.push('\t');
        let snippet = one_line_snippet(hit);
        out.push_str(if hit.snippet.cut_before { ELLIPSIS } else { "" });
        put_marked(out, ink, Role::Body, &snippet, 0..snippet.text.len());
        out.push_str(if hit.snippet.cut_after { ELLIPSIS } else { "" });
        out.push('\t');
        put_name(out, ink, &hit.path);
        let trail = joined(&hit.trail);
        if !trail.text.is_empty() {
            put(out, ink, Role::Trail, " › ");
            put_marked(out, ink, Role::Trail, &trail, 0..trail.text.len());
        }
        out.push(record_end(style));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_hit_is_hidden_places_and_text() {
        let mut out = String::new();
        write(&sample::report(), &Style::default(), &mut out);
        assert_eq!(
            out,
            "笔记/redis.md:14\t笔记/redis.md:12\t3\t缓存穿透\t\
             …缓存穿透：查询不存在的数据。  用布隆过滤器。…\t笔记/redis.md › Redis › 缓存\n\
             go/gc.md:5\tgo/gc.md:3\t3\tGC\t\
             Call runtime.GC() to force a collection.\tgo/gc.md\n"
        );
    }
}
