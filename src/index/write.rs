//! Writing: notes are read, cut and indexed on all cores, and become visible in one commit.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::ScopedJoinHandle;

use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, SegmentMeta, Term};

use super::directory::{ReadOnly, Writing};
use super::folder::{self, Facts};
use super::hand::Hand;
use super::manifest::{Entry, Manifest};
use super::no_document::NoDocument;
use super::packed::{Packing, WORTH_DICTIONARY_BYTES};
use super::replaced::Replaced;
use super::sample;
use super::schema::{Fields, file_key, schema};
use super::segment::SegmentWriter;
use super::sweep::{remove_old_manifests, sweep};
use super::update::Progress;
use crate::corpus::Found;
use crate::error::{Error, Result, cause};
use crate::text::Dictionary;

/// A note to read again: as it was found, and what is known of it from before.
pub(super) struct Task {
    pub found: Found,
    pub file: PathBuf,
    pub before: Option<Entry>,
}

/// What became of a task.
pub(super) struct Done {
    pub entry: Entry,
    /// False where the bytes were those of before.
    pub indexed: bool,
}

/// How much there is to write.
pub(super) struct Work {
    /// Bytes of the notes to read.
    pub read_bytes: u64,
    /// The generation holds nothing yet.
    pub is_new: bool,
}

/// An open index of the engine that is written to.
pub(super) struct Writer<'a> {
    pub index: &'a Path,
    pub generation: &'a Path,
    pub writer: IndexWriter<NoDocument>,
    pub fields: Fields,
    pub dictionary: Dictionary,
    packing: Arc<Packing>,
    /// False where what records are packed over is on the disk.
    is_new: bool,
    threads: usize,
    /// A thread moves its lists out of memory at this size.
    pub most_lists_bytes: usize,
    /// The segments of earlier commits.
    pub before: Arc<HashSet<SegmentId>>,
    /// And their files.
    directory: ReadOnly,
    /// The segment of this one, if it has something.
    segment: Option<SegmentMeta>,
}

/// The engine's own writer only commits: the least memory that it accepts.
const ENGINE_BYTES: usize = 15_000_000;

/// From this many bytes of notes on, starting threads pays.
const WORTH_THREADS_BYTES: u64 = 1 << 20;

/// Lists of a thread leave memory at its part of this: when they are put in order, they take half
/// as much again. Two threads took 325 MB over 849 MB of notes.
const MOST_LISTS_BYTES: usize = 160 << 20;

/// Where the notes are so few that all lists may stay in memory, those of a thread that is ahead
/// of the other do not leave it: over 103 MB all have 150 MB.
const FEW_NOTES_BYTES: u64 = 120 << 20;
const MOST_OF_FEW_BYTES: usize = 200 << 20;

/// The engine copies a block for each record that it reads; they are compressed already
/// (`packed.rs`), and a block mostly holds one group. Twice as large ones save 0.0005 of the
/// notes in what the engine notes of each, and a query over M takes 0.5 % more.
const STORE_BLOCK_BYTES: usize = 1 << 9;

