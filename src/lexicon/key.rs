//! The form under which aliases are looked up: `Three-Way Handshakes` and `three way handshake`
//! have one key, `三次 握手` and `三次握手` another. Shared with the build script.

/// Keys lie in so many buckets, one or two in each: a search among all of them would read a dozen
/// pages of the program.
pub const BUCKETS: usize = 1 << 14;

/// Returns the bucket of a key (FNV-1a, Fowler, Noll, Vo 1991).
pub fn bucket(key: &str) -> usize {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = key.bytes().fold(START, |h, b| (h ^ u64::from(b)).wrapping_mul(PRIME));
    // The upper bits depend on all bytes.
    (hash >> 32) as usize % BUCKETS
}

/// Returns the key of a folded text: Latin words by their stems with one space between, Han
/// runs as they are, everything else left out. `stem` returns a word's stem.
pub fn key(folded: &str, mut stem: impl FnMut(&str) -> String) -> String {
    let mut key = String::with_capacity(folded.len());
    let mut word = String::new();
    let mut flush = |word: &mut String, key: &mut String| {
        if !word.is_empty() {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(&stem(word));
            word.clear();
        }
    };
    let mut after_word = false;
    for c in folded.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '+' | '#') {
            word.push(c);
        } else {
            after_word |= !word.is_empty();
            flush(&mut word, &mut key);
            if c.is_alphanumeric() {
                if std::mem::take(&mut after_word) {
                    key.push(' ');
                }
                key.push(c);
            }
        }
    }
    flush(&mut word, &mut key);
    key
}
