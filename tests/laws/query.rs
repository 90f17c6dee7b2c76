//! Any text is a query; what is printed is read again as the same; what is marked is sound.

use jian::query::{parse, plan};
use jian::search::Marker;
use jian::text::Dictionary;

use super::check_marks;

/// Tries the laws of `query`, and marks what is asked in a text.
pub fn check(asked: &str, text: &str) {
    let dictionary = Dictionary::default();
    let (query, notices) = parse(asked);
    for notice in notices {
        assert!(!notice.message.is_empty(), "a remark says something: {asked:?}");
        if let Some(span) = notice.span {
            assert!(asked.get(span.clone()).is_some(), "{span:?} of {asked:?}");
        }
    }
    assert_eq!(parse(&query.to_string()).0, query, "printed: {query}");
    let plan = plan(&query, &dictionary);
    for run in &plan.runs {
        assert!(run.words.end <= plan.words.len(), "{run:?} of {asked:?}");
    }
    let marker = Marker::new(&query, &dictionary);
    check_marks(text, &marker.marks(text));
    check_marks(asked, &marker.marks(asked));
}
