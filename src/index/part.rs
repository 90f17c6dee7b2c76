//! Long sections are indexed in parts, and so is what stands aside of them, so that one endless
//! section or comment neither fills the memory nor hides its best passage behind its length.

use std::ops::Range;

use super::hand::line_ends;

/// Sections up to this size are one document. Of 94,990 sections of real notes 0.2 % are longer.
pub const PART_BYTES: usize = 32 << 10;

/// Parts overlap by at most this much, so that a phrase across a border is whole in one of them.
pub const OVERLAP_BYTES: usize = 512;

/// Cuts a body into parts: byte ranges that cover it, each with the number of the line (from 0)
/// that it begins on. Cuts at line ends where it can. One range for a body that is not long.
pub fn parts(body: &str) -> Vec<(Range<usize>, u32)> {
    let mut parts = Vec::new();
    let (mut start, mut line) = (0, 0u32);
    loop {
        if body.len() - start <= PART_BYTES {
            parts.push((start..body.len(), line));
            return parts;
        }
        let limit = body.floor_char_boundary(start + PART_BYTES);
        let end = body[start..limit].rfind('\n').map_or(limit, |at| start + at + 1);
        // A line end in the first half would make the parts small: a long line follows.
        let end = if end - start < PART_BYTES / 2 { limit } else { end };
        parts.push((start..end, line));
        let earliest = body.floor_char_boundary(end - OVERLAP_BYTES);
        let line_end = body[earliest..end].find('\n').map(|at| earliest + at + 1);
        let next = line_end.filter(|&at| at < end).unwrap_or(earliest);
        line += line_ends(&body[start..next]);
        start = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, count: usize) {
        let parts = parts(body);
        assert_eq!(parts.len(), count);
        assert_eq!((parts[0].0.start, parts[count - 1].0.end), (0, body.len()));
        for pair in parts.windows(2) {
            assert!(pair[1].0.start < pair[0].0.end && pair[0].0.start < pair[1].0.start);
        }
        for (range, line) in &parts {
            assert_eq!(body[..range.start].matches('\n').count() as u32, *line);
            assert!(range.len() <= PART_BYTES);
        }
    }

    #[test]
    fn parts_cover_the_body_and_know_their_lines() {
        check("", 1);
        check("三次握手\nhandshake\n", 1);
        check(&"一行不长的字 and words\n".repeat(3000), 3);
        check(&"没有换行".repeat(9000), 4);
        check(&format!("短\n{}\n短\n", "x".repeat(PART_BYTES * 2)), 3);
    }
}
