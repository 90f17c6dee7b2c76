//! Finds the questions of a body that are not headings.
//!
//! Law: every line is looked at once, with a few of its neighbors.

use std::ops::Range;

use super::draft::{Draft, Mark};
use super::heading::{self, Cut, QUESTION_DEPTH};
use super::marker::{self, Marker};
use super::question;

/// Non-blank lines below `Q:` among which its `A:` is looked for.
const ANSWER_REACH_LINES: usize = 4;

/// Goes through a body line by line.
pub(super) struct Finder<'a> {
    body: &'a str,
    linked: &'a [(u32, u32)],
    coded: &'a [u32],
    skipped: Vec<&'a Range<u32>>,
    marks: Vec<(u32, &'a Mark)>,
    at: usize,
    line: u32,
    /// The last line with text was a number without a cut: we are in a plain list.
    in_list: bool,
}

/// One line of the body.
struct Line<'a> {
    text: &'a str,
    at: usize,
    number: u32,
}

impl Iterator for Finder<'_> {
    type Item = Cut;

    fn next(&mut self) -> Option<Cut> {
        while self.at < self.body.len() {
            let rest = &self.body[self.at..];
            let text = super::lines(rest).next().unwrap_or_default();
            let line = Line { text, at: self.at, number: self.line };
            self.at += text.len() + 1;
            self.line += 1;
            if text.is_empty() {
                continue;
            }
            while self.skipped.last().is_some_and(|lines| lines.end <= line.number) {
                self.skipped.pop();
            }
            if self.skipped.last().is_some_and(|lines| lines.contains(&line.number)) {
                self.in_list = false;
                continue;
            }
            if let Some(cut) = self.cut_at(&line) {
                self.in_list = false;
                return Some(cut);
            }
        }
        None
    }
}

