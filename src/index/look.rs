//! Whether the notes are as an index knows them, as far as stamps tell.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::manifest::{Entry, Manifest};
use super::plan::{now_ns, racy_from};
use crate::corpus::{self, Files, Folder};

/// What the stamps say.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// When the look began.
    pub looked_at_ns: i64,
    /// Ordinals of the notes with other stamps, in order.
    pub changed: Vec<usize>,
    /// Ordinals of the notes whose stamps stand but prove nothing yet, in order.
    pub racy: Vec<usize>,
    /// Notes are gone, or the stamp of a folder changed or proves nothing yet: more may have
    /// come or gone, and all of them have to be found anew.
    pub elsewhere: bool,
}

/// So many stamps a thread takes at a time, some 0.3 ms: the second one often begins late. Fewer
/// than two times as many are not worth a thread.
const AT_A_TIME: usize = 128;

/// What the stamp of a note says.
enum Says {
    Same,
    Changed,
    /// The same, which proves nothing.
    Racy,
    Gone,
}

impl Look {
    /// Looks at every file and folder that an index knows, without reading any: as long as all
    /// stamps stand, no note changed, came or went. Some 2 µs a note, on two threads. Folders
    /// first: where one changed, files are looked at by whoever finds them.
    pub fn at(manifest: &Manifest) -> Self {
        let looked_at_ns = now_ns();
        let racy_from = racy_from(manifest);
        let Manifest { folders, files, .. } = manifest;
        let all = folders.len() + files.len();
        let (next, elsewhere) = (AtomicUsize::new(0), AtomicBool::new(false));
        let work = || {
            let (mut changed, mut racy) = (Vec::new(), Vec::new());
            let mut paths = Files::new(&manifest.selection.roots);
            while !elsewhere.load(Ordering::Relaxed) {
                let start = next.fetch_add(AT_A_TIME, Ordering::Relaxed);
                for place in start..all.min(start + AT_A_TIME) {
                    let Some(file) = place.checked_sub(folders.len()) else {
                        if differs(&folders[place], racy_from) {
                            elsewhere.store(true, Ordering::Relaxed);
                        }
                        continue;
                    };
                    match says(&mut paths, &files[file], racy_from) {
                        Says::Same => {}
                        Says::Changed => changed.push(file),
                        Says::Racy => racy.push(file),
                        Says::Gone => elsewhere.store(true, Ordering::Relaxed),
                    }
                }
                if start >= all {
                    break;
                }
            }
            (changed, racy)
        };
        let (mut changed, mut racy) = match all <= 2 * AT_A_TIME {
            true => work(),
            false => std::thread::scope(|scope| {
                let other = scope.spawn(work);
                let (mut changed, mut racy) = work();
                let others = other.join().expect("looking at stamps does not panic");
                changed.extend(others.0);
                racy.extend(others.1);
                (changed, racy)
            }),
        };
        if elsewhere.into_inner() {
            return Self { looked_at_ns, elsewhere: true, ..Self::default() };
        }
        changed.sort_unstable();
        racy.sort_unstable();
        Self { looked_at_ns, changed, racy, elsewhere: false }
    }

    /// Returns true where the stamps prove that nothing changed.
    pub fn is_fresh(&self) -> bool {
        self.changed.is_empty() && self.racy.is_empty() && !self.elsewhere
    }
}

fn differs(folder: &Folder, racy_from: i64) -> bool {
    folder.stamp.changed_ns >= racy_from
        || corpus::stamp(&folder.path).unwrap_or_default() != folder.stamp
}

fn says(paths: &mut Files, entry: &Entry, racy_from: i64) -> Says {
    match corpus::stamp(paths.at(entry.root, &entry.path)) {
        None => Says::Gone,
        Some(stamp) if stamp != entry.stamp => Says::Changed,
        Some(stamp) if stamp.changed_ns >= racy_from => Says::Racy,
        Some(_) if entry.is_unread() => Says::Racy,
        Some(_) => Says::Same,
    }
}
