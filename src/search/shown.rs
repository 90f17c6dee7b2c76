//! What is shown of a hit: its marks, its snippet, its shares.

use std::hash::Hasher;
use std::ops::Range;

use twox_hash::XxHash64;

use super::report::{Hit, Marked, Snippet};
use super::sheet::Judged;
use super::snippet::Mark;
use super::{Search, context, scan, snippet};
use crate::error::Result;
use crate::index::{Reader, Record, Shown};
use crate::text::{Folded, spans};

impl Search<'_> {
    pub(super) fn hit(&self, one: &Judged) -> Result<Hit> {
        let record = one.stored.as_ref().and_then(Record::from_stored);
        let mut record = record.ok_or_else(|| self.reader.not_whole())?;
        if record.borrowed {
            record.body = &one.shown(self.reader, &record)?.text;
        }
        let root = &self.reader.facts().roots[record.root as usize];
        let marked =
            |text: &str| Marked { text: text.to_owned(), marks: self.marks(text) };
        let missing: Vec<String> = self
            .plan
            .words
            .iter()
            .zip(&one.parts.has)
            .filter(|(w, has)| !w.function && !**has)
            .map(|(w, _)| w.typed.clone())
            .collect();
        Ok(Hit {
            id: id(&record),
            score: one.score,
            path: record.path.to_owned(),
            file: crate::corpus::absolute(root, record.path),
            line: record.line,
            end_line: record.end_line,
            column: None,
            title: marked(record.title),
            trail: record.trail.iter().map(|t| marked(t)).collect(),
            snippet: self.snippet(one, &record),
            stage: one.stage(&missing),
            missing,
            shares: if self.options.explain { one.shares.clone() } else { Vec::new() },
        })
    }

    fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::new(text);
        let mut matches = self.needles.scan(text, &folded).matches;
        matches.retain(|m| self.marked(m.word as usize));
        for check in &self.checks {
            check.mark(text, &folded, 0, &mut matches);
        }
        scan::marks(&folded, &matches)
    }

    /// Grammar words are marked only where they are part of a longer match; alone they would
    /// colour every line.
    fn marked(&self, word: usize) -> bool {
        self.plan.words.get(word).is_none_or(|w| !w.function)
    }

    /// What is marked in the text that a section shows, by start.
    fn marks_of(&self, one: &Judged, record: &Record) -> Vec<Mark> {
        let body = record.body;
        let is_read = !record.borrowed && self.checks.is_empty();
        let mut folded = Folded::default();
        // Its own text was read already (`pass`).
        let mut matches = if is_read {
            one.matches.clone()
        } else {
            folded.fill(body);
            self.needles.scan(body, &folded).matches
        };
        matches.retain(|m| self.marked(m.word as usize));
        let strict = self.plan.words.len();
        for (i, check) in self.checks.iter().enumerate() {
            check.mark(body, &folded, (strict + i) as u32, &mut matches);
        }
        matches.sort_by_key(|m| (m.start, m.end));
        let ranges = matches.iter().map(|m| m.start..m.end);
        let spans = match is_read {
            true => spans(body, &ranges.collect::<Vec<_>>()),
            false => {
                let whole = |r: Range<u32>| folded.span(r.start as usize..r.end as usize);
                ranges.map(whole).collect()
            }
        };
        let words = matches.iter().map(|m| m.word as usize);
        spans.into_iter().zip(words).map(|(span, word)| Mark { span, word }).collect()
    }

    fn snippet(&self, one: &Judged, record: &Record) -> Snippet {
        let marks = self.marks_of(one, record);
        let mut weights = self.weights.words.clone();
        // What must hold is what was meant most.
        let most = weights.iter().copied().fold(1.0, f32::max);
        weights.extend(self.checks.iter().map(|_| most));
        let width =
            if self.options.full { usize::MAX / 2 } else { self.options.snippet_cols };
        let (body, line) = (record.body, record.body_line);
        let found = snippet::snippet(body, &marks, &weights, width, line);
        context::widen(found, body, &marks, line, self.options.context_lines)
    }

    pub(super) fn explained(&self) -> Vec<String> {
        let words = self.plan.words.iter().zip(&self.weights.words).map(|(w, weight)| {
            let kind = if w.function { "grammar word" } else { "word" };
            format!("{kind} {} weight {weight:.2}", w.typed)
        });
        let strict = self.plan.strict.iter().map(|c| format!("must hold: {c:?}"));
        let offers = self.offers.iter().map(|o| {
            format!(
                "also {} for {} worth {:.2} ({:?})",
                o.name, o.typed, o.worth, o.source
            )
        });
        words.chain(strict).chain(offers).collect()
    }
}

/// Returns eight hexadecimal digits of path and heading.
fn id(record: &Record) -> String {
    let mut hasher = XxHash64::with_seed(u64::from(record.root));
    hasher.write(record.path.as_bytes());
    hasher.write_u8(0);
    hasher.write(record.title.as_bytes());
    format!("{:08x}", hasher.finish() as u32)
}

impl Judged {
    /// Returns what a section shows that has no text of its own; put together once.
    pub(super) fn shown(&self, reader: &Reader, record: &Record) -> Result<&Shown> {
        if let Some(shown) = self.shown.get() {
            return Ok(shown);
        }
        let shown = reader.shown(&self.candidate, record)?;
        Ok(self.shown.get_or_init(|| shown))
    }
}
