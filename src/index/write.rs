//! Writing: notes are read, cut and indexed on all cores, and become visible in one commit.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::document::TantivyDocument;
use tantivy::store::Compressor;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, IndexSettings, IndexWriter, Term};

use super::folder::{self, Facts};
use super::manifest::{Entry, Manifest, Totals};
use super::part::parts;
use super::record::Record;
use super::schema::{Analyzer, Fields, TOKENIZER, file_key, schema};
use super::update::Progress;
use crate::corpus::{self, Found};
use crate::error::{Error, Result};
use crate::lexicon;
use crate::markup::{self, Document, Section};
use crate::text::{Class, Dictionary, Terms, class, fold};

/// A note to read again: as it was found, and what is known of it from before.
pub(super) struct Task {
    pub found: Found,
    pub before: Option<Entry>,
}

/// What became of a task.
pub(super) struct Done {
    pub entry: Entry,
    /// False where the bytes were those of before.
    pub indexed: bool,
}

/// An open index of the engine that is written to.
pub(super) struct Writer<'a> {
    index: &'a Path,
    generation: &'a Path,
    writer: IndexWriter,
    fields: Fields,
    threads: usize,
}

/// Memory of one writing thread: below, segments become many and small; above, nothing gets
/// faster (measured at 32 to 500 MB) but memory grows.
const MOST_HEAP_BYTES: usize = 96 << 20;
const LEAST_HEAP_BYTES: usize = 16 << 20;

/// From this many bytes of notes on, starting threads pays.
const WORTH_THREADS_BYTES: u64 = 1 << 20;

/// At most this many segments stay: each costs a search some 50 µs.
const MOST_SEGMENTS: usize = 6;

/// Stored records are compressed in blocks of this size: smaller blocks compress less, larger
/// ones make each of the records that a search reads dearer.
const STORE_BLOCK_BYTES: usize = 16 << 10;

