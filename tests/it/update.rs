//! What changed on disk, and only that, changes in the index; searches never notice a rebuild.

use std::fs;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::crash::{copy, dump, files};
use crate::env::{Env, Ran, project, ran};

/// Copies the sample notes into `notes`.
fn copy_corpus(env: &Env) {
    copy(&project().join("corpus"), &env.path("notes"));
}

/// What `jian status` says.
#[track_caller]
fn status(env: &Env) -> serde_json::Value {
    serde_json::from_str(&env.done(&["status", "--json"]).stdout).expect("JSON")
}

/// Nothing is lost, doubled or old, however often segments were merged.
#[track_caller]
fn says_what_a_fresh_one_does(env: &Env) {
    let mut fresh = env.command(&["--index", "fresh", "index", "notes"]);
    fresh.env_remove("JIAN_INDEX");
    assert_eq!(ran(fresh).code, 0);
    let all = dump(&env.path("fresh"));
    assert!(!all.is_empty());
    assert_eq!(dump(&env.path("index")), all);
}

/// The changes that a run counted: `(2 new, 1 removed, 7 unchanged)`.
#[track_caller]
fn changes(ran: &Ran) -> &str {
    let start = ran.stderr.find(" sections (").map(|at| at + " sections ".len());
    let rest = &ran.stderr[start.unwrap_or_else(|| panic!("no summary: {ran:?}"))..];
    &rest[..=rest.find(')').expect("what opens closes")]
}

