//! From a note's text to sections: the heading (or question) and the answer below it.
//!
//! Law: reading never fails. Any text gives sections; they tile the note, and line *i* of a
//! section's body is line `body_line + i` of the note.

use std::ops::Range;

mod cutter;
mod draft;
mod emphasis;
mod finder;
mod folds;
mod front;
mod heading;
mod html;
mod markdown;
mod marker;
mod pen;
mod plain;
mod question;
mod section;
mod unended;

pub use section::Shown;

/// One heading or question with the text up to the next heading of any level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Line of the heading, 1-based; 1 for the text before the first heading.
    pub line: u32,
    /// Last line of the section, 1-based and inclusive. A heading without a body of its own
    /// reaches to the end of its children.
    pub end_line: u32,
    /// 1 to 6 for headings, 7 for questions that are not headings, 0 for the text before the
    /// first heading.
    pub depth: u8,
    /// The heading as a reader sees it, without markup; the note's title, or empty, before the
    /// first heading.
    pub title: String,
    /// Titles of the headings above, outermost first, own title excluded.
    pub trail: Vec<String>,
    /// The text as a reader sees it, markup removed, line for line.
    pub body: String,
    /// Line of the note on which `body` begins, 1-based; equals `line` where question and
    /// answer share a line.
    pub body_line: u32,
    /// Lines of `body` (0-based, half-open) that are code.
    pub code: Vec<Range<u32>>,
    /// What the source says on these lines that a reader does not see as prose: link targets,
    /// HTML, link definitions, front matter. One piece a line.
    pub aside: String,
    /// True where the section has no text of its own and `body` shows that of its children.
    pub borrowed: bool,
    /// Share of the body's characters that stand inside links, in percent.
    pub link_percent: u8,
}

/// A note, cut.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Title from the front matter, if it has one.
    pub title: Option<String>,
    /// Tags from the front matter, without `#`.
    pub tags: Vec<String>,
    /// All sections in the order of the note. An empty note has none.
    pub sections: Vec<Section>,
}

/// A way to read one kind of file.
pub struct Reader {
    /// File name endings, lower case, without the dot.
    pub endings: &'static [&'static str],
    /// Cuts a note's text. Total: accepts anything.
    pub read: fn(&str) -> Document,
    /// A section without a heading is laid out as Markdown, not line for line.
    pub is_markdown: bool,
}

/// Every kind of file that is read as a note. A new kind is a file in this room and a row here.
pub const READERS: &[Reader] = &[
    Reader {
        endings: &["md", "markdown", "mdx"],
        read: markdown::read,
        is_markdown: true,
    },
    Reader { endings: &["txt"], read: plain::read, is_markdown: false },
];

/// Returns the ending of a path, without the dot: it says how a note is written.
pub fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn reader(ending: &str) -> Option<&'static Reader> {
    let ending = ending.to_ascii_lowercase();
    READERS.iter().find(|r| r.endings.contains(&ending.as_str()))
}

/// Returns true where a note with this ending is Markdown, as one is that no reader claims.
pub fn is_markdown(ending: &str) -> bool {
    reader(ending).is_none_or(|r| r.is_markdown)
}

/// Cuts a note into sections by the reader for its ending, as Markdown where none claims it.
pub fn sections(ending: &str, text: &str) -> Document {
    (reader(ending).map_or(markdown::read as fn(&str) -> Document, |r| r.read))(text)
}

/// The lines of a text, without their ends: as `split('\n')`, which takes ten times as long to
/// look through a short line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memchr(b'\n', text.as_bytes()) else {
            return rest.take();
        };
        rest = Some(&text[end + 1..]);
        Some(&text[..end])
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_are_what_stands_between_their_ends() {
        for text in ["", "a", "a\n", "\n\n锁\r\n\nb", "三\n次"] {
            assert!(super::lines(text).eq(text.split('\n')), "{text:?}");
        }
    }
}
