//! Headings as a reader sees them, and where a body is cut at headings CommonMark misses.
//!
//! Law: cuts come in the order of the note, each on a later line than the one before.

use std::ops::Range;

use super::draft::{Draft, Mark};
use super::finder::Finder;
use super::question;

/// Longest title in characters. The longest real heading met has under 100; beyond this a
/// "heading" is a paragraph somebody began with `#`.
pub(super) const TITLE_MAX_CHARS: usize = 400;
/// Longest line that a rule below makes a heading, in bytes: longer ones are a paragraph whose
/// author meant a rule.
const SETEXT_MAX_BYTES: usize = 240;
/// Depth of a question that is no heading.
pub(super) const QUESTION_DEPTH: u8 = 7;

/// Where a body is cut in two.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Line of the note, 1-based, on which the new section begins.
    pub(super) line: u32,
    /// Depth of the new section.
    pub(super) depth: u8,
    /// Its title.
    pub(super) title: String,
    /// Words of the same lines that are not in the title: `问题 2：`, an anchor.
    pub(super) label: String,
    /// Bytes of the body that its heading takes: in neither body.
    pub(super) span: Range<usize>,
    /// Line of the note on which `span` ends.
    pub(super) rest_line: u32,
}

/// Cleans a title: no blanks around it, no closing hashes, no colon, no `{#anchor}`.
///
/// Returns it with the words that are not in it: the anchor, and what did not fit into
/// `TITLE_MAX_CHARS`.
pub(super) fn clean(raw: &str) -> (String, String) {
    let is_blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\0');
    let mut title = raw.trim_matches(is_blank);
    let mut rest = "";
    if let Some((before, anchor)) = title.rsplit_once("{#")
        && let Some(anchor) = anchor.strip_suffix('}')
        && !anchor.contains([' ', '{', '}'])
    {
        (title, rest) = (before.trim_end_matches(is_blank), anchor);
    }
    let unhashed = title.trim_end_matches('#');
    let is_name = unhashed.ends_with(|c: char| c.is_ascii_alphanumeric());
    // `C#` is a name, `标题##` is a heading closed without a space.
    if title.len() - unhashed.len() >= 2 || !is_name {
        title = unhashed.trim_end_matches(is_blank);
    }
    if let Some(text) = title.strip_suffix(['：', ':'])
        && !text.ends_with(':')
    {
        title = text.trim_end_matches(is_blank);
    }
    match title.char_indices().nth(TITLE_MAX_CHARS) {
        Some((end, _)) => {
            // The word that the cut falls into is whole in what did not fit, or nobody finds it.
            let inside = |c: char| c.is_alphanumeric();
            let from = title[..end].trim_end_matches(inside).len();
            (title[..end].to_string(), format!("{} {rest}", &title[from..]))
        }
        None => (title.to_string(), rest.to_string()),
    }
}

/// True for a heading that is text over a rule: `---` right below a paragraph, or a formula
/// with its `=` on a line by itself.
pub(super) fn is_prose_over_rule(source: &str) -> bool {
    let source = source.trim();
    let Some((text, rule)) = source.rsplit_once('\n') else { return false };
    // People draw a line; CommonMark takes a single sign for one.
    const RULE_MIN_BYTES: usize = 3;
    text.len() > SETEXT_MAX_BYTES
        || text.contains('\n')
        || text.trim_end().ends_with(['。', '；', '，'])
        || rule.trim_matches(['>', ' ', '\t']).len() < RULE_MIN_BYTES
}

/// Finds the headings and questions of a body that are not CommonMark headings.
pub(super) fn cuts(draft: &Draft) -> Vec<Cut> {
    let mut cuts = folded(draft);
    cuts.extend(Finder::new(draft));
    // Where text goes on with a heading of its own, that is what begins there.
    cuts.sort_by_key(|cut| (cut.span.start, cut.span.is_empty()));
    let (mut line, mut end) = (if draft.depth == 0 { 0 } else { draft.line }, 0);
    cuts.retain(|cut| {
        let fits = cut.line > line && cut.span.start >= end;
        if fits {
            (line, end) = (cut.line, cut.span.end);
        }
        fits
    });
    drop_empty_remainders(draft, &mut cuts);
    cuts
}

/// Cuts at summaries, and where what they hide ends.
fn folded(draft: &Draft) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut open = false;
    for mark in &draft.marks {
        match mark {
            Mark::Summary { line, title, span, rest_line } => {
                if !question::is_bare_label(title) {
                    cuts.push(Cut {
                        line: *line,
                        depth: QUESTION_DEPTH,
                        title: title.clone(),
                        label: String::new(),
                        span: span.clone(),
                        rest_line: *rest_line,
                    });
                    open = true;
                }
            }
            Mark::DetailsEnd { line, at } if open => {
                let gap = &draft.body.text()[*at..];
                let gap = &gap[..gap.len() - gap.trim_start().len()];
                // Text on the same line stays where it is.
                if let Some(end) = gap.rfind('\n') {
                    let line = line + gap.matches('\n').count() as u32;
                    cuts.push(remainder(draft, line, at + end + 1));
                }
                open = false;
            }
            Mark::DetailsEnd { .. } | Mark::Hashes { .. } | Mark::Bold { .. } => {}
        }
    }
    cuts
}

