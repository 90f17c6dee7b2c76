//! The laws of `markup`, tried on texts that nobody would write.

use jian::markup::{READERS, sections};
use proptest::prelude::*;

use crate::laws::sections::{check, check_tiles};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_tiled(text in mixture()) {
        check(&text);
    }

    #[test]
    fn any_characters_are_read(text in "\\PC*[#*`>\\-|<\\n\\r\\t ]{0,8}\\PC*") {
        check(&text);
    }

    #[test]
    fn prose_stands_on_its_line(lines in prop::collection::vec("(|[a-z缓存穿透，。 ]{1,12})", 1..12)) {
        for end in ["\n", "\r\n"] {
            let text = lines.join(end);
            let document = sections("md", &text);
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
            check_tiles(&text, &(reader.read)(&text));
        }
    }
}
