//! What is promised when things go wrong: damage is noticed, a killed writer leaves the last
//! commit, searches never wait and never fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jian::index::{Ask, Reader, Record};

use crate::env::Env;

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of ours").flatten() {
        match entry.path().is_dir() {
            true => all.extend(files(&entry.path())),
            false => all.push(entry.path()),
        }
    }
    all.sort();
    all
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("it lies below"));
        fs::create_dir_all(target.parent().expect("below a folder")).expect("it is ours");
        fs::copy(file, target).expect("it is ours");
    }
}

/// Everything an index says, sorted: the same for the same notes, however it came to be.
fn dump(index: &Path) -> Vec<String> {
    let reader = Reader::open(index, |_| jian::text::fingerprint("")).expect("it opens");
    let all = reader.candidates(&Ask::Everything, usize::MAX).expect("it can be read");
    let mut records: Vec<String> = all
        .iter()
        .map(|one| {
            let bytes = reader.record_bytes(one).expect("it can be read");
            format!("{:?}", Record::from_bytes(&bytes).expect("it is whole"))
        })
        .collect();
    records.sort();
    records
}

fn some_notes(env: &Env) {
    for i in 0..40 {
        let text =
            format!("# 笔记 {i}\n\n第 {i} 篇 common words\n\n## 细节 detail\n\n很短\n");
        env.note(&format!("topic/{i}.md"), text);
    }
    env.note("tcp.md", "# 三次握手\n\nSYN, SYN+ACK, ACK\n");
}

#[test]
fn any_damaged_file_of_an_index_is_noticed_and_mended() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    // A second commit with a deletion, so that every kind of file is there.
    env.note("tcp.md", "# 三次握手\n\nSYN, SYN+ACK, ACK again\n");
    env.done(&["index"]);
    let (index, kept) = (env.path("index"), env.path("kept"));
    copy(&index, &kept);
    // Places only: scores count documents that a commit before deleted.
    let ask = ["query", "-n", "1", "-f", "{path}:{line} {title}", "--", "三次握手"];
    let expected = env.done(&ask).stdout;
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 5] = [
        ("missing", |file| fs::remove_file(file).expect("it is ours")),
        ("empty", |file| fs::write(file, "").expect("it is ours")),
        ("cut to five bytes", |file| {
            let bytes = fs::read(file).expect("it is ours");
            fs::write(file, &bytes[..bytes.len().min(5)]).expect("it is ours");
        }),
        ("cut to its half", |file| {
            let bytes = fs::read(file).expect("it is ours");
            fs::write(file, &bytes[..bytes.len() / 2]).expect("it is ours");
        }),
        ("zeroed", |file| {
            let bytes = fs::read(file).expect("it is ours");
            fs::write(file, vec![0; bytes.len()]).expect("it is ours");
        }),
    ];
    let mut mended = 0;
    for file in files(&kept) {
        let file = file.strip_prefix(&kept).expect("it lies below");
        for (name, damage) in &damages {
            fs::remove_dir_all(&index).expect("it is ours");
            copy(&kept, &index);
            damage(&index.join(file));
            let ran = env.run(&ask);
            assert_eq!(ran.code, 0, "{} {name}: {ran:?}", file.display());
            assert_eq!(ran.stdout, expected, "{} {name}: {ran:?}", file.display());
            mended += usize::from(ran.stderr.contains("building it anew"));
            let again = env.done(&ask);
            assert_eq!(again.stderr, "", "{} {name}: mended once", file.display());
        }
    }
    assert!(mended > 30, "most files matter: {mended}");
}

/// How many kills: few in everyday runs, `JIAN_KILLS=500` for the long one.
#[allow(clippy::disallowed_methods, reason = "a switch of this test alone")]
fn kills() -> usize {
    std::env::var("JIAN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

#[test]
fn a_writer_killed_at_any_moment_leaves_an_index_that_answers_rightly() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let start = Instant::now();
    env.done(&["rebuild"]);
    let whole = start.elapsed().as_micros() as u64;
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below.max(1)
    };
    let mut killed = 0;
    for round in 0..kills() {
        let word = format!("zq{round:06}");
        for i in 0..=random(5) {
            env.note(&format!("topic/{i}.md"), format!("# 变 {i}\n\n新词 {word} {i}\n"));
        }
        env.note(&format!("new/{}.md", round % 7), format!("# 新\n\n{word}\n"));
        let args: &[&str] = match round % 3 {
            0 => &["index"],
            1 => &["rebuild"],
            _ => &["query", "--", "三次握手"],
        };
        let mut child = env.command(args).spawn().expect("the program starts");
        // The moment is the point here; there is nothing to wait for.
        std::thread::sleep(Duration::from_micros(random(whole)));
        killed += usize::from(child.try_wait().expect("ours").is_none());
        child.kill().expect("ours");
        let _ = child.wait();
        let ran = env.done(&["query", "--json", "--literal", "--strict", "--", &word]);
        assert!(ran.stdout.contains(&word), "round {round} {args:?}: {ran:?}");
        if round % 6 == 5 || round + 1 == kills() {
            env.done(&["index"]);
            let mended = dump(&env.path("index"));
            let other = env.path("fresh");
            let _ = fs::remove_dir_all(&other);
            env.done(&["--index", other.to_str().expect("UTF-8"), "index", "notes"]);
            assert_eq!(mended, dump(&other), "round {round}");
        }
    }
    assert!(killed > 0, "some were still running");
    env.done(&["rebuild"]);
    let left: Vec<_> = files(&env.path("index"))
        .into_iter()
        .filter(|f| {
            // The folder of the test itself may be called so.
            let below = f.strip_prefix(env.path("index")).expect("it lies below");
            let below = below.to_string_lossy();
            below.contains(".new") || below.contains("/.tmp")
        })
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new(), "leftovers are pruned");
}

