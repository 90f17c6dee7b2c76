//! What else a word may be called: names that notes gloss themselves, in both languages, and
//! how they are told from remarks.

use crate::env::Env;

#[test]
fn names_glossed_in_the_notes_stand_for_one_another() {
    let env = Env::new();
    env.note("a.md", "# 蓄水线\n\n蓄水线（lakeline mark）到了就停。\n");
    env.note("b.md", "# 告警\n\n水位超过蓄水线时发告警。\n");
    env.note("c.md", "# Notes\n\nThe quokka buffer（短尾缓冲）holds it.\n");
    env.note("d.md", "# 回收\n\n满了就清短尾缓冲。\n");
    env.done(&["index", "notes"]);
    for (asked, path, said) in [
        ("lakeline mark", "b.md", "≈ lakeline mark → 蓄水线"),
        ("quokka buffer", "d.md", "≈ quokka buffer → 短尾缓冲"),
    ] {
        let ran = env.done(&["query", "--format", "{path}", "--", asked]);
        assert!(ran.stdout.lines().any(|l| l.ends_with(path)), "{asked}: {ran:?}");
        assert!(ran.stderr.contains(said), "{asked}: {ran:?}");
        let literal =
            env.done(&["query", "--literal", "--format", "{path}", "--", asked]);
        assert!(!literal.stdout.contains(path), "{asked}: {literal:?}");
    }
}

#[test]
fn remarks_in_parentheses_are_no_names() {
    let env = Env::new();
    env.note("a.md", "# 安装\n\n步骤如下（zebrafish）。\n");
    env.note("b.md", "# 其他\n\n命令如下（walrus），再看如下（walrus）。\n");
    env.note("c.md", "# 列表\n\n如下所示。\n");
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "--format", "{path}", "--", "zebrafish"]);
    assert!(!ran.stdout.contains("c.md"), "{ran:?}");
}

#[test]
fn everyday_words_are_found_in_the_other_language() {
    let env = Env::new();
    env.note("a.md", "# 堆和栈\n\n性能各不相同。\n");
    env.note("b.md", "# Sorting\n\nWhat each version does.\n");
    env.done(&["index", "notes"]);
    for (asked, path) in [("heap performance", "a.md"), ("排序 版本", "b.md")] {
        let ran = env.done(&["query", "--format", "{path}", "--", asked]);
        assert!(ran.stdout.lines().any(|l| l.ends_with(path)), "{asked}: {ran:?}");
    }
}

#[test]
fn a_fragment_of_a_sentence_is_no_name() {
    let env = Env::new();
    for note in ["a.md", "b.md"] {
        env.note(note, "# 源码\n\n的部分源码如下（quokka）：\n");
    }
    env.note("c.md", "# 别的\n\n这里的部分源码如下。\n");
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "--format", "{path}", "--", "quokka"]);
    assert!(!ran.stdout.contains("c.md"), "{ran:?}");
}
