//! Folding: what people type in many ways is searched in one.
//!
//! Law: spans point at the original. Folding changes characters, never the byte ranges that
//! they came from.

use std::ops::Range;

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fold.bin"));
static LONGER: &[(char, &str)] = include!(concat!(env!("OUT_DIR"), "/fold_longer.rs"));

/// Table entries that are no characters: nothing stays; several stay.
const DROPPED: u16 = 0xFFFE;
const SEVERAL: u16 = 0xFFFF;

/// Text as it is searched, with the way back to the text as it is written.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The folded characters.
    pub chars: Vec<char>,
    /// For each folded character, the byte offset of the character it came from.
    pub starts: Vec<u32>,
    /// Length of the original in bytes.
    pub len_bytes: u32,
}

impl Folded {
    /// Folds a text. Offsets are 32 bits wide: longer texts are cut by the caller before.
    pub fn new(text: &str) -> Self {
        let mut folded = Self::default();
        folded.fill(text);
        folded
    }

    /// Folds a text into this one's memory.
    pub fn fill(&mut self, text: &str) {
        self.chars.clear();
        self.starts.clear();
        self.chars.reserve(text.len() / 2);
        self.starts.reserve(text.len() / 2);
        self.len_bytes = text.len() as u32;
        let mut at = 0;
        while at < text.len() {
            // Many at a time: two thirds of all characters.
            let ascii = ascii_len(&text.as_bytes()[at..]);
            let (start, end) = (at, at + ascii);
            let run = &text.as_bytes()[start..end];
            self.chars.extend(run.iter().map(|&byte| ascii_as_searched(byte)));
            self.starts.extend(start as u32..end as u32);
            at = end;
            for c in text[at..].chars().take_while(|c| !c.is_ascii()) {
                each(c, |folded| {
                    self.chars.push(folded);
                    self.starts.push(at as u32);
                });
                at += c.len_utf8();
            }
        }
    }

    /// Returns the bytes of the original that the folded characters `range` came from.
    /// Whole characters always; empty for an empty range.
    pub fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.starts.get(range.start).map_or(self.len_bytes, |&s| s) as usize;
        if range.is_empty() {
            return start..start;
        }
        let last = self.starts[range.end - 1];
        let next = self.starts[range.end..].iter().find(|&&s| s > last);
        start..next.map_or(self.len_bytes, |&s| s) as usize
    }
}

/// Returns what [`Folded::span`] does for ranges of a text of which some are known, in their order,
/// without folding all of it.
pub fn spans(text: &str, ranges: &[Range<u32>]) -> Vec<Range<usize>> {
    let ends = |r: &Range<u32>| [r.start, r.end.max(r.start + 1) - 1];
    let mut wanted: Vec<u32> = ranges.iter().flat_map(ends).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let origins = origins(text, &wanted);
    let origin = |at: u32| {
        let found = wanted.binary_search(&at).ok().and_then(|n| origins.get(n).cloned());
        found.unwrap_or(text.len()..text.len())
    };
    let span = |range: &Range<u32>| {
        let start = origin(range.start).start;
        match range.is_empty() {
            true => start..start,
            false => start..origin(range.end - 1).end,
        }
    };
    ranges.iter().map(span).collect()
}

/// Returns the bytes that folded characters came from, up to the next that has any. `wanted` are
/// sorted; those after the end of the text are left out.
fn origins(text: &str, wanted: &[u32]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::with_capacity(wanted.len());
    // Those before it know where they end.
    let mut ended = 0;
    let mut next = wanted.first().copied();
    let (mut at, mut index) = (0, 0);
    while at < text.len() {
        let run = ascii_len(&text.as_bytes()[at..]);
        if run > 0 && ended < found.len() {
            found[ended..].iter_mut().for_each(|origin| origin.end = at);
            ended = found.len();
        }
        while let Some(place) = next.filter(|place| *place < index + run as u32) {
            let start = at + (place - index) as usize;
            found.push(start..start + 1);
            next = wanted.get(found.len()).copied();
            // What follows may be nothing when it is folded.
            ended += usize::from(start + 1 < at + run);
        }
        (at, index) = (at + run, index + run as u32);
        for c in text[at..].chars().take_while(|c| !c.is_ascii()) {
            let count = if one(c).is_some() { 1 } else { count_of(c) };
            if count > 0 && ended < found.len() {
                found[ended..].iter_mut().for_each(|origin| origin.end = at);
                ended = found.len();
            }
            index += count;
            while next.is_some_and(|place| place < index) {
                found.push(at..text.len());
                next = wanted.get(found.len()).copied();
            }
            at += c.len_utf8();
        }
        if next.is_none() && ended == found.len() {
            return found;
        }
    }
    found[ended..].iter_mut().for_each(|origin| origin.end = text.len());
    found
}

