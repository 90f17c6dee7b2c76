//! Near copies do not fill the page: of sections that say the same, the best stays and the
//! others go below the hits that say something else.

use twox_hash::XxHash64;

use super::sheet::Judged;
use crate::error::Result;

/// How many of a text's smallest shingle hashes make its sketch (bottom-k sampling, Broder
/// 1997). 16 tell a share of 0.8 from 0.5 in most cases.
const SKETCH: usize = 16;

/// Characters of a shingle.
const SHINGLE_CHARS: usize = 8;

/// Sections shorter than this are alike by accident.
const SHORTEST_CHARS: usize = 40;

/// Only this much of a text is sketched.
const LONGEST_BYTES: usize = 4096;

/// Shared hashes from which on two sections are near copies.
const ALIKE: usize = 12;

/// Returns a sketch of a text; empty where it is too short to be told from others.
fn sketch(text: &str) -> Vec<u64> {
    let text = &text[..text.floor_char_boundary(LONGEST_BYTES)];
    let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    if chars.len() < SHORTEST_CHARS {
        return Vec::new();
    }
    let mut hashes: Vec<u64> = chars
        .windows(SHINGLE_CHARS)
        .map(|w| {
            let mut bytes = [0u8; 4 * SHINGLE_CHARS];
            for (slot, c) in bytes.chunks_exact_mut(4).zip(w) {
                slot.copy_from_slice(&(*c as u32).to_le_bytes());
            }
            XxHash64::oneshot(0, &bytes)
        })
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(SKETCH);
    hashes
}

fn alike(a: &[u64], b: &[u64]) -> bool {
    let least = ALIKE.min(a.len()).min(b.len()).max(1);
    a.iter().filter(|h| b.binary_search(h).is_ok()).count() >= least
}

/// Hits that a screen shows. Fixed, not what was asked for: pages are pieces of one list, so the
/// order must not depend on where a page begins or ends.
const PAGE: usize = 10;

/// Moves near copies within the first page below the others of the page. `text` reads the text
/// of a hit.
///
/// # Errors
/// What `text` fails with.
pub fn spread(
    judged: &mut [Judged],
    mut text: impl FnMut(&Judged) -> Result<String>,
) -> Result<()> {
    let page = PAGE.min(judged.len());
    let sketches: Result<Vec<_>> =
        judged[..page].iter().map(|j| text(j).map(|t| sketch(&t))).collect();
    let sketches = sketches?;
    let mut copies = vec![false; page];
    for i in 1..page {
        copies[i] = (0..i).any(|j| !copies[j] && alike(&sketches[j], &sketches[i]));
    }
    let mut order: Vec<usize> = (0..page).collect();
    order.sort_by_key(|&i| (copies[i], i));
    let mut place = vec![0; page];
    for (to, &from) in order.iter().enumerate() {
        place[from] = to;
    }
    // Follow each cycle of the permutation.
    for i in 0..page {
        while place[i] != i {
            let to = place[i];
            judged.swap(i, to);
            place.swap(i, to);
        }
    }
    Ok(())
}
