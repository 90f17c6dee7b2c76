//! HTML in Markdown: tags out, text in, and `<details>` with its summary marked.
//!
//! Law: attributes and comments go aside, text stays on its line.

use super::draft::Mark;
use super::heading;
use super::html::{self, Html, Token};
use super::pen::Pen;

/// A `<details>` this many lines above its summary still belongs to it: the tag may be
/// followed by a blank line.
const DETAILS_REACH_LINES: u32 = 2;

/// What of the HTML is open.
#[derive(Debug, Default)]
pub(super) struct Folds {
    html: Html,
    /// Inside `<pre>`, where lines are code.
    pre: bool,
    details: u32,
    details_line: u32,
    /// The open summary.
    summary: Option<Summary>,
    decoded: String,
}

#[derive(Debug)]
struct Summary {
    line: u32,
    /// Byte of the body on which it begins.
    start: usize,
    /// Line of the text before it, 0 where there is none.
    line_before: u32,
}

impl Folds {
    /// Takes HTML that begins at byte `at` of the source.
    pub(super) fn take(&mut self, pen: &mut Pen, at: usize, html: &str) {
        let mut line_at = at;
        for line in html.split_inclusive('\n') {
            let mut rest = line.trim_end_matches(['\n', '\r']);
            let mut here = line_at;
            while !rest.is_empty() {
                let (token, len_bytes) = self.html.next(rest);
                self.take_token(pen, here, token, &rest[..len_bytes]);
                rest = &rest[len_bytes..];
                here += len_bytes;
            }
            line_at += line.len();
        }
    }

    /// Ends a block; tags and comments it left open are closed.
    #[inline]
    pub(super) fn end_block(&mut self) {
        self.html = Html::default();
        self.pre = false;
    }

    /// True where text is what it seems: in no tag, comment or `<pre>`.
    pub(super) fn is_between_tags(&self) -> bool {
        self.html == Html::Text && !self.pre
    }

    fn take_token(&mut self, pen: &mut Pen, at: usize, token: Token, piece: &str) {
        let line = pen.line_of(at);
        match token {
            Token::Text if piece.contains('&') => {
                self.decoded.clear();
                html::decode(piece, &mut self.decoded);
                pen.write(at, &self.decoded);
            }
            Token::Text => pen.write(at, piece),
            Token::Inline(attributes) | Token::Parting(attributes) => {
                if let Token::Parting(_) = token {
                    pen.write_gap(line);
                }
                if attributes {
                    put_aside(pen, line, piece);
                }
            }
            Token::Hidden => put_aside(pen, line, piece),
            Token::PreOpen | Token::PreClose => {
                put_attributes_aside(pen, line, piece);
                self.pre = token == Token::PreOpen;
            }
            Token::DetailsOpen => {
                pen.write_gap(line);
                put_attributes_aside(pen, line, piece);
                self.details += 1;
                self.details_line = line;
            }
            Token::SummaryOpen => {
                pen.settle_asterisks();
                pen.draft.body.drop_trailing_spaces();
                let body = &pen.draft.body;
                let start = body.text().len();
                let line_before = if start == 0 { 0 } else { body.current() };
                self.summary = Some(Summary { line, start, line_before });
                pen.write_gap(line);
                put_attributes_aside(pen, line, piece);
            }
            Token::SummaryClose => {
                put_attributes_aside(pen, line, piece);
                self.end_summary(pen, line);
            }
            Token::DetailsClose => {
                put_attributes_aside(pen, line, piece);
                self.details = self.details.saturating_sub(1);
                if self.details == 0 && pen.title.is_none() {
                    pen.settle_asterisks();
                    pen.draft.body.drop_trailing_spaces();
                    let body = &pen.draft.body;
                    let (line, at) = (body.current(), body.text().len());
                    pen.draft.marks.push(Mark::DetailsEnd { line, at });
                }
            }
        }
    }

    fn end_summary(&mut self, pen: &mut Pen, close_line: u32) {
        pen.settle_asterisks();
        pen.draft.body.drop_trailing_spaces();
        let rest_line = pen.draft.body.current();
        let body = pen.draft.body.text();
        let Some(Summary { line, start, line_before }) = self.summary.take() else {
            return;
        };
        if pen.title.is_some() || start > body.len() {
            return;
        }
        let (title, overflow) = heading::clean(&body[start..].replace('\n', " "));
        let span = start..body.len();
        // The section begins where the fold does, unless text stands between.
        let reach = line.saturating_sub(DETAILS_REACH_LINES).max(line_before + 1)..=line;
        let near = self.details > 0 && reach.contains(&self.details_line);
        let line = if near { self.details_line } else { line };
        if overflow.is_empty() && line > line_before {
            pen.draft.marks.push(Mark::Summary { line, title, span, rest_line });
        }
        pen.write_gap(close_line);
    }
}

/// Few of these tags carry any but `open`. In a tag that does not end on its line anything stands.
fn put_attributes_aside(pen: &mut Pen, line: u32, piece: &str) {
    if piece.contains('=') || !piece.ends_with('>') || !piece.is_ascii() {
        put_aside(pen, line, piece);
    }
}

fn put_aside(pen: &mut Pen, line: u32, piece: &str) {
    let piece = piece.trim_matches(['<', '>', '/', '!', '-', ' ', '\t']);
    if piece.contains(char::is_alphanumeric) {
        pen.draft.put_aside(line, piece);
    }
}
