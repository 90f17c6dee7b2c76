//! Blocks of HTML that nothing ends. To CommonMark the rest of the note is inside: a comment that
//! is typed by half, or code in PHP that was pasted, would hide every heading below it.
//!
//! Law: what a block does not end is read as Markdown; every byte stays where it is.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// What begins a block, and what ends it (CommonMark 0.31, 4.6, kinds 1, 2, 3 and 5, where the
/// parser wants a tag's own end; kind 4 ends at any `>`).
struct Kind {
    begin: &'static str,
    end: &'static str,
}

const KINDS: [Kind; 7] = [
    Kind { begin: "<script", end: "</script>" },
    Kind { begin: "<style", end: "</style>" },
    Kind { begin: "<pre", end: "</pre>" },
    Kind { begin: "<textarea", end: "</textarea>" },
    Kind { begin: "<!--", end: "-->" },
    Kind { begin: "<?", end: "?>" },
    Kind { begin: "<![CDATA[", end: "]]>" },
];

/// Below one that is opened up another may show. In a list each is found by itself: there an end
/// after the list counts for the rest of the note, and what is left stays as CommonMark has it.
const MOST_ROUNDS: usize = 8;

/// Returns the text with a space for the `<` of each block that nothing ends.
///
/// **Cost**: a look at each `<`; a pass of the parser, at most [`MOST_ROUNDS`], only where the last
/// beginning of a kind stands after its last end.
pub(super) fn opened(text: Cow<'_, str>, options: Options) -> Cow<'_, str> {
    let mut text = text;
    for _ in 0..MOST_ROUNDS {
        if !has_any(&text) || !KINDS.iter().any(|kind| kind.is_open(&text)) {
            return text;
        }
        let found = unended(&text, options);
        if found.is_empty() {
            return text;
        }
        let mut bytes = text.into_owned().into_bytes();
        found.into_iter().for_each(|at| bytes[at] = b' ');
        text = String::from_utf8(bytes).expect("a space stands for a `<`").into();
    }
    text
}

/// Most notes have none: one look at each `<`.
fn has_any(text: &str) -> bool {
    let mut places = memchr::memchr_iter(b'<', text.as_bytes());
    places.any(|at| {
        let next = text.as_bytes().get(at + 1).map(u8::to_ascii_lowercase);
        matches!(next, Some(b's' | b'p' | b't' | b'!' | b'?'))
            && KINDS.iter().any(|kind| kind.begins(&text[at..]))
    })
}

/// Where blocks begin that nothing ends. Looks at no part of the text twice for one kind.
fn unended(text: &str, options: Options) -> Vec<usize> {
    let mut found = Vec::new();
    let last_ends = KINDS.each_ref().map(|kind| kind.last_end(text));
    // Of which kinds all that follow are found.
    let mut rest = [false; KINDS.len()];
    for (event, block) in Parser::new_ext(text, options).into_offset_iter() {
        if let Event::Start(Tag::HtmlBlock) = event
            && let Some((n, at)) = begun(text, block.clone())
            && !KINDS[n].ends_in(&text[at..block.end])
        {
            found.push(at);
            // Those inside of it have no end either; the parser does not tell of them.
            if last_ends[n].is_none_or(|end| end < at) && !rest[n] {
                rest[n] = true;
                let within = memchr::memchr_iter(b'<', &text.as_bytes()[at..]);
                found.extend(within.map(|i| at + i).filter(|&i| {
                    KINDS[n].begins(&text[i..]) && is_first_of_line(text, i)
                }));
            }
        }
    }
    found
}

fn is_first_of_line(text: &str, at: usize) -> bool {
    text[..at].trim_end_matches([' ', '\t']).ends_with('\n')
}

/// The number of a block's kind, and where its `<` is.
fn begun(text: &str, block: Range<usize>) -> Option<(usize, usize)> {
    let at = block.start + text.get(block)?.find('<')?;
    KINDS.iter().position(|kind| kind.begins(&text[at..])).map(|n| (n, at))
}

impl Kind {
    fn begins(&self, text: &str) -> bool {
        let is_tag = self.begin.ends_with(|c: char| c.is_ascii_alphabetic());
        let next = text.as_bytes().get(self.begin.len());
        let goes_on = next.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'-');
        starts_with(text, self.begin) && !(is_tag && goes_on)
    }

    fn ends_in(&self, text: &str) -> bool {
        let mut places = memchr::memchr_iter(self.end.as_bytes()[0], text.as_bytes());
        places.any(|at| starts_with(&text[at..], self.end))
    }

    fn last_end(&self, text: &str) -> Option<usize> {
        let mut places = memchr::memrchr_iter(self.end.as_bytes()[0], text.as_bytes());
        places.find(|&at| starts_with(&text[at..], self.end))
    }

    /// True where the last beginning stands after the last end.
    fn is_open(&self, text: &str) -> bool {
        let last = memchr::memrchr_iter(b'<', text.as_bytes())
            .find(|&at| self.begins(&text[at..]));
        last.is_some_and(|at| self.last_end(text).is_none_or(|end| end < at))
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    let head = text.as_bytes().get(..start.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::markdown::read;

    #[test]
    fn what_nothing_ends_hides_nothing() {
        for begin in [
            "<!-- 待办",
            "<script>",
            "<Script src=\"a.js\">",
            "<style>",
            "<pre>",
            "<textarea>",
            "<?php",
            "<![CDATA[",
            "- 项\n\n  <!-- in a list",
            "<!-- one\n<!-- two\n\n<!-- three\n<?php\n<script>",
            "<!-- 甲 -->\n<!-- 乙",
        ] {
            let text = format!("# 网络\n\n甲\n\n{begin}\n\n## 三次握手\n\nhandshake\n");
            let sections = read(&text).sections;
            let last = sections.last().expect("there is a heading");
            assert_eq!((&*last.title, &*last.body), ("三次握手", "handshake"), "{text}");
            assert_eq!(sections[0].title, "网络", "{text}");
        }
    }

    #[test]
    fn what_ends_is_left_alone() {
        for block in [
            "<!--\n## 二\n-->",
            "<script>\n## 二\n</script>",
            "<pre>\n## 二\n</pre>",
            "<preview>\n甲\n</preview>",
            "<?php\n## 二\n?>",
            "```html\n<script>\n## 二\n```",
            "`<!--` 与 `<?php`",
            "甲 <!-- 乙",
        ] {
            let text = format!("# 一\n\n{block}\n\n## 三\n\nx\n");
            let titles: Vec<_> =
                read(&text).sections.into_iter().map(|s| s.title).collect();
            assert_eq!(titles, ["一", "三"], "{text}");
        }
    }
}
