//! Where the lists of terms are, each looked up once, and a query for documents of one list.
//!
//! A search asks for a term several times: how frequent it is, whether it is there, and once in
//! each stage. The engine's own query looks it up twice more each time, and prepares an
//! explanation that nobody reads: a tenth of a search for a few English words.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::query::{
    Bm25StatisticsProvider, EmptyScorer, EnableScoring, Explanation, Query, Scorer,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term,
};

/// Of each segment, where the list of a term is.
type Places = Arc<[(SegmentId, Option<TermInfo>)]>;

/// What a length counts for in a score, by the engine's code for it.
type LengthTable = Arc<[Score; 256]>;

/// BM25's constants, those of the engine (Robertson, Zaragoza 2009).
const K1: Score = 1.2;
const B: Score = 0.75;

/// What was looked up so far.
#[derive(Default)]
pub(super) struct Lists {
    places: RefCell<BTreeMap<Term, Places>>,
    lengths: RefCell<BTreeMap<Field, LengthTable>>,
}

impl Lists {
    /// Returns where the lists of a term are.
    pub fn places(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<Places> {
        if let Some(places) = self.places.borrow().get(term) {
            return Ok(places.clone());
        }
        let place = |segment: &SegmentReader| -> tantivy::Result<_> {
            let inverted = segment.inverted_index(term.field())?;
            Ok((segment.segment_id(), inverted.get_term_info(term)?))
        };
        let places: tantivy::Result<Places> =
            searcher.segment_readers().iter().map(place).collect();
        let places = places?;
        self.places.borrow_mut().insert(term.clone(), places.clone());
        Ok(places)
    }

    fn lengths(&self, searcher: &Searcher, field: Field) -> tantivy::Result<LengthTable> {
        if let Some(table) = self.lengths.borrow().get(&field) {
            return Ok(table.clone());
        }
        let tokens = searcher.total_num_tokens(field)?;
        let average = tokens as Score / searcher.total_num_docs()? as Score;
        let table: LengthTable = Arc::new(std::array::from_fn(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code as u8);
            K1 * (1.0 - B + B * length as Score / average)
        }));
        self.lengths.borrow_mut().insert(field, table.clone());
        Ok(table)
    }

    /// Returns the query for the documents that hold a term; a worth of 0 asks for no score.
    pub fn query(
        &self,
        searcher: &Searcher,
        term: &Term,
        option: IndexRecordOption,
        worth: Score,
    ) -> Listed {
        let found = || -> tantivy::Result<(Places, Option<LengthTable>)> {
            let places = self.places(searcher, term)?;
            let scored = worth > 0.0;
            let lengths = scored.then(|| self.lengths(searcher, term.field()));
            Ok((places, lengths.transpose()?))
        };
        Listed { field: term.field(), option, worth, found: found() }
    }
}

/// What the engine's own queries ask for, from what was looked up.
pub(super) struct Statistics<'r> {
    pub lists: &'r Lists,
    pub searcher: &'r Searcher,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(frequency(&self.lists.places(self.searcher, term)?))
    }
}

fn frequency(places: &Places) -> u64 {
    places.iter().flat_map(|(_, info)| info).map(|info| u64::from(info.doc_freq)).sum()
}

/// The documents of a term.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    field: Field,
    option: IndexRecordOption,
    worth: Score,
    /// What could not be read is said when the query is run.
    found: tantivy::Result<(Places, Option<LengthTable>)>,
}

impl Query for Listed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let (places, lengths) = self.found.clone()?;
        let scoring = match (scoring, lengths) {
            (EnableScoring::Enabled { searcher, .. }, Some(lengths)) => {
                let (all, with) = (searcher.total_num_docs()?, frequency(&places));
                let rare = ((all - with.min(all)) as Score + 0.5) / (with as Score + 0.5);
                Some(((1.0 + rare).ln() * (1.0 + K1), lengths))
            }
            _ => None,
        };
        Ok(Box::new(ListWeight {
            field: self.field,
            worth: self.worth,
            option: self.option,
            places,
            scoring,
        }))
    }
}

struct ListWeight {
    field: Field,
    worth: Score,
    option: IndexRecordOption,
    places: Places,
    scoring: Option<(Score, LengthTable)>,
}

impl ListWeight {
    fn place(&self, segment: &SegmentReader) -> Option<&TermInfo> {
        let id = segment.segment_id();
        self.places.iter().find(|(of, _)| *of == id)?.1.as_ref()
    }
}

impl Weight for ListWeight {
    fn scorer(
        &self,
        segment: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(info) = self.place(segment) else { return Ok(Box::new(EmptyScorer)) };
        let inverted = segment.inverted_index(self.field)?;
        let postings = inverted.read_postings_from_terminfo(info, self.option)?;
        let Some((weight, lengths)) = &self.scoring else {
            return Ok(Box::new(ListScorer { postings, scoring: None }));
        };
        let norms = segment.fieldnorms_readers().get_field(self.field)?;
        let norms =
            norms.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1));
        let scoring = Some((weight * (boost * self.worth), norms, lengths.clone()));
        Ok(Box::new(ListScorer { postings, scoring }))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("nobody asks for explanations".into()))
    }

    fn count(&self, segment: &SegmentReader) -> tantivy::Result<u32> {
        match segment.alive_bitset() {
            Some(alive) => Ok(self.scorer(segment, 1.0)?.count(alive)),
            None => Ok(self.place(segment).map_or(0, |info| info.doc_freq)),
        }
    }
}

struct ListScorer {
    postings: SegmentPostings,
    scoring: Option<(Score, FieldNormReader, LengthTable)>,
}

impl DocSet for ListScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }
}

impl Scorer for ListScorer {
    fn score(&mut self) -> Score {
        let Some((weight, norms, lengths)) = &self.scoring else { return 0.0 };
        let count = self.postings.term_freq() as Score;
        let length = lengths[usize::from(norms.fieldnorm_id(self.postings.doc()))];
        weight * (count / (count + length))
    }
}

/// Returns how many documents that were not deleted hold a term; reads its list where some were.
pub(super) fn alive(segment: &SegmentReader, field: Field, info: &TermInfo) -> u64 {
    let Some(alive) = segment.alive_bitset() else { return info.doc_freq.into() };
    let list = segment.inverted_index(field).and_then(|inverted| {
        Ok(inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?)
    });
    // What cannot be read is reported by the search itself.
    let Ok(mut list) = list else { return 0 };
    let mut count = 0;
    while list.doc() != TERMINATED {
        count += u64::from(alive.is_alive(list.doc()));
        list.advance();
    }
    count
}

#[cfg(test)]
mod tests {
    use tantivy::Index;
    use tantivy::collector::{Count, TopDocs};
    use tantivy::query::{BooleanQuery, BoostQuery, Occur, TermQuery};

    use super::*;
    use crate::index::schema::schema;
    use crate::index::segment::SegmentWriter;
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
                let text =
                    "线程 thread ".repeat(i % 7) + &"锁 lock ".repeat(part + i % 3);
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
            ("程锁", false),
        ] {
            let field = if counted { fields.text } else { fields.rest };
            let term = Term::from_field_text(field, text);
            let option = match counted {
                true => IndexRecordOption::WithFreqs,
                false => IndexRecordOption::Basic,
            };
            let engines = TermQuery::new(term.clone(), option);
            let engines = BoostQuery::new(Box::new(engines), 0.7);
            let ours = lists.query(&searcher, &term, option, 0.7);
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
            let count = searcher.search(&ours, &Count).expect("memory");
            assert_eq!(count as u64, searcher.doc_freq(&term).expect("memory"), "{text}");
        }
    }
}
