//! Notes, names, queries and disks that mean no good: each is indexed or skipped with its
//! reason, and nothing hangs, fails or reaches the terminal raw.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::env::{Env, Ran, ran};

/// Longer than any run here takes on a slow machine; something that hangs does not end at all.
const HANGS: Duration = Duration::from_secs(120);

/// Runs a command, and fails where it hangs.
#[track_caller]
fn ended(mut command: Command) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let start = Instant::now();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let text = |stream: Option<Box<dyn std::io::Read + Send>>| {
        let mut bytes = Vec::new();
        stream.expect("piped").read_to_end(&mut bytes).expect("a pipe of ours");
        String::from_utf8(bytes).expect("the program writes UTF-8")
    };
    std::thread::scope(|scope| {
        let stdout = scope.spawn(|| text(out.map(|o| Box::new(o) as _)));
        let stderr = scope.spawn(|| text(err.map(|e| Box::new(e) as _)));
        let code = loop {
            if let Some(status) = child.try_wait().expect("a child of ours") {
                break status.code().unwrap_or(-1);
            }
            if start.elapsed() > HANGS {
                child.kill().expect("a child of ours");
                panic!("{command:?} hangs");
            }
            std::thread::yield_now();
        };
        Ran {
            code,
            stdout: stdout.join().expect("it only reads"),
            stderr: stderr.join().expect("it only reads"),
        }
    })
}

/// Nothing but printable text and line breaks.
#[track_caller]
fn harmless(ran: &Ran) {
    for c in ran.stdout.chars().chain(ran.stderr.chars()) {
        assert!(!c.is_control() || c == '\n' || c == '\t', "{c:?} in {ran:?}");
    }
}

#[test]
fn a_long_comment_is_found_to_its_end_and_is_one_hit() {
    let env = Env::new();
    let lines = "不显示的一行 and its words\n".repeat(5_000);
    let text = format!("# 缓存\n\n正文在此\n\n<!--\nfirstword\n{lines}lastword\n-->\n");
    env.note("comment.md", text);
    env.done(&["index", "notes"]);
    for asked in ["firstword", "lastword", "firstword lastword", "正文在此"] {
        let ran = env.done(&["query", "--json", "--", asked]);
        let hits: Vec<serde_json::Value> =
            ran.stdout.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
        assert_eq!(hits.len(), 1, "{asked}: {ran:?}");
        assert_eq!(hits[0]["title"], "缓存", "{asked}");
        assert_eq!(hits[0]["snippet"], "正文在此", "{asked}");
    }
}

