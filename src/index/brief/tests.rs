//! Brief lists are read as they were written, and take little room.

use proptest::prelude::*;

use super::{Brief, LONG, LONGEST};

fn check(list: &Brief, documents: u32) {
    let mut bytes = b"before".to_vec();
    list.write(documents, &mut bytes);
    let bytes = &bytes[b"before".len()..];
    assert_ne!(bytes[0], LONG);
    let read = Brief::read(bytes, documents).expect("as it was written");
    assert_eq!(read.documents, list.documents);
    match list.counts.iter().all(|&count| count == 1) {
        true => assert!(read.counts.is_empty()),
        false => assert_eq!(read.counts, list.counts),
    }
}

fn list(documents: impl IntoIterator<Item = u32>, count: impl Fn(u32) -> u32) -> Brief {
    let mut list = Brief::default();
    documents.into_iter().for_each(|document| list.push(document, count(document)));
    list
}

#[test]
fn a_list_is_read_as_it_was_written() {
    let largest = u32::MAX - 1;
    for (documents, all) in [
        (vec![0], 1),
        (vec![0], 2),
        (vec![1], 2),
        (vec![0, 1], 2),
        (vec![9_999], 10_000),
        (vec![0, 9_999], 10_000),
        ((0..LONGEST - 1).collect(), LONGEST - 1),
        ((0..LONGEST - 1).map(|i| i * 7).collect(), 7 * LONGEST),
        ((5000..5000 + LONGEST - 1).collect(), 1_000_000),
        (vec![0, largest / 2, largest - 1, largest], largest + 1),
    ] {
        check(&list(documents.iter().copied(), |_| 1), all);
        check(&list(documents.iter().copied(), |document| document % 5 + 1), all);
        check(&list(documents, |document| document.max(1)), all);
    }
}

#[test]
fn lists_are_short() {
    let len = |list: Brief, documents| {
        let mut bytes = Vec::new();
        list.write(documents, &mut bytes);
        bytes.len()
    };
    // One document of 10,000, and of 1,000,000.
    assert_eq!(len(list([7_777], |_| 1), 10_000), 2);
    assert_eq!(len(list([777_777], |_| 1), 1_000_000), 3);
    // Neighbours take a quarter of the engine's byte.
    assert!(len(list(300..400, |_| 1), 10_000) <= 25);
}

proptest! {
    #[test]
    fn any_list_is_read_as_it_was_written(
        documents in prop::collection::btree_set(0u32..50_000, 1..LONGEST as usize),
        more in 0u32..1_000_000,
        counts in prop::collection::vec(1u32..300, LONGEST as usize),
    ) {
        let all = documents.last().expect("one or more") + 1 + more;
        let mut list = Brief::default();
        documents.iter().zip(&counts).for_each(|(&d, &count)| list.push(d, count));
        check(&list, all);
    }

    #[test]
    fn what_is_damaged_is_read_without_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        documents in 0u32..3_000_000,
    ) {
        if let Some(list) = Brief::read(&bytes, documents) {
            prop_assert!(list.documents.windows(2).all(|two| two[0] < two[1]));
            prop_assert!(list.documents.iter().all(|&document| document < documents));
            prop_assert!(list.counts.iter().all(|&count| count > 0));
        }
    }
}
