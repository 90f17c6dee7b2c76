//! Front matter: the `---` block at the very top of a note, read without a YAML library.
//!
//! Law: whatever is not plainly front matter is left to the Markdown reader.

use super::heading::TITLE_MAX_CHARS;

/// What the front matter says, and how much of the note it takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Front {
    /// Value of `title:`, without quotes; `None` where there is none or it is empty.
    pub(super) title: Option<String>,
    /// Values of `tags:` and its kin, without quotes and `#`, each once, in order.
    pub(super) tags: Vec<String>,
    tags_chars: usize,
    /// Length of the block in bytes, both fences and their line ends included.
    pub(super) len_bytes: usize,
    /// The same in lines.
    pub(super) line_count: u32,
}

/// Every section carries the tags of its note, so a million of them would be a million times a
/// million. In characters, of all tags together: room for fifty of twenty.
const TAGS_MAX_CHARS: usize = 1_000;

/// Keys whose values are tags.
const TAG_KEYS: &[&str] =
    &["tags", "tag", "category", "categories", "keywords", "keyword"];

/// Reads the front matter of `text`, which has no byte order mark any more.
///
/// Returns an empty `Front` where the first line is no fence, the fence is never closed, or
/// a line between the fences could not stand in YAML (then the note begins with a rule).
pub(super) fn read(text: &str) -> Front {
    let mut front = Front::default();
    let mut lines = text.split_inclusive('\n');
    let Some(fence) = lines.next().filter(|l| l.trim_end() == "---") else {
        return front;
    };
    let mut len_bytes = fence.len();
    let mut line_count = 1;
    let mut open = Key::Other;
    for line in lines {
        len_bytes += line.len();
        line_count += 1;
        let line = line.trim_end();
        if line == "---" || line == "..." {
            front.len_bytes = len_bytes;
            front.line_count = line_count;
            return front;
        }
        match line.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b' ' | b'\t' | b'-' | b']' | b'}') => front.continue_value(open, line),
            Some(_) => match line.split_once(':') {
                Some((key, value)) if is_key(key, value) => {
                    open = Key::of(key.trim());
                    front.begin_value(open, value);
                }
                Some(_) | None => return Front::default(),
            },
        }
    }
    Front::default()
}

#[derive(Clone, Copy, PartialEq)]
enum Key {
    Title,
    Tags,
    Other,
}

impl Key {
    fn of(name: &str) -> Self {
        let name = unquote(name).to_ascii_lowercase();
        if name == "title" {
            Self::Title
        } else if TAG_KEYS.contains(&name.as_str()) {
            Self::Tags
        } else {
            Self::Other
        }
    }
}

/// `key: value`, where a bare `key:value` is YAML for something else, as in `http://`.
fn is_key(key: &str, value: &str) -> bool {
    let fits =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '"' | '\'');
    // Longer "keys" are sentences with a colon in them.
    key.len() <= 60
        && key.chars().all(fits)
        && (value.is_empty() || value.starts_with([' ', '\t']))
}

impl Front {
    fn begin_value(&mut self, key: Key, value: &str) {
        let value = value.trim();
        match key {
            // `>` and `|` announce a value on the following lines.
            Key::Title if !value.starts_with(['>', '|']) => self.set_title(value),
            Key::Tags => self.add_tags(value),
            Key::Title | Key::Other => {}
        }
    }

    fn continue_value(&mut self, key: Key, line: &str) {
        match key {
            Key::Title if self.title.is_none() => self.set_title(line.trim()),
            Key::Tags => {
                // `- [a, b]` and `- - a` are lists in a list.
                self.add_tags(line.trim_start_matches([' ', '\t', '-']));
            }
            Key::Title | Key::Other => {}
        }
    }

    fn set_title(&mut self, value: &str) {
        let value = unquote(value);
        if !value.is_empty() {
            // All of the front matter is an aside of the first section: nothing is lost.
            self.title = Some(value.chars().take(TITLE_MAX_CHARS).collect());
        }
    }

