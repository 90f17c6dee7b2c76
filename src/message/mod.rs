//! What jian says to a person, in English and in Chinese.
//!
//! Law: every message is a row of `table.rs` or `phrases.rs` and nothing is said in one language only. A
//! [`Message`] holds both; whoever prints it chooses. Results in formats for programs, exit
//! codes and what is typed never depend on the language.

mod phrases;
mod table;

pub use phrases::PHRASES;
pub use table::*;

use std::fmt;

/// A language in which messages are said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Also where the locale is any other, or none.
    #[default]
    English,
    /// In simplified characters, whatever the region of the locale.
    Chinese,
}

impl Language {
    /// Returns the language of a locale's name, as `zh_CN.UTF-8` or `C`.
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match name.eq_ignore_ascii_case("zh") {
            true => Self::Chinese,
            false => Self::English,
        }
    }
}

/// Something to say, in each language. Does not implement `Display`: whoever says it chooses
/// a language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    english: String,
    chinese: String,
}

impl Message {
    /// Returns what reads the same in each language: a path, a number, a command.
    pub fn plain(text: impl fmt::Display) -> Self {
        let text = text.to_string();
        Self { english: text.clone(), chinese: text }
    }

    /// Returns English words that came from elsewhere, as from the system or out of the index,
    /// with their row of [`PHRASES`]; those without a row stay English.
    pub fn known(english: &str) -> Self {
        let chinese = PHRASES.iter().find_map(|(pattern, chinese)| {
            let found = captured(pattern, english)?;
            let known = |text: &&str| Self::known(text).chinese;
            Some(filled(chinese, &found.iter().map(known).collect::<Vec<_>>()))
        });
        Self {
            english: english.to_owned(),
            chinese: chinese.unwrap_or_else(|| english.to_owned()),
        }
    }

    /// Returns several messages with commas between them.
    pub fn list(parts: &[Self]) -> Self {
        Self::joined(parts, &comma())
    }

    /// Returns several messages with semicolons between them.
    pub fn clauses(parts: &[Self]) -> Self {
        Self::joined(parts, &semicolon())
    }

    /// Returns several messages, each on a line.
    pub fn lines(parts: &[Self]) -> Self {
        Self::joined(parts, &Self::plain('\n'))
    }

    fn joined(parts: &[Self], between: &Self) -> Self {
        let join = |language| {
            let parts: Vec<&str> = parts.iter().map(|p| p.text(language)).collect();
            parts.join(between.text(language))
        };
        Self { english: join(Language::English), chinese: join(Language::Chinese) }
    }

    /// Returns what is said in a language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

/// What can stand in a message: what reads the same in each language, or another message.
pub trait Said {
    /// Returns how it reads in a language.
    fn said(&self, language: Language) -> String;
}

impl<T: fmt::Display> Said for T {
    fn said(&self, _: Language) -> String {
        self.to_string()
    }
}

impl Said for Message {
    fn said(&self, language: Language) -> String {
        self.text(language).to_owned()
    }
}

impl Said for &Message {
    fn said(&self, language: Language) -> String {
        self.text(language).to_owned()
    }
}

/// A row of the table, for those who look it over.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The name of its function.
    pub name: &'static str,
    /// With `{slots}`.
    pub english: &'static str,
    /// With the same `{slots}`.
    pub chinese: &'static str,
}

/// Makes a function of each row, which takes what fills the slots. A slot that one language
/// lacks does not compile: its variable is not used.
macro_rules! messages {
    ($($name:ident($($slot:ident),*) $english:literal $chinese:literal;)*) => {
        $(
            #[doc = concat!("Returns “", $english, "”, “", $chinese, "”.")]
            #[allow(clippy::useless_format, reason = "rows with and without slots")]
            #[allow(rustdoc::all, reason = "what is said to people is no Markdown")]
            pub fn $name($($slot: impl $crate::message::Said),*) -> $crate::message::Message {
                $crate::message::Message {
                    english: {
                        $(let $slot = $slot.said($crate::message::Language::English);)*
                        format!($english)
                    },
                    chinese: {
                        $(let $slot = $slot.said($crate::message::Language::Chinese);)*
                        format!($chinese)
                    },
                }
            }
        )*

        /// All rows.
        pub const MESSAGES: &[$crate::message::Row] = &[
            $($crate::message::Row {
                name: stringify!($name),
                english: $english,
                chinese: $chinese,
            }),*
        ];
    };
}
use messages;

/// Cuts a pattern into what stands before, between and behind its slots.
fn literals(pattern: &str) -> Vec<&str> {
    let mut parts = pattern.split(['{', '}']);
    std::iter::from_fn(|| {
        let literal = parts.next();
        parts.next();
        literal
    })
    .collect()
}

