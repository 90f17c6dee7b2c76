//! What an index holds, on one page.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use super::status::Facts;
use super::terminal::Terminal;
use crate::config::Surroundings;
use crate::error::Result;
use crate::index::{Reader, TextField};
use crate::message::{self, Language, Message};
use crate::query::is_function_word;
use crate::render::paint::put;
use crate::render::{Ink, Role, width};
use crate::text::{Dictionary, STEM_MARK};

/// Columns of a bar at its longest.
const BAR_COLS: usize = 24;

/// Rows of notes that were skipped or guessed; the others are counted.
const LISTED: usize = 8;

/// Columns of the names of rows.
const NAME_COLS: usize = 11;

/// Returns the page.
pub fn write(facts: &Facts, home: &Surroundings, terminal: &Terminal) -> String {
    let mut page = Page {
        out: String::new(),
        ink: terminal.ink,
        width_cols: terminal.width_cols,
        language: terminal.language,
    };
    page.row(&message::status_index(), &Message::plain(home.shown(&facts.index)));
    let roots: Vec<String> = facts.roots.iter().map(|root| home.shown(root)).collect();
    page.row(&message::status_roots(), &Message::plain(roots.join(", ")));
    let size = size(facts.notes_bytes);
    let notes = message::notes_sections(facts.notes, facts.sections, size);
    page.row(&message::status_notes(), &notes);
    page.row(&message::status_words(), &message::words(facts.words));
    page.name(&message::status_chinese());
    page.bar(facts.han_percent, 100, &message::of_characters(facts.han_percent));
    let parts = facts.index_parts.iter().filter_map(|(name, bytes)| {
        let percent = bytes * 100 / facts.index_bytes.max(1);
        (percent > 0).then(|| message::part(Message::known(name), percent))
    });
    let parts = Message::list(&parts.collect::<Vec<_>>());
    let size = message::with_changes(self::size(facts.index_bytes), parts);
    page.row(&message::status_size(), &size);
    let fresh = match facts.fresh {
        true => message::up_to_date(),
        false => message::changed_since(facts.changed_at_least),
    };
    let age = Message::clauses(&[age(facts.looked_at), fresh]);
    page.row(&message::status_age(), &age);
    let encodings = facts.encodings.iter().map(|(name, count)| format!("{count} {name}"));
    let encodings = encodings.collect::<Vec<_>>().join(", ");
    page.row(&message::status_encodings(), &Message::plain(encodings));
    page.list(&facts.guessed);
    page.row(&message::status_skipped(), &Message::plain(facts.skipped.len()));
    page.list(&facts.skipped);
    page.chart(
        &message::most_frequent(),
        Role::Body,
        facts.frequent.iter().map(|(word, count)| {
            (word.clone(), u64::from(*count), Message::plain(count))
        }),
    );
    page.chart(
        &message::largest(),
        Role::Path,
        facts.largest.iter().map(|(path, bytes, sections)| {
            let text = message::size_sections(self::size(*bytes), sections);
            (path.clone(), *bytes, text)
        }),
    );
    page.chart(
        &message::fields(),
        Role::Body,
        facts.index_fields.iter().map(|(name, bytes)| {
            let name = Message::known(name).text(terminal.language).to_owned();
            (name, *bytes, Message::plain(self::size(*bytes)))
        }),
    );
    page.out
}

struct Page {
    out: String,
    ink: Ink,
    width_cols: usize,
    language: Language,
}

impl Page {
    fn name(&mut self, name: &Message) {
        let name = width::padded(name.text(self.language), NAME_COLS);
        put(&mut self.out, self.ink, Role::Title, &name);
    }

    fn row(&mut self, name: &Message, value: &Message) {
        self.name(name);
        put(&mut self.out, self.ink, Role::Body, value.text(self.language));
        self.out.push('\n');
    }

    fn list(&mut self, rows: &[(String, String)]) {
        for (path, text) in rows.iter().take(LISTED) {
            let known = Message::known(text);
            put(&mut self.out, self.ink, Role::Body, &" ".repeat(NAME_COLS));
            put(&mut self.out, self.ink, Role::Path, path);
            let text = format!(": {}", known.text(self.language));
            put(&mut self.out, self.ink, Role::Faint, &text);
            self.out.push('\n');
        }
        if rows.len() > LISTED {
            self.row(&Message::default(), &message::more(rows.len() - LISTED));
        }
    }

