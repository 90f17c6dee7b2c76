//! Tests of reading and printing queries, as tables.

use proptest::prelude::*;

use super::*;

/// Words as they are, `^` before prefixes, `[…]` for all of, `{…}` for one of.
fn tree(query: &Query) -> String {
    let list = |items: &[Query]| items.iter().map(tree).collect::<Vec<_>>().join(" ");
    match query {
        Query::Nothing => "nothing".to_owned(),
        Query::Word(word) => word.clone(),
        Query::Phrase(text) => format!("“{text}”"),
        Query::Prefix(stem) => format!("^{stem}"),
        Query::Scoped(scope, value) => format!("<{scope} {}>", tree(value)),
        Query::Not(inner) => format!("!{}", tree(inner)),
        Query::Every(items) => format!("[{}]", list(items)),
        Query::Any(items) => format!("{{{}}}", list(items)),
    }
}

/// Checks the tree, the notices (joined with ` / `) and that printing keeps the tree.
#[track_caller]
fn check(text: &str, expected: &str, notices: &str) {
    let (query, said) = parse(text);
    let said: Vec<_> = said.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(tree(&query), expected, "{text}");
    assert_eq!(said.join(" / "), notices, "{text}");
    assert_eq!(parse(&query.to_string()).0, query, "{text} printed as {query}");
}

#[test]
fn words_stay_as_typed() {
    for word in [
        "redis",
        "三次握手",
        "Ｒｅｄｉｓ",
        "gc.collect()",
        "f(x)",
        "print()",
        "$(pwd)",
        "缓存（Redis）",
        "--force-with-lease",
        "-1",
        "-p",
        "－ｐ",
        "-",
        "std::vector",
        "path::join",
        "http://a.b/c?d=1",
        "file:///etc/hosts",
        "12:30",
        "注意：",
        "#tag",
        "#标签",
        "C#",
        "C++",
        "5\"",
        "name=\"x\"",
        "**bold**",
        ".*",
        "或",
        "or",
        "and",
        "not",
        "a||b",
        "R&D",
        "key_value",
        "-OR",
        "」",
    ] {
        check(word, word, "");
    }
}

#[test]
fn words_side_by_side_are_all_wanted() {
    check("redis 缓存", "[redis 缓存]", "");
    check(" \u{3000}redis\u{3000}缓存\t\n", "[redis 缓存]", "");
    check("a (b (c d)) e", "[a b c d e]", "");
    check("((缓存))", "缓存", "");
    check("a AND b && c ＡＮＤ d", "[a b c d]", "");
    check("- x", "[- x]", "");
    check("f(x, y) z", "[f(x, y z]", "");
    check("(gc f(x ) y", "[gc f(x y]", "");
    check("", "nothing", "");
    check(" \u{3000}", "nothing", "");
}

#[test]
fn quotes_make_phrases() {
    check("\"exact phrase\"", "“exact phrase”", "");
    for text in
        ["“三次 握手”", "「三次 握手」", "『三次 握手』", "＂三次 握手＂", "„三次 握手‟"]
    {
        check(text, "“三次 握手”", "");
    }
    for mixed in ["“a b\"", "\"a b”", "”a b“", "「a b』", "「a b\"", "\"a b」"]
    {
        check(mixed, "“a b”", "");
    }
    check("查找\"三次握手\"过程", "[查找 “三次握手” 过程]", "");
    check("看「缓存」和redis“主从”", "[看 “缓存” 和redis “主从”]", "");
    check("「say \"hi\" now」", "“say \"hi\" now”", "");
    check("\"a\"-b \"用户\"-\"权限\"", "[“a” b “用户” “权限”]", "");
    check("\" a \" b", "[“a” b]", "");
    check("x \"a b", "[x “a b”]", "quote not closed: read to the end");
    check("「缓存", "“缓存”", "quote not closed: read to the end");
    check("a \"\" b", "[a b]", "empty phrase: ignored");
    check("“”", "nothing", "empty phrase: ignored");
}

#[test]
fn minus_and_not_exclude() {
    check("键盘 -蓝牙", "[键盘 !蓝牙]", "");
    check("键盘 －蓝牙", "[键盘 !蓝牙]", "");
    check("redis NOT cluster", "[redis !cluster]", "");
    check("redis ＮＯＴ cluster", "[redis !cluster]", "");
    check("a -\"b c\" -「d」", "[a !“b c” !“d”]", "");
    check("a -(b c) NOT(d OR e)", "[a ![b c] !{d e}]", "");
    check("a -title:b -rf -go*", "[a !<title b> !rf !^go]", "");
    check("a NOT -1 NOT p", "[a !-1 !p]", "");
    check("a NOT NOT b -(-cd)", "[a b cd]", "");
    check("rm -p --force", "[rm -p --force]", "");
    check("a NOT", "a", "`NOT` needs something after it: ignored");
    check("-蓝牙", "!蓝牙", "only exclusions: nothing to rank");
    check("-ab -cd", "[!ab !cd]", "only exclusions: nothing to rank");
}

