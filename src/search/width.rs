//! How many columns of a terminal a text takes.

use unicode_width::UnicodeWidthStr;

/// Returns the columns of a text. What nearly all texts are made of is counted here: the tables
/// of all of Unicode, which know sequences too, take eight times as long.
pub fn cols(text: &str) -> usize {
    let (mut cols, mut rest) = (0, text);
    loop {
        let ascii = rest.bytes().take_while(|b| matches!(b, b' '..=b'~')).count();
        cols += ascii;
        rest = &rest[ascii..];
        let Some(c) = rest.chars().next() else { return cols };
        cols += match c {
            '\u{4E00}'..='\u{9FFF}' | '、' | '。' | '\u{FF01}'..='\u{FF5E}' => 2,
            _ => return text.width(),
        };
        rest = &rest[c.len_utf8()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_tables() {
        for text in ["", "三次握手", "TCP 的，~！（1）", "a\tb", "“é”", "👩‍💻 好", "ﾃ한"]
        {
            assert_eq!(cols(text), text.width(), "{text}");
        }
        for c in (0..0x1_0000).filter_map(char::from_u32) {
            let text = format!("好{c}。");
            assert_eq!(cols(&text), text.width(), "{c:?}");
        }
    }
}
