//! Question shapes: what a line of text says about itself.
//!
//! Law: only the line is looked at, never its neighbors; when in doubt it is no question.

/// Shortest question in characters, the mark included: 「为啥？」 is an aside.
const QUESTION_MIN_CHARS: usize = 4;
/// Longest question in characters; beyond it stand scenarios and whole paragraphs.
pub(super) const QUESTION_MAX_CHARS: usize = 60;
/// Longest question after `Q:`, which cannot be mistaken for anything else.
const MARKED_MAX_CHARS: usize = 200;

/// Length of the question with which `text` begins, its mark included, in bytes.
///
/// `None` where the mark comes too late, belongs to code or a quotation, or a sentence ends
/// before it: 「先看结构。为什么？」 is prose.
pub(super) fn question_len_bytes(text: &str) -> Option<usize> {
    let mut before = None;
    for (count, (at, c)) in (1..=QUESTION_MAX_CHARS).zip(text.char_indices()) {
        let after = text[at + c.len_utf8()..].chars().next();
        match c {
            '？' | '?' => {
                if c == '?' && !is_question_mark(before, after) {
                    return None;
                }
                let end = at + c.len_utf8();
                let marks = text[end..].trim_start_matches(['？', '?', '！', '!']);
                let end = text.len() - marks.len();
                let quoted = marks.starts_with(CLOSING);
                return (count >= QUESTION_MIN_CHARS && !quoted).then_some(end);
            }
            '。' | '！' | '；' | '\n' => return None,
            '.' | '!' | ';' if after.is_none_or(char::is_whitespace) => return None,
            _ => before = Some(c),
        }
    }
    None
}

/// What closes a quotation or bracket: a mark before it belongs to the inside.
const CLOSING: &[char] = &[
    ')', '）', '"', '”', '\'', '’', '」', '』', '》', '>', '】', ']', '`', '/', '，',
    ',', '、', '|',
];

/// True for a `?` that ends a question; `a?b:c`, `.*?` and `id = ?` do not.
fn is_question_mark(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, ')' | '）' | '"' | '”' | '」' | '\'')
    }) && after.is_none_or(|c| c.is_whitespace() || !c.is_ascii() || c == '?' || c == '!')
}

/// True where `rest`, what follows a question on its line, answers it.
///
/// A second question does not, and neither does a comma or a lone full stop.
pub(super) fn is_answer(rest: &str) -> bool {
    let rest = rest.trim();
    !rest.ends_with(['？', '?'])
        && rest.chars().filter(|c| c.is_alphanumeric()).count() >= 2
}

/// Length of `Q:`, `Q1.`, `问：`, `问题2：`, `Question 3:` at the start, in bytes.
pub(super) fn asks_len_bytes(text: &str) -> Option<usize> {
    label_len_bytes(text, &["Question", "问题", "問題", "Q", "q", "问", "問"])
}

/// Length of `A:`, `答：`, `答案：`, `Answer:` at the start, in bytes.
pub(super) fn answers_len_bytes(text: &str) -> Option<usize> {
    label_len_bytes(text, &["Answer", "答案", "回答", "A", "a", "答"])
}

fn label_len_bytes(text: &str, words: &[&str]) -> Option<usize> {
    let after = words.iter().find_map(|word| text.strip_prefix(word))?;
    let number = after.trim_start_matches(' ');
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < number.len();
    let rest = rest.trim_start_matches(' ');
    let mut chars = rest.chars();
    let end = chars.next()?;
    // `A::count` and `a:b` are code, `A. ` without a number is a choice in a test.
    let closes = match end {
        '：' => true,
        ':' => chars.next().is_none_or(|c| c == ' ' || !c.is_ascii()),
        '.' | '、' | '．' => {
            numbered && chars.next().is_none_or(|c| !c.is_ascii_digit())
        }
        _ => false,
    };
    closes.then(|| text.len() - rest.len() + end.len_utf8())
}

/// Splits what follows `Q:` into the question and, in bytes, where its answer begins.
///
/// The whole line is the question where no answer follows on it.
pub(super) fn marked_question(text: &str) -> Option<(&str, usize)> {
    // Within a word `答：` is no label: 「基本类型答：」.
    let begins = |at: &usize| !text[..*at].ends_with(char::is_alphanumeric);
    let label_at = |label: &&str| text.match_indices(*label).map(|m| m.0).find(begins);
    let answer_at = [" A:", " A：", "答：", "答:"].iter().filter_map(label_at).min();
    let mark_at = text.char_indices().take(MARKED_MAX_CHARS).find_map(|(at, c)| {
        let end = at + c.len_utf8();
        let rest = text[end..].trim_start();
        let ends = c == '？'
            || (c == '?' && text[end..].starts_with(|n: char| n == ' ' || !n.is_ascii()));
        (ends && is_answer(rest) && !rest.starts_with(CLOSING)).then_some(end)
    });
    let end = mark_at.into_iter().chain(answer_at).min().unwrap_or(text.len());
    let question = text[..end].trim();
    let fits = (2..=MARKED_MAX_CHARS)
        .contains(&question.chars().take(MARKED_MAX_CHARS + 1).count());
    fits.then_some((question, end))
}

