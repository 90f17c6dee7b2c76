//! From a question to ranked answers: candidates from the index, relaxed in stages; a second,
//! readable score over their text; snippets and marks.
//!
//! Law: same index, same query, same bytes. Order is score, then path, then line; nothing
//! depends on threads, segments or hash order.

mod alike;
mod ask;
mod context;
mod correct;
mod drawn;
mod excerpt;
mod flag;
mod forms;
mod gloss;
mod needles;
mod pass;
mod piece;
mod rank;
mod report;
mod scan;
mod score;
mod sheet;
mod shown;
mod snippet;
mod sound;
mod strict;
mod together;
mod verify;
mod weights;
mod widen;
mod width;

pub use drawn::first_stage;
pub use excerpt::Marker;
pub use report::{Hit, Marked, Report, Snippet, Stage};
pub use score::Factors;
pub use widen::{Offer, Source, Widening};

use std::collections::BTreeSet;

use crate::error::Result;
use crate::index::{Ask, Candidate, FEW_FOUND, Reader, Record};
use crate::query::{self, Plan, Query};
use crate::text::{Dictionary, Stemmer};

use alike::Said;
use needles::Needles;
use rank::{Looks, Outlook};
use score::Averages;
use sheet::{Desk, Judged};
use verify::Check;
use weights::Weights;

/// How to search.
#[derive(Debug, Clone)]
pub struct Options {
    /// Most hits to return.
    pub limit: usize,
    /// Hits to pass over first.
    pub offset: usize,
    /// Words may be missing where nothing has them all.
    pub relax: bool,
    /// Width of a snippet in columns, over all its lines.
    pub snippet_cols: usize,
    /// Give the whole section for a snippet.
    pub full: bool,
    /// Lines to give before and after a snippet.
    pub context_lines: usize,
    /// Say how the query was read and what each score is made of.
    pub explain: bool,
    /// Weights of the ranking.
    pub factors: Factors,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: 10,
            offset: 0,
            relax: true,
            snippet_cols: 240,
            full: false,
            context_lines: 0,
            explain: false,
            factors: Factors::DEFAULT,
        }
    }
}

/// Candidates among which what was typed without a space is sought to the letter: all pairs of
/// its characters are in each of them, but not always side by side. Rarely more than the first
/// few are needed; this many take 15 ms.
const MOST_FOR_LITERAL: usize = 768;

/// Sections with a word from which on it leads no search for any of several words: to look
/// through so many takes a millisecond.
const FREQUENT: u64 = 10_000;

/// So many times as many are looked for when a page is beyond those that were.
const PAGES_AHEAD: usize = 8;

/// Searches.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn search(
    reader: &Reader,
    asked: &Query,
    dictionary: &Dictionary,
    widening: &Widening,
    options: &Options,
) -> Result<Report> {
    let flags = flag::read(asked, reader, dictionary)?;
    let plan = query::plan(flags.as_ref().map_or(asked, |(read, _)| read), dictionary);
    let mut report = Report::default();
    if plan.words.is_empty() && plan.strict.is_empty() {
        return Ok(report);
    }
    let mut stemmer = Stemmer::default();
    let offers = widen::widen(&plan, widening, reader, dictionary, &mut stemmer)?;
    let search =
        Search::new(reader, &plan, &offers, (dictionary, &mut stemmer), options)?;
    let mut judged = search.judge(options.limit)?;
    rank::rank(&mut judged, &options.factors);
    alike::spread(&mut judged, |one| {
        let record = one.stored.as_ref().and_then(Record::from_stored);
        let Some(r) = record else {
            return Ok(Said { text: "".into(), heading: Vec::new() });
        };
        let text = match r.borrowed {
            true => one.shown(reader, &r)?.text.as_str().into(),
            false => r.body.into(),
        };
        let heading = r.trail.iter().copied().chain([r.title]).collect();
        Ok(Said { text, heading })
    })?;
    rank::lift_literal(&mut judged);
    let mut reach = options.limit;
    while reach < options.limit.saturating_add(options.offset) {
        // Below what the pages before were chosen from, in steps that do not depend on the page:
        // no hit is on two pages or on none.
        reach = reach.saturating_mul(PAGES_AHEAD).max(PAGES_AHEAD);
        let mut deeper = search.judge(reach)?;
        rank::rank(&mut deeper, &options.factors);
        rank::append(&mut judged, deeper);
    }
    let shown = judged.iter().skip(options.offset).take(options.limit);
    let mut sources = std::collections::BTreeSet::new();
    for one in shown {
        report.hits.push(search.hit(one)?);
        sources.extend(one.parts.sources.iter().map(|&s| usize::from(s) - 1));
    }
    report.notices = flags.map_or_else(Vec::new, |(_, notices)| notices);
    report.notices.extend(widen::remarks(sources.into_iter().map(|s| &offers[s])));
    if let Some(first) = report.hits.first() {
        report.stage = first.stage;
        report.missing.clone_from(&first.missing);
    }
    if options.explain {
        report.explain = search.explained();
    }
    Ok(report)
}

struct Search<'a> {
    reader: &'a Reader,
    plan: &'a Plan,
    offers: &'a [Offer],
    named: Vec<ask::Named<'a>>,
    options: &'a Options,
    needles: Needles,
    checks: Vec<Check>,
    strict: Vec<Ask>,
    weights: Weights,
    averages: Averages,
}

