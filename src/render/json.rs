//! JSON Lines: one object for each hit. The structs are the format: a field renamed inside
//! the program stays here what it was.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Serialize, Serializer};

use super::{Style, paint, shown_path};
use crate::search::{Hit, Report, Stage};

#[derive(Serialize)]
struct Row<'h> {
    path: String,
    line: u32,
    end_line: u32,
    title: &'h str,
    /// Headings above the section, outermost first.
    breadcrumb: Vec<&'h str>,
    score: f32,
    snippet: &'h str,
    /// `[start, end)` in bytes of `snippet`.
    highlights: Vec<[usize; 2]>,
    id: &'h str,
    /// `[start, end)` in bytes of `title`.
    title_highlights: Vec<[usize; 2]>,
    /// Line of the note on which the snippet begins, 1-based.
    snippet_line: u32,
    stage: &'static str,
    missing: &'h [String],
    /// The note from the root of the file system.
    file: Cow<'h, str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "as_object")]
    explain: &'h [(&'static str, f32)],
}

/// Appends one object a line. Always ends records with a line break, and never colors.
pub(super) fn write(report: &Report, style: &Style, out: &mut String) {
    for hit in &report.hits {
        let row = serde_json::to_string(&row(hit, style))
            .expect("keys are strings, and writing to memory does not fail");
        // The terminal obeys some characters that JSON allows unescaped.
        for c in row.chars() {
            if paint::is_unsafe(c) {
                out.push_str(&format!("\\u{:04x}", c as u32));
            } else {
                out.push(c);
            }
        }
        out.push('\n');
    }
}

fn row<'h>(hit: &'h Hit, style: &Style) -> Row<'h> {
    Row {
        path: shown_path(hit, style),
        line: hit.line,
        end_line: hit.end_line,
        title: &hit.title.text,
        breadcrumb: hit.trail.iter().map(|heading| heading.text.as_str()).collect(),
        score: hit.score,
        snippet: &hit.snippet.text,
        highlights: pairs(&hit.snippet.marks),
        id: &hit.id,
        title_highlights: pairs(&hit.title.marks),
        snippet_line: hit.snippet.line,
        stage: stage_name(hit.stage),
        missing: &hit.missing,
        file: hit.file.to_string_lossy(),
        explain: &hit.shares,
    }
}

/// Returns ranges as arrays.
pub(super) fn pairs(marks: &[Range<usize>]) -> Vec<[usize; 2]> {
    marks.iter().map(|mark| [mark.start, mark.end]).collect()
}

/// Returns the name of a stage in JSON and in templates.
pub(super) fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Near => "near",
        Stage::All => "all",
        Stage::Most => "most",
        Stage::Any => "any",
    }
}

fn as_object<S: Serializer>(
    shares: &[(&'static str, f32)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(shares.iter().copied())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::render::sample;

    #[test]
    fn a_hit_is_an_object() {
        let mut out = String::new();
        write(&sample::report(), &Style::default(), &mut out);
        let lines: Vec<Value> = out.lines().flat_map(serde_json::from_str).collect();
        let expected = json!({
            "path": "笔记/redis.md", "line": 12, "end_line": 20, "title": "缓存穿透",
            "breadcrumb": ["Redis", "缓存"], "score": 7.5,
            "snippet": "缓存穿透：查询不存在的数据。\n用布隆过滤器。",
            "highlights": [[0, 12], [46, 55]], "id": "0a1b2c3d",
            "title_highlights": [[6, 12]], "snippet_line": 14, "stage": "most",
            "missing": ["雪崩", "TTL"], "file": "/n/笔记/redis.md",
            "explain": {"title": 4.5, "body": 3.0},
        });
        assert_eq!(lines[0], expected);
        assert_eq!(lines[1]["stage"], "near");
        assert!(lines[1].get("explain").is_none());
        assert!(
            out.starts_with("{\"path\":\"笔记/redis.md\",\"line\":12,\"end_line\":20,")
        );
    }
}
