//! Whole processes, from start to exit: what a person waits for.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use jian::corpus::{LARGEST_NOTE_BYTES, Selection};
use jian::index::{Job, Progress, Reader, update};
use jian::text;

use crate::{Outcome, folder_bytes, jian};

/// One query of each kind, all answered by real notes of programmers.
const QUERIES: [(&str, &str); 8] = [
    ("Chinese phrase", "三次握手"),
    ("two scripts", "redis 持久化"),
    ("Chinese word", "线程池"),
    ("one character", "锁"),
    ("English words", "cache timeout"),
    ("phrase as written", "\"最大 连接\""),
    ("beginning of a word", "conn*"),
    ("five words, 是 among them", "为什么 Python 多线程 是 鸡肋"),
];

/// Runs in a process of its own, so that the peak of memory is that of indexing.
pub fn child(notes: &Path, index: &Path) -> Outcome<()> {
    let job = Job {
        index,
        selection: Some(Selection {
            roots: vec![notes.canonicalize()?],
            globs: Vec::new(),
            largest_bytes: LARGEST_NOTE_BYTES,
        }),
        user_words: "",
        rebuild: true,
        patient: true,
    };
    let done = update(&job, &Progress::default())?;
    let segments = Reader::open(index, |_| text::fingerprint(""))?.segments();
    let (bytes, seconds) = (done.bytes_read as f64, done.seconds);
    println!(
        "{:8.1} MB/s  {:.1} MB in {seconds:.2} s, {} sections, {segments} segments, \
         peak memory {} MB",
        bytes / 1e6 / seconds,
        bytes / 1e6,
        done.totals.sections,
        peak_kilobytes() / 1000,
    );
    println!("{:8.2} × the notes on disk", folder_bytes(index) as f64 / bytes);
    Ok(())
}

/// The most memory that this process had so far; 0 where the system does not say.
fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Indexes in a process of its own.
pub fn print_index(notes: &Path, index: &Path) -> Outcome<()> {
    let mut command = Command::new(std::env::current_exe()?);
    let status = command.arg("--child-index").arg(notes).arg(index).status()?;
    if status.success() { Ok(()) } else { Err("indexing failed".into()) }
}

/// Prints milliseconds of each kind of query, and as a multiple of a process that says hello.
pub fn print_queries(index: &Path, runs: usize) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let hello = hello(folder.path());
    for (kind, query) in QUERIES {
        let (mut ours, mut empty) = (Vec::new(), Vec::new());
        // In turn, so that both see the same machine.
        for _ in 0..runs {
            empty.push(milliseconds(&mut Command::new(&hello))?);
            let mut ask = jian();
            ask.arg("--index").arg(index);
            ours.push(milliseconds(ask.args(["query", "--no-refresh", "--", query]))?);
        }
        let (median, floor) = (of(&mut ours, 50), of(&mut empty, 50));
        println!(
            "{:6.2} × hello  p50 {median:6.2} ms  p99 {:6.2} ms  {kind}: {query}",
            median / floor,
            of(&mut ours, 99),
        );
    }
    Ok(())
}

/// Prints what it takes to see that nothing changed, and to take in one changed note.
pub fn print_refresh(notes: &Path, index: &Path, runs: usize) -> Outcome<()> {
    let notes = notes.canonicalize()?;
    let (mut ours, mut finds) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let mut find = Command::new("find");
        find.arg(&notes).args(["-name", "*.md", "-newer"]).arg(index.join("current"));
        finds.push(milliseconds(&mut find)?);
        ours.push(milliseconds(jian().arg("--index").arg(index).arg("index"))?);
    }
    let (median, find) = (of(&mut ours, 50), of(&mut finds, 50));
    println!("{:6.2} × find -newer  p50 {median:6.2} ms  nothing changed", median / find);
    // Notes of a person are left alone: the one that changes is beside them.
    let beside = tempfile::tempdir()?;
    let (note, index) = (beside.path().join("note.md"), beside.path().join("index"));
    let (mut ours, mut writes) = (Vec::new(), Vec::new());
    let both = || {
        let mut command = jian();
        command.arg("--index").arg(&index).arg("index").arg(&notes).arg(&note);
        command
    };
    fs::write(&note, "# 新的笔记\n")?;
    milliseconds(&mut both())?;
    for i in 0..runs {
        let text = format!("# 新的笔记\n\n第 {i} 次 changed\n");
        let start = Instant::now();
        let mut file = fs::File::create(&note)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        writes.push(start.elapsed().as_secs_f64() * 1e3);
        ours.push(milliseconds(&mut both())?);
    }
    let (median, write) = (of(&mut ours, 50), of(&mut writes, 50));
    println!(
        "{:6.2} × a synced write  p50 {median:6.2} ms  one note changed",
        median / write
    );
    Ok(())
}

/// Runs a process and throws away what it prints.
fn milliseconds(command: &mut Command) -> Outcome<f64> {
    let start = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// The smallest time that this part of all times, in percent, does not exceed.
fn of(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * percent).div_ceil(100).clamp(1, times.len()) - 1]
}

/// A program that does nothing but print, compiled here; `true` where there is no compiler.
fn hello(folder: &Path) -> PathBuf {
    let (source, binary) = (folder.join("hello.rs"), folder.join("hello"));
    let text = "fn main() { println!(\"hello\"); }";
    let compiled = fs::write(&source, text).is_ok()
        && Command::new("rustc")
            .args(["-O", "-o"])
            .args([&binary, &source])
            .status()
            .is_ok_and(|s| s.success());
    if compiled { binary } else { PathBuf::from("true") }
}
