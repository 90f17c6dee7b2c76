//! What each feature of the ranking contributes: labelled queries are answered with all
//! features, then with each switched off.
//!
//! ```text
//! cargo run --release --example ablation -- INDEX QUERIES.jsonl            known items
//! cargo run --release --example ablation -- INDEX QUERIES.jsonl QRELS.tsv  a test collection
//! ```
//!
//! `QUERIES.jsonl` has `{"kind","query","answers":[{"path","line"}]}` a line, or `{"id","text"}`
//! with judgments `id⇥document⇥grade` beside, where a document is a note named by it. Further
//! arguments `name=value` set a weight and give one line only; `widen=0` looks for nothing but
//! the letter.

#![allow(clippy::print_stdout, reason = "a program that prints a table")]

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;

use jian::index::Reader;
use jian::query;
use jian::search::{Factors, Hit, Options, Widening, search};
use jian::text::{Dictionary, fingerprint};
use serde_json::Value;

/// A query and what answers it.
struct Labelled {
    kind: String,
    text: String,
    answers: Vec<(String, u64, String)>,
    documents: HashMap<String, u32>,
}

/// Names of the weights, in the order of the table.
type Weight = fn(&mut Factors) -> &mut f32;

const WEIGHTS: &[(&str, Weight)] = &[
    ("k1", |f| &mut f.k1),
    ("b_body", |f| &mut f.b_body),
    ("b_title", |f| &mut f.b_title),
    ("title", |f| &mut f.title),
    ("trail", |f| &mut f.trail),
    ("name", |f| &mut f.name),
    ("code", |f| &mut f.code),
    ("lead", |f| &mut f.lead),
    ("chars", |f| &mut f.chars),
    ("pairs", |f| &mut f.pairs),
    ("function", |f| &mut f.function),
    ("coverage", |f| &mut f.coverage),
    ("all", |f| &mut f.all),
    ("window", |f| &mut f.window),
    ("run", |f| &mut f.run),
    ("heading", |f| &mut f.heading),
    ("exact", |f| &mut f.exact),
    ("nameless", |f| &mut f.nameless),
    ("literal", |f| &mut f.literal),
];

fn main() -> Result<(), Box<dyn Error>> {
    let (settings, places): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.contains('='));
    let [index, queries, rest @ ..] = places.as_slice() else {
        return Err(
            "usage: ablation INDEX QUERIES.jsonl [QRELS.tsv] [name=value …]".into()
        );
    };
    let mut factors = Factors::DEFAULT;
    let letter = settings.iter().any(|s| s == "widen=0");
    for setting in settings.iter().filter(|s| *s != "widen=0") {
        let (name, value) = setting.split_once('=').ok_or("name=value")?;
        let weight = WEIGHTS.iter().find(|(n, _)| *n == name).ok_or("no such weight")?;
        *(weight.1)(&mut factors) = value.parse()?;
    }
    let qrels = rest.first().map(std::fs::read_to_string).transpose()?;
    let labelled = read(&std::fs::read_to_string(queries)?, qrels.as_deref())?;
    let reader = Reader::open(Path::new(index), |_| fingerprint(""))?;
    println!("{:10} {}", "all", evaluate(&reader, &labelled, factors, letter)?);
    if settings.is_empty() {
        for (name, weight) in WEIGHTS {
            let mut without = factors;
            *weight(&mut without) = 0.0;
            println!("-{name:9} {}", evaluate(&reader, &labelled, without, letter)?);
        }
    }
    Ok(())
}

