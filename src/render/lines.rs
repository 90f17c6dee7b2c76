//! One hit a line, fields separated by tabs, for `fzf`, `cut` and `awk`:
//! `path:line ⇥ headings ⇥ snippet`.

use super::paint::{put, put_marked, put_name};
use super::width::ELLIPSIS;
use super::{Role, Style, joined, one_line_snippet, record_end, shown_path};
use crate::search::Report;

/// Appends one record for each hit. The headings end with the section's own.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    let ink = style.ink;
    for hit in &report.hits {
        put_name(out, ink, &shown_path(hit, style));
        out.push(':');
        put(out, ink, Role::Line, &hit.line.to_string());
        out.push('\t');
        let headings = joined(hit.trail.iter().chain([&hit.title]));
        put_marked(out, ink, Role::Trail, &headings, 0..headings.text.len());
        out.push('\t');
        let snippet = one_line_snippet(hit);
        out.push_str(if hit.snippet.cut_before { ELLIPSIS } else { "" });
        put_marked(out, ink, Role::Body, &snippet, 0..snippet.text.len());
        out.push_str(if hit.snippet.cut_after { ELLIPSIS } else { "" });
        out.push(record_end(style));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Ink, sample};

    #[test]
    fn a_hit_is_a_line() {
        let mut out = String::new();
        write(&sample::report(), &Style::default(), &mut out);
        assert_eq!(
            out,
            "笔记/redis.md:12\tRedis › 缓存 › 缓存穿透\t…缓存穿透：查询不存在的数据。  \
             用布隆过滤器。…\n\
             go/gc.md:3\tGC\tCall runtime.GC() to force a collection.\n"
        );
    }

    #[test]
    fn roles_and_nul() {
        let mut out = String::new();
        let style = Style { ink: Ink::Roles, null: true, ..Style::default() };
        write(&sample::report(), &style, &mut out);
        let second = out.split('\0').nth(1);
        let expected = "<path>go/gc.md</path>:<line>3</line>\t<match>GC</match>\t\
                        Call <match>runtime.GC()</match> to force a collection.";
        assert_eq!(second, Some(expected));
    }
}