#[test]
fn or_joins_its_neighbors() {
    check("a OR b", "{a b}", "");
    check("缓存 || 快取 ｜｜ cache", "{缓存 快取 cache}", "");
    check("缓存 redis OR memcached 过期", "[缓存 {redis memcached} 过期]", "");
    check("(a b) OR c", "{[a b] c}", "");
    check("（a OR b）(c OR d)", "[{a b} {c d}]", "");
    check("a OR (b OR c)", "{a b c}", "");
    check("a OR -(b c)", "{a ![b c]}", "");
    check("(a)OR(b)", "{a b}", "");
    check("OR", "OR", "");
    check("NOT", "NOT", "");
    check("a OR", "a", "`OR` needs something on both sides: ignored");
    check("OR a", "a", "`OR` needs something on both sides: ignored");
    check("a OR OR b", "{a b}", "`OR` needs something on both sides: ignored");
    check("AND a", "a", "`AND` joins nothing: ignored");
    let said = "empty group: ignored / `OR` needs something on both sides: ignored";
    check("a (OR) b", "[a b]", said);
}

#[test]
fn groups_close_or_say_so() {
    check("(a", "a", "group not closed: read to the end");
    check("a) b", "[a b]", "parenthesis closes nothing: ignored");
    check("a () （） b", "[a b]", "empty group: ignored");
    check("(gc.collect() OR f(x)) y", "[{gc.collect() f(x)} y]", "");
}

#[test]
fn scopes_take_a_word_a_phrase_or_a_group() {
    check("title:redis", "<title redis>", "");
    check("Heading:x 标题：缓存", "[<title x> <title 缓存>]", "");
    check("tag:b 标签：c", "[<tag b> <tag c>]", "");
    check("file:notes/a.md 路径:笔记", "[<path notes/a.md> <path 笔记>]", "");
    check("code：\"a b\" 代码：（a OR b）", "[<code “a b”> <code {a b}>]", "");
    check("ｔｉｔｌｅ：go*", "<title ^go>", "");
    check("title:「主从 复制」", "<title “主从 复制”>", "");
    check("title:a:b title:-x title:OR", "[<title a:b> <title -x> <title OR>]", "");
    check("title:(path:x) title:(:y)", "[<title <path x>> <title :y>]", "");
    let said = "`title:` has no value: read as a word";
    check("title: redis", "[title: redis]", said);
    check("(a 标题：)", "[a 标题：]", said);
}

#[test]
fn a_star_at_the_end_makes_a_prefix() {
    check("redi* 缓＊", "[^redi ^缓]", "");
    check("SELECT * 表", "[SELECT 表]", "`*` needs the beginning of a word: ignored");
    check("-go*", "!^go", "only exclusions: nothing to rank");
}

#[test]
fn notices_point_at_the_first_place() {
    let (_, notices) = parse("缓存 ) )");
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].span, Some(7..8));
}

#[test]
fn tables_are_consistent() {
    for operator in OPERATORS {
        assert_eq!(parse(operator.form).1.len(), usize::from(operator.form == "-word"));
        assert!(!matches!(parse(operator.form).0, Query::Word(_) | Query::Nothing));
    }
    for (names, scope, _) in SCOPES {
        for name in *names {
            let value = Box::new(Query::Word("x".to_owned()));
            assert_eq!(parse(&format!("{name}:x")).0, Query::Scoped(*scope, value));
        }
    }
}

#[test]
fn a_megabyte_of_anything_parses_at_once() {
    // Quadratic time would take minutes here, and recursion by depth the stack.
    for piece in ["(", "-(", "((a ", "title:(", "NOT ", "「\"", "\"", ")", "a(", "缓“"]
    {
        let (query, notices) = parse(&piece.repeat(1_000_000 / piece.len()));
        assert!(notices.len() < 8, "{piece}");
        assert_eq!(parse(&query.to_string()).0, query, "{piece}");
    }
    for piece in ["a ", "a OR ", "缓存", "-ab ", "title:", "*", "-", "| "] {
        let (query, _) = parse(&piece.repeat(1_000_000 / piece.len()));
        assert_eq!(parse(&query.to_string()).0, query, "{piece}");
    }
}

#[test]
fn limits_are_announced() {
    let deep = format!("{}缓存{}", "(".repeat(100_000), ")".repeat(100_000));
    check(&deep, "缓存", "more than 32 groups in each other: rest ignored");
    let (query, notices) = parse(&"a ".repeat(300));
    assert!(matches!(&query, Query::Every(items) if items.len() == MAX_LEAVES));
    assert_eq!(notices[0].message, "more than 256 words: rest ignored");
    assert_eq!(notices[0].span, Some(512..600));
}

/// Text made of the pieces that mean something, glued in any order.
fn query_text() -> impl Strategy<Value = String> {
    let pieces = "a|go|缓存|1| |\u{3000}|(|)|（|）|((((((((((((|\"|“|”|「|」|＂|-|－|-(|NOT |NOT|OR\
        | OR |｜｜|ＯＲ|AND|&&|*|＊|:|：|title:|标题：|path:|//|#|f(x)|f(x |.|\n|é|_";
    let piece = prop::sample::select(pieces.split('|').collect::<Vec<_>>());
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn printing_and_reading_again_gives_the_same_query(text in query_text()) {
        let query = parse(&text).0;
        prop_assert_eq!(parse(&query.to_string()).0, query.clone(), "{}", query);
    }

    #[test]
    fn any_text_parses(text in "\\PC*|.*") {
        let (query, notices) = parse(&text);
        for span in notices.iter().filter_map(|notice| notice.span.clone()) {
            prop_assert!(text.get(span).is_some());
        }
        prop_assert_eq!(parse(&query.to_string()).0, query);
    }
}