impl<'a> Finder<'a> {
    /// Begins at the first line of a draft's body.
    pub(super) fn new(draft: &'a Draft) -> Self {
        // All are gone through once, from the back of a vector.
        let mut skipped: Vec<_> = draft.code.iter().chain(&draft.tables).collect();
        skipped.sort_by_key(|lines| std::cmp::Reverse(lines.start));
        let line_of = |mark: &'a Mark| match mark {
            Mark::Hashes { line, .. } | Mark::Bold { line, .. } => Some((*line, mark)),
            Mark::Summary { .. } | Mark::DetailsEnd { .. } => None,
        };
        let mut marks: Vec<_> = draft.marks.iter().filter_map(line_of).collect();
        marks.sort_by_key(|(line, _)| std::cmp::Reverse(*line));
        let (body, line) = (draft.body.text(), draft.body.first());
        let (linked, coded) = (&draft.linked, &draft.coded);
        Self { body, linked, coded, skipped, marks, at: 0, line, in_list: false }
    }

    fn cut_at(&mut self, line: &Line) -> Option<Cut> {
        while self.marks.last().is_some_and(|(at, _)| *at < line.number) {
            self.marks.pop();
        }
        if let Some((_, mark)) = self.marks.last().filter(|(at, _)| *at == line.number) {
            let cut = match mark {
                Mark::Hashes { alone, .. } => {
                    heading::unspaced(line.text, line.number, line.at, *alone)
                }
                Mark::Bold { span, .. } => self.bold(line, span),
                Mark::Summary { .. } | Mark::DetailsEnd { .. } => None,
            };
            if cut.is_some() {
                return cut;
            }
        }
        // Most lines begin with none of the signs of a question.
        let begins =
            |c: char| !c.is_alphabetic() || "Qq问問一二三四五六七八九十".contains(c);
        if !line.text.trim_start().starts_with(begins) {
            self.in_list = false;
            return None;
        }
        let marker = marker::read(line.text);
        let text = &line.text[marker.text_at..];
        let cut = match question::asks_len_bytes(text) {
            Some(len_bytes) => self.asked(line, marker.text_at + len_bytes),
            None if marker.numbered || marker.bulleted => self.listed(line, marker),
            None => None,
        };
        self.in_list = marker.numbered;
        cut
    }

    /// `**什么是 GIL？**` on a line by itself, or with its answer behind it.
    fn bold(&self, line: &Line, span: &Range<usize>) -> Option<Cut> {
        let bold = self.body.get(span.clone())?.trim();
        let rest = self.body.get(span.end..line.at + line.text.len())?.trim();
        let count = bold.chars().take(question::QUESTION_MAX_CHARS + 1).count();
        if !(2..=question::QUESTION_MAX_CHARS).contains(&count)
            || question::is_statement(bold)
        {
            return None;
        }
        let asks = bold.ends_with(['？', '?']);
        let title_at = question::asks_len_bytes(bold).unwrap_or(0);
        let (label, title) = bold.split_at(title_at);
        let is_alone = rest.trim_start_matches(['：', ':', '？', '?']).is_empty();
        let (cut, end) = if is_alone {
            let followed =
                self.lines_below().next().is_some() && !self.is_bold_next(line);
            let cut = followed || asks || bold.ends_with(['：', ':']);
            (cut, line.at + line.text.len())
        } else {
            let is_question = question::question_len_bytes(bold).is_some();
            (asks && is_question && question::is_answer(rest), span.end)
        };
        cut.then(|| question_cut(line, label, title, end))
    }

    /// True where the next line with text begins a bold paragraph of its own.
    fn is_bold_next(&self, line: &Line) -> bool {
        let blank = self.body[self.at.min(self.body.len())..].split('\n');
        let number =
            self.line + blank.take_while(|text| text.trim().is_empty()).count() as u32;
        let next = self.marks.iter().rev().find(|(at, _)| *at > line.number);
        next.is_some_and(|(at, mark)| *at == number && matches!(mark, Mark::Bold { .. }))
    }

    /// `Q: …`, with the label ending at byte `from` of the line.
    fn asked(&self, line: &Line, from: usize) -> Option<Cut> {
        let (question, end) = question::marked_question(&line.text[from..])?;
        let end = from + end;
        let answered = !line.text[end..].trim().is_empty()
            || self.lines_below().take(ANSWER_REACH_LINES).any(|text| {
                let at = marker::read(text).text_at;
                question::answers_len_bytes(&text[at..]).is_some()
            });
        let asks = question.contains(['？', '?']) && self.lines_below().next().is_some();
        (answered || asks)
            .then(|| question_cut(line, &line.text[..from], question, line.at + end))
    }

    /// `3、…？` or `- …？`, answered on the same line or, where numbered, below it.
    fn listed(&self, line: &Line, marker: Marker) -> Option<Cut> {
        let text = &line.text[marker.text_at..];
        let len_bytes = question::question_len_bytes(text)?;
        let linked =
            self.linked.binary_search_by_key(&line.number, |(at, _)| *at).is_ok();
        if linked || self.coded.binary_search(&line.number).is_ok() {
            return None;
        }
        let (question, rest) = text.split_at(len_bytes);
        let answered = if rest.trim().is_empty() {
            marker.numbered && !self.in_list && self.is_answered_below(marker)
        } else {
            question::is_answer(rest)
                && !rest.trim_end().ends_with(['：', ':'])
                && question::stands_alone(question, marker.numbered)
        };
        let end = line.at + marker.text_at + len_bytes;
        answered.then(|| question_cut(line, "", question, end))
    }

    /// True where the next line with text is no further item of the same list.
    fn is_answered_below(&self, marker: Marker) -> bool {
        self.lines_below().next().is_some_and(|text| {
            let next = marker::read(text);
            next.indent_bytes > marker.indent_bytes || !(next.numbered || next.bulleted)
        })
    }

    /// Lines with text after the current one.
    fn lines_below(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.body
            .get(self.at..)
            .unwrap_or_default()
            .split('\n')
            .filter(|l| !l.trim().is_empty())
    }
}

fn question_cut(line: &Line, label: &str, title: &str, end: usize) -> Cut {
    let (title, rest) = heading::clean(title);
    let label = [label.trim(), rest.as_str()].join(" ").trim().to_string();
    let (span, rest_line) = (line.at..end, line.number);
    Cut { line: line.number, depth: QUESTION_DEPTH, title, label, span, rest_line }
}

#[cfg(test)]
mod tests {
    use super::super::{Section, markdown, plain};

    /// Titles of the questions found, with their lines and bodies.
    fn check(text: &str, found: &[(u32, &str, &str)]) {
        let shown = |sections: &[Section]| {
            let questions = sections.iter().filter(|s| s.depth == 7);
            questions
                .map(|s| (s.line, s.title.clone(), s.body.clone()))
                .collect::<Vec<_>>()
        };
        let found: Vec<_> = found
            .iter()
            .map(|(l, t, b)| (*l, (*t).to_string(), (*b).to_string()))
            .collect();
        assert_eq!(shown(&markdown::read(text).sections), found, "for {text:?}");
    }

    #[test]
    fn bold_paragraphs_are_questions() {
        check("**什么是GIL？**\n\n全局锁。", &[(1, "什么是GIL？", "全局锁。")]);
        check("__What is a GIL?__\nA lock.", &[(1, "What is a GIL?", "A lock.")]);
        check("**适用场景**：\n\n- 缓存", &[(1, "适用场景", "- 缓存")]);
        check(
            "**如何预防死锁？** 破坏条件即可：",
            &[(1, "如何预防死锁？", "破坏条件即可：")],
        );
        check("**什么是锁？**是一种机制", &[]);
        check("**甲组**\n\n**乙组**\n\n正文", &[(3, "乙组", "正文")]);
        check("**Q1：为何用锁？**\n\n为了互斥", &[(1, "为何用锁？", "为了互斥")]);
        for prose in [
            "**注意** 这里有坑\n\n正文",
            "**这句话只是加粗的重点。**\n\n正文",
            "**答案**：\n\n正文",
            "**主要的原因如下：**\n\n- 一",
            "- **列表里的粗体**\n\n  正文",
            "正文\n**粗体？**\n正文",
            "**43**\n\n正文",
        ] {
            check(prose, &[]);
        }
    }

