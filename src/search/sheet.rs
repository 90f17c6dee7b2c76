//! A candidate on paper: what its fields hold of the query, and its place in the ranking.

use std::cell::OnceCell;

use super::needles::Needles;
use super::pass::{Pass, Text};
use super::report::Stage;
use super::scan::{Match, PART_WORTH, Scan};
use super::score::{self, Factors, Parts, Sheet, Signs};
use super::together;
use super::weights::Weights;
use super::widen::Offer;
use crate::index::{Candidate, Glance, Shown, Stored};
use crate::query::Plan;
use crate::text::{Class, class};

/// A candidate that was looked at.
#[derive(Debug)]
pub struct Judged {
    pub candidate: Candidate,
    /// The section, kept for when it is shown.
    pub stored: Option<Stored>,
    /// What it shows where it has no text of its own, once that was put together.
    pub shown: OnceCell<Shown>,
    pub root: u32,
    pub path: String,
    pub line: u32,
    pub part: u32,
    pub parts: Parts,
    /// What stands in its own text, for when it is shown.
    pub matches: Vec<Match>,
    /// True where it is also written as it was typed: same script, same width.
    pub verbatim: bool,
    signs: Signs,
    /// How much it is about what is quoted, where nothing else was asked.
    pub quoted: f32,
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
        record: &Glance,
        signs: Signs,
        parts: Parts,
    ) -> Self {
        Self {
            candidate: *candidate,
            stored: None,
            shown: OnceCell::new(),
            root: record.root,
            path: record.path.to_owned(),
            line: record.line,
            part: record.part,
            parts,
            matches: Vec::new(),
            verbatim: false,
            signs,
            quoted: 0.0,
            shares: Vec::new(),
            score: 0.0,
        }
    }

    /// Computes the score; `best` is the greatest sum of all candidates.
    pub fn finish(&mut self, best: f32, factors: &Factors) {
        self.shares = score::shares(&self.signs, &self.parts, best, factors).to_vec();
        if self.quoted > 0.0 {
            self.shares.push(("quoted", self.quoted));
        }
        let sum: f32 = self.shares.iter().map(|(_, share)| share).sum();
        if self.signs.damp < 1.0 {
            self.shares.push(("damped", sum * (self.signs.damp - 1.0)));
        }
        self.score = sum * self.signs.damp;
    }

    /// Returns the score that [`Judged::finish`] would compute.
    pub fn score(&self, best: f32, factors: &Factors) -> f32 {
        let shares = score::shares(&self.signs, &self.parts, best, factors);
        (shares.iter().map(|(_, share)| share).sum::<f32>() + self.quoted)
            * self.signs.damp
    }

    /// True where the section contains all that was typed, as it was typed.
    pub fn is_literal(&self) -> bool {
        self.signs.run >= 1.0
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
}

/// The texts of a candidate, read: memory for the next one.
#[derive(Debug, Default)]
pub struct Desk {
    pub sheet: Sheet,
    title: Pass,
    body: Pass,
    aside: Pass,
    /// For texts whose characters nobody asks for again.
    other: Pass,
}

impl Desk {
    /// Looks at a section's fields.
    pub fn look(
        &mut self,
        record: &Glance,
        plan: &Plan,
        offers: &[Offer],
        needles: &Needles,
        weights: &Weights,
    ) -> Signs {
        let Self { sheet, title, body, aside, other } = self;
        title.read([Text::Short(record.title)], needles, &mut sheet.title);
        let text = (!record.borrowed).then_some(Text::Short(record.body));
        body.read(text, needles, &mut sheet.body);
        aside.read([Text::Short(record.aside)], needles, &mut sheet.aside);
        let trail = record.trail.iter().map(|&title| Text::Short(title));
        other.read(trail, needles, &mut sheet.trail);
        let name = [record.path, record.note_title, record.tags].map(Text::Plain);
        other.read(name, needles, &mut sheet.name);
        sheet.code.clear();
        if text.is_some() {
            let code = record.code.iter();
            sheet.code.extend(code.map(|&(from, to)| (body.line(from), body.line(to))));
        }
        let texts =
            [(&*title, &sheet.title), (&*body, &sheet.body), (&*aside, &sheet.aside)];
        let run = run(plan, &texts);
        // A link target or a line of front matter is found, and counts as little as a name.
        sheet.name.matches.extend(sheet.aside.matches.iter().copied());
        let title = &title.chars;
        let numbering = numbering(title);
        Signs {
            run,
            title_fit: title_fit(plan, sheet, title, numbering, weights),
            title_exact: title_exact(plan, offers, &title[numbering..]),
            damp: damp(record, &body.chars),
        }
    }
}

