//! An error at each call to the system in a run that writes: no panic, a message with path and
//! cause, and an index that answers.
//!
//! `strace` puts the errors in, into the real program. It counts calls for each thread apart, so
//! that the calls of one run are reached in several.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::crash::copy;
use crate::env::{Env, Ran, ran};

/// Calls that write, and that open what is read.
const CALLS: &[&str] = &[
    "openat",
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "mkdir",
    "ftruncate",
    "flock",
];

/// What the disk says.
const ERRORS: &[(&str, &str)] =
    &[("EIO", "Input/output error"), ("ENOSPC", "No space left on device")];

/// How notes change.
type Change = fn(&Env);

/// How many notes there are, so that a few edits are few.
const NOTES: usize = 24;

/// What is done, how often the engine's commit is written for it, and how the notes change before.
const RUNS: &[(&str, usize, Change)] = &[
    ("index", 1, |env| env.note("new.md", "# 新\n\nnewword\n")),
    ("index", 1, |env| fs::remove_file(env.path("notes/1.md")).expect("it is ours")),
    ("rebuild", 2, |_| {}),
    // With these two there are four segments, which become one, in our codes.
    ("index", 3, |env| {
        for i in 0..2 {
            env.note(&format!("{i}.md"), "# 笔记 新\n\n改过 edited words\n");
            env.done(&["index"]);
        }
        env.note("new.md", "# 新\n\nnewword\n");
    }),
];

/// One in so many faults is tried in everyday runs; `JIAN_FAULTS=1` tries each.
#[allow(clippy::disallowed_methods, reason = "a switch of this test alone")]
fn one_in() -> usize {
    std::env::var("JIAN_FAULTS").ok().and_then(|n| n.parse().ok()).unwrap_or(16)
}

/// How often a thread makes each call on what is ours, at most, passing over what happens before
/// the program begins: `(call, number)`.
fn faults(trace: &str, home: &str) -> BTreeSet<(String, usize)> {
    let mut counts = std::collections::HashMap::new();
    let mut found = BTreeSet::new();
    for line in trace.lines() {
        let mut words = line.splitn(2, ' ');
        let (Some(thread), Some(rest)) = (words.next(), words.next()) else { continue };
        let Some((call, rest)) = rest.trim_start().split_once('(') else { continue };
        if !CALLS.contains(&call) {
            continue;
        }
        let number =
            counts.entry((thread.to_owned(), call.to_owned())).or_insert(0_usize);
        *number += 1;
        // Messages go to 2; the rest of what is numbered is a file of ours or a note.
        let is_message = call == "write" && rest.starts_with("2,");
        let is_ours = rest.contains(home) && !is_message;
        if is_ours {
            found.insert((call.to_owned(), *number));
        }
    }
    found
}

fn traced(env: &Env, run: &str, more: &[&str]) -> Ran {
    let inner = env.command(&[run]);
    let mut command = Command::new("strace");
    // -y says which file a number stands for.
    command.args(["-f", "-qq", "-y", "-s", "0", "-o", "trace"]).args(more);
    command.arg(inner.get_program()).args(inner.get_args());
    command.current_dir(env.path("")).env_clear().env("PATH", "/usr/bin:/bin");
    for (name, value) in inner.get_envs() {
        command.env(name, value.expect("nothing is unset"));
    }
    ran(command)
}

/// Whether it was the message that could not be written.
fn spoilt(env: &Env) -> bool {
    let trace = fs::read_to_string(env.path("trace")).expect("strace wrote it");
    trace.lines().any(|line| line.contains("write(2<") && line.contains("INJECTED"))
}

#[test]
fn a_failing_disk_leaves_an_index_that_answers() {
    let can = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    if !can.is_ok_and(|status| status.success()) {
        use std::io::Write;
        let why = "skipped: there is no strace, or it may not trace\n";
        std::io::stderr().write_all(why.as_bytes()).expect("stderr is open");
        return;
    }
    let (mut tried, mut failed, mut mended) = (0, 0, 0);
    for (run, writes, change) in RUNS {
        let env = Env::new();
        let name = |i| if i == 3 { "sub/3.md".to_owned() } else { format!("{i}.md") };
        for i in 0..NOTES {
            env.note(&name(i), format!("# 笔记 {i}\n\ncommon words\n"));
        }
        env.note("tcp.md", "# 三次握手\n\nSYN\n");
        env.done(&["index", "notes"]);
        change(&env);
        let (index, kept) = (env.path("index"), env.path("kept"));
        copy(&index, &kept);
        let home = env.path("").to_string_lossy().into_owned();
        let whole = traced(&env, run, &["-e", &format!("trace={}", CALLS.join(","))]);
        assert_eq!(whole.code, 0, "{whole:?}");
        let trace = fs::read_to_string(env.path("trace")).expect("strace wrote it");
        let commits = trace.lines();
        let is_commit = |l: &&str| l.contains(" rename(") && l.contains("meta.json\"");
        let commits = commits.filter(is_commit).count();
        assert_eq!(commits, *writes, "commits of {run}");
        let all = faults(&trace, &home);
        assert!(all.len() > 40, "the run is seen: {all:?}");
        for (i, (call, number)) in all.iter().enumerate() {
            for (which, (error, says)) in ERRORS.iter().enumerate() {
                if !(i * ERRORS.len() + which).is_multiple_of(one_in()) {
                    continue;
                }
                fs::remove_dir_all(&index).expect("it is ours");
                copy(&kept, &index);
                let inject = format!("inject={call}:error={error}:when={number}");
                let trace = format!("trace={call}");
                let ran = traced(&env, run, &["-e", &trace, "-e", &inject]);
                let what = format!("{run}: {inject}: {ran:?}");
                assert!(!ran.stderr.contains("broke off"), "{what}");
                match ran.code {
                    // Another thread's number is one of the loader's: the program never began.
                    127 => continue,
                    0 => mended += 1,
                    // The message is written too.
                    2 if spoilt(&env) => failed += 1,
                    2 => {
                        failed += 1;
                        assert!(ran.stderr.contains(says), "the cause: {what}");
                        assert!(ran.stderr.contains(&home), "the path: {what}");
                        assert!(ran.stderr.contains("\nhint: "), "the hint: {what}");
                    }
                    _ => panic!("{what}"),
                }
                // What was skipped for the moment is found once it is looked at again.
                let fresh = if ran.code == 2 { "--no-refresh" } else { "--strict" };
                let ask = ["query", fresh, "-f", "{path}", "--", "三次握手"];
                let old = env.run(&ask);
                assert_eq!(old.code, 0, "{what}: {old:?}");
                assert_eq!(old.stdout.lines().next(), Some("tcp.md"), "{what}: {old:?}");
                let ask = ["query", "-f", "{path}", "-n", "99", "--", "笔记 新 newword"];
                let new = env.run(&ask);
                assert_eq!(new.code, 0, "{what}: {new:?}");
                let is_there = |path: &str| new.stdout.lines().any(|line| line == path);
                for i in 0..NOTES {
                    let path = name(i);
                    let expected = env.path("notes").join(&path).exists();
                    assert_eq!(is_there(&path), expected, "{what}: {path}: {new:?}");
                }
                let expected = env.path("notes/new.md").exists();
                assert_eq!(is_there("new.md"), expected, "{what}: {new:?}");
                tried += 1;
            }
        }
    }
    use std::io::Write;
    let counts =
        format!("{tried} faults: {failed} ended with a message, {mended} did no harm\n");
    std::io::stderr().write_all(counts.as_bytes()).expect("stderr is open");
    assert!(failed > 0 && mended > 0, "{counts}");
}
