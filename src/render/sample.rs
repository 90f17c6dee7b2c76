//! For tests: a report to read, and any text.

use std::ops::Range;

use proptest::prelude::*;

use crate::search::{Hit, Marked, Report, Snippet, Stage};

fn marked(text: &str, marks: &[Range<usize>]) -> Marked {
    Marked { text: text.to_owned(), marks: marks.to_vec() }
}

/// Returns a report with a Chinese hit that has everything, and a plain English one.
pub(super) fn report() -> Report {
    let chinese = Hit {
        id: "0a1b2c3d".to_owned(),
        score: 7.5,
        path: "笔记/redis.md".to_owned(),
        file: "/n/笔记/redis.md".into(),
        line: 12,
        end_line: 20,
        column: None,
        title: Marked {
            text: "缓存穿透".to_owned(),
            marks: std::iter::once(6..12).collect(),
        },
        trail: vec![marked("Redis", &[]), marked("缓存", &[])],
        snippet: Snippet {
            text: "缓存穿透：查询不存在的数据。\n用布隆过滤器。".to_owned(),
            marks: vec![0..12, 46..55],
            line: 14,
            cut_before: true,
            cut_after: true,
        },
        stage: Stage::Most,
        missing: vec!["雪崩".to_owned(), "TTL".to_owned()],
        shares: vec![("title", 4.5), ("body", 3.0)],
    };
    let english = Hit {
        id: "4e5f6071".to_owned(),
        score: 1.25,
        path: "go/gc.md".to_owned(),
        file: "/n/go/gc.md".into(),
        line: 3,
        end_line: 9,
        title: Marked { text: "GC".to_owned(), marks: std::iter::once(0..2).collect() },
        snippet: Snippet {
            text: "Call runtime.GC() to force a collection.".to_owned(),
            marks: std::iter::once(5..17).collect(),
            line: 5,
            ..Snippet::default()
        },
        ..Hit::default()
    };
    Report { hits: vec![chinese, english], ..Report::default() }
}

/// Text of notes, friendly or not.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[\u{4e00}-\u{9fa5}]{1,9}",
        4 => "[a-z]{1,12}",
        2 => Just(" ".to_owned()),
        2 => prop::sample::select(vec!["，", "。", "（", "「", "」", "“", "…", ".", "(", "`",
            "*", "_", "#", "- ", "1. ", ">", "<b>", "[", "](", "|", "\\", "&amp;"])
            .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\n", "\r\n", "\n\n", "\t", "\r", "\u{1b}[31m", "\u{7}",
            "\u{1b}]52;c;eA==\u{7}", "\u{9b}", "\u{202e}", "\u{200b}", "\u{feff}", "\u{2028}",
            "\0", "👩‍💻", "🇨🇳", "e\u{301}", "ｱﾞ", "ไทย", "क्षि", "\u{fe0f}", "☺\u{fe0f}"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// Returns a line as `paint` hands it on.
pub(super) fn any_clean_line() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| crate::render::paint::clean(&text).into_owned())
}

/// Returns any text with sound marks.
pub(super) fn any_marked() -> impl Strategy<Value = Marked> {
    (any_text(), prop::collection::vec((0usize..200, 1usize..20), 0..5)).prop_map(
        |(text, mut wanted)| {
            wanted.sort_unstable();
            let mut marks: Vec<Range<usize>> = Vec::new();
            for (start, len_bytes) in wanted {
                let start = boundary(&text, start);
                let end = boundary(&text, start + len_bytes);
                if start >= marks.last().map_or(0, |mark| mark.end) && start < end {
                    marks.push(start..end);
                }
            }
            Marked { text, marks }
        },
    )
}

/// Returns the first character boundary at `at` or behind it.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}