fn damp(record: &Glance, body: &[char]) -> f32 {
    if record.link_percent >= LINK_LIST_PERCENT {
        LINK_LIST_DAMP
    } else if record.borrowed {
        BORROWED_DAMP
    } else if body.iter().all(|c| c.is_whitespace()) {
        EMPTY_DAMP
    } else {
        1.0
    }
}

/// How much of what was typed without a space stands together, over all runs.
fn run(plan: &Plan, texts: &[(&Pass, &Scan)]) -> f32 {
    let (mut sum, mut whole) = (0.0, 0.0);
    for run in &plan.runs {
        let length = run.chars.len() as f32;
        whole += length;
        let word = run.words.start as u32;
        let has = |scan: &Scan, enough: &dyn Fn(&Match) -> bool| {
            scan.matches.iter().any(|m| m.word == word && m.source == 0 && enough(m))
        };
        let share = |(text, scan): &(&Pass, &Scan)| match run.words.len() {
            // One word is a run by itself wherever it stands.
            // A word of letters may be the beginning of a longer one: `docker` of `Dockerfile`.
            1 if !plan.words[run.words.start].han => {
                let same = |m: &Match| m.worth == 1.0 || m.worth == PART_WORTH;
                f32::from(u8::from(has(scan, &same) || contains(&text.chars, &run.chars)))
            }
            1 => f32::from(u8::from(has(scan, &|m| m.worth >= 1.0))),
            _ if run.chars.iter().all(|&c| class(c) == Class::Gram) => {
                together::longest_run_of(&run.chars, text.han())
            }
            _ => together::longest_run(&run.chars, &text.chars),
        };
        let mut best = 0.0f32;
        for text in texts {
            best = best.max(share(text));
            if best >= 1.0 {
                break;
            }
        }
        sum += best * length;
    }
    if whole > 0.0 { sum / whole } else { 0.0 }
}

fn contains(text: &[char], run: &[char]) -> bool {
    /// So many places are looked at in one go, which the processor does several at a time.
    const AT_ONCE: usize = 64;
    let &[first, second, ..] = run else { return run.iter().all(|c| text.contains(c)) };
    let mut rest = text;
    while rest.len() >= run.len() {
        let here = rest[..rest.len() - 1].iter().zip(&rest[1..]).take(AT_ONCE);
        let begins =
            here.fold(false, |any, (&one, &two)| any | (one == first) & (two == second));
        if begins && rest.windows(run.len()).take(AT_ONCE).any(|window| window == run) {
            return true;
        }
        rest = &rest[AT_ONCE.min(rest.len())..];
    }
    false
}

/// How much the heading is the question: the share of the query's weight in it (headings above
/// count half), times how much of the heading that is.
fn title_fit(
    plan: &Plan,
    sheet: &Sheet,
    title: &[char],
    numbering: usize,
    weights: &Weights,
) -> f32 {
    let mut in_title = vec![0.0f32; plan.words.len()];
    let mut covered = vec![false; title.len()];
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
    let said = (numbering..title.len()).filter(|&i| says(&title[i]));
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
    fn a_run_is_found_wherever_it_stands() {
        for (text, run) in
            [("a 三次握手 b", "三次"), ("dockerfile", "docker"), ("ab", "b")]
        {
            for before in 0..200 {
                let chars = |text: &str| text.chars().collect::<Vec<_>>();
                let around = format!("{}{text}", "x".repeat(before));
                assert!(contains(&chars(&around), &chars(run)), "{run} after {before}");
                assert!(!contains(&chars(&around), &chars("bb")), "bb after {before}");
            }
        }
    }

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
