//! The part of a section that answers: whole sentences and lines, chosen by what of the query
//! they hold.
//!
//! Law: a snippet is a piece of the body as written; cuts fall between sentences, else between
//! clauses, else between words, never inside a character or a marked word.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::piece::{Piece, pieces};
use super::report::Snippet;
use super::width::cols;

/// A marked stretch of a body: its bytes, and which word of the query it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Bytes of the body.
    pub span: Range<usize>,
    /// Which word of the query.
    pub word: usize,
}

/// Room that each line end takes in a snippet, in columns: an unfinished line is lost room.
const LINE_END_COLS: usize = 4;

/// A piece that repeats a word adds a little, so that the denser of two windows wins.
const REPEATED: f32 = 0.05;

/// Sentences further down answer a little less.
const LATER: f32 = 0.002;

/// Chooses the snippet of a body, at most `width_cols` wide in all. `marks` are sorted by
/// start; `weights` tell what each word is worth. `first_line` is the note's line on which the
/// body begins.
pub fn snippet(
    body: &str,
    marks: &[Mark],
    weights: &[f32],
    width_cols: usize,
    first_line: u32,
) -> Snippet {
    let pieces = pieces(body);
    if pieces.is_empty() {
        return Snippet { line: first_line, ..Snippet::default() };
    }
    let window = best_window(&pieces, marks, weights, width_cols);
    let mut span = pieces[window.start].span.start..pieces[window.end - 1].span.end;
    if cols(&body[span.clone()]) > width_cols && window.len() == 1 {
        span = cut(body, span, marks, weights, width_cols);
    }
    let span = trim(body, span);
    let inside =
        marks.iter().filter(|m| m.span.start >= span.start && m.span.end <= span.end);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in inside {
        let mark = mark.span.start - span.start..mark.span.end - span.start;
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    Snippet {
        line: first_line + body[..span.start].matches('\n').count() as u32,
        cut_before: !body[..span.start].trim().is_empty(),
        cut_after: !body[span.end..].trim().is_empty(),
        text: body[span].to_owned(),
        marks: joined,
    }
}

/// The run of pieces that is worth most and fits; filled up with what follows, then with what
/// goes before.
fn best_window(
    pieces: &[Piece],
    marks: &[Mark],
    weights: &[f32],
    width_cols: usize,
) -> Range<usize> {
    // The words of piece `p` are those from `ends[p - 1]` to `ends[p]`.
    let mut words: Vec<usize> = Vec::with_capacity(marks.len());
    let mut ends = vec![0; pieces.len()];
    let mut p = 0;
    for mark in marks {
        while p + 1 < pieces.len() && pieces[p].span.end <= mark.span.start {
            p += 1;
        }
        if pieces[p].span.contains(&mark.span.start) {
            words.push(mark.word);
            ends[p] = words.len();
        }
    }
    let mut end = 0;
    for own in &mut ends {
        end = end.max(*own);
        *own = end;
    }
    let words =
        |p: usize| &words[p.checked_sub(1).map_or(0, |before| ends[before])..ends[p]];
    let room =
        |piece: &Piece| piece.width_cols + usize::from(piece.begins_line) * LINE_END_COLS;
    let value_of = |counts: &[u32], first: usize| -> f32 {
        let words = counts.iter().zip(weights);
        let held: f32 =
            words
                .map(|(&n, &w)| {
                    if n > 0 { w * (1.0 + REPEATED * (n - 1).min(4) as f32) } else { 0.0 }
                })
                .sum();
        held - LATER * first.min(50) as f32
    };
    let mut best = (f32::MIN, 0..1);
    let mut counts = vec![0u32; weights.len()];
    let (mut first, mut width) = (0, 0);
    for last in 0..pieces.len() {
        width += room(&pieces[last]);
        words(last).iter().for_each(|&w| counts[w] += 1);
        while width > width_cols && first < last {
            width -= room(&pieces[first]);
            words(first).iter().for_each(|&w| counts[w] -= 1);
            first += 1;
        }
        // Pieces at the left edge that hold nothing make room for what follows.
        let mut shown = first;
        while shown < last && words(shown).is_empty() && !words(last).is_empty() {
            shown += 1;
        }
        let value = value_of(&counts, shown);
        if value > best.0 {
            best = (value, shown..last + 1);
        }
    }
    let mut window = best.1;
    let mut width: usize = pieces[window.clone()].iter().map(room).sum();
    while window.end < pieces.len() && width + room(&pieces[window.end]) <= width_cols {
        width += room(&pieces[window.end]);
        window.end += 1;
    }
    while window.start > 0 && width + room(&pieces[window.start - 1]) <= width_cols {
        width += room(&pieces[window.start - 1]);
        window.start -= 1;
    }
    window
}

/// Cuts one long piece to what fits around its best marks.
fn cut(
    body: &str,
    span: Range<usize>,
    marks: &[Mark],
    weights: &[f32],
    width_cols: usize,
) -> Range<usize> {
    let inside: Vec<&Mark> = marks
        .iter()
        .filter(|m| span.start <= m.span.start && m.span.end <= span.end)
        .collect();
    // The stretch between two marks that fits and holds most.
    let mut best = (f32::MIN, span.start..span.start);
    let mut counts = vec![0u32; weights.len()];
    let mut first = 0;
    let mut width = 0usize;
    let mut end = span.start;
    for mark in &inside {
        if first == 0 && end == span.start {
            end = mark.span.start;
        }
        if mark.span.end > end {
            width += cols(&body[end..mark.span.end]);
            end = mark.span.end;
        }
        counts[mark.word] += 1;
        while width > width_cols && inside[first].span.start < mark.span.start {
            let next = inside[first + 1].span.start;
            counts[inside[first].word] -= 1;
            width -= cols(&body[inside[first].span.start..next]);
            first += 1;
        }
        let value: f32 =
            counts.iter().zip(weights).map(|(&n, &w)| if n > 0 { w } else { 0.0 }).sum();
        if value > best.0 + f32::EPSILON {
            best = (value, inside[first].span.start..mark.span.end);
        }
    }
    let core = whole_words(body, &span, best.1, width_cols);
    let spare = width_cols.saturating_sub(cols(&body[core.clone()]));
    let left = extend_left(body, &span, core.start, spare / 3);
    let spare = width_cols.saturating_sub(cols(&body[left..core.end]));
    left..extend_right(body, &span, core.end, spare, marks)
}

/// Widens a stretch that begins or ends inside a word, as `Lock` of `ReentrantLock`, to the whole
/// word, where that fits.
fn whole_words(
    body: &str,
    span: &Range<usize>,
    core: Range<usize>,
    width_cols: usize,
) -> Range<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (before, after) = (&body[span.start..core.start], &body[core.end..span.end]);
    let mut wide = core.clone();
    if body[core.clone()].starts_with(is_word) {
        wide.start -= before.len() - before.trim_end_matches(is_word).len();
    }
    if body[core.clone()].ends_with(is_word) {
        wide.end += after.len() - after.trim_start_matches(is_word).len();
    }
    if cols(&body[wide.clone()]) <= width_cols { wide } else { core }
}

