//! HTML in a note: what of it is text, and what is tags.
//!
//! Law: the tokens of a chunk, put together, are the chunk.

/// A stretch of an HTML chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Running text between tags.
    Text,
    /// A tag that does not part words, as `<b>`; `true` where it carries attributes.
    Inline(bool),
    /// A tag that parts words, as `<br>` or `<td>`; `true` where it carries attributes.
    Parting(bool),
    /// `<summary>`, whatever its attributes.
    SummaryOpen,
    /// `</summary>`.
    SummaryClose,
    /// `<details>`, whatever its attributes.
    DetailsOpen,
    /// `</details>`.
    DetailsClose,
    /// `<pre>`.
    PreOpen,
    /// `</pre>`.
    PreClose,
    /// A comment, script, style, or the inside of a tag begun on an earlier line.
    Hidden,
}

/// Where the previous chunk of the same block has left off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Html {
    /// Between tags.
    #[default]
    Text,
    /// Inside a tag.
    Tag,
    /// Inside something that ends with this string and is not shown.
    Until(&'static str),
}

/// Elements that do not part words: `O(n<sup>2</sup>)` reads `O(n2)`.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
];

/// The other elements. Whatever is in neither list is text somebody wrote, as `List<String>`.
const PARTING: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "path",
    "picture",
    "rp",
    "rt",
    "ruby",
    "script",
    "section",
    "select",
    "source",
    "strike",
    "style",
    "svg",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "ul",
    "video",
    "wbr",
];

/// Entities that are met in notes; HTML blocks are handed over undecoded.
const ENTITIES: &[(&str, &str)] = &[
    ("&nbsp;", " "),
    ("&emsp;", " "),
    ("&ensp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&middot;", "·"),
    ("&amp;", "&"),
];

impl Html {
    /// Returns the first token of `chunk`, part of one line, and its length in bytes.
    pub(super) fn next(&mut self, chunk: &str) -> (Token, usize) {
        match *self {
            Self::Text => self.next_text(chunk),
            Self::Tag => match chunk.find('>') {
                Some(end) => {
                    *self = Self::Text;
                    (Token::Hidden, end + 1)
                }
                None => (Token::Hidden, chunk.len()),
            },
            Self::Until(end) => match find_ignoring_case(chunk, end) {
                Some(at) => {
                    *self = Self::Text;
                    (Token::Hidden, at + end.len())
                }
                None => (Token::Hidden, chunk.len()),
            },
        }
    }

    fn next_text(&mut self, chunk: &str) -> (Token, usize) {
        let bytes = chunk.as_bytes();
        if bytes.first() == Some(&b'<') && opens_tag(bytes) {
            return self.next_tag(chunk);
        }
        let opens = |at: &usize| *at > 0 && opens_tag(&bytes[*at..]);
        let end = chunk.match_indices('<').map(|(at, _)| at).find(opens);
        (Token::Text, end.unwrap_or(chunk.len()))
    }

    fn next_tag(&mut self, chunk: &str) -> (Token, usize) {
        if chunk.starts_with("<!--") {
            *self = Self::Until("-->");
            // `<!-->` is a whole comment.
            return (Token::Hidden, if chunk.starts_with("<!-->") { 2 } else { 4 });
        }
        if chunk.starts_with("<![CDATA[") {
            *self = Self::Until("]]>");
            return (Token::Hidden, "<![CDATA[".len());
        }
        let len_bytes = match chunk.find('>') {
            Some(end) => end + 1,
            None => {
                *self = Self::Tag;
                chunk.len()
            }
        };
        if chunk.starts_with("<!") || chunk.starts_with("<?") {
            return (Token::Hidden, len_bytes);
        }
        let closing = chunk.starts_with("</");
        let inner = &chunk[if closing { 2 } else { 1 }..len_bytes];
        let name_end =
            inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = &inner[..name_end];
        let attributes =
            inner[name_end..].bytes().any(|b| b.is_ascii_alphanumeric() || b >= 0x80);
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let token = if is("summary") {
            if closing { Token::SummaryClose } else { Token::SummaryOpen }
        } else if is("details") {
            if closing { Token::DetailsClose } else { Token::DetailsOpen }
        } else if is("pre") {
            if closing { Token::PreClose } else { Token::PreOpen }
        } else if INLINE.iter().any(|n| is(n)) {
            Token::Inline(attributes)
        } else if is("script") && !closing {
            *self = Self::Until("</script>");
            Token::Parting(attributes)
        } else if is("style") && !closing {
            *self = Self::Until("</style>");
            Token::Parting(attributes)
        } else if attributes || PARTING.iter().any(|n| is(n)) {
            Token::Parting(attributes)
        } else {
            Token::Text
        };
        (token, len_bytes)
    }
}

/// Appends `text` with the common entities decoded.
pub(super) fn decode(mut text: &str, out: &mut String) {
    while let Some(at) = text.find('&') {
        out.push_str(&text[..at]);
        text = &text[at..];
        match ENTITIES.iter().find(|(entity, _)| text.starts_with(entity)) {
            Some((entity, shown)) => {
                out.push_str(shown);
                text = &text[entity.len()..];
            }
            None => {
                out.push('&');
                text = &text[1..];
            }
        }
    }
    out.push_str(text);
}

fn opens_tag(bytes: &[u8]) -> bool {
    let starts_name = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
    match bytes.get(1) {
        Some(b'/') => starts_name(bytes.get(2)),
        Some(b'!' | b'?') => true,
        next => starts_name(next),
    }
}

fn find_ignoring_case(text: &str, ascii: &str) -> Option<usize> {
    let found = |w: &[u8]| w.eq_ignore_ascii_case(ascii.as_bytes());
    text.as_bytes().windows(ascii.len()).position(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text a reader sees, tags shown as `|` where they part words.
    fn check(lines: &[&str], seen: &str) {
        let mut html = Html::default();
        let mut out = String::new();
        for line in lines {
            let mut rest = *line;
            while !rest.is_empty() {
                let (token, len_bytes) = html.next(rest);
                assert!(len_bytes > 0, "no step in {rest:?}");
                match token {
                    Token::Text => decode(&rest[..len_bytes], &mut out),
                    Token::Inline(_) | Token::Hidden => {}
                    _ => out.push('|'),
                }
                rest = &rest[len_bytes..];
            }
        }
        assert_eq!(out, seen, "for {lines:?}");
    }

    #[test]
    fn tags_go_and_text_stays() {
        check(&["<td>x</td>"], "|x|");
        check(&["O(n<sup>2</sup>)"], "O(n2)");
        check(&["一<br>二<br/>三"], "一|二|三");
        check(&["a < b && c <3"], "a < b && c <3");
        check(&["a &lt; b &amp;&nbsp;c &x"], "a < b & c &x");
        check(&["<!-- 注释", "还是 --> 正文"], " 正文");
        check(&["<img src=\"a\"", "  alt=\"图\"> 后"], "| 后");
        check(&["<STYLE>p{}</style>正文"], "|正文");
        check(&["List<String> 与 <T>"], "List<String> 与 <T>");
        check(&["<details><summary>问题</summary>"], "||问题|");
        check(&["<!-->x"], "x");
        check(&["<", "</", "<中文>"], "<</<中文>");
    }
}