/// Text that goes on under the heading after a question in its midst has ended.
fn remainder(draft: &Draft, line: u32, at: usize) -> Cut {
    let (title, label) = (draft.title.clone(), String::new());
    Cut { line, depth: draft.depth, title, label, span: at..at, rest_line: line }
}

/// Takes the remainders out that have no text.
fn drop_empty_remainders(draft: &Draft, cuts: &mut Vec<Cut>) {
    let body = draft.body.text();
    let ends = cuts.iter().skip(1).map(|cut| cut.span.start).chain([body.len()]);
    let ends: Vec<usize> = ends.collect();
    let mut ends = ends.into_iter();
    cuts.retain(|cut| {
        let end = ends.next().unwrap_or(body.len());
        !cut.span.is_empty() || !body[cut.span.end..end].trim().is_empty()
    });
}

/// Reads `##标题`, a heading without its space, on the line that begins at byte `at`.
pub(super) fn unspaced(line: &str, number: u32, at: usize, alone: bool) -> Option<Cut> {
    let text = line.trim_start();
    let title = text.trim_start_matches('#');
    let depth = text.len() - title.len();
    let first = title.trim_start().chars().next()?;
    let is_single = depth == 1 && (!alone || is_tag_line(title));
    if !(1..=6).contains(&depth) || !first.is_alphanumeric() || is_single {
        return None;
    }
    let (title, label) = clean(title);
    let (span, depth) = (at..at + line.len(), depth as u8);
    Some(Cut { line: number, depth, title, label, span, rest_line: number })
}

/// True for what follows a single `#` and is a tag, an issue number or a line of code.
fn is_tag_line(text: &str) -> bool {
    const DIRECTIVES: &[&str] = &[
        "include",
        "define",
        "undef",
        "pragma",
        "if",
        "ifdef",
        "ifndef",
        "else",
        "elif",
        "endif",
        "import",
        "error",
        "warning",
        "coding",
        "region",
        "endregion",
    ];
    let word =
        text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    text.contains(" #")
        || text.chars().all(|c| c.is_ascii_digit())
        || DIRECTIVES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, title: &str, rest: &str) {
        assert_eq!(clean(raw), (title.to_string(), rest.to_string()), "for {raw:?}");
    }

    #[test]
    fn titles_lose_what_is_no_part_of_them() {
        check(" 9.多线程 ", "9.多线程", "");
        check("TCP与UDP的区别：", "TCP与UDP的区别", "");
        check("What is a lock:", "What is a lock", "");
        check("std::", "std::", "");
        check("标题##", "标题", "");
        check("C#", "C#", "");
        check("处理修饰符 {#modifiers}", "处理修饰符", "modifiers");
        check("{#only}", "", "only");
        check("\u{feff}零宽\u{200b}", "零宽", "");
        check("：", "", "");
        let (long, much) = ("长".repeat(399), "，字".repeat(200));
        check(&(long.clone() + "，三次握手"), &(long.clone() + "，"), "三次握手 ");
        check(
            &("，".to_owned() + &long + "三"),
            &("，".to_owned() + &long),
            &(long + "三 "),
        );
        check(
            &("一".to_owned() + &much + "b c"),
            &("一".to_owned() + &much[..much.len() - 3]),
            "字b c ",
        );
    }

    #[test]
    fn text_over_a_rule_is_no_heading() {
        let cases = [
            ("标题\n---", false),
            ("Title\n===", false),
            ("# 标题 -", false),
            ("一句话。\n---", true),
            ("first line\nsecond line\n---", true),
            ("\\begin{bmatrix}\n=", true),
        ];
        for (source, prose) in cases {
            assert_eq!(is_prose_over_rule(source), prose, "for {source:?}");
        }
    }

    #[test]
    fn hashes_without_a_space_begin_a_heading() {
        let cases = [
            ("##标题", false, Some((2, "标题"))),
            ("####line_profiler", false, Some((4, "line_profiler"))),
            ("#标题", true, Some((1, "标题"))),
            ("#标题", false, None),
            ("#读书 #笔记", true, None),
            ("#include <a>", true, None),
            ("#1234", true, None),
            ("##！", true, None),
            ("#######七", true, None),
        ];
        for (line, alone, found) in cases {
            let cut = unspaced(line, 1, 0, alone);
            let seen = cut.as_ref().map(|cut| (cut.depth, cut.title.as_str()));
            assert_eq!(seen, found, "for {line:?}");
        }
    }
}