#[test]
fn hostile_notes_are_indexed_or_skipped_with_their_reason() {
    let env = Env::new();
    let quotes = format!("{} deepquote", "> ".repeat(10_000));
    let lists: String =
        (0..10_000).map(|i| format!("{}- x\n", " ".repeat(i % 500))).collect();
    let nested = format!("{}deepbracket{}", "[".repeat(10_000), "](u)".repeat(10_000));
    let zip: Vec<u8> =
        b"PK\x03\x04".iter().copied().chain((0..=255).cycle().take(9_000)).collect();
    let mut scratched = "# 刮痕\n\n大部分是好的 scratched ".repeat(40).into_bytes();
    scratched.push(0xFF);
    let sections: String = (0..120_000).map(|i| format!("# h{i}\n")).collect();
    /// What is written, and how it must be found or why it must be skipped.
    enum Fate {
        Found(&'static str),
        Skipped(&'static str),
    }
    use Fate::{Found, Skipped};
    let notes: Vec<(&str, Vec<u8>, Fate)> = vec![
        ("quotes.md", quotes.into(), Found("deepquote")),
        ("lists.md", format!("{lists}deeplist\n").into(), Found("deeplist")),
        ("nested.md", nested.into(), Found("deepbracket")),
        (
            "heading.md",
            format!("# {} longheading", "长".repeat(350_000)).into(),
            Found("longheading"),
        ),
        (
            "line.md",
            format!("{} longline", "word 字 ".repeat(300_000)).into(),
            Found("longline"),
        ),
        (
            "sections.md",
            format!("{sections}\nmanysections\n").into(),
            Found("manysections"),
        ),
        ("comments.md", format!("{}manycomments", "- <!-- x\n".repeat(50_000)).into(), {
            Found("manycomments")
        }),
        ("opened.md", "# a\n\n<!-- b\n\n# c\n\nopenedword\n".into(), Found("openedword")),
        ("unclosed.md", "```\n~~~\n<!-- \n<div\nunclosed".into(), Found("unclosed")),
        (
            "bidi.md",
            "# \u{202e}bidi\u{2066} שלום\n\nbidiword \u{1b}]0;title\u{7}\n".into(),
            Found("bidiword"),
        ),
        ("scratch.md", scratched, Found("scratched")),
        ("crlf.md", "# a\r\n\r\ncrlfword\r\n".into(), Found("crlfword")),
        ("cr.md", "# a\r\rcrword\r".into(), Found("crword")),
        ("nul.md", b"# nul\n\n\0\0nulword\0".to_vec(), Skipped("nul.md")),
        ("zip.md", zip, Skipped("zip.md")),
        ("empty.md", Vec::new(), Found("path:empty")),
        ("quote \" ' `.md", "quotename".into(), Found("quotename")),
        #[cfg(unix)]
        ("new\nline.md", "linename".into(), Found("linename")),
        #[cfg(unix)]
        ("tab\t\u{1b}[31m.md", "escapename".into(), Found("escapename")),
    ];
    for (path, bytes, _) in &notes {
        env.note(path, bytes);
    }
    let ran = ended(env.command(&["index", "--verbose", "notes"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    harmless(&ran);
    for (path, _, fate) in &notes {
        match fate {
            Skipped(name) => {
                assert!(
                    ran.stderr.contains(&format!("skipped `{name}`: ")),
                    "{path}: {ran:?}"
                );
            }
            Found(asked) if asked.starts_with("path:") => {}
            Found(asked) => {
                for format in ["pretty", "lines", "json", "tsv", "vimgrep", "md"] {
                    let args = ["query", "--literal", "-f", format, "--", asked];
                    let ran = ended(env.command(&args));
                    assert_eq!(ran.code, 0, "{path} {format}: {ran:?}");
                    harmless(&ran);
                    if format == "json" {
                        for line in ran.stdout.lines() {
                            let value: serde_json::Value =
                                serde_json::from_str(line).expect("valid JSON");
                            assert!(value.is_object());
                        }
                    }
                }
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_passed_over_without_waiting() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let env = Env::new();
    env.note("good.md", "# 好\n\ngoodword\n");
    env.note("sub/a.md", "# 深\n\nsubword\n");
    let at = |name: &str| env.path("notes").join(name);
    let pipe = Command::new("mkfifo").arg(at("pipe.md")).status();
    assert!(pipe.expect("mkfifo is everywhere").success());
    symlink("/dev/zero", at("zero.md")).expect("it is ours");
    symlink("..", at("sub/loop")).expect("it is ours");
    symlink("self.md", at("self.md")).expect("it is ours");
    symlink("gone", at("dangling.md")).expect("it is ours");
    symlink("/etc/passwd", at("out.md")).expect("it is ours");
    symlink("good.md", at("inside.md")).expect("it is ours");
    let odd = std::ffi::OsStr::from_bytes(b"bad\xff\x1bname.md");
    fs::write(env.path("notes").join(odd), "# bytes\n").expect("it is ours");
    let ran = ended(env.command(&["index", "--verbose", "notes"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    harmless(&ran);
    for (name, why) in [
        ("pipe.md", "not a regular file"),
        ("zero.md", "not a regular file"),
        ("self.md", "cannot be read: "),
        ("dangling.md", "cannot be read: "),
        ("out.md", "a link out of the notes"),
        ("name.md", "its name is not UTF-8"),
    ] {
        let line =
            ran.stderr.lines().find(|l| l.contains(name) && l.contains("skipped `"));
        let line = line.unwrap_or_else(|| panic!("{name} is named: {ran:?}"));
        assert!(line.contains(why), "{name}: {line}");
    }
    assert!(ran.stderr.contains("3 notes"), "{ran:?}");
    assert_eq!(env.done(&["query", "--", "subword"]).stderr, "");
    // A pipe that takes the place of a note is not opened either.
    fs::remove_file(at("good.md")).expect("it is ours");
    let pipe = Command::new("mkfifo").arg(at("good.md")).status();
    assert!(pipe.expect("mkfifo is everywhere").success());
    let ran = ended(env.command(&["query", "--json", "--", "goodword"]));
    assert!(!ran.stdout.contains("good.md\""), "{ran:?}");
}

#[test]
fn a_note_above_the_limit_is_skipped_with_its_size() {
    let env = Env::new();
    env.note("small.md", "# 小\n\nsmallword\n");
    let file = fs::File::create(env.path("notes/large.md")).expect("it is ours");
    // 100 MB without a line break; sparse, as nobody is to read it.
    file.set_len(100_000_000).expect("it is ours");
    let ran = ended(env.command(&["index", "--verbose", "notes"]));
    let expected = "skipped `large.md`: too large: 95 MiB, the limit is 64 MiB";
    let skipped = ran.stderr.lines().find(|l| l.contains("large.md")).unwrap_or_default();
    assert!(
        skipped.contains("too large: 95 MiB, the limit is 64 MiB"),
        "{expected}: {ran:?}"
    );
    // In place, without its folder noticing.
    fs::write(env.path("notes/large.md"), "# 变小了\n\nshrunkword\n")
        .expect("it is ours");
    assert!(env.done(&["query", "--", "shrunkword"]).stdout.contains("large.md"));
}

#[test]
fn hostile_queries_are_answered_or_refused_clearly() {
    let env = Env::new();
    for i in 0..50 {
        let text =
            format!("# 三次握手 {i}\n\nSYN ACK aaaaaaaaaaaaaaaaaaaa naïve 🎉 C++ (x)\n");
        env.note(&format!("{i}.md"), text);
    }
    env.done(&["index", "notes"]);
    let queries = [
        String::new(),
        " ".to_owned(),
        "\"".to_owned(),
        "\"\"".to_owned(),
        "\"三次".to_owned(),
        "(".repeat(5_000),
        ")".repeat(5_000),
        "-".repeat(5_000),
        "--- OR OR - ( ) * : \" title: tag: -title:".to_owned(),
        "a OR ".repeat(5_000),
        "-x ".repeat(5_000),
        "title:".repeat(5_000),
        "*".repeat(5_000),
        "(a OR (b OR ".repeat(3_000),
        "(a+)+$ (.*)*".repeat(50),
        "שלום \u{202e}evil\u{2066} \u{1b}[2J".to_owned(),
        "🎉🏽\u{200d}👩\u{200d}👩\u{200d}👧".to_owned(),
        "\u{0}\u{1}\u{7f}\u{feff}".replace('\u{0}', ""),
        "三次握手".repeat(2_000),
        "ａｂｃ\u{301}\u{301}\u{301}".to_owned(),
        "word ".repeat(4_000),
    ];
    for query in &queries {
        let shown: String = query.chars().take(40).collect();
        for args in [&["query", "--"][..], &["query", "--json", "--strict", "--"]] {
            let mut command = env.command(args);
            command.arg(query);
            let start = Instant::now();
            let ran = ended(command);
            assert!((0..=2).contains(&ran.code), "{shown:?}: {ran:?}");
            assert!(!ran.stderr.contains("broke off"), "{shown:?}: {ran:?}");
            assert!(start.elapsed() < HANGS);
            harmless(&ran);
        }
    }
    // A megabyte does not fit into one argument; many arguments hold it.
    let words = vec!["三次握手网络".repeat(500); 100];
    let mut command = env.command(&["query", "--"]);
    command.args(&words);
    let ran = ended(command);
    assert!((0..=2).contains(&ran.code) && !ran.stderr.contains("broke off"), "{ran:?}");
}

#[test]
fn folders_that_cannot_be_used_are_named_with_cause_and_hint() {
    let env = Env::new();
    env.note("a.md", "# 好\n\ngoodword\n");
    let mut command = env.command(&["index", "notes"]);
    command.env_remove("HOME").env_remove("JIAN_INDEX");
    let homeless = ran(command);
    assert_eq!(homeless.code, 2);
    assert!(homeless.stderr.contains("no place for the index: HOME is not set\nhint: "));
    fs::write(env.path("file"), "").expect("it is ours");
    let index = env.path("file/index");
    let index = index.to_str().expect("UTF-8");
    let ran = env.run(&["--index", index, "index", "notes"]);
    assert_eq!(ran.code, 2);
    let expected =
        format!("jian: cannot make the index folder `{index}`: Not a directory");
    assert!(ran.stderr.starts_with(&expected), "{ran:?}");
}

/// What a disk of one megabyte does. Needs to mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_index() {
    let env = Env::new();
    fs::create_dir_all(env.path("index")).expect("it is ours");
    let Some(_disk) = Disk::mount(&env.path("index")) else {
        // Said aloud: the test holds nothing here.
        use std::io::Write;
        let why = "skipped: only root can mount a small disk\n";
        std::io::stderr().write_all(why.as_bytes()).expect("stderr is open");
        return;
    };
    env.note("a.md", "# 三次握手\n\nSYN\n");
    env.done(&["index", "notes"]);
    let mut state = 1_u32;
    for i in 0..40 {
        let words: String = (0..9_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                format!("{state:x} ")
            })
            .collect();
        env.note(&format!("big/{i}.md"), format!("# 大 {i}\n\n{words}\n"));
    }
    for args in [&["index"][..], &["rebuild"]] {
        let ran = env.run(args);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("No space left on device"), "{ran:?}");
        assert!(ran.stderr.contains("hint: free some space"), "{ran:?}");
        assert!(
            ran.stderr.contains(env.path("index").to_str().expect("UTF-8")),
            "{ran:?}"
        );
        let ran = env.done(&["query", "--", "三次握手"]);
        assert!(ran.stdout.contains("a.md:1"), "{ran:?}");
    }
    fs::remove_dir_all(env.path("notes/big")).expect("it is ours");
    env.done(&["index"]);
}

/// A disk of one megabyte, unmounted when dropped.
#[cfg(target_os = "linux")]
struct Disk(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Disk {
    fn mount(at: &Path) -> Option<Self> {
        let args = ["-t", "tmpfs", "-o", "size=1m", "none"];
        let mounted =
            Command::new("mount").args(args).arg(at).stderr(Stdio::null()).status();
        mounted.is_ok_and(|s| s.success()).then(|| Self(at.to_owned()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// Rights mean nothing to root, so the test makes a disk that nobody can write to.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_index_answers_with_a_notice() {
    let env = Env::new();
    env.note("a.md", "# 三次握手\n\nSYN\n");
    env.done(&["index", "notes"]);
    let index = env.path("index");
    let bind = |args: &[&str]| {
        let mut command = Command::new("mount");
        command.args(args).arg(&index).stderr(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    };
    let index_text = index.to_str().expect("UTF-8");
    if !bind(&["--bind", index_text]) {
        use std::io::Write;
        let why = "skipped: only root can mount a read-only folder\n";
        std::io::stderr().write_all(why.as_bytes()).expect("stderr is open");
        return;
    }
    let _disk = Disk(index.clone());
    assert!(bind(&["-o", "remount,bind,ro"]), "what is mounted can be remounted");
    let ran = env.done(&["query", "--", "三次握手"]);
    assert!(ran.stdout.contains("a.md:1"), "{ran:?}");
    env.note("b.md", "# 新\n\nnewword\n");
    let ran = env.done(&["query", "--", "三次握手"]);
    assert!(ran.stdout.contains("a.md:1"), "{ran:?}");
    assert!(ran.stderr.contains("answering from before"), "{ran:?}");
    let ran = env.run(&["index"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("Read-only file system"), "{ran:?}");
    assert!(ran.stderr.contains("hint: "), "{ran:?}");
}
