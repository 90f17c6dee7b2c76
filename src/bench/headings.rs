//! Questions that the notes ask by themselves: each heading should find its own section.

use std::collections::BTreeMap;

use super::{Place, Question};
use crate::corpus;
use crate::error::Result;
use crate::index::{Reader, Record};
use crate::query::Query;
use crate::text::{Class, class, fold};

/// A heading that stands more often than this (概念, Example) says nothing by itself: its
/// parent's goes before it.
const GENERIC_OVER: usize = 5;

/// A heading and where it stands.
struct Heading {
    title: String,
    parent: String,
    place: Place,
}

/// Returns up to `limit` headings and titles of the notes as questions, chosen and ordered by
/// `seed`.
/// All sections with the same heading answer it. They are asked word for word: nothing in them
/// is an operator. Kinds are `Chinese`, `English`, `mixed` and `other`.
///
/// # Errors
/// As [`Reader::each_record`].
///
/// # Cost
/// Reads every record of the index once.
pub fn headings(reader: &Reader, limit: usize, seed: u64) -> Result<Vec<Question>> {
    let mut all = Vec::new();
    reader.each_record(|bytes| {
        let Some(record) = Record::from_stored(bytes) else { return };
        if record.part > 0 || record.title.trim().is_empty() {
            return;
        }
        // Below its root a path is shorter to read; with several roots it may stand twice.
        let roots = &reader.facts().roots;
        let path = match roots.len() {
            1 => record.path.to_owned(),
            _ => {
                let file = corpus::absolute(&roots[record.root as usize], record.path);
                file.to_string_lossy().into_owned()
            }
        };
        all.push(Heading {
            title: record.title.trim().to_owned(),
            parent: record.trail.last().map_or("", |t| t.trim()).to_owned(),
            place: Place { path, line: record.line, heading: record.title.to_owned() },
        });
    })?;
    let mut questions = questions(all);
    shuffle(&mut questions, seed);
    questions.truncate(limit);
    Ok(questions)
}

/// One question for each different heading, sorted.
fn questions(all: Vec<Heading>) -> Vec<Question> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for heading in &all {
        *counts.entry(fold(&heading.title)).or_default() += 1;
    }
    let mut asked: BTreeMap<String, (String, Vec<Place>)> = BTreeMap::new();
    for heading in all {
        let generic = counts[&fold(&heading.title)] > GENERIC_OVER;
        let text = match generic && !heading.parent.is_empty() {
            true => format!("{} {}", heading.parent, heading.title),
            false => heading.title,
        };
        let (typed, places) = asked.entry(fold(&text)).or_default();
        // The engine gives records in any order: the spelling must not depend on it.
        if typed.is_empty() || text < *typed {
            *typed = text;
        }
        places.push(heading.place);
    }
    let question = |(text, mut answers): (String, Vec<Place>)| {
        answers.sort();
        let words: Vec<Query> =
            text.split_whitespace().map(|w| Query::Word(w.to_owned())).collect();
        let query = if words.len() == 1 { words[0].clone() } else { Query::Every(words) };
        Question { kind: kind(&text).to_owned(), text, query, answers }
    };
    asked.into_values().map(question).collect()
}

/// Language of a heading by its letters.
fn kind(text: &str) -> &'static str {
    let folded = fold(text);
    let chinese = folded.chars().any(|c| class(c) == Class::Gram);
    let letters = folded.chars().any(|c| class(c) == Class::Word && c.is_alphabetic());
    match (chinese, letters) {
        (true, false) => "Chinese",
        (true, true) => "mixed",
        (false, true) => "English",
        (false, false) => "other",
    }
}

/// Fisher and Yates's shuffle over splitmix64 (Steele, Lea, Flood 2014): the same on every
/// machine and in every version. The slight bias of the remainder does no harm here.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    let mut random = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    for last in (1..items.len()).rev() {
        items.swap(last, (random() % (last as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(parent: &str, title: &str, line: u32) -> Heading {
        let place = Place { path: "/a.md".into(), line, heading: title.into() };
        Heading { title: title.into(), parent: parent.into(), place }
    }

    #[test]
    fn a_generic_heading_is_asked_with_its_parent() {
        let mut all: Vec<Heading> = (0..6)
            .map(|i| heading(["锁", "索引"][i % 2], "概念", i as u32 + 1))
            .collect();
        all.extend([heading("锁", "死锁", 7), heading("系统", "死鎖", 8)]);
        let mut asked: Vec<(String, usize)> =
            questions(all).into_iter().map(|q| (q.text, q.answers.len())).collect();
        asked.sort();
        let expected = [("死鎖", 2), ("索引 概念", 3), ("锁 概念", 3)];
        assert_eq!(asked, expected.map(|(text, n)| (text.to_owned(), n)));
    }

    #[test]
    fn nothing_in_a_heading_is_an_operator() {
        let question = questions(vec![heading("", "-euo \"x\" title:y*", 1)]).remove(0);
        let words = ["-euo", "\"x\"", "title:y*"].map(|w| Query::Word(w.to_owned()));
        assert_eq!(question.query, Query::Every(words.to_vec()));
    }

    #[test]
    fn the_language_of_a_heading_is_that_of_its_letters() {
        let cases = [
            ("三次握手", "Chinese"),
            ("1. 虛擬記憶體？", "Chinese"),
            ("What is a CTE?", "English"),
            ("ＴＬＳ 1.3", "English"),
            ("TLS 握手", "mixed"),
            ("2024-03-05", "other"),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn a_seed_always_gives_the_same_order() {
        let order = |seed| {
            let mut items: Vec<u32> = (0..20).collect();
            shuffle(&mut items, seed);
            items
        };
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(8));
        let mut sorted = order(7);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<_>>());
    }
}
