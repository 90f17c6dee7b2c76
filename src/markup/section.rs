//! From drafts to sections, and what sections know of each other.
//!
//! Law: sections tile the note; only borrowed ones reach over others.

use std::mem;
use std::ops::Range;

use super::Section;
use super::draft::{Draft, visible_chars};
use super::heading::{self, Cut, QUESTION_DEPTH};

/// How much text a heading without its own shows of its children, in bytes: what a screen
/// holds, and enough for a snippet.
const BORROWED_MAX_BYTES: usize = 2_000;
/// A note has at most this many sections, about; what looks like a heading after them is text.
/// Each takes some 400 bytes while the note is cut, and no note written by hand has a tenth.
pub(super) const MOST_SECTIONS: usize = 100_000;
/// One more than the deepest section.
const DEPTHS: usize = 8;

/// Turns a draft into sections, one for each heading and question in it, and empties it.
pub(super) fn emit(draft: &mut Draft, sections: &mut Vec<Section>) {
    if draft.depth == 0 && draft.is_blank() {
        return;
    }
    draft.body.drop_trailing_spaces();
    let mut cuts = heading::cuts(draft);
    cuts.truncate(MOST_SECTIONS.saturating_sub(sections.len()));
    if cuts.is_empty() {
        let link_percent = link_percent(draft, draft.body.text(), 0..u32::MAX);
        let (first, last) = (draft.body.first(), draft.body.current());
        let body = draft.body.take();
        let code =
            draft.code.iter().map(|r| r.start - first..r.end.min(last + 1) - first);
        sections.push(Section {
            line: draft.line,
            depth: draft.depth,
            body_line: if body.is_empty() { draft.line } else { first },
            code: if body.is_empty() { Vec::new() } else { code.collect() },
            body,
            title: mem::take(&mut draft.title),
            aside: draft.take_aside(),
            link_percent,
            ..Section::default()
        });
        return;
    }
    let body = draft.body.take();
    let mut head = (draft.line, draft.depth, mem::take(&mut draft.title), String::new());
    let mut pieces = draft.pieces().peekable();
    let (mut start, mut start_line) = (0, draft.body.first());
    let mut cuts = cuts.into_iter();
    loop {
        let next = cuts.next();
        let (end, end_line) = next
            .as_ref()
            .map_or((body.len(), u32::MAX), |cut| (cut.span.start, cut.line));
        let mut aside = mem::take(&mut head.3);
        while let Some((_, piece)) = pieces.next_if(|(line, _)| *line < end_line) {
            if !aside.is_empty() {
                aside.push('\n');
            }
            aside.push_str(piece);
        }
        let (text, body_line) = trim_lines(&body, start..end, start_line);
        // What stands before a first question may be nothing.
        if head.1 > 0 || !text.is_empty() || !aside.is_empty() {
            let lines = body_line..body_line + super::lines(text).count() as u32;
            let code =
                draft.code.iter().filter(|r| r.start < lines.end && r.end > lines.start);
            sections.push(Section {
                line: head.0,
                depth: head.1,
                title: head.2,
                body_line: if text.is_empty() { head.0 } else { body_line },
                code: code
                    .map(|r| {
                        r.start.max(lines.start) - lines.start
                            ..r.end.min(lines.end) - lines.start
                    })
                    .collect(),
                link_percent: link_percent(draft, text, lines),
                body: text.to_string(),
                aside,
                ..Section::default()
            });
        }
        let Some(cut) = next else { return };
        let label = as_written(&body, &cut);
        head = (cut.line, cut.depth, cut.title, label);
        (start, start_line) = (cut.span.end, cut.rest_line);
    }
}

/// So much of an answer that begins on the line of its question is kept with the question: what
/// people quote across the two is shorter.
const ACROSS_BYTES: usize = 256;

/// What is cut at as it was written, where its title is not all of it: with its number or label
/// before it, a colon, and the beginning of what stands behind it on its line. It goes aside, or
/// nobody who quotes it finds it.
fn as_written(body: &str, cut: &Cut) -> String {
    if cut.span.is_empty() {
        return String::new();
    }
    let rest = body[cut.span.end..].split('\n').next().unwrap_or_default();
    let end = cut.span.end + rest.floor_char_boundary(ACROSS_BYTES);
    let written = body[cut.span.start..end].trim();
    match written == cut.title {
        true => cut.label.clone(),
        false if written.contains(&cut.label) => written.to_owned(),
        false => [written, &cut.label].join(" "),
    }
}

/// Cuts blank lines off a stretch of `body` that begins on `line`; returns where it then does.
fn trim_lines(body: &str, span: Range<usize>, mut line: u32) -> (&str, u32) {
    let within_line = span.start > 0 && body.as_bytes()[span.start - 1] != b'\n';
    let mut text = body[span].trim_end();
    if within_line {
        text = text.trim_start_matches([' ', '\t']);
    }
    while let Some((first, rest)) = text.split_once('\n') {
        if !first.trim().is_empty() {
            break;
        }
        text = rest;
        line += 1;
    }
    (text, line)
}

/// Share of `text`, on these lines of the note, that stands inside links.
fn link_percent(draft: &Draft, text: &str, lines: Range<u32>) -> u8 {
    let from = draft.linked.partition_point(|(line, _)| *line < lines.start);
    let linked = draft.linked[from..].iter().take_while(|(line, _)| *line < lines.end);
    let linked: usize = linked.map(|(_, chars)| *chars as usize).sum();
    if linked == 0 { 0 } else { percent(linked, visible_chars(text)) }
}

