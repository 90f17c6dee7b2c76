//! `jian watch`: keeps the index up to date while notes are edited.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use clap::Args;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::terminal::Terminal;
use super::{Outcome, index};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::index::remembered_roots;
use crate::message;

/// What can be said to `jian watch`.
#[derive(Debug, Args)]
pub struct Flags {
    /// Folders or files of notes; those of last time if none is given
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Editors save in several steps, tools write many files: what follows each other this closely
/// is one change.
const QUIET: Duration = Duration::from_millis(150);

/// A burst that does not end is indexed all the same after this time.
const LONGEST_BURST: Duration = Duration::from_secs(2);

/// The system may drop events, and may not be able to tell all (network folders): look anyway.
const LOOK_ANYWAY: Duration = Duration::from_secs(60);

/// How often to look where the system tells nothing.
const LOOK_OFTEN: Duration = Duration::from_secs(2);

enum Told {
    Touched,
    Stop,
}

/// Runs `jian watch` until it is interrupted or terminated, which is success.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let mut config = config.clone();
    if !flags.paths.is_empty() {
        let paths = flags.paths.iter().map(|p| config.here.join(p)).collect();
        config.corpus = Some(paths);
        config.is_index_apart = false;
    }
    let (tell, told) = mpsc::channel();
    stop_on_signals(tell.clone())?;
    // Watching begins before the first look, so that nothing falls in between.
    let roots = match index::selection(&config) {
        Some(selection) => selection.roots,
        None => remembered_roots(&config.index),
    };
    let watcher = watch(&roots, &config.index, tell);
    if let Err(e) = &watcher {
        let seconds = LOOK_OFTEN.as_secs();
        terminal.notice(&message::looking_instead(e, seconds));
    }
    let wait = if watcher.is_ok() { LOOK_ANYWAY } else { LOOK_OFTEN };
    let first = index::update(&config, index::selection(&config), false, true, terminal)?;
    terminal.notice(&index::summary(&first));
    // Why merging failed, said once: it is tried again at each look.
    let mut unmerged = first.unmerged;
    while !stopped(&told, wait) {
        match index::update(&config, index::selection(&config), false, true, terminal) {
            Ok(done) => {
                let any = done.added + done.changed + done.removed > 0;
                if any || done.unmerged.is_some() && done.unmerged != unmerged {
                    terminal.notice(&index::summary(&done));
                }
                unmerged = done.unmerged;
            }
            // A folder may come back, a disk may be freed: the next look tries again.
            Err(e) => terminal.error(&e),
        }
    }
    Ok(Outcome::Done)
}

/// Waits for a change and for the end of its burst. Returns true where it is time to stop.
fn stopped(told: &Receiver<Told>, wait: Duration) -> bool {
    match told.recv_timeout(wait) {
        Ok(Told::Stop) | Err(RecvTimeoutError::Disconnected) => return true,
        Err(RecvTimeoutError::Timeout) => return false,
        Ok(Told::Touched) => {}
    }
    let began = Instant::now();
    while began.elapsed() < LONGEST_BURST {
        match told.recv_timeout(QUIET) {
            Ok(Told::Touched) => {}
            Ok(Told::Stop) | Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
    false
}

/// The first signal lets an update end; the second does not wait, which the index survives.
fn stop_on_signals(tell: Sender<Told>) -> Result<()> {
    let again = AtomicBool::new(false);
    let stop = move || {
        if again.swap(true, Ordering::Relaxed) {
            std::process::exit(0);
        }
        // Nobody listens any more when the program is about to end.
        let _ = tell.send(Told::Stop);
    };
    let failed = Error::io("listen for signals in", ".".as_ref());
    ctrlc::set_handler(stop).map_err(|e| failed(std::io::Error::other(e)))
}

fn watch(
    roots: &[PathBuf],
    index: &Path,
    tell: Sender<Told>,
) -> notify::Result<RecommendedWatcher> {
    let index = index.canonicalize().unwrap_or_else(|_| index.to_owned());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<_>| {
        let touched = event.map_or(true, |event: notify::Event| {
            let read_only = matches!(event.kind, EventKind::Access(_));
            let ours = |path: &PathBuf| path.starts_with(&index);
            !read_only && (event.paths.is_empty() || !event.paths.iter().all(ours))
        });
        if touched {
            // Nobody listens any more when the program is about to end.
            let _ = tell.send(Told::Touched);
        }
    })?;
    for root in roots {
        // A file that is replaced on saving would take its watch with it.
        match root.parent().filter(|_| root.is_file()) {
            Some(folder) => watcher.watch(folder, RecursiveMode::NonRecursive)?,
            None => watcher.watch(root, RecursiveMode::Recursive)?,
        }
    }
    Ok(watcher)
}