/// Returns the engine's index in a generation folder, made if it is not there.
pub(super) fn engine(index: &Path, generation: &Path, create: bool) -> Result<Index> {
    let failed = || Error::engine("open", index);
    let directory = Writing::open(generation).map_err(|e| failed()(e.into()))?;
    if !create {
        return Index::open(directory).map_err(failed());
    }
    let settings = IndexSettings {
        docstore_compression: Compressor::None,
        docstore_blocksize: STORE_BLOCK_BYTES,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    Index::create(directory, schema().0, settings).map_err(failed())
}

impl<'a> Writer<'a> {
    /// Opens a generation for writing.
    pub fn open(
        index: &'a Path,
        generation: &'a Path,
        engine: Index,
        dictionary: Dictionary,
        work: &Work,
    ) -> Result<Self> {
        let failed = || Error::engine("write", index);
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let threads =
            if work.read_bytes < WORTH_THREADS_BYTES { 1 } else { cores.min(4) };
        let before = engine.searchable_segment_ids().map_err(failed())?;
        sweep(&engine, generation).map_err(failed())?;
        let is_new = work.is_new && work.read_bytes >= WORTH_DICTIONARY_BYTES;
        let over = match is_new {
            true => OnceLock::new(),
            false => folder::samples(generation)?.into(),
        };
        // It writes no documents, and one merge follows the other.
        let threads_of_engine = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(ENGINE_BYTES)
            .build();
        let writer = engine.writer_with_options(threads_of_engine).map_err(failed())?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self {
            index,
            generation,
            writer,
            fields: schema().1,
            dictionary,
            packing: Arc::new(Packing { over }),
            is_new,
            threads,
            most_lists_bytes: match work.read_bytes > FEW_NOTES_BYTES {
                true => MOST_LISTS_BYTES / threads,
                false => MOST_OF_FEW_BYTES / threads,
            },
            before: Arc::new(before.into_iter().collect()),
            directory: ReadOnly::open(generation).map_err(|e| failed()(e.into()))?,
            segment: None,
        })
    }

    /// Removes what is known of a note.
    pub fn remove(&self, root: u32, path: &str) -> Result<()> {
        let term = Term::from_field_text(self.fields.file, &file_key(root, path));
        let (before, directory) = (Arc::clone(&self.before), self.directory.clone());
        let replaced = Replaced { term, before, directory };
        let removed = self.writer.delete_query(Box::new(replaced));
        removed.map_err(Error::engine("write", self.index))?;
        Ok(())
    }

    /// Reads and indexes notes on all cores. Results come back in the order of the tasks.
    pub fn run(
        &mut self,
        tasks: &[Task],
        largest_bytes: u64,
        progress: &Progress,
    ) -> Result<Vec<Done>> {
        // Each thread has a stretch of neighbouring notes, whose terms are alike: there are fewer
        // of them at a time, and lists are denser. It helps with the others' when it is done.
        let shares: Vec<_> = (0..self.threads)
            .map(|n| {
                let border = |n: usize| tasks.len() * n / self.threads;
                (AtomicUsize::new(border(n)), border(n + 1))
            })
            .collect();
        let stop = AtomicBool::new(false);
        let take = |thread: usize| {
            let order = (thread..self.threads).chain(0..thread);
            let mut taken = order.map(|n| &shares[n]).map(|(next, end)| {
                let i = next.fetch_add(1, Ordering::Relaxed);
                (i < *end).then_some(i)
            });
            let go = !stop.load(Ordering::Relaxed);
            if go { taken.find_map(|i| i) } else { None }
        };
        let done = Mutex::new((Vec::with_capacity(tasks.len()), None));
        let work = |thread: usize| {
            if thread + 1 == self.threads {
                let packing = &self.packing;
                let make = || sample::dictionary(tasks, largest_bytes);
                packing.over.get_or_init(make);
            }
            let mut hand = Hand::new(self, thread == 0);
            let mut failure = None;
            while let Some(i) = take(thread) {
                let task = &tasks[i];
                let one = hand.one(task, largest_bytes);
                progress.step(task.found.stamp.size_bytes);
                match one {
                    Ok(one) => {
                        done.lock()
                            .expect("no thread panics while it adds")
                            .0
                            .push((i, one));
                    }
                    Err(e) => {
                        failure = Some(e);
                        stop.store(true, Ordering::Relaxed);
                        break;
                    }
                }
            }
            if let Some(e) = failure {
                done.lock().expect("no thread panics while it adds").1.get_or_insert(e);
            }
            hand.into_segment()
        };
        let last = self.on_all(work);
        let (mut done, failed) = done.into_inner().expect("no thread panicked");
        if let Some(e) = failed {
            return Err(e);
        }
        let segments: Vec<_> = last.into_iter().flatten().collect();
        // Notes without a word leave nothing to write: a segment has a document.
        let is_said = segments.iter().any(|segment| !segment.is_empty());
        let mut segments = segments.into_iter().filter(|_| is_said);
        if let Some(first) = segments.next() {
            let whole = first.finish(segments.collect(), self.threads > 1);
            self.segment = Some(whole.map_err(Error::engine("write", self.index))?);
        }
        done.sort_by_key(|(i, _)| *i);
        Ok(done.into_iter().map(|(_, one)| one).collect())
    }

    /// Begins a segment.
    pub fn begin(&self, first: bool) -> Result<SegmentWriter> {
        let (engine, over) = (self.writer.index(), Arc::clone(&self.packing));
        let begun = SegmentWriter::new(engine, self.generation, self.fields, over, first);
        begun.map_err(Error::engine("write", self.index))
    }

    /// Does the work of each thread. Results come back in the order of the threads.
    fn on_all<T: Send>(&self, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        if self.threads == 1 {
            return vec![work(0)];
        }
        std::thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = (0..self.threads)
                .map(|thread| scope.spawn(move || work(thread)))
                .collect();
            let join = |thread: ScopedJoinHandle<'_, T>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().map(join).collect()
        })
    }

    /// Makes everything visible at once, with its manifest and facts; then merges segments,
    /// `patient` where nobody waits for an answer. Returns why that failed, if it did: the next
    /// commit tries again.
    pub fn commit(
        mut self,
        manifest: &Manifest,
        analyzer: &str,
        patient: bool,
    ) -> Result<Option<String>> {
        let index = self.index;
        let failed = || Error::engine("commit", index);
        if let Some(segment) = self.segment.take() {
            self.writer.add_segment(segment).map_err(failed())?;
        }
        let mut commit = self.writer.prepare_commit().map_err(failed())?;
        let name = format!("files-{}.bin", commit.opstamp());
        let samples = self.packing.over.get().map_or(&[][..], Vec::as_slice);
        if self.is_new {
            folder::keep_samples(self.generation, samples)?;
        }
        folder::write_atomically(&self.generation.join(&name), &manifest.to_bytes())?;
        let facts = Facts {
            format: folder::FORMAT_VERSION,
            analyzer: analyzer.to_owned(),
            manifest: name.clone(),
            samples: folder::samples_sum(samples),
            roots: manifest.selection.roots.clone(),
            totals: manifest.totals,
        };
        let payload = serde_json::to_string(&facts)
            .map_err(|e| failed()(tantivy::TantivyError::InternalError(e.to_string())))?;
        commit.set_payload(&payload);
        commit.commit().map_err(failed())?;
        let merged = self.merge(patient, &payload);
        if merged.is_err() {
            // What it has written is nobody's, and may be what filled the disk.
            let _ = sweep(self.writer.index(), self.generation);
        }
        remove_old_manifests(self.generation, &name);
        Ok(merged.err().map(|e| cause(&e)))
    }
}

#[cfg(test)]
mod tests;
