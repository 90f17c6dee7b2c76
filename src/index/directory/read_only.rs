//! The door for searches: nothing is locked, nothing is written, and little is mapped.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use tantivy::HasLen;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback,
    WatchHandle, WritePtr,
};
use tantivy::index::SegmentId;
use tantivy_common::file_slice::WrapFile;

use super::{FOOTER_BYTES, LISTS, coded, cut, whole};
use crate::index::coded::Coded;
use crate::index::folder::COMMIT;

/// For searches.
#[derive(Debug, Clone)]
pub(in crate::index) struct ReadOnly {
    folder: PathBuf,
    inner: MmapDirectory,
    /// The files of lists that were opened.
    lists: Arc<Mutex<BTreeMap<PathBuf, Arc<Coded>>>>,
    /// The engine asks for the commit four times while it opens; it gets the same one.
    commit: Arc<OnceLock<Vec<u8>>>,
}

impl ReadOnly {
    pub fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        let (folder, inner) = (folder.to_owned(), MmapDirectory::open(folder)?);
        Ok(Self { folder, inner, lists: Arc::default(), commit: Arc::default() })
    }

    /// Lists and texts, of which a search needs small pieces here and there.
    fn pieced(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mapped = whole(&self.inner, path)?;
        let file = fs::File::open(self.folder.join(path)).and_then(WrapFile::new);
        let file = file.map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))?;
        Ok(Arc::new(Pieced { file, mapped }))
    }

    fn lists(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = self.pieced(path)?;
        let Some(coded) = coded(&file, path)? else { return Ok(file) };
        self.known().insert(path.to_owned(), coded.clone());
        Ok(coded)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<Coded>>> {
        self.lists.lock().expect("nobody panics while holding it")
    }

    /// Returns the lists of a segment that was opened, where brief ones have their own code.
    pub fn coded(&self, segment: SegmentId) -> Option<Arc<Coded>> {
        let name = format!("{}.{LISTS}", segment.uuid_string());
        self.known().get(Path::new(&name)).cloned()
    }

    /// Positions and columns, of which there are none: a few bytes, read sooner than mapped. Where
    /// they are lost the engine takes positions for empty, and fails when it searches; it is told
    /// that they cannot be read.
    fn at_once(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |e| OpenReadError::wrap_io_error(e, path.to_owned());
        let bytes = fs::read(self.folder.join(path)).map_err(failed)?;
        match bytes.len() < FOOTER_BYTES {
            true => Err(failed(cut())),
            false => Ok(Arc::new(OwnedBytes::new(bytes))),
        }
    }

    /// Returns the bytes of a file that is not the engine's, mapped; none where it is missing.
    pub fn bytes(&self, path: &Path) -> Result<OwnedBytes, OpenReadError> {
        let handle = match self.inner.get_file_handle(path) {
            Err(OpenReadError::FileDoesNotExist(_)) => return Ok(OwnedBytes::empty()),
            handle => handle?,
        };
        let bytes = handle.read_bytes(0..handle.len());
        bytes.map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))
    }
}

/// Texts and lists are read in pieces up to this size, which takes a third of the time of mapping
/// the 64 KiB around one, and they do not stay: over 100 MB of notes a cold query takes 3 % less,
/// over 850 MB, then in six segments, 6 %, and has 2 MB less memory. Of longer lists a search passes over
/// most; 4 KiB and 64 KiB save less.
const MOST_READ_BYTES: usize = 16 << 10;

/// A file that is read in small pieces and mapped for large ones.
#[derive(Debug)]
struct Pieced {
    file: WrapFile,
    mapped: Arc<dyn FileHandle>,
}

impl FileHandle for Pieced {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        match range.len() {
            1..=MOST_READ_BYTES => self.file.read_bytes(range),
            _ => self.mapped.read_bytes(range),
        }
    }
}

impl HasLen for Pieced {
    fn len(&self) -> usize {
        self.mapped.len()
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a reader does not write")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match path.extension().and_then(OsStr::to_str) {
            Some(LISTS) => self.lists(path),
            Some("store") => self.pieced(path),
            Some("pos" | "fast") => self.at_once(path),
            _ => whole(&self.inner, path),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(read_only()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path != Path::new(COMMIT) {
            return self.inner.atomic_read(path);
        }
        if let Some(commit) = self.commit.get() {
            return Ok(commit.clone());
        }
        let commit = self.inner.atomic_read(path)?;
        Ok(self.commit.get_or_init(|| commit).clone())
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
