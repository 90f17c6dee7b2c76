//! Where tests run: the real program in a home of its own, and the sample notes indexed once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use jian::corpus::{self, LARGEST_NOTE_BYTES, Selection};
use jian::index::{self, Job, Progress, Reader};
use jian::markup::{self, READERS, Section};
use jian::query;
use jian::search::{self, Options, Report, Widening};
use jian::text::{Dictionary, fingerprint};
use tempfile::TempDir;

/// Returns the root of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

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

/// The sample notes, cut and indexed.
pub(crate) struct Corpus {
    reader: Mutex<Reader>,
    /// Every section with the path of its note.
    pub(crate) sections: Vec<(String, Section)>,
}

impl Corpus {
    /// Returns the index, open. One test at a time: a reader is not shared between threads.
    pub(crate) fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sample notes, indexed once a run.
pub(crate) static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    // A fixed place, built anew each time: two runs at once swap generations under each other,
    // which is what the index promises to survive.
    let index = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus-index");
    Corpus { reader: Mutex::new(build(&index)), sections: sections() }
});

/// Builds an index of the sample notes and opens it.
pub(crate) fn build(index: &Path) -> Reader {
    let job = Job {
        index,
        selection: Some(selection()),
        user_words: "",
        rebuild: true,
        patient: true,
    };
    index::update(&job, &Progress::default()).expect("the sample notes can be indexed");
    Reader::open(index, |_| fingerprint("")).expect("it was just built")
}

fn selection() -> Selection {
    Selection {
        roots: vec![
            project().join("corpus").canonicalize().expect("part of the project"),
        ],
        globs: Vec::new(),
        largest_bytes: LARGEST_NOTE_BYTES,
    }
}

fn sections() -> Vec<(String, Section)> {
    let endings: Vec<&str> = READERS.iter().flat_map(|r| r.endings).copied().collect();
    let mut walked =
        corpus::walk(&selection(), &endings, &()).expect("part of the project");
    walked.found.sort_by(|a, b| a.path.cmp(&b.path));
    let mut all = Vec::new();
    for found in walked.found {
        let note =
            corpus::read(&project().join("corpus").join(&found.path), LARGEST_NOTE_BYTES)
                .expect("sample notes are text");
        let ending = found.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let document = markup::sections(ending, &note.text);
        all.extend(document.sections.into_iter().map(|s| (found.path.clone(), s)));
    }
    all
}

/// Searches the sample notes.
pub(crate) fn search(asked: &str, options: &Options) -> Report {
    let (query, _) = query::parse(asked);
    let widening = Widening::default();
    search::search(&CORPUS.reader(), &query, &Dictionary::default(), &widening, options)
        .expect("the index can be read")
}
