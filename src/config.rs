//! Where things are and what is set: flags, then the environment, then the nearest `jian.toml`
//! upward, then the user's configuration, then the folders of the system. Resolved once. The
//! only reader of the environment and of configuration files.

mod surroundings;

pub use surroundings::Surroundings;

use std::env;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::corpus::{self, DICTIONARY_FILE, LARGEST_NOTE_BYTES, Selection};
use crate::error::{Error, Result};
use crate::message::{self, Language};

/// What was typed on the command line about places.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// `--corpus`.
    pub corpus: Vec<PathBuf>,
    /// `--index`.
    pub index: Option<PathBuf>,
    /// `--config`.
    pub config: Option<PathBuf>,
}

/// Everything that is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Folders of notes, absolute; `None` where nobody said.
    pub corpus: Option<Vec<PathBuf>>,
    /// The index folder.
    pub index: PathBuf,
    /// Only the configuration file names these notes, and it names another index for them.
    pub is_index_apart: bool,
    /// The configuration file that was read, if one was.
    pub file: Option<PathBuf>,
    /// Globs that choose among the notes.
    pub globs: Vec<String>,
    /// Larger files are skipped.
    pub largest_bytes: u64,
    /// Look for changed notes before each query.
    pub refresh: bool,
    /// The folder one stands in.
    pub here: PathBuf,
    /// Columns of the terminal if the environment says.
    pub columns: Option<usize>,
    /// `NO_COLOR` is set.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set.
    pub force_color: bool,
    /// The terminal cannot show colors.
    pub dumb_terminal: bool,
    /// The shell one stands in.
    pub surroundings: Surroundings,
}

/// Name of the configuration file of a project.
pub const PROJECT_FILE: &str = "jian.toml";

/// A user's own synonyms, one concept a line.
pub const SYNONYMS_FILE: &str = "synonyms.tsv";

/// Keys of a configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Keys {
    corpus: Option<OneOrMore>,
    index: Option<PathBuf>,
    #[serde(default)]
    globs: Vec<String>,
    largest_mb: Option<u64>,
    refresh: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

impl Config {
    /// Resolves everything.
    ///
    /// # Errors
    /// [`Error::Config`] where a configuration file cannot be understood, [`Error::Io`] where
    /// one that was named cannot be read, [`Error::Usage`] where no place for an index can be
    /// found.
    pub fn resolve(typed: &Typed) -> Result<Self> {
        let here = env::current_dir()
            .map_err(Error::io("find the folder one is in", ".".as_ref()))?;
        let file = match &typed.config {
            Some(path) => Some(here.join(path)),
            None => upward(&here).or_else(user_file),
        };
        let keys = file.as_deref().map(read).transpose()?.unwrap_or_default();
        let beside = file.as_deref().and_then(Path::parent).unwrap_or(&here).to_owned();
        let is_corpus_named =
            !typed.corpus.is_empty() || variable("JIAN_CORPUS").is_some();
        let configured = keys.index.map(|index| beside.join(home(index)));
        let corpus = if !typed.corpus.is_empty() {
            Some(typed.corpus.iter().map(|p| here.join(p)).collect())
        } else if let Some(paths) = variable("JIAN_CORPUS") {
            Some(env::split_paths(&paths).map(|p| here.join(p)).collect())
        } else {
            keys.corpus.map(|c| match c {
                OneOrMore::One(path) => vec![beside.join(home(path))],
                OneOrMore::More(paths) => {
                    paths.into_iter().map(|p| beside.join(home(p))).collect()
                }
            })
        };
        let index = if let Some(index) = &typed.index {
            here.join(index)
        } else if let Some(index) = variable("JIAN_INDEX") {
            here.join(index)
        } else if let Some(index) = &configured {
            index.clone()
        } else {
            data_folder()?.join("index")
        };
        Ok(Self {
            corpus,
            is_index_apart: !is_corpus_named
                && configured.is_some_and(|c| plain(&c) != plain(&index)),
            index,
            file,
            globs: keys.globs,
            largest_bytes: keys
                .largest_mb
                .map_or(LARGEST_NOTE_BYTES, |mb| mb.saturating_mul(1 << 20)),
            refresh: keys.refresh.unwrap_or(true),
            here,
            columns: variable("COLUMNS").and_then(|c| c.to_str()?.parse().ok()),
            no_color: variable("NO_COLOR").is_some(),
            force_color: variable("CLICOLOR_FORCE").is_some_and(|v| v != "0"),
            dumb_terminal: variable("TERM").is_none_or(|t| t == "dumb"),
            surroundings: Surroundings::read(),
        })
    }

