//! A note for reading in a terminal: headings, lists, tables, code and quotes as they are
//! meant, what the query found highlighted.
//!
//! Law: line for line. Row *i* shows line *i* of the note, so a row can be found by its line;
//! only [`write_wrapped`] makes more of them.

mod draft;
mod table;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::paint::{self, Ink, Role, put, put_marked};
use super::width;
use crate::search::Marked;
use draft::Draft;

/// One line of a note, ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Pieces of text in their roles.
    pieces: Vec<(Role, String)>,
    /// What stands before the text where the row goes on below: bars of quotes, indents.
    hang: String,
}

/// How a note is shown.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Columns; rules and tables keep to them.
    pub width_cols: usize,
    /// False for text that is not Markdown: it is shown as it is.
    pub is_markdown: bool,
}

/// Returns a row for each of the `lines` (0-based, half-open) of a note.
///
/// **Cost**: linear in the note, since what a line means depends on those before.
pub fn rows(text: &str, lines: Range<usize>, page: &Page) -> Vec<Row> {
    // CommonMark ends lines at a lone carriage return; editors, and so rows, do not.
    let ends: Vec<_> = text.split("\r\n").map(|part| part.replace('\r', " ")).collect();
    let text = &ends.join("\r\n");
    let mut draft = Draft::new(text, lines, page.width_cols);
    if page.is_markdown {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            read(&mut draft, event, range);
        }
    }
    draft.finish()
}

fn read(draft: &mut Draft, event: Event, range: Range<usize>) {
    match event {
        Event::Start(tag) => start(draft, tag, range),
        Event::End(tag) => end(draft, tag, range),
        Event::Text(text) => draft.text(range, &text),
        Event::Code(text) => draft.span(range, Role::Code, &text),
        Event::InlineMath(text) | Event::DisplayMath(text) => {
            draft.span(range, Role::Code, &text);
        }
        Event::Html(text) => draft.verbatim(range, Role::Faint, &text),
        Event::InlineHtml(text) => draft.span(range, Role::Faint, &text),
        Event::FootnoteReference(name) => {
            draft.inline(range, Role::Link, &format!("[{name}]"));
        }
        Event::TaskListMarker(true) => draft.inline(range, Role::Bar, "☑ "),
        Event::TaskListMarker(false) => draft.inline(range, Role::Bar, "☐ "),
        Event::Rule => draft.rule(range),
        Event::SoftBreak | Event::HardBreak => {}
    }
}

fn start(draft: &mut Draft, tag: Tag, range: Range<usize>) {
    match tag {
        Tag::Heading { level, .. } => draft.heading(range, level as usize),
        Tag::BlockQuote(_) => draft.quote(),
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
            draft.fence(range, Some(&language));
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => draft.fence(range, None),
        Tag::MetadataBlock(_) | Tag::HtmlBlock => draft.raw(range),
        Tag::List(first) => draft.list(first),
        Tag::Item => draft.item(),
        Tag::FootnoteDefinition(name) => draft.footnote(&name),
        Tag::Table(columns) => draft.table(columns),
        Tag::TableHead | Tag::TableRow => draft.table_row(range),
        Tag::TableCell => draft.table_cell(),
        Tag::Emphasis => draft.role(Role::Emphasis),
        Tag::Strong => draft.role(Role::Strong),
        Tag::Strikethrough => draft.role(Role::Faint),
        Tag::Link { dest_url, .. } => draft.link(&dest_url),
        Tag::Image { .. } => {
            draft.role(Role::Link);
            draft.inline(range, Role::Faint, "▣ ");
        }
        Tag::Paragraph
        | Tag::DefinitionList
        | Tag::DefinitionListTitle
        | Tag::DefinitionListDefinition
        | Tag::Superscript
        | Tag::Subscript => {}
    }
}

fn end(draft: &mut Draft, tag: TagEnd, range: Range<usize>) {
    match tag {
        TagEnd::Heading(_) => draft.end_heading(range),
        TagEnd::CodeBlock => draft.end_fence(),
        TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
            draft.end_container();
        }
        TagEnd::List(_) => draft.end_list(),
        TagEnd::Table => draft.end_table(range),
        TagEnd::Link => draft.end_link(range),
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Image => {
            draft.end_role();
        }
        TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock => draft.end_raw(),
        TagEnd::Paragraph
        | TagEnd::TableHead
        | TagEnd::TableRow
        | TagEnd::TableCell
        | TagEnd::DefinitionList
        | TagEnd::DefinitionListTitle
        | TagEnd::DefinitionListDefinition
        | TagEnd::Superscript
        | TagEnd::Subscript => {}
    }
}

impl Row {
    /// Returns the text, clean, without any style.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }

    fn push(&mut self, role: Role, text: &str) {
        let text = paint::clean(text);
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some((last, before)) if *last == role => before.push_str(&text),
            _ => self.pieces.push((role, text.into_owned())),
        }
    }
}

/// Appends a row, ended by a line break; `marks` are byte ranges of its text.
pub fn write(row: &Row, marks: &[Range<usize>], ink: Ink, out: &mut String) {
    let mut start = 0;
    for (role, text) in &row.pieces {
        let end = start + text.len();
        let inside = marks.iter().filter(|m| m.start < end && m.end > start);
        let marks = inside.map(|m| m.start.max(start) - start..m.end.min(end) - start);
        let marked = Marked { text: text.clone(), marks: marks.collect() };
        put_marked(out, ink, *role, &marked, 0..text.len());
        start = end;
    }
    out.push('\n');
}

/// Appends a row as [`write()`] does, on as many lines of the terminal as it needs.
pub fn write_wrapped(
    row: &Row,
    marks: &[Range<usize>],
    ink: Ink,
    width_cols: usize,
    out: &mut String,
) {
    let text = row.text();
    let hang_cols = width::cols(&row.hang);
    let mut pieces = width::wrap(&text, width_cols);
    if pieces.len() > 1 && hang_cols > 0 && hang_cols * 2 < width_cols {
        let first = pieces[0].clone();
        let rest = text.len() - text[first.end..].trim_start().len();
        let below = width::wrap(&text[rest..], width_cols - hang_cols);
        pieces = std::iter::once(first)
            .chain(below.into_iter().map(|r| r.start + rest..r.end + rest))
            .collect();
    }
    for (number, range) in pieces.into_iter().enumerate() {
        if number > 0 {
            put(out, ink, Role::Faint, &row.hang);
        }
        let mut cut = Row::default();
        let mut start = 0;
        for (role, text) in &row.pieces {
            let end = start + text.len();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                cut.pieces.push((*role, text[from - start..to - start].to_owned()));
            }
            start = end;
        }
        let inside = marks.iter().filter(|m| m.start < range.end && m.end > range.start);
        let moved: Vec<_> = inside
            .map(|m| {
                m.start.max(range.start) - range.start..m.end.min(range.end) - range.start
            })
            .collect();
        write(&cut, &moved, ink, out);
    }
}

#[cfg(test)]
mod tests;
