//! Asterisks and tildes that CommonMark reads one way and a person another.
//!
//! Law: nothing but `*` is ever taken out.

use std::ops::Range;

/// Returns the delimiter that must be shown for an emphasis over `source`, if any.
///
/// `2*3*4`, `3~5 或 6~8` and `__init__` are emphasis to CommonMark; the person who wrote them
/// meant the signs. `before` is the byte in front of `source`.
pub(super) fn shown_delimiter(before: Option<u8>, source: &str) -> Option<&'static str> {
    let bytes = source.as_bytes();
    // Python names are short; the limit keeps nested underscores linear.
    const NAME_MAX_BYTES: usize = 64;
    let is_word = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    if source.starts_with("~~") {
        None
    } else if source.starts_with('~') {
        Some("~")
    } else if source.starts_with("__") {
        let inner = bytes.get(2..bytes.len().saturating_sub(2)).unwrap_or_default();
        let is_name = !inner.is_empty()
            && inner.len() <= NAME_MAX_BYTES
            && inner.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
        is_name.then_some("__")
    } else if source.starts_with("**") {
        (is_word(before.as_ref()) && is_word(bytes.get(2))).then_some("**")
    } else if source.starts_with('*') {
        (is_word(before.as_ref()) && is_word(bytes.get(1))).then_some("*")
    } else {
        None
    }
}

/// Finds the runs of two or more asterisks of `text`, from byte `from` on, for `strip`.
pub(super) fn runs(text: &str, from: usize, out: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(found) =
        bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'*'))
    {
        let start = at + found;
        at = start + bytes[start..].iter().take_while(|b| **b == b'*').count();
        if at - start >= 2 {
            out.push(start..at);
        }
    }
}

/// Takes bold that was never closed, or that CommonMark does not see, out of `text`.
///
/// `runs` are the runs of asterisks that were left in the text, in order; those of code are
/// not among them. A run goes where it is half of a pair (`**注意：**这里`), where it ends one
/// bold and begins the next (`****`), or where it touches something other than ASCII.
/// `2**10` and `f(**kwargs)` stay. Calls `moved` with every run taken out.
pub(super) fn strip(
    text: &mut String,
    runs: &[Range<usize>],
    mut moved: impl FnMut(Range<usize>),
) {
    let Some(first) = runs.first() else { return };
    let tail = text.split_off(first.start);
    let base = first.start;
    let mut kept_from = 0;
    let mut opened = false;
    for (i, run) in runs.iter().enumerate() {
        let around = Around::of(&tail, run.start - base..run.end - base);
        let closes = opened && around.before;
        let next =
            runs.get(i + 1).map(|r| Around::of(&tail, r.start - base..r.end - base));
        let opens =
            !closes && around.after && next.is_some_and(|n| n.before && !n.in_word);
        let lone = around.not_ascii || (run.len() >= 4 && around.before && around.after);
        opened = opens && !around.in_word;
        if !around.in_word && (closes || opens || lone) {
            text.push_str(&tail[kept_from..run.start - base]);
            kept_from = run.end - base;
            moved(run.clone());
        }
    }
    text.push_str(&tail[kept_from..]);
}

/// What stands on both sides of a run.
struct Around {
    before: bool,
    after: bool,
    in_word: bool,
    not_ascii: bool,
}

impl Around {
    fn of(text: &str, run: Range<usize>) -> Self {
        let before = text[..run.start].chars().next_back().filter(|c| !c.is_whitespace());
        let after = text[run.end..].chars().next().filter(|c| !c.is_whitespace());
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let is_han = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
        Self {
            before: before.is_some(),
            after: after.is_some(),
            in_word: is_word(before) && is_word(after),
            not_ascii: is_han(before) || is_han(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, seen: &str) {
        let mut stripped = text.to_string();
        let mut found = Vec::new();
        runs(text, 0, &mut found);
        strip(&mut stripped, &found, |_| ());
        assert_eq!(stripped, seen, "for {text:?}");
    }

    #[test]
    fn broken_bold_goes_and_powers_stay() {
        check("Celery****的架构", "Celery的架构");
        check("**注意：**这里", "注意：这里");
        check("**Note:**text", "Note:text");
        check("前文**重点", "前文重点");
        check("2**10 and 3**5", "2**10 and 3**5");
        check("f(*args, **kwargs)", "f(*args, **kwargs)");
        check("**kwargs is a dict", "**kwargs is a dict");
        check("a * b ** c", "a * b ** c");
        check("没有", "没有");
    }

    #[test]
    fn signs_that_are_meant_are_shown() {
        let cases = [
            (None, "__init__", Some("__")),
            (None, "__什么是GIL？__", None),
            (None, "__two words__", None),
            (None, "**粗**", None),
            (Some(b'2'), "*3*", Some("*")),
            (Some(b' '), "*3*", None),
            (Some(b'2'), "**3**", Some("**")),
            (Some(b'3'), "~5 或 6~", Some("~")),
            (Some(b'3'), "~~旧~~", None),
            (None, "__", None),
        ];
        for (before, source, shown) in cases {
            assert_eq!(shown_delimiter(before, source), shown, "for {source:?}");
        }
    }
}
