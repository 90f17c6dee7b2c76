//! The one error: what was being done, to which path, why it failed, and what mends it.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{
    LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};

/// Anything that stops a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system said no.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was being done, as in "cannot …".
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The search engine said no.
    #[error("cannot {action} the index `{}`: {}", path.display(), cause(source))]
    Engine {
        /// What was being done, as in "cannot … the index".
        action: &'static str,
        /// The index folder.
        path: PathBuf,
        /// Why not.
        source: TantivyError,
    },
    /// There is no index where one was looked for.
    #[error("no index in `{}`", path.display())]
    NoIndex {
        /// The index folder.
        path: PathBuf,
    },
    /// The index was made by another version, or is damaged.
    #[error("the index in `{}` cannot be used: {why}", path.display())]
    Unusable {
        /// The index folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody else writes to the index.
    #[error("the index `{}` is being written by another process", path.display())]
    Busy {
        /// The index folder.
        path: PathBuf,
    },
    /// Nobody said which notes to index.
    #[error("no notes to index: neither a path nor a configured corpus")]
    NoCorpus,
    /// A place to search in is not there.
    #[error("no such note or line: `{place}`")]
    NoSuchPlace {
        /// What was asked for.
        place: String,
    },
    /// The configuration file cannot be understood.
    #[error("cannot understand the configuration `{}`: {message}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Something typed on the command line cannot be.
    #[error("{message}")]
    Usage {
        /// What is wrong with it.
        message: String,
        /// What to type instead.
        hint: String,
    },
}

/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Wraps an I/O error with what was done to which path.
    pub fn io(
        action: &'static str,
        path: &Path,
    ) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Wraps an error of the engine with what was done to which index.
    pub fn engine(
        action: &'static str,
        path: &Path,
    ) -> impl FnOnce(TantivyError) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Engine { action, path, source }
    }

    /// Returns what the system said, where it is the system that failed.
    pub fn system(&self) -> Option<&io::Error> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Engine { source, .. } => {
                // Temporary files of the engine wrap the system's number, not its kind.
                let told = |e: &&io::Error| {
                    e.raw_os_error().is_some()
                        || on_disk(e.kind(), Path::new("")).is_some()
                };
                system(source).filter(told)
            }
            _ => None,
        }
    }

    /// Returns the command or step that mends it, in the imperative.
    pub fn hint(&self) -> Option<String> {
        if let (Self::Io { path, .. } | Self::Engine { path, .. }, Some(e)) =
            (self, self.system())
        {
            let path_text = path.display();
            return on_disk(e.kind(), path).or_else(|| {
                e.raw_os_error().map(|_| {
                    format!(
                        "check the path and its disk, then try again: `df -h {path_text}`"
                    )
                })
            });
        }
        Some(match self {
            Self::Io { .. } => return None,
            Self::Engine { .. } | Self::Unusable { .. } => {
                "run `jian index --rebuild`; the notes themselves are untouched"
                    .to_owned()
            }
            Self::NoIndex { .. } => {
                "run `jian index PATH` with the folder of your notes".to_owned()
            }
            Self::Busy { .. } => {
                "wait for the other `jian index` to end, then try again".to_owned()
            }
            Self::NoCorpus => {
                "run `jian index PATH`, or set `corpus = \"PATH\"` in jian.toml"
                    .to_owned()
            }
            Self::NoSuchPlace { .. } => {
                "give it as `jian query` prints it: `jian show PATH:LINE`".to_owned()
            }
            Self::Config { path, .. } => format!("mend or remove `{}`", path.display()),
            Self::Usage { hint, .. } => hint.clone(),
        })
    }
}

fn on_disk(kind: io::ErrorKind, path: &Path) -> Option<String> {
    Some(match kind {
        io::ErrorKind::NotFound => format!("check the path: `ls {}`", path.display()),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => format!(
            "allow it, or choose another folder with `--index DIR`: `ls -ld {}`",
            path.display()
        ),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, then run `jian index` again; the old index still answers"
                .to_owned()
        }
        _ => return None,
    })
}

/// What the system said inside an error of the engine.
fn system(error: &TantivyError) -> Option<&io::Error> {
    Some(match error {
        TantivyError::IoError(e) => e,
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError {
            io_error,
            ..
        })
        | TantivyError::LockFailure(LockError::IoError(io_error), _) => io_error,
        _ => return None,
    })
}

/// The cause once, without the engine's wrapping.
pub fn cause(error: &TantivyError) -> String {
    if let Some(e) = system(error) {
        let file = match error {
            TantivyError::OpenReadError(OpenReadError::IoError { filepath, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError {
                filepath, ..
            }) => {
                format!("`{}`: ", filepath.display())
            }
            _ => String::new(),
        };
        return format!("{file}{e}");
    }
    match error {
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
            format!("`{}` is missing", file.display())
        }
        TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_))
        | TantivyError::IncompatibleIndex(_) => {
            "another version of the engine wrote it".to_owned()
        }
        TantivyError::OpenWriteError(OpenWriteError::FileAlreadyExists(file)) => {
            format!("`{}` is there already", file.display())
        }
        TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(folder)) => {
            format!("`{}` is missing", folder.display())
        }
        // Its text ends in the engine's own braces and quotes.
        TantivyError::DataCorruption(damage) => {
            let text = format!("{damage:?}").replace("\"", "");
            let text = text.trim_start_matches("Data corruption").trim_start();
            text.trim_start_matches([':', ' ']).trim_end_matches('.').to_owned()
        }
        other => other.to_string(),
    }
}
