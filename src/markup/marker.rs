//! Bullets and numbers in front of a line, of Markdown and of text pasted from elsewhere.
//!
//! Law: what is doubtful, as a year or a decimal number, is no marker.

/// Bullets of Markdown and of text pasted from elsewhere.
const BULLETS: &[char] =
    &['-', '*', '+', '•', '·', '●', '○', '◆', '◇', '■', '□', '▪', '►', '▶', '–'];

/// What stands in front of a line's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marker {
    /// Blanks before it, in bytes.
    pub(super) indent_bytes: usize,
    /// There is a bullet.
    pub(super) bulleted: bool,
    /// There is a number: `1.`, `2、`, `(3)`, `④`, `五、`.
    pub(super) numbered: bool,
    /// Where the text begins, in bytes.
    pub(super) text_at: usize,
}

/// Reads the bullet and the number in front of a line's text.
pub(super) fn read(line: &str) -> Marker {
    let text = line.trim_start();
    let mut marker =
        Marker { indent_bytes: line.len() - text.len(), ..Marker::default() };
    let mut rest = text;
    if let Some(after) = rest.strip_prefix(BULLETS) {
        // `*word` and `-1` are no bullets, `•word` is.
        let ascii = rest.as_bytes()[0].is_ascii();
        if !ascii || after.starts_with([' ', '\t']) {
            marker.bulleted = true;
            rest = after.trim_start();
        }
    }
    for task in ["[ ] ", "[x] "] {
        rest = rest.strip_prefix(task).unwrap_or(rest);
    }
    if let Some(len_bytes) = number_len_bytes(rest) {
        marker.numbered = true;
        rest = rest[len_bytes..].trim_start();
    }
    marker.text_at = line.len() - rest.len();
    marker
}

/// Length of `1.`, `(2)`, `三、`, `④` at the start of `text`, in bytes.
fn number_len_bytes(text: &str) -> Option<usize> {
    const HAN_DIGITS: &[char] =
        &['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百'];
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some(first.len_utf8());
    }
    let bracketed = matches!(first, '(' | '（');
    let digits = if bracketed { &text[first.len_utf8()..] } else { text };
    let han = digits.starts_with(HAN_DIGITS);
    let after = if han {
        digits.trim_start_matches(HAN_DIGITS)
    } else {
        digits.trim_start_matches(|c: char| c.is_ascii_digit())
    };
    let count = digits[..digits.len() - after.len()].chars().count();
    // Years and ports are longer.
    if !(1..=3).contains(&count) {
        return None;
    }
    let mut chars = after.chars();
    let closing = chars.next()?;
    let closes = match closing {
        ')' | '）' => bracketed || !han,
        '、' | '．' => !bracketed,
        // `3.5` is a number, `三.` is rare and a typo.
        '.' => !bracketed && !han && !chars.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    closes.then(|| text.len() - after.len() + closing.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_read() {
        let check = |line: &str, bulleted: bool, numbered: bool, text: &str| {
            let found = read(line);
            let seen = (found.bulleted, found.numbered, &line[found.text_at..]);
            assert_eq!(seen, (bulleted, numbered, text), "for {line:?}");
        };
        check("- 甲", true, false, "甲");
        check("•1.甲", true, true, "甲");
        check("  12) b", false, true, "b");
        check("（三）甲", false, true, "甲");
        check("三、甲", false, true, "甲");
        check("④甲", false, true, "甲");
        check("- [x] 1、甲", true, true, "甲");
        check("3.5 寸", false, false, "3.5 寸");
        check("2024、甲", false, false, "2024、甲");
        check("*甲*", false, false, "*甲*");
        check("-1", false, false, "-1");
        check("三个", false, false, "三个");
        check("", false, false, "");
    }
}