    #[test]
    fn numbered_and_bulleted_lines_are_questions() {
        check(
            "•1.上家公司税前薪资是多少？ 12000",
            &[(1, "上家公司税前薪资是多少？", "12000")],
        );
        check(
            "1、什么是索引？\n  一种结构\n2、什么是锁？\n  互斥",
            &[(1, "什么是索引？", "一种结构"), (3, "什么是锁？", "互斥")],
        );
        check(
            "(3) What is a B+ tree?\n\nA tree.",
            &[(1, "What is a B+ tree?", "A tree.")],
        );
        check(
            "- What is 4 & 5 in binary? It is 4.",
            &[(1, "What is 4 & 5 in binary?", "It is 4.")],
        );
        check("\t1、什么是栈？ 先进后出", &[(1, "什么是栈？", "先进后出")]);
        for prose in [
            "为什么呢？因为快。",
            "1. 什么是锁？\n2. 什么是栈？\n3. 什么是堆？\n\n下面作答。",
            "- 你怎么决定先做什么？接着又做什么？",
            "- [什么是锁？](a.md)\n- [什么是栈？](b.md) 重要",
            "- 先看结构。为什么？因为简单",
            "- 然后找哪台机器？当然是负载均衡",
            "1. 可以用`?`或者`??`来获取帮助",
            "- a ? b : c 是三元运算符",
            "1. 广播请求：「谁的 IP 是它？请告诉我」",
            "| 1. 什么？ | 答案 |\n|--|--|\n| 2. 怎么？ | 答案 |",
            "```\n1、什么是锁？ 互斥\n```",
        ] {
            check(prose, &[]);
        }
    }

    #[test]
    fn labels_ask_and_answer() {
        check("Q: What is it?\nA: a lock", &[(1, "What is it?", "A: a lock")]);
        check("问：锁是什么\n\n答：互斥", &[(1, "锁是什么", "答：互斥")]);
        check("> Q：锁是什么\n>\n> A：互斥", &[(1, "锁是什么", "A：互斥")]);
        check("问题1：为什么要锁？（互斥）", &[(1, "为什么要锁？", "（互斥）")]);
        check("Q1. 锁是什么？答：互斥", &[(1, "锁是什么？", "答：互斥")]);
        check("问：本答：锁\n\n答：互斥", &[(1, "本答：锁", "答：互斥")]);
        check("问题1：描述架构。\n\n正文", &[]);
        check("A::count = 22;\nQ::x", &[]);
    }

    #[test]
    fn summaries_are_questions_until_their_details_end() {
        let text = "# 锁\n\n前\n\n<details>\n<summary>什么是锁</summary>\n\n互斥\n\n</details>\n\n后\n";
        check(text, &[(5, "什么是锁", "互斥")]);
        let sections = markdown::read(text).sections;
        let seen: Vec<_> = sections
            .iter()
            .map(|s| (s.line, s.end_line, s.depth, s.body.as_str()))
            .collect();
        assert_eq!(seen, [(1, 4, 1, "前"), (5, 11, 7, "互斥"), (12, 12, 1, "后")]);
        check("<details><summary>问</summary>答</details>", &[(1, "问", "答")]);
        let unspaced = "## 锁\n\n<details>\n<summary>什么是锁？</summary>\n\n互斥\n\n</details>\n\n##栈\n\n后进先出\n";
        let sections = markdown::read(unspaced).sections;
        let seen: Vec<_> = sections.iter().map(|s| (s.line, s.title.as_str())).collect();
        assert_eq!(seen, [(1, "锁"), (3, "什么是锁？"), (10, "栈")]);
        check("<details><summary>点击展开</summary>\n\n答\n\n</details>", &[]);
    }

    #[test]
    fn plain_text_has_the_same_questions() {
        let sections =
            plain::read("前言\n问：锁是什么\n答：互斥\n2、什么是栈？\n先进后出\n")
                .sections;
        let seen: Vec<_> = sections
            .iter()
            .map(|s| (s.line, s.title.as_str(), s.body.as_str()))
            .collect();
        let wanted =
            [(1, "", "前言"), (2, "锁是什么", "答：互斥"), (4, "什么是栈？", "先进后出")];
        assert_eq!(seen, wanted);
    }
}