#[track_caller]
fn paths(env: &Env, asked: &str) -> Vec<String> {
    let ran =
        env.run(&["query", "--no-refresh", "--format", "{path}:{line}", "--", asked]);
    assert!(ran.code == 0 || ran.code == 1, "{ran:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn only_what_changed_is_read_and_no_ghost_remains() {
    let env = Env::new();
    for i in 0..20 {
        env.note(
            &format!("topic/{i}.md"),
            format!("# 笔记 {i}\n\n第 {i} 篇，common words\n"),
        );
    }
    env.note("a.md", "# 雪豹\n\n旧的内容 oldword\n");
    env.note("b.md", "# 企鹅\n\n会被改名 renamed\n");
    env.note("c.md", "# 犀牛\n\n会被删除 deleted\n");
    assert_eq!(changes(&env.done(&["index", "notes"])), "(23 new)");
    assert_eq!(changes(&env.done(&["index"])), "(23 unchanged)");

    env.note("a.md", "# 雪豹\n\n新的内容 newword，多了几个字\n");
    fs::rename(env.path("notes/b.md"), env.path("notes/topic/后来.md"))
        .expect("it is ours");
    fs::remove_file(env.path("notes/c.md")).expect("it is ours");
    env.note("新来的.md", "# 鸭嘴兽\n\n刚加进来 added\n");
    let counted = env.done(&["index"]);
    assert_eq!(changes(&counted), "(2 new, 1 changed, 2 removed, 20 unchanged)");

    for (asked, expected) in [
        ("newword", vec!["a.md:1"]),
        ("oldword", vec![]),
        ("\"旧的内容\"", vec![]),
        ("renamed", vec!["topic/后来.md:1"]),
        ("企鹅", vec!["topic/后来.md:1"]),
        ("deleted", vec![]),
        ("犀牛", vec![]),
        ("path:b.md", vec![]),
        ("鸭嘴兽", vec!["新来的.md:1"]),
    ] {
        assert_eq!(paths(&env, asked), expected, "{asked}");
    }
    assert_eq!(changes(&env.done(&["index"])), "(23 unchanged)");
}

#[test]
fn an_updated_index_answers_as_a_fresh_one() {
    let env = Env::new();
    copy_corpus(&env);
    env.done(&["index", "notes"]);
    fs::remove_file(env.path("notes/network/tcp.md")).expect("part of the sample notes");
    fs::rename(env.path("notes/web/celery.md"), env.path("notes/芹菜.md"))
        .expect("it is ours");
    let redis = env.path("notes/database/redis.md");
    let text = fs::read_to_string(&redis).expect("it is UTF-8");
    fs::write(&redis, text.replace("持久化", "落盘保存")).expect("it is ours");
    env.done(&["index"]);
    let asked =
        ["三次握手", "celery worker", "redis 持久化", "落盘保存", "索引", "\"过期\""];
    // All of them: which ten come first depends on scores, and those count deleted notes until
    // they are merged away.
    let all =
        ["query", "--json", "--no-refresh", "--strict", "--literal", "-n", "5000", "--"];
    let ask = || asked.map(|q| env.run(&[&all[..], &[q]].concat()).stdout);
    let places = |lines: &String| {
        let rows = lines.lines().map(|l| serde_json::from_str(l).expect("valid JSON"));
        let place = |v: serde_json::Value| (v["path"].to_string(), v["line"].to_string());
        let mut places: Vec<_> = rows.map(place).collect();
        places.sort();
        places
    };
    let updated = ask();
    env.done(&["index", "--rebuild"]);
    for ((asked, updated), fresh) in asked.iter().zip(&updated).zip(&ask()) {
        assert_eq!(places(updated), places(fresh), "{asked}");
        assert!(
            !updated.contains("network/tcp.md") && !updated.contains("web/celery.md")
        );
    }
}

#[test]
fn notes_that_are_emptied_say_nothing_and_harm_no_other() {
    let env = Env::new();
    env.note("a.md", "# A\n\nalpha\n");
    env.note("b.md", "# B\n\nbeta\n");
    env.done(&["index", "notes"]);
    for (empty, gone) in [("a.md", "alpha"), ("b.md", "beta")] {
        env.note(empty, if empty == "a.md" { "" } else { "\n\n  \n" });
        let ran = env.done(&["index"]);
        assert!(ran.stderr.contains("1 changed"), "{ran:?}");
        assert_eq!(env.run(&["query", "--", gone]).code, 1, "{gone}");
        assert_eq!(paths(&env, "beta"), ["b.md:1"][..usize::from(gone == "alpha")]);
    }
    env.note("a.md", "# A\n\nalpha\n");
    env.done(&["index"]);
    assert_eq!(paths(&env, "alpha"), ["a.md:1"]);
}

#[test]
fn no_query_fails_or_comes_back_empty_while_the_index_is_rebuilt() {
    const REBUILDS: usize = 6;
    let env = Env::new();
    copy_corpus(&env);
    env.done(&["index", "notes"]);
    let args = ["query", "--json", "--no-refresh", "--", "三次握手"];
    let expected = env.done(&args);
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let ran = env.run(&args);
                    assert_eq!(ran.code, 0, "while rebuilding: {ran:?}");
                    assert_eq!(ran.stderr, expected.stderr, "while rebuilding");
                    assert_eq!(ran.stdout, expected.stdout, "while rebuilding");
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let rebuilds: Vec<Ran> =
            (0..REBUILDS).map(|_| ran(env.command(&["index", "--rebuild"]))).collect();
        done.store(true, Ordering::Relaxed);
        assert!(rebuilds.iter().all(|r| r.code == 0), "{rebuilds:?}");
    });
    assert!(asked.into_inner() >= 3, "the queries ran meanwhile");
}

#[test]
fn a_query_builds_a_missing_index_and_says_so() {
    let env = Env::new();
    env.note("tcp.md", "# 三次握手\n\nSYN, SYN+ACK, ACK\n");
    let notes = env.path("notes");
    let ran =
        env.done(&["--corpus", notes.to_str().expect("UTF-8"), "query", "三次握手"]);
    assert!(ran.stdout.starts_with("tcp.md:1\t"), "{ran:?}");
    assert!(ran.stderr.contains("building the index in `"), "{ran:?}");
    // The index remembers its notes: from now on nobody need say where they are.
    let ran = env.done(&["query", "三次握手"]);
    assert_eq!(ran.stderr, "");
    env.note("udp.md", "# UDP 头部\n\n8 字节\n");
    assert_eq!(changes(&env.done(&["index"])), "(1 new, 1 unchanged)");
}

#[test]
fn hidden_notes_are_notes_and_what_programs_keep_is_not() {
    let env = Env::new();
    for path in [".agents/规则.md", ".日记.md", "a/.private/b.md"] {
        env.note(path, "# 雪豹 snow leopard\n\n隐藏的笔记\n");
    }
    for path in
        [".git/x.md", "a/.obsidian/y.md", ".trash/z.md", "._a.md", ".Trash-1000/q.md"]
    {
        env.note(path, "# 企鹅 penguin\n\n不是笔记\n");
    }
    assert_eq!(changes(&env.done(&["index", "notes"])), "(3 new)");
    assert_eq!(paths(&env, "snow leopard").len(), 3);
    assert!(paths(&env, "企鹅").is_empty());
    env.note(".agents/规则.md", "# 犀牛 rhino\n\n改过\n");
    assert_eq!(changes(&env.done(&["index"])), "(1 changed, 2 unchanged)");
    assert_eq!(paths(&env, "犀牛"), [".agents/规则.md:1"]);
}

