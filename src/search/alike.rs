//! Near copies do not fill the page: of sections that say the same, the best stays and the
//! others go below the hits that say something else.

use std::borrow::Cow;

use super::sheet::Judged;
use crate::error::Result;
use crate::index::ascii_len_bytes;

/// How many of a text's smallest shingle hashes make its sketch (bottom-k sampling, Broder
/// 1997). 16 tell a share of 0.8 from 0.5 in most cases.
const SKETCH: usize = 16;

/// So many of the smallest are enough for a full sketch, though shingles are repeated.
const SMALLEST: usize = 4 * SKETCH;

/// Characters of a shingle.
const SHINGLE_CHARS: usize = 8;

/// Base and last multiplier of the hash of a shingle: odd numbers with their bits well spread,
/// the golden ratio's of Knuth and the first one of MurmurHash3's finalizer.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
const MIX: u64 = 0xFF51_AFD7_ED55_8CCD;

/// Sections shorter than this are alike by accident.
const SHORTEST_CHARS: usize = 40;

/// Only this much of a text is sketched: sections that begin with the same 2 KB say the same.
const LONGEST_BYTES: usize = 2048;

/// Shared hashes from which on two sections are near copies.
const ALIKE: usize = 12;

/// True for letters and digits; most are of ASCII or Han, which need no table, and neither do the
/// commonest signs.
fn says(c: char) -> bool {
    match c {
        '，' | '。' | '、' | '：' | '；' | '？' | '！' | '（' | '）' | '“' | '”' => {
            false
        }
        '\0'..='\x7F' => c.is_ascii_alphanumeric(),
        '一'..='鿿' => true,
        _ => c.is_alphanumeric(),
    }
}

