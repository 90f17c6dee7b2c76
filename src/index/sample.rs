//! What notes say again and again, taken from some of them before all are written.

use super::hand::{ending, record};
use super::packed::{self, SAMPLE_BYTES};
use super::write::Task;
use crate::corpus;
use crate::markup;

/// At most this much of each note, so that many notes have a say.
const FROM_EACH_BYTES: usize = 8 << 10;

/// A sample is at most this long: records that are longer have enough to repeat in themselves.
const LONGEST_BYTES: usize = 4 << 10;

/// Makes a dictionary for packing records, from the records of notes evenly chosen. Notes that
/// cannot be read are passed over; the work itself says why.
pub(super) fn dictionary(tasks: &[Task], largest_bytes: u64) -> Vec<u8> {
    let step = tasks.len().div_ceil(SAMPLE_BYTES / FROM_EACH_BYTES).max(1);
    let mut samples = Vec::new();
    for Task { found, .. } in tasks.iter().step_by(step) {
        let Ok(note) = corpus::read(&found.file, largest_bytes) else { continue };
        let document = markup::sections(ending(&found.path), &note.text);
        let tags = document.tags.join("\n");
        let mut taken = 0;
        // Not the beginning, which is like no other part.
        for section in document.sections.iter().skip(document.sections.len() / 3) {
            let record = record(found, &document, section, &tags, &section.body, 0, 0);
            let mut bytes = record.own_bytes();
            bytes.truncate(LONGEST_BYTES);
            taken += bytes.len();
            samples.push(bytes);
            if taken >= FROM_EACH_BYTES {
                break;
            }
        }
    }
    packed::dictionary(&samples)
}
