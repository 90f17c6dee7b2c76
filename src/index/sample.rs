//! What notes say again and again, taken from some of them before all are written.

use super::packed::DICTIONARY_BYTES;
use super::shorthand;
use super::write::Task;
use crate::corpus;

/// A dictionary is made of this much text: zstd's trainer takes 40 ms for it, twice that for twice as much,
/// which makes texts 0.5 % smaller.
const SAMPLE_BYTES: usize = 500_000;

/// At most this much of each note, so that many notes have a say: about a group of records.
const FROM_EACH_BYTES: usize = 6 << 10;

/// Makes a dictionary for packing records, from notes evenly chosen. Notes that cannot be read
/// are passed over; the work itself says why.
pub(super) fn dictionary(tasks: &[Task], largest_bytes: u64) -> Vec<u8> {
    let step = tasks.len().div_ceil(SAMPLE_BYTES / FROM_EACH_BYTES).max(1);
    let mut samples = Vec::new();
    for Task { file, .. } in tasks.iter().step_by(step) {
        let Ok(note) = corpus::read(file, largest_bytes) else { continue };
        // Not the beginning, which is like no other part.
        let text = note.text.as_str();
        let start = (text.len() / 3).min(text.len().saturating_sub(FROM_EACH_BYTES));
        let end = text.floor_char_boundary(start + FROM_EACH_BYTES);
        let mut sample = Vec::new();
        shorthand::write(&text[text.floor_char_boundary(start)..end], &mut sample);
        samples.push(sample);
    }
    // zstd refuses samples that are too few or all alike: then there is nothing to be gained.
    zstd::dict::from_samples(&samples, DICTIONARY_BYTES).unwrap_or_default()
}
