//! What is typed and what comes back, word for word, in `tests/transcripts/*.txt`; every option
//! is in one of them.
//!
//! A line `$ …` is a command line for `sh`. Below it stands what it prints; lines of stderr come
//! after those of stdout and begin with `! `, an exit code other than 0 is a line `= 1`. `…` at
//! the end of a line stands for its rest, alone for any lines: what depends on the ranking, the
//! clock or the machine.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::documents::commands;
use crate::env::{Env, project, ran};

/// A command line and what is expected of it.
#[derive(Debug)]
struct Transcript {
    file: String,
    typed: String,
    expected: Vec<String>,
}

fn transcripts() -> Vec<Transcript> {
    let folder = project().join("tests/transcripts");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("part of the project").flatten().collect();
    files.sort_by_key(fs::DirEntry::file_name);
    let mut found: Vec<Transcript> = Vec::new();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let text = fs::read_to_string(file.path()).expect("part of the project");
        for line in text.lines() {
            if let Some(typed) = line.strip_prefix("$ ") {
                let (file, typed) = (name.clone(), typed.to_owned());
                found.push(Transcript { file, typed, expected: Vec::new() });
            } else if let Some(last) = found.last_mut() {
                last.expected.push(line.to_owned());
            }
        }
    }
    for transcript in &mut found {
        // One empty line parts it from the next.
        if transcript.expected.last().is_some_and(String::is_empty) {
            transcript.expected.pop();
        }
    }
    found
}

/// Notes, programs that stand in for others, and an index.
fn fixture() -> Env {
    let env = Env::new();
    env.note(
        "network/tcp.md",
        "# TCP\n\n## 三次握手\n\n客户端发 SYN，服务端回 SYN+ACK。\n\n客户端再回 ACK。\n\n## \
         四次挥手\n\nFIN、ACK、FIN、ACK。\n",
    );
    env.note(
        "redis.md",
        "---\ntags: [db]\n---\n# Redis\n\n内存数据库，持久化有 AOF 和 RDB。\n",
    );
    env.note("drafts/python.md", "# GIL\n\n全局解释器锁让线程轮流运行。\n");
    env.note("raw.md", b"\0\x01\x02");
    fs::write(env.path("labels.jsonl"), LABELS).expect("it is ours");
    fs::write(env.path("other.toml"), "corpus = \"notes\"\nindex = \"other\"\n")
        .expect("it is ours");
    fs::create_dir(env.path("bin")).expect("it is ours");
    let program = |name: &str, script: &str| {
        let path = env.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("it is ours");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(path, mode).expect("it is ours");
    };
    // Chooses the first row by Enter.
    program("fzf", "[ \"$1\" = --version ] && echo 0.38.0 && exit\necho\nhead -n 1");
    program("vim", "echo vim \"$@\"");
    program("wl-copy", "cat > copied");
    let jian = env!("CARGO_BIN_EXE_jian");
    std::os::unix::fs::symlink(jian, env.path("bin").join("jian")).expect("it is ours");
    env.done(&["index", "notes"]);
    env
}

const LABELS: &str =
    "{\"query\": \"握手\", \"answers\": [{\"path\": \"network/tcp.md\", \"line\": 3}]}\n";

/// Runs a command line and returns what a transcript says of it.
fn actual(env: &Env, typed: &str) -> Vec<String> {
    let mut command = Command::new("sh");
    let path = format!("{}:/usr/bin:/bin", env.path("bin").display());
    command
        .args(["-c", typed])
        .current_dir(env.path(""))
        .env_clear()
        .env("PATH", path)
        .env("HOME", env.path("home"))
        .env("JIAN_INDEX", env.path("index"))
        .env("EDITOR", "vim")
        .env("COLUMNS", "80")
        .stdin(Stdio::null());
    let ran = ran(command);
    let place = env.path("");
    let place = place.to_string_lossy().trim_end_matches('/').to_owned();
    let clean = |text: &str| text.replace(&place, "~").replace('\0', "␀");
    let clean = |text: &str| clean(text).replace('\u{1b}', "␛").replace('\t', "⇥");
    let mut lines: Vec<String> = clean(&ran.stdout).lines().map(str::to_owned).collect();
    lines.extend(clean(&ran.stderr).lines().map(|line| format!("! {line}")));
    if ran.code != 0 {
        lines.push(format!("= {}", ran.code));
    }
    lines
}

