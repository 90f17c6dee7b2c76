//! Terms as numbers of 64 bits: to compare two is one instruction, and most need no bytes.

/// Odd and without pattern (2^64 divided by the golden ratio): Knuth's multiplicative hashing.
pub(super) const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Keys from here on are hashes, see [`key`].
pub(super) const LONG: u64 = 0xF << 60;

/// Begins the key of a pair of characters, see [`pair`].
const PAIR: u64 = 0xA << 60;

/// The key of two characters: 21 bits each. A table has either these or [`key`] for pairs.
#[inline]
pub(super) fn pair(first: char, second: char) -> u64 {
    PAIR | u64::from(first as u32) << 21 | u64::from(second as u32)
}

/// The characters of [`pair`].
pub(super) fn of_pair(key: u64) -> Option<[char; 2]> {
    let at = |shift: u32| char::from_u32((key >> shift) as u32 & 0x1F_FFFF);
    if key & LONG == PAIR { Some([at(21)?, at(0)?]) } else { None }
}

/// A term in 8 bytes, never 0. The upper four bits say how the rest is to be read: up to seven
/// bytes and their length (0), two characters (10, see [`pair`]), three or four Han characters (12,
/// 14), up to twelve letters (13);
/// a hash of the few others (15).
#[inline]
pub(super) fn key(term: &[u8]) -> u64 {
    let len = term.len();
    if len >= 8 {
        let packed = match len {
            9 => han(term).map(|chars| chars | 0xC << 60),
            12 => han(term).map(|chars| chars | 0xE << 60),
            _ => None,
        };
        let packed = packed.or_else(|| letters(term));
        return packed.unwrap_or_else(|| hash(term) | LONG);
    }
    let four = |at: usize| {
        let bytes = term[at..at + 4].try_into().expect("four bytes");
        u64::from(u32::from_le_bytes(bytes))
    };
    let bytes = if len >= 4 {
        four(0) | four(len - 4) << (8 * (len - 4))
    } else {
        let at = |i: usize| u64::from(term[i]) << (8 * i);
        at(0) | at(len / 2) | at(len - 1)
    };
    bytes | (len as u64) << 56
}

/// Characters of three bytes from U+3000 to U+AFFF, 15 bits each: all common Han characters.
fn han(term: &[u8]) -> Option<u64> {
    let (chars, _) = term.as_chunks::<3>();
    chars.iter().try_fold(0, |packed, &[a, b, c]| {
        let [a, b, c] = [a, b, c].map(u32::from);
        let code = (a & 0xF) << 12 | (b & 0x3F) << 6 | c & 0x3F;
        let common = a & 0xF0 == 0xE0 && (0x3000..0xB000).contains(&code);
        common.then(|| packed << 15 | u64::from(code - 0x3000))
    })
}

/// Up to twelve of `a` to `z` and what follows it in ASCII to the mark of stems, five bits each.
fn letters(term: &[u8]) -> Option<u64> {
    if term.len() > 12 {
        return None;
    }
    let letter = |packed, byte: &u8| {
        (b'a'..=b'~').contains(byte).then(|| packed << 5 | u64::from(byte - b'`'))
    };
    let packed = term.iter().try_fold(0xD, letter);
    packed.map(|packed| packed << (5 * (12 - term.len())))
}

/// Collisions cost a comparison, no more.
fn hash(term: &[u8]) -> u64 {
    let mut hash = term.len() as u64;
    let mut mix = |bytes: [u8; 8]| {
        hash = (hash ^ u64::from_le_bytes(bytes)).wrapping_mul(SPREAD);
        hash ^= hash >> 32;
    };
    let (eights, _) = term.as_chunks::<8>();
    eights.iter().for_each(|e| mix(*e));
    // The last eight once more, instead of a rest of another length.
    mix(*term.last_chunk::<8>().expect("long terms are no shorter"));
    hash
}
