//! Columns for spreadsheets and scripts:
//! `path ⇥ line ⇥ end_line ⇥ score ⇥ title ⇥ breadcrumb ⇥ snippet`.

use super::paint::{put, put_marked, put_name};
use super::{Role, Style, joined, one_line, one_line_snippet, record_end, shown_path};
use crate::search::Report;

/// Appends one record for each hit, without a head line; the breadcrumb holds the headings
/// above the section.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    let ink = style.ink;
    for hit in &report.hits {
        put_name(out, ink, &shown_path(hit, style));
        out.push('\t');
        put(out, ink, Role::Line, &hit.line.to_string());
        out.push('\t');
        put(out, ink, Role::Line, &hit.end_line.to_string());
        out.push('\t');
        put(out, ink, Role::Body, &format!("{:.4}", hit.score));
        let fields = [
            (Role::Title, one_line(&hit.title)),
            (Role::Trail, joined(&hit.trail)),
            (Role::Body, one_line_snippet(hit)),
        ];
        for (role, field) in fields {
            out.push('\t');
            put_marked(out, ink, role, &field, 0..field.text.len());
        }
        out.push(record_end(style));
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::render::sample;

    #[test]
    fn a_hit_is_seven_columns() {
        let mut out = String::new();
        write(&sample::report(), &Style::default(), &mut out);
        assert_eq!(
            out,
            "笔记/redis.md\t12\t20\t7.5000\t缓存穿透\tRedis › 缓存\t\
             缓存穿透：查询不存在的数据。  用布隆过滤器。\n\
             go/gc.md\t3\t9\t1.2500\tGC\t\tCall runtime.GC() to force a collection.\n"
        );
    }
}
