//! Rows in the making: which line an event belongs to, and what stands before its text.

mod block;

use std::ops::Range;

use super::super::paint::Role;
use super::Row;
use super::table::Table;

/// Stands before the lines of a quote.
const QUOTE: &str = "▌ ";
/// Stands before the lines of code.
const CODE: &str = "│ ";
/// The sign of an item, by how deep its list is.
const BULLETS: [&str; 3] = ["• ", "◦ ", "▪ "];

/// What a line can stand in.
enum Container {
    Quote,
    /// An item: its sign, and whether that has been written.
    Item(String, bool),
}

/// A fenced or indented block of code: its lines, fences included.
struct Fence {
    lines: Range<usize>,
    language: Option<String>,
}

pub(super) struct Draft<'a> {
    text: &'a str,
    /// Where each line of the note begins.
    starts: Vec<usize>,
    window: Range<usize>,
    width_cols: usize,
    rows: Vec<Row>,
    /// Rows whose line is markup only, so that nothing of it is shown.
    done: Vec<bool>,
    containers: Vec<Container>,
    lists: Vec<Option<u64>>,
    roles: Vec<Role>,
    heading: bool,
    links: Vec<(String, String)>,
    fence: Option<Fence>,
    table: Option<Table>,
    /// In a block that is shown as it is.
    raw: bool,
}

impl<'a> Draft<'a> {
    pub fn new(text: &'a str, window: Range<usize>, width_cols: usize) -> Self {
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let count = window.len();
        Self {
            text,
            starts,
            window,
            width_cols,
            rows: vec![Row::default(); count],
            done: vec![false; count],
            containers: Vec::new(),
            lists: Vec::new(),
            roles: Vec::new(),
            heading: false,
            links: Vec::new(),
            fence: None,
            table: None,
            raw: false,
        }
    }

    fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start <= at) - 1
    }

    /// Returns the lines that a block's bytes lie on.
    fn lines_of(&self, range: &Range<usize>) -> Range<usize> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let end = range.start + text.trim_end_matches(['\n', '\r']).len();
        self.line_of(range.start)..self.line_of(end.max(range.start + 1) - 1) + 1
    }

    fn source(&self, line: usize) -> &'a str {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    fn place(&self, line: usize) -> Option<usize> {
        self.window.contains(&line).then(|| line - self.window.start)
    }

    /// Returns the row of a line, with what stands before its text.
    fn row(&mut self, line: usize) -> Option<&mut Row> {
        let place = self.place(line);
        let fresh = place.is_none_or(|p| self.rows[p].pieces.is_empty() && !self.done[p]);
        let mut before = Vec::new();
        if fresh {
            for container in &mut self.containers {
                match container {
                    Container::Quote => {
                        before.push((Role::Faint, QUOTE.to_owned(), true));
                    }
                    Container::Item(sign, written) if *written => {
                        let indent = " ".repeat(super::width::cols(sign));
                        before.push((Role::Body, indent, true));
                    }
                    Container::Item(sign, written) => {
                        *written = true;
                        before.push((Role::Bar, sign.clone(), false));
                    }
                }
            }
        }
        let place = place?;
        self.done[place] = true;
        let row = &mut self.rows[place];
        for (role, text, stays) in before {
            row.push(role, &text);
            let cols = super::width::cols(&text);
            row.hang.push_str(&if stays { text } else { " ".repeat(cols) });
        }
        Some(row)
    }

    fn put(&mut self, at: usize, role: Role, text: &str) {
        let line = self.line_of(at);
        if let Some(table) = &mut self.table {
            return table.push(role, text);
        }
        if let Some((_, shown)) = self.links.last_mut() {
            shown.push_str(text);
        }
        if let Some(row) = self.row(line) {
            row.push(role, text);
        }
    }

    fn current(&self, own: Role) -> Role {
        match own {
            Role::Body if self.heading => Role::Title,
            Role::Body => self.roles.last().copied().unwrap_or(Role::Body),
            other => other,
        }
    }

    pub fn text(&mut self, range: Range<usize>, text: &str) {
        if self.raw {
            return;
        }
        if self.fence.is_some() {
            return self.verbatim(range, Role::Code, text);
        }
        let role = self.current(Role::Body);
        for (i, part) in text.split('\n').enumerate() {
            let at = range.start + usize::from(i > 0);
            self.put(at, role, part);
        }
    }

    pub fn inline(&mut self, range: Range<usize>, role: Role, text: &str) {
        let role = if self.heading && role == Role::Code { Role::Title } else { role };
        self.put(range.start, role, &text.replace('\n', " "));
    }

    /// A piece whose source may run over several lines, such as code between backticks: each
    /// line of the source keeps its own part, without what marks quotes and items.
    pub fn span(&mut self, range: Range<usize>, role: Role, text: &str) {
        let source: &'a str = self.text.get(range.clone()).unwrap_or_default();
        if !source.contains('\n') {
            return self.inline(range, role, text);
        }
        let mut at = range.start;
        for line in source.split_inclusive('\n') {
            let part = line.trim_start_matches([' ', '\t', '>']).trim_end();
            let part =
                if role == Role::Code { part.trim_matches(['`', '$']) } else { part };
            self.inline(at..at + line.len(), role, part);
            at += line.len();
        }
    }

    /// Lines as they are; `text` may be many.
    pub fn verbatim(&mut self, range: Range<usize>, role: Role, text: &str) {
        if self.raw {
            return;
        }
        let first = self.line_of(range.start);
        for (i, part) in text.trim_end_matches('\n').split('\n').enumerate() {
            let line = first + i;
            let in_code = self.fence.is_some();
            let fresh = self.place(line).is_some_and(|p| !self.done[p]);
            if let Some(row) = self.row(line) {
                let part = part.trim_end_matches('\r');
                if in_code && fresh {
                    row.push(
                        Role::Faint,
                        if part.is_empty() { CODE.trim_end() } else { CODE },
                    );
                    row.hang.push_str(CODE);
                }
                row.push(role, part);
            }
        }
    }

    pub fn heading(&mut self, range: Range<usize>, level: usize) {
        self.heading = true;
        let line = self.line_of(range.start);
        if let Some(row) = self.row(line) {
            row.push(Role::Faint, &"#".repeat(level));
            row.push(Role::Faint, " ");
        }
    }

    pub fn end_heading(&mut self, range: Range<usize>) {
        self.heading = false;
        // The line below a heading that makes it one.
        for line in self.lines_of(&range).skip(1) {
            let sign = self.source(line).trim();
            if sign.chars().all(|c| matches!(c, '=' | '-'))
                && let Some(place) = self.place(line)
            {
                self.done[place] = true;
            }
        }
    }

    pub fn rule(&mut self, range: Range<usize>) {
        let line = self.line_of(range.start);
        let width_cols = self.width_cols;
        if let Some(row) = self.row(line) {
            let used_cols = super::width::cols(&row.text());
            row.push(Role::Faint, &"─".repeat(width_cols.saturating_sub(used_cols)));
        }
    }

    pub fn quote(&mut self) {
        self.containers.push(Container::Quote);
    }

    pub fn list(&mut self, first: Option<u64>) {
        self.lists.push(first);
    }

    pub fn end_list(&mut self) {
        self.lists.pop();
    }

    pub fn item(&mut self) {
        let depth = self.lists.len().max(1) - 1;
        let sign = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            Some(None) | None => BULLETS[depth.min(BULLETS.len() - 1)].to_owned(),
        };
        self.containers.push(Container::Item(sign, false));
    }

    pub fn footnote(&mut self, name: &str) {
        self.containers.push(Container::Item(format!("[{name}] "), false));
    }

    pub fn end_container(&mut self) {
        self.containers.pop();
    }

    pub fn role(&mut self, role: Role) {
        self.roles.push(role);
    }

    pub fn end_role(&mut self) {
        self.roles.pop();
    }

    pub fn link(&mut self, target: &str) {
        self.roles.push(Role::Link);
        self.links.push((target.to_owned(), String::new()));
    }

    pub fn end_link(&mut self, range: Range<usize>) {
        self.roles.pop();
        let Some((target, shown)) = self.links.pop() else { return };
        // A link that is its own text is not said twice.
        if self.table.is_none() && !target.is_empty() && !target.ends_with(&shown) {
            self.put(range.end.max(1) - 1, Role::Faint, &format!(" ({target})"));
        }
    }

    /// Returns the rows; what no event spoke of is shown as it is, faintly where that is
    /// markup.
    pub fn finish(mut self) -> Vec<Row> {
        let is_plain = self.done.iter().all(|done| !done);
        let role = if is_plain { Role::Body } else { Role::Faint };
        for place in 0..self.rows.len() {
            if !self.done[place] {
                let source = self.source(self.window.start + place);
                self.rows[place].push(role, source.trim_end());
            }
        }
        self.rows
    }
}
