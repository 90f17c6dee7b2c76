//! The laws of the room, tried on texts that nobody would write.

use proptest::prelude::*;

use super::{Document, READERS, Section, markdown};

/// Pieces from which texts are mixed: markup whole and broken, Han, line ends, oddities.
const PIECES: &[&str] = &[
    "缓存",
    "穿透",
    "a",
    "Redis ",
    " ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\n\n\n",
    "# ",
    "\n## ",
    "\n#",
    "\n##标题",
    "\n#### **题：**\n",
    "\n---\n",
    "\n===\n",
    "**",
    "****",
    "*",
    "_",
    "__",
    "~",
    "~~",
    "`",
    "```",
    "\n```\n",
    "\n~~~\n",
    "- ",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n> ",
    "|",
    "\n|a|b|\n",
    "|--|--|\n",
    "[",
    "](",
    ")",
    "[x](y \"z\")",
    "![",
    "[^1]",
    "\n[^1]: ",
    "\n[r]: http://x\n",
    "<b>",
    "</b>",
    "<br>",
    "<",
    ">",
    "<div a=b>",
    "\n<div>\n",
    "</div>\n",
    "<!--",
    "-->",
    "\n<details>\n",
    "<summary>",
    "</summary>",
    "\n</details>\n",
    "\n<pre>",
    "</pre>",
    "&amp;",
    "&#10;",
    "&nbsp;",
    "\\",
    "？",
    "?",
    "：",
    ":",
    "。",
    "\n1、什么是锁？",
    "\n- 什么是栈？ 先进后出",
    "\n**什么是堆？**\n",
    "\nQ: 问\n",
    "\nA: 答\n",
    "\n问：",
    "\n答：",
    "•1.",
    "\0",
    "\u{feff}",
    "\u{3000}",
    "\u{a0}",
    "😀",
    "e\u{301}",
    "---\n",
    "title: 题\n",
    "tags: [a, b]\n",
    "- x\n",
    "{#id}",
    "$x_1$",
    "2**10",
];

fn mixture() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..60);
    pieces.prop_map(|pieces| pieces.concat())
}

fn body_lines(section: &Section) -> u32 {
    section.body.split('\n').count() as u32
}

fn check_laws(text: &str, document: &Document) {
    let sections = &document.sections;
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line_count = bare.split_terminator('\n').count() as u32;
    for (i, section) in sections.iter().enumerate() {
        let own_end = sections.get(i + 1).map_or(line_count, |next| next.line - 1);
        assert!(
            section.line >= 1 && section.line <= own_end,
            "empty section {section:?}"
        );
        if section.borrowed {
            assert!(section.end_line >= own_end && section.end_line <= line_count);
        } else {
            assert_eq!(section.end_line, own_end, "a gap after {section:?}");
        }
        if !section.body.is_empty() {
            assert!(section.body_line >= section.line, "{section:?}");
            let last = section.body_line + body_lines(section) - 1;
            assert!(last <= section.end_line, "body beyond its section: {section:?}");
        }
        for code in &section.code {
            assert!(
                code.start < code.end && code.end <= body_lines(section),
                "{section:?}"
            );
        }
        assert!(section.depth <= 7 && section.link_percent <= 100);
        assert!(!section.title.contains('\n') && section.title.chars().count() <= 400);
        assert!(
            !section.aside.ends_with('\n') && !section.body.contains('\r'),
            "{section:?}"
        );
    }
}

/// Every run of Han in the source is in the section its line belongs to.
fn check_complete(text: &str, document: &Document) {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (number, line) in (1..).zip(text.split('\n')) {
        for run in line.split(|c| !is_han(c)).filter(|run| !run.is_empty()) {
            let owner = document.sections.iter().rev().find(|s| s.line <= number);
            let owner = owner
                .unwrap_or_else(|| panic!("line {number} is in no section: {text:?}"));
            let own = if owner.borrowed { "" } else { owner.body.as_str() };
            let found =
                [owner.title.as_str(), own, &owner.aside].iter().any(|t| t.contains(run));
            assert!(found, "{run:?} of line {number} is lost in {text:?}: {owner:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_tiled(text in mixture()) {
        for reader in READERS {
            let document = (reader.read)(&text);
            check_laws(&text, &document);
            check_complete(&text, &document);
        }
    }

    #[test]
    fn any_characters_are_read(text in "\\PC*[#*`>\\-|<\\n\\r\\t ]{0,8}\\PC*") {
        for reader in READERS {
            check_laws(&text, &(reader.read)(&text));
        }
    }

    #[test]
    fn prose_stands_on_its_line(lines in prop::collection::vec("(|[a-z缓存穿透，。 ]{1,12})", 1..12)) {
        for end in ["\n", "\r\n"] {
            let text = lines.join(end);
            let document = markdown::read(&text);
            for section in &document.sections {
                for (line, body) in (section.body_line..).zip(section.body.split('\n')) {
                    let source = lines[line as usize - 1].trim();
                    assert_eq!(body.trim(), source, "line {line} of {text:?}");
                }
            }
        }
    }
}

/// Time is not measured here; what is quadratic would not come to an end.
#[test]
fn huge_and_deep_texts_are_read() {
    let cases = [
        ">".repeat(10_000) + "x",
        "- ".repeat(10_000) + "x",
        (0..2_000).map(|i| format!("{}- x\n", " ".repeat(i))).collect(),
        format!("# {}\nx", "长".repeat(350_000)),
        format!("##{}\nx", "长".repeat(350_000)),
        "# 一\n## 二\n".repeat(50_000),
        "**粗**\n\n".repeat(50_000),
        "**粗体？**\n\n".repeat(50_000),
        "<details><summary>问</summary>\n".repeat(20_000),
        "<details>\n<summary>问</summary>\n\n答\n\n</details>\n\n后\n\n".repeat(20_000),
        "Q: 问\n".repeat(50_000),
        "1、什么？\n".repeat(50_000),
        "一**二".repeat(100_000),
        "[".repeat(50_000),
        "<".repeat(50_000),
        "<!--".repeat(50_000),
        "`a\n".repeat(50_000),
        "字".repeat(1_000_000),
        "\n".repeat(1_000_000) + "x",
        "\0\r".repeat(100_000),
        "---\n".repeat(100_000),
        "|a".repeat(50_000) + "\n" + &"|-".repeat(50_000) + "\n|x\n",
    ];
    for text in cases {
        for reader in READERS {
            check_laws(&text, &(reader.read)(&text));
        }
    }
}