/// Returns the engine's index in a generation folder, made if it is not there.
pub(super) fn engine(index: &Path, generation: &Path, create: bool) -> Result<Index> {
    let failed = || Error::engine("open", index);
    let directory = MmapDirectory::open(generation).map_err(|e| failed()(e.into()))?;
    if !create {
        return Index::open(directory).map_err(failed());
    }
    let settings = IndexSettings {
        docstore_compression: Compressor::Lz4,
        docstore_blocksize: STORE_BLOCK_BYTES,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    Index::create(directory, schema().0, settings).map_err(failed())
}

impl<'a> Writer<'a> {
    /// Opens a generation for writing. `bytes` is how much will be read, to size memory by.
    pub fn open(
        index: &'a Path,
        generation: &'a Path,
        mut engine: Index,
        dictionary: Dictionary,
        bytes: u64,
    ) -> Result<Self> {
        let failed = || Error::engine("write", index);
        let tokenizers = TokenizerManager::default();
        let analyzer = TextAnalyzer::from(Analyzer::new(Terms::new(dictionary)));
        tokenizers.register(TOKENIZER, analyzer);
        engine.set_tokenizers(tokenizers);
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let threads = if bytes < WORTH_THREADS_BYTES { 1 } else { cores.min(4) };
        let heap = usize::try_from(bytes).unwrap_or(usize::MAX) / threads * 16;
        let heap = heap.clamp(LEAST_HEAP_BYTES, MOST_HEAP_BYTES);
        let writer =
            engine.writer_with_num_threads(threads, heap * threads).map_err(failed())?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { index, generation, writer, fields: schema().1, threads })
    }

    /// Removes what is known of a note.
    pub fn remove(&self, root: u32, path: &str) {
        let term = Term::from_field_text(self.fields.file, &file_key(root, path));
        self.writer.delete_term(term);
    }

    /// Reads and indexes notes on all cores. Results come back in the order of the tasks.
    pub fn run(
        &self,
        tasks: &[Task],
        largest_bytes: u64,
        progress: &Progress,
    ) -> Result<Vec<Done>> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new((Vec::with_capacity(tasks.len()), None));
        let work = || {
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(task) = tasks.get(i) else { return };
                let one = self.one(task, largest_bytes);
                progress.step(task.found.stamp.size_bytes);
                let mut done = done.lock().expect("no thread panics while it adds");
                match one {
                    Ok(one) => done.0.push((i, one)),
                    Err(e) => {
                        done.1.get_or_insert(e);
                        next.store(tasks.len(), Ordering::Relaxed);
                        return;
                    }
                }
            }
        };
        if self.threads == 1 {
            work();
        } else {
            std::thread::scope(|scope| {
                for _ in 0..self.threads {
                    scope.spawn(work);
                }
            });
        }
        let (mut done, failed) = done.into_inner().expect("no thread panicked");
        if let Some(e) = failed {
            return Err(e);
        }
        done.sort_by_key(|(i, _)| *i);
        Ok(done.into_iter().map(|(_, one)| one).collect())
    }

    fn one(&self, task: &Task, largest_bytes: u64) -> Result<Done> {
        let Task { found, before } = task;
        let mut entry = Entry {
            root: found.root,
            path: found.path.clone(),
            stamp: found.stamp,
            hash: 0,
            encoding: String::new(),
            skipped: None,
            totals: Totals::default(),
        };
        let note = corpus::read(&found.file, largest_bytes);
        let hash = note.as_ref().map_or_else(|unread| unread.hash, |note| note.hash);
        if let Some(before) = before {
            if before.hash == hash && hash != 0 {
                return Ok(Done {
                    entry: Entry { stamp: found.stamp, ..before.clone() },
                    indexed: false,
                });
            }
            self.remove(found.root, &found.path);
        }
        entry.hash = hash;
        match note {
            Err(unread) => entry.skipped = Some(unread.why),
            Ok(note) => {
                entry.stamp = note.stamp;
                entry.encoding = note.encoding.to_owned();
                let ending = found.path.rsplit_once('.').map_or("", |(_, ending)| ending);
                let document = markup::sections(ending, &note.text);
                entry.totals = self.add(found, &document)?;
                entry.totals.bytes = note.stamp.size_bytes;
            }
        }
        Ok(Done { entry, indexed: true })
    }

    fn add(&self, found: &Found, document: &Document) -> Result<Totals> {
        let mut totals = Totals::default();
        let tags = document.tags.join("\n");
        let names = names(&found.path);
        for section in &document.sections {
            totals.sections += 1;
            totals.title_positions += positions(&section.title).1;
            if !section.borrowed {
                let (han, all) = positions(&section.body);
                totals.han_chars += han;
                totals.body_positions += all;
                totals.body_chars += section.body.chars().count() as u64;
            }
            for (number, (range, line)) in (0u32..).zip(parts(&section.body)) {
                totals.documents += 1;
                let body = &section.body[range];
                let record =
                    self.record(found, document, section, &tags, body, line, number);
                let mut engine = TantivyDocument::default();
                engine.add_bytes(self.fields.record, &record.to_bytes());
                let fields = &self.fields;
                engine.add_text(fields.file, file_key(found.root, &found.path));
                engine.add_text(fields.title, &section.title);
                sounds_of(&section.title, |sound| engine.add_text(fields.sound, sound));
                engine.add_text(fields.text, &section.title);
                for above in &section.trail {
                    engine.add_text(fields.text, above);
                }
                let note_title = document.title.as_deref().unwrap_or_default();
                for more in [note_title, &names, &tags] {
                    engine.add_text(fields.text, more);
                }
                if !section.borrowed {
                    engine.add_text(fields.text, body);
                }
                if number == 0 && !section.aside.is_empty() {
                    engine.add_text(fields.text, &section.aside);
                }
                for tag in &document.tags {
                    engine.add_text(fields.tag, fold(tag));
                }
                self.writer
                    .add_document(engine)
                    .map_err(Error::engine("write", self.index))?;
            }
        }
        Ok(totals)
    }

    #[allow(clippy::too_many_arguments, reason = "one row of the record each")]
    fn record<'r>(
        &self,
        found: &'r Found,
        document: &'r Document,
        section: &'r Section,
        tags: &'r str,
        body: &'r str,
        line: u32,
        part: u32,
    ) -> Record<'r> {
        let lines = body.matches('\n').count() as u32 + 1;
        let code = section.code.iter().filter(|c| c.start < line + lines && c.end > line);
        Record {
            root: found.root,
            path: &found.path,
            line: section.line,
            end_line: section.end_line,
            depth: section.depth,
            borrowed: section.borrowed,
            link_percent: section.link_percent,
            title: &section.title,
            note_title: document.title.as_deref().unwrap_or_default(),
            trail: section.trail.iter().map(String::as_str).collect(),
            tags,
            body_line: section.body_line + line,
            body,
            code: code
                .map(|c| (c.start.saturating_sub(line), (c.end - line).min(lines)))
                .collect(),
            aside: if part == 0 { &section.aside } else { "" },
            part,
        }
    }

    /// Makes everything visible at once, with its manifest and facts.
    pub fn commit(mut self, manifest: &Manifest, analyzer: &str) -> Result<()> {
        let index = self.index;
        let failed = || Error::engine("commit", index);
        let mut commit = self.writer.prepare_commit().map_err(failed())?;
        let name = format!("files-{}.bin", commit.opstamp());
        folder::write_atomically(&self.generation.join(&name), &manifest.to_bytes())?;
        let facts = Facts {
            format: folder::FORMAT_VERSION,
            analyzer: analyzer.to_owned(),
            manifest: name.clone(),
            roots: manifest.selection.roots.clone(),
            totals: manifest.totals,
        };
        let payload = serde_json::to_string(&facts)
            .map_err(|e| failed()(tantivy::TantivyError::InternalError(e.to_string())))?;
        commit.set_payload(&payload);
        commit.commit().map_err(failed())?;
        self.merge()?;
        remove_old_manifests(self.generation, &name);
        Ok(())
    }

    /// Keeps the segments few by merging the smallest.
    fn merge(&mut self) -> Result<()> {
        let failed = || Error::engine("merge the segments of", self.index);
        let mut metas =
            self.writer.index().searchable_segment_metas().map_err(failed())?;
        if metas.len() > MOST_SEGMENTS {
            metas.sort_by_key(tantivy::SegmentMeta::num_docs);
            let surplus = metas.len() - MOST_SEGMENTS / 2;
            let ids: Vec<_> =
                metas[..=surplus].iter().map(tantivy::SegmentMeta::id).collect();
            self.writer.merge(&ids).wait().map_err(failed())?;
            self.writer.garbage_collect_files().wait().map_err(failed())?;
        }
        Ok(())
    }
}