#[cold]
fn count_of(c: char) -> u32 {
    let mut count = 0;
    each(c, |_| count += 1);
    count
}

/// How many bytes there are before the first that is not of ASCII.
fn ascii_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii()).count()
}

/// Returns a text as it is searched.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        each(c, |f| folded.push(f));
    }
    folded
}

/// Returns the one character that `c` is searched as; `None` where it is not one, or may not be.
#[inline]
pub fn one(c: char) -> Option<char> {
    let at = 2 * c as usize;
    let entry = u16::from_le_bytes([*TABLE.get(at)?, *TABLE.get(at + 1)?]);
    if entry == DROPPED {
        None
    } else {
        char::from_u32(u32::from(entry)).filter(|_| entry != SEVERAL)
    }
}

/// What a character of ASCII is searched as; `fold_of_ascii_is_lower_case` guards it.
#[inline]
fn ascii_as_searched(byte: u8) -> char {
    char::from(match byte {
        b'\t' | b'\r' | b'\x0b' | b'\x0c' => b' ',
        b'`' => b'\'',
        byte => byte.to_ascii_lowercase(),
    })
}

/// Calls `push` with each character that `c` is searched as.
#[inline]
pub fn each(c: char, mut push: impl FnMut(char)) {
    let code = c as usize;
    if code < 0x80 {
        return push(ascii_as_searched(code as u8));
    }
    if code < 0x10000 {
        match u16::from_le_bytes([TABLE[2 * code], TABLE[2 * code + 1]]) {
            DROPPED => return,
            SEVERAL => {}
            one => return push(char::from_u32(u32::from(one)).unwrap_or(c)),
        }
    }
    match LONGER.binary_search_by_key(&c, |&(from, _)| from) {
        Ok(i) => LONGER[i].1.chars().for_each(push),
        Err(_) => push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_in_many_ways_folds_to_one() {
        for (typed, searched) in [
            ("後端開發", "后端开发"),
            ("ＴＣＰ／ＩＰ", "tcp/ip"),
            ("café", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("ﬁle", "file"),
            ("“引号”「引號」", "\"引号\"\"引号\""),
            ("线\u{200b}程", "线程"),
            ("執行緒", "执行绪"),
            ("한국어", "한국어"),
            ("a\tb\u{3000}c", "a b c"),
            ("①②", "12"),
            ("𝐀𝑩", "ab"),
        ] {
            assert_eq!(fold(typed), searched, "{typed}");
        }
    }

    #[test]
    fn fold_of_ascii_is_lower_case() {
        for code in 0..0x80u8 {
            let c = char::from(code);
            let entry = u16::from_le_bytes([
                TABLE[2 * code as usize],
                TABLE[2 * code as usize + 1],
            ]);
            assert_eq!(
                fold(&c.to_string()).chars().next().map(|c| c as u16),
                Some(entry),
                "{c:?}"
            );
        }
    }

    #[test]
    fn spans_cover_whole_characters_of_the_original() {
        let text = "ａ後cafe\u{301}㎏x";
        let folded = Folded::new(text);
        assert_eq!(folded.chars.iter().collect::<String>(), "a后cafekgx");
        for (range, written) in [
            (0..1, "ａ"),
            (1..2, "後"),
            (2..6, "cafe\u{301}"),
            (6..7, "㎏"),
            (6..8, "㎏"),
            (7..8, "㎏"),
            (8..9, "x"),
            (3..3, ""),
        ] {
            assert_eq!(&text[folded.span(range.clone())], written, "{range:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn some_spans_are_those_of_all(
            text in "[a-c後ａ㎏\u{301}\u{200b}\n ]{0,12}|.{0,8}",
            ranges in proptest::collection::vec((0u32..16, 0u32..4), 0..6),
        ) {
            let folded = Folded::new(&text);
            let count = folded.chars.len() as u32;
            let within = |(start, len): (u32, u32)| {
                let start = start.min(count);
                start..(start + len).min(count)
            };
            let ranges: Vec<_> = ranges.into_iter().map(within).collect();
            let whole = |r: &Range<u32>| folded.span(r.start as usize..r.end as usize);
            let expected: Vec<_> = ranges.iter().map(whole).collect();
            proptest::prop_assert_eq!(spans(&text, &ranges), expected);
        }
    }
}
