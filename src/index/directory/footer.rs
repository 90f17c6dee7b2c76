//! What the engine writes at the end of each of its files: `{"version":…,"crc":…}`, the length of
//! that and a magic number, in four bytes each.

use serde::Deserialize;

#[derive(Deserialize)]
struct Footer {
    /// CRC-32 of all before.
    crc: u32,
}

/// Returns true where a file has a footer and is what it was written as; reads all of it.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let checked = || {
        let (rest, _magic) = bytes.split_last_chunk::<4>()?;
        let (rest, len_bytes) = rest.split_last_chunk::<4>()?;
        let len_bytes = u32::from_le_bytes(*len_bytes) as usize;
        let (body, footer) = rest.split_at_checked(rest.len().checked_sub(len_bytes)?)?;
        let footer: Footer = serde_json::from_slice(footer).ok()?;
        Some(crc32fast::hash(body) == footer.crc)
    };
    checked().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_whole_and_nothing_else() {
        let body = b"positions";
        let footer = format!("{{\"version\":{{}},\"crc\":{}}}", crc32fast::hash(body));
        let mut file = body.to_vec();
        file.extend(footer.as_bytes());
        file.extend((footer.len() as u32).to_le_bytes());
        file.extend(1337u32.to_le_bytes());
        assert!(is_whole(&file));
        for end in 0..file.len() {
            assert!(!is_whole(&file[..end]), "{end}");
        }
        for at in 0..body.len() {
            let mut file = file.clone();
            file[at] ^= 0x41;
            assert!(!is_whole(&file), "{at}");
        }
    }
}