/// True for a question of a list that makes sense without the lines above it.
///
/// Lists of steps are full of rhetorical ones: 「然后找哪个机器发送请求？」
pub(super) fn stands_alone(question: &str, numbered: bool) -> bool {
    const CONNECTIVES: &[&str] = &[
        "首先", "其次", "然后", "接着", "再", "最后", "这", "那", "比如", "例如", "所以",
        "因此", "但", "而", "如果", "不过", "此时", "此外", "另外", "And ", "But ",
        "So ", "Then ", "If ",
    ];
    const ASKING: &[&str] = &[
        "什么", "什麼", "如何", "怎", "为何", "哪", "吗", "嗎", "是否", "区别", "區別",
        "多少", "为啥", "谁", "hat ", "ow ", "hy ", "hich ", "hen ", "ho ",
    ];
    let count = |signs: &[char]| question.matches(signs).count();
    let is_open =
        count(&['(', '（', '「', '“', '《']) > count(&[')', '）', '」', '”', '》']);
    // 「遍历新元素，为什么要遍历？」 is a remark, 「什么是死锁，如何避免？」 is not.
    let remarks = question.split_once(['，', ',']).is_some_and(|(first, _)| {
        !numbered || !ASKING.iter().any(|word| first.contains(word))
    });
    !(is_open
        || remarks
        || question.contains(['：', ':'])
        || CONNECTIVES.iter().any(|word| question.starts_with(word)))
}

/// True for a bold line that is a sentence of the text rather than a heading of it.
pub(super) fn is_statement(bold: &str) -> bool {
    let name = bold.trim_end_matches(['：', ':', ' ']);
    let asks = bold.ends_with(['？', '?']);
    bold.ends_with(['。', '！', '!', '；', ';', '，', ',', '.', '…', '、'])
        || bold.contains(['。', '；'])
        || (!asks && name.contains('，'))
        || ["如下", "下面", "如下所示", "一下"].iter().any(|end| name.ends_with(end))
        || PARTS.contains(&name.to_lowercase().as_str())
        || !bold.contains(char::is_alphabetic)
}

/// Names of the parts of an answer; cut off they would leave it in pieces.
const PARTS: &[&str] = &[
    "答案",
    "参考答案",
    "答",
    "回答",
    "解答",
    "解析",
    "思路",
    "分析",
    "解释",
    "描述",
    "说明",
    "示例",
    "例子",
    "例如",
    "举例",
    "代码",
    "代码示例",
    "示例代码",
    "代码实现",
    "实现",
    "输入",
    "输出",
    "结果",
    "执行结果",
    "输出结果",
    "运行结果",
    "注意",
    "注意事项",
    "提示",
    "重要提示",
    "温馨提示",
    "结论",
    "总结",
    "小结",
    "参考",
    "参考资料",
    "参考文章",
    "推荐阅读",
    "文章推荐",
    "相关阅读",
    "补充",
    "备注",
    "图示",
    "上图说明",
    "answer",
    "solution",
    "explanation",
    "example",
    "examples",
    "note",
    "notes",
    "input",
    "output",
    "result",
    "hint",
    "summary",
    "references",
    "code",
    "tip",
    "tips",
    "warning",
];

/// Summaries that name the fold and not what is in it.
pub(super) fn is_bare_label(summary: &str) -> bool {
    const LABELS: &[&str] = &[
        "展开",
        "查看",
        "点击",
        "點擊",
        "答案",
        "参考答案",
        "详情",
        "详细",
        "更多",
        "提示",
        "解答",
        "解析",
        "代码",
        "show",
        "click",
        "expand",
        "answer",
        "details",
        "more",
        "hint",
        "solution",
        "view",
        "open",
        "code",
    ];
    // 「点击展开答案」 and "Click to see the solution" are short.
    const LABEL_MAX_CHARS: usize = 24;
    let lower = summary.to_lowercase();
    let name = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    name.is_empty()
        || (LABELS.iter().any(|label| name.starts_with(label))
            && name.chars().count() <= LABEL_MAX_CHARS
            && !name.contains(['？', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_end_at_their_mark() {
        let check = |text: &str, question: Option<&str>| {
            assert_eq!(
                question_len_bytes(text).map(|len| &text[..len]),
                question,
                "for {text:?}"
            );
        };
        check("什么是锁？互斥", Some("什么是锁？"));
        check("Why so slow?? Because", Some("Why so slow??"));
        check("什么是锁?互斥", Some("什么是锁?"));
        check("为啥？", None);
        check("他问「为什么？」然后", None);
        check("先看。为什么？", None);
        check("First. Why is it so? x", None);
        check("List<?> 是什么", None);
        check("http://a.b/c?d=e", None);
        check(&format!("{}？", "长".repeat(60)), None);
    }

    #[test]
    fn labels_are_read() {
        let check = |text: &str, asks: usize, answers: usize| {
            let seen = (asks_len_bytes(text), answers_len_bytes(text));
            let wanted = ((asks > 0).then_some(asks), (answers > 0).then_some(answers));
            assert_eq!(seen, wanted, "for {text:?}");
        };
        check("Q: a", 2, 0);
        check("Q12：甲", 6, 0);
        check("问题 3：甲", 11, 0);
        check("Question 1: a", 11, 0);
        check("A: a", 0, 2);
        check("答案：甲", 0, 9);
        check("A. a", 0, 0);
        check("A::b", 0, 0);
        check("问题是", 0, 0);
    }

    #[test]
    fn summaries_that_only_name_the_fold_are_told_apart() {
        for (summary, bare) in [
            ("展开", true),
            ("点击查看答案", true),
            ("▶ Show answer", true),
            ("", true),
            ("什么是触发器？", false),
            ("MySQL加锁", false),
            ("查看权限用什么命令？", false),
        ] {
            assert_eq!(is_bare_label(summary), bare, "for {summary:?}");
        }
    }
}
