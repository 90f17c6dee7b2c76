//! What differs between an index and the notes: what to read, what to forget, what stays.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashMap;

use super::known::{KnownNotes, State};
use super::look::Look;
use super::manifest::{Entry, Manifest, Totals};
use super::write::{Done, Task};
use crate::corpus::{self, Files, Folder, Found, Selection, Skipped, Stamp};
use crate::error::Result;
use crate::markup::READERS;

/// git's rule: a file changed this shortly before it was looked at may have changed once more
/// without a trace in its stamp, where the clock of the file system is coarse.
const RACY_NS: i64 = 2_000_000_000;

/// What differs between an index and the notes.
pub(super) struct Plan {
    /// Notes that stay as they are.
    pub kept: Vec<Entry>,
    /// Notes to read.
    pub tasks: Vec<Task>,
    /// Notes that are gone.
    pub removed: Vec<Entry>,
    /// Folders and ignore files as they are now.
    pub folders: Vec<Folder>,
    /// What could not be looked at.
    pub skipped: Vec<Skipped>,
    /// When the look began.
    pub looked_at_ns: i64,
    /// The text of no note changed, but stamps did, or can be trusted from now on: worth
    /// writing down, or every query would look again.
    pub restamped: bool,
}

impl Plan {
    /// Finds the notes anew and compares them with what is known, whose entries it takes.
    ///
    /// # Errors
    /// As [`corpus::walk`].
    pub fn by_walk(
        selection: &Selection,
        mut before: Option<&mut Manifest>,
    ) -> Result<Self> {
        let looked_at_ns = now_ns();
        let endings: Vec<&str> =
            READERS.iter().flat_map(|r| r.endings).copied().collect();
        let racy_from = before.as_deref().map_or(i64::MAX, racy_from);
        let known = before.as_mut().map(|b| std::mem::take(&mut b.files));
        let known = known.unwrap_or_default();
        let (walked, states) = {
            let folders = before.as_deref().map_or(&[][..], |b| &b.folders);
            let known = KnownNotes::new(&known, folders, racy_from);
            (corpus::walk(selection, &endings, &known)?, known.into_states())
        };
        let mut plan = Self::empty(looked_at_ns);
        plan.take(&selection.roots, walked.found, known, states);
        if !walked.unlisted.is_empty() {
            // A disk that fails says nothing of what is there.
            let unlisted = |e: &Entry| {
                let file = corpus::absolute(&selection.roots[e.root as usize], &e.path);
                walked.unlisted.iter().any(|folder| file.starts_with(folder))
            };
            let (kept, gone) = plan.removed.into_iter().partition(unlisted);
            plan.removed = gone;
            let kept: Vec<Entry> = kept;
            plan.kept.extend(kept);
        }
        plan.restamped = before.is_none_or(|b| {
            b.folders != walked.folders
                || b.skipped != walked.skipped
                || b.folders.iter().any(|f| settled(&f.stamp, b, looked_at_ns))
        });
        (plan.folders, plan.skipped) = (walked.folders, walked.skipped);
        Ok(plan)
    }

    /// Takes what a walk says of the known notes, and what it found besides.
    fn take(
        &mut self,
        roots: &[PathBuf],
        found: Vec<Found>,
        mut known: Vec<Entry>,
        states: Vec<State>,
    ) {
        let mut again = FxHashMap::default();
        // Where they lie: memory that is new to the system costs more than to move them.
        let mut states_in_turn = states.iter().copied();
        let others =
            known.extract_if(.., |_| states_in_turn.next() != Some(State::Stands));
        let why = states.iter().filter(|state| **state != State::Stands);
        for (entry, state) in others.zip(why) {
            match state {
                State::Gone => self.removed.push(entry),
                _ => {
                    again.insert((entry.root, entry.path.clone()), entry);
                }
            }
        }
        self.kept = known;
        let mut files = Files::new(roots);
        for found in found {
            let file = files.at(found.root, &found.path).to_owned();
            let before = again.remove(&(found.root, found.path.clone()));
            self.tasks.push(Task { found, file, before });
        }
        self.tasks.sort_by(|a, b| {
            (a.found.root, &a.found.path).cmp(&(b.found.root, &b.found.path))
        });
    }

    /// Takes what stamps say of the known notes; no note came or went.
    fn by_look(before: &mut Manifest, look: Look) -> Self {
        let mut plan = Self::empty(look.looked_at_ns);
        let again: HashSet<usize> = look.changed.into_iter().chain(look.racy).collect();
        plan.kept = std::mem::take(&mut before.files);
        let mut ordinals = 0..;
        let is_other =
            |_: &mut Entry| ordinals.next().is_some_and(|i| again.contains(&i));
        let others = plan.kept.extract_if(.., is_other);
        plan.tasks = others.map(|entry| task(&before.selection, entry)).collect();
        plan.folders.clone_from(&before.folders);
        plan.skipped.clone_from(&before.skipped);
        plan
    }

