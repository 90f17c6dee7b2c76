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

/// Characters in the order of their codes, two bytes each; made by the build script.
static CHARS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shorthand_chars.bin"));

/// Numbers of the characters of the basic plane, one more than their place in [`CHARS`], two
/// bytes each; 0 for those without a code.
static NUMBERS: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/shorthand_numbers.bin"));

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
    for c in text.chars() {
        let number = number(c).filter(|_| !c.is_ascii());
        match number {
            _ if c.is_ascii() => out.push(c as u8),
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

/// Returns the text that a shorthand stands for; `None` where it is damaged.
pub(super) fn read(mut bytes: &[u8]) -> Option<String> {
    // Chinese text is half again as long as its shorthand, other text as long.
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = match first {
            0..FIRST_SHORT => {
                let len = bytes.iter().position(|b| !b.is_ascii());
                let (ascii, rest) = bytes.split_at(len.unwrap_or(bytes.len()));
                text.push_str(str::from_utf8(ascii).ok()?);
                rest
            }
            FIRST_SHORT..FIRST_LONG => {
                text.push(character(usize::from(first - FIRST_SHORT))?);
                rest
            }
            FIRST_LONG..PLAIN => {
                let (&second, rest) = rest.split_first()?;
                let long = usize::from(first - FIRST_LONG) << 8 | usize::from(second);
                text.push(character(SHORT + long)?);
                rest
            }
            PLAIN => {
                let (&len, rest) = rest.split_first()?;
                let (plain, rest) = rest.split_at_checked(len.into())?;
                text.push_str(str::from_utf8(plain).ok()?);
                rest
            }
        };
    }
    Some(text)
}

#[inline]
fn number(c: char) -> Option<usize> {
    let entry = NUMBERS.get(2 * c as usize..)?.first_chunk::<2>()?;
    usize::from(u16::from_le_bytes(*entry)).checked_sub(1)
}

#[inline]
fn character(number: usize) -> Option<char> {
    let entry = CHARS.get(2 * number..)?.first_chunk::<2>()?;
    char::from_u32(u16::from_le_bytes(*entry).into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) {
        let mut bytes = Vec::new();
        write(text, &mut bytes);
        assert_eq!(read(&bytes).as_deref(), Some(text));
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
            let _ = read(&bytes);
        }
    }
}
