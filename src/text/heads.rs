//! Which pairs of characters are or begin a dictionary word, as tables of bits: the build script
//! fills them, the analyzer asks them before it walks the dictionary.
//!
//! They stay in the processor's cache, which the dictionary does not.

/// Pairs in the table, two bits each: 256 KiB, one answer in ten is a false alarm.
const PAIRS: usize = 1 << 20;

/// Bytes of the table of pairs.
pub const PAIR_BYTES: usize = PAIRS / 4;

/// The pair begins a word of three and more characters.
pub const BEGINS: u8 = 1;

/// The pair is a word itself.
pub const IS_WORD: u8 = 2;

/// Bits in the table of beginnings of three characters, 256 KiB: one in ten is a false alarm.
const TRIPLES: usize = 1 << 21;

/// Bytes of the table of triples.
pub const TRIPLE_BYTES: usize = TRIPLES / 8;

/// Knuth's multiplicative hashing: the upper `bits` bits.
#[inline]
fn spread(chars: u64, places: usize) -> usize {
    (chars.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - places.trailing_zeros())) as usize
}

/// Returns the byte for a pair and how far its two bits are shifted in it. Several pairs share
/// them.
#[inline]
pub fn pair(first: char, second: char) -> (usize, usize) {
    let place = spread(u64::from(first as u32) << 32 | u64::from(second as u32), PAIRS);
    (place / 4, place % 4 * 2)
}

/// Returns the byte and the bit for three characters.
#[inline]
pub fn triple(first: char, second: char, third: char) -> (usize, usize) {
    let [a, b, c] = [first, second, third].map(|c| u64::from(c as u32));
    let place = spread(a << 42 | b << 21 | c, TRIPLES);
    (place / 8, place % 8)
}
