//! Lists and scores are those of the engine.

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    BitSetDocSet, BooleanQuery, BoostQuery, ConstScorer, EnableScoring, Explanation,
    Occur, Query, Scorer, TermQuery, Weight,
};
use tantivy::{Index, IndexWriter};
use tempfile::TempDir;

use super::*;
use crate::index::brief;
use crate::index::led::{Lead, Led, May};
use crate::index::packed::Packing;
use crate::index::schema::schema;
use crate::index::segment::SegmentWriter;
use crate::index::union::AnyOf;
use crate::index::write::engine;
use crate::text::{Cutter, Dictionary};

/// An index of two segments. Lists of `alone` and `9日` are brief, all others are not.
fn index() -> (TempDir, Index) {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, fields) = schema();
    let index = engine(folder.path(), folder.path(), true).expect("an index");
    let mut writer = writer(&index);
    let mut cutter = Cutter::new(Dictionary::default());
    for part in 0..2 {
        let mut segment = SegmentWriter::new(
            &index,
            folder.path(),
            fields,
            Arc::new(Packing { over: Vec::new().into() }),
            true,
        )
        .expect("memory");
        segment.begin_note(b"note".to_vec());
        for i in 0..DOCUMENTS {
            let text = "线程 thread ".repeat(i % 7)
                + &"锁 lock ".repeat(part + i % 3)
                + &"的 3月 ".repeat(i % 2)
                + &"9日 ".repeat(usize::from(i % 6 == 0))
                + &"alone ".repeat(if i % 5 == 0 { 1 + i % 3 } else { 0 });
            cutter.cut(&text, &mut segment.body);
            segment.body.add_cut();
            segment.end_document(text.as_bytes()).expect("memory");
        }
        let segment = segment.finish(Vec::new(), false).expect("memory");
        writer.add_segment(segment).expect("memory");
    }
    writer.commit().expect("memory");
    (folder, index)
}

/// Of these those with `线程` are more than a brief list has.
const DOCUMENTS: usize = 2 * brief::most(0) as usize;

fn writer(index: &Index) -> IndexWriter {
    index.writer_with_num_threads(1, 15_000_000).expect("memory")
}

/// As searches open it.
fn opened(folder: &TempDir) -> (Searcher, Lists) {
    let directory = ReadOnly::open(folder.path()).expect("a folder");
    let index = Index::open(directory.clone()).expect("an index");
    let searcher = index.reader().expect("memory").searcher();
    (searcher, Lists::of(directory))
}

/// As the engine reads it.
fn engines(index: &Index) -> Searcher {
    index.reader().expect("memory").searcher()
}

fn are_brief(lists: &Lists, searcher: &Searcher, term: &Term) -> bool {
    let places = lists.places(searcher, term).expect("memory");
    places.iter().all(|p| p.is_empty() || p.brief().expect("memory").is_some())
}

fn option(is_counted: bool) -> IndexRecordOption {
    match is_counted {
        true => IndexRecordOption::WithFreqs,
        false => IndexRecordOption::Basic,
    }
}

#[test]
fn documents_and_scores_are_those_of_the_engine() {
    let (folder, index) = index();
    let (searcher, lists) = opened(&folder);
    let theirs = engines(&index);
    let (_, fields) = schema();
    for (text, counted) in [
        ("线程", true),
        ("锁", true),
        ("thread", true),
        ("absent", true),
        ("的", false),
        ("3月", false),
        ("alone", true),
        ("9日", false),
    ] {
        let field = if counted { fields.text } else { fields.rest };
        let term = Term::from_field_text(field, text);
        let option = option(field == fields.text);
        let query = TermQuery::new(term.clone(), option);
        let query = BoostQuery::new(Box::new(query), 0.7);
        let ours =
            lists.query(&searcher, lists.places(&searcher, &term), field, option, 0.7);
        let is_brief = matches!(text, "alone" | "9日" | "absent");
        assert_eq!(are_brief(&lists, &searcher, &term), is_brief, "{text}");
        let best = |searcher: &Searcher, query: &dyn Query| {
            // Alone the engine would look for the best in another way.
            let query = BooleanQuery::new(vec![
                (Occur::Must, query.box_clone()),
                (Occur::Must, query.box_clone()),
            ]);
            let top = TopDocs::with_limit(1000).order_by_score();
            searcher.search(&query, &top).expect("memory")
        };
        assert_eq!(best(&searcher, &ours), best(&theirs, &query), "{text}");
        let places = lists.places(&searcher, &term).expect("memory");
        assert_eq!(frequency(&places), theirs.doc_freq(&term).expect("memory"));
        let found = best(&searcher, &ours);
        assert_eq!(found.is_empty(), text == "absent");
        let most = ours.most(&searcher);
        // It is asked twice.
        assert!(found.iter().all(|(score, _)| *score <= 2.0 * most), "{text}: {most}");
        let count = searcher.search(&ours, &Count).expect("memory");
        assert_eq!(count as u64, theirs.doc_freq(&term).expect("memory"), "{text}");
    }
}

