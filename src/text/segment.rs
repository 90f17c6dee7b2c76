//! Chinese words: jieba's dictionary and jieba's algorithm (most probable path, without the
//! hidden Markov model), over a double array that needs no loading.
//!
//! Law: the cut of any run equals jieba-rs's, token for token (`tests/it/jieba.rs`).
//! Why not jieba-rs itself: its `new()` takes 90 to 140 ms and 33 MiB in every process.

use std::collections::HashMap;
use std::ops::Range;

use yada::DoubleArray;

use super::keys::{KEY_BYTES, LONGEST_CHARS, key};
use super::{heads, number};

/// By a name, which keeps it apart from what a search touches more of (`build/link.rs`). Its units of four
/// bytes lie in one line of the processor's cache each.
static TRIE_BYTES: Aligned<[u8; DICTIONARY.len()]> = Aligned(*DICTIONARY);

#[repr(align(64))]
struct Aligned<T>(T);

const DICTIONARY: &[u8; include_bytes!(concat!(env!("OUT_DIR"), "/dict.bin")).len()] =
    include_bytes!(concat!(env!("OUT_DIR"), "/dict.bin"));

static TRIE: DoubleArray<&'static [u8]> = DoubleArray(&TRIE_BYTES.0);

static PAIRS: &[u8; heads::TABLE_BYTES] =
    include_bytes!(concat!(env!("OUT_DIR"), "/pairs.bin"));

static TRIPLES: &[u8; heads::TABLE_BYTES] =
    include_bytes!(concat!(env!("OUT_DIR"), "/triples.bin"));

/// Sum of all frequencies of jieba's dictionary.
const TOTAL: u64 = include!(concat!(env!("OUT_DIR"), "/dict_total.rs"));

/// Frequency of a user's word given without one: as common as 数据库, so that it wins over its
/// parts.
const USER_WORD_FREQ: u32 = 3000;

/// A dictionary: jieba's, and the user's words on top.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    user: HashMap<String, u32>,
    longest_user_bytes: usize,
}

/// A Han run, as text and as the dictionary has it.
#[derive(Debug, Clone, Default)]
pub struct Run {
    text: String,
    keys: Vec<[u8; KEY_BYTES]>,
    /// Byte of the text on which each character begins.
    starts: Vec<usize>,
}

impl Run {
    /// A run of these characters.
    pub fn new(chars: impl Iterator<Item = char>) -> Self {
        let mut run = Self::default();
        run.fill(chars);
        run
    }

    /// Makes it a run of these characters.
    pub fn fill(&mut self, chars: impl Iterator<Item = char>) {
        self.clear();
        for c in chars {
            self.starts.push(self.text.len());
            self.keys.push(key_of(c));
            self.text.push(c);
        }
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.keys.clear();
        self.starts.clear();
    }

    /// True where it has no characters.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns the text from the character `at` on.
    #[inline]
    pub fn text_from(&self, at: usize) -> &str {
        &self.text[self.start(at)..]
    }

    /// Returns the byte of the text on which the character `at` begins; its length where there is
    /// none.
    #[inline]
    pub fn start(&self, at: usize) -> usize {
        self.starts.get(at).map_or(self.text.len(), |&start| start)
    }
}

/// What no word has.
const NO_KEY: [u8; KEY_BYTES] = [u8::MAX; KEY_BYTES];

#[inline]
fn key_of(c: char) -> [u8; KEY_BYTES] {
    number(c).map_or(NO_KEY, key)
}

/// What the tables say of characters: far cheaper than to look into the dictionary. Yes may be
/// a false alarm, no is true.
#[derive(Debug, Clone, Copy)]
pub struct Told(u8);

impl Told {
    /// What is told of a pair.
    #[inline]
    pub fn of_pair(first: char, second: char) -> Self {
        let (byte, shift) = heads::pair(first, second);
        Self(PAIRS[byte] >> shift)
    }

    /// What is told of three characters.
    #[inline]
    pub fn of_triple(chars: &[char; 3]) -> Self {
        let (byte, shift) = heads::triple(chars[0], chars[1], chars[2]);
        Self(TRIPLES[byte] >> shift)
    }

    /// Whether they are a word of jieba's dictionary.
    #[inline]
    pub fn is_word(self) -> bool {
        self.0 & heads::IS_WORD != 0
    }

    /// Whether longer words of jieba's dictionary begin with them.
    #[inline]
    pub fn begins(self) -> bool {
        self.0 & heads::BEGINS != 0
    }
}

/// Which words of three characters there are, as far as it was asked lately.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Three characters, and in the lowest bit whether they are a word.
    known: Vec<u64>,
}

/// Places in the memory, 64 KiB: the everyday words of notes, in the processor's cache.
const MEMORY_PLACES: usize = 1 << 13;

impl Memory {
    /// Returns whether these characters are a word of jieba's dictionary.
    #[inline]
    pub fn is_word(&mut self, chars: &[char; 3]) -> bool {
        let packed = heads::packed(chars[0], chars[1], chars[2]);
        if self.known.is_empty() {
            self.known = vec![0; MEMORY_PLACES];
        }
        let place = packed.wrapping_mul(SPREAD) >> (64 - MEMORY_PLACES.trailing_zeros());
        let known = &mut self.known[place as usize];
        if *known >> 1 != packed {
            let keys = chars.map(key_of);
            let word = TRIE.exact_match_search(keys.as_flattened());
            *known = packed << 1 | u64::from(word.is_some());
        }
        *known & 1 == 1
    }
}

