//! The laws that the rooms state in their first lines (`tests/laws`), over mixtures of what notes
//! are made of.

use std::fs;
use std::ops::Range;

use jian::search::{Hit, Marked, Options, Report, Snippet};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::env;
use crate::laws::{self, check_marks};

/// Words, by the kinds that have surprised somebody.
const WORDS: &[&str] = &[
    "三次握手",
    "数据库",
    "持久化",
    "的",
    "什么是",
    "後端",
    "資料庫",
    "龘",
    "𠮷野家",
    "かな",
    "한국어",
    "ＴＣＰ",
    "４０４",
    "ｃａｆé",
    "cafe\u{301}",
    "é",
    "ﬁle",
    "㎏",
    "①",
    "Redis",
    "running",
    "HashMap",
    "snake_case",
    "C++",
    "C#",
    ".NET",
    "B+树",
    "3月",
    "v3.6.3",
    "k8s",
    "gc.collect()",
    "a_b",
    "x",
    "٣",
    "ไทย",
    "Straße",
    "İ",
    "😀",
    "👩\u{200d}💻",
    "🇨🇳",
    "→",
    "ß",
    "e\u{301}\u{302}",
    "\u{200b}",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "\u{1b}[31m",
];

/// What stands between words and makes Markdown of them.
const SIGNS: &[&str] = &[
    " ",
    " ",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\t",
    "\n\t",
    "\u{3000}",
    "。",
    "，",
    "？ ",
    "：",
    "、",
    "\n# ",
    "\n## ",
    "\n#### **",
    "**",
    "****",
    "：**\n",
    "\n#",
    "\n===\n",
    "\n---\n",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n9.",
    "\n•1.",
    "\n> ",
    "\n```\n",
    "\n```rust\n",
    "\n~~~\n",
    "\n    ",
    "`",
    "``",
    "[",
    "](",
    ")",
    "![",
    "[[",
    "]]",
    "|",
    "\n| a | b |\n|---|---|\n",
    "\n[^1]: ",
    "[^1]",
    "\n[x]: ",
    "\n<details>\n<summary>",
    "</summary>\n",
    "\n</details>\n",
    "<!-- ",
    " -->",
    "<br>",
    "<b>",
    "\n问：",
    "\n答：",
    "\nQ: ",
    "\nA: ",
    "\n**",
    "**\n",
    "_",
    "~~",
    "\n- [ ] ",
    "\n- [x] ",
    "\\",
    "$",
    "\"",
    "“",
    "”",
    "《",
    "》",
    "(",
    "（",
    "）",
    ":",
    "-",
    "/",
];

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(WORDS).prop_map(str::to_owned),
        6 => select(SIGNS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => proptest::char::range('\u{4e00}', '\u{9fff}').prop_map(String::from),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    let front = prop_oneof![
        8 => Just(""),
        1 => Just("\u{feff}"),
        1 => Just("---\ntitle: 标题\ntags: [a, 标签]\n---\n"),
        1 => Just("---\r\ntitle: \"x: y\"\r\ntags:\r\n- 一\r\n---\r\n"),
        1 => Just("---\n"),
    ];
    (front, vec(fragment(), 0..60))
        .prop_map(|(front, parts)| front.to_owned() + &parts.concat())
}

/// Any text with sound marks.
fn any_marked() -> impl Strategy<Value = Marked> {
    (any_text(), vec((0usize..200, 1usize..20), 0..5)).prop_map(|(text, mut wanted)| {
        wanted.sort_unstable();
        let mut marks: Vec<Range<usize>> = Vec::new();
        for (start, len_bytes) in wanted {
            let boundary = |at: usize| text.ceil_char_boundary(at.min(text.len()));
            let (start, end) = (boundary(start), boundary(start + len_bytes));
            if start >= marks.last().map_or(0, |mark| mark.end) && start < end {
                marks.push(start..end);
            }
        }
        Marked { text, marks }
    })
}

