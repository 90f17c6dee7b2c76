//! The sample notes are found: `tests/relevance/judgments.jsonl` against
//! `tests/relevance/floors.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jian::bench::{self, Figures, Question};
use jian::corpus::{LARGEST_NOTE_BYTES, Selection};
use jian::index::{Job, Progress, Reader, Record, update};
use jian::search::Widening;
use jian::text::{Dictionary, fingerprint};

/// Every kind of query that the notes are judged by.
const KINDS: [&str; 10] = [
    "cross", "en-id", "initials", "mixed", "pinyin", "substr", "trad", "typo", "zh-kw",
    "zh-nl",
];

/// Fewer queries of a kind say nothing: one of them would move a figure by more than 0.06.
const LEAST_OF_A_KIND: usize = 16;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn questions() -> Vec<Question> {
    bench::labels(&here("tests/relevance/judgments.jsonl")).expect("it is well formed")
}

/// An index of the sample notes, and the folder that goes when it is dropped.
fn reader() -> (Reader, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temp folder can be made");
    let selection = Selection {
        roots: vec![here("corpus")],
        globs: Vec::new(),
        largest_bytes: LARGEST_NOTE_BYTES,
    };
    let job = Job {
        index: folder.path(),
        selection: Some(selection),
        user_words: "",
        rebuild: false,
        patient: true,
    };
    update(&job, &Progress::default()).expect("the sample notes can be read");
    let reader = Reader::open(folder.path(), |_| fingerprint(""));
    (reader.expect("it was just made"), folder)
}

/// A figure as the table has it: cut off, not rounded, after three digits, so that no floor
/// is above what was reached. The small summand is for 0.29 that is 0.28999….
fn cut(figure: f64) -> f64 {
    (figure * 1e3 + 1e-6).floor() / 1e3
}

fn row(f: &Figures) -> (String, [f64; 3]) {
    (f.kind.clone(), [f.hit_at_1, f.hit_at_10, f.mrr_at_10].map(cut))
}

const HEADER: &str = "kind\thit@1\thit@10\tmrr@10\n";

fn floors() -> BTreeMap<String, [f64; 3]> {
    let text =
        fs::read_to_string(here("tests/relevance/floors.tsv")).expect("it is there");
    let rows = text.strip_prefix(HEADER).expect("the header names the columns");
    let row = |line: &str| {
        let (kind, figures) = line.split_once('\t').expect("a kind and figures");
        let figures: Vec<f64> =
            figures.split('\t').map(|f| f.parse().expect("a number")).collect();
        (kind.to_owned(), figures.try_into().expect("three figures"))
    };
    rows.lines().map(row).collect()
}

/// `JIAN_RAISE_FLOORS=1 cargo test relevance` writes the floors that have risen.
#[test]
#[allow(clippy::disallowed_methods, reason = "asked of the test, not of the program")]
fn no_kind_of_query_falls_below_its_floor() {
    let (reader, _folder) = reader();
    let questions = questions();
    let answers =
        bench::ask(&reader, &Dictionary::default(), &Widening::default(), &questions)
            .unwrap();
    let figures = bench::figures(&questions, &answers);
    let mut floors = floors();
    let mut table = format!(
        "{:8} {:>7} {:>14} {:>14} {:>14}\n",
        "kind", "queries", "hit@1 (floor)", "hit@10 (floor)", "MRR@10 (floor)"
    );
    let (mut fallen, mut risen) = (Vec::new(), Vec::new());
    for figure in &figures {
        let (kind, reached) = row(figure);
        let floor = floors.entry(kind.clone()).or_default();
        write!(table, "{kind:8} {:7}", figure.queries).unwrap();
        for (reached, floor) in reached.iter().zip(floor.iter_mut()) {
            write!(table, "  {reached:.3} ({floor:.3})").unwrap();
            if reached < floor {
                fallen.push(kind.clone());
            } else if reached > floor {
                risen.push(kind.clone());
                *floor = *reached;
            }
        }
        table.push('\n');
    }
    risen.dedup();
    fallen.dedup();
    // Past the test harness, which swallows what `println!` says of a test that holds.
    let mut err = std::io::stderr().lock();
    write!(err, "\n{table}").unwrap();
    let missed = questions.iter().zip(&answers).filter(|(_, a)| a.rank.is_none());
    let missed: Vec<String> =
        missed.map(|(q, _)| format!("{} {}", q.kind, q.text)).collect();
    assert!(
        fallen.is_empty(),
        "{} fell below tests/relevance/floors.tsv:\n{table}not in the first ten:\n{}",
        fallen.join(", "),
        missed.join("\n")
    );
    if risen.is_empty() {
        return;
    }
    let risen = risen.join(", ");
    if std::env::var_os("JIAN_RAISE_FLOORS").is_some() {
        let rows = floors.iter().map(|(kind, [first, ten, mrr])| {
            format!("{kind}\t{first:.3}\t{ten:.3}\t{mrr:.3}\n")
        });
        let text = HEADER.to_owned() + &rows.collect::<String>();
        fs::write(here("tests/relevance/floors.tsv"), text).unwrap();
        writeln!(err, "raised the floors of {risen}").unwrap();
    } else {
        writeln!(err, "{risen} rose: keep it with JIAN_RAISE_FLOORS=1").unwrap();
    }
}

#[test]
fn there_are_enough_queries_of_every_kind_and_a_floor_for_each() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let questions = questions();
    for question in &questions {
        *counts.entry(question.kind.clone()).or_default() += 1;
        assert!(!question.answers.is_empty(), "{} has no answer", question.text);
    }
    assert_eq!(counts.keys().map(String::as_str).collect::<Vec<_>>(), KINDS);
    for (kind, count) in counts {
        assert!(count >= LEAST_OF_A_KIND, "{kind} has {count} queries");
    }
    let kinds: BTreeSet<String> =
        KINDS.into_iter().chain(["all"]).map(Into::into).collect();
    assert_eq!(floors().into_keys().collect::<BTreeSet<_>>(), kinds);
    let asked: BTreeSet<(&str, &str)> =
        questions.iter().map(|q| (q.kind.as_str(), q.text.as_str())).collect();
    assert_eq!(asked.len(), questions.len(), "a query stands there twice");
}

/// A label that points at the wrong line measures nothing.
#[test]
fn every_label_points_at_its_heading() {
    let mut titles: BTreeMap<(String, u32), String> = BTreeMap::new();
    let mut lines: BTreeMap<(String, u32), String> = BTreeMap::new();
    let (reader, _folder) = reader();
    reader
        .each_record(|bytes| {
            let record = Record::from_stored(bytes).unwrap();
            let path = record.path.to_owned();
            titles.insert((path.clone(), record.line), record.title.to_owned());
            for (line, text) in (record.body_line..).zip(record.body.split('\n')) {
                lines.insert((path.clone(), line), text.trim().to_owned());
            }
        })
        .unwrap();
    for question in questions() {
        for place in &question.answers {
            let at = (place.path.clone(), place.line);
            let there = titles.get(&at).or_else(|| lines.get(&at));
            assert_eq!(there, Some(&place.heading), "{}: {at:?}", question.text);
        }
    }
}
