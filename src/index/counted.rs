//! Whether it is kept how often a section holds a term, or only that it does.
//!
//! Counts are a quarter of all lists, and for most terms they say nothing: two characters that
//! are neighbours by chance, a character of everyday language.

use crate::text::{Class, Dictionary, class};

/// Frequency in jieba's dictionary from which a character alone says nothing of a section,
/// however often it stands there: 361 characters from 的 to 数, which are 57 % of the lists of
/// single characters.
const EVERYDAY: u32 = 10_000;

/// True where occurrences are counted. Depends on nothing but the term, so that writing and
/// asking agree.
pub(super) fn is_counted(term: &str) -> bool {
    let grams = |mut chars: std::str::Chars<'_>| chars.all(|c| class(c) == Class::Gram);
    let mut chars = term.chars();
    let Some(first) = chars.next() else { return true };
    if class(first) != Class::Gram {
        // A word, unless it is one joined to the character after it: `3月`.
        return chars.next_back().is_none_or(|last| class(last) != Class::Gram);
    }
    match (chars.next(), chars.as_str()) {
        (None, _) => Dictionary::jiebas_freq(term).is_none_or(|freq| freq < EVERYDAY),
        (Some(second), "") => {
            class(second) == Class::Gram && Dictionary::jiebas_freq(term).is_some()
        }
        // Three and more are a word, unless one is joined to a word of letters: `第12`.
        _ => grams(term.chars()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_and_chance_neighbours_are_not() {
        for term in ["锁", "线程", "握手", "分布式", "tcp", "~run", "c++", "3", "→", ""]
        {
            assert!(is_counted(term), "{term}");
        }
        for term in ["的", "数", "次握", "3月", "第3", "b+树", "第12", "的c"] {
            assert!(!is_counted(term), "{term}");
        }
    }
}
