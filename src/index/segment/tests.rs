//! A segment holds what was added.

use std::collections::BTreeMap;

use tantivy::directory::OwnedBytes;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Index, SegmentReader, TERMINATED};
use tempfile::TempDir;

use super::*;
use crate::index::bucket::shared;
use crate::index::counted::is_counted;
use crate::index::packed::{Packing, Unpacker};
use crate::index::schema::schema;
use crate::index::write::engine;
use crate::text::{Cutter, Dictionary, Terms};

/// Of each term of the engine, the documents and how often they hold it.
type Held = BTreeMap<Vec<u8>, Vec<(u32, u32)>>;

fn check(documents: &[String], sorted_at_once: usize) {
    // One after another, and in two segments that become one.
    for joined in [documents.len(), documents.len() / 2, 0] {
        for put_aside_after in [usize::MAX, documents.len() / 3 + 1, 3] {
            check_joined(documents, joined, sorted_at_once, put_aside_after);
        }
    }
}

fn begun(index: &Index, folder: &TempDir, first: bool) -> SegmentWriter {
    let packing = Arc::new(Packing { over: Vec::new().into() });
    let (_, fields) = schema();
    let segment = SegmentWriter::new(index, folder.path(), fields, packing, first);
    let mut segment = segment.expect("memory");
    segment.begin_note(b"note".to_vec());
    segment
}

fn check_joined(
    documents: &[String],
    joined: usize,
    sorted_at_once: usize,
    put_aside_after: usize,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut expected = Held::new();
    let mut lens = Vec::new();
    let (_, fields) = schema();
    let index = engine(folder.path(), folder.path(), true).expect("an index");
    // Who is first may have nothing.
    let (mut segment, mut first) = (begun(&index, &folder, joined > 1), None);
    let mut cutter = Cutter::new(Dictionary::default());
    let mut terms = Terms::default();
    for (number, text) in (0u32..).zip(documents) {
        if number as usize == joined {
            first = Some(std::mem::replace(&mut segment, begun(&index, &folder, false)));
        }
        if number as usize % put_aside_after == put_aside_after - 1 {
            segment.put_aside().expect("memory");
        }
        // Once as it is, once kept and added.
        cutter.cut(text, &mut segment.body);
        let kept = segment.body.take();
        segment.body.add(&kept);
        cutter.cut(text, &mut segment.body);
        segment.body.add_cut();
        segment.end_document(text.as_bytes()).expect("memory");
        terms.fill(text);
        lens.push(2 * terms.len() as u32);
        for term in (0..terms.len()).map(|i| terms.get(i)) {
            let engines = match shared(term) {
                Some(list) => list.to_vec(),
                None => term.as_bytes().to_vec(),
            };
            let postings = expected.entry(engines).or_default();
            let counted = u32::from(is_counted(term));
            match postings.last_mut() {
                Some((document, count)) if *document == number => {
                    *count += 2 * counted;
                }
                _ => postings.push((number, 1 + counted)),
            }
        }
    }
    let (segment, others) = match first {
        Some(first) => (first, vec![segment]),
        None => (segment, Vec::new()),
    };
    let meta = segment.finish_in_rounds(others, sorted_at_once, joined > 0);
    let meta = meta.expect("memory");
    let reader = SegmentReader::open(&index.segment(meta)).expect("all files");
    let mut all = held(&reader, fields.text);
    all.extend(held(&reader, fields.rest));
    assert_eq!(all, expected);
    let norms = reader.get_fieldnorms_reader(fields.text).expect("norms");
    let store = reader.get_store_reader(1).expect("store");
    let unpacker = Unpacker::new(OwnedBytes::empty()).expect("memory");
    for ((number, text), len) in (0u32..).zip(documents).zip(lens) {
        let len = FieldNormReader::fieldnorm_to_id(len);
        assert_eq!(norms.fieldnorm_id(number), len);
        let stored = |document| store.get_document_bytes(document);
        let record = unpacker.record(0, number, stored).expect("stored");
        assert_eq!(record.own(), text.as_bytes());
    }
}

fn held(reader: &SegmentReader, field: Field) -> Held {
    let inverted = reader.inverted_index(field).expect("the field");
    let mut held = Held::new();
    let mut terms = inverted.terms().stream().expect("terms");
    while let Some((term, info)) = terms.next() {
        let mut postings = inverted
            .read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)
            .expect("postings");
        assert_eq!(postings.doc_freq(), info.doc_freq);
        let list = held.entry(term.to_vec()).or_default();
        while postings.doc() != TERMINATED {
            list.push((postings.doc(), postings.term_freq()));
            postings.advance();
        }
    }
    held
}

#[test]
fn a_segment_holds_what_was_added() {
    let few = [
        "三次握手 TCP handshake, handshakes：三次。".to_owned(),
        "a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh iiiiiiiii C++ HashMap".to_owned(),
        String::new(),
        "分布式系统 distributedAcknowledgements 3月 第12 𠀀𠀁 → 😀 한국어".to_owned(),
        "x".repeat(600) + " handshaking",
    ];
    check(&few, SORTED_AT_ONCE);
    check(&few, 1);
    // More terms than are fetched at a time, lists longer than the engine's blocks, more
    // occurrences than fit into an entry of the log.
    let many: Vec<String> = (0..400u32)
        .map(|i| {
            let terms = (0..300).map(|j| format!("词{}的线程 ", (i * 7 + j * j) % 5000));
            terms.collect::<String>() + &"same 的 ".repeat(i as usize % 30)
        })
        .collect();
    check(&many, SORTED_AT_ONCE);
    check(&many, 1000);
    // More occurrences than fit beside the document.
    let often = |count: usize| "same 的 ".repeat(count) + "线程";
    check(&[often(3), often(1 << 16), often((1 << 16) - 1), often(70_000)], 1000);
}

#[test]
fn two_threads_write_what_one_writes_and_runs_what_memory_holds() {
    let (_, fields) = schema();
    let folder = tempfile::tempdir().expect("a folder");
    let index = engine(folder.path(), folder.path(), true).expect("an index");
    let all = [(false, 0), (true, 0), (false, 299), (true, 100)];
    let [alone, others @ ..] = all.map(|(is_core_idle, put_aside)| {
        let mut segment = begun(&index, &folder, true);
        let mut cutter = Cutter::new(Dictionary::default());
        for i in 0..300usize {
            let texts = [format!("词{i}"), "线程".to_owned(), String::new()];
            let terms = || texts.iter().map(String::as_str);
            for field in [TextField::Title, TextField::Sound, TextField::Gloss] {
                segment.add(field, terms());
            }
            segment.add(TextField::Tag, terms().skip(i % 3));
            segment.add(TextField::File, terms().take(1));
            cutter.cut("三次握手 handshake 次握", &mut segment.body);
            segment.body.add_cut();
            segment.end_document(b"own").expect("memory");
            if i < put_aside && i % 50 == 0 {
                segment.put_aside().expect("memory");
            }
        }
        let meta = segment.finish(Vec::new(), is_core_idle).expect("memory");
        let reader = SegmentReader::open(&index.segment(meta)).expect("all files");
        let Fields { text, rest, title, sound, gloss, tag, file } = fields;
        [text, rest, title, sound, gloss, tag, file].map(|field| held(&reader, field))
    });
    assert!(alone.iter().all(|field| !field.is_empty()));
    others.iter().for_each(|other| assert_eq!(other, &alone));
}
