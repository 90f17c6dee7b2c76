//! Blocks whose lines belong together: code, tables, and what is shown as it is.

use std::ops::Range;

use pulldown_cmark::Alignment;

use super::super::table::{Cell, Table};
use super::super::width;
use super::{CODE, Draft, Fence, Role};

impl Draft<'_> {
    pub fn fence(&mut self, range: Range<usize>, language: Option<&str>) {
        let lines = self.lines_of(&range);
        let language = language.map(str::to_owned);
        if let (Some(language), Some(row)) = (&language, self.row(lines.start)) {
            row.push(Role::Faint, "╭─ ");
            row.push(Role::Faint, language);
        }
        self.fence = Some(Fence { lines, language });
    }

    pub fn end_fence(&mut self) {
        let Some(Fence { lines, language }) = self.fence.take() else { return };
        let last = lines.end - 1;
        for line in lines {
            let is_done = self.place(line).is_none_or(|place| self.done[place]);
            if is_done {
                continue;
            }
            let sign = self.source(line).trim_start_matches([' ', '>', '\t']);
            let closes = line == last
                && language.is_some()
                && (sign.starts_with("```") || sign.starts_with("~~~"));
            if let Some(row) = self.row(line) {
                row.push(Role::Faint, if closes { "╰─" } else { CODE.trim_end() });
            }
        }
    }

    /// Marks the lines of a block that is shown as it is.
    pub fn raw(&mut self, range: Range<usize>) {
        self.raw = true;
        for line in self.lines_of(&range) {
            let text = self.source(line).to_owned();
            if let Some(place) = self.place(line)
                && !self.done[place]
            {
                self.done[place] = true;
                self.rows[place].push(Role::Faint, &text);
            }
        }
    }

    pub fn end_raw(&mut self) {
        self.raw = false;
    }

    pub fn table(&mut self, columns: Vec<Alignment>) {
        self.table = Some(Table::new(columns));
    }

    pub fn table_row(&mut self, range: Range<usize>) {
        let line = self.line_of(range.start);
        if let Some(table) = &mut self.table {
            table.row(line);
        }
    }

    pub fn table_cell(&mut self) {
        if let Some(table) = &mut self.table {
            table.cell();
        }
    }

    pub fn end_table(&mut self, range: Range<usize>) {
        let Some(table) = self.table.take() else { return };
        let first = self.line_of(range.start);
        let hang_cols = self.row(first).map_or(0, |row| width::cols(&row.hang));
        let room_cols = self.width_cols.saturating_sub(hang_cols);
        for (line, cells) in table.lines(room_cols, first + 1) {
            if let Some(row) = self.row(line) {
                cells.iter().for_each(|Cell { role, text }| row.push(*role, text));
            }
        }
    }
}
