//! Reading an index: candidates for what is asked, their records, and how frequent terms are.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tantivy::collector::TopDocs;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentId;
use tantivy::store::StoreReader;
use tantivy::{Directory, DocAddress, Index, ReloadPolicy, Searcher, SegmentReader};

use super::ask::Ask;
use super::directory::ReadOnly;
use super::folder::{self, FORMAT_VERSION, Facts};
use super::lists::{Lists, Looked};
use super::manifest::Manifest;
use super::packed::Unpacker;
use super::record::Stored;
use super::schema::{Fields, TextField, schema};
use super::write::engine;
use crate::error::{Error, Result, cause};

/// A document that may be an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The engine's score.
    pub score: f32,
    /// Where the engine keeps it; no order between documents may depend on this.
    pub address: DocAddress,
}

/// One commit of an index, open for reading. Takes no lock; stays the same whatever is written
/// meanwhile.
pub struct Reader {
    pub(super) index: PathBuf,
    pub(super) generation: PathBuf,
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) facts: Facts,
    pub(super) lists: Lists,
    /// The engine's own readers of stored documents copy them byte by byte.
    stores: Vec<OnceCell<StoreReader>>,
    /// What texts are packed over, not checked: see `damage.rs`.
    pub(super) samples: OwnedBytes,
    unpacker: Unpacker,
}

/// Blocks of stored documents that stay copied: what was unpacked of them stays (`packed.rs`).
const STORE_CACHE_BLOCKS: usize = 1;

/// How often opening is tried again when a writer swaps or cleans up in between.
const TRIES: u32 = 8;

impl Reader {
    /// Opens the last commit of the index in a folder.
    ///
    /// # Errors
    /// [`Error::NoIndex`] where there is none; [`Error::Unusable`] where it was made by another
    /// version of the format or of the analyzer, or is damaged. `analyzer` returns the
    /// fingerprint of ours for an index with these roots.
    pub fn open(
        index: &Path,
        mut analyzer: impl FnMut(&[PathBuf]) -> String,
    ) -> Result<Self> {
        let mut tries = 0;
        loop {
            let generation = match folder::current(index)? {
                Some(generation) => generation,
                None if folder::remembered(index).is_none() => {
                    return Err(Error::NoIndex { path: index.to_owned() });
                }
                None => {
                    let why = "it is damaged: `current` names no generation".to_owned();
                    return Err(Error::Unusable { path: index.to_owned(), why });
                }
            };
            match Self::open_generation(index, &generation, &mut analyzer) {
                Err(Error::Engine { .. }) if tries < TRIES => {
                    // A writer removed a file between two of our looks: look again.
                    std::thread::sleep(std::time::Duration::from_millis(1 << tries));
                    tries += 1;
                }
                Err(e) if e.system().is_some_and(|e| e.kind() != ErrorKind::NotFound) => {
                    return Err(e);
                }
                Err(Error::Engine { source, .. }) => {
                    let why = format!("it is damaged: {}", cause(&source));
                    return Err(Error::Unusable { path: index.to_owned(), why });
                }
                other => return other,
            }
        }
    }

    fn open_generation(
        index: &Path,
        generation: &Path,
        analyzer: &mut impl FnMut(&[PathBuf]) -> String,
    ) -> Result<Self> {
        let failed = || Error::engine("open", index);
        let directory = ReadOnly::open(generation).map_err(|e| failed()(e.into()))?;
        let engine = Index::open(directory.clone()).map_err(failed())?;
        let commit = directory.atomic_read(folder::COMMIT.as_ref());
        let facts = facts_of(&commit.map_err(|e| failed()(e.into()))?, index)?;
        let unusable = |why: String| Error::Unusable { path: index.to_owned(), why };
        if facts.format != FORMAT_VERSION {
            return Err(unusable(format!(
                "it has format {}, this jian writes {FORMAT_VERSION}",
                facts.format
            )));
        }
        if facts.analyzer != analyzer(&facts.roots) {
            return Err(unusable(
                "its text was cut by other rules or another dictionary".into(),
            ));
        }
        let samples =
            directory.bytes(folder::SAMPLES.as_ref()).map_err(|e| failed()(e.into()))?;
        let unpacker = Unpacker::new(samples.clone()).map_err(|e| failed()(e.into()))?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.try_into().map_err(failed())?;
        let searcher = reader.searcher();
        Ok(Self {
            index: index.to_owned(),
            generation: generation.to_owned(),
            stores: searcher.segment_readers().iter().map(|_| OnceCell::new()).collect(),
            searcher,
            samples,
            unpacker,
            fields: schema().1,
            facts,
            lists: Lists::of(directory),
        })
    }

    /// Returns what the commit says of itself.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns the index folder.
    pub fn index(&self) -> &Path {
        &self.index
    }

    /// Returns true as long as nobody committed since this was opened. Only who holds the
    /// writer's lock can rely on it.
    pub(super) fn is_last(&self) -> bool {
        let engine = || engine(&self.index, &self.generation, false);
        self.is_current_generation()
            && engine()
                .and_then(|engine| facts(&engine, &self.index))
                .is_ok_and(|last| last == self.facts)
    }

