//! Kinds of characters: which are searched one by one, which make words.

/// What a folded character is to the lexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Written without spaces between words: Han, kana, Hangul. Searched by one and two.
    Gram,
    /// Letters and digits of scripts that put spaces between words, and `_`.
    Word,
    /// A sign that means something by itself: emoji, arrows, mathematics. Searched by one.
    Sign,
    /// Punctuation.
    Mark,
    /// White space and line ends.
    Space,
}

/// Of each character in ASCII.
static ASCII: [Class; 0x80] = {
    let mut classes = [Class::Mark; 0x80];
    let mut code = 0u8;
    while code < 0x80 {
        if code.is_ascii_alphanumeric() || code == b'_' {
            classes[code as usize] = Class::Word;
        } else if code == b' ' || matches!(code, 0x09..=0x0D) {
            classes[code as usize] = Class::Space;
        }
        code += 1;
    }
    classes
};

/// Returns the class of a folded character.
#[inline]
pub fn class(c: char) -> Class {
    match ASCII.get(c as usize) {
        Some(&class) => class,
        None if matches!(c, '\u{4E00}'..='\u{9FFF}') => Class::Gram,
        None => rare(c),
    }
}

fn rare(c: char) -> Class {
    match c as u32 {
        0x3400..=0x4DBF
        | 0x3005..=0x3007
        | 0x3041..=0x3096
        | 0x30A1..=0x30FA
        | 0x30FC..=0x318E
        | 0x31F0..=0x31FF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF => Class::Gram,
        // Punctuation of Chinese texts, which the last lines would look up in large tables.
        0x2010..=0x2027
        | 0x3001..=0x3003
        | 0x3008..=0x3020
        | 0xFF01..=0xFF0F
        | 0xFF1A..=0xFF20 => Class::Mark,
        0x2190..=0x24FF | 0x2580..=0x2BFF | 0x1F000..=0x1FAFF => Class::Sign,
        _ if c.is_alphanumeric() => Class::Word,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Mark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_neither_letters_nor_space() {
        for c in (0..0xFFFF).filter_map(char::from_u32) {
            let neither = !c.is_alphanumeric() && !c.is_whitespace();
            assert!(class(c) != Class::Mark || neither, "{c:?}");
        }
    }
}
