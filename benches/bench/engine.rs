//! What the engine under jian says: sizes by field, and what it does with its own tokenizer.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use jian::markup;
use tantivy::collector::Count;
use tantivy::query::QueryParser;
use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{Index, doc};

use crate::Outcome;
use crate::stages::read;

/// Prints the size of each field's terms and lists, and of what is stored.
pub fn print_sizes(notes: &Path, index: &Path) -> Outcome<()> {
    let bytes: usize = read(notes)?.iter().map(|(_, text)| text.len()).sum();
    let current = fs::read_to_string(index.join("current"))?;
    let engine = Index::open_in_dir(index.join(current.trim()))?;
    let searcher = engine.reader()?.searcher();
    let mut rows = std::collections::BTreeMap::<String, u64>::new();
    for segment in searcher.space_usage()?.segments() {
        let mut add = |what: String, bytes: u64| *rows.entry(what).or_default() += bytes;
        for (_, entry) in engine.schema().fields() {
            let parts = [
                (segment.termdict(), "terms"),
                (segment.postings(), "lists"),
                (segment.fieldnorms(), "lengths"),
            ];
            for (usage, what) in parts {
                if let Some(usage) =
                    usage.fields().find(|u| u.field_name() == entry.name())
                {
                    let name = format!("{}: {what}", entry.name());
                    add(name, usage.total().get_bytes());
                }
            }
        }
        add("record: stored".to_owned(), segment.store().total().get_bytes());
    }
    for (what, size) in rows {
        println!(
            "{:8.3}  {:10.1} kB  {what}",
            size as f64 / bytes as f64,
            size as f64 / 1e3
        );
    }
    Ok(())
}

/// Writes all sections of notes as JSON Lines, for engines that are given sections.
pub fn export(notes: &Path, file: &Path) -> Outcome<()> {
    let mut out = BufWriter::new(fs::File::create(file)?);
    for (path, text) in read(notes)? {
        let ending = path.rsplit_once('.').map_or("md", |(_, ending)| ending);
        for section in markup::sections(ending, &text).sections {
            let body = if section.borrowed { "" } else { &section.body };
            let row = serde_json::json!({
                "path": path, "line": section.line, "title": section.title, "body": body,
            });
            writeln!(out, "{row}")?;
        }
    }
    Ok(out.flush()?)
}

/// Indexes exported sections with the engine's default tokenizer; prints seconds, bytes, and of
/// each query how many sections are found and how long that took in this process.
pub fn default_tokenizer(
    sections: &Path,
    folder: &Path,
    queries: &[&str],
) -> Outcome<()> {
    let mut schema = Schema::builder();
    let title = schema.add_text_field("title", TEXT | STORED);
    let body = schema.add_text_field("body", TEXT | STORED);
    fs::create_dir_all(folder)?;
    let start = Instant::now();
    let index = Index::create_in_dir(folder, schema.build())?;
    let mut writer = index.writer_with_num_threads(2, 128 << 20)?;
    for line in fs::read_to_string(sections)?.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        writer.add_document(doc!(title => text("title"), body => text("body")))?;
    }
    writer.commit()?;
    println!("{:.2}\t{}", start.elapsed().as_secs_f64(), crate::folder_bytes(folder));
    let searcher = index.reader()?.searcher();
    let mut parser = QueryParser::for_index(&index, vec![title, body]);
    parser.set_conjunction_by_default();
    for query in queries {
        let start = Instant::now();
        let found = searcher.search(&parser.parse_query(query)?, &Count)?;
        println!("{query}\t{found}\t{:.3}", start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}
