//! What other programs rely on: JSON Lines, lines, exit codes, pipes that close.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use jian::render::{FORMATS, paint};
use serde_json::Value;

use crate::env::Env;

/// Some notes, indexed.
fn small() -> Env {
    let env = Env::new();
    env.note(
        "网络/tcp.md",
        "前言 preface\n\n# TCP\n\n## 三次握手\n\n客户端发 SYN，服务端回 SYN+ACK。\n\n客户端再回 \
         ACK，三次握手完成。\n\n## 四次挥手\n\nFIN, ACK, FIN, ACK.\n",
    );
    env.note("redis.md", "---\ntitle: 缓存\ntags: [db]\n---\n# Redis\n\n内存数据库。\n");
    env.done(&["index", "notes"]);
    env
}

/// Checks one object of JSON Lines against README's table.
#[track_caller]
fn check_row(env: &Env, line: &str) -> Value {
    let row: Value = serde_json::from_str(line).expect("one object a line");
    let text = |key: &str| row[key].as_str().unwrap_or_else(|| panic!("{key} in {row}"));
    let number =
        |key: &str| row[key].as_u64().unwrap_or_else(|| panic!("{key} in {row}"));
    let note =
        std::fs::read_to_string(env.path("notes").join(text("path"))).expect("a note");
    assert!(!text("path").contains('\\') && !text("path").starts_with('/'));
    assert!(1 <= number("line") && number("line") <= number("end_line"));
    assert!(number("end_line") as usize <= note.lines().count());
    assert!((number("line")..=number("end_line")).contains(&number("snippet_line")));
    assert!(row["score"].is_number(), "{row}");
    assert!(row["breadcrumb"].as_array().is_some_and(|b| b.iter().all(Value::is_string)));
    assert!(row["missing"].as_array().is_some_and(|b| b.iter().all(Value::is_string)));
    assert!(["near", "all", "most", "any"].contains(&text("stage")), "{row}");
    assert!(text("id").len() == 8 && text("id").bytes().all(|b| b.is_ascii_hexdigit()));
    for (ranges, of) in [("highlights", "snippet"), ("title_highlights", "title")] {
        let of = text(of);
        let mut end = 0;
        for range in row[ranges].as_array().expect("an array") {
            let at = |i: usize| range[i].as_u64().expect("bytes") as usize;
            assert!(end <= at(0) && at(0) < at(1), "{row}");
            assert!(of.get(at(0)..at(1)).is_some(), "whole characters: {row}");
            end = at(1);
        }
    }
    row
}

#[test]
fn json_is_one_object_a_line_as_documented() {
    let env = small();
    let ran = env.done(&["query", "--json", "-n", "5", "--", "三次握手"]);
    let rows: Vec<Value> = ran.stdout.lines().map(|line| check_row(&env, line)).collect();
    let first = &rows[0];
    assert_eq!(first["path"], "网络/tcp.md");
    assert_eq!((&first["line"], &first["end_line"]), (&5.into(), &10.into()));
    assert_eq!(first["title"], "三次握手");
    assert_eq!(first["breadcrumb"], serde_json::json!(["TCP"]));
    assert_eq!(first["title_highlights"], serde_json::json!([[0, 12]]));
    let said = first["snippet"].as_str().expect("text");
    let marks = first["highlights"].as_array().expect("an array");
    let marked = |m: &Value| {
        &said[m[0].as_u64().unwrap() as usize..m[1].as_u64().unwrap() as usize]
    };
    assert!(marks.iter().any(|m| marked(m) == "三次握手"), "{first}");
    // The keys of the contract come first and stay; others may be added behind them.
    let keys =
        r#""path","line","end_line","title","breadcrumb","score","snippet","highlights""#;
    let mut rest = ran.stdout.as_str();
    for key in keys.split(',') {
        let at =
            rest.find(key).unwrap_or_else(|| panic!("{key} in order in {}", ran.stdout));
        rest = &rest[at..];
    }
    // Every kind of query keeps to it.
    for asked in ["客户端", "\"SYN+ACK\"", "的", "ACK OR 内存", "tag:db", "前言", "fin*"]
    {
        for line in env.run(&["query", "--json", "--", asked]).stdout.lines() {
            check_row(&env, line);
        }
    }
}

