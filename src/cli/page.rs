//! What an index holds, on one page.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use super::status::Facts;
use crate::error::Result;
use crate::index::{Reader, TextField};
use crate::query::is_function_word;
use crate::render::paint::put;
use crate::render::{Ink, Role, width};
use crate::text::{Dictionary, STEM_MARK};

/// Columns of a bar at its longest.
const BAR_COLS: usize = 24;

/// Rows of notes that were skipped or guessed; the others are counted.
const LISTED: usize = 8;

/// Returns the page.
pub fn write(facts: &Facts, ink: Ink, width_cols: usize) -> String {
    let mut page = Page { out: String::new(), ink, width_cols };
    page.row("index", &facts.index);
    page.row("notes in", &facts.roots.join(", "));
    let size = size(facts.notes_bytes);
    page.row("notes", &format!("{}, {} sections, {size}", facts.notes, facts.sections));
    page.name("Chinese");
    let text = format!("{:3} % of characters", facts.han_percent);
    page.bar(facts.han_percent, 100, &text);
    let parts = facts.index_parts.iter().map(|(name, bytes)| {
        format!("{name} {} %", bytes * 100 / facts.index_bytes.max(1))
    });
    let parts = parts.collect::<Vec<_>>().join(", ");
    page.row("size", &format!("{} ({parts})", self::size(facts.index_bytes)));
    let fresh = match facts.fresh {
        true => "up to date".to_owned(),
        false => format!(
            "{} notes or folders changed since: run `jian index`",
            facts.changed_at_least
        ),
    };
    page.row("age", &format!("{}; {fresh}", age(facts.looked_at)));
    let encodings = facts.encodings.iter().map(|(name, count)| format!("{count} {name}"));
    page.row("encodings", &encodings.collect::<Vec<_>>().join(", "));
    page.list(&facts.guessed);
    page.row("skipped", &facts.skipped.len().to_string());
    page.list(&facts.skipped);
    page.title("most frequent in headings", !facts.frequent.is_empty());
    let names: Vec<&str> = facts.frequent.iter().map(|(word, _)| word.as_str()).collect();
    let most = facts.frequent.first().map_or(1, |(_, count)| u64::from(*count));
    for (name, (_, count)) in page.padded(&names).iter().zip(&facts.frequent) {
        put(&mut page.out, ink, Role::Body, name);
        page.bar(u64::from(*count), most, &count.to_string());
    }
    page.title("largest notes", !facts.largest.is_empty());
    let names: Vec<&str> = facts.largest.iter().map(|(path, ..)| path.as_str()).collect();
    let most = facts.largest.first().map_or(1, |(_, bytes, _)| *bytes);
    for (name, (_, bytes, sections)) in page.padded(&names).iter().zip(&facts.largest) {
        put(&mut page.out, ink, Role::Path, name);
        page.bar(*bytes, most, &format!("{}, {sections} sections", self::size(*bytes)));
    }
    page.out
}

struct Page {
    out: String,
    ink: Ink,
    width_cols: usize,
}

impl Page {
    fn name(&mut self, name: &str) {
        put(&mut self.out, self.ink, Role::Title, &format!("{name:10} "));
    }

    fn row(&mut self, name: &str, value: &str) {
        self.name(name);
        put(&mut self.out, self.ink, Role::Body, value);
        self.out.push('\n');
    }

    fn title(&mut self, text: &str, is_shown: bool) {
        if is_shown {
            self.out.push('\n');
            put(&mut self.out, self.ink, Role::Title, text);
            self.out.push('\n');
        }
    }

    fn list(&mut self, rows: &[(String, String)]) {
        for (path, text) in rows.iter().take(LISTED) {
            put(&mut self.out, self.ink, Role::Body, "           ");
            put(&mut self.out, self.ink, Role::Path, path);
            put(&mut self.out, self.ink, Role::Faint, &format!(": {text}"));
            self.out.push('\n');
        }
        if rows.len() > LISTED {
            let more = rows.len() - LISTED;
            self.row("", &format!("{more} more: `jian status --json`"));
        }
    }

    /// Appends a bar, the text that belongs to it, and a line break.
    fn bar(&mut self, part: u64, of: u64, text: &str) {
        let longest_cols = BAR_COLS.min(self.width_cols / 3) as u64;
        // Eighths of a column: small differences are seen too.
        let eighths = (part * longest_cols * 8).div_ceil(of.max(1)) as usize;
        let mut bar = "█".repeat(eighths / 8);
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
        bar.push_str(rest);
        put(&mut self.out, self.ink, Role::Bar, &bar);
        put(&mut self.out, self.ink, Role::Faint, &format!(" {}", text.trim_start()));
        self.out.push('\n');
    }

