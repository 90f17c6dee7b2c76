//! How long queries take in a warm process, and how much of that is the second stage.
//!
//! ```text
//! cargo run --release --example latency -- INDEX QUERIES.jsonl
//! ```
//!
//! `QUERIES.jsonl` has `{"query":…}` or `{"text":…}` a line. Prints the median and the 99th
//! percentile in milliseconds over all queries, each asked several times: the candidates alone,
//! everything with ten snippets, and everything without other names.

#![allow(clippy::print_stdout, reason = "a program that prints a table")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jian::index::Reader;
use jian::query::{self, Query};
use jian::search::{Options, Widening, first_stage, search};
use jian::text::{Dictionary, fingerprint};
use serde_json::Value;

/// Times that each query is asked; the first time warms the index up and is not counted.
const ROUNDS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let places: Vec<String> = std::env::args().skip(1).collect();
    let [index, queries] = places.as_slice() else {
        return Err("usage: latency INDEX QUERIES.jsonl".into());
    };
    let mut asked = Vec::new();
    for line in std::fs::read_to_string(queries)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text = row["query"].as_str().or_else(|| row["text"].as_str());
        asked.push(query::parse(text.unwrap_or_default()).0);
    }
    let reader = Reader::open(Path::new(index), |_| fingerprint(""))?;
    let dictionary = Dictionary::default();
    let (widening, options) = (Widening::default(), Options::default());
    measure("first stage alone", &asked, |query| {
        first_stage(&reader, query, &dictionary, &widening).map(|_| ())
    })?;
    measure("everything", &asked, |query| {
        search(&reader, query, &dictionary, &widening, &options).map(|_| ())
    })?;
    measure("without other names", &asked, |query| {
        search(&reader, query, &dictionary, &Widening::none(), &options).map(|_| ())
    })?;
    Ok(())
}

fn measure(
    what: &str,
    asked: &[Query],
    answer: impl Fn(&Query) -> jian::error::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::with_capacity(asked.len() * ROUNDS);
    for round in 0..ROUNDS {
        for query in asked {
            let start = Instant::now();
            answer(query)?;
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let of = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!("{what:20} p50 {:6.2} ms  p99 {:6.2} ms", of(50), of(99));
    Ok(())
}
