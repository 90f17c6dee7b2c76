//! Notes from a seed: Chinese words as often as in real text, English, code, headings, lists.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// Words of the other half of the notes.
const ENGLISH: &str = "the of to and in is for with that are cache thread index memory \
    process server client request response query table lock queue network protocol \
    handshake connection timeout retry service object class method function HashMap \
    ThreadLocal ArrayList getUserById max_connections redis mysql python golang docker \
    kubernetes nginx linux kernel socket buffer stream running handles caching tested";

/// A note is about this long: the median of real ones.
const NOTE_BYTES: usize = 10_000;

/// xorshift64*: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }
}

/// Makes notes of this size in a folder, which is returned.
pub fn make(folder: &Path, bytes: usize, seed: u64) -> Outcome<PathBuf> {
    let words = words()?;
    let total = words.last().map_or(1, |(sum, _)| *sum);
    let english: Vec<&str> = ENGLISH.split_whitespace().collect();
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let chinese = |dice: &mut Dice| {
        let at = dice.below(total);
        let i = words.partition_point(|(sum, _)| *sum <= at);
        words[i].1.as_str()
    };
    let (mut written, mut number) = (0, 0);
    while written < bytes {
        let mut text = String::new();
        while text.len() < NOTE_BYTES {
            let depth = 1 + dice.below(3) as usize;
            let (a, b) = (chinese(&mut dice).to_owned(), chinese(&mut dice));
            writeln!(text, "{} {a}{b}\n", "#".repeat(depth))?;
            for _ in 0..=dice.below(4) {
                if dice.below(8) == 0 {
                    let (a, b) = (dice.below(40) as usize, dice.below(40) as usize);
                    let call = (english[a], english[b]);
                    writeln!(text, "```\nlet {} = {}(42);\n```\n", call.0, call.1)?;
                    continue;
                }
                for _ in 0..30 + dice.below(60) {
                    match dice.below(10) {
                        0..=6 => text.push_str(chinese(&mut dice)),
                        7 => text.push('，'),
                        _ => {
                            text.push(' ');
                            let i = dice.below(english.len() as u64) as usize;
                            text.push_str(english[i]);
                            text.push(' ');
                        }
                    }
                }
                text.push_str("。\n\n");
            }
        }
        let file = folder.join(format!("{:02}/{number}.md", number % 37));
        fs::create_dir_all(file.parent().ok_or("a parent")?)?;
        fs::write(&file, &text)?;
        written += text.len();
        number += 1;
    }
    Ok(folder.to_owned())
}

/// The words of jieba's dictionary, each with the sum of the frequencies up to it.
fn words() -> Outcome<Vec<(u64, String)>> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/jieba-dict.txt");
    let mut sum = 0;
    let mut words = Vec::new();
    for line in fs::read_to_string(file)?.lines() {
        let mut parts = line.split(' ');
        if let (Some(word), Some(freq)) = (parts.next(), parts.next()) {
            sum += freq.parse::<u64>()?;
            words.push((sum, word.to_owned()));
        }
    }
    Ok(words)
}
