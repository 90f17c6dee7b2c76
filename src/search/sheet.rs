//! A candidate on paper: what its fields hold of the query, and its place in the ranking.

use std::hash::Hasher;

use twox_hash::XxHash64;

use super::report::Stage;
use super::scan::{Match, Needles, Scan};
use super::score::{self, Factors, Parts, Sheet, Weights};
use super::verify::code_ranges;
use super::widen::Offer;
use crate::index::{Candidate, Record};
use crate::query::Plan;
use crate::text::{Class, Folded, class};

/// A candidate that was looked at.
#[derive(Debug)]
pub struct Judged {
    pub candidate: Candidate,
    pub root: u32,
    pub path: String,
    pub line: u32,
    pub part: u32,
    pub title: String,
    pub parts: Parts,
    /// True where it is also written as it was typed: same script, same width.
    pub verbatim: bool,
    sheet: Sheet,
    /// Shares by name, after [`Judged::finish`].
    pub shares: Vec<(&'static str, f32)>,
    /// Their damped sum, after [`Judged::finish`].
    pub score: f32,
}

/// From this share of links on, in percent, a section is a list of links.
const LINK_LIST_PERCENT: u8 = 50;
/// A list of links points at answers and is none.
const LINK_LIST_DAMP: f32 = 0.55;
/// A heading without text answers with its children, who answer themselves.
const BORROWED_DAMP: f32 = 0.95;
/// A heading with nothing below answers nothing; nor does front matter alone.
const EMPTY_DAMP: f32 = 0.75;

impl Judged {
    pub fn new(
        candidate: &Candidate,
        record: &Record,
        sheet: Sheet,
        parts: Parts,
    ) -> Self {
        Self {
            candidate: *candidate,
            root: record.root,
            path: record.path.to_owned(),
            line: record.line,
            part: record.part,
            title: record.title.to_owned(),
            parts,
            verbatim: false,
            sheet,
            shares: Vec::new(),
            score: 0.0,
        }
    }

    /// Computes the score; `best` is the greatest sum of all candidates.
    pub fn finish(&mut self, best: f32, factors: &Factors) {
        self.shares = score::shares(&self.sheet, &self.parts, best, factors);
        let sum: f32 = self.shares.iter().map(|(_, share)| share).sum();
        if self.sheet.damp < 1.0 {
            self.shares.push(("damped", sum * (self.sheet.damp - 1.0)));
        }
        self.score = sum * self.sheet.damp;
    }

    /// True where the section contains all that was typed, as it was typed.
    pub fn is_literal(&self) -> bool {
        self.sheet.run >= 1.0
    }

    /// Returns how far the query was relaxed for this.
    pub fn stage(&self, missing: &[String]) -> Stage {
        /// Half of the query's weight is most of it.
        const MOST: f32 = 0.5;
        match () {
            () if missing.is_empty() && self.is_literal() => Stage::Near,
            () if missing.is_empty() => Stage::All,
            () if self.parts.coverage >= MOST => Stage::Most,
            () => Stage::Any,
        }
    }

    /// Returns eight hexadecimal digits of path and heading.
    pub fn id(&self) -> String {
        let mut hasher = XxHash64::with_seed(u64::from(self.root));
        hasher.write(self.path.as_bytes());
        hasher.write_u8(0);
        hasher.write(self.title.as_bytes());
        format!("{:08x}", hasher.finish() as u32)
    }

    /// Stands in for a record that can no longer be read.
    pub fn empty_record(&self) -> Record<'_> {
        Record {
            root: self.root,
            path: &self.path,
            line: self.line,
            end_line: self.line,
            depth: 0,
            borrowed: false,
            link_percent: 0,
            title: &self.title,
            note_title: "",
            trail: Vec::new(),
            tags: "",
            body_line: self.line,
            body: "",
            code: Vec::new(),
            aside: "",
            part: self.part,
        }
    }
}

/// Looks at a section's fields.
pub fn sheet(
    record: &Record,
    plan: &Plan,
    offers: &[Offer],
    needles: &Needles,
    weights: &Weights,
) -> Sheet {
    let title = Folded::new(record.title);
    let body = Folded::new(if record.borrowed { "" } else { record.body });
    let seen = |text: &str, folded: &Folded| needles.scan(text, folded);
    let trail = record.trail.join("\n");
    let names = format!("{}\n{}\n{}", record.path, record.note_title, record.tags);
    let body_text = if record.borrowed { "" } else { record.body };
    let mut sheet = Sheet {
        title: seen(record.title, &title),
        trail: seen(&trail, &Folded::new(&trail)),
        name: seen(&names, &Folded::new(&names)),
        body: seen(body_text, &body),
        code: code_ranges(record, &body),
        damp: damp(record),
        ..Sheet::default()
    };
    let aside = Folded::new(record.aside);
    let beside = seen(record.aside, &aside);
    sheet.run =
        run(plan, &[(&title, &sheet.title), (&body, &sheet.body), (&aside, &beside)]);
    // A link target or a line of front matter is found, and counts as little as a name.
    sheet.name.matches.extend(beside.matches);
    let numbering = numbering(&title.chars);
    sheet.title_fit = title_fit(plan, &sheet, &title, numbering, weights);
    sheet.title_exact = title_exact(plan, offers, &title.chars[numbering..]);
    sheet
}

