//! What one thread does of each stage in a second.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use jian::corpus::{self, LARGEST_NOTE_BYTES, Selection};
use jian::text::{Dictionary, Terms};
use jian::{markup, text};
use jieba_rs::Jieba;

use crate::Outcome;

/// Returns the notes of a folder.
pub fn read(notes: &Path) -> Outcome<Vec<(String, String)>> {
    let root = notes.canonicalize()?;
    let selection = Selection {
        roots: vec![root.clone()],
        globs: Vec::new(),
        largest_bytes: LARGEST_NOTE_BYTES,
    };
    let endings: Vec<&str> =
        markup::READERS.iter().flat_map(|r| r.endings).copied().collect();
    let mut walked = corpus::walk(&selection, &endings, &())?;
    walked.found.sort_by(|a, b| a.path.cmp(&b.path));
    let notes = walked.found.into_iter().filter_map(move |found| {
        let note = corpus::read(&root.join(&found.path), LARGEST_NOTE_BYTES).ok()?;
        Some((found.path, note.text))
    });
    Ok(notes.collect())
}

/// Prints MB/s of each stage, and as a multiple of jieba-rs over the same text.
pub fn print(notes: &Path) -> Outcome<()> {
    let start = Instant::now();
    let texts = read(notes)?;
    let reading = start.elapsed().as_secs_f64();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let megabytes = bytes as f64 / 1e6;
    println!("notes: {}, {megabytes:.1} MB", texts.len());
    let whole: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let seconds = |work: &mut dyn FnMut(&str)| {
        let start = Instant::now();
        whole.iter().for_each(|text| work(text));
        start.elapsed().as_secs_f64()
    };
    let jieba = Jieba::new();
    let yardstick = seconds(&mut |text| {
        for line in text.lines() {
            black_box(jieba.cut_for_search(line, false));
        }
    });
    let mut terms = Terms::new(Dictionary::default());
    let mut folded = text::Folded::default();
    let dictionary = Dictionary::default();
    let rows: [(&str, f64); 6] = [
        ("jieba-rs cut_for_search, no HMM (yardstick)", yardstick),
        ("walk, read, decode", reading),
        ("markup", seconds(&mut |text| _ = black_box(markup::sections("md", text)))),
        ("fold", seconds(&mut |text| folded.fill(text))),
        ("fold and cut into words, as queries are", {
            let mut run = String::new();
            seconds(&mut |text| {
                let folded = text::Folded::new(text);
                text::pieces(&folded.chars, |piece| {
                    if piece.kind == text::Kind::Han {
                        run.clear();
                        run.extend(&folded.chars[piece.range()]);
                        black_box(dictionary.cut(&run));
                    }
                });
            })
        }),
        ("fold and cut into terms, as notes are", {
            seconds(&mut |text| {
                black_box(terms.fill(text));
            })
        }),
    ];
    for (stage, seconds) in rows {
        let ratio = yardstick / seconds;
        println!("{ratio:6.2} × jieba-rs  {:8.1} MB/s  {stage}", megabytes / seconds);
    }
    Ok(())
}
