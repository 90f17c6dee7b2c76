//! The laws that the rooms state in their first lines, over any text that notes are made of.

use std::collections::HashSet;
use std::ops::Range;

use jian::corpus::decode;
use jian::markup::{Document, READERS, sections};
use jian::query::{parse, plan};
use jian::search::{Marker, Options};
use jian::text::{Class, Dictionary, Folded, Kind, Terms, class, fold, pieces};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::env;

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

/// All characters that no markup is made of: words of the note, one by one.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|&c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut whole = letters(whole);
    letters(part).all(|c| whole.any(|w| w == c))
}

/// Lines as editors count them.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n').collect()
}

fn check_sections(text: &str, document: &Document) -> Result<(), TestCaseError> {
    let lines = lines(text);
    let mut held: Vec<bool> = lines.iter().map(|l| l.trim().is_empty()).collect();
    for (i, section) in document.sections.iter().enumerate() {
        let what = format!("section {i} of {text:?}: {section:#?}");
        prop_assert!(section.line >= 1 && section.end_line >= section.line, "{}", what);
        prop_assert!(section.end_line as usize <= lines.len(), "{}", what);
        prop_assert!(section.depth <= 7, "{}", what);
        let after = document.sections.get(i + 1).map(|next| next.line);
        if let Some(after) = after {
            prop_assert!(section.line <= after, "sections in order: {}", what);
            let tiles = section.end_line == (after - 1).max(section.line);
            prop_assert!(tiles || section.borrowed, "no gap before the next: {}", what);
        }
        for line in section.line..=section.end_line {
            held[line as usize - 1] = true;
        }
        check_body(&lines, section)
            .map_err(|e| TestCaseError::fail(format!("{e}\n{what}")))?;
    }
    // Front matter and definitions before the first heading may leave nothing to show.
    let first = document.sections.first().map_or(lines.len(), |s| s.line as usize - 1);
    let lost = held.iter().skip(first).position(|held| !held);
    prop_assert_eq!(lost, None, "line {} below {} of {:?}", 0, first, text);
    Ok(())
}

fn check_body(
    lines: &[&str],
    section: &jian::markup::Section,
) -> Result<(), TestCaseError> {
    let count = section.body.split('\n').count() as u32;
    for code in &section.code {
        prop_assert!(code.start < code.end && code.end <= count, "code {:?}", code);
    }
    prop_assert!(section.link_percent <= 100);
    prop_assert!(!section.title.contains('\n'), "a heading is one line");
    for (line, shown) in (section.body_line..).zip(section.body.split('\n')) {
        let from = lines.get(line as usize - 1..).unwrap_or_default();
        // What is borrowed shows headings on their first line, and some are on several.
        let upto = if section.borrowed { from.len() } else { from.len().min(1) };
        let source = &from[..upto].concat();
        prop_assert!(
            is_subsequence(shown, source),
            "line {}: {:?} is not of {:?}",
            line,
            shown,
            source
        );
    }
    Ok(())
}

fn terms_of(text: &str) -> HashSet<String> {
    let mut terms = Terms::new(Dictionary::default());
    terms.fill(text);
    (0..terms.len()).map(|i| terms.get(i).to_owned()).collect()
}

