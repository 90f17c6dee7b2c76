//! Turns the project's readable tables into data that a process uses without loading:
//! the folding of every character, and jieba's dictionary as a double-array trie.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo so")]

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[path = "../src/lexicon/key.rs"]
mod key;
mod link;
#[path = "../src/text/fold/steps.rs"]
mod steps;

#[path = "../src/text/heads.rs"]
mod heads;

#[path = "../src/text/keys.rs"]
mod keys;

fn main() {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=src/text/fold/steps.rs");
    println!("cargo:rerun-if-changed=src/lexicon/key.rs");
    println!("cargo:rerun-if-changed=data");
    println!("cargo:rerun-if-changed=src/text/heads.rs");
    println!("cargo:rerun-if-changed=src/text/keys.rs");
    #[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts so")]
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fold_table(Path::new(&out));
    let numbers = shorthand(Path::new(&out));
    dictionary(Path::new(&out), &numbers);
    glossary(Path::new(&out));
    sounds(Path::new(&out));
    let mut hash = FNV_START;
    for file in ["fold.bin", "fold_longer.rs", "dict.bin", "sounds.bin"] {
        let bytes = fs::read(Path::new(&out).join(file)).expect("written above");
        hash =
            bytes.iter().fold(hash, |h, &b| (h ^ u64::from(b)).wrapping_mul(FNV_PRIME));
    }
    println!("cargo:rustc-env=JIAN_TEXT_TABLES={hash:016x}");
    link::flags(Path::new(&out));
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): enough to notice that a table changed.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// Marks in the table of 16-bit entries: "nothing stays" and "see the list of longer ones".
const DROPPED: u16 = 0xFFFE;
const LONGER: u16 = 0xFFFF;

fn fold_table(out: &Path) {
    let mut table = Vec::with_capacity(2 * 0x10000);
    let mut longer = String::from("&[\n");
    for code in 0..0x11_0000u32 {
        let Some(c) = char::from_u32(code) else {
            table.extend_from_slice(&DROPPED.to_le_bytes());
            continue;
        };
        let folded = steps::fold(c);
        let mut chars = folded.chars();
        let (first, second) = (chars.next(), chars.next());
        let entry = match (first, second) {
            (None, _) => DROPPED,
            (Some(f), None) if code < 0x10000 => {
                u16::try_from(f as u32).unwrap_or(LONGER)
            }
            _ => LONGER,
        };
        if code < 0x10000 {
            table.extend_from_slice(&entry.to_le_bytes());
        }
        let plain = first == Some(c) && second.is_none();
        if !plain && (entry == LONGER || code >= 0x10000) {
            writeln!(longer, "    ('\\u{{{code:x}}}', {folded:?}),")
                .expect("strings grow");
        }
    }
    longer.push(']');
    fs::write(out.join("fold.bin"), table).expect("OUT_DIR can be written");
    fs::write(out.join("fold_longer.rs"), longer).expect("OUT_DIR can be written");
}

/// Words of one Han run only: others never meet the segmenter, which is given Han runs. Their
/// frequencies still count in the total, or the probabilities would differ from jieba's.
fn dictionary(out: &Path, numbers: &BTreeMap<char, usize>) {
    let text = fs::read_to_string("data/jieba-dict.txt").expect("data/jieba-dict.txt");
    let mut total = 0u64;
    let mut words: Vec<(Vec<u8>, u32)> = Vec::with_capacity(350_000);
    for line in text.lines() {
        let mut parts = line.split(' ');
        let (Some(word), Some(freq)) = (parts.next(), parts.next()) else { continue };
        let freq: u32 = freq.parse().expect("a frequency is a whole number");
        total += u64::from(freq);
        // A word that folding changes can never occur in folded text.
        if word.chars().all(|c| steps::is_ideograph(c) && steps::fold(c) == c.to_string())
        {
            words.push((word.as_bytes().to_vec(), freq));
        }
    }
    words.sort();
    words.dedup_by(|later, first| later.0 == first.0);
    let mut pairs = vec![0u8; heads::TABLE_BYTES];
    let mut triples = vec![0u8; heads::TABLE_BYTES];
    for (word, _) in &words {
        let chars: Vec<char> =
            std::str::from_utf8(word).expect("from a text").chars().collect();
        let bits = |len| if chars.len() == len { heads::IS_WORD } else { heads::BEGINS };
        if let [a, b, ..] = chars[..] {
            let (byte, shift) = heads::pair(a, b);
            pairs[byte] |= bits(2) << shift;
        }
        if let [a, b, c, ..] = chars[..] {
            let (byte, shift) = heads::triple(a, b, c);
            triples[byte] |= bits(3) << shift;
        }
    }
    fs::write(out.join("pairs.bin"), pairs).expect("OUT_DIR can be written");
    fs::write(out.join("triples.bin"), triples).expect("OUT_DIR can be written");
    let keyed = words.iter().map(|(word, freq)| {
        let chars = std::str::from_utf8(word).expect("from a text").chars();
        let keys: Vec<u8> = chars.flat_map(|c| keys::key(numbers[&c])).collect();
        assert!(keys.len() <= keys::LONGEST_CHARS * keys::KEY_BYTES, "a longer word");
        (keys, *freq)
    });
    let mut keyed: Vec<(Vec<u8>, u32)> = keyed.collect();
    keyed.sort();
    let trie =
        yada::builder::DoubleArrayBuilder::build(&keyed).expect("sorted, unique keys");
    fs::write(out.join("dict.bin"), trie).expect("OUT_DIR can be written");
    fs::write(out.join("dict_total.rs"), total.to_string())
        .expect("OUT_DIR can be written");
}

