//! Which pairs of characters begin a dictionary word of three and more, as a table of bits: the
//! build script fills it, the analyzer asks it before it walks the dictionary.

/// Bits in the table, 128 KiB: it stays in the processor's cache, which the dictionary does not,
/// and one pair in ten is a false alarm.
pub const BITS: usize = 1 << 20;

/// Returns the bit for a pair. Several pairs share one.
#[inline]
pub fn bit(first: char, second: char) -> usize {
    let pair = u64::from(first as u32) << 32 | u64::from(second as u32);
    // Knuth's multiplicative hashing.
    (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS.trailing_zeros())) as usize
}