fn read(queries: &str, qrels: Option<&str>) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut judged: HashMap<&str, HashMap<String, u32>> = HashMap::new();
    for line in qrels.unwrap_or_default().lines() {
        let mut parts = line.split('\t');
        if let (Some(query), Some(document), Some(grade)) =
            (parts.next(), parts.next(), parts.next())
            && grade.parse::<u32>()? > 0
        {
            judged.entry(query).or_default().insert(document.to_owned(), grade.parse()?);
        }
    }
    let mut labelled = Vec::new();
    for line in queries.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text =
            row["query"].as_str().or(row["text"].as_str()).unwrap_or_default().to_owned();
        let answers = row["answers"].as_array().into_iter().flatten();
        let answers = answers
            .filter_map(|a| {
                let heading = a["heading"].as_str().unwrap_or_default().to_owned();
                Some((a["path"].as_str()?.to_owned(), a["line"].as_u64()?, heading))
            })
            .collect();
        let id = row["id"].as_str().unwrap_or_default();
        let documents = judged.get(id).cloned().unwrap_or_default();
        if qrels.is_some() && documents.is_empty() {
            continue;
        }
        let kind = row["kind"].as_str().unwrap_or("all").to_owned();
        labelled.push(Labelled { kind, text, answers, documents });
    }
    Ok(labelled)
}

fn evaluate(
    reader: &Reader,
    labelled: &[Labelled],
    factors: Factors,
    letter: bool,
) -> Result<String, Box<dyn Error>> {
    let collection = labelled.iter().any(|l| !l.documents.is_empty());
    let limit = if collection { 100 } else { 10 };
    let options = Options { limit, factors, ..Options::default() };
    let dictionary = Dictionary::default();
    let widening = if letter { Widening::none() } else { Widening::default() };
    let mut by_kind: BTreeMap<&str, (f64, [f64; 4])> = BTreeMap::new();
    for one in labelled {
        let report =
            search(reader, &query::parse(&one.text).0, &dictionary, &widening, &options)?;
        let figures =
            if collection { ranked(&report.hits, one) } else { known(&report.hits, one) };
        for kind in [one.kind.as_str(), "ALL"] {
            let (count, sums) = by_kind.entry(kind).or_default();
            *count += 1.0;
            sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        }
    }
    let names = match collection {
        true => ["R@1", "nDCG@10", "MAP", "recall"],
        false => ["hit@1", "hit@3", "hit@10", "MRR"],
    };
    let mut out = Vec::new();
    for (kind, (count, sums)) in &by_kind {
        let cells = names.iter().zip(sums).map(|(n, s)| format!("{n} {:.4}", s / count));
        let cells: Vec<String> = cells.collect();
        match (kind, collection) {
            (&"ALL", _) => out.insert(0, cells.join(" ")),
            (_, true) => {}
            (kind, false) => out.push(format!("{kind} {:.2}", sums[0] / count)),
        }
    }
    Ok(out.join(" "))
}

fn known(hits: &[Hit], one: &Labelled) -> [f64; 4] {
    let right = |hit: &Hit| {
        one.answers.iter().any(|(path, line, heading)| {
            let (from, to) = (u64::from(hit.line), u64::from(hit.end_line));
            let below = from > *line && hit.trail.iter().any(|t| t.text == *heading);
            let holds = from <= *line && *line <= to && to - from <= 120;
            hit.path == *path && (holds || below)
        })
    };
    let rank = hits.iter().position(right).map(|at| at + 1);
    let within = |n: usize| f64::from(u8::from(rank.is_some_and(|r| r <= n)));
    [within(1), within(3), within(10), rank.map_or(0.0, |r| 1.0 / r as f64)]
}

fn ranked(hits: &[Hit], one: &Labelled) -> [f64; 4] {
    let mut seen = Vec::new();
    for hit in hits {
        if !seen.contains(&hit.path) {
            seen.push(hit.path.clone());
        }
    }
    let (mut first, mut gain, mut precision, mut found) = (0.0, 0.0, 0.0, 0.0);
    for (at, path) in seen.iter().enumerate() {
        let document = path.trim_end_matches(".md");
        if !one.documents.contains_key(document) {
            continue;
        }
        found += 1.0;
        precision += found / (at + 1) as f64;
        if at == 0 {
            first = 1.0;
        }
        if at < 10 {
            gain += 1.0 / ((at + 2) as f64).log2();
        }
    }
    let whole = one.documents.len().max(1);
    let ideal: f64 = (0..whole.min(10)).map(|j| 1.0 / ((j + 2) as f64).log2()).sum();
    [first, gain / ideal, precision / whole.min(100) as f64, found / whole as f64]
}
