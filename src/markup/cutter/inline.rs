//! What stands inside of paragraphs, headings and cells.
//!
//! Law: every event moves the pen over its own source, so that nothing is written twice.

use std::ops::Range;

use super::super::draft::Mark;
use super::super::emphasis;
use super::{Cutter, Fresh, Verbatim};

impl Cutter<'_> {
    /// Takes prose, or a line of a verbatim block.
    #[inline]
    pub(in crate::markup) fn text(&mut self, range: Range<usize>, text: &str) {
        self.pen.cover(&range);
        match self.verbatim {
            Some(Verbatim::Fenced) => return self.pen.write_code(range.start, text),
            Some(Verbatim::Indented) => {
                return self.pen.write_indented(range.start, text);
            }
            None => {}
        }
        match text.as_bytes().first() {
            // `&#10;` decodes to a line end, which must not add a line.
            Some(b'\n' | b'\r') => self.pen.write(range.start, " "),
            Some(b'*') if text == "*" && !self.is_escaped(range.start) => {
                self.pen.write_asterisk(range.start);
            }
            Some(b'#') => {
                self.mark_hashes(range.start);
                self.pen.write(range.start, text);
            }
            Some(_) | None => self.pen.write(range.start, text),
        }
        self.fresh = Fresh::No;
    }

    /// Takes inline code, which may run over several lines.
    pub(in crate::markup) fn code(&mut self, range: Range<usize>, text: &str) {
        self.pen.cover(&range);
        self.fresh = Fresh::No;
        if text.contains('?') && self.heading.is_none() {
            let line = self.pen.line_of(range.start);
            self.pen.draft.coded.push(line);
        }
        let source = self.pen.source(range.clone());
        if self.heading.is_some() || !source.contains('\n') {
            return self.pen.write(range.start, text);
        }
        let inner = source.trim_start_matches('`');
        let mut at = range.end - inner.len();
        for (i, line) in inner.trim_end_matches('`').split('\n').enumerate() {
            // The next lines may stand in a quote.
            let shown =
                if i > 0 { line.trim_start_matches([' ', '\t', '>']) } else { line };
            self.pen.write(at, shown.trim_end());
            at += line.len() + 1;
        }
    }

    /// Takes something that shows as `label`.
    pub(in crate::markup) fn label(&mut self, range: Range<usize>, label: &str) {
        self.pen.cover(&range);
        self.fresh = Fresh::No;
        self.pen.write(range.start, label);
    }

    /// Takes HTML, a line of a block or what stands in a paragraph.
    pub(in crate::markup) fn html(&mut self, range: Range<usize>, html: &str) {
        self.pen.cover(&range);
        // HTML without a blank line below swallows a heading.
        if html.starts_with('#') && self.folds.is_between_tags() {
            self.fresh = Fresh::Paragraph;
            self.mark_hashes(range.start);
            self.fresh = Fresh::No;
        }
        self.folds.take(&mut self.pen, range.start, html);
    }

    /// Ends a line inside a paragraph.
    pub(in crate::markup) fn line_break(&mut self) {
        self.fresh = Fresh::Line;
        if let Some(mark) = self.lone_hashes.take()
            && let Some(Mark::Hashes { alone, .. }) = self.pen.draft.marks.get_mut(mark)
        {
            *alone = false;
        }
        if let Some(title) = &mut self.pen.title {
            title.push(' ');
        }
    }

    /// Begins a link.
    pub(in crate::markup) fn start_link(&mut self) {
        self.pen.links += 1;
    }

    /// Ends a link.
    pub(in crate::markup) fn end_link(&mut self) {
        self.pen.links -= 1;
    }

    /// Begins bold.
    pub(in crate::markup) fn start_strong(&mut self, range: Range<usize>) {
        if self.delimiter(range.clone(), range.start) {
            return;
        }
        let leads =
            self.fresh == Fresh::Paragraph && self.pen.lists == 0 && self.quotes == 0;
        if leads || self.lead_depth > 0 {
            self.lead_depth += 1;
        }
    }

    /// Ends bold.
    pub(in crate::markup) fn end_strong(&mut self, range: Range<usize>) {
        let line = self.pen.line_of(range.start);
        if self.delimiter(range.clone(), range.end.saturating_sub(1))
            || self.lead_depth == 0
        {
            return;
        }
        self.lead_depth -= 1;
        if self.lead_depth == 0 {
            self.pen.draft.body.drop_trailing_spaces();
            let body = self.pen.draft.body.text();
            let start = body.rfind('\n').map_or(0, |at| at + 1);
            if self.pen.draft.body.current() == line && start < body.len() {
                self.pen.lead = Some((line, start..body.len()));
            }
        }
    }

    /// Begins or ends emphasis at byte `at`.
    pub(in crate::markup) fn emphasis(&mut self, range: Range<usize>, at: usize) {
        self.delimiter(range, at);
    }

    /// Writes the sign of an emphasis that a person means as a sign. True where it has.
    fn delimiter(&mut self, range: Range<usize>, at: usize) -> bool {
        let before = self.pen.byte_before(range.start);
        let shown = emphasis::shown_delimiter(before, self.pen.source(range));
        if let Some(sign) = shown {
            self.pen.write(at, sign);
        }
        shown.is_some()
    }

    fn is_escaped(&self, at: usize) -> bool {
        self.pen.byte_before(at) == Some(b'\\')
    }

    /// Notes that a line of a paragraph begins with hashes, as headings do.
    fn mark_hashes(&mut self, at: usize) {
        let outside = self.pen.lists == 0 && self.quotes == 0 && self.heading.is_none();
        if self.fresh == Fresh::No || !outside || self.is_escaped(at) {
            return;
        }
        let line = self.pen.line_of(at);
        let alone = self.fresh == Fresh::Paragraph;
        if alone {
            self.lone_hashes = Some(self.pen.draft.marks.len());
        }
        self.pen.draft.marks.push(Mark::Hashes { line, alone });
    }
}
