//! One heading with what follows it, still being written: text that keeps to its lines.
//!
//! Law: whatever is put in for a line of the note stands on that line of the body.

use std::mem;
use std::ops::Range;

/// Memory that is taken ahead for the next text, at most: of 106,879 sections 98 of a hundred are no
/// longer.
const MOST_AHEAD_BYTES: usize = 4 << 10;

/// Text that keeps to the lines of the note.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    first: u32,
    current: u32,
    verbatim: bool,
}

impl Lines {
    /// Moves on to a line of the note, 1-based. A line already passed leaves it where it is.
    #[inline]
    pub(super) fn go_to(&mut self, line: u32) {
        if self.text.is_empty() {
            (self.first, self.current) = (line, line);
        } else if line > self.current {
            self.drop_trailing_spaces();
            self.text.extend(std::iter::repeat_n('\n', (line - self.current) as usize));
            self.current = line;
            self.verbatim = false;
        }
    }

    /// Adds to the current line. `piece` must have no line end.
    #[inline]
    pub(super) fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// Adds code to the current line, which then keeps its trailing spaces.
    #[inline]
    pub(super) fn push_verbatim(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.verbatim = true;
    }

    /// Parts words without doubling spaces.
    pub(super) fn push_gap(&mut self) {
        if !self.at_line_start() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// True where nothing stands on the current line yet.
    #[inline]
    pub(super) fn at_line_start(&self) -> bool {
        matches!(self.text.as_bytes().last(), None | Some(b'\n'))
    }

    /// Everything written so far.
    #[inline]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The same, to be shortened within the current line.
    pub(super) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// Line of the note on which the text begins, 1-based.
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// Line of the note that is being written, 1-based.
    pub(super) fn current(&self) -> u32 {
        self.current
    }

    /// Hands the text out and begins anew.
    pub(super) fn take(&mut self) -> String {
        self.drop_trailing_spaces();
        self.verbatim = false;
        // What comes next is about as long: a text that grows is copied again and again.
        let next = String::with_capacity(self.text.len().min(MOST_AHEAD_BYTES));
        mem::replace(&mut self.text, next)
    }

    /// Takes blanks off the end of the current line, so that a byte noted here stays where
    /// it is.
    pub(super) fn drop_trailing_spaces(&mut self) {
        if !self.verbatim {
            self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
        }
    }
}

/// Something the writer of the body has seen and the text alone does not show.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Hashes without a space begin this line; `alone` where it is a paragraph by itself.
    Hashes { line: u32, alone: bool },
    /// A paragraph begins with bold; the bold takes this span of the body, in bytes.
    Bold { line: u32, span: Range<usize> },
    /// A summary with its title; it takes this span of the body, in bytes, which ends on
    /// `rest_line`. The section begins on `line`.
    Summary { line: u32, title: String, span: Range<usize>, rest_line: u32 },
    /// What a summary hides ends at this byte of the body; the text there is of this line.
    DetailsEnd { line: u32, at: usize },
}

/// One heading with what follows it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Line of the heading, 1-based.
    pub(super) line: u32,
    /// Depth of the heading, 0 before the first.
    pub(super) depth: u8,
    /// Title as a reader sees it.
    pub(super) title: String,
    /// Text as a reader sees it.
    pub(super) body: Lines,
    /// Lines of the note that are code, half-open.
    pub(super) code: Vec<Range<u32>>,
    /// Lines of the note that are no prose and hold no question, half-open.
    pub(super) tables: Vec<Range<u32>>,
    /// Lines of the note with a question mark in inline code, ascending.
    pub(super) coded: Vec<u32>,
    /// Characters inside links, by line of the note.
    pub(super) linked: Vec<(u32, u32)>,
    /// In the order of the note, save that a bold may come late.
    pub(super) marks: Vec<Mark>,
    aside: String,
    aside_lines: Vec<u32>,
}

impl Draft {
    /// Adds a piece that is not prose. It must be of one line.
    pub(super) fn put_aside(&mut self, line: u32, piece: &str) {
        if !self.aside_lines.is_empty() {
            self.aside.push('\n');
        }
        self.aside.push_str(piece);
        self.aside_lines.push(line);
    }

    /// Adds to the count of characters inside links.
    pub(super) fn count_link(&mut self, line: u32, chars: u32) {
        match self.linked.last_mut() {
            Some((last, sum)) if *last == line => *sum += chars,
            Some(_) | None => self.linked.push((line, chars)),
        }
    }

    /// True where nothing at all has been put in.
    pub(super) fn is_blank(&self) -> bool {
        self.aside_lines.is_empty() && self.body.text().trim().is_empty()
    }

    /// Pieces with their lines, in order.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (u32, &str)> {
        self.aside_lines.iter().copied().zip(self.aside.split('\n'))
    }

    /// Hands the aside out, pieces and all.
    pub(super) fn take_aside(&mut self) -> String {
        self.aside_lines.clear();
        mem::take(&mut self.aside)
    }

    /// Takes the pieces out that belong to `line` or a later one.
    pub(super) fn split_aside(&mut self, line: u32) -> Vec<(u32, String)> {
        let mut taken = Vec::new();
        while let Some(last) = self.aside_lines.last().copied().filter(|l| *l >= line) {
            let start = self.aside.rfind('\n');
            taken.push((last, self.aside[start.map_or(0, |s| s + 1)..].to_string()));
            self.aside.truncate(start.unwrap_or(0));
            self.aside_lines.pop();
        }
        taken.reverse();
        taken
    }

    /// Begins the next heading, keeping the allocations.
    pub(super) fn restart(&mut self, line: u32, depth: u8, title: String) {
        self.take_aside();
        self.body.take();
        self.code.clear();
        self.tables.clear();
        self.coded.clear();
        self.linked.clear();
        self.marks.clear();
        (self.line, self.depth, self.title) = (line, depth, title);
    }
}

/// Characters of `text` that a reader sees: all but white space.
pub(super) fn visible_chars(text: &str) -> usize {
    // Counts first bytes; the few wide spaces of Unicode do not matter to a share.
    text.bytes().filter(|b| (*b & 0xC0) != 0x80 && *b > b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_to_its_lines() {
        let mut lines = Lines::default();
        lines.go_to(3);
        lines.push("一 ");
        lines.push("two  ");
        lines.go_to(5);
        lines.push_verbatim("code  ");
        lines.go_to(4);
        lines.go_to(6);
        lines.push("end ");
        assert_eq!((lines.first(), lines.current()), (3, 6));
        assert_eq!(lines.take(), "一 two\n\ncode  \nend");
        assert_eq!(lines.take(), "");
    }

    #[test]
    fn aside_is_split_by_line() {
        let mut draft = Draft::default();
        for (line, piece) in [(1, "甲"), (2, "b"), (2, ""), (4, "d")] {
            draft.put_aside(line, piece);
        }
        let taken = draft.split_aside(2);
        assert_eq!(taken, [(2, "b".into()), (2, String::new()), (4, "d".into())]);
        assert_eq!(draft.pieces().collect::<Vec<_>>(), [(1, "甲")]);
        assert_eq!(draft.take_aside(), "甲");
        assert!(draft.is_blank());
    }

    #[test]
    fn visible_characters_are_counted() {
        assert_eq!(visible_chars("缓存 a\tb\n"), 4);
    }
}
