//! The engine's doors to an index folder.
//!
//! One is read-only: no lock is taken and no file is made, so that searches work on read-only
//! folders and never wait for one another. The engine takes a lock while it opens a reader, to
//! keep a writer of another process from deleting files in between. Here a reader that finds a
//! file gone opens the index anew instead (`read.rs`).
//!
//! The other writes, and takes no lock either: whoever opens it holds ours (`folder.rs`), which
//! tells a busy index from a disk that fails.

mod footer;
mod read_only;

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory,
    TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};

use super::coded::Coded;
use super::folder::{self, COMMIT};
use super::terms::TermFile;

pub(super) use read_only::{Files, ReadOnly};

/// The engine ends each file with so many bytes and panics where there are fewer (0.27.0,
/// `Footer::extract_footer` looks for 4 only).
const FOOTER_BYTES: usize = 8;

/// The engine's list of its files, which it writes anew for each file that it makes. It is only
/// read to find files that may be deleted: to a reader none. It goes to the disk once, before
/// the commit; what a killed writer leaves unlisted is swept away (`write.rs`).
const MANAGED: &str = ".managed.json";

/// For whoever holds the writer's lock.
#[derive(Debug, Clone)]
pub(super) struct Writing {
    folder: PathBuf,
    inner: MmapDirectory,
    /// The list of files, as long as it is not on the disk.
    managed: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Writing {
    pub fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        let (folder, inner) = (folder.to_owned(), MmapDirectory::open(folder)?);
        Ok(Self { folder, inner, managed: Arc::default() })
    }

    fn managed(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.managed.lock().expect("nobody panics while holding it")
    }

    /// The list of files on the disk, without those that are gone. It went there with a commit,
    /// and the engine removes files after it: the list would grow with each.
    fn on_disk(&self) -> Result<Vec<u8>, OpenReadError> {
        let list = self.inner.atomic_read(MANAGED.as_ref())?;
        // Of a damaged list the engine says so itself.
        let Ok(mut names) = serde_json::from_slice::<Vec<PathBuf>>(&list) else {
            return Ok(list);
        };
        names.retain(|name| self.folder.join(name).exists());
        Ok(serde_json::to_vec(&names).unwrap_or(list))
    }
}

/// The endings of files of lists and of terms.
const LISTS: &str = "idx";
const TERMS: &str = "term";

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file was cut")
}

fn whole(
    directory: &MmapDirectory,
    path: &Path,
) -> Result<Arc<dyn FileHandle>, OpenReadError> {
    let handle = directory.get_file_handle(path)?;
    if handle.len() < FOOTER_BYTES {
        return Err(OpenReadError::wrap_io_error(cut(), path.to_owned()));
    }
    Ok(handle)
}

/// Files are written this many bytes at a time. What is written at once lies in the kernel's
/// cache in one piece, and a reader that touches a byte of it has all of it mapped: a query,
/// which touches hundreds of places, takes a seventh less than with the 8 KiB of the engine.
/// 128 KiB take 1 % less again, 2 MiB 3 to 5 %, and count as more memory of each query: over
/// 100 MB of notes 34 and 84 MB for 29.
const PIECE_BYTES: usize = 64 << 10;

/// Lengths are read here and there in all of their file, which has a byte a section: pieces of 2 MiB are
/// mapped at once each, where 930,000 sections took twenty faults.
const PIECE_OF_LENGTHS_BYTES: usize = 2 << 20;
const LENGTHS: &str = "fieldnorm";

/// A file that is written in whole pieces.
struct Pieces {
    file: fs::File,
    piece_bytes: usize,
    /// Less than a piece.
    waiting: Vec<u8>,
}

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.piece_bytes - self.waiting.len();
        let taken = &bytes[..bytes.len().min(room)];
        self.waiting.extend_from_slice(taken);
        if taken.len() == room {
            self.file.write_all(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(taken.len())
    }

    /// Does nothing: a file is read when it is complete.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Pieces {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.file.write_all(&self.waiting)?;
        self.file.sync_data()
    }
}

impl Directory for Writing {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = whole(&self.inner, path)?;
        let failed = |e| OpenReadError::wrap_io_error(e, path.to_owned());
        match path.extension().and_then(OsStr::to_str) {
            Some(LISTS) => {
                let coded = Coded::open(&file).map_err(failed)?;
                Ok(coded.map_or(file, |coded| Arc::new(coded) as _))
            }
            Some(TERMS) => {
                let terms = TermFile::open(&file).map_err(failed)?;
                let engines = terms.map(TermFile::into_engines).transpose();
                Ok(engines.map_err(failed)?.map_or(file, |terms| Arc::new(terms) as _))
            }
            _ => Ok(file),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let made = fs::File::create_new(self.folder.join(path));
        let file = made.map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => {
                OpenWriteError::FileAlreadyExists(path.to_owned())
            }
            _ => OpenWriteError::wrap_io_error(e, path.to_owned()),
        })?;
        let piece_bytes = match path.extension().and_then(OsStr::to_str) {
            Some(LENGTHS) => PIECE_OF_LENGTHS_BYTES,
            _ => PIECE_BYTES,
        };
        let pieces = Pieces { file, piece_bytes, waiting: Vec::new() };
        Ok(io::BufWriter::new(Box::new(pieces)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path != Path::new(MANAGED) {
            return self.inner.atomic_read(path);
        }
        match self.managed().clone() {
            Some(waiting) => Ok(waiting),
            None => self.on_disk(),
        }
    }

    /// The engine's own makes files that only their owner can read.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(MANAGED) {
            *self.managed() = Some(data.to_owned());
            return Ok(());
        }
        if path == Path::new(COMMIT) {
            if let Some(waiting) = self.managed().take() {
                folder::replace(&self.folder.join(MANAGED), &waiting)?;
            }
            folder::replace(&self.folder.join(path), data)?;
            folder::sync_folder(&self.folder);
            return Ok(());
        }
        folder::replace(&self.folder.join(path), data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