/// What [`says`] says of ASCII.
static SAYS: [bool; 128] = {
    let mut says = [false; 128];
    let mut byte = 0u8;
    while byte < 128 {
        says[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    says
};

/// Memory for the next sketch.
#[derive(Debug, Default)]
struct Desk {
    chars: Vec<u32>,
    hashes: Vec<u64>,
}

/// Returns a sketch of a text; empty where it is too short to be told from others.
fn sketch(text: &str, Desk { chars, hashes }: &mut Desk) -> Vec<u64> {
    let text = &text[..text.floor_char_boundary(LONGEST_BYTES)];
    hashes.clear();
    // Each is put where the next belongs, and stays there where it says something: which do is as
    // if by chance, and a processor that guesses it wrong waits longer.
    chars.resize(LONGEST_BYTES, 0);
    let mut count = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let run = ascii_len_bytes(rest.as_bytes());
        for &byte in &rest.as_bytes()[..run] {
            chars[count] = byte.into();
            count += usize::from(SAYS[usize::from(byte)]);
        }
        rest = &rest[run..];
        let others = rest.chars().take_while(|c| !c.is_ascii());
        let mut len_bytes = 0;
        for c in others {
            chars[count] = c.into();
            count += usize::from(says(c));
            len_bytes += c.len_utf8();
        }
        rest = &rest[len_bytes..];
    }
    let chars = &chars[..count];
    if chars.len() < SHORTEST_CHARS {
        return Vec::new();
    }
    // Nearly always among the smallest wanted; where chance had it otherwise, all are taken.
    let shingles = chars.len() - SHINGLE_CHARS + 1;
    let limit = match shingles / (2 * SMALLEST) {
        0 => u64::MAX,
        times => u64::MAX / times as u64,
    };
    hashes.reserve(shingles.min(4 * SMALLEST));
    each_shingle(chars, |hash| {
        if hash <= limit {
            hashes.push(hash);
        }
    });
    if hashes.len() < SMALLEST.min(shingles) {
        hashes.clear();
        each_shingle(chars, |hash| hashes.push(hash));
    }
    if hashes.len() > SMALLEST {
        hashes.select_nth_unstable(SMALLEST);
        hashes.truncate(SMALLEST);
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes[..SKETCH.min(hashes.len())].to_vec()
}

/// Calls `found` with the hash of each shingle.
fn each_shingle(chars: &[u32], mut found: impl FnMut(u64)) {
    // A polynomial over the window, moved on by a character (Karp, Rabin 1987), then mixed.
    let leaving = (0..SHINGLE_CHARS).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let Some((first, others)) = chars.split_at_checked(SHINGLE_CHARS) else { return };
    let add = |sum: u64, c: u32| sum.wrapping_mul(BASE).wrapping_add(c.into());
    let mut mixed = |sum: u64| found((sum ^ (sum >> 29)).wrapping_mul(MIX));
    let mut sum = first.iter().fold(0, |sum, &c| add(sum, c));
    mixed(sum);
    for (&gone, &c) in chars.iter().zip(others) {
        sum = add(sum, c).wrapping_sub(u64::from(gone).wrapping_mul(leaving));
        mixed(sum);
    }
}

fn alike(a: &[u64], b: &[u64]) -> bool {
    let least = ALIKE.min(a.len()).min(b.len()).max(1);
    a.iter().filter(|h| b.binary_search(h).is_ok()).count() >= least
}

/// Hits that a screen shows. Fixed, not what was asked for: pages are pieces of one list, so the
/// order must not depend on where a page begins or ends.
const PAGE: usize = 10;

/// What a hit says, and under which heading.
pub struct Said<'j> {
    pub text: Cow<'j, str>,
    /// The headings above it and its own.
    pub heading: Vec<&'j str>,
}

/// Of what one heading is over, the first piece stands for all where it is so good: what is written
/// after a fold continues what stands before it.
const AS_GOOD: f32 = 0.98;

/// Moves near copies within the first page, and further pieces of what one heading is over, below
/// the others of the page. `said` reads a hit.
///
/// # Errors
/// What `said` fails with.
pub fn spread(
    judged: &mut [Judged],
    said: impl for<'j> Fn(&'j Judged) -> Result<Said<'j>>,
) -> Result<()> {
    let page = PAGE.min(judged.len());
    let mut desk = Desk::default();
    let said: Result<Vec<Said>> = judged[..page].iter().map(said).collect();
    let said = said?;
    let sketches: Vec<_> = said.iter().map(|s| sketch(&s.text, &mut desk)).collect();
    let of_one = |a: usize, b: usize| {
        let (one, other) = (&judged[a], &judged[b]);
        one.line != other.line
            && (one.root, &one.path) == (other.root, &other.path)
            && said[a].heading == said[b].heading
    };
    let mut copies = vec![false; page];
    let mut rank: Vec<usize> = (0..page).collect();
    for i in 1..page {
        if let Some(first) = (0..i).find(|&j| !copies[j] && of_one(j, i)) {
            let is_before = judged[i].line < judged[first].line
                && judged[i].score >= AS_GOOD * judged[first].score;
            if is_before {
                rank[i] = rank[first];
            }
            copies[if is_before { first } else { i }] = true;
            continue;
        }
        copies[i] = (0..i).any(|j| !copies[j] && alike(&sketches[j], &sketches[i]));
    }
    let mut order: Vec<usize> = (0..page).collect();
    order.sort_by_key(|&i| (copies[i], rank[i], i));
    drop(said);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, same: bool) {
        let mut desk = Desk::default();
        let [a, b] = [a, b].map(|text| sketch(text, &mut desk));
        assert_eq!(a.len(), SKETCH);
        assert_eq!(alike(&a, &b), same);
    }

    #[test]
    fn near_copies_are_told_from_other_texts() {
        let chinese: String = (0..60)
            .map(|i| format!("第{i}次握手时客户端发出第{}个报文。", i * 7))
            .collect();
        let english: String = (0..60)
            .map(|i| format!("Step {i} sends packet {} to the peer. ", i * 7))
            .collect();
        for text in [&chinese, &english] {
            check(text, text, true);
            // White space and signs are no difference, nor is a remark at the end.
            check(
                text,
                &format!("{} 完。 The end!", text.replace(['。', '.'], " ; ")),
                true,
            );
            let other: String = text.chars().rev().collect();
            check(text, &other, false);
        }
        check(&chinese, &english, false);
        assert!(sketch("太短 too short", &mut Desk::default()).is_empty());
    }
}
