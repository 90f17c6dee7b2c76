//! `--format '{path}:{line} {title}'`: a record of one's own, from the fields of `json`.

use std::fmt::Write;

use super::json::{pairs, stage_name};
use super::paint::{put, put_marked, put_name};
use super::{FormatError, Role, Style, joined, one_line, one_line_snippet};
use super::{record_end, shown_path};
use crate::search::{Hit, Report};

type Put = fn(&Hit, &Style, &mut String);

/// Fields by name. `{n}` is not here: it belongs to the list, not to a hit.
const FIELDS: &[(&str, Put)] = &[
    ("path", |hit, style, out| put_name(out, style.ink, &shown_path(hit, style))),
    ("line", |hit, style, out| put(out, style.ink, Role::Line, &hit.line.to_string())),
    ("end_line", |hit, style, out| {
        put(out, style.ink, Role::Line, &hit.end_line.to_string());
    }),
    ("title", |hit, style, out| {
        let title = one_line(&hit.title);
        put_marked(out, style.ink, Role::Title, &title, 0..title.text.len());
    }),
    ("breadcrumb", |hit, style, out| {
        let trail = joined(&hit.trail);
        put_marked(out, style.ink, Role::Trail, &trail, 0..trail.text.len());
    }),
    ("score", |hit, style, out| {
        put(out, style.ink, Role::Body, &format!("{:.4}", hit.score));
    }),
    ("snippet", |hit, style, out| {
        let snippet = one_line_snippet(hit);
        put_marked(out, style.ink, Role::Body, &snippet, 0..snippet.text.len());
    }),
    ("highlights", |hit, style, out| put_ranges(out, style, &hit.snippet.marks)),
    ("id", |hit, style, out| put(out, style.ink, Role::Body, &hit.id)),
    ("title_highlights", |hit, style, out| put_ranges(out, style, &hit.title.marks)),
    ("snippet_line", |hit, style, out| {
        put(out, style.ink, Role::Line, &hit.snippet.line.to_string());
    }),
    ("stage", |hit, style, out| put(out, style.ink, Role::Faint, stage_name(hit.stage))),
    ("missing", |hit, style, out| {
        put(out, style.ink, Role::Faint, &hit.missing.join(", "));
    }),
    ("file", |hit, style, out| {
        put_name(out, style.ink, &hit.file.to_string_lossy());
    }),
    ("explain", |hit, style, out| {
        let shares = hit.shares.iter().map(|(name, share)| format!("{name}={share:.4}"));
        put(out, style.ink, Role::Faint, &shares.collect::<Vec<_>>().join(" "));
    }),
];

fn put_ranges(out: &mut String, style: &Style, marks: &[std::ops::Range<usize>]) {
    let ranges = pairs(marks)
        .iter()
        .map(|[from, to]| format!("[{from},{to}]"))
        .collect::<Vec<_>>();
    put(out, style.ink, Role::Body, &format!("[{}]", ranges.join(",")));
}

/// Returns what may stand in braces, in the order of the help.
pub(super) fn names() -> Vec<&'static str> {
    FIELDS.iter().map(|field| field.0).chain(["n"]).collect()
}

/// A record with holes.
pub struct Template {
    pieces: Vec<Piece>,
    /// The template itself says where a record ends.
    has_end: bool,
}

enum Piece {
    /// As typed by the user, who may write what they like to their own terminal.
    Text(String),
    Field(Put),
    Number,
}

impl Template {
    /// Reads a template: `{field}`, `{n}` for the rank, `{{` and `}}` for braces, and `\t`,
    /// `\n`, `\0`, `\\`.
    ///
    /// Errors: an unknown field, or `{` that does not close.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            let next = rest.chars().next();
            match (c, next) {
                ('{', Some('{')) | ('}', Some('}')) | ('\\', Some('\\')) => {
                    literal.push(c);
                }
                ('\\', Some('t')) => literal.push('\t'),
                ('\\', Some('n')) => literal.push('\n'),
                ('\\', Some('0')) => literal.push('\0'),
                ('{', _) => {
                    let (name, after) =
                        rest.split_once('}').ok_or(FormatError::LoneBrace)?;
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                    pieces.push(field(name)?);
                    rest = after;
                    continue;
                }
                _ => {
                    literal.push(c);
                    continue;
                }
            }
            rest = &rest[1..];
        }
        let has_end = literal.ends_with(['\n', '\0']);
        pieces.push(Piece::Text(literal));
        Ok(Self { pieces, has_end })
    }

    /// Appends one record for each hit; ends it as the style says, unless the template ends
    /// with `\n` or `\0`.
    pub fn write(&self, report: &Report, style: &Style, out: &mut String) {
        for (index, hit) in report.hits.iter().enumerate() {
            for piece in &self.pieces {
                match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Field(put) => put(hit, style, out),
                    Piece::Number => {
                        let _ = write!(out, "{}", style.first_number + index);
                    }
                }
            }
            if !self.has_end {
                out.push(record_end(style));
            }
        }
    }
}

fn field(name: &str) -> Result<Piece, FormatError> {
    if name == "n" {
        return Ok(Piece::Number);
    }
    let found = FIELDS.iter().find(|field| field.0 == name);
    found
        .map(|field| Piece::Field(field.1))
        .ok_or_else(|| FormatError::UnknownField { found: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn written(template: &str, style: &Style) -> String {
        let mut report = sample::report();
        report.hits.truncate(1);
        let mut out = String::new();
        match Template::parse(template) {
            Ok(template) => template.write(&report, style, &mut out),
            Err(error) => out = error.to_string(),
        }
        out
    }

    #[test]
    fn holes_are_filled() {
        let check = |template: &str, expected: &str| {
            assert_eq!(written(template, &Style::default()), expected);
        };
        check("{path}:{line} {title}", "笔记/redis.md:12 缓存穿透\n");
        check("{n}\\t{breadcrumb}\\t{id}", "1\tRedis › 缓存\t0a1b2c3d\n");
        let second_page = Style { first_number: 11, ..Style::default() };
        assert_eq!(written("{n}", &second_page), "11\n");
        check("{score} {stage} {missing}", "7.5000 most 雪崩, TTL\n");
        check("{highlights}{title_highlights}", "[[0,12],[46,55]][[6,12]]\n");
        check("{snippet}", "缓存穿透：查询不存在的数据。  用布隆过滤器。\n");
        check("{explain} {snippet_line}-{end_line}", "title=4.5000 body=3.0000 14-20\n");
        check("{{n}} 第{n}条 } \\x \\\\t", "{n} 第1条 } \\x \\t\n");
        check("{file}:{line}", "/n/笔记/redis.md:12\n");
        check("{line}\\0", "12\0");
        check("{line}\\n\\n", "12\n\n");
        check("{line", "`{` without `}` in the template; a brace itself is `{{`");
    }

    #[test]
    fn unknown_fields_list_the_choices() {
        let expected = "unknown field `{标题}` in the template; fields: path, line, end_line, \
                        title, breadcrumb, score, snippet, highlights, id, title_highlights, \
                        snippet_line, stage, missing, file, explain, n";
        assert_eq!(written("{标题}", &Style::default()), expected);
    }

    #[test]
    fn records_end_as_asked() {
        let style = Style { null: true, ..Style::default() };
        assert_eq!(written("{line}", &style), "12\0");
    }
}