/// Neighbours in a heading that are found by their sound: words are two to four characters
/// long, the fixed phrases of the field up to six.
const SOUNDING_CHARS: std::ops::RangeInclusive<usize> = 2..=6;

/// A heading's first this many Han characters sound; longer ones are sentences.
const MOST_SOUNDING_CHARS: usize = 24;

fn sounds_of(title: &str, mut found: impl FnMut(&str)) {
    let chars: Vec<char> = fold(title).chars().collect();
    let runs = chars.split(|&c| class(c) != Class::Gram);
    for run in runs.map(|run| &run[..run.len().min(MOST_SOUNDING_CHARS)]) {
        for start in 0..run.len() {
            for len in SOUNDING_CHARS.filter(|len| start + len <= run.len()) {
                lexicon::sounds(&run[start..start + len], &mut found);
            }
        }
    }
}

/// How many Han characters a text has, and how many of them and words together.
fn positions(text: &str) -> (u64, u64) {
    let (mut han, mut words, mut in_word) = (0, 0, false);
    for c in text.chars() {
        let class = class(c);
        han += u64::from(class == Class::Gram);
        words += u64::from(class == Class::Word && !in_word);
        in_word = class == Class::Word;
    }
    (han, han + words)
}

/// The words of a path that say what a note is about: its name and its folders.
fn names(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.replace('/', " ")
}

fn remove_old_manifests(generation: &Path, keep: &str) {
    let entries = std::fs::read_dir(generation).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("files-") && name != keep {
            // A reader may be about to open it; a leftover is removed by the next commit.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
