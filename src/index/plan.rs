//! What differs between an index and the notes: what to read, what to forget, what stays.

use std::collections::HashSet;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::manifest::{Entry, Manifest, Totals};
use super::write::{Done, Task};
use crate::corpus::{self, Folder, Found, Selection, Skipped, Stamp};
use crate::error::Result;
use crate::markup::READERS;

/// git's rule: a file changed this shortly before it was looked at may have changed once more
/// without a trace in its stamp, where the clock of the file system is coarse.
const RACY_NS: i128 = 2_000_000_000;

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
    pub looked_at_ns: i128,
    /// The text of no note changed, but stamps did, or can be trusted from now on: worth
    /// writing down, or every query would look again.
    pub restamped: bool,
}

/// What the stamps say.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// When the look began.
    looked_at_ns: i128,
    /// Ordinals of the notes with other stamps.
    changed: Vec<usize>,
    /// Ordinals of the notes whose stamps stand but prove nothing yet.
    racy: Vec<usize>,
    /// Notes are gone, or the stamp of a folder changed or proves nothing yet: more may have
    /// come or gone, and all of them have to be found anew.
    elsewhere: bool,
}

impl Look {
    /// Looks at every file and folder that an index knows, without reading any: as long as all
    /// stamps stand, no note changed, came or went. Some 2 µs a note, on two threads. Folders
    /// first: where one changed, files are looked at by whoever finds them.
    pub fn at(manifest: &Manifest) -> Self {
        let looked_at_ns = now_ns();
        let racy_from = racy_from(manifest);
        let roots = &manifest.selection.roots;
        let files = |from: usize, entries: &[Entry]| {
            let (mut changed, mut racy, mut gone) = (Vec::new(), Vec::new(), 0);
            for (i, entry) in (from..).zip(entries) {
                let file = corpus::absolute(&roots[entry.root as usize], &entry.path);
                match corpus::stamp(&file) {
                    Some(stamp) if stamp != entry.stamp => changed.push(i),
                    Some(stamp) if stamp.changed_ns >= racy_from => racy.push(i),
                    Some(_) if entry.is_unread() => racy.push(i),
                    Some(_) => {}
                    None => gone += 1,
                }
            }
            (changed, racy, gone)
        };
        let folder = |f: &Folder| {
            f.stamp.changed_ns >= racy_from
                || corpus::stamp(&f.path).unwrap_or_default() != f.stamp
        };
        if manifest.folders.iter().any(folder) {
            return Self { looked_at_ns, elsewhere: true, ..Self::default() };
        }
        let half = manifest.files.len() / 2;
        let (first, second) = manifest.files.split_at(half);
        std::thread::scope(|scope| {
            let second = scope.spawn(|| files(half, second));
            let (mut changed, mut racy, gone) = files(0, first);
            let (more_changed, more_racy, more_gone) =
                second.join().expect("looking at stamps does not panic");
            changed.extend(more_changed);
            racy.extend(more_racy);
            Self { looked_at_ns, changed, racy, elsewhere: gone + more_gone > 0 }
        })
    }

    /// Returns true where the stamps prove that nothing changed.
    pub fn is_fresh(&self) -> bool {
        self.changed.is_empty() && self.racy.is_empty() && !self.elsewhere
    }
}

impl Plan {
    /// Finds the notes anew and compares them with what is known.
    ///
    /// # Errors
    /// As [`corpus::walk`].
    pub fn by_walk(selection: &Selection, before: Option<&Manifest>) -> Result<Self> {
        let looked_at_ns = now_ns();
        let endings: Vec<&str> =
            READERS.iter().flat_map(|r| r.endings).copied().collect();
        let walked = corpus::walk(selection, &endings)?;
        let racy_from = before.map_or(i128::MAX, racy_from);
        let mut plan = Self::empty(looked_at_ns);
        // Both lists are sorted by root and path.
        let mut old = before.map_or(&[][..], |b| &b.files).iter().peekable();
        for found in walked.found {
            let key = (found.root, found.path.as_str());
            while let Some(gone) = old.next_if(|e| (e.root, e.path.as_str()) < key) {
                plan.removed.push(gone.clone());
            }
            let same = old.next_if(|e| (e.root, e.path.as_str()) == key);
            match same {
                Some(e)
                    if e.stamp == found.stamp
                        && e.stamp.changed_ns < racy_from
                        && !e.is_unread() =>
                {
                    plan.kept.push(e.clone());
                }
                before => plan.tasks.push(Task { found, before: before.cloned() }),
            }
        }
        plan.removed.extend(old.cloned());
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

    /// Takes what stamps say of the known notes; no note came or went.
    fn by_look(before: &Manifest, look: Look) -> Self {
        let mut plan = Self::empty(look.looked_at_ns);
        let again: HashSet<usize> = look.changed.into_iter().chain(look.racy).collect();
        for (i, entry) in before.files.iter().enumerate() {
            if again.contains(&i) {
                plan.tasks.push(task(before, entry));
            } else {
                plan.kept.push(entry.clone());
            }
        }
        plan.folders.clone_from(&before.folders);
        plan.skipped.clone_from(&before.skipped);
        plan
    }

    /// Finds what differs, as cheaply as the stamps allow.
    ///
    /// # Errors
    /// As [`corpus::walk`].
    pub fn by_stamps(before: &Manifest, look: Look) -> Result<Self> {
        match look.elsewhere {
            false => Ok(Self::by_look(before, look)),
            true => Self::by_walk(&before.selection, Some(before)),
        }
    }

    fn empty(looked_at_ns: i128) -> Self {
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
                && corpus::look(&task.found.file, largest_bytes).is_none()
            {
                self.kept.push(before.clone());
                continue;
            }
            let known = task.before.as_ref().filter(|b| b.hash != 0);
            let known = known.filter(|_| !(many && proven(&task)));
            let seen = known.and_then(|_| corpus::look(&task.found.file, largest_bytes));
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

fn task(before: &Manifest, entry: &Entry) -> Task {
    let root: &Path = &before.selection.roots[entry.root as usize];
    let file = corpus::absolute(root, &entry.path);
    let stamp = corpus::stamp(&file).unwrap_or_default();
    let found = Found { root: entry.root, path: entry.path.clone(), file, stamp };
    Task { found, before: Some(entry.clone()) }
}

/// From this time of change on, a stamp of a record proves nothing.
fn racy_from(manifest: &Manifest) -> i128 {
    manifest.looked_at_ns - RACY_NS
}

/// Whether a stamp proved nothing at the look before and does now.
fn settled(stamp: &Stamp, before: &Manifest, looked_at_ns: i128) -> bool {
    stamp.changed_ns >= racy_from(before) && settled_at(stamp, looked_at_ns)
}

fn settled_at(stamp: &Stamp, looked_at_ns: i128) -> bool {
    stamp.changed_ns < looked_at_ns - RACY_NS
}

fn now_ns() -> i128 {
    #[allow(
        clippy::disallowed_methods,
        reason = "when files were looked at, not what is found"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i128)
}
