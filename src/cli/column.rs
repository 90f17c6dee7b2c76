//! Where the first mark of a hit stands in its file: a snippet is what a reader sees, and has no
//! markup and not all of a long line.

use std::path::Path;

use crate::corpus;
use crate::render;
use crate::search::{Hit, Report};

/// So many characters before a mark tell it from others of the same line.
const CONTEXT_CHARS: usize = 8;

/// Looks the columns of all hits up, each in its file.
pub fn look_up(report: &mut Report, largest_bytes: u64) {
    for hit in &mut report.hits {
        hit.column = column(hit, &hit.file, largest_bytes);
    }
}

fn column(hit: &Hit, file: &Path, largest_bytes: u64) -> Option<u32> {
    let (line, _, seen) = render::place(hit);
    let mark = seen.marks.first()?.clone();
    let note = corpus::read(file, largest_bytes).ok()?;
    let line = note.text.split('\n').nth(line.checked_sub(1)?)?;
    let before = seen.text.get(..mark.start)?;
    let at = position(line, before, seen.text.get(mark)?)?;
    u32::try_from(at + 1).ok()
}

/// Returns the byte of `line` on which `marked` begins that has most of `before` before it.
fn position(line: &str, before: &str, marked: &str) -> Option<usize> {
    let context = before.char_indices().rev().take(CONTEXT_CHARS);
    let mut starts: Vec<usize> = context.map(|(at, _)| at).collect();
    starts.reverse();
    let behind = starts.into_iter().find_map(|start| {
        let context = &before[start..];
        let at = line.find(&format!("{context}{marked}"))?;
        Some(at + context.len())
    });
    // Markup right before it: as many stand before it there as here, where it is not cut.
    behind.or_else(|| {
        let mut found = line.match_indices(marked).map(|(at, _)| at);
        let first = found.next()?;
        let others = before.matches(marked).count();
        Some(others.checked_sub(1).and_then(|n| found.nth(n)).unwrap_or(first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_behind_markup() {
        for (line, before, marked, found) in [
            ("**SYN_SENT** 与 `SYN_SENT`", "", "SYN_SENT", 2),
            ("- **一**：锁与 `锁`", "一：锁与 ", "锁", 20),
            ("很长的一行，后面才有锁。", "…后面才有", "锁", 30),
            ("锁和锁", "锁和", "锁", 6),
        ] {
            assert_eq!(position(line, before, marked), Some(found), "{line}");
        }
        assert_eq!(position("没有", "", "锁"), None);
    }
}
