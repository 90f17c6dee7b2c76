//! In pipes, in editors and in the real shells.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::env::{Env, ran};

/// Looks for a command of others. Where it is not there the test is skipped, aloud; under CI
/// that is a failure, since there it would be skipped for ever.
#[allow(clippy::disallowed_methods, reason = "tests are no part of the program")]
pub(crate) fn there(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let is_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(is_there || !is_ci, "{name} is not installed; CI needs it");
    if !is_there {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "SKIPPED: {name} is not installed");
    }
    is_there
}

/// Notes of both languages, indexed.
pub(crate) fn notes() -> Env {
    let env = Env::new();
    env.note(
        "网络/tcp.md",
        "# TCP\n\n## 三次握手的过程\n\n客户端先发送 SYN。\n\n服务端回复 SYN 和 ACK，\
         三次握手完成。\n\n## 四次挥手\n\n关闭连接要四次。\n",
    );
    env.note(
        "web/http.md",
        "---\ntags: [web, 网络]\n---\n# HTTP\n\nA GET has no body.\n",
    );
    env.note("redis.md", "# Redis 缓存\n\n缓存穿透用布隆过滤器。三次重试。\n");
    let _ = env.done(&["index", "notes"]);
    env
}

/// A folder with the program under its name, to be put first in PATH.
pub(crate) fn bin(env: &Env) -> PathBuf {
    let bin = env.path("home/bin");
    fs::create_dir_all(&bin).expect("it is ours");
    let link = bin.join("jian");
    if !link.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_jian"), link).expect("it is ours");
    }
    bin
}

/// Returns PATH with the program in front.
pub(crate) fn path(env: &Env) -> String {
    format!("{}:/usr/local/bin:/usr/bin:/bin", bin(env).display())
}

/// Returns another program, standing in the folder of `env`, with the program in its PATH.
fn command(env: &Env, name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command
        .env_clear()
        .current_dir(env.path(""))
        .env("PATH", path(env))
        .env("HOME", env.path("home"))
        .env("JIAN_INDEX", env.path("index"))
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .args(args);
    command
}

#[test]
fn results_go_through_pipes() {
    let env = notes();
    let check = |script: &str, expected: &str| {
        let ran = ran(command(&env, "sh", &["-c", script]));
        assert_eq!((&*ran.stdout, &*ran.stderr), (expected, ""), "{script}");
    };
    check("jian query 三次握手 | head -1 | cut -f1", "网络/tcp.md:3\n");
    check("jian query --format tsv GET | cut -f1,2", "web/http.md\t4\n");
    check("jian query -l 三次", "notes/网络/tcp.md\nnotes/redis.md\n");
    check("cd notes && jian query -c SYN | sort", "网络/tcp.md:1\n");
    check("jian query -l0 三次 | tr '\\0' '!'", "notes/网络/tcp.md!notes/redis.md!");
    check("jian query --strict 没有这样的词 2>/dev/null; echo $?", "1\n");
    check("jian query -l 'GET 没有这样的词' 2>/dev/null; echo $?", "1\n");
    check("jian query --format '{line}' --context 1 布隆", "1\n");
    check(
        "jian query --format '{snippet}' --context 9 SYN | grep -c 三次握手完成",
        "1\n",
    );
    let absolute = env.path("notes").canonicalize().expect("it is there");
    let absolute = format!("{}/web/http.md\n", absolute.display());
    check("jian query --absolute-path --format '{path}' GET", &absolute);
    if there("fzf") {
        check("jian query 三次 | fzf -f 布隆 | cut -f1", "redis.md:1\n");
    }
}

#[test]
fn a_closed_pipe_is_silent_success() {
    let env = notes();
    // More than a pipe holds, so that writing meets the closed end.
    let body = "缓存 cache line\n".repeat(20_000);
    env.note("long.md", format!("# 长\n\n{body}"));
    let _ = env.done(&["index", "notes"]);
    let script = "{ jian query --literal --full 缓存 cache line; echo code $? >&2; } | head -c 9 >/dev/null";
    let ran = ran(command(&env, "sh", &["-c", script]));
    assert_eq!(ran.stderr, "code 0\n");
}

