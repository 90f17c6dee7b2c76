//! The fast pass finds what the slow one finds.

use proptest::prelude::*;

use super::*;
use crate::query;
use crate::text::{Dictionary, Folded};

fn check(asked: &str, others: &[&str], text: &str) {
    let plan = query::plan(&query::parse(asked).0, &Dictionary::default());
    let mut needles = Needles::new(&plan.words, &plan.runs);
    for (source, other) in (1u16..).zip(others) {
        if !plan.words.is_empty() && !other.is_empty() {
            let chars: Vec<char> = other.chars().collect();
            needles.also(0..1, &chars, 0.6, source);
        }
    }
    let folded = Folded::new(text);
    let expected = needles.scan(text, &folded);
    let (mut pass, mut scan) = (Pass::default(), Scan::default());
    // Twice, as what is left of one text must not show in the next.
    for _ in 0..2 {
        pass.read([Text::Plain(text)], &needles, &mut scan);
        assert_eq!(pass.chars, folded.chars, "{text:?}");
        assert_eq!(scan, expected, "{asked:?} in {text:?}");
    }
}

#[test]
fn signs_of_typography_are_marks() {
    for c in (0x80..0x1_0000).filter_map(char::from_u32) {
        assert_eq!(kind(c), class(c), "{c:?}");
    }
    for byte in 0..128u8 {
        let folded = Folded::new(&char::from(byte).to_string()).chars;
        assert_eq!(folded, [char::from(ASCII[usize::from(byte)].0)]);
        let word = !matches!(ASCII[usize::from(byte)].1, Ascii::Between | Ascii::LineEnd);
        assert_eq!(class(folded[0]) == Class::Word, word, "{byte}");
    }
}

const PIECES: &[&str] = &[
    "三次握手",
    "握手",
    "线程",
    "線程",
    "池",
    "锁",
    "的",
    "，",
    "。",
    "「",
    "、",
    "\u{3000}",
    "tcp",
    "TCP",
    "ＴＣＰ",
    "tcp_handshake",
    "TcpHandshake",
    "HTTPServer2",
    "running",
    "run",
    "runs",
    "thread pool",
    "thread-pools",
    "thread_pool",
    "threadpool",
    "c",
    "C++",
    "c#",
    ".net",
    ".NET",
    "node.js",
    "b+树",
    "b+",
    "k8s",
    "3",
    "2024",
    "v3.6",
    "第3章",
    "①②",
    "㎏",
    "ﬁle",
    "café",
    "cafe\u{301}",
    "\u{301}",
    "\u{200b}",
    "😀",
    "→",
    "한국어",
    "カタカナ",
    "жизнь",
    "ß",
    "İ",
    "𝐀",
    "_",
    "__init__",
    "hashMap",
    "-",
    "+",
    "#",
    ".",
    " ",
    " ",
    "\n",
    "\r\n",
    "\t",
    "`",
    "\"",
    "'",
    "/",
    "\u{85}",
    "\u{2028}",
    "é",
    "É",
    "x",
    "how",
    "does",
];

proptest! {
    #[test]
    fn finds_what_the_slow_way_finds(
        asked in prop::collection::vec(0..PIECES.len(), 1..5),
        others in prop::collection::vec(0..PIECES.len(), 0..3),
        text in prop::collection::vec(0..PIECES.len(), 0..40),
    ) {
        let join = |ids: &[usize]| ids.iter().map(|&i| PIECES[i]).collect::<String>();
        let others: Vec<String> =
            others.iter().map(|&i| crate::text::fold(PIECES[i])).collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        check(&join(&asked), &others, &join(&text));
    }

    #[test]
    fn finds_what_the_slow_way_finds_in_any_text(asked in ".{1,8}", text in ".{0,60}") {
        check(&asked, &["thread pool"], &text);
        check(&text.chars().take(3).collect::<String>(), &[], &text);
    }
}
