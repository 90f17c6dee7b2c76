//! Bringing an index up to date: what changed on disk, and only that, in one commit.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::folder::{self, FORMAT_VERSION};
use super::manifest::{Entry, Manifest, Totals};
use super::read::facts;
use super::write::{Done, Task, Writer, engine};
use crate::corpus::{self, Found, Selection, Skipped, Walked};
use crate::error::{Error, Result};
use crate::markup::READERS;
use crate::text::{self, Dictionary};

/// What to bring up to date, and how.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The index folder.
    pub index: &'a Path,
    /// Which notes; those that the index remembers if `None`.
    pub selection: Option<Selection>,
    /// Text of the user's dictionary.
    pub user_words: &'a str,
    /// Build anew aside and swap, whatever is there.
    pub rebuild: bool,
    /// Wait for another writer to end.
    pub patient: bool,
}

/// How far the work is; shared with whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Notes to read; 0 until the walk is over.
    pub files: AtomicU64,
    /// Their size in bytes.
    pub bytes: AtomicU64,
    /// Notes read.
    pub files_done: AtomicU64,
    /// Their size in bytes.
    pub bytes_done: AtomicU64,
    /// Set while another writer is waited for.
    pub waiting: AtomicU64,
}

impl Progress {
    pub(super) fn step(&self, bytes: u64) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// What an update did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Update {
    /// Notes that are new.
    pub added: usize,
    /// Notes whose text changed.
    pub changed: usize,
    /// Notes that are gone.
    pub removed: usize,
    /// Notes that are as they were.
    pub unchanged: usize,
    /// What the index holds now.
    pub totals: Totals,
    /// What was not indexed, and why.
    pub skipped: Vec<Skipped>,
    /// Bytes that were read.
    pub bytes_read: u64,
    /// How long it took.
    pub seconds: f64,
    /// Why the index was built anew, where it was.
    pub rebuilt: Option<String>,
}

/// Brings an index up to date.
///
/// # Errors
/// [`Error::NoCorpus`] where neither the job nor the index says which notes; [`Error::Busy`]
/// where another writer does not end; [`Error::Io`] and [`Error::Engine`] where the disk fails:
/// what was there before then still answers.
pub fn update(job: &Job, progress: &Progress) -> Result<Update> {
    let start = Instant::now();
    let _lock = folder::lock(job.index, job.patient, || {
        progress.waiting.store(1, Ordering::Relaxed);
    })?;
    progress.waiting.store(0, Ordering::Relaxed);
    let analyzer = text::fingerprint(job.user_words);
    let (before, mut rebuilt) = match job.rebuild {
        true => (remembered(job.index), Some("asked for".to_owned())),
        false => match known(job.index, &analyzer) {
            Ok(manifest) => (manifest, None),
            Err(e) => (remembered(job.index), Some(e.to_string())),
        },
    };
    let selection = job.selection.clone();
    let selection = selection.or_else(|| before.as_ref().map(|b| b.selection.clone()));
    let selection = selection.ok_or(Error::NoCorpus)?;
    if rebuilt.is_none() && before.as_ref().is_some_and(|b| b.selection != selection) {
        rebuilt = Some("other notes were chosen".to_owned());
    }
    let before = before.filter(|_| rebuilt.is_none());

    let walked_at_ns = now_ns();
    let endings: Vec<&str> = READERS.iter().flat_map(|r| r.endings).copied().collect();
    let walked = corpus::walk(&selection, &endings)?;
    let plan = Plan::new(before.as_ref(), &walked);
    let mut update = Update { rebuilt, ..Update::default() };
    let nothing = plan.tasks.is_empty() && plan.removed.is_empty();
    if let Some(before) =
        before.as_ref().filter(|b| nothing && b.folders == walked.folders)
    {
        update.unchanged = before.files.len();
        update.totals = before.totals;
        update.skipped = skipped(before);
        update.seconds = start.elapsed().as_secs_f64();
        return Ok(update);
    }
    progress.files.store(plan.tasks.len() as u64, Ordering::Relaxed);
    progress.bytes.store(plan.bytes, Ordering::Relaxed);
    update.bytes_read = plan.bytes;

    let fresh = before.is_none();
    let generation = match folder::current(job.index) {
        Some(generation) if !fresh => generation,
        _ => folder::new_generation(job.index)?,
    };
    let engine = engine(job.index, &generation, fresh)?;
    let dictionary = Dictionary::with_user_words(job.user_words);
    let writer = Writer::open(job.index, &generation, engine, dictionary, plan.bytes)?;
    for gone in &plan.removed {
        writer.remove(gone.root, &gone.path)?;
    }
    let done = writer.run(&plan.tasks, selection.largest_bytes, progress)?;
    count(&mut update, &plan, &done);
    let manifest = manifest(selection, walked, plan.kept, done, walked_at_ns);
    update.totals = manifest.totals;
    update.skipped = skipped(&manifest);
    writer.commit(&manifest, &analyzer)?;
    if fresh {
        folder::make_current(job.index, &generation)?;
    }
    folder::prune(job.index);
    update.seconds = start.elapsed().as_secs_f64();
    Ok(update)
}

