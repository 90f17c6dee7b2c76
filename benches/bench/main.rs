//! Measures jian against yardsticks taken in the same run: a segmenter, an empty process, `find`.
//!
//! ```text
//! cargo bench --bench bench                        # notes made here, from a seed
//! cargo bench --bench bench -- --notes ~/notes     # real ones
//! cargo bench --bench bench -- --growth 100        # 1, 10 and 100 times as many
//! ```
//!
//! `cargo test` runs it with tiny notes and looks only at whether it works. Ratios carry over to
//! other machines, times do not.

#![allow(clippy::print_stdout, reason = "figures are what it is run for")]

mod engine;
mod notes;
mod process;
mod stages;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Any error ends the run.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How much is measured.
struct Plan {
    notes: Option<PathBuf>,
    /// Size of the notes that are made where none are given.
    made_bytes: usize,
    /// Runs of each process.
    runs: usize,
    /// The largest multiple of the notes that growth is shown for.
    growth: usize,
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["--child-index", notes, index] => {
            return process::child(notes.as_ref(), index.as_ref());
        }
        ["--stages", notes] => return stages::print(notes.as_ref()),
        ["--sections", notes, file] => {
            return engine::export(notes.as_ref(), file.as_ref());
        }
        ["--default-tokenizer", sections, index, ref queries @ ..] => {
            return engine::default_tokenizer(sections.as_ref(), index.as_ref(), queries);
        }
        _ => {}
    }
    let value = |name: &str| {
        let at = words.iter().position(|w| *w == name)?;
        words.get(at + 1).copied()
    };
    let number =
        |name: &str, other: usize| value(name).map_or(Ok(other), str::parse::<usize>);
    // `cargo bench` says so; `cargo test` does not.
    let tiny = !words.contains(&"--bench");
    let plan = Plan {
        notes: value("--notes").map(PathBuf::from),
        made_bytes: number("--megabytes", 4)? * if tiny { 20_000 } else { 1_000_000 },
        runs: number("--runs", if tiny { 2 } else { 100 })?,
        growth: number("--growth", if tiny { 1 } else { 10 })?,
    };
    run(&plan)
}

fn run(plan: &Plan) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let notes = match &plan.notes {
        Some(notes) => notes.clone(),
        None => notes::make(&folder.path().join("notes"), plan.made_bytes, 1)?,
    };
    heading("stages, one thread, MB/s");
    stages::print(&notes)?;
    heading("index, whole process");
    let index = folder.path().join("index");
    process::print_index(&notes, &index)?;
    heading("size, part of the notes");
    engine::print_sizes(&notes, &index)?;
    heading("cold queries, whole process, index as it is");
    process::print_queries(&index, plan.runs)?;
    heading("refresh");
    process::print_refresh(&notes, &index, plan.runs.min(20))?;
    if plan.notes.is_none() && plan.growth > 1 {
        heading("growth");
        let mut times = 1;
        while times <= plan.growth {
            let more = folder.path().join(format!("notes{times}"));
            notes::make(&more, plan.made_bytes * times, 2)?;
            println!("{times} times");
            let index = folder.path().join(format!("index{times}"));
            process::print_index(&more, &index)?;
            process::print_queries(&index, plan.runs.min(30))?;
            times *= 10;
        }
    }
    Ok(())
}

fn heading(text: &str) {
    println!("\n{text}");
}

/// The binary that is measured.
fn jian() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jian"));
    command.env_clear().env("HOME", "/nonexistent").env("COLUMNS", "80");
    command
}

/// Returns the size of all files below a folder.
fn folder_bytes(folder: &Path) -> u64 {
    jian::index::folder_bytes(folder)
}