#[test]
fn limit_and_offset_page_through_one_list() {
    let env = small();
    let ask = |n: &str, offset: &str| {
        let args = ["query", "--json", "-n", n, "--offset", offset, "--", "ACK"];
        env.run(&args).stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let all = ask("10", "0");
    assert_eq!(all.len(), 2);
    assert_eq!(ask("1", "0"), all[..1]);
    assert_eq!(ask("1", "1"), all[1..]);
    assert!(ask("1", "2").is_empty());
}

#[test]
fn what_goes_on_after_folds_is_one_hit_on_the_page() {
    let env = Env::new();
    let folded = "# 说明\n\n## 甲乙之别\n\n甲是一。\n\n<details>\n<summary>什么是一？</summary>\n\n独一个。\n</details>\n\n还在于快慢。\n";
    env.note("a.md", folded);
    env.note("b.md", "# 甲乙\n\n甲乙之别，一言难尽。\n");
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "--format", "{path}:{line}", "--", "甲乙之别"]);
    let places: Vec<&str> =
        ran.stdout.lines().filter_map(|l| l.rsplit('/').next()).collect();
    assert_eq!(places, ["a.md:3", "b.md:1", "a.md:7", "a.md:13"], "{ran:?}");
}

#[test]
fn a_pipe_gets_one_hit_a_line() {
    let env = small();
    let ran = env.done(&["query", "三次握手"]);
    let line = ran.stdout.lines().next().expect("a hit");
    let columns: Vec<&str> = line.split('\t').collect();
    assert_eq!(columns.len(), 3, "{line}");
    assert_eq!(columns[0], "网络/tcp.md:5");
    assert!(columns[1].ends_with("TCP › 三次握手"), "{line}");
    assert!(columns[2].contains("服务端回 SYN+ACK"), "{line}");
}