    /// Finds what differs, as cheaply as the stamps allow. Takes the known entries.
    ///
    /// # Errors
    /// As [`corpus::walk`].
    pub fn by_stamps(before: &mut Manifest, look: Look) -> Result<Self> {
        match look.elsewhere {
            false => Ok(Self::by_look(before, look)),
            true => Self::by_walk(&before.selection.clone(), Some(before)),
        }
    }

    fn empty(looked_at_ns: i64) -> Self {
        Self {
            kept: vec![],
            tasks: vec![],
            removed: vec![],
            folders: vec![],
            skipped: vec![],
            looked_at_ns,
            restamped: false,
        }
    }

    /// Compares the bytes of notes that were only touched, or whose stamps prove nothing, with
    /// those that were indexed; those that are the same stay. Of notes with other stamps at
    /// most `most_changed` are read: with more, something did change.
    pub fn compare(&mut self, before: &Manifest, most_changed: usize) {
        let proven =
            |t: &Task| t.before.as_ref().is_none_or(|b| b.stamp != t.found.stamp);
        let many = self.tasks.iter().filter(|t| proven(t)).count() > most_changed;
        let largest_bytes = before.selection.largest_bytes;
        let (mut tasks, mut restamped) = (Vec::new(), false);
        for task in std::mem::take(&mut self.tasks) {
            // A disk that failed may have come back; one that fails still changed nothing.
            if let Some(before) = task.before.as_ref().filter(|b| b.is_unread())
                && before.stamp == task.found.stamp
                && corpus::look(&task.file, largest_bytes).is_none()
            {
                self.kept.push(before.clone());
                continue;
            }
            let known = task.before.as_ref().filter(|b| b.hash != 0);
            let known = known.filter(|_| !(many && proven(&task)));
            let seen = known.and_then(|_| corpus::look(&task.file, largest_bytes));
            match (known, seen) {
                (Some(known), Some((stamp, hash))) if hash == known.hash => {
                    restamped |= stamp != known.stamp
                        || settled(&stamp, before, self.looked_at_ns);
                    self.kept.push(Entry { stamp, ..known.clone() });
                }
                _ => tasks.push(task),
            }
        }
        self.restamped |= restamped;
        self.tasks = tasks;
    }

    /// Returns true where no text changed.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.removed.is_empty()
    }

    /// Returns how many notes differ.
    pub fn notes(&self) -> usize {
        self.tasks.len() + self.removed.len()
    }

    /// Returns the size of the notes to read, in bytes.
    pub fn bytes(&self) -> u64 {
        self.tasks.iter().map(|t| t.found.stamp.size_bytes).sum()
    }

    /// Returns the record of the notes once the tasks are done.
    pub fn manifest(self, selection: Selection, done: Vec<Done>) -> Manifest {
        let mut files = self.kept;
        files.extend(done.into_iter().map(|d| d.entry));
        files.sort_by(|a, b| (a.root, &a.path).cmp(&(b.root, &b.path)));
        let mut totals = Totals::default();
        for file in &files {
            totals.add(&file.totals);
        }
        let Self { folders, skipped, looked_at_ns, .. } = self;
        Manifest { selection, files, folders, skipped, looked_at_ns, totals }
    }
}

fn task(selection: &Selection, entry: Entry) -> Task {
    let root: &Path = &selection.roots[entry.root as usize];
    let file = corpus::absolute(root, &entry.path);
    let stamp = corpus::stamp(&file).unwrap_or_default();
    let found = Found { root: entry.root, path: entry.path.clone(), stamp };
    Task { found, file, before: Some(entry) }
}

/// From this time of change on, a stamp of a record proves nothing.
pub(super) fn racy_from(manifest: &Manifest) -> i64 {
    manifest.looked_at_ns - RACY_NS
}

/// Whether a stamp proved nothing at the look before and does now.
fn settled(stamp: &Stamp, before: &Manifest, looked_at_ns: i64) -> bool {
    stamp.changed_ns >= racy_from(before) && settled_at(stamp, looked_at_ns)
}

fn settled_at(stamp: &Stamp, looked_at_ns: i64) -> bool {
    stamp.changed_ns < looked_at_ns - RACY_NS
}

/// Returns the time, in nanoseconds since 1970.
pub(super) fn now_ns() -> i64 {
    #[allow(
        clippy::disallowed_methods,
        reason = "when files were looked at, not what is found"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64)
}