/// Returns what fills the slots of a pattern in a text, none of it empty.
fn captured<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    // Nearly all patterns begin otherwise.
    let head = pattern.split('{').next().unwrap_or_default();
    if !text.starts_with(head) {
        return None;
    }
    let literals = literals(pattern);
    let (first, rest) = literals.split_first()?;
    let mut left = text.strip_prefix(first)?;
    let Some((last, between)) = rest.split_last() else {
        return left.is_empty().then(Vec::new);
    };
    let mut found = Vec::new();
    for literal in between {
        let (slot, after) = left.split_once(literal)?;
        found.push(slot);
        left = after;
    }
    found.push(left.strip_suffix(last)?);
    found.iter().all(|slot| !slot.is_empty()).then_some(found)
}

/// Fills the slots of a pattern in order.
fn filled(pattern: &str, slots: &[String]) -> String {
    let mut slots = slots.iter();
    let mut out = String::new();
    for (number, literal) in literals(pattern).into_iter().enumerate() {
        if number > 0 {
            out.push_str(slots.next().map_or("", String::as_str));
        }
        out.push_str(literal);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names in braces, in alphabetical order; doubled braces are braces.
    fn slots(text: &str) -> Vec<String> {
        let text = text.replace("{{", "").replace("}}", "");
        let inside = text.split('{').skip(1).filter_map(|part| part.split('}').next());
        let mut found: Vec<String> = inside.map(str::to_owned).collect();
        found.sort();
        found
    }

    fn is_han(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn the_language_is_that_of_the_locale() {
        let check = |locale, expected| {
            assert_eq!(Language::of_locale(locale), expected, "{locale}");
        };
        check("zh_CN.UTF-8", Language::Chinese);
        check("zh_TW", Language::Chinese);
        check("zh-Hans", Language::Chinese);
        check("zh", Language::Chinese);
        check("en_US.UTF-8", Language::English);
        check("za_CN.UTF-8", Language::English);
        check("C", Language::English);
        check("POSIX", Language::English);
        check("", Language::English);
    }

    #[test]
    fn each_row_is_in_both_languages_with_the_same_slots() {
        let phrases = PHRASES.iter().map(|(english, chinese)| ("", *english, *chinese));
        let messages = MESSAGES.iter().map(|row| (row.name, row.english, row.chinese));
        for (name, english, chinese) in messages.chain(phrases) {
            assert_eq!(slots(english), slots(chinese), "{name} {english}");
            // Separators have no words.
            let words = literals(english).concat();
            let is_separator = !words.contains(char::is_alphabetic);
            assert!(is_han(chinese) || english == chinese || is_separator, "{chinese}");
            assert!(!is_han(english) || english.contains("缺:"), "{name} {english}");
            assert!(!english.ends_with('.') && !chinese.ends_with('。'), "{english}");
        }
    }

    #[test]
    fn rows_are_unique() {
        for (number, row) in MESSAGES.iter().enumerate() {
            let same = MESSAGES.iter().position(|other| other.name == row.name);
            assert_eq!(same, Some(number), "{}", row.name);
        }
        for (number, (english, _)) in PHRASES.iter().enumerate() {
            let same = PHRASES.iter().position(|(other, _)| other == english);
            assert_eq!(same, Some(number), "{english}");
        }
    }

    #[test]
    fn slots_of_phrases_stand_in_the_same_order() {
        let in_order = |text: &str| -> Vec<String> {
            text.split(['{', '}']).skip(1).step_by(2).map(str::to_owned).collect()
        };
        for (english, chinese) in PHRASES {
            assert_eq!(in_order(english), in_order(chinese), "{english}");
        }
    }

    #[test]
    fn words_from_elsewhere_are_known_by_their_pattern() {
        let check = |english: &str, chinese: &str| {
            let message = Message::known(english);
            assert_eq!(message.text(Language::English), english);
            assert_eq!(message.text(Language::Chinese), chinese);
        };
        check("its checksum is wrong", "校验和不对");
        check(
            "cannot be read: Permission denied (os error 13)",
            "读不了：没有权限 (os error 13)",
        );
        check("too large: 70 MiB, the limit is 64 MiB", "太大：70 MiB，上限是 64 MiB");
        check("≈ GIL → 全局解释器锁", "≈ GIL → 全局解释器锁");
        check("`` has no value: read as a word", "`` has no value: read as a word");
    }

    #[test]
    fn messages_stand_in_messages() {
        let cause = Message::known("Permission denied (os error 13)");
        let message = cannot(Message::known("read the note"), "a.md", &cause);
        assert_eq!(
            message.text(Language::English),
            "cannot read the note `a.md`: Permission denied (os error 13)"
        );
        assert_eq!(
            message.text(Language::Chinese),
            "无法读取笔记 `a.md`：没有权限 (os error 13)"
        );
        let both = Message::list(&[cause, Message::plain(3)]);
        assert_eq!(both.text(Language::Chinese), "没有权限 (os error 13)、3");
    }
}
