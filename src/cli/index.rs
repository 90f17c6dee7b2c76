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
use crate::message::{self, Language, Message};

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
    config.is_index_apart &= paths.paths.is_empty();
    if !paths.glob.is_empty() {
        config.globs.clone_from(&paths.glob);
        let held = index::remembered_roots(&config.index);
        if !held.is_empty() && (config.is_index_apart || config.corpus.is_none()) {
            (config.corpus, config.is_index_apart) = (Some(held), false);
        }
    }
    let selection = selection(&config);
    let update = update(&config, selection, rebuild, true, terminal)?;
    terminal.notice(&summary(&update));
    if paths.verbose {
        for Skipped { path, why } in &update.skipped {
            terminal.notice(&message::skipped_file(path, Message::known(why)));
        }
    }
    Ok(Outcome::Done)
}

/// Returns which notes are meant, if anybody said. What an index holds that was named by itself
/// wins over the notes of the configuration, which belong to another.
pub fn selection(config: &Config) -> Option<Selection> {
    let holds_others =
        config.is_index_apart && !index::remembered_roots(&config.index).is_empty();
    config.selection().filter(|_| !holds_others)
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
            message::no_notes_there(root.display()),
            message::mend_notes(),
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
        scope.spawn(move || show(shown, &stop, terminal.language));
        let result = index::update(&job, &progress);
        drop(done);
        result
    })
}

/// How often the bar moves; a run shorter than this shows none.
const TICK: Duration = Duration::from_millis(120);

fn show(progress: &Progress, stop: &std::sync::mpsc::Receiver<()>, language: Language) {
    let mut bar: Option<ProgressBar> = None;
    while stop.recv_timeout(TICK) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        let bytes = progress.bytes.load(Ordering::Relaxed);
        let bar = bar.get_or_insert_with(|| {
            let style =
                "{spinner} {msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
            let style = ProgressStyle::with_template(style).expect("a valid template");
            ProgressBar::new(0).with_style(style)
        });
        let message = if progress.waiting.load(Ordering::Relaxed) > 0 {
            message::waiting()
        } else if bytes == 0 {
            message::looking()
        } else {
            let of = progress.files.load(Ordering::Relaxed);
            message::progress(progress.files_done.load(Ordering::Relaxed), of)
        };
        bar.set_length(bytes);
        bar.set_position(progress.bytes_done.load(Ordering::Relaxed));
        bar.set_message(message.text(language).to_owned());
        bar.tick();
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

/// One line: what was done, what is there now, what was skipped and why, how fast.
pub fn summary(update: &Update) -> Message {
    let files = update.added + update.changed + update.unchanged;
    let mut done = message::indexed(files, update.totals.sections);
    let mut changes = Vec::new();
    let mut change = |count: usize, said: fn(usize) -> Message| {
        if count > 0 {
            changes.push(said(count));
        }
    };
    change(update.added, message::new);
    change(update.changed, message::changed);
    change(update.removed, message::removed);
    change(update.unchanged, message::unchanged);
    if !changes.is_empty() {
        done = message::with_changes(done, Message::list(&changes));
    }
    let mut parts = vec![done];
    if !update.skipped.is_empty() {
        let reasons = reasons(&update.skipped);
        parts.push(message::skipped_for(update.skipped.len(), reasons));
    }
    let megabytes = update.bytes_read as f64 / 1e6;
    let per_second = megabytes / update.seconds.max(1e-9);
    parts.push(message::speed(
        format!("{megabytes:.1}"),
        format!("{:.2}", update.seconds),
        format!("{per_second:.1}"),
    ));
    let mut lines = Vec::new();
    if let Some(why) = update.rebuilt.as_ref().filter(|why| *why != "asked for") {
        lines.push(message::built_anew(Message::known(why)));
    }
    lines.push(Message::clauses(&parts));
    if let Some(why) = &update.unmerged {
        lines.push(message::not_merged(Message::known(why)));
    }
    Message::lines(&lines)
}

/// Reasons with how often each occurs, most frequent first.
fn reasons(skipped: &[Skipped]) -> Message {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for one in skipped {
        let why = one.why.split(':').next().unwrap_or_default();
        match counts.iter_mut().find(|(w, _)| *w == why) {
            Some((_, count)) => *count += 1,
            None => counts.push((why, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let named = counts.iter();
    let named = named.map(|(why, count)| message::counted(count, Message::known(why)));
    Message::list(&named.collect::<Vec<_>>())
}
