//! Text as it is packed: characters of Chinese text in one or two bytes instead of three.
//!
//! UTF-8 spends three bytes on a Chinese character, of which the compressor sees each by itself.
//! Here the most frequent take one byte and the others two, the frequent ones with few first
//! bytes: packed records are a tenth smaller, and a quarter less has to be unpacked.
//!
//! | bytes | what |
//! |---|---|
//! | `00`–`7F` | ASCII as it is |
//! | `80`–`9F` | one of the 32 most frequent characters |
//! | `A0`–`FE`, any | one of 24,320 others |
//! | `FF`, length, UTF-8 | what has no code |

use crate::text::number;

/// Characters by [`number`], two bytes each; made by the build script.
static CHARS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shorthand_chars.bin"));

/// What each of [`CHARS`] is searched as, two bytes each; 0 where that is not one character of
/// the basic plane.
static FOLDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shorthand_folded.bin"));

/// Codes of one byte. From none to 96 it makes a hundredth of the size; with so few all Chinese
/// characters of the basic plane have a code.
const SHORT: usize = 32;
const FIRST_SHORT: u8 = 0x80;
const FIRST_LONG: u8 = 0xA0;
const PLAIN: u8 = 0xFF;

/// Appends a text's shorthand.
pub(super) fn write(text: &str, out: &mut Vec<u8>) {
    // Where the length of the last stretch without codes stands.
    let mut plain = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii() {
            let (ascii, after) = rest.split_at(ascii_len_bytes(rest.as_bytes()));
            out.extend_from_slice(ascii.as_bytes());
            (rest, plain) = (after, None);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match number(c) {
            Some(number) if number < SHORT => out.push(FIRST_SHORT + number as u8),
            Some(number) => {
                let long = number - SHORT;
                out.extend([FIRST_LONG + (long >> 8) as u8, long as u8]);
            }
            None => {
                let len = c.len_utf8();
                let fits = |at: &usize| usize::from(out[*at]) + len <= u8::MAX.into();
                let at = plain.filter(fits).unwrap_or_else(|| {
                    out.extend([PLAIN, 0]);
                    out.len() - 1
                });
                out[at] += len as u8;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                plain = Some(at);
                continue;
            }
        }
        plain = None;
    }
}

/// A text as it is packed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shorthand<'a>(&'a [u8]);

/// Takes a text character by character, folded where that costs nothing.
pub trait Take {
    /// Takes characters of ASCII as they are written.
    fn ascii(&mut self, run: &[u8]);
    /// Takes what a character outside of ASCII is searched as.
    fn folded(&mut self, c: char);
    /// Takes a character outside of ASCII as it is written.
    fn written(&mut self, c: char);
}

impl<'a> Shorthand<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns the length of the shorthand.
    pub fn len_bytes(self) -> usize {
        self.0.len()
    }

    /// Hands each character on. What is damaged is passed over: whoever packed the text keeps a
    /// checksum.
    pub fn each(self, taker: &mut impl Take) {
        let mut bytes = self.0;
        while let Some((&first, rest)) = bytes.split_first() {
            let here = std::mem::replace(&mut bytes, rest);
            let number = match first {
                0..FIRST_SHORT => {
                    let (run, rest) = here.split_at(ascii_len_bytes(here));
                    taker.ascii(run);
                    bytes = rest;
                    continue;
                }
                FIRST_SHORT..FIRST_LONG => usize::from(first - FIRST_SHORT),
                FIRST_LONG..PLAIN => {
                    let Some((&second, rest)) = bytes.split_first() else { return };
                    bytes = rest;
                    long(first, second)
                }
                PLAIN => {
                    let Some((plain, rest)) = plain(bytes) else { return };
                    bytes = rest;
                    plain.chars().for_each(|c| taker.written(c));
                    continue;
                }
            };
            match entry(FOLDED, number) {
                Some(code) if code > 0 => {
                    char::from_u32(code.into()).into_iter().for_each(|c| taker.folded(c));
                }
                _ => character(number).into_iter().for_each(|c| taker.written(c)),
            }
        }
    }

    /// Appends the text as it is written, in UTF-8; `None` where the shorthand is damaged.
    pub(super) fn read(self, text: &mut String) -> Option<()> {
        let mut bytes = self.0;
        // Chinese text is half again as long as its shorthand, other text as long.
        text.reserve(bytes.len() + bytes.len() / 2);
        while let Some((&first, rest)) = bytes.split_first() {
            let (c, rest) = match first {
                0..FIRST_SHORT => {
                    let (ascii, rest) = bytes.split_at(ascii_len_bytes(bytes));
                    text.push_str(str::from_utf8(ascii).ok()?);
                    bytes = rest;
                    continue;
                }
                FIRST_SHORT..FIRST_LONG => {
                    (character(usize::from(first - FIRST_SHORT))?, rest)
                }
                FIRST_LONG..PLAIN => {
                    let (&second, rest) = rest.split_first()?;
                    (character(long(first, second))?, rest)
                }
                PLAIN => {
                    let (plain, rest) = plain(rest)?;
                    text.push_str(plain);
                    bytes = rest;
                    continue;
                }
            };
            text.push(c);
            bytes = rest;
        }
        Some(())
    }

    /// Returns whether the text contains another, character by character as it is written.
    pub fn contains(self, text: &str) -> bool {
        if text.chars().any(|c| !c.is_ascii() && number(c).is_none()) {
            return self.text().contains(text);
        }
        let mut sought = Vec::with_capacity(text.len());
        write(text, &mut sought);
        let finder = memchr::memmem::Finder::new(&sought);
        let mut at = 0;
        while let Some(found) = finder.find(&self.0[at..]) {
            let place = at + found;
            // The bytes may begin in the middle of a character.
            while at < place {
                at += match self.0[at] {
                    0..FIRST_LONG => 1,
                    FIRST_LONG..PLAIN => 2,
                    PLAIN => 2 + usize::from(self.0.get(at + 1).map_or(0, |&len| len)),
                };
            }
            if at == place {
                return true;
            }
            at = at.min(self.0.len());
        }
        false
    }

    /// Returns the text as it is written, as far as it is not damaged.
    pub fn text(self) -> String {
        let mut text = String::new();
        let _ = self.read(&mut text);
        text
    }
}

