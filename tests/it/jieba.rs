//! The law of `text::segment`: our segmenter cuts every run as jieba-rs does.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jian::text::{Class, Dictionary, Terms, class, fold};
use jieba_rs::Jieba;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::env::{CORPUS, project};

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// All Han runs of the sample notes, folded, each once.
static RUNS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut runs = BTreeSet::new();
    for (_, section) in &CORPUS.sections {
        for text in [&section.title, &section.body] {
            let folded = fold(text);
            runs.extend(folded.split(|c| !is_han(c)).map(str::to_owned));
        }
    }
    runs.into_iter().filter(|r| r.chars().count() > 1).collect()
});

/// All words of the dictionary that folded text can hold.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let text = std::fs::read_to_string(project().join("data/jieba-dict.txt"))
        .expect("part of the project");
    let words = text.lines().filter_map(|line| line.split(' ').next());
    words.filter(|w| w.chars().all(is_han) && fold(w) == *w).map(str::to_owned).collect()
});

/// Characters that jieba-rs takes for Chinese too; others reach its segmenter never.
fn is_han(c: char) -> bool {
    class(c) == Class::Gram && ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn check(run: &str) -> Result<(), TestCaseError> {
    let dictionary = Dictionary::default();
    let words: Vec<&str> = dictionary.cut(run).into_iter().map(|r| &run[r]).collect();
    let theirs: Vec<&str> = JIEBA.cut(run, false).into_iter().map(|t| t.word).collect();
    prop_assert_eq!(&words, &theirs, "cut of {}", run);
    // jieba-rs gives the shorter words before the word that holds them.
    let mut searched = Vec::new();
    for word in words {
        searched.extend(dictionary.inside(word).into_iter().map(|r| &word[r]));
        searched.push(word);
    }
    let theirs: Vec<&str> =
        JIEBA.cut_for_search(run, false).into_iter().map(|t| t.word).collect();
    prop_assert_eq!(searched, theirs, "search mode of {}", run);
    Ok(())
}

#[test]
fn every_run_of_the_sample_notes_is_cut_as_jieba_cuts_it() {
    assert!(RUNS.len() > 5_000, "{} runs", RUNS.len());
    for run in RUNS.iter() {
        check(run).unwrap_or_else(|e| panic!("{e}"));
    }
}

#[test]
fn every_long_word_of_the_dictionary_is_a_term_of_what_holds_it() {
    let mut terms = Terms::new(Dictionary::default());
    for word in WORDS.iter().filter(|word| word.chars().count() > 2) {
        terms.fill(&format!("在{word}了"));
        let found = (0..terms.len()).any(|i| terms.get(i) == word);
        assert!(found, "{word}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_piece_of_a_run_is_cut_as_jieba_cuts_it(
        at in any::<Index>(), from in any::<Index>(), to in any::<Index>(),
    ) {
        let run: Vec<char> = at.get(&RUNS).chars().collect();
        let (a, b) = (from.index(run.len()), to.index(run.len()));
        let piece: String = run[a.min(b)..=a.max(b)].iter().collect();
        check(&piece)?;
    }

    #[test]
    fn dictionary_words_in_a_row_are_cut_as_jieba_cuts_them(
        words in proptest::collection::vec(any::<Index>(), 1..12),
    ) {
        let run: String = words.iter().map(|i| i.get(&WORDS).as_str()).collect();
        check(&run)?;
    }

    #[test]
    fn any_characters_in_a_row_are_cut_as_jieba_cuts_them(
        chars in proptest::collection::vec(
            prop_oneof![
                select(vec!['中', '国', '人', '的', '一', '不', '数', '据', '库']),
                proptest::char::range('\u{4e00}', '\u{9fff}'),
            ],
            0..24,
        ),
    ) {
        let run = fold(&chars.into_iter().collect::<String>());
        check(&run.chars().filter(|&c| is_han(c)).collect::<String>())?;
    }
}
