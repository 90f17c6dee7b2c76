//! Bringing an index up to date: what changed on disk, and only that, in one commit.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::folder;
use super::look::Look;
use super::manifest::{Manifest, Totals};
use super::plan::Plan;
use super::read::{Reader, facts};
use super::sweep::sweep;
use super::write::{Done, Work, Writer, engine};
use crate::corpus::{Selection, Skipped};
use crate::error::{Error, Result};
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
    /// Nobody waits for an answer: wait for another writer to end, and merge what slows searches
    /// down, which takes seconds now and then.
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
    /// Why segments could not be merged, where that failed: all is found, but not as soon.
    pub unmerged: Option<String>,
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
    let mut goal = Goal::New;
    let (before, mut rebuilt) = match job.rebuild {
        true => (None, Some("asked for".to_owned())),
        false => match known(job.index, &analyzer) {
            Ok(None) => (None, None),
            Ok(Some((manifest, is_ripe))) => {
                goal = if is_ripe && job.patient { Goal::Merged } else { Goal::Changed };
                (Some(manifest), None)
            }
            Err(e) => (None, Some(e.to_string())),
        },
    };
    let selection = job.selection.clone();
    let selection = selection.or_else(|| before.as_ref().map(|b| b.selection.clone()));
    let selection = selection.or_else(|| remembered(job.index)).ok_or(Error::NoCorpus)?;
    if rebuilt.is_none() && before.as_ref().is_some_and(|b| b.selection != selection) {
        rebuilt = Some("other notes were chosen".to_owned());
        goal = Goal::New;
    }
    let mut before = before.filter(|_| rebuilt.is_none());
    // Not by stamps alone, as a query does: who asks for it also mends what these cannot show, a
    // folder that may be read now, rules of git outside of the notes, a file system that forgets
    // to stamp folders.
    let mut plan = Plan::by_walk(&selection, before.as_mut())?;
    if let Some(before) = &before {
        plan.compare(before, IN_A_QUERY.notes);
    }
    let written = apply(job, goal, selection, plan, progress)?;
    Ok(Update { rebuilt, seconds: start.elapsed().as_secs_f64(), ..written })
}

/// How much changed text is worth indexing before an answer.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Most notes to read or forget.
    pub notes: usize,
    /// Most bytes of notes to read.
    pub bytes: u64,
}

/// What one thread indexes in some 300 ms: longer than that, a person who asked would rather
/// have the old answer now. A note takes a tenth of a millisecond whatever its size, and one that
/// moved counts twice.
pub const IN_A_QUERY: Budget = Budget { notes: 2_000, bytes: 8 << 20 };

/// What became of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// The index says what the notes say.
    Fresh,
    /// It did not, and does now: open it again.
    Updated,
    /// Somebody else wrote meanwhile: open it again and look again.
    Moved,
    /// So many notes differ that the budget does not cover them.
    TooMuch(usize),
}

/// Brings an index up to date where little changed, for a search that is about to answer. Never
/// waits for another writer; takes no lock where nothing changed.
///
/// # Errors
/// [`Error::Busy`] while another writes; [`Error::Unusable`] where the record of the notes is
/// damaged; [`Error::Io`] and [`Error::Engine`] where notes or index are out of reach. The
/// reader still answers from the last commit.
pub fn refresh(reader: &Reader, user_words: &str, budget: &Budget) -> Result<Refresh> {
    let mut before = match reader.manifest() {
        Err(_) if !reader.is_last() => return Ok(Refresh::Moved),
        manifest => manifest?,
    };
    let Some(plan) = differing(&mut before, budget.notes)? else {
        return Ok(Refresh::Fresh);
    };
    if plan.notes() > budget.notes || plan.bytes() > budget.bytes {
        return Ok(Refresh::TooMuch(plan.notes()));
    }
    if plan.is_empty() && !plan.restamped {
        return Ok(Refresh::Fresh);
    }
    let texts_stand = plan.is_empty();
    let _lock = folder::lock(reader.index(), false, || {})?;
    if !reader.is_last() {
        return Ok(Refresh::Moved);
    }
    let index = reader.index();
    let job = Job { index, selection: None, user_words, rebuild: false, patient: false };
    apply(&job, Goal::Changed, before.selection, plan, &Progress::default())?;
    Ok(if texts_stand { Refresh::Fresh } else { Refresh::Updated })
}

/// Whether an index still says what the notes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing changed.
    Fresh,
    /// This many notes changed; 1 where the notes are out of reach.
    Stale(usize),
}

/// Compares an index with the notes: stamps, and the text where stamps prove nothing.
pub fn freshness(manifest: &Manifest) -> Freshness {
    let differing = differing(&mut manifest.clone(), usize::MAX);
    match differing.map(|plan| plan.map_or(0, |plan| plan.notes())) {
        Ok(0) => Freshness::Fresh,
        Ok(notes) => Freshness::Stale(notes),
        Err(_) => Freshness::Stale(1),
    }
}

