//! English word stems, with a memory: notes use few words often.

use rust_stemmers::Algorithm;

/// Begins the term of a stem, so that a stem is never mistaken for a word that was written.
pub const STEM_MARK: char = '~';

/// Words of fewer letters have no endings to lose.
const SHORTEST_STEMMED_CHARS: usize = 3;

/// Words up to this length are remembered: nearly all, and two fit into one cache line.
const REMEMBERED_BYTES: usize = 16;

/// Places in the memory, 40 bytes each: the everyday words of notes, in the processor's cache.
const PLACES: usize = 1 << 13;

/// Places for the few words of a query; 330 KB more would be the dearest part of asking.
const FIRST_PLACES: usize = 1 << 5;

/// Who has asked for so many stems has notes to read.
const MANY_WORDS: u32 = 256;

/// A word, its stem, and how long the stem is; 0 where it does not differ from the word.
#[derive(Clone, Copy, Default)]
struct Known {
    word: u128,
    stem: [u8; REMEMBERED_BYTES],
    stem_len_bytes: u8,
}

/// Snowball's English stemmer.
pub struct Stemmer {
    stemmer: rust_stemmers::Stemmer,
    /// Made when the first word comes. A later word takes the place of an earlier one.
    known: Vec<Known>,
    /// How many words came, as far as it matters.
    words: u32,
    long: String,
}

impl Default for Stemmer {
    fn default() -> Self {
        Self {
            stemmer: rust_stemmers::Stemmer::create(Algorithm::English),
            known: Vec::new(),
            words: 0,
            long: String::new(),
        }
    }
}

impl std::fmt::Debug for Stemmer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stemmer").field("known", &self.known.len()).finish()
    }
}

impl Stemmer {
    /// Returns the stem of a folded word where it differs from the word, else `None`.
    pub fn stem(&mut self, word: &str) -> Option<&str> {
        if word.len() < SHORTEST_STEMMED_CHARS
            || !word.bytes().all(|b| b.is_ascii_lowercase())
        {
            return None;
        }
        if word.len() > REMEMBERED_BYTES {
            let stem = self.stemmer.stem(word);
            self.long.clear();
            self.long.push_str(&stem);
            return (self.long != word).then_some(&self.long);
        }
        if self.words <= MANY_WORDS {
            match self.words {
                0 => self.known = vec![Known::default(); FIRST_PLACES],
                MANY_WORDS => self.known = vec![Known::default(); PLACES],
                _ => {}
            }
            self.words += 1;
        }
        let mut bytes = [0; REMEMBERED_BYTES];
        bytes[..word.len()].copy_from_slice(word.as_bytes());
        let bytes = u128::from_le_bytes(bytes);
        let place = place(bytes, self.known.len());
        let known = &mut self.known[place];
        if known.word != bytes {
            let stem = self.stemmer.stem(word);
            *known = Known { word: bytes, ..Known::default() };
            if stem != word && stem.len() <= REMEMBERED_BYTES {
                known.stem[..stem.len()].copy_from_slice(stem.as_bytes());
                known.stem_len_bytes = stem.len() as u8;
            }
        }
        let stem = &known.stem[..usize::from(known.stem_len_bytes)];
        let stem = std::str::from_utf8(stem).expect("stems of letters are letters");
        (!stem.is_empty()).then_some(stem)
    }
}

/// Where a word is remembered, of a power of two of places: Knuth's multiplicative hashing of
/// its two halves.
fn place(word: u128, places: usize) -> usize {
    let halves = (word >> 64) as u64 ^ (word as u64).rotate_left(31);
    let spread = halves.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (spread >> (64 - places.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_stems_are_those_of_the_stemmer() {
        let mut stemmer = Stemmer::default();
        let plain = rust_stemmers::Stemmer::create(Algorithm::English);
        let letters = "etaoinsrhldcumfpgwybvkxjqz".as_bytes();
        // More words than places, many of them again.
        for i in 0..60_000usize {
            let len = 3 + i % 19;
            let letter =
                |j: usize| char::from(letters[(i % 20_011 * (j + 3) + j * j) % 26]);
            let word: String = (0..len).map(letter).collect::<String>() + "ings";
            let stem = plain.stem(&word);
            assert_eq!(stemmer.stem(&word), (stem != word).then_some(&*stem), "{word}");
        }
        for word in ["running", "caches", "go", "C", "Running", "程序"] {
            let expected = match word {
                "running" => Some("run"),
                "caches" => Some("cach"),
                _ => None,
            };
            assert_eq!(stemmer.stem(word), expected, "{word}");
        }
    }
}