/// Keys that two rows claim belong to the first: the files are read in the order of their names.
fn glossary(out: &Path) {
    let stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::English);
    let mut files: Vec<_> = fs::read_dir("data/glossary")
        .expect("data/glossary")
        .map(|entry| entry.expect("data/glossary can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "tsv"))
        .collect();
    files.sort();
    let mut keys = BTreeMap::new();
    let mut spelled = BTreeMap::new();
    let (mut rows, mut starts) = (String::new(), Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).expect("a glossary file");
        for line in text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let names: Vec<&str> = line
                .split('\t')
                .skip(1)
                .flat_map(|column| column.split('|'))
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .collect();
            for name in &names {
                let folded: String = name.chars().map(steps::fold).collect();
                spelled.entry(key::key(&folded, str::to_owned)).or_insert(starts.len());
                // The conditions are those of `text::Stemmer`.
                let stemmed =
                    |w: &str| w.len() >= 3 && w.bytes().all(|b| b.is_ascii_lowercase());
                let key = key::key(&folded, |w| match stemmed(w) {
                    true => stemmer.stem(w).into_owned(),
                    false => w.to_owned(),
                });
                keys.entry(key).or_insert(starts.len());
            }
            starts.push(rows.len());
            rows.push_str(&names.join("|"));
            rows.push('\n');
        }
    }
    // Spelled so goes before of one stem: `BIOS` is no `BIO`, an iterator no iteration.
    keys.extend(spelled);
    let mut buckets = vec![String::new(); key::BUCKETS];
    for (key, row) in &keys {
        let _ = writeln!(buckets[key::bucket(key)], "{key}\t{row}");
    }
    let mut ends = vec![0];
    ends.extend(buckets.iter().scan(0, |at, bucket| {
        *at += bucket.len();
        Some(*at)
    }));
    fs::write(out.join("glossary_keys.tsv"), buckets.concat())
        .expect("OUT_DIR can be written");
    fs::write(out.join("glossary_buckets.rs"), format!("&{ends:?}"))
        .expect("OUT_DIR can be written");
    fs::write(out.join("glossary_rows.txt"), rows).expect("OUT_DIR can be written");
    fs::write(out.join("glossary_starts.rs"), format!("&{starts:?}"))
        .expect("OUT_DIR can be written");
}

