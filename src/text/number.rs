//! Characters by how frequent they are.

/// Numbers of the characters of the basic plane from 1 on, two bytes each, made by the build script;
/// 0 for those that occur beside no Chinese.
static NUMBERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/numbers.bin"));

/// Returns the number of a character from 0 on, if it has one: signs of Chinese text and the
/// characters of jieba's words, the most frequent first, then the others.
#[inline]
pub fn number(c: char) -> Option<usize> {
    let entry = NUMBERS.get(2 * c as usize..)?.first_chunk::<2>()?;
    usize::from(u16::from_le_bytes(*entry)).checked_sub(1)
}