fn check_marks(text: &str, marks: &[Range<usize>]) -> Result<(), TestCaseError> {
    let mut end = 0;
    for mark in marks {
        prop_assert!(mark.start >= end && mark.start < mark.end, "{:?}", marks);
        prop_assert!(text.get(mark.clone()).is_some(), "{:?} cuts a character", mark);
        end = mark.end;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn reading_never_fails_and_sections_tile_line_for_line(text in any_text()) {
        for ending in READERS.iter().flat_map(|r| r.endings).chain(&["org", ""]) {
            check_sections(&text, &sections(ending, &text))?;
        }
    }

    #[test]
    fn every_word_of_a_note_is_in_a_title_a_body_or_an_aside(text in any_text()) {
        let document = sections("md", &text);
        let mut kept: HashSet<char> = document.title.iter().flat_map(|t| letters(t)).collect();
        for section in &document.sections {
            kept.extend(letters(&section.title));
            kept.extend(letters(&section.body));
            kept.extend(letters(&section.aside));
        }
        let tags = document.tags.join(" ");
        kept.extend(letters(&tags));
        for c in letters(&text) {
            prop_assert!(kept.contains(&c), "{} of {:?} is lost: {:#?}", c, text, document);
        }
    }

    #[test]
    fn any_bytes_are_text_or_a_reason(bytes in vec(any::<u8>(), 0..400)) {
        if let Err(why) = decode(bytes) {
            prop_assert!(!why.is_empty());
        }
    }

    #[test]
    fn spans_point_at_whole_characters_of_the_original(text in any_text()) {
        let folded = Folded::new(&text);
        prop_assert_eq!(folded.chars.len(), folded.starts.len());
        prop_assert_eq!(folded.chars.iter().collect::<String>(), fold(&text));
        for i in 0..folded.chars.len() {
            let span = folded.span(i..i + 1);
            prop_assert!(!span.is_empty() && text.get(span.clone()).is_some(), "{:?}", span);
            let whole = fold(&text[span]);
            prop_assert!(whole.contains(folded.chars[i]), "{:?} in {:?}", folded.chars[i], whole);
        }
    }

    #[test]
    fn pieces_lie_in_order_and_pass_over_nothing_but_punctuation(text in any_text()) {
        let folded = Folded::new(&text);
        let mut found = Vec::new();
        pieces(&folded.chars, |p| found.push(p));
        let mut end = 0;
        for piece in &found {
            prop_assert!(piece.start >= end && piece.start < piece.end, "{:?}", found);
            let between = &folded.chars[end..piece.start];
            prop_assert!(between.iter().all(|&c| matches!(class(c), Class::Space | Class::Mark)));
            let core = &folded.chars[piece.core_range()];
            let is_pure = core.iter().all(|&c| match piece.kind {
                Kind::Han => class(c) == Class::Gram,
                Kind::Word => class(c) == Class::Word,
                Kind::Sign => class(c) == Class::Sign,
            });
            prop_assert!(is_pure && !core.is_empty(), "{:?}", piece);
            end = piece.end;
        }
        let rest = &folded.chars[end..];
        prop_assert!(rest.iter().all(|&c| matches!(class(c), Class::Space | Class::Mark)));
    }

    #[test]
    fn terms_of_a_piece_of_chinese_are_terms_of_the_text(
        text in any_text(), from in any::<Index>(), len_chars in 1..12usize,
    ) {
        let folded = Folded::new(&text);
        let mut found = Vec::new();
        pieces(&folded.chars, |p| found.push(p));
        found.retain(|p| p.kind == Kind::Han);
        prop_assume!(!found.is_empty());
        let run = found[from.index(found.len())].range();
        let start = run.start + from.index(run.len());
        let span = folded.span(start..(start + len_chars).min(run.end));
        let (asked, all) = (terms_of(&text[span.clone()]), terms_of(&text));
        let missing: Vec<_> = asked.difference(&all).collect();
        prop_assert!(missing.is_empty(), "{:?} of {:?} in {:?}", missing, &text[span], text);
    }

    #[test]
    fn terms_of_a_word_are_terms_of_the_text(text in any_text()) {
        let all = terms_of(&text);
        for word in text.split_whitespace() {
            let asked = terms_of(word);
            let missing: Vec<_> = asked.difference(&all).collect();
            prop_assert!(missing.is_empty(), "{:?} of {:?} in {:?}", missing, word, text);
        }
    }

    #[test]
    fn any_query_is_read_and_what_it_marks_is_sound(asked in any_text(), text in any_text()) {
        let dictionary = Dictionary::default();
        let (query, notices) = parse(&asked);
        for notice in notices {
            prop_assert!(!notice.message.is_empty());
            if let Some(span) = notice.span {
                prop_assert!(asked.get(span.clone()).is_some(), "{:?} of {:?}", span, asked);
            }
        }
        let plan = plan(&query, &dictionary);
        for run in &plan.runs {
            prop_assert!(run.words.end <= plan.words.len());
        }
        let marker = Marker::new(&query, &dictionary);
        check_marks(&text, &marker.marks(&text))?;
        check_marks(&asked, &marker.marks(&asked))?;
    }
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
            check_marks(&hit.title.text, &hit.title.marks)?;
            check_marks(&hit.snippet.text, &hit.snippet.marks)?;
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
