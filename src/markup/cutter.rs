//! The Markdown reader's knife: knows which block is open and where a section ends.
//!
//! Law: sections come out in the order of the note, each on a later line than the one before.

mod inline;

use std::mem;
use std::ops::Range;

use super::draft::Mark;
use super::folds::Folds;
use super::pen::Pen;
use super::{Section, heading, section};

/// A block whose lines are taken as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verbatim {
    /// Between fences: code.
    Fenced,
    /// Set in by four spaces or a tab: in notes mostly an answer, and read as prose.
    Indented,
}

/// How far a paragraph has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fresh {
    Paragraph,
    Line,
    No,
}

/// Cuts sections from events that come in the order of the source.
pub(super) struct Cutter<'a> {
    pen: Pen<'a>,
    sections: Vec<Section>,
    heading: Option<(u32, u8)>,
    verbatim: Option<Verbatim>,
    fresh: Fresh,
    /// How deep in the bold with which the paragraph begins; 0 outside of it.
    lead_depth: u32,
    /// Index of the mark for hashes that have their paragraph for themselves so far.
    lone_hashes: Option<usize>,
    folds: Folds,
    table_line: u32,
    row_line: u32,
    cells: u32,
    quotes: u32,
}

impl<'a> Cutter<'a> {
    /// Begins with the text before the first heading.
    pub(super) fn new(pen: Pen<'a>) -> Self {
        Self {
            pen,
            sections: Vec::new(),
            heading: None,
            verbatim: None,
            fresh: Fresh::No,
            lead_depth: 0,
            lone_hashes: None,
            folds: Folds::default(),
            table_line: 0,
            row_line: 0,
            cells: 0,
            quotes: 0,
        }
    }

    /// Begins a paragraph or a block of HTML.
    pub(super) fn start_paragraph(&mut self) {
        self.start_block();
        self.fresh = Fresh::Paragraph;
    }

    /// Ends a paragraph or a block of HTML; tags it left open are closed.
    pub(super) fn end_paragraph(&mut self) {
        self.start_block();
        if let Some((line, span)) = self.pen.lead.take() {
            self.pen.draft.marks.push(Mark::Bold { line, span });
        }
    }

    /// Begins a heading, or a paragraph where a rule below made one by mistake.
    pub(super) fn start_heading(&mut self, range: Range<usize>, depth: u8) {
        self.pen.cover(&(range.start..range.start));
        self.start_block();
        let enough = self.sections.len() >= section::MOST_SECTIONS;
        if enough || heading::is_prose_over_rule(self.pen.source(range.clone())) {
            return self.start_paragraph();
        }
        let line = self.pen.line_of(range.start);
        self.pen.drop_marker(line);
        self.pen.title = Some(String::new());
        self.heading = Some((line, depth));
    }

    /// Ends a heading and with it the section before.
    pub(super) fn end_heading(&mut self, to: usize) {
        self.pen.cover(&(to..to));
        let (Some((line, depth)), Some(title)) =
            (self.heading.take(), self.pen.take_title())
        else {
            return self.end_paragraph();
        };
        self.folds.end_block();
        let raw = title;
        let (title, overflow) = heading::clean(&raw);
        let draft = &mut self.pen.draft;
        // A heading without text is a line to a reader; its picture or anchor goes aside.
        if title.is_empty() || (draft.depth > 0 && line <= draft.line) {
            if raw.contains(char::is_alphanumeric) {
                draft.put_aside(line, &raw);
            }
            return;
        }
        let aside = draft.split_aside(line);
        section::emit(draft, &mut self.sections);
        draft.restart(line, depth, title);
        for (line, piece) in aside {
            draft.put_aside(line, &piece);
        }
        if overflow.contains(char::is_alphanumeric) {
            draft.put_aside(line, &overflow);
        }
        // A colon is no markup: who quotes it finds it.
        if raw.trim_end().ends_with([':', '：']) && !draft.title.ends_with(':') {
            draft.put_aside(line, raw.trim());
        }
        self.folds = Folds::default();
    }

    /// Begins a block of any other kind.
    pub(super) fn start_block(&mut self) {
        self.pen.settle_asterisks();
        self.folds.end_block();
        self.fresh = Fresh::No;
        self.lead_depth = 0;
        self.lone_hashes = None;
    }

    /// Begins code or an indented block.
    pub(super) fn start_verbatim(&mut self, from: usize, kind: Verbatim) {
        self.pen.cover(&(from..from));
        self.start_block();
        self.pen.start_code();
        self.verbatim = Some(kind);
    }

    /// Ends code or an indented block.
    pub(super) fn end_verbatim(&mut self) {
        self.pen.settle_asterisks();
        self.verbatim = None;
    }

    /// Begins a list.
    pub(super) fn start_list(&mut self) {
        self.start_block();
        self.pen.lists += 1;
    }

    /// Ends a list.
    pub(super) fn end_list(&mut self) {
        self.pen.lists -= 1;
    }

    /// Begins a list item; its marker is written with its first text.
    pub(super) fn start_item(&mut self, from: usize) {
        self.start_block();
        let rest = self.pen.source_from(from);
        let marker = rest.trim_start_matches([' ', '\t']);
        let from = from + rest.len() - marker.len();
        let digits = marker.bytes().take_while(u8::is_ascii_digit).count();
        self.pen.cover(&(from..from + digits + 1));
        let line = self.pen.line_of(from);
        let shown = marker.get(..digits + 1).filter(|_| digits > 0).unwrap_or("-");
        self.pen.hold_marker(line, shown);
    }

    /// Ends a list item or the cell of a table.
    pub(super) fn end_piece(&mut self) {
        self.pen.settle_asterisks();
    }

    /// Begins a quote.
    pub(super) fn start_quote(&mut self) {
        self.start_block();
        self.quotes += 1;
    }

    /// Ends a quote.
    pub(super) fn end_quote(&mut self) {
        self.quotes -= 1;
    }

    /// Begins the text of a footnote.
    pub(super) fn start_footnote(&mut self, from: usize, name: &str) {
        self.start_block();
        // Brackets, caret and colon.
        let label = from..from + name.len() + 4;
        if self.pen.source(label.clone()).ends_with("]:") {
            self.pen.cover(&label);
            let line = self.pen.line_of(from);
            self.pen.hold_marker(line, &format!("[{name}]:"));
        }
    }

    /// Begins a table.
    pub(super) fn start_table(&mut self, from: usize) {
        self.pen.cover(&(from..from));
        self.start_block();
        self.table_line = self.pen.line_of(from);
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self, to: usize) {
        let end = self.pen.line_of(to.saturating_sub(1)) + 1;
        self.pen.draft.tables.push(self.table_line..end);
    }

    /// Begins a row of a table.
    pub(super) fn start_row(&mut self, from: usize) {
        self.row_line = self.pen.line_of(from);
        self.cells = 0;
    }

    /// Begins a cell.
    pub(super) fn start_cell(&mut self) {
        if self.cells > 0 {
            self.pen.write_cell_border(self.row_line);
        }
        self.cells += 1;
    }

    /// Ends the last section and hands all of them out.
    pub(super) fn finish(mut self) -> Vec<Section> {
        self.pen.finish();
        section::emit(&mut self.pen.draft, &mut self.sections);
        mem::take(&mut self.sections)
    }
}
