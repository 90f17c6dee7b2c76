//! Stretches of a body that are not cut if that can be helped: lines and sentences.

use std::ops::Range;

use super::width::cols;

/// A line or a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Bytes of the body.
    pub span: Range<usize>,
    /// Its width without blanks at the end.
    pub width_cols: usize,
    /// True where the piece begins a line.
    pub begins_line: bool,
}

/// First bytes of the characters that may end a sentence; `。` and `！` begin as all their like.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let first = [b'.', b'!', b'?', b';', 0xE3, 0xEF];
    let mut i = 0;
    while i < first.len() {
        table[first[i] as usize] = true;
        i += 1;
    }
    table
};

/// Cuts a body at line ends and after sentences. Blank lines are in no piece.
pub fn pieces(body: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut line_start = 0;
    for line in body.split_inclusive('\n') {
        let (mut start, mut at) = (0, 0);
        let mut push = |span: Range<usize>| {
            let begins_line = span.start == 0;
            let span = line_start + span.start..line_start + span.end;
            push(&mut pieces, body, span, begins_line);
        };
        let may_end = |b: &u8| MAY_END[usize::from(*b)];
        while let Some(found) = line.as_bytes()[at..].iter().position(may_end) {
            let mut chars = line[at + found..].chars();
            let c = chars.next().unwrap_or_default();
            at += found + c.len_utf8();
            if ends_sentence(c, chars.next()) {
                push(start..at);
                start = at;
            }
        }
        push(start..line.len());
        line_start += line.len();
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, body: &str, span: Range<usize>, begins_line: bool) {
    let text = body[span.clone()].trim_end();
    if text.is_empty() {
        // Blank ends belong to the piece before, so that pieces side by side join.
        if let Some(last) = pieces.last_mut()
            && last.span.end == span.start
            && !begins_line
        {
            last.span.end = span.end;
        }
        return;
    }
    pieces.push(Piece { span, width_cols: cols(text), begins_line });
}

fn ends_sentence(c: char, next: Option<char>) -> bool {
    let closing =
        |c: char| matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '"' | '\'');
    match c {
        '。' | '！' | '？' | '；' => {
            next.is_none_or(|n| !closing(n) && !ends_sentence(n, None))
        }
        '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cut_at_lines_and_sentences() {
        let check = |body: &str, expected: &[&str]| {
            let pieces = pieces(body);
            let found: Vec<&str> = pieces.iter().map(|p| &body[p.span.clone()]).collect();
            assert_eq!(found, expected, "{body:?}");
            for piece in &pieces {
                let text = &body[piece.span.clone()];
                assert_eq!(piece.width_cols, cols(text.trim_end()), "{text:?}");
                let start = piece.span.start;
                let begins = start == 0 || body[..start].ends_with('\n');
                assert_eq!(piece.begins_line, begins, "{text:?}");
            }
        };
        check("", &[]);
        check(" \n\n", &[]);
        check("一。二！三", &["一。", "二！", "三"]);
        check("说：“好。”又说？！\n行", &["说：“好。”又说？！\n", "行"]);
        check("e.g. one; two.\nv1.2 ok", &["e.g.", " one;", " two.\n", "v1.2 ok"]);
        check("全角，不断；断", &["全角，不断；", "断"]);
        check("一。 \n\n 二", &["一。 \n", " 二"]);
    }
}