impl<'a> Search<'a> {
    fn new(
        reader: &'a Reader,
        plan: &'a Plan,
        offers: &'a [Offer],
        (dictionary, stemmer): (&Dictionary, &mut Stemmer),
        options: &'a Options,
    ) -> Result<Self> {
        let mut needles = Needles::new(&plan.words, &plan.runs);
        for (source, offer) in (1u16..).zip(offers) {
            needles.also(offer.words.clone(), &offer.chars, offer.worth, source);
        }
        let named = offers.iter().map(|o| {
            let (parts, chars) = match o.parts.is_empty() {
                true => {
                    let (parts, chars) = query::words(&o.name, dictionary, stemmer);
                    (parts.into(), chars.into())
                }
                false => ((&*o.parts).into(), (&*o.chars).into()),
            };
            ask::Named { words: o.words.clone(), parts, chars, worth: o.worth }
        });
        let strict: Result<Vec<Ask>> =
            plan.strict.iter().map(|c| strict::ask(c, reader)).collect();
        let totals = reader.facts().totals;
        let sections = totals.sections.max(1) as f32;
        Ok(Self {
            reader,
            plan,
            offers,
            named: named.collect(),
            options,
            strict: strict?,
            checks: plan.strict.iter().map(Check::new).collect(),
            weights: Weights::of(reader, plan, &needles, &options.factors)?,
            needles,
            averages: Averages {
                body_positions: (totals.body_positions as f32 / sections).max(1.0),
                title_positions: (totals.title_positions as f32 / sections).max(1.0),
            },
        })
    }

    /// Candidates stage by stage, each looked at once, until there are enough that hold.
    fn judge(&self, wanted: usize) -> Result<Vec<Judged>> {
        let looks = Looks::of(self.plan, self.reader.documents());
        let enough = looks.most.max(wanted.saturating_add(wanted));
        let mut seen = BTreeSet::new();
        let mut judged: Vec<Judged> = Vec::with_capacity(enough.min(looks.most));
        let mut sections = BTreeSet::new();
        let sought = self.seeks();
        let mut desk = Desk::default();
        let mut outlook = Outlook::default();
        let stages =
            ask::stages(self.plan, &self.named, &self.strict, self.options.relax, |i| {
                self.weights.freqs[i] > FREQUENT
            });
        for (number, stage) in stages.enumerate() {
            let mut limit = enough;
            loop {
                let found = self.reader.candidates(&stage, limit)?;
                let exhausted = found.len() < limit;
                let few = found.len() <= FEW_FOUND;
                for candidate in &found {
                    if seen.insert(candidate.address)
                        && let Some(one) = self.look(candidate, &mut desk)?
                    {
                        sections.insert((one.root, one.path.clone(), one.line));
                        judged.push(one);
                        if enough == looks.most {
                            outlook.after(&judged, &self.options.factors);
                        }
                    }
                    let literal =
                        !sought || number > 0 || judged.iter().any(Judged::is_literal);
                    if !few && enough == looks.most && literal && outlook.is_poor(looks) {
                        return Ok(judged);
                    }
                }
                if few {
                    outlook.begin_anew();
                }
                // The first stage has what was typed, and more that only looks like it.
                let sought = sought
                    && number == 0
                    && limit < MOST_FOR_LITERAL
                    && !judged.iter().any(Judged::is_literal);
                if exhausted || sections.len() >= enough && !sought {
                    break;
                }
                // What must hold threw candidates out, or parts of one section came together:
                // ask for more.
                let few = judged.len() < limit * 2 && limit > enough;
                if self.checks.is_empty() && few && !sought {
                    break;
                }
                let whole = self.checks.is_empty() && !sought;
                limit = limit.saturating_mul(if whole { 2 } else { 4 });
            }
            if sections.len() >= enough {
                break;
            }
        }
        Ok(judged)
    }

    /// True where the index cannot tell whether a section has what was typed without a space.
    fn seeks(&self) -> bool {
        let runs = &self.plan.runs;
        runs.iter().any(|run| run.words.len() > 1) || !self.checks.is_empty()
    }

    fn look(&self, candidate: &Candidate, desk: &mut Desk) -> Result<Option<Judged>> {
        let stored = self.reader.record_bytes(candidate)?;
        let mut quoted = 0.0;
        if !self.checks.is_empty() {
            let Some(record) = Record::from_stored(&stored) else { return Ok(None) };
            let texts = verify::Texts::new(&record);
            if !self.checks.iter().all(|c| c.holds(&texts)) {
                return Ok(None);
            }
            if self.plan.words.is_empty() {
                quoted =
                    verify::about(&self.checks, &texts, self.averages.body_positions);
            }
        }
        let Some(glance) = stored.glance() else { return Ok(None) };
        let (plan, factors) = (self.plan, &self.options.factors);
        let signs = desk.look(&glance, plan, self.offers, &self.needles, &self.weights);
        let parts = score::parts(&desk.sheet, &self.weights, &self.averages, factors);
        let mut one = Judged::new(candidate, &glance, signs, parts);
        one.quoted = quoted;
        one.verbatim = one.is_literal()
            && plan.runs.iter().all(|run| {
                let words = &plan.words[run.words.clone()];
                let typed: String = words.iter().map(|w| w.typed.as_str()).collect();
                glance.body.contains(&typed) || glance.title.contains(&typed)
            });
        if !self.options.relax && !self.holds_all(&one) {
            return Ok(None);
        }
        one.matches.clone_from(&desk.sheet.body.matches);
        one.stored = Some(stored);
        Ok(Some(one))
    }

    fn holds_all(&self, one: &Judged) -> bool {
        self.plan.words.iter().zip(&one.parts.has).all(|(w, &has)| has || w.function)
    }
}