#[test]
fn exit_codes_say_found_nothing_or_error() {
    let env = small();
    for (args, code) in [
        (&["query", "三次握手"][..], 0),
        (&["q", "三次握手"], 0),
        (&["query", "三次握手", "-n", "1", "--json"], 0),
        (&["search", "三次握手"], 0),
        (&["query", "zebra斑马"], 1),
        (&["query", "--strict", "三次握手 zebra"], 1),
        (&["status"], 0),
        (&["show", "网络/tcp.md:6"], 0),
        (&["show", "网络/tcp.md:600"], 2),
        (&["show", "nowhere.md"], 2),
        (&["query", "--format", "xml", "ACK"], 2),
        (&["query", "--json", "--format", "tsv", "ACK"], 2),
        (&["query"], 2),
        (&["--index", "nowhere", "query", "ACK"], 2),
        (&["--config", "nowhere.toml", "query", "ACK"], 2),
        (&["index", "nowhere"], 2),
        (&["index", "--glob", "a[", "notes"], 2),
        (&["nonsense"], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let ran = env.run(args);
        assert_eq!(ran.code, code, "jian {args:?}: {ran:#?}");
        if code != 0 {
            assert_eq!(ran.stdout, "", "results only: jian {args:?}");
            assert_ne!(ran.stderr, "", "jian {args:?}");
        }
    }
}

#[test]
fn errors_say_what_mends_them() {
    let env = small();
    for (args, hint) in [
        (&["--index", "nowhere", "query", "ACK"][..], "hint: run `jian index PATH`"),
        (&["index", "nowhere"], "hint: name the folder of your notes"),
        (&["show", "网络/tcp.md:600"], "hint: give it as `jian query` prints it"),
        (&["query", "--format", "xml", "ACK"], "hint: see `jian query --help`"),
    ] {
        let ran = env.run(args);
        assert!(ran.stderr.contains(hint), "jian {args:?}: {ran:#?}");
    }
}

#[test]
fn show_prints_the_whole_section_that_holds_the_line() {
    let env = small();
    let section = "## 三次握手\n\n客户端发 SYN，服务端回 SYN+ACK。\n\n客户端再回 \
                   ACK，三次握手完成。\n";
    for line in [5, 7, 9] {
        let shown = env.done(&["show", &format!("网络/tcp.md:{line}")]).stdout;
        assert_eq!(shown.trim_end(), section.trim_end());
    }
    let args = ["show", "网络/tcp.md:7", "--query", "syn", "--color", "roles"];
    let shown = env.done(&args).stdout;
    assert!(shown.contains("<match>SYN</match>"), "{shown}");
}

#[test]
fn a_closed_pipe_is_success() {
    let env = Env::new();
    // Far more than a pipe holds (64 KiB), so that the program meets the closed end.
    for i in 0..200 {
        env.note(
            &format!("{i}.md"),
            format!("# 题 {i}\n\n{}\n", "答案 answer。".repeat(400)),
        );
    }
    env.done(&["index", "notes"]);
    let mut command = env.command(&["query", "--full", "-n", "200", "--", "答案"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("it is piped"));
    reader.read_line(&mut first).expect("a first line");
    drop(reader);
    let output = child.wait_with_output().expect("it ends");
    assert!(first.contains(".md:1\t"), "{first}");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn streams_that_a_caller_closed_are_open_to_nowhere() {
    use std::os::unix::fs::PermissionsExt;
    let env = small();
    // What an editor is started with is what the program has itself.
    let (editor, seen) = (env.path("vim"), env.path("seen"));
    let script = "#!/bin/sh\nall=$(readlink /proc/$$/fd/[012])\necho \"$all\" >seen\n";
    std::fs::write(&editor, script).expect("it is ours");
    std::fs::set_permissions(&editor, PermissionsExt::from_mode(0o755)).expect("ours");
    let inner = env.command(&["open", "网络/tcp.md:7"]);
    let mut command = std::process::Command::new("sh");
    command.arg("-c").arg("exec \"$0\" \"$@\" <&- >&- 2>&-");
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(env.path(""));
    let set = inner.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(set).env("EDITOR", &editor);
    command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let status = command.status().expect("there is a shell");
    assert_eq!(status.code(), Some(0));
    let seen = std::fs::read_to_string(seen).expect("the editor was started");
    assert_eq!(seen, "/dev/null\n".repeat(3));
}

#[test]
fn nothing_but_our_own_escapes_reaches_the_terminal() {
    let env = Env::new();
    let hostile = "\u{1b}[2J\u{1b}]52;c;eA==\u{7}红\u{202e}色\u{9b}31m\r\u{8}x\u{feff}";
    let title = hostile.replace('\r', "");
    env.note(
        "a\u{1b}[31m红.md",
        format!("# 毒 {title}\n\n毒 {hostile} 药\n\n```\n毒 {title}\n```\n"),
    );
    env.note(
        "tags.md",
        format!("---\ntitle: 毒{title}\ntags: [\"毒{title}\"]\n---\n# 毒\n\n毒\n"),
    );
    let mut outputs = vec![env.done(&["index", "--verbose", "notes"])];
    for format in FORMATS {
        outputs.push(env.done(&[
            "query",
            "--format",
            format.name,
            "--explain",
            "--",
            "毒",
        ]));
    }
    let asked = format!("毒 {}", title.replace('"', ""));
    outputs.push(env.done(&["query", "--format", "{path} {title} {snippet}", "毒"]));
    outputs.push(env.run(&["query", "--color", "roles", "--", &asked]));
    outputs.push(env.run(&["query", "--", "\u{1b}[31mnothing\u{7}"]));
    outputs.push(env.done(&["show", "a\u{1b}[31m红.md:1", "--query", "毒"]));
    outputs.push(env.run(&["show", "\u{1b}[31mnowhere.md:1"]));
    outputs.push(env.run(&["--index", "\u{1b}[31mnowhere", "query", "x"]));
    outputs.push(env.done(&["status"]));
    outputs.push(env.done(&["status", "--json"]));
    for ran in outputs {
        for text in [&ran.stdout, &ran.stderr] {
            let found = text
                .chars()
                .filter(|&c| c != '\n' && c != '\t')
                .find(|&c| paint::is_unsafe(c));
            assert_eq!(found, None, "{text:?}");
        }
    }
}

#[test]
fn color_is_where_it_is_asked_for() {
    let env = small();
    let ask = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = env.command(args);
        command.envs(variables.iter().copied());
        crate::env::ran(command).stdout.contains('\u{1b}')
    };
    assert!(!ask(&["query", "ACK"], &[]), "a pipe has no color");
    assert!(ask(&["query", "ACK", "--color", "always"], &[]));
    assert!(ask(&["query", "ACK"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!ask(&["query", "ACK"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!ask(&["query", "ACK", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn an_index_named_by_itself_keeps_its_notes_where_another_is_configured() {
    let env = small();
    std::fs::create_dir(env.path("others")).expect("it is ours");
    std::fs::write(env.path("others/锁.md"), "# 锁\n\n互斥锁。\n").expect("it is ours");
    let configured = "corpus = \"others\"\nindex = \"index-of-others\"\n";
    std::fs::write(env.path("jian.toml"), configured).expect("it is ours");
    env.done(&["--index", "apart", "index", "notes"]);
    env.done(&["--index", "apart", "index"]);
    env.done(&["--index", "apart", "index", "--glob", "*.md"]);
    let ran = env.done(&["--index", "apart", "query", "--json", "--", "三次握手"]);
    assert!(ran.stdout.contains("网络/tcp.md"), "{}", ran.stdout);
    // The configured one has what is configured.
    env.done(&["--index", "index-of-others", "index"]);
    let ran =
        env.done(&["--index", "index-of-others", "query", "--json", "--", "互斥锁"]);
    assert!(ran.stdout.contains("锁.md"), "{}", ran.stdout);
}

#[test]
fn no_hit_of_the_first_page_is_on_the_second() {
    let env = Env::new();
    for i in 0..60usize {
        let body = "线程 与 锁。".repeat(1 + i * 7 % 11) + &"其他的话。".repeat(i % 5);
        env.note(
            &format!("{i}.md"),
            format!("# 第 {i} 篇 {}\n\n{body}\n", ["线程", "", "锁"][i % 3]),
        );
    }
    env.done(&["index", "notes"]);
    let ids = |offset: &str| -> Vec<String> {
        let ran = env.done(&[
            "query",
            "--json",
            "-n",
            "10",
            "--offset",
            offset,
            "--",
            "线程 锁",
        ]);
        let row = |line: &str| serde_json::from_str::<Value>(line).expect("an object");
        ran.stdout.lines().map(|line| row(line)["id"].to_string()).collect()
    };
    let (first, second) = (ids("0"), ids("10"));
    assert_eq!((first.len(), second.len()), (10, 10));
    assert!(!first.iter().any(|id| second.contains(id)), "{first:?} {second:?}");
}

#[test]
fn an_index_of_other_notes_than_were_named_says_so() {
    let env = small();
    std::fs::create_dir(env.path("others")).expect("it is ours");
    std::fs::write(env.path("others/a.md"), "# 斑马\n").expect("it is ours");
    let ran = env.done(&["--corpus", "notes", "query", "三次握手"]);
    assert!(!ran.stderr.contains("notes"), "{ran:?}");
    let ran = env.run(&["--corpus", "others", "query", "斑马"]);
    let command = format!("`jian index {}`", env.path("others").display());
    assert!(ran.code == 1 && ran.stderr.contains(&command), "{ran:?}");
    std::fs::write(env.path("jian.toml"), "corpus = [\"notes\", \"others\"]\n")
        .expect("it is ours");
    assert!(env.run(&["query", "斑马"]).stderr.contains("jian index"));
    env.done(&["index"]);
    let ran = env.done(&["query", "斑马"]);
    assert!(ran.stdout.contains("斑马") && ran.stderr.is_empty(), "{ran:?}");
}
