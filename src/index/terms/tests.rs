//! Looked up, streamed and read by the engine, terms are those that were written.

use std::collections::BTreeMap;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use proptest::prelude::*;

use super::*;

/// Terms, how many documents hold each, and how long the list is.
type Lists = BTreeMap<Vec<u8>, (u32, u64)>;

fn written(lists: &Lists) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = TermWriter::new(&mut bytes);
    for (term, &(doc_freq, len_bytes)) in lists {
        writer.add(term, doc_freq, len_bytes).expect("memory");
    }
    writer.finish().expect("memory");
    bytes
}

fn opened(bytes: Vec<u8>) -> io::Result<FieldTerms> {
    let len = bytes.len();
    FieldTerms::open(Arc::new(OwnedBytes::new(bytes)), 0..len)
}

/// Where each list is.
fn infos(lists: &Lists) -> Vec<(Vec<u8>, TermInfo)> {
    let mut end = 0;
    let info = |(term, &(doc_freq, len_bytes)): (&Vec<u8>, &(u32, u64))| {
        let start = end;
        end += len_bytes as usize;
        (
            term.clone(),
            TermInfo { doc_freq, postings_range: start..end, positions_range: 0..0 },
        )
    };
    lists.iter().map(info).collect()
}

fn streamed(terms: &FieldTerms, from: &[u8]) -> io::Result<Vec<(Vec<u8>, TermInfo)>> {
    let (mut stream, mut all) = (terms.from(from)?, Vec::new());
    while let Some((term, info)) = stream.next()? {
        all.push((term.to_vec(), info.clone()));
    }
    Ok(all)
}

fn near(terms: &FieldTerms, automaton: &DFA, end: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    terms.near(automaton, end, |term, _| all.push(term.to_vec()))?;
    Ok(all)
}

fn check(lists: &Lists, others: &[Vec<u8>]) {
    let terms = opened(written(lists)).expect("whole");
    let infos = infos(lists);
    for (term, info) in &infos {
        assert_eq!(terms.get(term).expect("whole").as_ref(), Some(info), "{term:?}");
    }
    for other in others {
        let from = infos.partition_point(|(term, _)| term < other);
        assert_eq!(streamed(&terms, other).expect("whole"), infos[from..], "{other:?}");
        let expected = infos.get(from).filter(|(term, _)| term == other);
        let found = terms.get(other).expect("whole");
        assert_eq!(found.as_ref(), expected.map(|(_, info)| info), "{other:?}");
    }
}

/// Terms as they are in notes, of which many begin alike, and any bytes.
fn term() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[a-c]{0,4}".prop_map(String::into_bytes),
        "[三次握手线程]{1,3}".prop_map(String::into_bytes),
        "0/docs/(network|storage)/[a-c]{1,3}\\.md".prop_map(String::into_bytes),
        "[a-b]{20,300}".prop_map(String::into_bytes),
        prop::collection::vec(prop_oneof![Just(0u8), Just(0xFF), any::<u8>()], 0..12),
    ]
}

fn lists() -> impl Strategy<Value = Lists> {
    let list = prop_oneof![
        Just((1, 3)),
        (1u32..4, 1u64..6),
        (any::<u32>().prop_map(|n| n.max(1)), 1u64..1 << 30),
    ];
    prop::collection::btree_map(term(), list, 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_written_is_found(lists in lists(), others in prop::collection::vec(term(), 0..20)) {
        check(&lists, &others);
    }

    #[test]
    fn terms_near_are_those_that_the_automaton_takes(
        words in prop::collection::btree_set("[a-d]{0,9}|[线程]{1,2}", 0..600),
        word in "[a-d]{1,6}",
        distance in 1u8..3,
    ) {
        let lists: Lists =
            words.iter().map(|word| (word.clone().into_bytes(), (1, 3))).collect();
        let terms = opened(written(&lists)).expect("whole");
        let automaton = LevenshteinAutomatonBuilder::new(distance, true).build_dfa(&word);
        let takes =
            |term: &&Vec<u8>| matches!(automaton.eval(term), Distance::Exact(_));
        let expected: Vec<_> =
            lists.keys().filter(|term| term.is_ascii()).filter(takes).cloned().collect();
        prop_assert_eq!(near(&terms, &automaton, &[0x80]).expect("whole"), expected);
    }

    #[test]
    fn the_engine_reads_the_same(lists in lists()) {
        use tantivy::directory::FileSlice;
        use tantivy::termdict::{TermDictionary, TermDictionaryBuilder};
        let terms = opened(written(&lists)).expect("whole");
        let mut engines = TermDictionaryBuilder::create(Vec::new()).expect("memory");
        for (term, info) in streamed(&terms, &[]).expect("whole") {
            engines.insert(term, &info).expect("in order");
        }
        let bytes = engines.finish().expect("memory");
        let engines = TermDictionary::open(FileSlice::from(bytes)).expect("whole");
        for (term, info) in infos(&lists) {
            prop_assert_eq!(engines.get(&term).expect("whole"), Some(info));
        }
        prop_assert_eq!(engines.num_terms(), lists.len());
    }
}

#[test]
fn damage_is_an_error_or_other_terms_and_never_a_crash() {
    let word =
        |i: u32| format!("{}{}", ["word", "线程", "0/a/long/path/"][i as usize % 3], i);
    let lists: Lists = (0..300)
        .map(|i| (word(i).into_bytes(), (1 + i % 3, 2 + u64::from(i % 5))))
        .collect();
    let whole = written(&lists);
    let automaton = LevenshteinAutomatonBuilder::new(2, true).build_dfa("word1");
    let mut errors = 0;
    for at in 0..whole.len() {
        for bit in [0, 3, 4, 7] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            let used = || -> io::Result<()> {
                let terms = opened(damaged)?;
                terms.get(b"word12")?;
                terms.get("线程100".as_bytes())?;
                near(&terms, &automaton, &[0x80])?;
                streamed(&terms, b"w").map(|_| ())
            };
            errors += u32::from(used().is_err());
        }
    }
    assert!(errors > 100, "{errors}");
    for len in 0..COUNT_BYTES {
        assert!(opened(whole[..len].to_vec()).is_err(), "{len} bytes");
    }
}
