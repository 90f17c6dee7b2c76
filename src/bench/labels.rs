//! Questions that somebody labelled, from a file.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::Question;
use crate::error::{Error, Result};
use crate::message::{self, Message};
use crate::query;

/// Where an answer begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Place {
    /// Path of the note below its root, or the end of its absolute path.
    pub path: String,
    /// Line of the heading or question, 1-based.
    pub line: u32,
    /// What stands there, for people.
    #[serde(default)]
    pub heading: String,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    kind: String,
    query: String,
    answers: Vec<Place>,
}

/// Kind of the questions that name none.
const NO_KIND: &str = "queries";

/// Reads labelled questions: JSON Lines of `query`, `answers` (each with `path` and `line`,
/// and `heading` for people) and, if they are of several, `kind`. Other keys and empty lines
/// are passed over.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, [`Error::Usage`] where a line of it is
/// something else, or none is left.
pub fn labels(path: &Path) -> Result<Vec<Question>> {
    let text =
        fs::read_to_string(path).map_err(Error::io("read the queries in", path))?;
    let mut questions = Vec::new();
    for (line, row) in text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty())
    {
        let row: Row = serde_json::from_str(row.trim_start_matches('\u{feff}'))
            .map_err(|e| unreadable(path, &format!("line {}: {e}", line + 1)))?;
        questions.push(Question {
            kind: if row.kind.is_empty() { NO_KIND.to_owned() } else { row.kind },
            query: query::parse(&row.query).0,
            text: row.query,
            answers: row.answers,
        });
    }
    match questions.is_empty() {
        true => Err(unreadable(path, "it has none")),
        false => Ok(questions),
    }
}

fn unreadable(path: &Path, why: &str) -> Error {
    Error::Usage {
        message: message::bad_queries(path.display(), Message::known(why)),
        hint: message::mend_queries(
            r#"{"query": "…", "answers": [{"path": "…", "line": 1}]}"#,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    fn read(text: &str) -> Result<Vec<Question>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        labels(file.path())
    }

    #[test]
    fn rows_are_read_whatever_else_they_say() {
        let rows = read(
            "\u{feff}{\"id\":1,\"kind\":\"zh\",\"query\":\"三次握手\",\
             \"answers\":[{\"path\":\"a.md\",\"heading\":\"握手\",\"line\":3}]}\r\n\n\
             {\"query\":\"GIL\",\"answers\":[]}\n",
        )
        .unwrap();
        let (first, second) = (&rows[0], &rows[1]);
        assert_eq!((first.kind.as_str(), first.text.as_str()), ("zh", "三次握手"));
        assert_eq!(first.query, Query::Word("三次握手".into()));
        let place = Place { path: "a.md".into(), line: 3, heading: "握手".into() };
        assert_eq!(first.answers, [place]);
        assert_eq!((second.kind.as_str(), second.answers.len()), (NO_KIND, 0));
    }

    #[test]
    fn what_is_no_row_is_named_with_its_line() {
        let message = read("{\"query\":\"a\",\"answers\":[]}\n你好\n").unwrap_err();
        assert!(message.to_string().contains("line 2: "), "{message}");
        assert!(read("\n \n").unwrap_err().to_string().contains("it has none"));
    }
}
