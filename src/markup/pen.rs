//! The Markdown reader's pen: writes text where it stands in the source.
//!
//! Law: the source between two written pieces is looked at once, and words in it go aside.

use std::mem;
use std::ops::Range;

use super::draft::{Draft, visible_chars};
use super::{emphasis, lines};

/// Two spaces a level, for 16 levels: without an end, deep lists would be quadratic.
const INDENT: &str = "                                ";

/// Writes into the current draft, or into the title while a heading is open.
pub(super) struct Pen<'a> {
    source: &'a str,
    /// Byte on which each line begins.
    starts: Vec<usize>,
    /// Index of the line last asked for; offsets mostly come in order.
    at_line: usize,
    lines_before: u32,
    /// Everything before this byte is written or aside.
    covered: usize,
    /// Marker of a list item or footnote that waits for its first text.
    pending: String,
    pending_line: u32,
    /// Runs of asterisks that stayed in the text of the open block.
    asterisks: Vec<Range<usize>>,
    /// True once the open block of code has a line.
    in_code: bool,
    /// Bold with which the open paragraph began: its line, and its span of the body.
    pub(super) lead: Option<(u32, Range<usize>)>,
    /// The section being written.
    pub(super) draft: Draft,
    /// The title being written, while a heading is open.
    pub(super) title: Option<String>,
    /// Links that are open.
    pub(super) links: u32,
    /// Lists that are open.
    pub(super) lists: u32,
}

impl<'a> Pen<'a> {
    /// Begins with the text before the first heading, `lines_before` lines into the note.
    pub(super) fn new(source: &'a str, lines_before: u32, title: Option<String>) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1));
        let mut draft = Draft::default();
        draft.restart(1, 0, title.unwrap_or_default());
        Self {
            source,
            starts,
            at_line: 0,
            lines_before,
            covered: 0,
            pending: String::new(),
            pending_line: 0,
            asterisks: Vec::new(),
            in_code: false,
            lead: None,
            draft,
            title: None,
            links: 0,
            lists: 0,
        }
    }

    /// Lines of the note; a line end at its end begins no further line.
    pub(super) fn line_count(&self) -> u32 {
        let unended = !self.source.is_empty() && !self.source.ends_with('\n');
        self.lines_before + (self.starts.len() - 1) as u32 + u32::from(unended)
    }

