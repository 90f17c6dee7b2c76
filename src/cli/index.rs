//! `jian index` and `jian rebuild`.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::terminal::Terminal;
use super::{Outcome, usage};
use crate::config::Config;
use crate::corpus::{Selection, Skipped};
use crate::error::Result;
use crate::index::{self, Job, Progress, Update};

/// What can be said to `jian index`.
#[derive(Debug, Args)]
pub struct Flags {
    #[command(flatten)]
    paths: Paths,
    /// Build anew aside and swap in; searches keep answering meanwhile
    #[arg(long)]
    rebuild: bool,
}

/// Which notes.
#[derive(Debug, Args)]
pub struct Paths {
    /// Folders or files of notes; those of last time if none is given
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only notes that match, as in .gitignore, `!GLOB` excludes; can be repeated
    #[arg(long, value_name = "GLOB", allow_hyphen_values = true)]
    glob: Vec<String>,
    /// Name each skipped file and why
    #[arg(long, short)]
    verbose: bool,
}

/// Runs `jian index`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    work(&flags.paths, flags.rebuild, config, terminal)
}

/// Runs `jian rebuild`.
pub fn rebuild(paths: &Paths, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    work(paths, true, config, terminal)
}

fn work(
    paths: &Paths,
    rebuild: bool,
    config: &Config,
    terminal: &Terminal,
) -> Result<Outcome> {
    let mut config = config.clone();
    if !paths.paths.is_empty() {
        config.corpus = Some(paths.paths.iter().map(|p| config.here.join(p)).collect());
    }
    if !paths.glob.is_empty() {
        config.globs.clone_from(&paths.glob);
    }
    let selection = config.selection();
    let update = update(&config, selection, rebuild, true, terminal)?;
    terminal.notice(&summary(&update));
    if paths.verbose {
        for Skipped { path, why } in &update.skipped {
            terminal.notice(&format!("skipped `{path}`: {why}"));
        }
    }
    Ok(Outcome::Done)
}

/// Brings the index up to date, showing progress to a person.
///
/// # Errors
/// As [`index::update`].
pub fn update(
    config: &Config,
    selection: Option<Selection>,
    rebuild: bool,
    patient: bool,
    terminal: &Terminal,
) -> Result<Update> {
    if let Some(root) = selection.iter().flat_map(|s| &s.roots).find(|r| !r.exists()) {
        return Err(usage(
            format!(
                "cannot read the notes in `{}`: no such file or folder",
                root.display()
            ),
            "name the folder of your notes: `jian index PATH`",
        ));
    }
    let roots: Vec<PathBuf> = match &selection {
        Some(selection) => selection.roots.clone(),
        None => index::remembered_roots(&config.index),
    };
    let user_words = config.user_words(&roots);
    let job = Job {
        index: &config.index,
        selection,
        user_words: &user_words,
        rebuild,
        patient,
    };
    let progress = Progress::default();
    if !terminal.stderr_is_terminal {
        return index::update(&job, &progress);
    }
    std::thread::scope(|scope| {
        let (done, stop) = std::sync::mpsc::channel::<()>();
        let shown = &progress;
        scope.spawn(move || show(shown, &stop));
        let result = index::update(&job, &progress);
        drop(done);
        result
    })
}

/// How often the bar moves; a run shorter than this shows none.
const TICK: Duration = Duration::from_millis(120);

fn show(progress: &Progress, stop: &std::sync::mpsc::Receiver<()>) {
    let mut bar: Option<ProgressBar> = None;
    while stop.recv_timeout(TICK) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        let bytes = progress.bytes.load(Ordering::Relaxed);
        let bar = bar.get_or_insert_with(|| {
            let style =
                "{spinner} {msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
            let style = ProgressStyle::with_template(style).expect("a valid template");
            ProgressBar::new(0).with_style(style)
        });
        let (files, of) = (&progress.files_done, &progress.files);
        let message = if progress.waiting.load(Ordering::Relaxed) > 0 {
            "waiting for another jian to finish writing".to_owned()
        } else if bytes == 0 {
            "looking for notes".to_owned()
        } else {
            format!(
                "{}/{} notes",
                files.load(Ordering::Relaxed),
                of.load(Ordering::Relaxed)
            )
        };
        bar.set_length(bytes);
        bar.set_position(progress.bytes_done.load(Ordering::Relaxed));
        bar.set_message(message);
        bar.tick();
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

/// One line: what was done, what is there now, what was skipped and why, how fast.
pub fn summary(update: &Update) -> String {
    let totals = &update.totals;
    let files = update.added + update.changed + update.unchanged;
    let mut parts = vec![format!("{files} notes, {} sections", totals.sections)];
    let changes = [
        (update.added, "new"),
        (update.changed, "changed"),
        (update.removed, "removed"),
        (update.unchanged, "unchanged"),
    ];
    let changes: Vec<String> = changes
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    if !changes.is_empty() {
        parts.push(format!("({})", changes.join(", ")));
    }
    if !update.skipped.is_empty() {
        parts.push(format!(
            "{} skipped ({})",
            update.skipped.len(),
            reasons(&update.skipped)
        ));
    }
    let megabytes = update.bytes_read as f64 / 1e6;
    let speed = megabytes / update.seconds.max(1e-9);
    parts.push(format!("{megabytes:.1} MB in {:.2} s, {speed:.1} MB/s", update.seconds));
    let text = parts.join("; ").replace("; (", " (");
    match &update.rebuilt {
        Some(why) if why != "asked for" => format!("built anew, as {why}\n{text}"),
        _ => text,
    }
}

/// Reasons with how often each occurs, most frequent first.
fn reasons(skipped: &[Skipped]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for one in skipped {
        let why = one.why.split(':').next().unwrap_or_default();
        match counts.iter_mut().find(|(w, _)| *w == why) {
            Some((_, count)) => *count += 1,
            None => counts.push((why, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let named = counts.iter().map(|(why, count)| format!("{count} {why}"));
    named.collect::<Vec<_>>().join(", ")
}
