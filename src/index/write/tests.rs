//! Lists that leave memory make the index that those make which stay.

use std::collections::BTreeMap;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED};

use super::*;
use crate::corpus::Stamp;

fn notes() -> Vec<Task> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let (mut folders, mut tasks) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let file = entry.expect("an entry").path();
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let path = file.strip_prefix(&root).expect("below").to_string_lossy();
            let found =
                Found { root: 0, path: path.into_owned(), stamp: Stamp::default() };
            tasks.push(Task { found, file, before: None });
        }
    }
    tasks.sort_by(|a, b| a.file.cmp(&b.file));
    tasks
}

/// Of each field and term, how many documents hold it and how often.
type Held = BTreeMap<(u32, Vec<u8>), (u32, u64)>;

fn held(threads: usize, most_lists_bytes: usize) -> Held {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = engine(folder.path(), folder.path(), true).expect("an index");
    let work = Work { read_bytes: 0, is_new: true };
    let dictionary = Dictionary::default();
    let mut writer =
        Writer::open(folder.path(), folder.path(), engine, dictionary, &work)
            .expect("a writer");
    (writer.threads, writer.most_lists_bytes) = (threads, most_lists_bytes);
    let done = writer.run(&notes(), 1 << 30, &Progress::default()).expect("notes");
    assert!(done.len() > 50 && done.iter().all(|one| one.entry.skipped.is_none()));
    let segment = writer.segment.take().expect("one segment");
    let reader = SegmentReader::open(&writer.writer.index().segment(segment));
    let reader = reader.expect("all files");
    let mut held = Held::new();
    for (field, _) in reader.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
        let inverted = reader.inverted_index(field).expect("the field");
        let mut terms = inverted.terms().stream().expect("terms");
        while let Some((term, info)) = terms.next() {
            let option = IndexRecordOption::WithFreqs;
            let mut list =
                inverted.read_postings_from_terminfo(info, option).expect("a list");
            let key = (field.field_id(), term.to_vec());
            let sums = held.entry(key).or_default();
            while list.doc() != TERMINATED {
                sums.0 += 1;
                sums.1 += u64::from(tantivy::postings::Postings::term_freq(&list));
                list.advance();
            }
        }
    }
    held
}

#[test]
fn lists_that_leave_memory_are_those_that_stay() {
    let expected = held(1, usize::MAX);
    assert!(expected.len() > 10_000, "{}", expected.len());
    for (threads, most_lists_bytes) in [(2, usize::MAX), (1, 1 << 10), (2, 300 << 10)] {
        let found = held(threads, most_lists_bytes);
        assert!(found == expected, "{threads} threads, {most_lists_bytes} bytes");
    }
}
