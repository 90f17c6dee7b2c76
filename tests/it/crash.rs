//! What is promised when things go wrong: damage is noticed, a killed writer leaves the last
//! commit, searches never wait and never fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jian::index::{Ask, Reader, Record};

use crate::env::Env;

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
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

pub(crate) fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("it lies below"));
        fs::create_dir_all(target.parent().expect("below a folder")).expect("it is ours");
        fs::copy(file, target).expect("it is ours");
    }
}

/// Everything an index says, sorted: the same for the same notes, however it came to be.
pub(crate) fn dump(index: &Path) -> Vec<String> {
    let reader = Reader::open(index, |_| jian::text::fingerprint("")).expect("it opens");
    let all = reader.candidates(&Ask::Everything, usize::MAX).expect("it can be read");
    let mut records: Vec<String> = all
        .iter()
        .map(|one| {
            let bytes = reader.record_bytes(one).expect("it can be read");
            format!("{:?}", Record::from_stored(&bytes).expect("it is whole"))
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
fn kills() -> usize {
    switch("JIAN_KILLS").unwrap_or(12)
}

#[allow(clippy::disallowed_methods, reason = "switches of these tests alone")]
fn switch(name: &str) -> Option<usize> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

/// A folder of notes to be copied to where the long tests run, `JIAN_CRASH_NOTES`.
#[allow(clippy::disallowed_methods, reason = "a switch of this test alone")]
fn more_notes(env: &Env) {
    if let Some(folder) = std::env::var_os("JIAN_CRASH_NOTES") {
        copy(Path::new(&folder), &env.path("notes/more"));
    }
}

/// Says aloud what a long test did.
fn say(text: &str) {
    use std::io::Write;
    writeln!(std::io::stderr(), "{text}").expect("stderr is open");
}

/// What may be killed, and how long it takes.
struct Victim {
    args: &'static [&'static str],
    whole: Duration,
    /// How often it still ran.
    killed: usize,
}

#[test]
fn a_writer_killed_at_any_moment_leaves_an_index_that_answers_rightly() {
    let env = Env::new();
    some_notes(&env);
    more_notes(&env);
    env.done(&["index", "notes"]);
    let mut victims: Vec<Victim> = Vec::new();
    for args in [&["index"][..], &["rebuild"], &["query", "--", "三次握手"]] {
        env.note("new/0.md", format!("# 新\n\n{args:?}\n"));
        let start = Instant::now();
        env.done(args);
        victims.push(Victim { args, whole: start.elapsed(), killed: 0 });
    }
    // It never ends; half a second holds its start and a round of indexing.
    let whole = victims[0].whole + Duration::from_millis(500);
    victims.push(Victim { args: &["watch"], whole, killed: 0 });
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below.max(1)
    };
    let (mut answers, mut compared) = (0, 0);
    for round in 0..kills() {
        let word = format!("zq{round:06}");
        let victim = &mut victims[round % 4];
        // What is watched changes while it is watched.
        let mut child = (victim.args == ["watch"]).then(|| start(&env, victim.args));
        for i in 0..=random(5) {
            env.note(&format!("topic/{i}.md"), format!("# 变 {i}\n\n新词 {word} {i}\n"));
        }
        env.note(&format!("new/{}.md", round % 7), format!("# 新\n\n{word}\n"));
        let mut child = child.take().unwrap_or_else(|| start(&env, victim.args));
        // The moment is the point here; there is nothing to wait for.
        std::thread::sleep(Duration::from_micros(
            random(victim.whole.as_micros() as u64),
        ));
        victim.killed += usize::from(child.try_wait().expect("ours").is_none());
        child.kill().expect("ours");
        let _ = child.wait();
        let ran = env.done(&["query", "--json", "--literal", "--strict", "--", &word]);
        assert!(ran.stdout.contains(&word), "round {round} {:?}: {ran:?}", victim.args);
        let ran = env.done(&["query", "--json", "-n", "50", "--", "三次握手 SYN ACK"]);
        assert!(
            ran.stdout.contains("tcp.md"),
            "round {round} {:?}: {ran:?}",
            victim.args
        );
        answers += 2;
        env.done(&["index"]);
        let mended = dump(&env.path("index"));
        let other = env.path("fresh");
        let _ = fs::remove_dir_all(&other);
        env.done(&["--index", other.to_str().expect("UTF-8"), "index", "notes"]);
        assert_eq!(mended, dump(&other), "round {round}");
        compared += 1;
    }
    let killed: Vec<String> = victims
        .iter()
        .map(|v| format!("{} in {} of {:?}", v.killed, v.args[0], v.whole))
        .collect();
    say(&format!(
        "{} kills, of what still ran {}; {answers} right answers, {compared} times all \
         {} documents as built afresh",
        kills(),
        killed.join(", "),
        dump(&env.path("index")).len()
    ));
    // The others may be quicker than the moment; `watch` never ends by itself.
    assert!(victims.iter().any(|v| v.killed > 0), "nothing was still running");
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

fn start(env: &Env, args: &[&str]) -> std::process::Child {
    let mut command = env.command(args);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    command.spawn().expect("the program starts")
}

/// How long readers read while writers write: moments in everyday runs, `JIAN_SOAK_SECONDS=60`
/// for the long one.
fn soak() -> Option<Duration> {
    switch("JIAN_SOAK_SECONDS").map(|seconds| Duration::from_secs(seconds as u64))
}

#[test]
fn readers_are_never_disturbed_by_two_writers() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let ask = ["query", "-n", "1", "-f", "{path} {title} {snippet}", "--", "三次握手"];
    let expected = env.done(&ask).stdout;
    let (readers, rounds) = if soak().is_some() { (20, usize::MAX) } else { (3, 4) };
    let until = Instant::now() + soak().unwrap_or(Duration::from_secs(3_600));
    let (done, asked, busy) =
        (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    let mut written = 0;
    std::thread::scope(|scope| {
        for _ in 0..readers {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let ran = env.run(&ask);
                    assert_eq!((ran.code, &ran.stdout), (0, &expected), "{ran:?}");
                    busy.fetch_add(
                        usize::from(!ran.stderr.is_empty()),
                        Ordering::Relaxed,
                    );
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let env = &env;
                scope.spawn(move || {
                    let mut round = 0;
                    while round < rounds && Instant::now() < until {
                        let text = format!("# 笔记\n\n{writer} {round}\n");
                        env.note(&format!("topic/{writer}.md"), text);
                        let args = if writer == 0 { "index" } else { "rebuild" };
                        env.done(&[args]);
                        round += 1;
                    }
                    round
                })
            })
            .collect();
        let ended: Vec<_> =
            writers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        written = ended.into_iter().flatten().sum();
    });
    let (asked, seconds) = (asked.into_inner(), began.elapsed().as_secs_f64());
    say(&format!(
        "{readers} readers asked {asked} times in {seconds:.0} s ({:.0} a second), {} of them told \
         that notes were just being indexed; 2 writers wrote {written} times; no error, no empty or other answer",
        asked as f64 / seconds,
        busy.into_inner()
    ));
    assert!(asked > 3, "the queries ran meanwhile");
}

#[test]
fn what_was_just_written_is_found_and_what_was_deleted_is_not() {
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let file = env.path("notes/变.md");
    // Few in everyday runs, `JIAN_EDITS=1000` for the long one.
    let edits = switch("JIAN_EDITS").unwrap_or(12);
    for round in 0..edits {
        // Of the same size each time, in the ways in which editors save.
        let word = format!("zq{round:04}");
        let before = format!("zq{:04}", (round + edits - 1) % edits);
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
    if edits > 12 {
        say(&format!("{edits} edits, each found at once, none before it"));
    }
}

#[test]
fn a_note_that_is_gone_is_never_opened() {
    let env = Env::new();
    some_notes(&env);
    env.note("变.md", "# 变 changed\n");
    env.done(&["index", "notes"]);
    fs::remove_file(env.path("notes/变.md")).expect("it is ours");
    fs::write(env.path("jian.toml"), "refresh = false\n").expect("it is ours");
    let ran = env.run(&["open", "--print", "--", "变 changed"]);
    assert!(!ran.stdout.contains("变.md"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn files_of_an_index_have_the_rights_that_new_files_have() {
    use std::os::unix::fs::PermissionsExt;
    let env = Env::new();
    some_notes(&env);
    env.done(&["index", "notes"]);
    let rights =
        |file: &Path| fs::metadata(file).expect("it is ours").permissions().mode();
    let expected = rights(&env.path("notes/tcp.md"));
    for file in files(&env.path("index")) {
        assert_eq!(rights(&file), expected, "{}", file.display());
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
    let most = jian::index::IN_A_QUERY.notes;
    for i in 0..most {
        env.note(&format!("many/{i}.md"), "# 很多\n\nmanynew\n");
    }
    fs::remove_file(env.path("notes/topic/3.md")).expect("it is ours");
    let ran = env.done(&["query", "--json", "-n", "50", "--", "common words"]);
    let said = format!("{} notes changed, answering from before", most + 1);
    assert!(ran.stderr.contains(&said), "{ran:?}");
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

#[test]
fn a_page_of_zeros_among_the_texts_is_mended_and_any_is_found_by_the_doctor() {
    let env = Env::new();
    let mut state = 7_u32;
    for i in 0..200 {
        let words: String = (0..60)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                format!("w{:x} ", state >> 12)
            })
            .collect();
        env.note(&format!("{i}.md"), format!("# 三次握手 {i}\n\n{words}\n"));
    }
    env.done(&["index", "notes"]);
    let (index, kept) = (env.path("index"), env.path("kept"));
    copy(&index, &kept);
    let ask = ["query", "-n", "20", "-f", "{path}:{line} {snippet}", "--", "三次握手"];
    let expected = env.done(&ask).stdout;
    let (mut tried, mut mended, mut found, mut broke_off) = (0, 0, 0, 0);
    for file in files(&kept) {
        let name = file.strip_prefix(&kept).expect("it lies below").to_owned();
        let bytes = fs::read(&file).expect("it is ours");
        for page in 0..bytes.len().div_ceil(4096) {
            let mut spoilt = bytes.clone();
            let end = spoilt.len().min((page + 1) * 4096);
            spoilt[page * 4096..end].fill(0);
            fs::remove_dir_all(&index).expect("it is ours");
            copy(&kept, &index);
            fs::write(index.join(&name), spoilt).expect("it is ours");
            tried += 1;
            let what = format!("{} page {page}", name.display());
            // The engine checks its lists only when they are read whole.
            if !name.to_string_lossy().ends_with(".store") {
                if env.run(&["doctor"]).stdout.contains("damaged") {
                    found += 1;
                } else if name.extension().is_some_and(|e| e == "idx" || e == "term") {
                    panic!("not found by the doctor: {what}");
                }
                // Whatever it answers, it ends by itself and speaks as always.
                let ran = env.run(&ask);
                assert!((0..=2).contains(&ran.code), "{what}: {ran:?}");
                assert!(!ran.stderr.contains("panicked"), "{what}: {ran:?}");
                broke_off += usize::from(ran.stderr.contains("broke off"));
                continue;
            }
            let ran = env.run(&ask);
            assert_eq!(ran.code, 0, "{what}: {ran:?}");
            assert_eq!(ran.stdout, expected, "{what}: {ran:?}");
            mended += usize::from(ran.stderr.contains("building it anew"));
        }
    }
    say(&format!(
        "{tried} pages of zeros: {mended} among the texts mended by the query, {found} \
         elsewhere found by jian doctor, {broke_off} queries broke off and said so"
    ));
    assert!(mended > 0 && found > 0);
}
