//! Lists and scores are those of the engine.

use tantivy::Index;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    BitSetDocSet, BooleanQuery, BoostQuery, ConstScorer, Occur, TermQuery,
};

use super::*;
use crate::index::led::{Lead, Led, May};
use crate::index::schema::schema;
use crate::index::segment::SegmentWriter;
use crate::index::union::AnyOf;
use crate::text::{Cutter, Dictionary};

/// An index of two segments.
fn index() -> Index {
    let (schema, fields) = schema();
    let index = Index::create_in_ram(schema);
    let mut writer: tantivy::IndexWriter =
        index.writer_with_num_threads(1, 15_000_000).expect("memory");
    let mut cutter = Cutter::new(Dictionary::default());
    let folder = tempfile::tempdir().expect("a folder");
    for part in 0..2 {
        let mut segment = SegmentWriter::new(
            &index,
            folder.path(),
            fields,
            Arc::new(Vec::new().into()),
            true,
        )
        .expect("memory");
        segment.begin_note(b"note".to_vec());
        for i in 0..300usize {
            let text = "线程 thread ".repeat(i % 7)
                + &"锁 lock ".repeat(part + i % 3)
                + &"的 3月 ".repeat(i % 2);
            cutter.cut(&text, &mut segment.body);
            segment.body.add_cut();
            segment.end_document(text.as_bytes()).expect("memory");
        }
        let segment = segment.finish(Vec::new(), false).expect("memory");
        writer.add_segment(segment).expect("memory");
    }
    writer.commit().expect("memory");
    index
}

fn option(is_counted: bool) -> IndexRecordOption {
    match is_counted {
        true => IndexRecordOption::WithFreqs,
        false => IndexRecordOption::Basic,
    }
}

#[test]
fn documents_and_scores_are_those_of_the_engine() {
    let index = index();
    let searcher = index.reader().expect("memory").searcher();
    let (_, fields) = schema();
    let lists = Lists::default();
    for (text, counted) in [
        ("线程", true),
        ("锁", true),
        ("thread", true),
        ("absent", true),
        ("的", false),
        ("3月", false),
    ] {
        let field = if counted { fields.text } else { fields.rest };
        let term = Term::from_field_text(field, text);
        let option = option(field == fields.text);
        let engines = TermQuery::new(term.clone(), option);
        let engines = BoostQuery::new(Box::new(engines), 0.7);
        let ours = lists.query(&searcher, &term, field, option, 0.7);
        let best = |query: &dyn Query| {
            // Alone the engine would look for the best in another way.
            let query = BooleanQuery::new(vec![
                (Occur::Must, query.box_clone()),
                (Occur::Must, query.box_clone()),
            ]);
            let top = TopDocs::with_limit(1000).order_by_score();
            searcher.search(&query, &top).expect("memory")
        };
        assert_eq!(best(&ours), best(&engines), "{text}");
        let statistics = Statistics { lists: &lists, searcher: &searcher };
        assert_eq!(
            statistics.doc_freq(&term).expect("memory"),
            searcher.doc_freq(&term).expect("memory")
        );
        let found = best(&ours);
        assert_eq!(found.is_empty(), text == "absent");
        let most = ours.most(&searcher);
        // It is asked twice.
        assert!(found.iter().all(|(score, _)| *score <= 2.0 * most), "{text}: {most}");
        let count = searcher.search(&ours, &Count).expect("memory");
        assert_eq!(count as u64, searcher.doc_freq(&term).expect("memory"), "{text}");
    }
}

#[test]
fn what_only_adds_is_looked_at_where_it_can_matter() {
    let index = index();
    let searcher = index.reader().expect("memory").searcher();
    let (_, fields) = schema();
    let lists = Lists::default();
    let list = |field, term: &str, worth| {
        let term = Term::from_field_text(field, term);
        let option = option(field == fields.text);
        lists.query(&searcher, &term, fields.text, option, worth)
    };
    let leads = [
        Lead::List(list(fields.text, "线程", 1.0)),
        Lead::List(list(fields.text, "absent", 1.0)),
        Lead::List(list(fields.rest, "的", 1.0)),
        Lead::Query(Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(list(fields.text, "线程", 1.0))),
            (Occur::Must, Box::new(list(fields.text, "锁", 0.5))),
        ]))),
    ];
    let may = [
        list(fields.text, "lock", 0.3),
        list(fields.rest, "3月", 2.0),
        list(fields.text, "锁", 0.0),
    ];
    for lead in leads {
        let must = match &lead {
            Lead::List(list) => Box::new(list.clone()),
            Lead::Query(query) => query.box_clone(),
        };
        for count in 0..=may.len() {
            let may = &may[..count];
            let adds =
                |m: &Listed| May { query: Box::new(m.clone()), most: m.most(&searcher) };
            let ours = Led { lead: lead.clone(), may: may.iter().map(adds).collect() };
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
            for limit in [1, 10, 1000] {
                assert_eq!(best(&ours, limit), best(&engines, limit));
            }
            let counted = |query| searcher.search(query, &Count).expect("memory");
            assert_eq!(counted(&ours as &dyn Query), counted(&engines));
        }
    }
}

#[test]
fn what_was_deleted_is_not_counted() {
    let index = index();
    let (_, fields) = schema();
    let mut writer: tantivy::IndexWriter =
        index.writer_with_num_threads(1, 15_000_000).expect("memory");
    // Few of the first segment, half of the second.
    let some = [(0, 20, 3), (1, 300, 2)];
    let reader = index.reader().expect("memory");
    let segments = reader.searcher();
    for (segment, below, step) in some {
        let id = segments.segment_readers()[segment].segment_id();
        for document in (0..below).step_by(step) {
            writer.delete_query(Box::new(Only(id, document))).expect("memory");
        }
    }
    writer.commit().expect("memory");
    reader.reload().expect("memory");
    let searcher = reader.searcher();
    assert!(searcher.segment_readers().iter().all(SegmentReader::has_deletes));
    let lists = Lists::default();
    for (field, text) in [
        (fields.text, "线程"),
        (fields.text, "lock"),
        (fields.rest, "的"),
        (fields.rest, "3月"),
    ] {
        let term = Term::from_field_text(field, text);
        let ours = lists.query(&searcher, &term, field, IndexRecordOption::Basic, 0.0);
        let counted = searcher.search(&ours, &Count).expect("memory");
        let places = lists.places(&searcher, &term).expect("memory");
        let alive: u64 = searcher
            .segment_readers()
            .iter()
            .zip(&*places)
            .filter_map(|(segment, (_, info))| Some((segment, info.as_ref()?)))
            .map(|(segment, info)| lists.alive(segment, field, info).expect("memory"))
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