    /// Returns which notes are meant, if anybody said.
    pub fn selection(&self) -> Option<Selection> {
        let roots = self.corpus.as_ref()?.iter().map(|p| plain(p)).collect();
        Some(Selection {
            roots,
            globs: self.globs.clone(),
            largest_bytes: self.largest_bytes,
        })
    }

    /// Returns which notes are meant where an index is about others: who names notes does not
    /// expect an answer from elsewhere.
    pub fn others_than(&self, roots: &[PathBuf]) -> Option<Vec<PathBuf>> {
        let named = self.selection().filter(|_| !self.is_index_apart)?.roots;
        let is_same =
            named.len() == roots.len() && named.iter().all(|n| roots.contains(n));
        (!is_same).then_some(named)
    }

    /// Reads the user's words: those beside the configuration and those beside the notes.
    pub fn user_words(&self, roots: &[PathBuf]) -> String {
        self.own(DICTIONARY_FILE, roots)
    }

    /// Reads the user's synonyms: those beside the configuration and those beside the notes.
    pub fn synonyms(&self, roots: &[PathBuf]) -> String {
        self.own(SYNONYMS_FILE, roots)
    }

    fn own(&self, name: &str, roots: &[PathBuf]) -> String {
        let configured = self.file.as_deref().and_then(Path::parent).map(Path::to_owned);
        let mut folders: Vec<PathBuf> = configured
            .into_iter()
            .chain(config_folder())
            .chain(roots.iter().cloned())
            .collect();
        let mut seen = std::collections::HashSet::new();
        folders.retain(|f| seen.insert(f.clone()));
        let files = folders.iter().filter_map(|f| std::fs::read(f.join(name)).ok());
        // As notes are: an editor that writes GB18030 writes these in it too.
        let texts = files.filter_map(|bytes| corpus::decode(bytes).ok());
        texts.map(|decoded| decoded.text).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the language of messages: that of `LC_ALL`, else `LC_MESSAGES`, else `LANG`.
pub fn language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    Language::of_locale(&set.unwrap_or_default().to_string_lossy())
}

/// A path without `.` and `..` where it exists, else as it is.
fn plain(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns whether a variable of the environment says something.
pub fn is_set(name: &str) -> bool {
    variable(name).is_some()
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// `~` at the beginning of a configured path is the user's folder.
fn home(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), variable("HOME")) {
        (Ok(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path,
    }
}

fn upward(here: &Path) -> Option<PathBuf> {
    here.ancestors().map(|folder| folder.join(PROJECT_FILE)).find(|file| file.is_file())
}

fn config_folder() -> Option<PathBuf> {
    let xdg = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = xdg.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".config")));
    folder.map(|f| f.join("jian"))
}

fn user_file() -> Option<PathBuf> {
    config_folder().map(|f| f.join("config.toml")).filter(|file| file.is_file())
}

fn data_folder() -> Result<PathBuf> {
    let xdg = variable("XDG_DATA_HOME").map(PathBuf::from);
    let folder =
        xdg.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".local/share")));
    folder.map(|f| f.join("jian")).ok_or_else(|| Error::Usage {
        message: message::homeless(),
        hint: message::mend_homeless(),
    })
}

fn read(file: &Path) -> Result<Keys> {
    let bad = |message: String| Error::Config { path: file.to_owned(), message };
    let bytes = std::fs::read(file).map_err(Error::io("read the configuration", file))?;
    let text = String::from_utf8(bytes).map_err(|e| bad(e.to_string()))?;
    toml::from_str(&text).map_err(|e| bad(e.to_string().trim_end().to_owned()))
}
