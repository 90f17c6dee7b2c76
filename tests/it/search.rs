//! Completeness over the sample notes: what stands in a section is found.

use std::collections::HashSet;

use jian::query::squeeze;
use jian::search::Options;
use jian::text::fold;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use tempfile::TempDir;

use crate::env::{self, CORPUS, Env};

/// More than there are sections: everything that holds.
const ALL: usize = 10_000;

/// A section's place.
type Place = (String, u32);

/// A runner that draws the same for every run, so that a failure stays.
fn seeded() -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(proptest::test_runner::Config::default(), rng)
}

fn draw(runner: &mut TestRunner, below: usize) -> usize {
    (0..below).new_tree(runner).expect("a range has values").current()
}

/// Where a text stands: heading, own body or aside, folded, white space as one space.
struct Scan {
    sections: Vec<(Place, [String; 3])>,
}

impl Scan {
    fn new() -> Self {
        let searched = |text: &str| squeeze(&fold(text));
        let sections = CORPUS.sections.iter().map(|(path, s)| {
            let body = if s.borrowed { "" } else { &s.body };
            let texts = [searched(&s.title), searched(body), searched(&s.aside)];
            ((path.clone(), s.line), texts)
        });
        Self { sections: sections.collect() }
    }

    fn find(&self, phrase: &str) -> HashSet<&Place> {
        let phrase = squeeze(&fold(phrase));
        let holds = |texts: &[String; 3]| texts.iter().any(|t| t.contains(&phrase));
        self.sections
            .iter()
            .filter(|(_, texts)| holds(texts))
            .map(|(place, _)| place)
            .collect()
    }
}

fn places(asked: &str, limit: usize) -> Vec<Place> {
    let options = Options { limit, ..Options::default() };
    let hits = env::search(asked, &options).hits;
    hits.into_iter().map(|h| (h.path, h.line)).collect()
}

/// A piece of some section's text, `chars` long, that `fits`.
fn piece(
    runner: &mut TestRunner,
    chars: std::ops::RangeInclusive<usize>,
    fits: impl Fn(&str) -> bool,
) -> (Place, String) {
    loop {
        let (path, section) = &CORPUS.sections[draw(runner, CORPUS.sections.len())];
        let text: Vec<char> =
            format!("{}\n{}", section.title, section.body).chars().collect();
        if text.is_empty() || section.borrowed {
            continue;
        }
        let len = chars.start() + draw(runner, chars.end() - chars.start() + 1);
        let start = draw(runner, text.len());
        let piece: String = text[start..(start + len).min(text.len())].iter().collect();
        if piece.chars().count() == len && fits(&piece) {
            return ((path.clone(), section.line), piece);
        }
    }
}

#[test]
fn a_phrase_finds_exactly_the_sections_that_contain_it() {
    let scan = Scan::new();
    let mut runner = seeded();
    for _ in 0..300 {
        let unquoted = |c: char| !"\"“”„‟＂「」『』\\".contains(c);
        let (from, phrase) = piece(&mut runner, 1..=16, |p| {
            !squeeze(&fold(p)).is_empty() && p.chars().all(|c| unquoted(c) && c != '\n')
        });
        let asked = format!("\"{phrase}\"");
        let found: HashSet<Place> = places(&asked, ALL).into_iter().collect();
        let expected = scan.find(&phrase);
        let missed: Vec<_> = expected.iter().filter(|p| !found.contains(**p)).collect();
        let extra: Vec<_> = found.iter().filter(|p| !expected.contains(p)).collect();
        assert!(
            missed.is_empty() && extra.is_empty(),
            "{asked} of {from:?}: missed {missed:?}, extra {extra:?}"
        );
    }
}

#[test]
fn any_piece_of_chinese_finds_a_section_with_it_among_the_first_ten() {
    let scan = Scan::new();
    let mut runner = seeded();
    let is_han = |p: &str| p.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for _ in 0..300 {
        let (from, asked) = piece(&mut runner, 1..=12, is_han);
        let found = places(&asked, 10);
        let expected = scan.find(&asked);
        assert!(
            found.iter().any(|p| expected.contains(p)),
            "{asked} of {from:?}: none of {} sections in {found:?}",
            expected.len()
        );
    }
}