    /// The source of an event; empty where its range is none.
    pub(super) fn source(&self, range: Range<usize>) -> &'a str {
        self.source.get(range).unwrap_or_default()
    }

    /// The source from a byte on.
    pub(super) fn source_from(&self, from: usize) -> &'a str {
        self.source.get(from..).unwrap_or_default()
    }

    /// The byte in front of `at`.
    pub(super) fn byte_before(&self, at: usize) -> Option<u8> {
        self.source.as_bytes().get(at.checked_sub(1)?).copied()
    }

    /// Line of the note, 1-based, on which a byte of the source stands.
    #[inline]
    pub(super) fn line_of(&mut self, at: usize) -> u32 {
        if at < self.starts[self.at_line] {
            self.at_line = self.starts.partition_point(|start| *start <= at) - 1;
        } else {
            while self.starts.get(self.at_line + 1).is_some_and(|start| *start <= at) {
                self.at_line += 1;
            }
        }
        self.lines_before + self.at_line as u32 + 1
    }

    /// Puts the words between the last piece and this one aside.
    #[inline]
    pub(super) fn cover(&mut self, range: &Range<usize>) {
        if range.start > self.covered {
            let gap = self.covered..range.start;
            let bytes = &self.source.as_bytes()[gap.clone()];
            if bytes.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
                self.put_aside(gap);
            }
        }
        self.covered = self.covered.max(range.end);
    }

    #[cold]
    fn put_aside(&mut self, gap: Range<usize>) {
        let mut at = gap.start;
        for line in lines(self.source(gap)) {
            // What is left of `](target "title")` and of fences, at both ends.
            let piece = line
                .trim_start_matches([
                    ' ', '\t', '`', '~', '>', '*', '_', ']', '(', '!', '|', '"',
                ])
                .trim_end_matches([
                    ' ', '\t', '\r', '`', '~', '*', '_', '[', ')', '!', '|', '"',
                ]);
            if piece.contains(char::is_alphanumeric) {
                let line = self.line_of(at);
                self.draft.put_aside(line, piece);
            }
            at += line.len() + 1;
        }
    }

    /// Writes prose. `text` must have no line end.
    #[inline]
    pub(super) fn write(&mut self, at: usize, text: &str) {
        if let Some(title) = &mut self.title {
            return title.push_str(text);
        }
        let line = self.line_of(at);
        self.begin_line(line);
        let mut text = text;
        if self.draft.body.at_line_start() {
            text = text.trim_start_matches([' ', '\t']);
            if text.is_empty() {
                return;
            }
            self.draft.body.push(indent(self.lists));
        }
        self.draft.body.push(text);
        if self.links > 0 {
            self.draft.count_link(line, visible_chars(text) as u32);
        }
    }

    /// Writes an asterisk that CommonMark has found no use for.
    pub(super) fn write_asterisk(&mut self, at: usize) {
        self.write(at, "*");
        let end = self.title.as_deref().unwrap_or(self.draft.body.text()).len();
        match self.asterisks.last_mut() {
            Some(run) if run.end + 1 == end => run.end = end,
            Some(_) | None => self.asterisks.push(end - 1..end),
        }
    }

    /// Begins a block of code.
    pub(super) fn start_code(&mut self) {
        self.in_code = false;
    }

    /// Writes lines of code as they are.
    pub(super) fn write_code(&mut self, at: usize, text: &str) {
        let first = self.line_of(at);
        for (line, code) in (first..).zip(lines(text)) {
            let code = code.strip_suffix('\r').unwrap_or(code);
            if code.is_empty() {
                continue;
            }
            self.begin_line(line);
            self.draft.body.push_verbatim(code);
            match self.draft.code.last_mut() {
                // Blank lines are no gap.
                Some(last) if self.in_code => last.end = line + 1,
                Some(_) | None => self.draft.code.push(line..line + 1),
            }
            self.in_code = true;
        }
    }

    /// Writes lines of an indented block, set in as far as they are beyond the block.
    pub(super) fn write_indented(&mut self, at: usize, text: &str) {
        let first = self.line_of(at);
        for (line, prose) in (first..).zip(lines(text)) {
            if prose.trim().is_empty() {
                continue;
            }
            self.begin_line(line);
            let from = self.draft.body.text().len();
            self.draft.body.push(prose.trim_end());
            emphasis::runs(self.draft.body.text(), from, &mut self.asterisks);
        }
    }

    /// Writes a gap between words of the same line.
    pub(super) fn write_gap(&mut self, line: u32) {
        match &mut self.title {
            Some(title) => title.push(' '),
            None if line == self.draft.body.current() => self.draft.body.push_gap(),
            None => {}
        }
    }

    /// Parts a cell of a table from the one before.
    pub(super) fn write_cell_border(&mut self, line: u32) {
        self.begin_line(line);
        self.draft.body.push(" | ");
    }

    /// Keeps the marker of a list item until its text comes: a bullet, or a number and dot.
    pub(super) fn hold_marker(&mut self, line: u32, marker: &str) {
        if self.pending_line != line {
            self.flush_pending();
        }
        if self.pending.is_empty() {
            self.pending_line = line;
            self.pending.push_str(indent(self.lists.saturating_sub(1)));
        }
        self.pending.push_str(marker);
        self.pending.push(' ');
    }

    /// Forgets a marker on this line: a heading stands in the item.
    pub(super) fn drop_marker(&mut self, line: u32) {
        if self.pending_line == line {
            self.pending.clear();
        }
        self.flush_pending();
    }

    /// Takes stray asterisks out of the block that ends here.
    #[inline]
    pub(super) fn settle_asterisks(&mut self) {
        if !self.asterisks.is_empty() && self.title.is_none() {
            let runs = self.take_asterisks();
            let lead = self.lead.as_mut().map(|(_, span)| (span.end, span));
            let mut lead = lead;
            emphasis::strip(self.draft.body.text_mut(), &runs, |run| {
                if let Some((end, span)) = &mut lead
                    && run.start < *end
                {
                    span.end -= run.len();
                }
            });
        }
    }

    /// Hands the title over, stray asterisks taken out.
    pub(super) fn take_title(&mut self) -> Option<String> {
        let mut title = self.title.take()?;
        let runs = self.take_asterisks();
        emphasis::strip(&mut title, &runs, |_| ());
        Some(title)
    }

    /// Writes what is still held back, at the end of the note.
    pub(super) fn finish(&mut self) {
        let end = self.source.len();
        self.cover(&(end..end));
        self.settle_asterisks();
        self.flush_pending();
    }

    /// Moves on to a line, writing a marker that waits.
    #[inline]
    fn begin_line(&mut self, line: u32) {
        if !self.pending.is_empty() {
            self.flush_pending();
        }
        self.draft.body.go_to(line);
    }

    fn flush_pending(&mut self) {
        if !self.pending.is_empty() {
            self.draft.body.go_to(self.pending_line);
            self.draft.body.push(&self.pending);
            self.pending.clear();
        }
    }

    /// A single asterisk is one: `5 * 3`.
    fn take_asterisks(&mut self) -> Vec<Range<usize>> {
        let mut runs = mem::take(&mut self.asterisks);
        runs.retain(|run| run.len() >= 2);
        runs
    }
}

fn indent(levels: u32) -> &'static str {
    &INDENT[..INDENT.len().min(levels as usize * 2)]
}
