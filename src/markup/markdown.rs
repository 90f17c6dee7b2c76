//! Markdown: CommonMark with tables, footnotes, strikethrough and task lists.
//!
//! Law: any text is Markdown; every word of it ends in a title, a body or an aside.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::cutter::{Cutter, Verbatim};
use super::pen::Pen;
use super::{Document, front, section, unended};

/// Cuts a Markdown note into sections.
///
/// **Cost**: linear in the text; one pass of the parser, more where a block of HTML has no end.
pub(super) fn read(text: &str) -> Document {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let front = front::read(text);
    let (head, rest) = text.split_at(front.len_bytes);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let source = unended::opened(one_kind_of_line_end(rest), options);
    let mut pen = Pen::new(&source, front.line_count, front.title.clone());
    for (line, text) in (1..).zip(head.lines()) {
        if text.contains(char::is_alphanumeric) {
            pen.draft.put_aside(line, text);
        }
    }
    let line_count = pen.line_count();
    let mut cutter = Cutter::new(pen);
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
                cutter.code(range, &math);
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
        memchr::memchr_iter(b'\r', bytes).filter(|at| is_lone(*at)).peekable();
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

#[cfg(test)]
mod tests {
    use super::super::Section;
    use super::read;

    /// The one section of a note.
    fn only(text: &str) -> Section {
        let mut sections = read(text).sections;
        assert_eq!(sections.len(), 1, "sections of {text:?}");
        sections.remove(0)
    }

    #[test]
    fn headings_part_sections() {
        let check = |text: &str, wanted: &[(u32, u32, u8, &str, &[&str])]| {
            let sections = read(text).sections;
            let seen: Vec<_> = sections
                .iter()
                .map(|s| {
                    let trail: Vec<&str> = s.trail.iter().map(String::as_str).collect();
                    (s.line, s.end_line, s.depth, s.title.as_str(), trail)
                })
                .collect();
            let wanted: Vec<_> = wanted
                .iter()
                .map(|(l, e, d, t, above)| (*l, *e, *d, *t, above.to_vec()))
                .collect();
            assert_eq!(seen, wanted, "for {text:?}");
        };
        check("", &[]);
        check(" \n\t\n", &[]);
        check("前言\n# 一\nx", &[(1, 1, 0, "", &[]), (2, 3, 1, "一", &[])]);
        check("\n# 一\nx\n\n", &[(2, 4, 1, "一", &[])]);
        check(
            "#### **TCP与UDP的区别：**\nx\n## [Redis](a.md)\ny\n### C# ##\nz",
            &[
                (1, 2, 4, "TCP与UDP的区别", &[]),
                (3, 4, 2, "Redis", &[]),
                (5, 6, 3, "C#", &["Redis"]),
            ],
        );
        check(
            "标题\n===\nx\n\n二\n---\ny",
            &[(1, 4, 1, "标题", &[]), (5, 7, 2, "二", &["标题"])],
        );
        check("一段话。\n---\ny", &[(1, 3, 0, "", &[])]);
        check("```\n# 注释\n```\n- # 项", &[(1, 3, 0, "", &[]), (4, 4, 1, "项", &[])]);
        check("```git init```\n# 一\nx", &[(1, 1, 0, "", &[]), (2, 3, 1, "一", &[])]);
        check("##一\nx\n<!--\n##二\n-->", &[(1, 5, 2, "一", &[])]);
        check("<div>x</div>\n## 一\ny", &[(1, 1, 0, "", &[]), (2, 3, 2, "一", &[])]);
        check("<pre>\n## 一\n</pre>", &[(1, 3, 0, "", &[])]);
        check("# \nx", &[(1, 2, 0, "", &[])]);
        check("# **Celery****的架构**\nx", &[(1, 2, 1, "Celery的架构", &[])]);
    }

    #[test]
    fn bodies_lose_markup_and_keep_lines() {
        let check = |text: &str, body: &str| {
            let section = only(text);
            assert_eq!(
                (section.body.as_str(), section.body_line),
                (body, 1),
                "for {text:?}"
            );
        };
        check("一\r\n**二** `three`  \r\n\r\n四\r\n", "一\n二 three\n\n四");
        check("a\rb", "a b");
        check("* 甲\n  续\n  * 乙\n* 丙", "- 甲\n  续\n  - 乙\n- 丙");
        check("3. 甲\n4) b", "3. 甲\n4) b");
        check("- [ ] 甲\n- [x] b", "- [ ] 甲\n- [x] b");
        check("|甲|b|\n|--|--|\n|1||", "甲 | b\n\n1 |");
        check("x\n~~~sh\n a  \n\n\tb\n~~~\ny", "x\n\n a  \n\n\tb\n\ny");
        check("> 甲\n> 乙", "甲\n乙");
        check("一<br>二 O(n<sup>2</sup>)", "一 二 O(n2)");
        check("x\n<table>\n<td>y</td>\n</table>\n\nz", "x\n\ny\n\n\nz");
    }

    #[test]
    fn signs_that_are_meant_stay() {
        let check =
            |text: &str, body: &str| assert_eq!(only(text).body, body, "for {text:?}");
        check("**注意：**这里", "注意：这里");
        check("**Celery****的架构**是", "Celery的架构是");
        check("2**10 与 3*4*5 与 3~5 或 6~8", "2**10 与 3*4*5 与 3~5 或 6~8");
        check("`__init__` 与 __init__", "__init__ 与 __init__");
        check("a &lt; b &amp; List<String> \\* c", "a < b & List<String> * c");
        check("`a\nb` c", "a\nb c");
        check("甲&#10;乙", "甲 乙");
        check("    1、缩进 **重点**\n    2、二", "1、缩进 重点\n2、二");
        check("脚注[^1]\n\n[^1]: 内容", "脚注[1]\n\n[1]: 内容");
        check("![图](a.png) [链](b)", "图 链");
    }

    #[test]
    fn what_is_not_seen_goes_aside() {
        let check =
            |text: &str, aside: &str| assert_eq!(only(text).aside, aside, "for {text:?}");
        check("[链](http://a.b \"题\") ![图](c.png)", "http://a.b \"题\nc.png");
        check("[链][r] x\n\n[r]: http://a.b", "[r]\n[r]: http://a.b");
        check("```rust\nx\n```", "rust");
        check("<a href=\"u\">x</a> <!-- 注 --> <b>y</b>", "a href=\"u\"\n注");
        check("x\n\n<!--\n甲\n乙\n-->", "甲\n乙");
        check("# [题](http://a.b) {#id}\nx", "http://a.b\nid");
        check("---\ntitle: 题\ntags: [a]\n---\nx", "title: 题\ntags: [a]");
    }

    #[test]
    fn front_matter_names_the_note() {
        let document =
            read("\u{feff}---\r\ntitle: 缓存\r\ntags: [Redis]\r\n---\r\n\r\n正文\r\n");
        assert_eq!(document.title.as_deref(), Some("缓存"));
        assert_eq!(document.tags, ["Redis"]);
        let first = &document.sections[0];
        assert_eq!((first.line, first.end_line, first.body_line), (1, 6, 6));
        assert_eq!((first.title.as_str(), first.body.as_str()), ("缓存", "正文"));
    }

    #[test]
    fn a_heading_without_text_shows_its_children() {
        let sections =
            read("# 缓存\n\n## 穿透\n\n甲\n```\nx\n```\n## 雪崩\n乙\n# 锁\n丙").sections;
        let first = &sections[0];
        assert!(first.borrowed);
        assert_eq!((first.line, first.end_line, first.body_line), (1, 10, 3));
        assert_eq!(first.body, "穿透\n\n甲\n\nx\n\n雪崩\n乙");
        assert_eq!(first.code.first(), Some(&(4..5)));
        let long = format!("# 一\n## 二\n{}", "字".repeat(5_000));
        let shown = read(&long).sections[0].body.len();
        assert!((1_900..=2_000).contains(&shown), "{shown} bytes");
    }

    #[test]
    fn code_and_links_are_measured() {
        let section = only("甲\n\n```\nx\n\ny\n```\n\n```\nz\n```\n    缩进");
        assert_eq!(section.code, [3..6, 9..10]);
        assert_eq!(only("[甲乙](a) 丙丁").link_percent, 50);
        assert_eq!(only("- [a](b)\n- [c](d)").link_percent, 50);
        assert_eq!(only("无").link_percent, 0);
    }
}