    /// Returns names of one width, cut at the front where they are long.
    fn padded(&self, names: &[&str]) -> Vec<String> {
        let most_cols = (self.width_cols / 3).max(12);
        let cut: Vec<_> = names.iter().map(|n| width::cut_start(n, most_cols)).collect();
        let widest = cut.iter().map(|name| width::cols(name)).max().unwrap_or(0);
        let pad = |name: &str| " ".repeat(widest - width::cols(name));
        cut.iter().map(|name| format!("  {name}{}  ", pad(name))).collect()
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[allow(clippy::disallowed_methods, reason = "an age depends on the time")]
fn age(looked_at: i64) -> String {
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(looked_at.max(0) as u64);
    let seconds = SystemTime::now().duration_since(then).map_or(0, |age| age.as_secs());
    let (count, unit) = match seconds {
        0..60 => return "less than a minute".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Returns the most frequent words of headings, with how many sections have each. Parts of
/// longer words that hardly stand alone are left out, as are words that only ask.
///
/// # Errors
/// As [`Reader::terms_from`].
///
/// **Cost**: linear in the vocabulary of the headings.
pub fn frequent(reader: &Reader, most: usize) -> Result<Vec<(String, u32)>> {
    let dictionary = Dictionary::default();
    let mut counts: HashMap<String, u32> = HashMap::new();
    reader.terms_from(TextField::Title, "", |term, count| {
        if is_word(term, &dictionary) {
            *counts.entry(term.to_owned()).or_insert(0) += count;
        }
        true
    })?;
    let mut words: Vec<(String, u32)> = counts.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    // Some more than wanted, since some are parts of others.
    words.truncate(most * 4);
    let alone = |(word, count): &(String, u32)| {
        !words.iter().any(|(longer, other)| {
            longer.len() > word.len()
                && longer.contains(word.as_str())
                && other * 4 >= count * 3
        })
    };
    let kept: Vec<_> = words.iter().filter(|word| alone(word)).cloned().collect();
    Ok(kept.into_iter().take(most).collect())
}

/// True for a word that names something: of two letters or more, and where it is Han, in the
/// dictionary, since neighbours are terms too.
fn is_word(term: &str, dictionary: &Dictionary) -> bool {
    let is_named = term.chars().count() > 1
        && !term.starts_with(STEM_MARK)
        && term.chars().any(char::is_alphabetic)
        && !is_function_word(term);
    is_named && (term.is_ascii() || dictionary.freq(term).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_keeps_to_its_columns() {
        let facts = Facts {
            index: "/家/index".to_owned(),
            roots: vec!["/家/笔记".to_owned()],
            notes: 2,
            sections: 30,
            notes_bytes: 2_500,
            index_bytes: 2_000_000,
            index_parts: vec![("texts", 1_500_000), ("words", 500_000)],
            han_percent: 50,
            fresh: true,
            frequent: vec![("缓存".to_owned(), 8), ("redis".to_owned(), 2)],
            largest: vec![("网络/tcp.md".to_owned(), 2_000, 20)],
            skipped: vec![("a.bin".to_owned(), "not text".to_owned())],
            encodings: [("UTF-8".to_owned(), 2)].into(),
            ..Facts::default()
        };
        let page = write(&facts, Ink::Plain, 72);
        for expected in [
            "index      /家/index\n",
            "notes      2, 30 sections, 2.5 kB\n",
            "Chinese    ████████████ 50 % of characters\n",
            "size       2.0 MB (texts 75 %, words 25 %)\n",
            "skipped    1\n           a.bin: not text\n",
            "  缓存   ████████████████████████ 8\n  redis  ██████ 2\n",
            "  网络/tcp.md  ████████████████████████ 2.0 kB, 20 sections\n",
        ] {
            assert!(page.contains(expected), "{expected} in {page}");
        }
    }

    #[test]
    fn words_are_told_from_other_terms() {
        let dictionary = Dictionary::default();
        let check =
            |term, expected| assert_eq!(is_word(term, &dictionary), expected, "{term}");
        check("缓存", true);
        check("redis", true);
        check("存穿", false);
        check("缓", false);
        check("~redi", false);
        check("2024", false);
        check("什么", false);
        check("how", false);
    }
}
