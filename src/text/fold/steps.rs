//! The folding steps, one function each. The build script runs them over every character of
//! Unicode and keeps the result as a table; at run time no step is executed.
//!
//! To add a step: write a function here, give it a row in [`STEPS`], raise its version when it
//! changes. The fingerprint of the index changes with it and old indexes are rebuilt.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One step: a name and version for the fingerprint, and what becomes of a short text.
pub struct Step {
    /// Short name, shown in the fingerprint.
    #[allow(dead_code)]
    pub name: &'static str,
    /// Raised whenever the step's outcome changes.
    #[allow(dead_code)]
    pub version: u32,
    /// What the step makes of the text that the steps before it made of one character.
    pub apply: fn(&str) -> String,
}

/// All steps in order.
pub const STEPS: &[Step] = &[
    Step { name: "invisible", version: 1, apply: invisible },
    Step { name: "width", version: 1, apply: width },
    Step { name: "case", version: 2, apply: case },
    Step { name: "mark", version: 1, apply: mark },
    Step { name: "script", version: 1, apply: script },
    Step { name: "punctuation", version: 1, apply: punctuation },
];

/// Returns what one character is searched as: none, one or several characters.
pub fn fold(c: char) -> String {
    STEPS.iter().fold(c.to_string(), |text, step| (step.apply)(&text))
}

/// True for Chinese characters in the ranges that a dictionary of words can hold.
pub fn is_ideograph(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF | 0x3005..=0x3007)
}

/// Zero-width and formatting characters say nothing; white space of any kind is a space.
fn invisible(text: &str) -> String {
    text.chars()
        .filter(|&c| {
            !matches!(c as u32, 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
                | 0xFEFF | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF)
        })
        .map(|c| if c.is_whitespace() && c != '\n' { ' ' } else { c })
        .collect()
}

/// Full and half width, ligatures and other compatibility forms: NFKC.
fn width(text: &str) -> String {
    text.nfkc().collect()
}

/// Lower case; the sigma that ends a word is one within it.
fn case(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

/// Drops accents from alphabets; Korean and Japanese keep theirs, they make other sounds.
fn mark(text: &str) -> String {
    let alphabet = |c: char| matches!(c as u32, 0xC0..=0x52F | 0x1E00..=0x1FFF);
    if text.chars().any(alphabet) {
        return text.nfd().filter(|&c| !is_combining_mark(c)).collect();
    }
    text.chars().filter(|&c| !matches!(c as u32, 0x300..=0x36F)).collect()
}

/// Traditional to simplified, one character for one.
fn script(text: &str) -> String {
    text.chars()
        .map(|c| {
            if !is_ideograph(c) {
                return c;
            }
            fast2s::convert(&c.to_string()).chars().next().unwrap_or(c)
        })
        .collect()
}

/// Quotes, dashes and dots that people type for one another.
fn punctuation(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '〝'
            | '〞' => '"',
            '‘' | '’' | '‚' | '‛' | '`' | '´' => '\'',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            '·' | '•' | '・' | '‧' | '∙' => '·',
            '【' | '〔' | '〖' => '[',
            '】' | '〕' | '〗' => ']',
            '、' => ',',
            '《' | '〈' => '<',
            '》' | '〉' => '>',
            c => c,
        })
        .collect()
}
