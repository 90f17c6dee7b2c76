//! Damage that only shows when an open index is read.
//!
//! Law: it is an error that says so, never an answer. Whoever asked builds the index anew from
//! the notes. Stored texts carry checksums; lists of terms are only compared with theirs when
//! somebody asks (`jian doctor`), since that reads everything.

use tantivy::directory::MmapDirectory;
use tantivy::{Index, TantivyError};

use super::folder;
use super::packed::Packed;
use super::read::Reader;
use super::record::Stored;
use crate::error::{Error, Result, cause};

impl Reader {
    /// A section whose bytes were not whole has none.
    pub(super) fn whole(&self, packed: Packed) -> Result<Stored> {
        Stored::new(packed).ok_or_else(|| self.not_whole())
    }

    /// Returns the error for a section whose bytes were not whole.
    pub fn not_whole(&self) -> Error {
        let why = "it is damaged: a stored text is not whole".to_owned();
        Error::Unusable { path: self.index.clone(), why }
    }

    /// What the engine says of an index that it could open: the disk fails, or bytes changed.
    pub(super) fn damaged(&self, error: &TantivyError) -> Error {
        let failed = Error::engine("read", &self.index)(error.clone());
        if failed.system().is_some() {
            return failed;
        }
        let why = format!("it is damaged: {}", cause(error));
        Error::Unusable { path: self.index.clone(), why }
    }

    /// Checks what texts are packed over. A search need not: each group of texts has a checksum of
    /// its own. Whoever packs more texts over it must.
    ///
    /// # Errors
    /// [`Error::Unusable`] where it is lost or damaged.
    pub fn check_samples(&self) -> Result<()> {
        if folder::samples_sum(&self.samples) == self.facts.samples {
            return Ok(());
        }
        let why = "what its texts are packed over is lost or damaged".to_owned();
        Err(Error::Unusable { path: self.index.clone(), why })
    }

    /// Compares every file with its checksum: returns the names of those that changed.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// # Cost
    /// Reads the whole index.
    pub fn changed_files(&self) -> Result<Vec<String>> {
        // Files as they are, which of lists is not how the engine reads them.
        let changed = MmapDirectory::open(&self.generation)
            .map_err(|e| e.into())
            .and_then(|files| Index::open(files)?.validate_checksum());
        let changed = changed.map_err(|e| self.damaged(&e))?;
        let mut names: Vec<String> =
            changed.into_iter().map(|file| file.display().to_string()).collect();
        names.sort();
        Ok(names)
    }
}