    /// Appends a title and a bar for each row, below an empty line; nothing without rows. Names
    /// are cut at the front where they are long.
    fn chart(
        &mut self,
        title: &Message,
        role: Role,
        rows: impl Iterator<Item = (String, u64, Message)>,
    ) {
        let most_cols = (self.width_cols / 3).max(12);
        let cut = |name: String| width::cut_start(&name, most_cols).into_owned();
        let rows: Vec<_> = rows.map(|(name, n, text)| (cut(name), n, text)).collect();
        let Some(most) = rows.iter().map(|(_, n, _)| *n).max() else { return };
        let widest = rows.iter().map(|(name, ..)| width::cols(name)).max().unwrap_or(0);
        self.out.push('\n');
        put(&mut self.out, self.ink, Role::Title, title.text(self.language));
        self.out.push('\n');
        for (name, n, text) in rows {
            let name = format!("  {}", width::padded(&name, widest + 2));
            put(&mut self.out, self.ink, role, &name);
            self.bar(n, most, &text);
        }
    }

    /// Appends a bar, the text that belongs to it, and a line break.
    fn bar(&mut self, part: u64, of: u64, text: &Message) {
        let longest_cols = BAR_COLS.min(self.width_cols / 3) as u64;
        // Eighths of a column: small differences are seen too.
        let eighths = (part * longest_cols * 8).div_ceil(of.max(1)) as usize;
        let mut bar = "█".repeat(eighths / 8);
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
        bar.push_str(rest);
        put(&mut self.out, self.ink, Role::Bar, &bar);
        let text = format!(" {}", text.text(self.language));
        put(&mut self.out, self.ink, Role::Faint, &text);
        self.out.push('\n');
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
fn age(looked_at: i64) -> Message {
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(looked_at.max(0) as u64);
    let seconds = SystemTime::now().duration_since(then).map_or(0, |age| age.as_secs());
    match seconds {
        0..60 => message::just_now(),
        60..120 => message::one_minute(),
        120..3_600 => message::minutes(seconds / 60),
        3_600..7_200 => message::one_hour(),
        7_200..86_400 => message::hours(seconds / 3_600),
        86_400..172_800 => message::one_day(),
        _ => message::days(seconds / 86_400),
    }
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
            index_fields: vec![
                ("record".to_owned(), 900_000),
                ("text".to_owned(), 90_000),
            ],
            words: 1_234,
            han_percent: 50,
            fresh: true,
            frequent: vec![("缓存".to_owned(), 8), ("redis".to_owned(), 2)],
            largest: vec![("网络/tcp.md".to_owned(), 2_000, 20)],
            skipped: vec![("a.bin".to_owned(), "not text".to_owned())],
            encodings: [("UTF-8".to_owned(), 2)].into(),
            ..Facts::default()
        };
        let home = Surroundings { home: Some("/家".into()), ..Surroundings::default() };
        let terminal = |language| {
            let mut terminal = Terminal::plain(language);
            terminal.width_cols = 72;
            terminal
        };
        let page = write(&facts, &home, &terminal(Language::English));
        for expected in [
            "index      ~/index\n",
            "notes      2, 30 sections, 2.5 kB\n",
            "Chinese    ████████████ 50 % of characters\n",
            "size       2.0 MB (texts 75 %, words 25 %)\n",
            "words      1234, a Chinese character counted as one\n",
            "skipped    1\n           a.bin: not text\n",
            "  缓存   ████████████████████████ 8\n  redis  ██████ 2\n",
            "  网络/tcp.md  ████████████████████████ 2.0 kB, 20 sections\n",
        ] {
            assert!(page.contains(expected), "{expected} in {page}");
        }
        let page = write(&facts, &home, &terminal(Language::Chinese));
        for expected in [
            "索引       ~/index\n",
            "笔记       2 篇，30 节，2.5 kB\n",
            "大小       2.0 MB（原文 75 %、词表 25 %）\n",
            "跳过       1\n           a.bin: 不是文本\n",
            "  存档  ████████████████████████ 900.0 kB\n  正文  ██▌ 90.0 kB\n",
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