#[test]
fn readers_are_never_disturbed_by_two_writers() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let ask = ["query", "--json", "--", "三次握手"];
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let ran = env.run(&ask);
                    let first = ran.stdout.lines().next().unwrap_or_default();
                    assert_eq!(ran.code, 0, "{ran:?}");
                    assert!(first.contains("tcp.md"), "{ran:?}");
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let env = &env;
                scope.spawn(move || {
                    for round in 0..4 {
                        let text = format!("# 笔记\n\n{writer} {round}\n");
                        env.note(&format!("topic/{writer}.md"), text);
                        let args = if writer == 0 { "index" } else { "rebuild" };
                        env.done(&[args]);
                    }
                })
            })
            .collect();
        let ended: Vec<bool> = writers.into_iter().map(|w| w.join().is_ok()).collect();
        done.store(true, Ordering::Relaxed);
        assert_eq!(ended, [true, true]);
    });
    assert!(asked.into_inner() > 3, "the queries ran meanwhile");
}

#[test]
fn what_was_just_written_is_found_and_what_was_deleted_is_not() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let file = env.path("notes/变.md");
    for round in 0..12 {
        // Of the same size each time, in the ways in which editors save.
        let word = format!("zq{round:04}");
        let before = format!("zq{:04}", (round + 11) % 12);
        let text = format!("# 变\n\n{word}\n");
        match round % 3 {
            0 => fs::write(&file, text).expect("it is ours"),
            1 => {
                env.note("变.md~", text);
                fs::rename(env.path("notes/变.md~"), &file).expect("it is ours");
            }
            _ => {
                let times = fs::metadata(&file).and_then(|m| m.modified()).expect("ours");
                fs::write(&file, text).expect("it is ours");
                let open = fs::File::options().write(true).open(&file).expect("ours");
                open.set_modified(times).expect("it is ours");
            }
        }
        let ran = env.done(&["query", "--json", "--literal", "--strict", "--", &word]);
        assert!(ran.stdout.contains(&word), "round {round}: {ran:?}");
        let ran = env.run(&["query", "--json", "--literal", "--strict", "--", &before]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "round {round}");
    }
    fs::remove_file(&file).expect("it is ours");
    for args in [
        &["query", "--json", "--", "变"][..],
        &["query", "--no-refresh", "--json", "--", "变"],
    ] {
        assert!(!env.run(args).stdout.contains("变.md"), "{args:?}");
    }
}

#[test]
fn an_unchanged_tree_is_not_written_again() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let commit = || {
        let meta =
            files(&env.path("index")).into_iter().find(|f| f.ends_with("meta.json"));
        fs::read(meta.expect("there is one")).expect("it is ours")
    };
    let before = commit();
    for _ in 0..3 {
        let ran = env.done(&["query", "--", "三次握手"]);
        assert_eq!(ran.stderr, "");
    }
    assert_eq!(commit(), before);
}

#[test]
fn many_changes_are_announced_and_answered_from_before() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    for i in 0..300 {
        env.note(&format!("many/{i}.md"), "# 很多\n\nmanynew\n");
    }
    fs::remove_file(env.path("notes/topic/3.md")).expect("it is ours");
    let ran = env.done(&["query", "--json", "-n", "50", "--", "common words"]);
    assert!(ran.stderr.contains("301 notes changed, answering from before"), "{ran:?}");
    assert!(!ran.stdout.contains("topic/3.md") && ran.stdout.contains("topic/4.md"));
    env.done(&["index"]);
    assert_eq!(env.done(&["query", "--", "manynew"]).stderr, "");
}

#[test]
fn a_busy_index_is_not_waited_for() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    env.note("new.md", "# 新\n\nnewword\n");
    let lock =
        fs::File::options().write(true).open(env.path("index/lock")).expect("ours");
    lock.lock().expect("nobody else has it");
    let ran = env.done(&["query", "--", "三次握手"]);
    assert!(ran.stderr.contains("are being indexed, answering from before"), "{ran:?}");
    drop(lock);
    assert_eq!(env.done(&["query", "--", "newword"]).stderr, "");
}
