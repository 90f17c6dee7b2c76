//! What notes say again and again, taken from some of them before all are written.

use super::packed::{self, SAMPLE_BYTES};
use super::shorthand;
use super::write::Task;
use crate::corpus;

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
    packed::dictionary(&samples)
}