/// What an index of this version holds; `None` where there is no index.
fn known(index: &Path, analyzer: &str) -> Result<Option<Manifest>> {
    let Some(generation) = folder::current(index) else { return Ok(None) };
    let facts = facts(&engine(index, &generation, false)?, index)?;
    let unusable =
        |why: &str| Error::Unusable { path: index.to_owned(), why: why.to_owned() };
    if facts.format != FORMAT_VERSION {
        return Err(unusable("it has another format"));
    }
    if facts.analyzer != analyzer {
        return Err(unusable("its text was cut by other rules or another dictionary"));
    }
    Manifest::read(&generation.join(facts.manifest)).map(Some)
}

/// Which notes an index of any state was about, as far as can be told.
fn remembered(index: &Path) -> Option<Manifest> {
    let generation = folder::current(index)?;
    let facts = facts(&engine(index, &generation, false).ok()?, index).ok()?;
    Manifest::read(&generation.join(facts.manifest)).ok()
}

/// Returns the roots that an index of any state is about, as far as can be told.
pub fn remembered_roots(index: &Path) -> Vec<std::path::PathBuf> {
    remembered(index).map_or_else(Vec::new, |manifest| manifest.selection.roots)
}

/// git's rule: a file changed this shortly before it was looked at may have changed once more
/// without a trace in its stamp, where the clock of the file system is coarse.
const RACY_NS: i128 = 2_000_000_000;

struct Plan {
    /// Notes that need no look.
    kept: Vec<Entry>,
    /// Notes to read.
    tasks: Vec<Task>,
    /// Notes that are gone.
    removed: Vec<Entry>,
    /// Size of the notes to read.
    bytes: u64,
}

impl Plan {
    /// Both lists are sorted by root and path.
    fn new(before: Option<&Manifest>, walked: &Walked) -> Self {
        let mut plan = Self { kept: vec![], tasks: vec![], removed: vec![], bytes: 0 };
        let racy_from = before.map_or(i128::MAX, |b| b.walked_at_ns - RACY_NS);
        let mut old = before.map_or(&[][..], |b| &b.files).iter().peekable();
        for found in &walked.found {
            let key = (found.root, found.path.as_str());
            while let Some(gone) = old.next_if(|e| (e.root, e.path.as_str()) < key) {
                plan.removed.push(gone.clone());
            }
            let same = old.next_if(|e| (e.root, e.path.as_str()) == key);
            match same {
                Some(e) if e.stamp == found.stamp && e.stamp.mtime_ns < racy_from => {
                    plan.kept.push(e.clone());
                }
                before => plan.read(found, before),
            }
        }
        plan.removed.extend(old.cloned());
        plan
    }

    fn read(&mut self, found: &Found, before: Option<&Entry>) {
        self.bytes += found.stamp.size_bytes;
        self.tasks.push(Task { found: found.clone(), before: before.cloned() });
    }
}

fn count(update: &mut Update, plan: &Plan, done: &[Done]) {
    update.removed = plan.removed.len();
    update.unchanged = plan.kept.len();
    for (task, done) in plan.tasks.iter().zip(done) {
        match (&task.before, done.indexed) {
            (None, _) => update.added += 1,
            (Some(_), true) => update.changed += 1,
            (Some(_), false) => update.unchanged += 1,
        }
    }
}

fn manifest(
    selection: Selection,
    walked: Walked,
    kept: Vec<Entry>,
    done: Vec<Done>,
    walked_at_ns: i128,
) -> Manifest {
    let mut files = kept;
    files.extend(done.into_iter().map(|d| d.entry));
    files.sort_by(|a, b| (a.root, &a.path).cmp(&(b.root, &b.path)));
    let mut totals = Totals::default();
    for file in &files {
        totals.add(&file.totals);
    }
    let Walked { folders, skipped, .. } = walked;
    Manifest { selection, files, folders, skipped, walked_at_ns, totals }
}

/// Everything that was not indexed: what the walk passed over and what could not be read.
fn skipped(manifest: &Manifest) -> Vec<Skipped> {
    let unread = manifest.files.iter().filter_map(|f| {
        let why = f.skipped.clone()?;
        Some(Skipped { path: f.path.clone(), why })
    });
    manifest.skipped.iter().cloned().chain(unread).collect()
}

fn now_ns() -> i128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i128)
}

/// Whether an index still says what the notes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing changed.
    Fresh,
    /// This many notes or folders changed, at least.
    Stale(usize),
}

/// Looks at every file and folder that an index knows, without reading any: as long as all
/// stamps stand, no note changed, came or went. Some 2 µs a note.
pub fn freshness(manifest: &Manifest) -> Freshness {
    let racy_from = manifest.walked_at_ns - RACY_NS;
    let stale = |path: &Path, stamp: &corpus::Stamp| {
        stamp.mtime_ns >= racy_from || corpus::folder_stamp(path).as_ref() != Some(stamp)
    };
    let roots = &manifest.selection.roots;
    let file_stale = |e: &Entry| {
        let file = corpus::absolute(&roots[e.root as usize], &e.path);
        stale(&file, &e.stamp)
    };
    let halves = manifest.files.split_at(manifest.files.len() / 2);
    let count = |files: &[Entry]| files.iter().filter(|e| file_stale(e)).count();
    let changed = std::thread::scope(|scope| {
        let other = scope.spawn(|| count(halves.1));
        let folders =
            manifest.folders.iter().filter(|f| stale(&f.path, &f.stamp)).count();
        folders + count(halves.0) + other.join().unwrap_or(1)
    });
    if changed == 0 { Freshness::Fresh } else { Freshness::Stale(changed) }
}
