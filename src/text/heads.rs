//! Which pairs and triples of characters are or begin a dictionary word, as tables of bits: the
//! build script fills them, the analyzer asks them before it walks the dictionary.
//!
//! They stay in the processor's cache, which the dictionary does not. Several pairs share a
//! place: what a table says of one may be a false alarm, never a miss.

/// Places in each table, two bits each: 256 KiB. One alarm of the pairs in ten is false, one of
/// the triples in six.
const PLACES: usize = 1 << 20;

/// Bytes of each table.
pub const TABLE_BYTES: usize = PLACES / 4;

/// It is a word itself.
pub const IS_WORD: u8 = 1;

/// A longer word begins with it.
pub const BEGINS: u8 = 2;

/// Returns the byte for a pair and how far its two bits are shifted in it.
#[inline]
pub fn pair(first: char, second: char) -> (usize, u32) {
    place((first as u64) << 32 | second as u64)
}

/// Returns the same for three characters.
#[inline]
pub fn triple(first: char, second: char, third: char) -> (usize, u32) {
    place(packed(first, second, third))
}

/// Three characters as a number.
#[inline]
pub fn packed(first: char, second: char, third: char) -> u64 {
    (first as u64) << 42 | (second as u64) << 21 | third as u64
}

/// Knuth's multiplicative hashing.
#[inline]
fn place(chars: u64) -> (usize, u32) {
    let place =
        chars.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - PLACES.trailing_zeros());
    (place as usize / 4, place as u32 % 4 * 2)
}