fn any_hit() -> impl Strategy<Value = Hit> {
    let texts = (any_marked(), vec(any_marked(), 0..4), any_marked());
    let names = (any_text(), vec(any_text(), 0..3), any::<f32>());
    (texts, names, any::<u32>(), any::<(bool, bool)>()).prop_map(
        |(
            (title, trail, body),
            (path, missing, score),
            line,
            (cut_before, cut_after),
        )| Hit {
            id: "0a1b2c3d".to_owned(),
            score,
            file: format!("/{path}").into(),
            path,
            line,
            end_line: line,
            title,
            trail,
            snippet: Snippet {
                text: body.text,
                marks: body.marks,
                line,
                cut_before,
                cut_after,
            },
            missing,
            shares: vec![("body", score)],
            ..Hit::default()
        },
    )
}

fn any_report() -> impl Strategy<Value = Report> {
    vec(any_hit(), 0..4).prop_map(|hits| Report { hits, ..Report::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_report_is_written_as_each_format_promises(
        report in any_report(), width_cols in 20..121usize,
    ) {
        laws::render::check_report(&report, width_cols);
    }


    #[test]
    fn reading_never_fails_and_sections_tile_line_for_line(text in any_text()) {
        laws::sections::check(&text);
    }

    #[test]
    fn any_bytes_are_text_or_a_reason(bytes in vec(any::<u8>(), 0..400)) {
        laws::decoding::check(&bytes);
    }

    #[test]
    fn text_is_folded_and_cut_without_loss(text in any_text()) {
        laws::text::check(&text);
    }

    #[test]
    fn terms_of_a_piece_of_chinese_are_terms_of_the_text(
        text in any_text(), from in any::<Index>(), len_chars in 1..12usize,
    ) {
        let runs = laws::text::han_runs(&text);
        prop_assume!(!runs.is_empty());
        let run = from.get(&runs);
        let start = run.start + from.index(run.len());
        laws::text::check_part(&text, start..(start + len_chars).min(run.end));
    }

    #[test]
    fn any_query_is_read_and_what_it_marks_is_sound(asked in any_text(), text in any_text()) {
        laws::query::check(&asked, &text);
    }

    #[test]
    fn what_is_found_in_any_text_is_written_as_each_format_promises(
        asked in any_text(), text in any_text(), width_cols in 20..121usize,
    ) {
        laws::render::check(&asked, &text, width_cols);
    }
}

/// What fuzzing found (`tests/fuzz`), each file in the folder of its target.
#[test]
fn what_fuzzing_found_holds() {
    let folder = env::project().join("tests/fuzz/found");
    let mut tried = 0;
    for target in laws::TARGETS {
        for entry in
            fs::read_dir(folder.join(target.name)).into_iter().flatten().flatten()
        {
            let bytes = fs::read(entry.path()).expect("part of the project");
            (target.check)(&bytes);
            tried += 1;
        }
    }
    let all = fs::read_dir(&folder).into_iter().flatten().flatten();
    let all = all.map(|entry| fs::read_dir(entry.path()).map_or(0, Iterator::count));
    assert_eq!(tried, all.sum::<usize>(), "each is in the folder of a target");
}

proptest! {
    // Each case searches the index of the sample notes three times.
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_query_is_answered_in_order_and_marked_soundly(asked in any_text(), cols in 1..300usize) {
        let options = Options { snippet_cols: cols, ..Options::default() };
        let report = env::search(&asked, &options);
        prop_assert!(report.hits.len() <= options.limit);
        for hit in &report.hits {
            check_marks(&hit.title.text, &hit.title.marks);
            check_marks(&hit.snippet.text, &hit.snippet.marks);
            prop_assert!(hit.score.is_finite());
        }
        prop_assert_eq!(&report, &env::search(&asked, &options));
        // A page is a piece of the list.
        let page = env::search(&asked, &Options { offset: 3, limit: 4, ..options });
        let places = |hits: &[jian::search::Hit]| {
            hits.iter().map(|h| (h.path.clone(), h.line)).collect::<Vec<_>>()
        };
        let list = places(&report.hits);
        prop_assert_eq!(places(&page.hits), list.into_iter().skip(3).take(4).collect::<Vec<_>>());
    }
}
