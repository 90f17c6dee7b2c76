//! In a real terminal with the real `fzf`: someone types.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::env::Env;
use crate::shell::{editor, notes, path, there};

/// Until then the terminal must show what is waited for; a busy machine needs a while.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A terminal in which something runs.
struct Screen<'a> {
    env: &'a Env,
}

impl<'a> Screen<'a> {
    /// Starts a shell in a terminal of 120 columns and 30 rows and types a command line.
    fn new(env: &'a Env, shell: &str, typed: &str) -> Self {
        let screen = Self { env };
        screen.tmux(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            "120",
            "-y",
            "30",
            shell,
        ]);
        // Whatever the shell asks with: root has another prompt.
        screen.wait_for("a prompt", |shown| shown.contains(['$', '#', '%', '>']));
        screen.text(typed);
        screen.key("Enter");
        screen
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux")
            .env_clear()
            .env("PATH", path(self.env))
            .env("HOME", self.env.path("home"))
            .env("JIAN_INDEX", self.env.path("index"))
            .env("EDITOR", editor(self.env))
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .current_dir(self.env.path(""))
            .stdin(Stdio::null())
            .arg("-S")
            .arg(self.env.path("tmux"))
            .args(args)
            .output()
            .expect("tmux can be run");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn text(&self, typed: &str) {
        let _ = self.tmux(&["send-keys", "-l", typed]);
    }

    fn key(&self, name: &str) {
        let _ = self.tmux(&["send-keys", name]);
    }

    fn shown(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until the screen shows something.
    #[track_caller]
    fn wait(&self, expected: &str) {
        self.wait_for(expected, |shown| shown.contains(expected));
    }

    #[track_caller]
    fn wait_for(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let shown = self.shown();
            if holds(&shown) {
                return;
            }
            assert!(start.elapsed() < LONGEST_WAIT, "waited for {what} in:\n{shown}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[track_caller]
    fn edited(&self) -> String {
        let file = self.env.path("home/edited");
        self.wait_for("the editor", |_| file.is_file());
        let text = fs::read_to_string(&file).expect("it is there");
        fs::remove_file(&file).expect("it is ours");
        text.trim().replace(&format!("{}/", self.env.path("notes").display()), "")
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        let _ = self.tmux(&["kill-server"]);
    }
}

/// True where all that is needed is there.
fn ready() -> bool {
    ["tmux", "fzf"].iter().all(|name| there(name))
}

#[test]
fn hits_change_as_one_types_and_enter_opens_the_editor() {
    if !ready() {
        return;
    }
    let env = notes();
    let screen = Screen::new(&env, "sh", "jian fzf");
    screen.wait("alt-enter filter these");
    screen.text("三次");
    screen.wait("三次握手的过程");
    screen.wait("缓存穿透用布隆过滤器");
    // The preview shows the whole section, under where it stands.
    screen.wait("客户端先发送 SYN。");
    screen.wait("网络/tcp.md:3 › TCP");
    screen.text("重试");
    // What was typed stands so in one section only: it comes first, under the cursor.
    screen.wait_for("the retry first", |shown| {
        shown.lines().any(|line| line.contains("> Redis 缓存"))
    });
    screen.key("Enter");
    assert_eq!(screen.edited(), "+3 redis.md");
}

#[test]
fn keys_print_copy_and_filter() {
    if !ready() {
        return;
    }
    let env = notes();
    let screen = Screen::new(&env, "sh", "jian fzf 三次; echo code $?");
    screen.wait("三次握手的过程");
    // From here on fzf itself chooses among the rows.
    screen.key("M-Enter");
    screen.wait("filter>");
    screen.text("redis");
    screen.wait("1/2");
    screen.key("C-o");
    screen.wait("notes/redis.md:3");
    screen.wait("code 0");
}

#[test]
fn leaving_without_a_choice_is_no_error() {
    if !ready() {
        return;
    }
    let env = notes();
    let screen = Screen::new(&env, "sh", "jian fzf; echo code $?");
    screen.wait("alt-enter filter these");
    screen.key("Escape");
    screen.wait("code 1");
    assert!(!screen.shown().contains("jian: "), "{}", screen.shown());
}

#[test]
fn a_number_means_a_hit_of_the_last_query() {
    if !there("tmux") {
        return;
    }
    let env = notes();
    let screen = Screen::new(&env, "sh", "jian query 三次 >/dev/null; jian open 2");
    assert_eq!(screen.edited(), "+1 redis.md");
    screen.text("jian open 7");
    screen.key("Enter");
    screen.wait("there is no hit 7: the last query had 1 to 2");
}

#[test]
fn show_pages_what_is_long() {
    if !there("tmux") || !there("less") {
        return;
    }
    let env = notes();
    let lines: String = (1..90).map(|i| format!("- 第 {i} 行 line\n")).collect();
    env.note("long.md", format!("# 长文\n\n{lines}"));
    let _ = env.done(&["index", "notes"]);
    let screen = Screen::new(&env, "sh", "jian show long.md");
    screen.wait("• 第 20 行 line");
    assert!(!screen.shown().contains("第 80 行"));
    screen.key("G");
    screen.wait("• 第 89 行 line");
    screen.text("q");
}

#[test]
fn the_key_puts_the_choice_on_the_command_line() {
    if !ready() {
        return;
    }
    for (shell, load) in [
        ("bash --norc", "eval \"$(jian init bash)\""),
        (
            "zsh -f",
            "PS1='$ '; autoload -U compinit; compinit -u; eval \"$(jian init zsh)\"",
        ),
        (
            "fish --no-config",
            "function fish_prompt; echo '$ '; end; jian init fish | source",
        ),
    ] {
        if !there(shell.split(' ').next().unwrap_or_default()) {
            continue;
        }
        let env = notes();
        let screen = Screen::new(&env, shell, load);
        screen.text("echo ready");
        screen.key("Enter");
        screen.wait_for("the prompt", |s| s.lines().any(|l| l.trim() == "ready"));
        screen.text("cat ");
        screen.key("C-g");
        screen.wait("alt-enter filter these");
        screen.text("布隆");
        screen.wait("Redis 缓存");
        screen.key("Enter");
        screen.wait("cat notes/redis.md");
        screen.key("Enter");
        screen.wait("缓存穿透用布隆过滤器。三次重试。");
        if shell.starts_with("zsh") {
            screen.text("jian query --format vimg\t");
            screen.wait("--format vimgrep");
        }
    }
}