    fn add_tags(&mut self, value: &str) {
        let value = value.trim().trim_start_matches('[').trim_end_matches(']');
        let hashed =
            !value.is_empty() && value.split_whitespace().all(|w| w.starts_with('#'));
        let is_separator = |c: char| {
            matches!(c, ',' | '，' | '、' | ';' | '；') || (hashed && c.is_whitespace())
        };
        for tag in value.split(is_separator) {
            let tag = unquote(unquote(tag.trim()).trim_start_matches('#').trim());
            let chars = self.tags_chars + tag.chars().count();
            let fits = chars <= TAGS_MAX_CHARS;
            if fits && !tag.is_empty() && !self.tags.iter().any(|t| t == tag) {
                self.tags_chars = chars;
                self.tags.push(tag.to_string());
            }
        }
    }
}

/// Takes one pair of quotes off.
fn unquote(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote))
        {
            return inner.trim();
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, title: Option<&str>, tags: &[&str], line_count: u32) {
        let front = read(text);
        assert_eq!(front.title.as_deref(), title, "title of {text:?}");
        assert_eq!(front.tags, tags, "tags of {text:?}");
        assert_eq!(front.line_count, line_count, "lines of {text:?}");
        let taken = text.split_inclusive('\n').take(line_count as usize);
        assert_eq!(
            front.len_bytes,
            taken.map(str::len).sum::<usize>(),
            "bytes of {text:?}"
        );
    }

    #[test]
    fn titles_and_tags_are_read_in_every_spelling() {
        check("---\ntitle: 缓存穿透\n---\n正文", Some("缓存穿透"), &[], 3);
        check("---\r\ntitle: \"Redis 缓存\"\r\n---\r\n", Some("Redis 缓存"), &[], 3);
        check(
            "---\ntitle: 'a: b'\ntags: [缓存, \"Redis\"]\n---",
            Some("a: b"),
            &["缓存", "Redis"],
            4,
        );
        check(
            "---\ntags: Redis, 缓存，高并发\n---",
            None,
            &["Redis", "缓存", "高并发"],
            3,
        );
        check("---\ntags: #redis #缓存\n---", None, &["redis", "缓存"], 3);
        check("---\ntag:\n  - Java\n  - '#锁'\n---\n", None, &["Java", "锁"], 5);
        check("---\ntags:\n- a b\n- c\n...\nx", None, &["a b", "c"], 5);
        check("---\ntags: [a,\n  b,\n  a]\n---", None, &["a", "b"], 5);
        check(
            "---\ncategory: 数据库\nkeywords: MySQL,索引\n---",
            None,
            &["数据库", "MySQL", "索引"],
            4,
        );
        check("---\ncategories:\n  - [后端, Java]\n---", None, &["后端", "Java"], 4);
        check("---\ntitle: >-\n  折叠的标题\n---", Some("折叠的标题"), &[], 4);
        check("---\nhead:\n  - - meta\n    - name: keywords\n---", None, &[], 5);
        check("---\n---\n", None, &[], 2);
    }

    #[test]
    fn what_every_section_would_carry_is_short() {
        let text = format!(
            "---\ntitle: {}\ntags: a, {}, 锁\n---\n",
            "长".repeat(2_000),
            "b".repeat(2_000)
        );
        check(&text, Some(&"长".repeat(TITLE_MAX_CHARS)), &["a", "锁"], 4);
    }

    #[test]
    fn what_is_no_front_matter_is_left_alone() {
        check("", None, &[], 0);
        check("---", None, &[], 0);
        check("---\ntitle: 没有结尾\n", None, &[], 0);
        check("\n---\ntitle: a\n---\n", None, &[], 0);
        check("---\n一段正文。\n---\n", None, &[], 0);
        check("---\nhttp://example.org\n---\n", None, &[], 0);
        check("----\ntitle: a\n---\n", None, &[], 0);
    }
}