#[test]
fn what_only_adds_is_looked_at_where_it_can_matter() {
    let (folder, _) = index();
    let (searcher, lists) = opened(&folder);
    let (_, fields) = schema();
    let list = |field, term: &str, worth| {
        let term = Term::from_field_text(field, term);
        let option = option(field == fields.text);
        lists.query(&searcher, lists.places(&searcher, &term), fields.text, option, worth)
    };
    let leads = [
        Lead::List(list(fields.text, "线程", 1.0)),
        Lead::List(list(fields.text, "absent", 1.0)),
        Lead::List(list(fields.rest, "的", 1.0)),
        Lead::List(list(fields.text, "alone", 1.0)),
        Lead::Query(Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(list(fields.text, "线程", 1.0))),
            (Occur::Must, Box::new(list(fields.text, "锁", 0.5))),
        ]))),
        Lead::Any(vec![
            Lead::List(list(fields.text, "锁", 1.0)),
            Lead::List(list(fields.text, "alone", 1.0)),
            Lead::Query(Box::new(list(fields.rest, "的", 1.0))),
            Lead::List(list(fields.text, "absent", 1.0)),
        ]),
    ];
    let may = [
        list(fields.text, "lock", 0.3),
        list(fields.rest, "3月", 2.0),
        list(fields.text, "锁", 0.0),
        list(fields.text, "alone", 0.7),
        list(fields.rest, "9日", 1.0),
    ];
    for lead in leads {
        fn plain(lead: &Lead) -> Box<dyn Query> {
            match lead {
                Lead::List(list) => Box::new(list.clone()),
                Lead::Query(query) => query.box_clone(),
                Lead::Any(leads) => Box::new(AnyOf(leads.iter().map(plain).collect())),
            }
        }
        let must = plain(&lead);
        for count in 0..=may.len() {
            let may = &may[..count];
            let adds =
                |m: &Listed| May { query: Box::new(m.clone()), most: m.most(&searcher) };
            let ours = |unscored| {
                let may = may.iter().map(adds).collect();
                Led { lead: lead.clone(), may, unscored }
            };
            let any = may.iter().map(|m| Box::new(m.clone()) as Box<dyn Query>);
            let any = AnyOf(any.collect());
            let engines = BooleanQuery::new(vec![
                (Occur::Must, must.box_clone()),
                (Occur::Should, Box::new(any)),
            ]);
            // By score only: of those that are alike any may come.
            let best = |query: &dyn Query, limit| -> Vec<Score> {
                let top = TopDocs::with_limit(limit).order_by_score();
                let found = searcher.search(query, &top).expect("memory");
                found.into_iter().map(|(score, _)| score).collect()
            };
            let counted = |query| searcher.search(query, &Count).expect("memory");
            let count = counted(&engines as &dyn Query);
            for limit in [1, 10, 1000] {
                assert_eq!(best(&ours(0), limit), best(&engines, limit));
                // Fewer than there are in each segment: all are scored.
                let few = if count > 100 { 8 } else { 0 };
                assert_eq!(best(&ours(few), limit), best(&engines, limit));
            }
            assert_eq!(best(&ours(1000), 1 << 20).len(), count);
            assert_eq!(counted(&ours(8)), count);
        }
    }
}

/// The documents of a query with their scores, best first, without passing over any.
fn all(searcher: &Searcher, query: &dyn Query) -> Vec<Score> {
    let top = TopDocs::with_limit(1 << 20).order_by_score();
    let found = searcher.search(query, &top).expect("memory");
    found.into_iter().map(|(score, _)| score).collect()
}