/// True where lines are as expected, `…` standing for anything.
fn fits(expected: &[String], found: &[String]) -> bool {
    match (expected.split_first(), found.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "…" || first == "! …" => {
            // Of stderr only, where it says so.
            let may = |line: &String| first == "…" || line.starts_with("! ");
            let most = found.iter().take_while(|line| may(line)).count();
            (0..=most).any(|skipped| fits(rest, &found[skipped..]))
        }
        (Some((first, rest)), Some((line, others))) => {
            let is_same = match first.strip_suffix('…') {
                Some(beginning) => line.starts_with(beginning),
                None => first == line,
            };
            is_same && fits(rest, others)
        }
        _ => false,
    }
}

#[test]
fn what_is_typed_gives_what_is_written() {
    let env = fixture();
    let mut wrong = String::new();
    for Transcript { file, typed, expected } in transcripts() {
        let found = actual(&env, &typed);
        if !fits(&expected, &found) {
            let (expected, found) = (expected.join("\n"), found.join("\n"));
            wrong.push_str(&format!(
                "{file}: $ {typed}\nexpected:\n{expected}\nfound:\n{found}\n\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The words of each `jian` in a command line.
fn calls(typed: &str) -> Vec<Vec<String>> {
    let parts =
        typed.split([';', '|']).map(|part| shlex::split(part).unwrap_or_default());
    let calls = parts.filter_map(|words| {
        let at = words.iter().position(|word| word == "jian")?;
        Some(words[at + 1..].to_vec())
    });
    calls.collect()
}

#[test]
fn every_option_is_in_a_transcript() {
    let mut program = jian::cli::command();
    program.build();
    let calls: Vec<Vec<String>> =
        transcripts().iter().flat_map(|t| calls(&t.typed)).collect();
    let is_called = |command: &clap::Command, call: &[String]| {
        let is_name = |word: &String| {
            command.get_name() == word || command.get_all_aliases().any(|a| a == word)
        };
        call.iter().any(is_name)
    };
    let globals: BTreeSet<&str> =
        program.get_arguments().map(|a| a.get_id().as_str()).collect();
    let mut missing = Vec::new();
    let mut look = |name: &str, calls: &[&Vec<String>], option: &clap::Arg| {
        let spellings = option
            .get_long()
            .map(|long| format!("--{long}"))
            .into_iter()
            .chain(option.get_short().map(|short| format!("-{short}")));
        let words: Vec<&String> = calls.iter().flat_map(|call| call.iter()).collect();
        for spelling in spellings {
            let with_value = format!("{spelling}=");
            let is_used =
                |word: &&&String| ***word == spelling || word.starts_with(&with_value);
            if !words.iter().any(|word| is_used(&word)) {
                missing.push(format!("{name} {spelling}"));
            }
        }
        for value in option.get_possible_values() {
            let value = value.get_name();
            let is_said = words.iter().any(|word| word.split('=').any(|w| w == value));
            if option.get_action().takes_values() && !is_said {
                missing.push(format!("{name} {} {value}", option.get_id()));
            }
        }
    };
    for option in program.get_arguments() {
        look("jian", &calls.iter().collect::<Vec<_>>(), option);
    }
    for command in commands(&program) {
        let own: Vec<&Vec<String>> =
            calls.iter().filter(|call| is_called(command, call)).collect();
        // It ends only when it is told to: `update.rs` and the crash tests run it.
        assert!(
            !own.is_empty() || command.get_name() == "watch",
            "{}",
            command.get_name()
        );
        let options = command.get_arguments();
        for option in options.filter(|o| !globals.contains(o.get_id().as_str())) {
            look(command.get_name(), &own, option);
        }
    }
    assert_eq!(missing, [""; 0], "used by no transcript");
}

#[test]
fn dots_stand_for_anything() {
    let check = |expected: &str, found: &str, fitting: bool| {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(fits(&lines(expected), &lines(found)), fitting, "{expected} {found}");
    };
    check("a\nb", "a\nb", true);
    check("a", "a\nb", false);
    check("a…", "abc", true);
    check("…\nc", "a\nb\nc", true);
    check("a\n! …", "a\n! x\n! y", true);
    check("! …", "a", false);
    check("…", "", true);
}
