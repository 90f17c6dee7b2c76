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

use super::{FOOTER_BYTES, LISTS, MANAGED, TERMS, cut, footer, whole};
use crate::index::coded::Coded;
use crate::index::folder::COMMIT;
use crate::index::terms::TermFile;

/// The files of terms and lists of a segment, where they are in our codes.
#[derive(Debug, Clone)]
pub(in crate::index) struct Files {
    pub terms: Option<Arc<TermFile>>,
    pub lists: Option<Arc<Coded>>,
}

/// For searches.
#[derive(Debug, Clone)]
pub(in crate::index) struct ReadOnly {
    folder: PathBuf,
    inner: MmapDirectory,
    terms: Arc<Known<TermFile>>,
    lists: Arc<Known<Coded>>,
    /// The engine asks for the commit four times while it opens; it gets the same one.
    commit: Arc<OnceLock<Vec<u8>>>,
}

/// Files that were opened.
#[derive(Debug)]
struct Known<F>(Mutex<BTreeMap<PathBuf, Arc<F>>>);

impl<F> Default for Known<F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<F> Known<F> {
    fn all(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<F>>> {
        self.0.lock().expect("nobody panics while holding it")
    }

    /// Returns the file of a segment that has this ending, if it was opened.
    fn of(&self, segment: SegmentId, ending: &str) -> Option<Arc<F>> {
        let name = format!("{}.{ending}", segment.uuid_string());
        self.all().get(Path::new(&name)).cloned()
    }

    /// Keeps what was opened; returns it where it is ours.
    fn keep(
        &self,
        path: &Path,
        opened: io::Result<Option<F>>,
    ) -> Result<Option<Arc<F>>, OpenReadError> {
        let opened = opened.map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()));
        let Some(file) = opened?.map(Arc::new) else { return Ok(None) };
        self.all().insert(path.to_owned(), file.clone());
        Ok(Some(file))
    }
}

