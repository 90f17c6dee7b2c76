//! Where these tests run: the real program in a home of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A home, notes and an index that nobody else uses; removed when dropped.
pub(crate) struct Env {
    dir: TempDir,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; -1 where a signal ended it.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it remarked.
    pub(crate) stderr: String,
}

impl Env {
    /// Makes an empty home and an empty `notes` folder.
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().expect("a temp folder can be made");
        fs::create_dir_all(dir.path().join("notes")).expect("it is ours");
        fs::create_dir_all(dir.path().join("home")).expect("it is ours");
        Self { dir }
    }

    /// Returns a path inside.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.dir.path().join(inside)
    }

    /// Writes a note below `notes`, and the folders above it.
    pub(crate) fn note(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.path("notes").join(path);
        fs::create_dir_all(file.parent().expect("below notes")).expect("it is ours");
        fs::write(file, text).expect("it is ours");
    }

    /// Returns the program with these arguments: standing in the folder, nothing in its
    /// environment but a home and 100 columns, the index in `index`.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jian"));
        command
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.path("home"))
            .env("COLUMNS", "100")
            .env("JIAN_INDEX", self.path("index"))
            .stdin(Stdio::null())
            .args(args);
        command
    }

    /// Runs the program to its end.
    #[must_use]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        ran(self.command(args))
    }

    /// Runs the program and expects success; returns what it printed and remarked.
    #[track_caller]
    pub(crate) fn done(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "jian {args:?}: {ran:#?}");
        ran
    }
}

/// Runs a command to its end.
pub(crate) fn ran(mut command: Command) -> Ran {
    let output = command.output().expect("the program can be started");
    let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
