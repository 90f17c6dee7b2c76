//! What a character, or the text at a place, means to the query language.
//!
//! Chinese keyboards type operators in full width (`（`, `：`, `－`) and several kinds of
//! quotes; all of them are read as their ASCII forms, without changing the words.

use super::{SCOPES, Scope};

/// Words that join or negate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    And,
    Or,
    Not,
}

const KEYWORDS: &[(&str, Keyword)] = &[
    ("AND", Keyword::And),
    ("&&", Keyword::And),
    ("OR", Keyword::Or),
    ("||", Keyword::Or),
    ("NOT", Keyword::Not),
];

/// Returns the keyword at the beginning of `text` and its bytes, where it is a whole word.
/// `NOT(x)` is negation of a group, not a call.
pub(super) fn keyword(text: &str) -> Option<(Keyword, usize)> {
    KEYWORDS.iter().find_map(|&(name, keyword)| {
        let len_bytes = prefix_bytes(text, name, half_width)?;
        let last = text[..len_bytes].chars().next_back()?;
        let ends = text[len_bytes..].chars().next().is_none_or(|next| {
            next.is_whitespace()
                || is_open(next)
                || is_close(next)
                || splits_word(last, next)
        });
        ends.then_some((keyword, len_bytes))
    })
}

/// Returns bytes up to and with the colon, the printed name and the scope, where `text`
/// begins with one. `path::join` and `file://…` are words.
pub(super) fn scope(text: &str) -> Option<(usize, &'static str, Scope)> {
    let lower = |c: char| half_width(c).to_ascii_lowercase();
    SCOPES.iter().find_map(|&(names, scope, _)| {
        names.iter().find_map(|name| {
            let name_bytes = prefix_bytes(text, name, lower)?;
            let colon = text[name_bytes..].chars().next()?;
            let len_bytes = name_bytes + colon.len_utf8();
            let is_scope = half_width(colon) == ':' && !escapes_scope(&text[len_bytes..]);
            is_scope.then_some((len_bytes, names[0], scope))
        })
    })
}

/// True where text right after a colon says that the colon marks no scope.
pub(super) fn escapes_scope(value: &str) -> bool {
    value.starts_with("//") || value.starts_with([':', '：'])
}

/// Returns bytes of the minus sign, where `text` begins with one that negates what follows.
/// `-1`, `--force`, `- x` and one-letter flags such as `-p` are words, and so is `-OR`.
pub(super) fn negation(text: &str) -> Option<usize> {
    let minus = text.chars().next().filter(|&c| half_width(c) == '-')?;
    let after = &text[minus.len_utf8()..];
    let next = after.chars().next()?;
    if is_open(next) || opens_phrase(next) {
        return Some(minus.len_utf8());
    }
    let is_flag =
        half_width(next).is_ascii_alphabetic() && word_bytes(after).0 == next.len_utf8();
    let negates = next.is_alphabetic() && !is_flag && keyword(after).is_none();
    negates.then_some(minus.len_utf8())
}

/// Returns bytes of the minus signs with which `text` begins.
pub(super) fn minus_run_bytes(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c| half_width(c) == '-').len()
}

/// Returns bytes of the word at the beginning of `text`, and whether each `(` inside has
/// its `)`. The word ends at white space, at `)` without `(` in the word, and where a quote
/// begins a phrase.
pub(super) fn word_bytes(text: &str) -> (usize, bool) {
    let mut opens = 0usize;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let splits = before.is_some_and(|before| splits_word(before, c));
        if c.is_whitespace() || splits || is_close(c) && opens == 0 {
            return (at, opens == 0);
        }
        if is_open(c) {
            opens += 1;
        } else if is_close(c) {
            opens -= 1;
        }
        before = Some(c);
    }
    (text.len(), opens == 0)
}

/// True where `quote` begins a phrase though it is glued to a word. Chinese has no spaces
/// (查找"三次握手"过程), but in `5"` and `name="x"` the quote is part of the word.
fn splits_word(before: char, quote: char) -> bool {
    match quote {
        '“' | '„' | '‟' | '「' | '『' => true,
        '"' | '”' | '＂' => !before.is_ascii(),
        _ => false,
    }
}

/// True for quotes that begin a phrase at the start of a word. `”` does: some input methods
/// toggle between the two and start with the wrong one.
pub(super) fn opens_phrase(c: char) -> bool {
    is_double(c) || matches!(c, '「' | '『')
}

/// True for `"` and its relatives, which may open and close.
pub(super) fn is_double(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '＂')
}

fn is_corner_close(c: char) -> bool {
    matches!(c, '」' | '』')
}

pub(super) fn is_open(c: char) -> bool {
    half_width(c) == '('
}

pub(super) fn is_close(c: char) -> bool {
    half_width(c) == ')'
}

pub(super) fn is_star(c: char) -> bool {
    half_width(c) == '*'
}

/// Returns the ASCII character of which `c` is the full-width form, or `c`.
fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// Returns bytes of `text` that read as `name` after `fold`, where it begins so.
fn prefix_bytes(text: &str, name: &str, fold: impl Fn(char) -> char) -> Option<usize> {
    let mut chars = text.chars();
    for wanted in name.chars() {
        if fold(chars.next()?) != wanted {
            return None;
        }
    }
    Some(text.len() - chars.as_str().len())
}

/// Where the last closing quotes of a query stand. Known ahead, so that no phrase looks for
/// its quote through the whole rest in vain.
pub(super) struct Closers {
    last_double: Option<usize>,
    last_corner: Option<usize>,
}

impl Closers {
    pub(super) fn of(text: &str) -> Self {
        Self {
            last_double: text.rfind(is_double),
            last_corner: text.rfind(is_corner_close),
        }
    }

    /// Returns bytes of the phrase that begins at byte `inside`, and of the quote that
    /// closes it, 0 where none does. A quote of the same kind is preferred, so that
    /// 「say "hi"」 is one phrase.
    pub(super) fn phrase(&self, text: &str, inside: usize, open: char) -> (usize, usize) {
        let left = |last: Option<usize>| last.is_some_and(|last| last >= inside);
        let (double, corner) = (left(self.last_double), left(self.last_corner));
        let closes: fn(char) -> bool = match (is_double(open), double, corner) {
            (true, true, _) | (false, true, false) => is_double,
            (false, _, true) | (true, false, true) => is_corner_close,
            (_, false, false) => return (text.len() - inside, 0),
        };
        let rest = &text[inside..];
        match rest.char_indices().find(|&(_, c)| closes(c)) {
            Some((len_bytes, close)) => (len_bytes, close.len_utf8()),
            None => (rest.len(), 0),
        }
    }
}