/// Knuth's multiplicative hashing.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dictionary {
    /// Returns jieba's dictionary with the words of a jieba user dictionary: one word a line,
    /// optionally with a frequency. Words are folded; those with other than Han characters are
    /// passed over. Never fails: what is no word is passed over.
    pub fn with_user_words(lines: &str) -> Self {
        let mut dictionary = Self::default();
        for line in lines.lines().filter(|l| !l.trim_start().starts_with('#')) {
            let mut parts = line.split_whitespace();
            let Some(word) = parts.next() else { continue };
            let word = super::fold::fold(word);
            let freq =
                parts.next().and_then(|f| f.parse().ok()).unwrap_or(USER_WORD_FREQ);
            if word.chars().count() > 1
                && word.chars().all(|c| super::class(c) == super::Class::Gram)
            {
                dictionary.longest_user_bytes =
                    dictionary.longest_user_bytes.max(word.len());
                dictionary.user.insert(word, freq);
            }
        }
        dictionary
    }

    /// Calls `found` with the byte length and frequency of each dictionary word that begins with
    /// the run's character `at`, shortest first (a user's words after jieba's).
    #[inline]
    pub fn words_at(&self, run: &Run, at: usize, mut found: impl FnMut(usize, u32)) {
        let text = run.text_from(at);
        let end = run.keys.len().min(at + LONGEST_CHARS);
        for (freq, len) in TRIE.common_prefix_search(run.keys[at..end].as_flattened()) {
            let len_bytes = run.start(at + len / KEY_BYTES) - run.start(at);
            if self.user.is_empty() || !self.user.contains_key(&text[..len_bytes]) {
                found(len_bytes, freq);
            }
        }
        if self.longest_user_bytes > 0 {
            let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
            for end in ends.take_while(|&end| end <= self.longest_user_bytes) {
                if let Some(&freq) = self.user.get(&text[..end]) {
                    found(end, freq);
                }
            }
        }
    }

    /// True where there are words that the tables know nothing of.
    #[inline]
    pub fn has_user_words(&self) -> bool {
        self.longest_user_bytes > 0
    }

    /// Returns the frequency of a word, if it is one.
    pub fn freq(&self, word: &str) -> Option<u32> {
        self.user.get(word).copied().or_else(|| Self::jiebas_freq(word))
    }

    /// Returns the frequency of a word in jieba's dictionary, if it is one.
    pub fn jiebas_freq(word: &str) -> Option<u32> {
        let mut keys = [NO_KEY; LONGEST_CHARS];
        let mut len = 0;
        for c in word.chars() {
            *keys.get_mut(len)? = key_of(c);
            len += 1;
        }
        TRIE.exact_match_search(keys[..len].as_flattened())
    }

    /// Cuts a folded Han run into words, as byte ranges that tile it. Linear in its length.
    pub fn cut(&self, run: &str) -> Vec<Range<usize>> {
        self.cut_run(&Run::new(run.chars()))
    }

    /// As [`Dictionary::cut`].
    pub fn cut_run(&self, run: &Run) -> Vec<Range<usize>> {
        let text = run.text_from(0);
        let log_total = (TOTAL as f64).ln();
        // Best log probability of the rest from each byte on, and where the word there ends.
        let mut route = vec![(0.0f64, text.len()); text.len() + 1];
        for at in (0..run.keys.len()).rev() {
            let (start, single) = (run.start(at), run.start(at + 1));
            let mut best: Option<(f64, usize)> = None;
            self.words_at(run, at, |len_bytes, freq| {
                let end = start + len_bytes;
                let prob = f64::from(freq).ln() - log_total + route[end].0;
                if best.is_none_or(|(p, e)| prob > p || (prob == p && end > e)) {
                    best = Some((prob, end));
                }
            });
            route[start] = best.unwrap_or((0.0 - log_total + route[single].0, single));
        }
        let mut words = Vec::new();
        let mut start = 0;
        while start < text.len() {
            let end = route[start].1;
            words.push(start..end);
            start = end;
        }
        words
    }

    /// Returns the shorter dictionary words inside a word, as jieba's search mode has them:
    /// of two characters where the word is longer than two, of three where it is longer than
    /// three.
    pub fn inside(&self, word: &str) -> Vec<Range<usize>> {
        let mut ends: Vec<usize> = word.char_indices().map(|(i, _)| i).collect();
        ends.push(word.len());
        let chars = ends.len() - 1;
        let mut found = Vec::new();
        for len in 2..=3 {
            if chars > len {
                let spans = (0..=chars - len).map(|i| ends[i]..ends[i + len]);
                found.extend(spans.filter(|s| self.freq(&word[s.clone()]).is_some()));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(dictionary: &Dictionary, run: &str) -> String {
        let words = dictionary.cut(run);
        words.into_iter().map(|r| &run[r]).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn runs_are_cut_as_jieba_cuts_them() {
        for (run, words) in [
            ("数据库索引", "数据库/索引"),
            ("持久化", "持久/化"),
            ("我们中出了一个叛徒", "我们/中/出/了/一个/叛徒"),
            ("", ""),
            ("龘", "龘"),
        ] {
            assert_eq!(cut(&Dictionary::default(), run), words);
        }
    }

    #[test]
    fn a_users_word_changes_the_cut() {
        let dictionary =
            Dictionary::with_user_words("# mine\n持久化 5000\n雙寫一致性\nredis\n");
        assert_eq!(cut(&dictionary, "持久化"), "持久化");
        assert_eq!(cut(&dictionary, "双写一致性"), "双写一致性");
        assert_eq!(dictionary.freq("redis"), None);
    }

    #[test]
    fn shorter_words_inside_are_those_of_search_mode() {
        let dictionary = Dictionary::default();
        let word = "中华人民共和国";
        let inside: Vec<_> =
            dictionary.inside(word).into_iter().map(|r| &word[r]).collect();
        assert_eq!(inside, ["中华", "华人", "人民", "共和", "共和国"]);
    }
}
