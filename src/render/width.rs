//! Columns of a terminal: a Han character takes two, a letter one.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Stands where text was cut away; one column.
pub const ELLIPSIS: &str = "…";

/// Never first on a line, as Chinese and Japanese typesetting has it.
const CLOSING: &str = "，。！？；：、）】》〉〕〗」』”’…—～·％,.!?;:)]}%ー";

/// Never last on a line.
const OPENING: &str = "（【《〈〔〖「『“‘([{";

/// Neither: nothing says which of the two an ASCII quote is.
const QUOTES: &str = "\"'";

/// Returns the columns of `text`.
pub fn cols(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Returns the bytes of the longest beginning of `text` that fits into `width_cols`; never
/// cuts what a reader takes for one character.
pub fn fit_bytes(text: &str, width_cols: usize) -> usize {
    let mut used_cols = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used_cols += cols(grapheme);
        if used_cols > width_cols {
            return at;
        }
    }
    text.len()
}

/// Returns `text` where it fits into `width_cols`, else its beginning and `…`.
pub fn cut(text: &str, width_cols: usize) -> Cow<'_, str> {
    if fit_bytes(text, width_cols) == text.len() {
        return Cow::Borrowed(text);
    }
    let Some(left_cols) = width_cols.checked_sub(1) else { return Cow::Borrowed("") };
    Cow::Owned(format!("{}{ELLIPSIS}", &text[..fit_bytes(text, left_cols)]))
}

/// Returns `text` where it fits into `width_cols`, else `…` and its end: the end of a path
/// says more than its beginning.
pub fn cut_start(text: &str, width_cols: usize) -> Cow<'_, str> {
    if fit_bytes(text, width_cols) == text.len() {
        return Cow::Borrowed(text);
    }
    let Some(left_cols) = width_cols.checked_sub(1) else { return Cow::Borrowed("") };
    let mut used_cols = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used_cols += cols(grapheme);
        if used_cols > left_cols {
            break;
        }
        start = at;
    }
    Cow::Owned(format!("{ELLIPSIS}{}", &text[start..]))
}

/// Returns the rows (byte ranges) into which a line without `\n` falls at `width_cols`.
/// White space where a row ends belongs to no row. Chinese breaks between any two characters
/// but for punctuation, other words only at white space; what is longer than a row is cut
/// hard. One code point wider than `width_cols` still gets its row.
pub fn wrap(line: &str, width_cols: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut start = 0;
    loop {
        let rest = &line[start..];
        let row = &rest[..row_bytes(rest, width_cols)];
        rows.push(start..start + row.trim_end().len());
        let after = &rest[row.len()..];
        start = line.len() - after.trim_start().len();
        if start == line.len() {
            return rows;
        }
    }
}

fn row_bytes(text: &str, width_cols: usize) -> usize {
    let mut used_cols = 0;
    let mut break_at = None;
    let mut before = "";
    for (at, grapheme) in text.grapheme_indices(true) {
        let is_space = grapheme.trim().is_empty();
        // An indent is no word to break after.
        if may_break(before, grapheme) && !text[..at].trim_start().is_empty() {
            break_at = Some(at);
        }
        used_cols += cols(grapheme);
        if used_cols > width_cols && !is_space {
            // Indic conjuncts join without end, so even one grapheme can be too wide.
            let hard = if at > 0 { at } else { fit_chars_bytes(grapheme, width_cols) };
            return break_at.unwrap_or(hard);
        }
        before = grapheme;
    }
    text.len()
}

/// Returns the bytes of the code points that fit, of the first at least. Four a column are
/// enough for any script, and a bound for piles of combining marks.
fn fit_chars_bytes(text: &str, width_cols: usize) -> usize {
    let chars = text.char_indices().take(4 * width_cols);
    let ends = chars.map(|(at, c)| at + c.len_utf8());
    let fitting = ends.clone().take_while(|&end| cols(&text[..end]) <= width_cols);
    fitting.last().or_else(|| ends.clone().next()).unwrap_or_default()
}

fn may_break(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next())
    else {
        return false;
    };
    if first.is_whitespace() || last.is_whitespace() {
        return !first.is_whitespace();
    }
    (cols(before) == 2 || cols(after) == 2)
        && !CLOSING.contains(first)
        && !OPENING.contains(last)
        && !QUOTES.contains([first, last])
}

/// Returns text with spaces behind it up to `width_cols`; longer text with one.
pub fn padded(text: &str, width_cols: usize) -> String {
    let pad_cols = width_cols.saturating_sub(cols(text)).max(1);
    format!("{text}{}", " ".repeat(pad_cols))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::sample;

    #[test]
    fn text_is_cut_on_characters() {
        let check = |text: &str, width_cols, expected: &str, expected_start: &str| {
            assert_eq!(cut(text, width_cols), expected);
            assert_eq!(cut_start(text, width_cols), expected_start);
        };
        check("redis", 5, "redis", "redis");
        check("redis", 4, "red…", "…dis");
        check("三次握手", 8, "三次握手", "三次握手");
        check("三次握手", 7, "三次握…", "…次握手");
        check("三次握手", 6, "三次…", "…握手");
        check("👩‍💻👩‍💻", 3, "👩‍💻…", "…👩‍💻");
        check("好", 1, "…", "…");
        check("好", 0, "", "");
    }

    #[test]
    fn lines_break_where_readers_expect() {
        let check = |line: &str, width_cols, expected: &[&str]| {
            let rows = wrap(line, width_cols);
            let rows: Vec<_> = rows.into_iter().map(|row| &line[row]).collect();
            assert_eq!(rows, expected);
        };
        check("", 10, &[""]);
        check("the quick brown fox", 10, &["the quick", "brown fox"]);
        check("  the  quick", 6, &["  the", "quick"]);
        check("abcdefgh", 3, &["abc", "def", "gh"]);
        check("缓存穿透和雪崩", 6, &["缓存穿", "透和雪", "崩"]);
        check("缓存穿，透", 6, &["缓存", "穿，透"]);
        check("缓存（穿透）", 6, &["缓存", "（穿", "透）"]);
        check("缓存「穿透", 7, &["缓存", "「穿透"]);
        check("用redis做缓存", 6, &["用", "redis", "做缓存"]);
        check("用 redis 做", 8, &["用 redis", "做"]);
        check("中文。。。。", 4, &["中", "文。", "。。", "。"]);
    }

    proptest! {
        #[test]
        fn rows_fit_and_lose_only_white_space(
            line in sample::any_clean_line(), width_cols in 2usize..40,
        ) {
            let rows = wrap(&line, width_cols);
            let mut end = 0;
            for row in rows {
                prop_assert!(line[end..row.start].trim().is_empty());
                prop_assert!(cols(&line[row.clone()]) <= width_cols);
                end = row.end;
            }
            prop_assert!(line[end..].trim().is_empty());
            prop_assert!(cols(&cut(&line, width_cols)) <= width_cols);
            prop_assert!(cols(&cut_start(&line, width_cols)) <= width_cols);
        }
    }
}