#[test]
fn the_engine_passes_over_no_block_of_a_brief_list_that_counts() {
    let (_folder, index) = index();
    let searcher = engines(&index);
    let (_, fields) = schema();
    let terms = ["线程", "alone", "lock"].map(|text| {
        let term = Term::from_field_text(fields.text, text);
        let query: Box<dyn Query> =
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
        (Occur::Should, query)
    });
    let union = BooleanQuery::new(terms.into());
    let all = all(&searcher, &union);
    assert!(all.len() > DOCUMENTS);
    for limit in [1, 10, 100] {
        let top = TopDocs::with_limit(limit).order_by_score();
        let best = searcher.search(&union, &top).expect("memory");
        let best: Vec<Score> = best.into_iter().map(|(score, _)| score).collect();
        assert_eq!(best, all[..limit]);
    }
}

#[test]
fn what_the_engine_merged_is_the_same() {
    let (folder, index) = index();
    let (_, fields) = schema();
    let (before, lists_before) = opened(&folder);
    let ids: Vec<_> =
        before.segment_readers().iter().map(SegmentReader::segment_id).collect();
    writer(&index).merge(&ids).wait().expect("memory");
    let (after, lists_after) = opened(&folder);
    assert_eq!((before.segment_readers().len(), after.segment_readers().len()), (2, 1));
    for (field, text) in [
        (fields.text, "线程"),
        (fields.text, "alone"),
        (fields.rest, "9日"),
        (fields.text, "absent"),
    ] {
        let term = Term::from_field_text(field, text);
        let of = |searcher: &Searcher, lists: &Lists| {
            let option = option(field == fields.text);
            all(
                searcher,
                &lists.query(searcher, lists.places(searcher, &term), field, option, 1.0),
            )
        };
        let found = of(&before, &lists_before);
        assert_eq!(found, of(&after, &lists_after), "{text}");
        assert_eq!(found.is_empty(), text == "absent");
        // It writes lists in its own way.
        assert_eq!(are_brief(&lists_after, &after, &term), found.is_empty());
    }
}

#[test]
fn what_was_deleted_is_not_counted() {
    let (folder, index) = index();
    let (_, fields) = schema();
    let mut writer = writer(&index);
    // Few of the first segment, half of the second.
    let some = [(0, 20, 3), (1, DOCUMENTS as u32, 2)];
    let (segments, _) = opened(&folder);
    for (segment, below, step) in some {
        let id = segments.segment_readers()[segment].segment_id();
        for document in (0..below).step_by(step) {
            writer.delete_query(Box::new(Only(id, document))).expect("memory");
        }
    }
    writer.commit().expect("memory");
    let (searcher, lists) = opened(&folder);
    assert!(searcher.segment_readers().iter().all(SegmentReader::has_deletes));
    for (field, text) in [
        (fields.text, "线程"),
        (fields.text, "alone"),
        (fields.rest, "9日"),
        (fields.rest, "的"),
        (fields.rest, "3月"),
    ] {
        let term = Term::from_field_text(field, text);
        let ours = lists.query(
            &searcher,
            lists.places(&searcher, &term),
            field,
            IndexRecordOption::Basic,
            0.0,
        );
        let counted = searcher.search(&ours, &Count).expect("memory");
        let places = lists.places(&searcher, &term).expect("memory");
        let alive: u64 = searcher
            .segment_readers()
            .iter()
            .zip(&*places)
            .map(|(segment, place)| lists.alive(segment, place).expect("memory"))
            .sum();
        assert_eq!(alive, counted as u64, "{text}");
        assert!(alive < frequency(&places), "{text}");
    }
}

/// One document.
#[derive(Debug, Clone)]
struct Only(SegmentId, DocId);

impl Query for Only {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Only {
    fn scorer(
        &self,
        segment: &SegmentReader,
        _: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let Self(id, document) = *self;
        let mut documents = BitSet::with_max_value(segment.max_doc());
        if segment.segment_id() == id {
            documents.insert(document);
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(documents), 1.0)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        unreachable!("nobody asks for explanations")
    }
}
