//! Pairs that notes gloss themselves: `垃圾回收（Garbage Collection）`, `mutex（互斥锁）`.
//!
//! Where the Chinese name begins is not written, so every beginning of a word is offered; what
//! several notes agree on, or what stands by itself, is believed (`search::widen`).

use crate::text::{Class, Dictionary, class};

/// A name in Chinese is two to eight characters long.
const HAN_CHARS: std::ops::RangeInclusive<usize> = 2..=8;

/// A name in English has at most so many words and bytes; what is longer is a remark.
const MOST_WORDS: usize = 5;
const MOST_LATIN_BYTES: usize = 40;

/// What stands between parentheses is a gloss up to this length.
const MOST_INSIDE_BYTES: usize = 96;

/// Between several glosses in one pair of parentheses.
const SEPARATORS: [char; 6] = [',', '，', '、', ';', '；', '/'];

/// Stand before a name and are no part of it.
const ARTICLES: [&str; 3] = ["the ", "an ", "a "];

/// Calls `found` with each pair: the Chinese name, the English one, both as written, and
/// whether the Chinese one stands by itself. Linear in the text.
pub fn glossed(
    text: &str,
    dictionary: &Dictionary,
    mut found: impl FnMut(&str, &str, bool),
) {
    for at in openings(text.as_bytes()) {
        let inside = &text[at..];
        let inside = inside.strip_prefix('(').or_else(|| inside.strip_prefix('（'));
        let Some(inside) = inside else { continue };
        let limit = inside.floor_char_boundary(MOST_INSIDE_BYTES);
        let Some(end) = inside[..limit].find([')', '）', '\n']) else { continue };
        let inside = inside[..end].trim();
        let before = text[..at].trim_end_matches([' ', '*', '`', '”', '」', '"']);
        if inside.is_empty() || before.is_empty() {
            continue;
        }
        if is_han(inside) {
            let latin = last_latin(before);
            if is_name(latin) {
                found(inside, latin, true);
            }
            continue;
        }
        let run = last_han(before);
        if !inside.split(SEPARATORS).any(|part| is_name(part.trim())) {
            continue;
        }
        let mut starts: Vec<usize> =
            dictionary.cut(run).into_iter().map(|word| word.start).collect();
        if starts.first() != Some(&0) && !run.is_empty() {
            starts.insert(0, 0);
        }
        for latin in inside.split(SEPARATORS).map(str::trim).filter(|p| is_name(p)) {
            for &start in &starts {
                let han = &run[start..];
                if HAN_CHARS.contains(&han.chars().count()) {
                    found(han, latin, start == 0);
                }
            }
        }
    }
}

/// Where a parenthesis may open, `(` or `（`. Bytes are looked at many at a time: most texts have
/// none.
fn openings(text: &[u8]) -> impl Iterator<Item = usize> {
    const AT_ONCE: usize = 32;
    // The three bytes of `（`; others of full width begin as it does.
    const FULL: [u8; 3] = [0xEF, 0xBC, 0x88];
    let opens = |b: &[u8]| b[0] == b'(' || b.starts_with(&FULL);
    let some = move |at: usize| {
        let Some(chunk) = text[at..].first_chunk::<{ AT_ONCE + 2 }>() else {
            return true;
        };
        let opens = |i: usize| {
            let full = (0..3).fold(true, |all, n| all & (chunk[i + n] == FULL[n]));
            full | (chunk[i] == b'(')
        };
        (0..AT_ONCE).fold(false, |any, i| any | opens(i))
    };
    let chunks = (0..text.len()).step_by(AT_ONCE).filter(move |&at| some(at));
    chunks.flat_map(move |start| {
        let end = (start + AT_ONCE).min(text.len());
        (start..end).filter(move |&at| opens(&text[at..]))
    })
}

fn is_han(text: &str) -> bool {
    let (mut count, mut han) = (0, true);
    for c in text.chars() {
        count += 1;
        han &= class(c) == Class::Gram;
    }
    han && HAN_CHARS.contains(&count)
}

/// An English name: words of letters, the first of them with two letters or more.
fn is_name(text: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+' | '#');
    text.len() <= MOST_LATIN_BYTES
        && text.chars().all(part)
        && text.split([' ', '-']).count() <= MOST_WORDS
        && text.chars().take_while(char::is_ascii_alphabetic).count() >= 2
}

/// The run of Han characters that a text ends with, cut to twice the longest name.
fn last_han(text: &str) -> &str {
    let chars = text.char_indices().rev();
    let run = chars.take_while(|&(_, c)| class(c) == Class::Gram);
    let start = run.take(2 * HAN_CHARS.end()).last().map_or(text.len(), |(at, _)| at);
    &text[start..]
}

/// The English words that a text ends with, on one line.
fn last_latin(text: &str) -> &str {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '+' | '#');
    let chars = text.char_indices().rev();
    let run = chars.take_while(|&(_, c)| part(c));
    let start = run.take(MOST_LATIN_BYTES + 1).last().map_or(text.len(), |(at, _)| at);
    let words = text[start..].trim();
    let article = ARTICLES.iter().find_map(|a| {
        let first = words.get(..a.len())?;
        first.eq_ignore_ascii_case(a).then_some(a.len())
    });
    words[article.unwrap_or(0)..].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_both_ways() {
        for (text, pairs) in [
            (
                "垃圾回收（Garbage Collection, GC）",
                "垃圾回收=Garbage Collection! 回收=Garbage Collection 垃圾回收=GC! 回收=GC",
            ),
            ("什么是互斥锁(mutex)？", "什么是互斥锁=mutex! 是互斥锁=mutex 互斥锁=mutex"),
            ("用 mutex（互斥锁）保护", "互斥锁=mutex!"),
            ("The event loop（事件循环）", "事件循环=event loop!"),
            ("调用 f(x) 和 g（2024）", ""),
            ("如图（见 3.2 节）", ""),
            ("（Linux）", ""),
        ] {
            let mut found = Vec::new();
            glossed(text, &Dictionary::default(), |han, latin, alone| {
                found.push(format!("{han}={latin}{}", if alone { "!" } else { "" }));
            });
            assert_eq!(found.join(" "), pairs, "{text}");
        }
    }
}