#[test]
fn programs_get_no_color_unless_they_ask() {
    let env = notes();
    let with = |args: &[&str]| env.done(args).stdout.contains('\u{1b}');
    assert!(!with(&["query", "--format", "vimgrep", "三次"]));
    assert!(with(&["query", "--format", "vimgrep", "--color", "always", "三次"]));
    let linked =
        ["query", "--format", "pretty", "--color", "always", "三次", "--hyperlink"];
    let links = |when| {
        let ran = env.done(&[&linked[..], &[when]].concat());
        ran.stdout.contains("\u{1b}]8;;file://")
    };
    assert!(links("always"));
    assert!(!links("never"));
    assert!(!links("auto"), "a pipe is no terminal");
}

#[test]
fn vim_jumps_to_line_and_column() {
    if !there("vim") {
        return;
    }
    let env = notes();
    let script = "jian query --format vimgrep 布隆过滤器 > hits && \
         vim -e -s -u NONE -c 'set nocp efm=%f:%l:%c:%m' -q hits \
         -c 'call writefile([expand(\"%\") . \" \" . line(\".\") . \" \" . \
         strpart(getline(\".\"), col(\".\") - 1)], \"at\")' -c 'qa!'";
    let _ = ran(command(&env, "sh", &["-c", script]));
    let at = fs::read_to_string(env.path("at")).expect("vim wrote it");
    assert_eq!(at, "notes/redis.md 3 布隆过滤器。三次重试。\n");

    let plugin =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib/vim/plugin/jian.vim");
    let script = format!(
        "vim -e -s -u NONE -c 'set nocp' -S {} -c 'Jian 四次挥手' \
         -c 'call writefile([expand(\"%\") . \" \" . line(\".\")], \"at\")' -c 'qa!'",
        plugin.display()
    );
    let _ = ran(command(&env, "sh", &["-c", &script]));
    let at = fs::read_to_string(env.path("at")).expect("vim wrote it");
    assert!(at.starts_with("notes/网络/tcp.md "), "{at}");
}

#[test]
fn bash_completes() {
    if !there("bash") {
        return;
    }
    let env = notes();
    let check = |words: &[&str], expected: &str| {
        let script = format!(
            "eval \"$(jian init bash)\"; COMP_WORDS=(jian {0}); COMP_CWORD={1}; \
             COMP_TYPE=9; _clap_complete_jian jian \"${{COMP_WORDS[COMP_CWORD]}}\" x; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.iter().map(|w| format!("'{w}'")).collect::<Vec<_>>().join(" "),
            words.len(),
        );
        let ran = ran(command(&env, "bash", &["--norc", "-c", &script]));
        assert!(ran.stdout.lines().any(|l| l == expected), "{words:?}: {ran:#?}");
    };
    check(&["que"], "query");
    check(&["query", "--form"], "--format");
    check(&["query", "--format", "vim"], "vimgrep");
    check(&["query", "tag:"], "tag:web");
    check(&["query", "path:we"], "path:web/http.md");
    check(&["show", "网"], "网络/tcp.md");
}

#[test]
fn fish_completes() {
    if !there("fish") {
        return;
    }
    let env = notes();
    let check = |line: &str, expected: &str| {
        let script = format!("jian init fish | source; complete -C '{line}'");
        let ran = ran(command(&env, "fish", &["--no-config", "-c", &script]));
        let mut words = ran.stdout.lines().filter_map(|l| l.split('\t').next());
        assert!(words.any(|word| word == expected), "{line}: {ran:#?}");
    };
    check("jian que", "query");
    check("jian query --format vim", "vimgrep");
    check("jian query tag:", "tag:web");
    check("jian show 网", "网络/tcp.md");
}

