//! The one error: what was being done, to which path, why it failed, and what mends it.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use tantivy::TantivyError;
use tantivy::directory::error::{
    LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};

use crate::message::{self, Language, Message};

/// Anything that stops a command.
#[derive(Debug)]
pub enum Error {
    /// The file system said no.
    Io {
        /// What was being done, as in "cannot …".
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The search engine said no.
    Engine {
        /// What was being done, as in "cannot … the index".
        action: &'static str,
        /// The index folder.
        path: PathBuf,
        /// Why not.
        source: TantivyError,
    },
    /// There is no index where one was looked for.
    NoIndex {
        /// The index folder.
        path: PathBuf,
    },
    /// The index was made by another version, or is damaged.
    Unusable {
        /// The index folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody else writes to the index.
    Busy {
        /// The index folder.
        path: PathBuf,
    },
    /// The folder for an index holds other files.
    Anothers {
        /// That folder.
        path: PathBuf,
    },
    /// Nobody said which notes to index.
    NoCorpus,
    /// A place to search in is not there.
    NoSuchPlace {
        /// What was asked for.
        place: String,
    },
    /// The configuration file cannot be understood.
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Something typed on the command line cannot be.
    Usage {
        /// What is wrong with it.
        message: Message,
        /// What to type instead.
        hint: Message,
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

    /// Returns what went wrong, for a person.
    pub fn message(&self) -> Message {
        match self {
            Self::Io { action, path, source } => message::cannot(
                Message::known(action),
                path.display(),
                Message::known(&source.to_string()),
            ),
            Self::Engine { action, path, source } => message::cannot_index(
                Message::known(action),
                path.display(),
                Message::known(&cause(source)),
            ),
            Self::NoIndex { path } => message::no_index(path.display()),
            Self::Unusable { path, why } => {
                message::unusable(path.display(), Message::known(why))
            }
            Self::Busy { path } => message::busy(path.display()),
            Self::Anothers { path } => message::no_index_folder(path.display()),
            Self::NoCorpus => message::no_corpus(),
            Self::NoSuchPlace { place } => message::no_such_place(place),
            Self::Config { path, message } => {
                message::bad_configuration(path.display(), message)
            }
            Self::Usage { message, .. } => message.clone(),
        }
    }

    /// Returns the command or step that mends it, in the imperative.
    pub fn hint(&self) -> Option<Message> {
        if let (Self::Io { path, .. } | Self::Engine { path, .. }, Some(e)) =
            (self, self.system())
        {
            let other = || e.raw_os_error().map(|_| message::mend_disk(path.display()));
            return on_disk(e.kind(), path).or_else(other);
        }
        Some(match self {
            Self::Io { .. } => return None,
            Self::Engine { .. } | Self::Unusable { .. } => message::mend_rebuild(),
            Self::NoIndex { .. } => message::mend_index(),
            Self::Busy { .. } => message::mend_busy(),
            Self::Anothers { path } => {
                message::mend_index_folder(path.join("index").display())
            }
            Self::NoCorpus => message::mend_corpus(),
            Self::NoSuchPlace { .. } => message::mend_place(),
            Self::Config { path, .. } => message::mend_configuration(path.display()),
            Self::Usage { hint, .. } => hint.clone(),
        })
    }
}

/// For programs, logs and tests: always English.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().text(Language::English))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Engine { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn on_disk(kind: io::ErrorKind, path: &Path) -> Option<Message> {
    Some(match kind {
        io::ErrorKind::NotFound => message::mend_path(path.display()),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            message::mend_permission(path.display())
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            message::mend_space()
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
            let text = text.trim_start_matches([':', ' ']);
            // What follows quotes the whole file.
            let text = text.split(". Error(").next().unwrap_or(text);
            text.trim_end_matches('.').chars().take(LONGEST_CAUSE_CHARS).collect()
        }
        other => other.to_string(),
    }
}

/// The engine's words for damage are cut here: two lines of a terminal.
const LONGEST_CAUSE_CHARS: usize = 160;