fn damp(record: &Record) -> f32 {
    if record.link_percent >= LINK_LIST_PERCENT {
        LINK_LIST_DAMP
    } else if record.borrowed {
        BORROWED_DAMP
    } else if record.body.trim().is_empty() {
        EMPTY_DAMP
    } else {
        1.0
    }
}

/// How much of what was typed without a space stands together, over all runs.
fn run(plan: &Plan, texts: &[(&Folded, &Scan)]) -> f32 {
    let (mut sum, mut whole) = (0.0, 0.0);
    for run in &plan.runs {
        let length = run.chars.len() as f32;
        whole += length;
        let best = texts.iter().map(|(text, scan)| match run.words.len() {
            // One word is a run by itself wherever it stands.
            // A word of letters may be the beginning of a longer one: `docker` of `Dockerfile`.
            1 if !plan.words[run.words.start].han => {
                f32::from(u8::from(contains(&text.chars, &run.chars)))
            }
            1 => {
                let word = run.words.start as u32;
                let typed = |m: &Match| m.word == word && m.source == 0 && m.worth >= 1.0;
                f32::from(u8::from(scan.matches.iter().any(typed)))
            }
            _ => score::longest_run(&run.chars, &text.chars),
        });
        sum += best.fold(0.0, f32::max) * length;
    }
    if whole > 0.0 { sum / whole } else { 0.0 }
}

fn contains(text: &[char], run: &[char]) -> bool {
    !super::verify::occurrences(text, run).is_empty()
}

/// How much the heading is the question: the share of the query's weight in it (headings above
/// count half), times how much of the heading that is.
fn title_fit(
    plan: &Plan,
    sheet: &Sheet,
    title: &Folded,
    numbering: usize,
    weights: &Weights,
) -> f32 {
    let mut in_title = vec![0.0f32; plan.words.len()];
    let mut covered = vec![false; title.chars.len()];
    for m in &sheet.title.matches {
        let word = m.word as usize;
        in_title[word] = in_title[word].max(m.worth);
        covered[m.start as usize..m.end as usize].fill(true);
    }
    let mut above = vec![false; plan.words.len()];
    for m in &sheet.trail.matches {
        above[m.word as usize] = true;
    }
    let whole: f32 = weights.words.iter().sum();
    if whole <= 0.0 || in_title.iter().all(|&t| t == 0.0) {
        return 0.0;
    }
    let mut held = 0.0;
    for (i, &weight) in weights.words.iter().enumerate() {
        held += weight * in_title[i].max(if above[i] { 0.5 } else { 0.0 });
    }
    let said = (numbering..title.chars.len()).filter(|&i| says(&title.chars[i]));
    let (mut count, mut matched) = (0.0f32, 0.0f32);
    for i in said {
        count += 1.0;
        matched += f32::from(u8::from(covered[i]));
    }
    let precision = if count > 0.0 { matched / count } else { 0.0 };
    held / whole * (0.4 + 0.6 * precision)
}

/// How far a heading says just what was typed: 1, or the worth of another name for all of it.
fn title_exact(plan: &Plan, offers: &[Offer], title: &[char]) -> f32 {
    let title = || title.iter().copied().filter(says);
    let typed = plan.runs.iter().flat_map(|r| r.chars.iter().copied()).filter(says);
    if typed.eq(title()) {
        return 1.0;
    }
    let named = offers.iter().filter(|offer| {
        let mut words = (0..).zip(&plan.words);
        words.all(|(i, word)| word.function || offer.words.contains(&i))
            && offer.chars.iter().copied().filter(says).eq(title())
    });
    named.map(|offer| offer.worth).fold(0.0, f32::max)
}

/// True for what counts when texts are compared by what they say.
fn says(c: &char) -> bool {
    matches!(class(*c), Class::Gram | Class::Word | Class::Sign)
}

/// How many characters of a heading only number it: `3.`, `一、`, `(2)`, `第三章 `.
fn numbering(title: &[char]) -> usize {
    let digit =
        |c: &char| c.is_ascii_digit() || "一二三四五六七八九十百第章节.()".contains(*c);
    let length = title.iter().take_while(|c| digit(c)).count();
    let ends =
        title.get(length).is_some_and(|c| matches!(c, ',' | '.' | ' ' | ')' | ':'));
    let dotted = length > 0 && matches!(title[length - 1], '.' | ')' | '章' | '节');
    if (ends || dotted) && length < title.len() { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_is_told_from_headings() {
        for (title, length) in [
            ("3.线程", 2),
            ("一,概念", 1),
            ("3", 0),
            ("三次握手", 0),
            ("1.2 redis", 3),
            ("(2)锁", 3),
        ] {
            assert_eq!(numbering(&title.chars().collect::<Vec<_>>()), length, "{title}");
        }
    }
}
