//! Characters as keys of the dictionary: two bytes each, the frequent ones side by side. Shared with
//! the build script.
//!
//! In UTF-8 a character is three steps in the dictionary, each to another place. So it is two, and
//! the words of frequent characters lie together: a query touches a third of the places.

/// Bytes of a character.
pub const KEY_BYTES: usize = 2;

/// Characters of jieba's longest word.
pub const LONGEST_CHARS: usize = 16;

/// Returns the key of a character by its number, from the most frequent on: no byte of it is 0,
/// which ends a key. At most 255² numbers.
#[inline]
pub fn key(number: usize) -> [u8; KEY_BYTES] {
    const DIGITS: usize = u8::MAX as usize;
    [(number / DIGITS + 1) as u8, (number % DIGITS + 1) as u8]
}
