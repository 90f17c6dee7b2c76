//! What an index knows of the notes, while a walk asks for each that it finds.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

use rustc_hash::FxHashMap;

use super::manifest::Entry;
use crate::corpus::{Folder, Known, Stamp};

/// The notes and folders that are known.
pub(super) struct KnownNotes<'a> {
    notes: &'a [Entry],
    /// Their ordinals, by root and path.
    places: FxHashMap<(u32, &'a str), usize>,
    /// What became of each.
    states: Vec<AtomicU8>,
    /// Folders and ignore files.
    folders: FxHashMap<&'a OsStr, &'a Stamp>,
    /// From this time of change on, a stamp proves nothing.
    racy_from: i64,
}

/// What became of a known note.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
pub(super) enum State {
    Gone,
    Stands,
    /// It is there, and has to be read.
    Read,
}

impl<'a> KnownNotes<'a> {
    pub fn new(notes: &'a [Entry], folders: &'a [Folder], racy_from: i64) -> Self {
        // To look each up takes a quarter of the time of putting all in order.
        let places = notes.iter().enumerate().map(|(i, e)| ((e.root, &*e.path), i));
        let states = std::iter::repeat_with(|| AtomicU8::new(State::Gone as u8));
        Self {
            notes,
            places: places.collect(),
            states: states.take(notes.len()).collect(),
            folders: folders.iter().map(|f| (f.path.as_os_str(), &f.stamp)).collect(),
            racy_from,
        }
    }

    /// Returns what became of each note, in their order.
    pub fn into_states(self) -> Vec<State> {
        let state = |state: AtomicU8| match state.into_inner() {
            s if s == State::Stands as u8 => State::Stands,
            s if s == State::Read as u8 => State::Read,
            _ => State::Gone,
        };
        self.states.into_iter().map(state).collect()
    }
}

impl Known for KnownNotes<'_> {
    fn note(&self, root: u32, path: &str, stamp: &Stamp) -> bool {
        let Some(&i) = self.places.get(&(root, path)) else { return false };
        let entry = &self.notes[i];
        let stands = entry.stamp == *stamp
            && stamp.changed_ns < self.racy_from
            && !entry.is_unread();
        let state = if stands { State::Stands } else { State::Read };
        self.states[i].store(state as u8, Ordering::Relaxed);
        stands
    }

    fn folder(&self, folder: &Path, stamp: &Stamp) -> bool {
        stamp.changed_ns < self.racy_from
            && self.folders.get(folder.as_os_str()).is_some_and(|known| *known == stamp)
    }

    fn ignore_file(&self, file: &Path) -> bool {
        self.folders.contains_key(file.as_os_str())
    }
}
