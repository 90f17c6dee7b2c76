//! Plain text: one section, or one for each question in it.
//!
//! Law: text that carries Markdown headings is read as Markdown.

use super::draft::Draft;
use super::{Document, markdown, section};

/// Cuts a plain text note into sections.
pub(super) fn read(text: &str) -> Document {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.lines().any(is_heading) {
        return markdown::read(text);
    }
    let mut draft = Draft::default();
    draft.restart(1, 0, String::new());
    let mut line_count = 0;
    for (number, line) in (1..).zip(text.split_terminator('\n')) {
        line_count = number;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.trim().is_empty() {
            draft.body.go_to(number);
            // A lone carriage return ends no line, see `markdown`.
            draft.body.push(&line.replace('\r', " "));
        }
    }
    let mut sections = Vec::new();
    section::emit(&mut draft, &mut sections);
    section::relate(&mut sections, line_count);
    Document { sections, ..Document::default() }
}

/// `# x`, and nothing looser: plain text is full of `#`.
fn is_heading(line: &str) -> bool {
    let title = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - title.len()))
        && title.starts_with([' ', '\t'])
        && !title.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_section_as_it_stands() {
        let text = "\u{feff}#标签\r\n\r\n  **不是** 标记 <b>\r\n";
        let sections = read(text).sections;
        assert_eq!(sections.len(), 1);
        let only = &sections[0];
        assert_eq!((only.line, only.end_line, only.depth), (1, 3, 0));
        assert_eq!(only.body, "#标签\n\n  **不是** 标记 <b>");
        assert!(read(" \n\n").sections.is_empty());
    }

    #[test]
    fn headings_make_it_markdown() {
        assert_eq!(read("# 标题\n正文").sections[0].title, "标题");
        assert_eq!(read("#\n正文").sections[0].title, "");
    }
}
