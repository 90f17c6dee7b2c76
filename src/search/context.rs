//! Lines around a snippet.
//!
//! Law: whole lines of the body, as many as asked for on each side where there are so many.

use std::ops::Range;

use super::report::Snippet;
use super::snippet::Mark;

/// Widens a snippet to whole lines and `lines` more on each side, never beyond its body.
/// `marks` are all of the body's, sorted by start; `first_line` is the note's line on which
/// the body begins.
pub(super) fn widen(
    snippet: Snippet,
    body: &str,
    marks: &[Mark],
    first_line: u32,
    lines: usize,
) -> Snippet {
    if lines == 0 || body.is_empty() {
        return snippet;
    }
    let at = snippet.line.saturating_sub(first_line) as usize;
    let from = at.saturating_sub(lines);
    let to = (at + snippet.text.split('\n').count()).saturating_add(lines);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(body.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let start = starts.get(from).copied().unwrap_or_default();
    let end = starts.get(to).map_or(body.len(), |next| next - 1);
    let span = start..start + body[start..end].trim_end().len();
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        if mark.span.start < span.start || mark.span.end > span.end {
            continue;
        }
        let mark = mark.span.start - start..mark.span.end - start;
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    Snippet {
        line: first_line + from as u32,
        cut_before: !body[..span.start].trim().is_empty(),
        cut_after: !body[span.end..].trim().is_empty(),
        text: body[span].to_owned(),
        marks: joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_on_each_side() {
        let body = "一\n二\n前。三次握手。后。\n四 three\n\n六";
        let check = |lines, expected: &str, line, cut: (bool, bool)| {
            let at = body.find("三次").expect("it is there");
            let marks = [Mark { span: at..at + "三次握手".len(), word: 0 }];
            let found =
                Snippet {
                    text: "三次握手。".into(), line: 12, ..Snippet::default()
                };
            let wide = widen(found, body, &marks, 10, lines);
            assert_eq!((&*wide.text, wide.line), (expected, line));
            assert_eq!((wide.cut_before, wide.cut_after), cut);
            for mark in &wide.marks {
                assert_eq!(&wide.text[mark.clone()], "三次握手");
            }
            assert_eq!(wide.marks.len(), usize::from(lines > 0));
        };
        check(0, "三次握手。", 12, (false, false));
        check(1, "二\n前。三次握手。后。\n四 three", 11, (true, true));
        check(2, "一\n二\n前。三次握手。后。\n四 three", 10, (false, true));
        check(9, body, 10, (false, false));
    }
}