fn percent(part: usize, whole: usize) -> u8 {
    // 100 at most, so it fits.
    (part.min(whole) * 100 / whole.max(1)) as u8
}

/// Tells every section where it ends, what stands above it and what it shows.
pub(super) fn relate(sections: &mut [Section], line_count: u32) {
    set_ends(sections, line_count);
    set_trails(sections);
    borrow(sections);
}

fn set_ends(sections: &mut [Section], line_count: u32) {
    let mut end_line = line_count;
    for section in sections.iter_mut().rev() {
        section.end_line = end_line.max(section.line);
        end_line = section.line.saturating_sub(1);
    }
}

fn set_trails(sections: &mut [Section]) {
    let mut above: Vec<(u8, String)> = Vec::new();
    for section in sections {
        let depth = section.depth;
        while above.last().is_some_and(|(top, _)| *top >= depth) {
            above.pop();
        }
        section.trail = above.iter().map(|(_, title)| title.clone()).collect();
        if (1..=6).contains(&depth) {
            above.push((depth, section.title.clone()));
        }
    }
}

/// Lets headings without text of their own show their children's.
fn borrow(sections: &mut [Section]) {
    // Index of the next section of each depth; a subtree ends at the first that is not deeper.
    let mut next_at = [sections.len(); DEPTHS];
    for at in (0..sections.len()).rev() {
        let depth = usize::from(sections[at].depth).min(DEPTHS - 1);
        let end = next_at[..=depth].iter().copied().min().unwrap_or(sections.len());
        next_at[depth] = at;
        if depth > 0 && end > at + 1 && sections[at].body.trim().is_empty() {
            let end_line = sections[end - 1].end_line;
            let shown = Shown::of(&sections[at + 1..end]);
            let section = &mut sections[at];
            section.borrowed = true;
            section.end_line = end_line;
            section.body_line = shown.first;
            section.link_percent = percent(shown.linked / 100, shown.visible);
            section.code = shown.code;
            section.body = shown.text;
        }
    }
}

/// The beginning of a subtree's text, line for line.
#[derive(Debug, Default)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// Lines of the text (0-based, half-open) that are code.
    pub code: Vec<Range<u32>>,
    first: u32,
    line: u32,
    visible: usize,
    /// Characters inside links, times 100.
    linked: usize,
}

impl Shown {
    /// Begins with nothing on a line of the note.
    pub fn new(line: u32) -> Self {
        Self { first: line, line, ..Self::default() }
    }

    fn of(children: &[Section]) -> Self {
        let mut shown = Self::new(children.first().map_or(1, |child| child.line));
        for child in children {
            // A borrowed child has its text from children that follow here anyway.
            let body = if child.borrowed { "" } else { child.body.as_str() };
            let heading = (child.line, child.depth, child.title.as_str());
            let code = child.code.iter().cloned();
            if !shown.child(heading, (child.body_line, body), code, child.link_percent) {
                break;
            }
        }
        shown.end();
        shown
    }

    /// Adds a section: its heading with its depth and its body with the lines they begin on, what of the body
    /// is code, the share of it in links. False where that was too much, and no more fits.
    pub fn child(
        &mut self,
        (line, depth, title): (u32, u8, &str),
        (body_line, body): (u32, &str),
        code: impl Iterator<Item = Range<u32>>,
        link_percent: u8,
    ) -> bool {
        // Only questions share a line with their text: else the heading stands further up, and
        // the text goes on under it after a fold.
        let goes_on =
            (1..QUESTION_DEPTH).contains(&depth) && body_line == line && !body.is_empty();
        if !goes_on && !self.add(line, title) {
            return false;
        }
        for (line, text) in (body_line..).zip(super::lines(body)) {
            if !text.is_empty() && !self.add(line, text) {
                return false;
            }
        }
        let base = body_line.saturating_sub(self.first);
        if !body.is_empty() {
            self.code.extend(code.map(|r| r.start + base..r.end + base));
        }
        self.linked += usize::from(link_percent) * visible_chars(body);
        true
    }

    /// Ends the text after the last child.
    pub fn end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        // Code may have been cut off, or have been blank.
        let lines = super::lines(&self.text).count() as u32;
        self.code.retain_mut(|code| {
            code.end = code.end.min(lines);
            code.start < code.end
        });
    }

    /// Adds text to a line; false where it would be too much.
    fn add(&mut self, line: u32, text: &str) -> bool {
        let down = line.saturating_sub(self.line) as usize;
        let room = BORROWED_MAX_BYTES.saturating_sub(self.text.len() + down);
        if room == 0 {
            return false;
        }
        let fits = text.len() <= room;
        // A first paragraph in one long line is cut within it, or there would be nothing.
        let text = match fits {
            true => text,
            false if self.text.len() * 4 < BORROWED_MAX_BYTES => {
                let end = (0..=room).rev().find(|at| text.is_char_boundary(*at));
                &text[..end.unwrap_or(0)]
            }
            false => return false,
        };
        self.text.extend(std::iter::repeat_n('\n', down));
        self.line = self.line.max(line);
        if !matches!(self.text.as_bytes().last(), None | Some(b'\n')) {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.visible += visible_chars(text);
        fits
    }
}
