//! Messages in the language of the locale; formats for programs in none.

use std::fs;

use jian::message::PHRASES;

use crate::env::{Env, Ran, project, ran};
use crate::tidy::files;

/// Notes, one of them no text, and an index of them.
fn small() -> Env {
    let env = Env::new();
    env.note("网络/tcp.md", "# TCP\n\n## 三次握手\n\n客户端发 SYN，服务端回 SYN+ACK。\n");
    env.note("redis.md", "# Redis\n\n内存数据库，持久化有 AOF 和 RDB。\n");
    env.note("raw.md", b"\0\x01\x02 not a note");
    env.done(&["index", "notes"]);
    env
}

/// Runs the program where one variable of the locale is set.
fn run(env: &Env, variable: &str, locale: &str, args: &[&str]) -> Ran {
    let mut command = env.command(args);
    command.env(variable, locale);
    ran(command)
}

#[test]
fn messages_follow_the_locale() {
    let env = small();
    let check = |args: &[&str], english: &str, chinese: &str| {
        let found = |variable, locale| {
            let ran = run(&env, variable, locale, args);
            format!("{}{}", ran.stdout, ran.stderr)
        };
        for locale in ["C", "en_US.UTF-8", "de_DE.UTF-8", ""] {
            let said = found("LANG", locale);
            assert!(said.contains(english), "{locale} {args:?}: {english} in {said}");
        }
        for variable in ["LANG", "LC_MESSAGES", "LC_ALL"] {
            let said = found(variable, "zh_CN.UTF-8");
            assert!(said.contains(chinese), "{variable} {args:?}: {chinese} in {said}");
        }
    };
    check(&["query", "zzzqqq"], "nothing found for zzzqqq", "没有找到 zzzqqq");
    check(
        &["query", "redis", "量子"],
        "no section has every word; 缺: 量子",
        "没有哪一节含有所有的词；缺: 量子",
    );
    check(&["query", "(redis"], "group not closed: read to the end", "括号没有合上");
    check(
        &["query", "--explain", "redis"],
        "answered at stage near",
        "答案出自这一步：连在一起",
    );
    check(
        &["query", "--format", "xml", "redis"],
        "unknown format `xml`",
        "没有 `xml` 这种格式",
    );
    check(&["query", "redsi"], "did you mean: redis", "是不是：redis");
    check(
        &["index", "--verbose"],
        "raw.md`: not text",
        "raw.md`：不是文本：含有 NUL 字节",
    );
    check(
        &["index"],
        "3 unchanged); 1 skipped (1 not text)",
        "未变 3）；跳过 1 个（1 个不是文本）",
    );
    check(
        &["index", "no-such-folder"],
        "no such file or folder\nhint: name the folder of your notes",
        "没有这个文件或文件夹\n提示：指明放笔记的文件夹",
    );
    check(
        &["show", "nowhere.md:3"],
        "no such note or line: `nowhere.md:3`\nhint: give it as",
        "没有这篇笔记或这一行：`nowhere.md:3`\n提示：照 `jian query` 打印的写",
    );
    check(&["--index", "none", "status"], "no index in `", "里没有索引");
    check(
        &["--config", "none", "status"],
        "cannot read the configuration",
        "无法读取配置",
    );
    check(&["status"], "age        less than a minute", "新旧       不到一分钟");
    check(&["doctor"], "ok    notes         ", "好    笔记          ");
    check(&["bench", "-n", "2"], "queries/s", "每秒");
    check(&["open", "7"], "there is no hit 7", "没有第 7 条");
    check(&["init", "bash", "--key", "f5"], "no such key: `f5`", "没有这个键：`f5`");
}

#[test]
fn the_most_specific_variable_wins() {
    let env = small();
    let mut command = env.command(&["query", "zzzqqq"]);
    command.env("LANG", "zh_CN.UTF-8").env("LC_MESSAGES", "zh_CN").env("LC_ALL", "C");
    assert!(ran(command).stderr.contains("nothing found"));
    let mut command = env.command(&["query", "zzzqqq"]);
    command
        .env("LANG", "en_US.UTF-8")
        .env("LC_MESSAGES", "zh_CN.UTF-8")
        .env("LC_ALL", "");
    assert!(ran(command).stderr.contains("没有找到"));
}