/// Takes the entries of the manifest where anything differs.
fn differing(manifest: &mut Manifest, most_changed: usize) -> Result<Option<Plan>> {
    let look = Look::at(manifest);
    if look.is_fresh() {
        return Ok(None);
    }
    let mut plan = Plan::by_stamps(manifest, look)?;
    plan.compare(manifest, most_changed);
    Ok(Some(plan))
}

/// Where to an index is brought.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Goal {
    /// A new generation holds the notes.
    New,
    /// The current one holds what changed.
    Changed,
    /// And its segments are merged, whatever changed.
    Merged,
}

/// Does what a plan says, in one commit. The caller holds the lock.
fn apply(
    job: &Job,
    goal: Goal,
    selection: Selection,
    plan: Plan,
    progress: &Progress,
) -> Result<Update> {
    // Leftovers first: on a full disk they are what there is to free.
    folder::prune(job.index);
    let current = folder::current(job.index)?;
    if let (Goal::Changed, Some(generation), true) = (goal, &current, plan.is_empty()) {
        let (restamped, unchanged) = (plan.restamped, plan.kept.len());
        let manifest = plan.manifest(selection, Vec::new());
        if restamped {
            // The commit stays, and names its record.
            let engine = engine(job.index, generation, false)?;
            sweep(&engine, generation).map_err(Error::engine("tidy", job.index))?;
            let facts = facts(&engine, job.index)?;
            let record = generation.join(facts.manifest);
            folder::write_atomically(&record, &manifest.to_bytes())?;
        }
        let (totals, skipped) = (manifest.totals, skipped(&manifest));
        return Ok(Update { unchanged, totals, skipped, ..Update::default() });
    }
    let bytes_read = plan.bytes();
    progress.files.store(plan.tasks.len() as u64, Ordering::Relaxed);
    progress.bytes.store(bytes_read, Ordering::Relaxed);

    let fresh = goal == Goal::New;
    let generation = match current {
        Some(generation) if !fresh => generation,
        _ => folder::new_generation(job.index)?,
    };
    let engine = engine(job.index, &generation, fresh)?;
    let dictionary = Dictionary::with_user_words(job.user_words);
    let work = Work { read_bytes: bytes_read, is_new: fresh };
    let mut writer = Writer::open(job.index, &generation, engine, dictionary, &work)?;
    for gone in &plan.removed {
        writer.remove(gone.root, &gone.path)?;
    }
    let done = writer.run(&plan.tasks, selection.largest_bytes, progress)?;
    let mut update = count(&plan, &done);
    update.bytes_read = bytes_read;
    let manifest = plan.manifest(selection, done);
    update.totals = manifest.totals;
    update.skipped = skipped(&manifest);
    update.unmerged =
        writer.commit(&manifest, &text::fingerprint(job.user_words), job.patient)?;
    folder::remember(job.index, &manifest.selection)?;
    if fresh {
        folder::make_current(job.index, &generation)?;
    }
    folder::prune(job.index);
    Ok(update)
}

/// What an index of this version holds, and whether segments are worth merging; `None` where there
/// is no index. Everything that a search would open is opened, so that damage is found here too.
fn known(index: &Path, analyzer: &str) -> Result<Option<(Manifest, bool)>> {
    let reader = match Reader::open(index, |_| analyzer.to_owned()) {
        Err(Error::NoIndex { .. }) => return Ok(None),
        reader => reader?,
    };
    reader.check_samples()?;
    Ok(Some((reader.manifest()?, reader.is_ripe())))
}

/// Which notes an index of any state is about, as far as can be told.
fn remembered(index: &Path) -> Option<Selection> {
    folder::remembered(index).or_else(|| {
        let generation = folder::current(index).ok()??;
        let facts = facts(&engine(index, &generation, false).ok()?, index).ok()?;
        Manifest::read(&generation.join(facts.manifest)).ok().map(|m| m.selection)
    })
}

/// Returns the roots that an index of any state is about, as far as can be told.
pub fn remembered_roots(index: &Path) -> Vec<std::path::PathBuf> {
    remembered(index).map_or_else(Vec::new, |selection| selection.roots)
}

fn count(plan: &Plan, done: &[Done]) -> Update {
    let mut update = Update {
        removed: plan.removed.len(),
        unchanged: plan.kept.len(),
        ..Update::default()
    };
    for (task, done) in plan.tasks.iter().zip(done) {
        match (&task.before, done.indexed) {
            (None, _) => update.added += 1,
            (Some(_), true) => update.changed += 1,
            (Some(_), false) => update.unchanged += 1,
        }
    }
    update
}

/// Everything that was not indexed: what the walk passed over and what could not be read.
fn skipped(manifest: &Manifest) -> Vec<Skipped> {
    let unread = manifest.files.iter().filter_map(|f| {
        let why = f.skipped.clone()?;
        Some(Skipped { path: f.path.clone(), why })
    });
    manifest.skipped.iter().cloned().chain(unread).collect()
}