    /// Returns true as long as nobody committed or merged segments since this was opened: whoever
    /// does removes files that this may be about to read.
    pub fn has_its_files(&self) -> bool {
        let own = self.searcher.segment_readers().iter();
        let own: BTreeSet<SegmentId> = own.map(SegmentReader::segment_id).collect();
        let engine = engine(&self.index, &self.generation, false).ok();
        let last = engine.and_then(|engine| engine.searchable_segment_ids().ok());
        self.is_last() && last.is_some_and(|last| BTreeSet::from_iter(last) == own)
    }

    fn is_current_generation(&self) -> bool {
        let current = folder::current(&self.index);
        current.is_ok_and(|current| current.as_deref() == Some(&*self.generation))
    }

    /// Reads the record of the notes.
    ///
    /// # Errors
    /// As [`Manifest::read`].
    pub fn manifest(&self) -> Result<Manifest> {
        Manifest::read(&self.generation.join(&self.facts.manifest))
    }

    /// Returns the best documents for what is asked by the engine's score, best first, and
    /// whether there may be more. Documents with equal scores come in no order of meaning.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    pub fn candidates(&self, ask: &Ask, limit: usize) -> Result<Vec<Candidate>> {
        let query = self.lower(ask);
        let limit = limit.clamp(1, self.searcher.num_docs().max(1) as usize);
        let best = TopDocs::with_limit(limit).order_by_score();
        let found = self.searcher.search(&*query, &best);
        let found = found.map_err(|e| self.damaged(&e))?;
        Ok(found
            .into_iter()
            .map(|(score, address)| Candidate { score, address })
            .collect())
    }

    /// Returns where the lists of a term are.
    pub(super) fn look(&self, field: TextField, term: &str) -> tantivy::Result<Looked> {
        self.lists.look(&self.searcher, &self.fields, field, term)
    }

    /// Returns how many documents there are.
    pub fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Returns how many segments the index has.
    pub fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    pub(super) fn segment_documents(&self, segment: u32) -> u32 {
        self.searcher.segment_reader(segment).max_doc()
    }

    /// Reads the stored bytes of a document; see [`super::Record::from_stored`]. Shared with its
    /// unpacked neighbours: nothing is copied.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    pub fn record_bytes(&self, candidate: &Candidate) -> Result<Stored> {
        let failed = || Error::engine("read", &self.index);
        let DocAddress { segment_ord, doc_id } = candidate.address;
        let store = match self.stores[segment_ord as usize].get() {
            Some(store) => store,
            None => {
                let segment = self.searcher.segment_reader(segment_ord);
                let store = segment.get_store_reader(STORE_CACHE_BLOCKS);
                let store = store.map_err(|e| failed()(e.into()))?;
                self.stores[segment_ord as usize].get_or_init(|| store)
            }
        };
        let read = |document| store.get_document_bytes(document);
        let record = self.unpacker.record(segment_ord, doc_id, read);
        self.whole(record.map_err(|e| self.damaged(&e))?)
    }

    /// True where something is in the index that was deleted.
    pub fn has_deletions(&self) -> bool {
        self.searcher.segment_readers().iter().any(SegmentReader::has_deletes)
    }

    /// Calls `found` with the stored bytes of each document; see [`super::Record::from_stored`].
    /// They come in no order of meaning.
    ///
    /// # Errors
    /// [`Error::Engine`] where the index cannot be read.
    ///
    /// # Cost
    /// Reads and decompresses the whole store.
    pub fn each_record(&self, mut found: impl FnMut(&Stored)) -> Result<()> {
        let failed = || Error::engine("read", &self.index);
        for (ordinal, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            // Blocks come one after the other.
            let store = segment.get_store_reader(2).map_err(|e| failed()(e.into()))?;
            let read = |document| store.get_document_bytes(document);
            for document in segment.doc_ids_alive() {
                let record = self.unpacker.record(ordinal, document, read);
                found(&self.whole(record.map_err(|e| self.damaged(&e))?)?);
            }
        }
        Ok(())
    }
}

/// Reads what rides in the last commit.
pub(super) fn facts(engine: &Index, index: &Path) -> Result<Facts> {
    let commit = engine.directory().atomic_read(folder::COMMIT.as_ref());
    let failed = Error::engine("open", index);
    facts_of(&commit.map_err(|e| failed(e.into()))?, index)
}

/// What of a commit is ours. The engine would read all of it, its fields too.
#[derive(Deserialize)]
struct Commit {
    payload: Option<String>,
}

fn facts_of(commit: &[u8], index: &Path) -> Result<Facts> {
    let payload = serde_json::from_slice::<Commit>(commit).ok().and_then(|c| c.payload);
    let payload = payload.unwrap_or_default();
    serde_json::from_str(&payload).map_err(|_| Error::Unusable {
        path: index.to_owned(),
        why: "its last commit says nothing of its format".to_owned(),
    })
}