#[test]
fn a_note_that_is_edited_all_day_leaves_nothing_behind() {
    let env = Env::new();
    env.note("其他.md", "# 其他\n\n不变 unchanged\n");
    env.note("日记.md", "# 日记\n\n第 0 次\n");
    env.done(&["index", "notes"]);
    // What lies in the generation, and how long the engine's list of it is.
    let left = || {
        let files = fs::read_dir(env.path("index/g1")).expect("it was made").count();
        let list = env.path("index/g1/.managed.json");
        let list = fs::read_to_string(list).expect("the engine made it");
        (files, list.matches(',').count())
    };
    let mut most = (0, 0);
    for edit in 1..=24 {
        env.note("日记.md", format!("# 日记\n\n第 {edit} 次 edited\n"));
        assert_eq!(changes(&env.done(&["index"])), "(1 changed, 1 unchanged)");
        match edit {
            ..=12 => most = most.max(left()),
            _ => assert!(
                left() <= most,
                "{:?} after {edit} edits, {most:?} before",
                left()
            ),
        }
    }
}

#[test]
fn an_index_that_ages_stays_small() {
    let env = Env::new();
    copy_corpus(&env);
    env.done(&["index", "notes"]);
    let size = || status(&env)["index_bytes"].as_u64().expect("a number");
    let fresh = size();
    let notes = files(&env.path("notes"));
    let share = notes.len().div_ceil(10);
    for (round, some) in notes.chunks(share).enumerate() {
        for note in some {
            let mut file =
                fs::File::options().append(true).open(note).expect("it is ours");
            writeln!(file, "\n又记 {round} noted").expect("it is ours");
        }
        env.done(&["index"]);
        let aged = size();
        assert!(aged * 2 < fresh * 3, "{aged} bytes after {round}, {fresh} at first");
    }
    says_what_a_fresh_one_does(&env);
}

#[test]
fn edits_of_many_notes_leave_few_segments() {
    let env = Env::new();
    for i in 0..12 {
        env.note(&format!("{i}.md"), format!("# 笔记 {i}\n\n第 {i} 篇 note\n"));
    }
    env.done(&["index", "notes"]);
    for i in 0..12 {
        env.note(&format!("{i}.md"), format!("# 笔记 {i}\n\n改了 {i} edited\n"));
        env.done(&["index"]);
        let segments = status(&env)["segments"].as_u64();
        assert!(segments.is_some_and(|n| n < 4), "{segments:?} after {} edits", i + 1);
    }
    says_what_a_fresh_one_does(&env);
}

#[test]
fn what_queries_leave_is_merged_when_there_is_time() {
    let env = Env::new();
    // More than is merged while somebody waits.
    copy_corpus(&env);
    let notes = files(&env.path("notes"));
    for (n, note) in notes.iter().enumerate() {
        let again = env.path("notes").join(format!("{n}.md"));
        fs::copy(note, again).expect("it is ours");
    }
    env.done(&["index", "notes"]);
    for note in &notes[..notes.len() / 2] {
        fs::write(note, "# 新的\n\n改了 edited\n").expect("it is ours");
        env.done(&["query", "--", "edited"]);
    }
    let ripe = "it keeps much that is gone";
    assert!(env.run(&["doctor"]).stdout.contains(ripe));
    let size = || {
        let status = status(&env);
        (status["segments"].as_u64(), status["index_bytes"].as_u64())
    };
    let before = size();
    assert!(changes(&env.done(&["index"])).ends_with(" unchanged)"));
    let after = size();
    assert!(after.0 == Some(1) && after.1 < before.1, "{before:?}, then {after:?}");
    assert!(!env.run(&["doctor"]).stdout.contains(ripe));
    assert_eq!(env.done(&["index"]).code, 0, "what is merged is not merged again");
    assert_eq!(size(), after);
    says_what_a_fresh_one_does(&env);
}