fn sounds(out: &Path) {
    use pinyin::ToPinyin;
    let plain = |c: char| Some(c.to_pinyin()?.plain().replace('ü', "v"));
    let characters = || (0x4E00..0xA000u32).filter_map(char::from_u32);
    let mut syllables: Vec<String> = characters().filter_map(plain).collect();
    syllables.sort();
    syllables.dedup();
    let mut table = Vec::new();
    for c in characters() {
        let number = plain(c).and_then(|s| syllables.binary_search(&s).ok());
        let number =
            number.map_or(0, |n| u16::try_from(n + 1).expect("some 400 syllables"));
        table.extend_from_slice(&number.to_le_bytes());
    }
    fs::write(out.join("sounds.bin"), table).expect("OUT_DIR can be written");
    fs::write(out.join("syllables.rs"), format!("&{syllables:?}")).expect("OUT_DIR");
    // The characters of each syllable, those of the most frequent words first.
    let mut weights = std::collections::HashMap::new();
    let dictionary =
        fs::read_to_string("data/jieba-dict.txt").expect("data/jieba-dict.txt");
    for line in dictionary.lines() {
        let Some((word, freq)) = line.split_once(' ') else { continue };
        let freq: u64 = freq.parse().expect("a frequency is a whole number");
        word.chars().for_each(|c| *weights.entry(c).or_insert(0u64) += freq);
    }
    let mut by_syllable = vec![Vec::new(); syllables.len()];
    for c in characters().filter(|c| steps::fold(*c) == c.to_string()) {
        if let (Some(sound), Some(weight)) = (plain(c), weights.get(&c))
            && let Ok(number) = syllables.binary_search(&sound)
        {
            by_syllable[number].push((std::cmp::Reverse(*weight), c));
        }
    }
    let lists = by_syllable.iter_mut().map(|list| {
        list.sort();
        list.iter().map(|(_, c)| *c).collect::<String>()
    });
    let lists: Vec<String> = lists.collect();
    fs::write(out.join("syllable_chars.rs"), format!("&{lists:?}")).expect("OUT_DIR");
}

/// Signs of Chinese text by how frequent they are; most are more so than most characters.
const SIGNS: &str = "，。、：；（）“”？！《》";

/// Codes of `src/index/shorthand.rs`: 32 of one byte, the others of two with 95 first bytes.
const CODES: usize = 32 + 95 * 256;

/// Numbers characters by how frequent they are: signs and the characters of jieba's words, then
/// all others that occur beside Chinese, in the order of Unicode. Returns the numbers.
fn shorthand(out: &Path) -> BTreeMap<char, usize> {
    let mut weights = BTreeMap::new();
    let dictionary =
        fs::read_to_string("data/jieba-dict.txt").expect("data/jieba-dict.txt");
    for line in dictionary.lines() {
        let Some((word, freq)) = line.split_once(' ') else { continue };
        let freq = freq.split(' ').next().and_then(|f| f.parse().ok());
        let freq: u64 = freq.expect("a frequency is a whole number");
        word.chars()
            .filter(|c| ('\u{80}'..='\u{ffff}').contains(c))
            .for_each(|c| *weights.entry(c).or_insert(0u64) += freq);
    }
    let mut frequent: Vec<_> = weights.into_iter().collect();
    frequent.sort_by_key(|&(c, weight)| (std::cmp::Reverse(weight), c));
    let others = [0x3000..0x3100u32, 0xFF00..0xFFF0, 0x2010..0x2040, 0x4E00..0xA000];
    let mut chars: Vec<char> = SIGNS.chars().collect();
    let known: std::collections::HashSet<char> = chars.iter().copied().collect();
    chars.extend(frequent.iter().map(|(c, _)| *c).filter(|c| !known.contains(c)));
    let known: std::collections::HashSet<char> = chars.iter().copied().collect();
    let others = others.into_iter().flatten().filter_map(char::from_u32);
    chars.extend(others.filter(|c| !known.contains(c)));
    assert!(chars.len() <= CODES, "more characters than codes");
    let mut numbers = vec![0u8; 2 * 0x10000];
    let mut table = Vec::with_capacity(2 * chars.len());
    let mut folded = Vec::with_capacity(2 * chars.len());
    for (i, &c) in chars.iter().enumerate() {
        let code = u16::try_from(u32::from(c)).expect("of the basic plane");
        table.extend_from_slice(&code.to_le_bytes());
        let searched = steps::fold(c);
        let mut searched = searched.chars();
        let one = match (searched.next(), searched.next()) {
            (Some(one), None) => u16::try_from(u32::from(one)).unwrap_or(0),
            _ => 0,
        };
        folded.extend_from_slice(&one.to_le_bytes());
        let number = u16::try_from(i + 1).expect("fewer than 65,536");
        let at = 2 * usize::from(code);
        numbers[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    for (name, table) in
        [("shorthand_chars", table), ("shorthand_folded", folded), ("numbers", numbers)]
    {
        let file = out.join(format!("{name}.bin"));
        fs::write(file, table).expect("OUT_DIR can be written");
    }
    chars.into_iter().zip(0..).collect()
}