#[test]
fn a_second_index_of_the_same_notes_gives_the_same_bytes() {
    let folder = TempDir::new().expect("a temp folder can be made");
    let other = env::build(folder.path());
    let dictionary = jian::text::Dictionary::default();
    let widening = jian::search::Widening::default();
    for asked in [
        "三次握手",
        "redis 持久化",
        "什么是GIL",
        "的",
        "装饰器 OR 生成器",
        "数据库索引 -mysql",
        "how to",
        "a",
        "title:缓存",
        "\"过期时间\"",
        "进程 线程 协程 区别",
        "HashMap",
        "。",
    ] {
        let (query, _) = jian::query::parse(asked);
        let bytes = |reader| {
            let options = Options { limit: 50, explain: true, ..Options::default() };
            let report =
                jian::search::search(reader, &query, &dictionary, &widening, &options)
                    .expect("the index can be read");
            let mut out = String::new();
            let format = jian::render::by_name("json").expect("a format");
            (format.write)(&report, &jian::render::Style::default(), &mut out);
            out
        };
        assert_eq!(bytes(&CORPUS.reader()), bytes(&other), "{asked}");
    }
}

#[test]
fn what_is_quoted_is_found_across_what_is_cut() {
    let env = env::Env::new();
    let hex = "0123456789abcdef".repeat(20);
    env.note("a.md", "# 安装步骤：\n\n正文\n\n13. 什么是锁？\n    锁是工具。\n\n完\n");
    env.note("b.md", "# 丢失\n\n1. 能不能丢失啊？可以的，参考方案。\n");
    env.note("c.md", format!("# 字\n\nꜱᴍᴀʟʟ ᏣᎳᎩ ΣΊΣΥΦΟΣ\n\ntok {hex}\n"));
    env.note("two  spaces.md", "# 空\n\n格\n");
    env.done(&["index", "notes"]);
    let (whole, piece) = (format!("\"{hex}\""), format!("\"{}\"", &hex[40..180]));
    for (asked, path) in [
        ("\"步骤：\"", "a.md"),
        ("\"13. 什么\"", "a.md"),
        ("\"啊？可以\"", "b.md"),
        ("\"ᏣᎳᎩ\"", "c.md"),
        ("\"ίσυφος\"", "c.md"),
        (&whole, "c.md"),
        (&piece, "c.md"),
        ("path:\"two  spaces\"", "two  spaces.md"),
    ] {
        let ran = env.run(&["query", "--format", "{path}", "--", asked]);
        assert_eq!(ran.stdout.lines().next(), Some(path), "{asked}: {ran:?}");
    }
}

#[test]
fn pages_are_pieces_of_one_list() {
    let asked = |offset: usize| {
        let options = Options { limit: 5, offset, ..Options::default() };
        let hits = env::search("缓存 数据库", &options).hits;
        hits.into_iter().map(|h| (h.path, h.line)).collect::<Vec<Place>>()
    };
    let pages: Vec<Place> = (0..60).step_by(5).flat_map(asked).collect();
    let places: HashSet<&Place> = pages.iter().collect();
    assert_eq!(places.len(), pages.len());
    assert!(pages.len() > 20, "{}", pages.len());
}

#[test]
fn a_heading_that_asks_the_same_is_drawn_from_many_that_name_it() {
    let env = Env::new();
    for n in 0..60 {
        let text = format!("# 哈希表第{n}种写法\n\n哈希表 哈希表 哈希表，写法 {n}。\n");
        env.note(&format!("{n}.md"), text);
    }
    env.note(
        "what.md",
        "# 什么是哈希表？\n\n一种按键取值的结构，它把键算成位置，再到那里去取。\n",
    );
    env.note(
        "why.md",
        "# 为何要有哈希表\n\n查得快，不必一个一个比，也不必先排好次序。\n",
    );
    env.done(&["index", "notes"]);
    for (asked, first) in [
        ("哈希表是什么", "what.md"),
        ("哈希表 是什么", "what.md"),
        ("哈希表是啥", "what.md"),
        ("为什么要有哈希表", "why.md"),
    ] {
        let ran = env.done(&["query", "-n1", "--format", "{path}", "--", asked]);
        assert!(ran.stdout.ends_with(&format!("{first}\n")), "{asked}: {ran:?}");
    }
}

#[test]
fn a_slip_that_others_made_too_is_corrected_among_many_sections() {
    let env = Env::new();
    let section = |n: usize| match n {
        0..3 => "# n\n\nconcurent\n",
        3..403 => "# n\n\nconcurrent queue\n",
        403..406 => "# n\n\nconcurrently\n",
        _ => "# n\n",
    };
    env.note("a.md", (0..61_000).map(section).collect::<String>());
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "-n1", "--json", "--", "concurent queue"]);
    assert!(ran.stdout.contains("concurrent queue"), "{ran:?}");
    assert!(ran.stderr.contains("concurent is rare; also looked for"), "{ran:?}");
    let literal = env.done(&["query", "-n1", "--no-typos", "--", "concurent queue"]);
    assert!(!literal.stderr.contains("is rare"), "{literal:?}");
}