#[test]
fn results_and_exit_codes_do_not_depend_on_the_language() {
    let env = small();
    let commands: &[&[&str]] = &[
        &["query", "--json", "redis", "量子"],
        &["query", "redis", "量子"],
        &["query", "--format", "pretty", "redis", "量子"],
        &["query", "--format", "md", "三次握手"],
        &["query", "--format", "tsv", "三次握手"],
        &["query", "--format", "vimgrep", "三次握手"],
        &["query", "--format", "fzf", "三次握手"],
        &["query", "--format", "{path}:{line} {missing}", "redis", "量子"],
        &["query", "-l", "redis"],
        &["query", "-c", "redis"],
        &["query", "zzzqqq"],
        &["show", "redis.md:1"],
        &["show", "nowhere.md:1"],
        &["preview", "redis.md:1"],
        &["status", "--json"],
        &["doctor", "--json"],
        &["open", "--print", "redis"],
        &["init", "zsh"],
        &["completions", "fish"],
        &["man", "query"],
    ];
    for args in commands {
        // `doctor` tells which locale is set.
        let of = |variable: &str| run(&env, variable, "zh_CN.UTF-8", args);
        let (english, chinese) = (of("IRRELEVANT"), of("LC_MESSAGES"));
        assert_eq!(english.stdout, chinese.stdout, "{args:?}");
        assert_eq!(english.code, chinese.code, "{args:?}");
    }
}

/// String literals that follow a piece of code at once, or after white space, in a file.
fn literals_after(file: &str, before: &str) -> Vec<String> {
    let code = fs::read_to_string(project().join(file)).expect("part of the project");
    let code =
        code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for (at, _) in code.match_indices(before) {
        let rest = code[at + before.len()..].trim_start();
        let rest = rest.strip_prefix("format!(").map_or(rest, str::trim_start);
        let rest =
            rest.strip_prefix('&').map_or(rest, |r| r.trim_start_matches("format!("));
        if let Some(literal) = rest.strip_prefix('"') {
            found.extend(literal.split('"').next().map(str::to_owned));
        }
    }
    found
}

/// A pattern without the names of its slots.
fn nameless(pattern: &str) -> String {
    let parts: Vec<&str> = pattern.split(['{', '}']).step_by(2).collect();
    parts.join("{}")
}

#[test]
fn words_from_below_have_a_row() {
    let known: Vec<String> =
        PHRASES.iter().map(|(english, _)| nameless(english)).collect();
    let check = |file: &str, before: &[&str], least: usize| {
        let found: Vec<String> =
            before.iter().flat_map(|b| literals_after(file, b)).collect();
        assert!(found.len() >= least, "{file}: {found:?}");
        for words in found {
            assert!(known.contains(&nameless(&words)), "{file}: no row for {words:?}");
        }
    };
    check(
        "src/query/parse.rs",
        &["self.note(", "parser.note(", "stray(", "let limit ="],
        11,
    );
    check("src/corpus/read.rs", &["why:"], 2);
    check("src/corpus/decode.rs", &["Err("], 2);
    check(
        "src/corpus/walk.rs",
        &["skipped(path,", "is_dir() {", "else {", "=> format!("],
        4,
    );
    check("src/index/read.rs", &["let why =", "unusable(", "why:"], 4);
    check("src/index/manifest.rs", &["damaged(", "why:"], 3);
    check("src/index/coded.rs", &["InvalidData,"], 1);
    check("src/index/directory.rs", &["UnexpectedEof,"], 1);
    check("src/index/update.rs", &["rebuilt = Some("], 1);
    check("src/index/size.rs", &["    ("], 6);
    let mut actions = 0;
    for file in files("src", "rs") {
        let before = ["Error::io(", "Error::engine(", "action:"];
        let found: Vec<_> =
            before.iter().flat_map(|b| literals_after(&file, b)).collect();
        actions += found.len();
        for action in found {
            assert!(known.contains(&action), "{file}: no row for {action:?}");
        }
    }
    assert!(actions >= 30, "{actions}");
}

#[test]
fn nothing_is_said_outside_the_table() {
    for file in files("src/cli", "rs").iter() {
        // The compiler takes only messages; this catches one made of English words on the spot.
        for literal in literals_after(file, "Message::plain(") {
            let is_command =
                literal.starts_with("jian ") || literal.starts_with("export ");
            assert!(is_command, "{file}: {literal:?} belongs into the table");
        }
        assert_eq!(literals_after(file, "Message::known("), [""; 0], "{file}");
    }
}