impl ReadOnly {
    pub fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        let failed = |e| OpenDirectoryError::wrap_io_error(e, folder.to_owned());
        let folder = std::path::absolute(folder).map_err(failed)?;
        // The engine looks for a link at each step on the way to a folder that it opens: a fiftieth
        // of a search. There are none to the root, from where a whole path leads anywhere.
        let inner = MmapDirectory::open(Path::new("/"))?;
        let (terms, lists, commit) = Default::default();
        Ok(Self { folder, inner, terms, lists, commit })
    }

    /// Returns a file's bytes, mapped.
    fn mapped(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        whole(&self.inner, &self.folder.join(path))
    }

    /// Lists, terms and texts, of which a search needs small pieces here and there.
    fn pieced(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let path = self.folder.join(path);
        let failed = |e: io::Error| match e.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.clone()),
            _ => OpenReadError::wrap_io_error(e, path.clone()),
        };
        let file = fs::File::open(&path).map_err(failed)?;
        let len_bytes = file.metadata().map_err(failed)?.len() as usize;
        if len_bytes < FOOTER_BYTES {
            return Err(failed(cut()));
        }
        let whole = Whole { path, inner: self.inner.clone(), mapped: OnceLock::new() };
        Ok(Arc::new(Pieced { file, len_bytes, whole, spare: Mutex::default() }))
    }

    fn lists(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = self.pieced(path)?;
        let coded = self.lists.keep(path, Coded::open(&file))?;
        Ok(coded.map_or(file, |coded| coded as _))
    }

    fn terms(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = self.pieced(path)?;
        let ours = self.terms.keep(path, TermFile::open(&file))?;
        Ok(ours.map_or(file, |ours| ours as _))
    }

    /// Returns the files of terms and lists of a segment that was opened.
    pub fn files(&self, segment: SegmentId) -> Files {
        Files {
            terms: self.terms.of(segment, TERMS),
            lists: self.lists.of(segment, LISTS),
        }
    }

    /// Opens the files of terms and lists of a segment.
    pub fn open_files(&self, segment: SegmentId) -> Result<Files, OpenReadError> {
        let name = segment.uuid_string();
        self.terms(format!("{name}.{TERMS}").as_ref())?;
        self.lists(format!("{name}.{LISTS}").as_ref())?;
        Ok(self.files(segment))
    }

    /// Positions and columns, of which there are none: a few bytes, read sooner than mapped. Where
    /// they are lost the engine takes positions for empty, and fails when it searches; it is told
    /// that they cannot be read. So it is where they are damaged, at which it would break off.
    fn at_once(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |e| OpenReadError::wrap_io_error(e, path.to_owned());
        let bytes = fs::read(self.folder.join(path)).map_err(failed)?;
        match footer::is_whole(&bytes) {
            false => Err(failed(cut())),
            true => Ok(Arc::new(OwnedBytes::new(bytes))),
        }
    }

    /// Returns the bytes of a file that is not the engine's, mapped; none where it is missing.
    pub fn bytes(&self, path: &Path) -> Result<OwnedBytes, OpenReadError> {
        let handle = match self.inner.get_file_handle(&self.folder.join(path)) {
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

/// Most groups of texts are smaller, packed. Each is read, unpacked and forgotten: in the memory of
/// the one before, of which a search over 100 MB of notes has twenty.
const SPARE_BYTES: usize = 4 << 10;

/// A file that is read in small pieces and mapped for large ones.
#[derive(Debug)]
struct Pieced {
    file: fs::File,
    len_bytes: usize,
    whole: Whole,
    /// Memory for a piece, once one was read; lent out as long as somebody else has it too.
    spare: Mutex<Option<Arc<[u8]>>>,
}

impl FileHandle for Pieced {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.end > self.len_bytes {
            return Err(cut());
        }
        if !(1..=MOST_READ_BYTES).contains(&range.len())
            && let Some(mapped) = self.whole.mapped()
        {
            return mapped.read_bytes(range);
        }
        if range.len() <= SPARE_BYTES {
            let mut spare = self.spare.lock().expect("nobody panics while holding it");
            let spare = spare.get_or_insert_with(|| Arc::new([0; SPARE_BYTES]));
            if let Some(room) = Arc::get_mut(spare) {
                read_exact_at(&self.file, &mut room[..range.len()], range.start as u64)?;
                return Ok(OwnedBytes::new(spare.clone()).slice(0..range.len()));
            }
        }
        let mut bytes = vec![0; range.len()];
        read_exact_at(&self.file, &mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

#[cfg(unix)]
fn read_exact_at(file: &fs::File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_exact_at(
    file: &fs::File,
    mut bytes: &mut [u8],
    mut offset: u64,
) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(cut()),
            read => {
                bytes = &mut bytes[read..];
                offset += read as u64;
            }
        }
    }
    Ok(())
}

impl HasLen for Pieced {
    fn len(&self) -> usize {
        self.len_bytes
    }
}

/// A file that is mapped once a large piece of it is wanted.
#[derive(Debug)]
struct Whole {
    path: PathBuf,
    inner: MmapDirectory,
    mapped: OnceLock<Option<Arc<dyn FileHandle>>>,
}

impl Whole {
    /// None where a writer removed the file since it was opened: it can still be read.
    fn mapped(&self) -> Option<&Arc<dyn FileHandle>> {
        let mapped = || whole(&self.inner, &self.path).ok();
        self.mapped.get_or_init(mapped).as_ref()
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a reader does not write")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match path.extension().and_then(OsStr::to_str) {
            Some(LISTS) => self.lists(path),
            Some(TERMS) => self.terms(path),
            Some("store") => self.pieced(path),
            Some("pos" | "fast") => self.at_once(path),
            _ => self.mapped(path),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(read_only()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(&self.folder.join(path))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(MANAGED) {
            return Ok(b"[]".to_vec());
        }
        if path != Path::new(COMMIT) {
            return self.inner.atomic_read(&self.folder.join(path));
        }
        if let Some(commit) = self.commit.get() {
            return Ok(commit.clone());
        }
        let commit = self.inner.atomic_read(&self.folder.join(path))?;
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
