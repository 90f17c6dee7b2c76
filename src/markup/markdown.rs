//! Markdown: CommonMark with tables, footnotes, strikethrough and task lists.
//!
//! Law: any text is Markdown; every word of it ends in a title, a body or an aside.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::cutter::{Cutter, Verbatim};
use super::pen::Pen;
use super::{Document, front, section};

/// Cuts a Markdown note into sections.
///
/// **Cost**: linear in the text; one pass of the parser.
pub(super) fn read(text: &str) -> Document {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let front = front::read(text);
    let (head, rest) = text.split_at(front.len_bytes);
    let source = one_kind_of_line_end(rest);
    let mut pen = Pen::new(&source, front.line_count, front.title.clone());
    for (line, text) in (1..).zip(head.lines()) {
        if text.contains(char::is_alphanumeric) {
            pen.draft.put_aside(line, text);
        }
    }
    let line_count = pen.line_count();
    let mut cutter = Cutter::new(pen);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        match event {
            Event::Text(text) => cutter.text(range, &text),
            Event::Code(code) => cutter.code(range, &code),
            Event::SoftBreak | Event::HardBreak => cutter.line_break(),
            Event::Start(tag) => start(&mut cutter, &tag, range.start, range.end),
            Event::End(tag) => end(&mut cutter, tag, range.start, range.end),
            Event::Html(html) | Event::InlineHtml(html) => cutter.html(range, &html),
            Event::TaskListMarker(true) => cutter.label(range, "[x] "),
            Event::TaskListMarker(false) => cutter.label(range, "[ ] "),
            Event::FootnoteReference(name) => cutter.label(range, &format!("[{name}]")),
            Event::InlineMath(math) | Event::DisplayMath(math) => {
                cutter.code(range, &math)
            }
            Event::Rule => {}
        }
    }
    let mut sections = cutter.finish();
    section::relate(&mut sections, line_count);
    Document { title: front.title, tags: front.tags, sections }
}

fn start(cutter: &mut Cutter, tag: &Tag, from: usize, to: usize) {
    match tag {
        Tag::Paragraph => cutter.start_paragraph(),
        Tag::Heading { level, .. } => cutter.start_heading(from..to, *level as u8),
        Tag::BlockQuote(_) => cutter.start_quote(),
        Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
            cutter.start_verbatim(from, Verbatim::Fenced);
        }
        Tag::CodeBlock(CodeBlockKind::Indented) => {
            cutter.start_verbatim(from, Verbatim::Indented);
        }
        Tag::List(_) => cutter.start_list(),
        Tag::Item => cutter.start_item(from),
        Tag::FootnoteDefinition(name) => cutter.start_footnote(from, name),
        Tag::Table(_) => cutter.start_table(from),
        Tag::TableHead | Tag::TableRow => cutter.start_row(from),
        Tag::TableCell => cutter.start_cell(),
        Tag::Emphasis | Tag::Strikethrough => cutter.emphasis(from..to, from),
        Tag::Strong => cutter.start_strong(from..to),
        Tag::Link { .. } => cutter.start_link(),
        Tag::HtmlBlock => cutter.start_block(),
        Tag::Image { .. }
        | Tag::DefinitionList
        | Tag::DefinitionListTitle
        | Tag::DefinitionListDefinition
        | Tag::Superscript
        | Tag::Subscript
        | Tag::MetadataBlock(_) => {}
    }
}

fn end(cutter: &mut Cutter, tag: TagEnd, from: usize, to: usize) {
    match tag {
        TagEnd::Paragraph => cutter.end_paragraph(),
        TagEnd::Heading(_) => cutter.end_heading(to),
        TagEnd::BlockQuote(_) => cutter.end_quote(),
        TagEnd::CodeBlock => cutter.end_verbatim(),
        TagEnd::HtmlBlock => cutter.end_paragraph(),
        TagEnd::List(_) => cutter.end_list(),
        TagEnd::Item | TagEnd::TableCell => cutter.end_piece(),
        TagEnd::Table => cutter.end_table(to),
        TagEnd::Emphasis | TagEnd::Strikethrough => {
            cutter.emphasis(from..to, to.saturating_sub(1));
        }
        TagEnd::Strong => cutter.end_strong(from..to),
        TagEnd::Link => cutter.end_link(),
        TagEnd::FootnoteDefinition
        | TagEnd::TableHead
        | TagEnd::TableRow
        | TagEnd::Image
        | TagEnd::DefinitionList
        | TagEnd::DefinitionListTitle
        | TagEnd::DefinitionListDefinition
        | TagEnd::Superscript
        | TagEnd::Subscript
        | TagEnd::MetadataBlock(_) => {}
    }
}

/// CommonMark ends lines at a lone carriage return, editors and grep do not. A space keeps
/// every byte where it was.
fn one_kind_of_line_end(text: &str) -> std::borrow::Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    let mut found =
        text.match_indices('\r').map(|(at, _)| at).filter(|at| is_lone(*at)).peekable();
    if found.peek().is_none() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in found {
        out.push_str(&text[from..at]);
        out.push(' ');
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.into()
}
