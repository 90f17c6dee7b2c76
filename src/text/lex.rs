//! From folded characters to pieces: Han runs, words, signs. Identifiers are taken out whole
//! before any Chinese segmentation.
//!
//! Law: pieces lie in order, are disjoint, and every character that is neither punctuation nor
//! space is in exactly one.

use std::ops::Range;

use super::class::{Class, class};

/// A stretch of folded characters that is searched as something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// First folded character.
    pub start: usize,
    /// One past the last folded character, signs that belong to the word included.
    pub end: usize,
    /// The letters and digits of a word, without its signs: `c` of `c++`.
    pub core: (usize, usize),
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A run of characters written without spaces.
    Han,
    /// A word, number or identifier.
    Word,
    /// One sign.
    Sign,
}

impl Piece {
    /// Returns the characters of the piece.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns the characters of the piece without its signs.
    pub fn core_range(&self) -> Range<usize> {
        self.core.0..self.core.1
    }

    /// True where signs belong to the word: `c++`, `c#`, `.net`.
    pub fn has_signs(&self) -> bool {
        self.core != (self.start, self.end)
    }
}

/// Calls `found` with each piece of a folded text, in order.
#[inline]
pub fn pieces(chars: &[char], mut found: impl FnMut(Piece)) {
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        match class(chars[i]) {
            Class::Space | Class::Mark => i += 1,
            Class::Sign => {
                i += 1;
                found(Piece { kind: Kind::Sign, start, end: i, core: (start, i) });
            }
            Class::Gram => {
                while i < chars.len() && class(chars[i]) == Class::Gram {
                    i += 1;
                }
                found(Piece { kind: Kind::Han, start, end: i, core: (start, i) });
            }
            Class::Word => {
                while i < chars.len() && class(chars[i]) == Class::Word {
                    i += 1;
                }
                let piece = word_piece(chars, start..i);
                i = piece.end;
                found(piece);
            }
        }
    }
}

/// Returns the piece of a word: its letters and digits, and the signs that belong to them.
pub fn word_piece(chars: &[char], core: Range<usize>) -> Piece {
    let start = core.start - usize::from(dot_before(chars, core.start));
    let end = core.end + signs_after(chars, core.end);
    Piece { kind: Kind::Word, start, end, core: (core.start, core.end) }
}

/// How many signs after a word belong to it: `++` and `#` of `c++` and `c#`, and the `+` of
/// `b+树`.
fn signs_after(chars: &[char], end: usize) -> usize {
    let at = |i: usize| chars.get(i).copied().unwrap_or(' ');
    let word = |c: char| class(c) == Class::Word;
    match (at(end), at(end + 1)) {
        ('+', '+') if !word(at(end + 2)) => 2,
        ('#', c) if !word(c) && c != '#' => 1,
        ('+', c) if class(c) == Class::Gram => 1,
        _ => 0,
    }
}

/// True where the `.` before a word belongs to it: `.net`, `.gitignore`, not `a.b` nor `1.x`.
fn dot_before(chars: &[char], start: usize) -> bool {
    let before = |n: usize| start.checked_sub(n).map(|i| chars[i]);
    before(1) == Some('.')
        && chars[start].is_alphabetic()
        && before(2).is_none_or(|c| class(c) != Class::Word && c != '.')
}

/// Calls `found` with the range of each part of an identifier's core: `snake`, `case` of
/// `snake_case`; `hash`, `map` of `HashMap`; `python` of `python3`. None where it has no parts.
/// `upper` tells of a character whether it was written in upper case.
pub fn parts(
    chars: &[char],
    core: Range<usize>,
    upper: impl Fn(usize) -> bool,
    mut found: impl FnMut(Range<usize>),
) {
    let mut start = core.start;
    let mut i = core.start;
    while i < core.end {
        let boundary = chars[i] == '_'
            || (i > start && hump(chars, &upper, i, core.end))
            || (i > start && chars[i].is_ascii_digit() != chars[i - 1].is_ascii_digit());
        if boundary {
            part(start..i, &core, &mut found);
            start = if chars[i] == '_' { i + 1 } else { i };
        }
        i += 1;
    }
    part(start..core.end, &core, &mut found);
}

/// Parts of one character say too little to be searched by.
const SHORTEST_PART_CHARS: usize = 2;

fn part(range: Range<usize>, whole: &Range<usize>, found: &mut impl FnMut(Range<usize>)) {
    if range.len() >= SHORTEST_PART_CHARS && range != *whole {
        found(range);
    }
}

/// True where a new word begins by its case: `hashMap`, `HTTPServer` before `Server`.
fn hump(chars: &[char], upper: &impl Fn(usize) -> bool, i: usize, end: usize) -> bool {
    let lower_next = i + 1 < end && !upper(i + 1) && chars[i + 1].is_alphabetic();
    upper(i) && (!upper(i - 1) || lower_next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::Folded;

    fn check(text: &str, expected: &[&str]) {
        let folded = Folded::new(text);
        let mut found = Vec::new();
        pieces(&folded.chars, |p| {
            found.push(folded.chars[p.range()].iter().collect::<String>());
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn identifiers_are_taken_out_whole() {
        check("C++内存", &["c++", "内存"]);
        check("C# 和 F#，.NET 平台", &["c#", "和", "f#", ".net", "平台"]);
        check("__init__ 与@classmethod", &["__init__", "与", "classmethod"]);
        check("重跑gen后", &["重跑", "gen", "后"]);
        check("B+树 3月 v3.6.3", &["b+", "树", "3", "月", "v3", "6", "3"]);
        check("a+b c++11", &["a", "b", "c", "11"]);
        check("句子。Go!😀→", &["句子", "go", "😀", "→"]);
        check("##标题 #tag", &["标题", "tag"]);
        check("", &[]);
    }

    #[test]
    fn identifiers_have_parts() {
        for (text, expected) in [
            ("HashMap", vec!["hash", "map"]),
            ("HTTPServer", vec!["http", "server"]),
            ("snake_case", vec!["snake", "case"]),
            ("python3", vec!["python"]),
            ("k8s", vec![]),
            ("hello", vec![]),
            ("__iter__", vec!["iter"]),
            ("getHTTPResponse2", vec!["get", "http", "response"]),
        ] {
            let folded = Folded::new(text);
            let mut found = Vec::new();
            let upper = |i: usize| {
                text.as_bytes()[folded.starts[i] as usize].is_ascii_uppercase()
            };
            parts(&folded.chars, 0..folded.chars.len(), upper, |r| {
                found.push(folded.chars[r].iter().collect::<String>());
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