/// Where a cut may fall, by preference: after a clause, else between words.
fn clause_end(grapheme: &str) -> bool {
    matches!(
        grapheme,
        "，" | "、" | "：" | "；" | "。" | "！" | "？" | "," | ";" | ":" | "\n"
    )
}

fn extend_left(body: &str, span: &Range<usize>, from: usize, spare_cols: usize) -> usize {
    let (mut width, mut reached, mut clause) = (0, from, None);
    for word in body[span.start..from].split_word_bounds().rev() {
        width += cols(word);
        if width > spare_cols {
            // As far back as a clause begins; the marked words come early in the snippet.
            return clause.unwrap_or(reached);
        }
        if clause_end(word) {
            clause = Some(reached);
        }
        reached -= word.len();
    }
    span.start
}

fn extend_right(
    body: &str,
    span: &Range<usize>,
    from: usize,
    spare_cols: usize,
    marks: &[Mark],
) -> usize {
    let (mut width, mut reached, mut clause) = (0, from, None);
    for word in body[from..span.end].split_word_bounds() {
        width += cols(word);
        if width > spare_cols {
            let end =
                clause.filter(|&c| c - from >= (reached - from) / 2).unwrap_or(reached);
            let split = marks.iter().find(|m| m.span.start < end && end < m.span.end);
            return split.map_or(end, |m| m.span.start.max(from));
        }
        reached += word.len();
        if clause_end(word) {
            clause = Some(reached);
        }
    }
    span.end
}

fn trim(body: &str, span: Range<usize>) -> Range<usize> {
    let text = &body[span.clone()];
    let start = span.start + (text.len() - text.trim_start().len());
    // Indentation of the first line stays: it is part of code and lists.
    let line = body[..start].rfind('\n').map_or(0, |at| at + 1);
    let is_indented = line >= span.start && body[line..start].trim().is_empty();
    let start = if is_indented { line } else { start };
    start..(span.start + text.trim_end().len()).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, word: &str, width_cols: usize, expected: &str) {
        let marks: Vec<Mark> = body
            .match_indices(word)
            .map(|(at, w)| Mark { span: at..at + w.len(), word: 0 })
            .collect();
        let found = snippet(body, &marks, &[1.0], width_cols, 1);
        assert_eq!(found.text, expected, "{word} in {body}");
        assert!(cols(&found.text) <= width_cols.max(2));
        for mark in &found.marks {
            assert!(found.text[mark.clone()].starts_with(word));
        }
    }

    #[test]
    fn snippets_are_whole_sentences() {
        let body = "第一句话。第二句讲三次握手。第三句。\n\n下一段说别的。";
        check(body, "三次握手", 20, "第二句讲三次握手。");
        check(body, "三次握手", 32, "第二句讲三次握手。第三句。");
        check("One. Two has redis. Three.", "redis", 15, "Two has redis.");
        check("", "x", 20, "");
        check("没有要找的词。", "x", 20, "没有要找的词。");
    }

    #[test]
    fn a_long_sentence_is_cut_around_the_words() {
        let body = format!("{}，关键词在这里，{}", "前".repeat(50), "后".repeat(50));
        check(&body, "关键词", 20, "关键词在这里，");
    }
}
