//! The glossary as a table: every row has its columns, no name is there twice, and no two
//! concepts claim one name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jian::lexicon::key_of;
use jian::text::{Stemmer, fold};

/// Fields that rows may be of.
const DOMAINS: [&str; 23] = [
    "algorithm",
    "arch",
    "career",
    "compiler",
    "concurrency",
    "database",
    "datastructure",
    "distributed",
    "everyday",
    "exception",
    "language",
    "math",
    "memory",
    "ml",
    "network",
    "os",
    "project",
    "runtime",
    "security",
    "swe",
    "testing",
    "tools",
    "web",
];

/// Field, simplified, traditional, English, abbreviations and names of APIs.
const COLUMNS: usize = 5;

struct Row {
    place: String,
    columns: Vec<String>,
}

impl Row {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns[1..].iter().flat_map(|c| c.split('|')).filter(|n| !n.is_empty())
    }
}

fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/glossary");
    let mut rows = Vec::new();
    for file in std::fs::read_dir(folder).expect("part of the project") {
        let path = file.expect("part of the project").path();
        let text = std::fs::read_to_string(&path).expect("part of the project");
        for (line, row) in (1..).zip(text.lines()) {
            if row.starts_with('#') || row.is_empty() {
                continue;
            }
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            let columns = row.split('\t').map(str::to_owned).collect();
            rows.push(Row { place: format!("{name}:{line}"), columns });
        }
    }
    rows
}

/// Spelled with signs of code, a name is another one: `thread_local` beside `thread local`.
fn is_identifier(name: &str) -> bool {
    name.contains(['_', '.', '@', '$', '(', ':', '*'])
}

/// A name with one space for all that stands between its letters.
fn spelled(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#'));
    words.filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn rows_have_their_columns() {
    let mut wrong = Vec::new();
    for row in rows() {
        let is_whole = row.columns.len() == COLUMNS
            && DOMAINS.contains(&row.columns[0].as_str())
            && row.names().count() >= 2
            && row.columns.iter().all(|c| c.split('|').all(|n| n.trim() == n));
        if !is_whole {
            wrong.push(format!("{}: {}", row.place, row.columns.join("⇥")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn columns_hold_what_they_say() {
    let han = |name: &str| name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut wrong = Vec::new();
    for row in rows() {
        let [_, simplified, traditional, english, _] = row.columns.as_slice() else {
            continue;
        };
        for name in simplified.split('|').chain(traditional.split('|')) {
            if !name.is_empty() && !han(name) {
                wrong.push(format!("{}: {name} is not Chinese", row.place));
            }
        }
        for name in english.split('|').filter(|n| han(n)) {
            wrong.push(format!("{}: {name} is not English", row.place));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_is_in_one_row_once() {
    let mut stemmer = Stemmer::default();
    let mut wrong = Vec::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for row in rows() {
        let mut own = BTreeSet::new();
        for name in row.names() {
            let key = key_of(name, &mut stemmer);
            if !own.insert(key.clone()) {
                if !is_identifier(name) {
                    wrong.push(format!("{}: {name} is there twice", row.place));
                }
                continue;
            }
            // Words with one stem are two concepts at times: engineer, engineering.
            let spelled = spelled(name);
            if let Some(owner) = owners.insert(spelled, row.place.clone()) {
                wrong.push(format!("{}: {name} is also in {owner}", row.place));
            }
        }
    }
    assert!(wrong.is_empty(), "{} findings\n{}", wrong.len(), wrong.join("\n"));
}
