//! A snippet is a piece of its text, marked soundly, no wider than asked; every format holds
//! what it promises, and nothing but our own escapes is written.

use jian::query::parse;
use jian::render::markdown::{Page, rows, write_wrapped};
use jian::render::paint::is_unsafe;
use jian::render::{FORMATS, Ink, Output, Style, by_name, width};
use jian::search::{Hit, Marked, Marker, Report, Snippet};
use jian::text::Dictionary;
use serde_json::Value;

use super::{check_marks, letters};

/// Searches one text, and writes what is found in every format.
pub fn check(asked: &str, text: &str, width_cols: usize) {
    let marker = Marker::new(&parse(asked).0, &Dictionary::default());
    for (snippet_cols, context_lines) in [(width_cols, 0), (4 * width_cols, 0), (9, 1)] {
        let snippet = marker.snippet(text, snippet_cols, context_lines);
        check_snippet(text, &snippet, (context_lines == 0).then_some(snippet_cols));
        let marked =
            |text: &str| Marked { text: text.to_owned(), marks: marker.marks(text) };
        let hit = Hit {
            id: "0a1b2c3d".to_owned(),
            score: 1.5,
            path: asked.to_owned(),
            file: format!("/{asked}").into(),
            line: 1,
            end_line: snippet.line,
            column: None,
            title: marked(text.lines().next().unwrap_or_default()),
            trail: text.split("# ").take(3).map(marked).collect(),
            snippet,
            missing: asked.split(' ').take(3).map(str::to_owned).collect(),
            shares: vec![("body", 1.5)],
            ..Hit::default()
        };
        let report = Report { hits: vec![hit.clone(), hit], ..Report::default() };
        check_report(&report, width_cols);
    }
    check_rows(&marker, text, width_cols);
}

fn check_snippet(text: &str, snippet: &Snippet, width_cols: Option<usize>) {
    assert!(text.contains(&snippet.text), "{snippet:?} is no piece of {text:?}");
    if let Some(width_cols) = width_cols {
        // Blank lines between two pieces take room, but show nothing.
        let wide: usize = snippet.text.lines().map(|l| width::cols(l.trim_end())).sum();
        // A marked word is not cut, however long it is.
        let word_cols =
            snippet.marks.iter().map(|m| width::cols(&snippet.text[m.clone()]));
        let width_cols = word_cols.max().unwrap_or(0).max(width_cols);
        assert!(wide <= width_cols, "{wide} columns of {width_cols}: {snippet:?}");
    }
    check_marks(&snippet.text, &snippet.marks);
    assert!(snippet.line >= 1, "{snippet:?}");
    assert!(snippet.line as usize <= text.split('\n').count().max(1), "{snippet:?}");
}

/// Tries what each format promises of any report.
pub fn check_report(report: &Report, width_cols: usize) {
    let style = Style::default();
    let written = |name: &str, style: &Style| {
        let mut out = String::new();
        (by_name(name).expect("a format").write)(report, style, &mut out);
        out
    };
    let hits = report.hits.len();
    let json = written("json", &style);
    assert_eq!(json.lines().count(), hits, "{json:?}");
    for (line, hit) in json.lines().zip(&report.hits) {
        let value: Value = serde_json::from_str(line).expect("valid JSON");
        assert_eq!(value["snippet"].as_str(), Some(hit.snippet.text.as_str()));
        assert_eq!(value["path"].as_str(), Some(hit.path.as_str()));
    }
    let tsv = written("tsv", &style);
    assert_eq!(tsv.lines().count(), hits, "{tsv:?}");
    assert!(tsv.lines().all(|line| line.split('\t').count() == 7), "{tsv:?}");
    for one_line in ["lines", "vimgrep", "fzf"] {
        let out = written(one_line, &style);
        assert_eq!(out.lines().count(), hits, "{one_line}: {out:?}");
    }
    let quotes = written("md", &style);
    let blank = quotes.lines().filter(|line| line.is_empty()).count();
    assert_eq!(blank, hits.saturating_sub(1), "{quotes:?}");
    assert!(
        quotes.lines().all(|line| line.is_empty() || line.starts_with('>')),
        "{quotes:?}"
    );
    for width_cols in [20, width_cols.max(20)] {
        let pretty = written("pretty", &Style { width_cols, ..Style::default() });
        let wide = pretty.lines().find(|line| width::cols(line) > width_cols);
        assert_eq!(wide, None, "{width_cols} columns");
    }
    check_escapes(report);
}

fn check_escapes(report: &Report) {
    for ink in [Ink::Plain, Ink::Color, Ink::Roles] {
        let style = Style { ink, hyperlink: true, ..Style::default() };
        let template = "{path} {title} {breadcrumb} {snippet} {missing} {explain}";
        let template = Output::parse(template).expect("known fields");
        let formats = FORMATS.iter().map(Output::Format);
        for format in formats.chain([template, Output::Files, Output::Counts]) {
            let mut out = String::new();
            format.write(report, &style, &mut out);
            check_safe(&out, ink);
        }
    }
}

fn check_safe(out: &str, ink: Ink) {
    let text = match ink {
        Ink::Color => without_own_escapes(out),
        Ink::Plain | Ink::Roles => out.to_owned(),
    };
    let text = text.replace(['\n', '\t'], "");
    assert_eq!(text.find(is_unsafe), None, "{text:?}");
}

/// Removes what `paint` may write: styles and the two halves of a link.
fn without_own_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        let escape = &rest[at..];
        let end = if escape.starts_with("\u{1b}[") {
            escape.find('m').map(|end| end + 1)
        } else {
            escape.find("\u{1b}\\").map(|end| end + 2)
        };
        rest = &escape[end.unwrap_or(1)..];
    }
    out + rest
}

/// A note is shown row for line, its Han characters on the row of their line.
fn check_rows(marker: &Marker, text: &str, width_cols: usize) {
    let text = text.replace("\r\n", "\n");
    let count = text.lines().count();
    for is_markdown in [true, false] {
        let rows = rows(&text, 0..count, &Page { width_cols, is_markdown });
        assert_eq!(rows.len(), count, "{text:?}");
        for (row, line) in rows.iter().zip(text.lines()) {
            let shown = row.text();
            assert!(!shown.contains(is_unsafe), "{shown:?}");
            // Tables keep to their columns, links show their name.
            let is_cut = shown.contains(['│', '▣', '…']) || line.contains("](");
            for c in letters(line).filter(|_| !is_cut) {
                assert!(shown.contains(c), "{c:?} in {shown:?} of {text:?}");
            }
            let marks = marker.marks(&shown);
            for ink in [Ink::Plain, Ink::Color] {
                let mut out = String::new();
                write_wrapped(row, &marks, ink, width_cols, &mut out);
                check_safe(&out, ink);
            }
        }
    }
}