/// Returns how many bytes there are before the first that is not of ASCII.
#[inline]
pub fn ascii_len_bytes(bytes: &[u8]) -> usize {
    /// So many are looked at in one step: what a register holds everywhere.
    const AT_ONCE: usize = 16;
    let whole = bytes.chunks_exact(AT_ONCE).take_while(|chunk| chunk.is_ascii()).count();
    let rest = &bytes[whole * AT_ONCE..];
    whole * AT_ONCE + rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len())
}

#[inline]
fn long(first: u8, second: u8) -> usize {
    SHORT + (usize::from(first - FIRST_LONG) << 8 | usize::from(second))
}

/// Splits off what has no code, after its mark.
fn plain(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (&len, rest) = bytes.split_first()?;
    let (plain, rest) = rest.split_at_checked(len.into())?;
    Some((str::from_utf8(plain).ok()?, rest))
}

#[inline]
fn character(number: usize) -> Option<char> {
    char::from_u32(entry(CHARS, number)?.into())
}

#[inline]
fn entry(table: &[u8], number: usize) -> Option<u16> {
    table.get(2 * number..)?.first_chunk().map(|&entry| u16::from_le_bytes(entry))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::fold;

    #[derive(Default)]
    struct Taken(String);

    impl Take for Taken {
        fn ascii(&mut self, run: &[u8]) {
            assert!(run.is_ascii());
            self.0.push_str(&fold(str::from_utf8(run).expect("ASCII")));
        }

        fn folded(&mut self, c: char) {
            self.0.push(c);
        }

        fn written(&mut self, c: char) {
            self.0.push_str(&fold(c.encode_utf8(&mut [0; 4])));
        }
    }

    fn check(text: &str) {
        let mut bytes = Vec::new();
        write(text, &mut bytes);
        let short = Shorthand::new(&bytes);
        let mut read = String::new();
        assert_eq!(short.read(&mut read), Some(()));
        assert_eq!(read, text);
        let mut taken = Taken::default();
        short.each(&mut taken);
        assert_eq!(taken.0, fold(text));
        let ends: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        for part in ends.windows(4).step_by(1 + ends.len() / 64) {
            assert!(short.contains(&text[part[0]..part[3]]));
        }
        for other in ["三次握手", "ee-w", "的。", "é", "\u{80}"] {
            assert_eq!(short.contains(other), text.contains(other), "{other}");
        }
    }

    #[test]
    fn every_character_is_read_as_it_was_written() {
        let all: String = (0..=0x10_FFFFu32).filter_map(char::from_u32).collect();
        check(&all);
        for text in [
            "",
            "三次握手 three-way handshake。",
            "한국어 и 😀",
            "\0\u{7f}\u{80}\u{ffff}",
        ] {
            check(text);
        }
    }

    #[test]
    fn chinese_takes_two_bytes_a_character_at_most() {
        let mut bytes = Vec::new();
        write("的一是：缓存雪崩，與龘。（）", &mut bytes);
        assert!(bytes.len() < 2 * 14, "{bytes:?}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_written(text in ".*|[的一，a\u{e000}é😀]*") {
            check(&text);
        }

        #[test]
        fn damage_is_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..99)) {
            let short = Shorthand::new(&bytes);
            let _ = short.read(&mut String::new());
            let _ = short.contains("的a");
            short.each(&mut Taken::default());
        }
    }
}
