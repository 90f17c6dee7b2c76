//! Tables with their columns side by side, wide characters counted as two.

use pulldown_cmark::Alignment;

use super::super::paint::{self, Role};
use super::super::width::cols;

/// A piece of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub role: Role,
    pub text: String,
}

/// Stands between two cells.
const BETWEEN: &str = " │ ";

#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<Alignment>,
    rows: Vec<(usize, Vec<Vec<Cell>>)>,
}

impl Table {
    pub fn new(columns: Vec<Alignment>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub fn row(&mut self, line: usize) {
        self.rows.push((line, Vec::new()));
    }

    pub fn cell(&mut self) {
        if let Some((_, cells)) = self.rows.last_mut() {
            cells.push(Vec::new());
        }
    }

    pub fn push(&mut self, role: Role, text: &str) {
        if let Some(cell) = self.rows.last_mut().and_then(|(_, cells)| cells.last_mut()) {
            cell.push(Cell { role, text: paint::clean(text).into_owned() });
        }
    }

    /// Returns the pieces of each line. A table that is too wide for `room_cols` is not
    /// padded: every row wraps by itself, and nothing is cut away. `rule` is the line between
    /// head and body.
    pub fn lines(self, room_cols: usize, rule: usize) -> Vec<(usize, Vec<Cell>)> {
        let mut widths = vec![0; self.columns.len()];
        for (_, cells) in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell_cols(cell).max(*width);
            }
        }
        let between_cols = cols(BETWEEN) * widths.len().saturating_sub(1);
        let fits = widths.iter().sum::<usize>() + between_cols <= room_cols;
        let mut lines = Vec::new();
        for (number, (line, cells)) in self.rows.into_iter().enumerate() {
            let mut out = Vec::new();
            let count = cells.len();
            for (i, cell) in cells.into_iter().enumerate() {
                let width = if fits { widths.get(i).copied().unwrap_or(0) } else { 0 };
                let alignment = self.columns.get(i).copied().unwrap_or(Alignment::None);
                let (before, after) = padding(&cell, width, alignment);
                out.push(space(before));
                out.extend(cell.into_iter().map(|piece| head(piece, number == 0)));
                let is_last = i + 1 == count;
                out.push(space(if is_last { 0 } else { after }));
                if !is_last {
                    out.push(Cell { role: Role::Faint, text: BETWEEN.to_owned() });
                }
            }
            lines.push((line, out));
        }
        let rule_cols = if fits { widths } else { vec![3; widths.len()] };
        let text: Vec<String> = rule_cols.iter().map(|&cols| "─".repeat(cols)).collect();
        let text = text.join("─┼─");
        lines.push((rule, vec![Cell { role: Role::Faint, text }]));
        lines
    }
}

fn head(cell: Cell, is_head: bool) -> Cell {
    let role = if is_head && cell.role == Role::Body { Role::Strong } else { cell.role };
    Cell { role, ..cell }
}

fn space(cols: usize) -> Cell {
    Cell { role: Role::Body, text: " ".repeat(cols) }
}

fn cell_cols(cell: &[Cell]) -> usize {
    cell.iter().map(|piece| cols(&piece.text)).sum()
}

/// Returns the columns of space before and after a cell's text.
fn padding(cell: &[Cell], width_cols: usize, alignment: Alignment) -> (usize, usize) {
    let spare = width_cols.saturating_sub(cell_cols(cell));
    match alignment {
        Alignment::None | Alignment::Left => (0, spare),
        Alignment::Center => (spare / 2, spare - spare / 2),
        Alignment::Right => (spare, 0),
    }
}