#[test]
fn scripts_load_in_their_shells() {
    let env = notes();
    for (shell, load, bound) in [
        ("bash", "eval \"$(jian init bash)\"; bind -X", "\"\\C-g\": \"__jian_pick\""),
        ("zsh", "eval \"$(jian init zsh)\"; bindkey '^G'", "\"^G\" __jian_pick"),
        ("fish", "jian init fish | source; bind \\cg", "__jian_pick"),
    ] {
        if there(shell) {
            let ran = ran(command(&env, shell, &["-i", "-c", load]));
            assert!(ran.stdout.contains(bound), "{shell}: {ran:#?}");
        }
    }
    let ran = env.done(&["init", "zsh", "--key", "alt-j"]);
    assert!(ran.stdout.contains("bindkey -M emacs '^[j' __jian_pick"));
    assert!(!env.done(&["init", "bash", "--key", "none"]).stdout.contains("bind -m"));
    let ran = env.run(&["init", "bash", "--key", "f5"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no such key: `f5`"), "{ran:#?}");
}

#[test]
fn the_editor_opens_at_the_line() {
    let env = notes();
    let editor = editor(&env);
    let check = |args: &[&str], expected: &str| {
        let mut command = env.command(args);
        let ran = ran({
            command.env("EDITOR", &editor).env("PATH", path(&env));
            command
        });
        assert_eq!(ran.code, 0, "{ran:#?}");
        let edited = fs::read_to_string(env.path("home/edited")).expect("it ran");
        let (line, file) = edited.trim().split_once(' ').expect("two words");
        let file = Path::new(file)
            .strip_prefix(env.path("notes").canonicalize().expect("there"));
        assert_eq!(format!("{line} {}", file.expect("a note").display()), expected);
    };
    check(&["open", "网络/tcp.md:7"], "+7 网络/tcp.md");
    check(&["open", "三次握手"], "+3 网络/tcp.md");
    let ran = env.run(&["open", "2"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no query was run in this terminal"), "{ran:#?}");
    assert_eq!(env.done(&["open", "--print", "GET body"]).stdout.lines().count(), 1);
}

/// An editor that writes what it was called with, under the name of one that is known.
pub(crate) fn editor(env: &Env) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let editor = bin(env).join("vim");
    if editor.exists() {
        // Written once: what is being run cannot be written to.
        return editor;
    }
    fs::write(&editor, "#!/bin/sh\necho \"$@\" > \"$HOME/edited.new\"\nmv \"$HOME/edited.new\" \"$HOME/edited\"\n").expect("it is ours");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("it is ours");
    editor
}

#[test]
fn previews_are_laid_out_line_for_line() {
    let env = notes();
    let ran = env.done(&[
        "preview",
        "网络/tcp.md:7",
        "--query",
        "三次握手",
        "--color",
        "roles",
    ]);
    assert_eq!(
        ran.stdout,
        "<path>网络/tcp.md</path><faint>:</faint><line>3</line><trail> › </trail>\
         <trail>TCP</trail>\n\
         <faint>## </faint><match>三次握手</match><title>的过程</title>\n\n\
         客户端先发送 SYN。\n\n\
         服务端回复 SYN 和 ACK，<match>三次握手</match>完成。\n\n"
    );
    // As it stands, for a pipe.
    let ran = env.done(&["show", "redis.md:1"]);
    assert_eq!(ran.stdout, "# Redis 缓存\n\n缓存穿透用布隆过滤器。三次重试。\n");
}

#[test]
fn without_fzf_the_way_to_it_is_said() {
    let env = notes();
    let ran = env.run(&["fzf", "三次"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.starts_with("jian: fzf is not installed"), "{ran:#?}");
    assert!(ran.stderr.contains("hint: install it: `apt install fzf`"), "{ran:#?}");
}

#[test]
fn the_doctor_says_what_mends() {
    let env = notes();
    let ran = env.done(&["doctor"]);
    assert!(ran.stdout.contains("→ install it: `apt install fzf`"), "{ran:#?}");
    assert!(ran.stdout.contains("→ export LANG=C.UTF-8"), "{ran:#?}");
    fs::remove_dir_all(env.path("index")).expect("it is ours");
    let ran = env.run(&["doctor", "--json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("\"grade\":\"bad\",\"about\":\"index\""), "{ran:#?}");
}

#[test]
fn the_status_page_tells_what_is_there() {
    let env = notes();
    let page = env.done(&["status"]).stdout;
    for expected in
        ["notes      3, 6 sections", "Chinese    ", "most frequent in headings\n"]
    {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    let json = env.done(&["status", "--json"]).stdout;
    let facts: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(facts["notes"], 3);
    assert_eq!(facts["largest"][0][0], "网络/tcp.md");
}

#[test]
fn the_manual_and_the_help_tell_the_same_options() {
    let env = Env::new();
    for command in ["query", "fzf", "open", "show", "init", "status"] {
        let help = env.done(&[command, "--help"]).stdout;
        let page = env.done(&["man", command]).stdout.replace('\\', "");
        let options = help.split_whitespace().filter(|word| word.starts_with("--"));
        for option in options {
            let option = option.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
            assert!(page.contains(option), "{option} of {command}");
        }
    }
}

#[test]
fn mistyped_commands_are_guessed() {
    let ran = Env::new().run(&["qurey", "x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("'query'"), "{ran:#?}");
}
