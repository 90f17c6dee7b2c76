//! `jian bench`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::open::open;
use super::terminal::Terminal;
use super::{Outcome, usage};
use crate::bench::{self, Answer, Figures, Question};
use crate::config::Config;
use crate::error::Result;
use crate::lexicon::Synonyms;
use crate::message::{self, Language, Message};
use crate::render::paint;
use crate::render::width::cols;
use crate::search::Widening;

/// What can be said to `jian bench`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Flags {
    /// Ask the labelled queries of this file instead of headings: JSON Lines, see below
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// Most queries to ask
    #[arg(long, short = 'n', value_name = "N", long_help = LIMIT_HELP)]
    limit: Option<usize>,
    /// Which headings are chosen; the same number chooses the same ones
    #[arg(long, default_value_t = 1, value_name = "S", conflicts_with = "queries")]
    seed: u64,
    /// No synonyms, glossary, pinyin or corrections
    #[arg(long)]
    literal: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// List up to ten queries whose answer is not the first hit, worst first
    #[arg(long, short)]
    verbose: bool,
}

const LIMIT_HELP: &str = "\
Most queries to ask: 300 headings, or all queries of a file, unless set";

const AFTER_HELP: &str = "\
Without --queries, headings of your notes are asked as they stand (one that stands more than \
five times with its parent's before it), and each should find its own section.

A file of queries has one JSON object a line:
  {\"kind\": \"zh\", \"query\": \"三次握手\", \"answers\": [{\"path\": \"tcp.md\", \"line\": 14}]}
`line` is that of the heading; `kind` may be left out. A hit is right where it begins in an \
answer's section, or has at most 120 lines and holds the answer's line.

hit@1 and hit@10 are the shares of queries with a right hit first and among the first ten, \
MRR the mean of one over the place of the first right hit.";

/// Headings to ask unless told: a second or two, and figures that move by 0.003 a query.
const HEADINGS: usize = 300;

/// Misses to list: a screen of them.
const MISSES: usize = 10;

/// Runs `jian bench`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let labelled = flags.queries.as_deref().map(bench::labels).transpose()?;
    let (reader, dictionary) = open(config, config.refresh, terminal)?;
    let questions = match labelled {
        Some(mut questions) => {
            questions.truncate(flags.limit.unwrap_or(usize::MAX));
            questions
        }
        None => bench::headings(&reader, flags.limit.unwrap_or(HEADINGS), flags.seed)?,
    };
    if questions.is_empty() {
        return Err(usage(message::nothing_to_ask(), message::mend_bench()));
    }
    let widening = match flags.literal {
        true => Widening::none(),
        false => Widening {
            synonyms: Synonyms::new(&config.synonyms(&reader.facts().roots)),
            ..Widening::default()
        },
    };
    let answers = bench::ask(&reader, &dictionary, &widening, &questions)?;
    let facts = Facts::new(flags, &questions, &answers);
    terminal.print(&if flags.json {
        facts.json()
    } else {
        facts.text(terminal.language)
    })?;
    Ok(Outcome::Done)
}

#[derive(serde::Serialize)]
struct Facts<'a> {
    kinds: Vec<Figures>,
    queries_per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    misses: Vec<Miss<'a>>,
}

#[derive(serde::Serialize)]
struct Miss<'a> {
    kind: &'a str,
    query: &'a str,
    rank: Option<usize>,
    expected: String,
    heading: &'a str,
    best: Option<String>,
}

impl<'a> Facts<'a> {
    fn new(flags: &Flags, questions: &'a [Question], answers: &[Answer]) -> Self {
        let mut times: Vec<Duration> = answers.iter().map(|a| a.time).collect();
        times.sort_unstable();
        let total: Duration = times.iter().sum();
        let at = |share: usize| {
            let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
            times.get(at).map_or(0.0, |t| t.as_secs_f64() * 1e3)
        };
        Self {
            kinds: bench::figures(questions, answers),
            queries_per_second: times.len() as f64 / total.as_secs_f64().max(1e-9),
            p50_ms: at(50),
            p99_ms: at(99),
            misses: if flags.verbose { misses(questions, answers) } else { Vec::new() },
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect("plain data always serializes") + "\n"
    }

    fn text(&self, language: Language) -> String {
        let said = |message: Message| message.text(language).to_owned();
        let kind = said(message::bench_kind());
        let names: Vec<_> = self.kinds.iter().map(|f| paint::clean(&f.kind)).collect();
        let wide = names.iter().map(|n| cols(n)).max().unwrap_or(0).max(cols(&kind));
        let mut out = String::new();
        let mut row = |name: &str, cells: [String; 4]| {
            let pad = " ".repeat(wide.saturating_sub(cols(name)));
            let [queries, first, ten, mrr] = cells;
            let lead = " ".repeat(7usize.saturating_sub(cols(&queries)));
            writeln!(out, "{name}{pad} {lead}{queries} {first:>6} {ten:>6} {mrr:>6}")
                .expect("strings grow");
        };
        let queries = said(message::bench_queries());
        row(&kind, [queries, "hit@1".into(), "hit@10".into(), "MRR".into()]);
        for (name, f) in names.iter().zip(&self.kinds) {
            let share = |share: f64| format!("{share:.3}");
            let shares = [f.hit_at_1, f.hit_at_10, f.mrr_at_10].map(share);
            let [first, ten, mrr] = shares;
            row(name, [f.queries.to_string(), first, ten, mrr]);
        }
        let speed = format!("{:.0}", self.queries_per_second);
        let [p50, p99] = [self.p50_ms, self.p99_ms].map(|ms| format!("{ms:.1}"));
        out.push_str(&said(message::bench_speed(speed, p50, p99)));
        out.push('\n');
        for miss in &self.misses {
            let place = miss.rank.map_or_else(message::not_found, message::found_at);
            let best = miss.best.as_ref().map_or_else(message::nothing, Message::plain);
            let expected = format!("{} {}", miss.expected, miss.heading);
            let line = said(message::miss(place, miss.query, expected, best));
            writeln!(out, "{}", paint::clean(&line)).expect("strings grow");
        }
        out
    }
}

/// Questions whose answer is not the first hit, worst first, else in the order asked.
fn misses<'a>(questions: &'a [Question], answers: &[Answer]) -> Vec<Miss<'a>> {
    let mut wrong: Vec<(&Question, &Answer)> =
        questions.iter().zip(answers).filter(|(_, a)| a.rank != Some(1)).collect();
    wrong.sort_by_key(|(_, a)| std::cmp::Reverse(a.rank.unwrap_or(usize::MAX)));
    wrong.truncate(MISSES);
    let miss = |(question, answer): (&'a Question, &Answer)| {
        let expected = question.answers.first();
        Miss {
            kind: &question.kind,
            query: &question.text,
            rank: answer.rank,
            expected: expected
                .map_or(String::new(), |place| format!("{}:{}", place.path, place.line)),
            heading: expected.map_or("", |place| &place.heading),
            best: answer
                .best
                .as_ref()
                .map(|hit| format!("{}:{} {}", hit.path, hit.line, hit.title.text)),
        }
    };
    wrong.into_iter().map(miss).collect()
}
