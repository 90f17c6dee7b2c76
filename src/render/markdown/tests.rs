//! What notes look like.

use proptest::prelude::*;

use super::*;
use crate::render::{paint, sample};

fn page(width_cols: usize) -> Page {
    Page { width_cols, is_markdown: true }
}

fn check(source: &str, expected: &str) {
    let rows = rows(source, 0..source.lines().count(), &page(30));
    let mut out = String::new();
    for row in &rows {
        write(row, &[], Ink::Roles, &mut out);
    }
    assert_eq!(out, expected, "{source}");
    assert_eq!(rows.len(), source.lines().count());
}

#[test]
fn headings_keep_their_level() {
    check(
        "## 三次 *握手*\n\nOne\n===\n",
        "<faint>## </faint><title>三次 握手</title>\n\n<faint># </faint><title>One</title>\n\n",
    );
}

#[test]
fn lists_and_quotes_stand_in_each_other() {
    check(
        "- 一\n  - two\n    二\n- [x] done\n\n3. c\n4. d\n",
        concat!(
            "<bar>• </bar>一\n",
            "  <bar>◦ </bar>two\n",
            "    二\n",
            "<bar>• ☑ </bar>done\n",
            "\n",
            "<bar>3. </bar>c\n",
            "<bar>4. </bar>d\n",
        ),
    );
}

#[test]
fn quotes_have_a_bar() {
    check(
        "> 一\n> **two**\n",
        "<faint>▌ </faint>一\n<faint>▌ </faint><strong>two</strong>\n",
    );
}

#[test]
fn code_stands_between_its_fences() {
    check(
        "```rust\nlet 一 = 1;\n\n  x\n```\n",
        "<faint>╭─ rust</faint>\n<faint>│ </faint><code>let 一 = 1;</code>\n\
         <faint>│</faint>\n<faint>│ </faint><code>  x</code>\n<faint>╰─</faint>\n",
    );
    check("~~~\nopen\n", "<faint>╭─ </faint>\n<faint>│ </faint><code>open</code>\n");
}

#[test]
fn tables_are_aligned_by_columns_of_the_terminal() {
    check(
        "| 名 | use |\n|---|--:|\n| 缓存 | a |\n| db | `b` c |\n",
        "<strong>名</strong>  <faint> │ </faint><strong>use</strong>\n\
         <faint>─────┼────</faint>\n\
         缓存<faint> │ </faint>  a\n\
         db  <faint> │ </faint><code>b</code> c\n",
    );
}

#[test]
fn links_name_their_target() {
    check(
        "[看](https://a.b/c) <https://d.e>\n",
        "<link>看</link><faint> (https://a.b/c)</faint> <link>https://d.e</link>\n",
    );
}

#[test]
fn what_is_no_text_is_shown_faintly() {
    check(
        "---\ntags: [网络]\n---\n\n[a]: b\n\n<br>\n",
        "<faint>---</faint>\n<faint>tags: [网络]</faint>\n<faint>---</faint>\n\n\
         <faint>[a]: b</faint>\n\n<faint><br></faint>\n",
    );
}

#[test]
fn plain_text_stays_as_it_is() {
    let text = "# 一\n- two\n";
    let rows = rows(text, 0..2, &Page { width_cols: 30, is_markdown: false });
    assert_eq!(rows[0].text() + &rows[1].text(), "# 一- two");
}

#[test]
fn a_window_shows_its_lines_only() {
    let text = "# A\n\n- 一\n- 二\n  more\n";
    let rows = rows(text, 3..5, &page(30));
    let rows: Vec<String> = rows.iter().map(Row::text).collect();
    assert_eq!(rows, ["• 二", "  more"]);
}

#[test]
fn a_lone_carriage_return_ends_no_line() {
    for text in ["三次\r<!-- 握手", "a\r\n\rb\r\r\nc"] {
        let count = text.lines().count();
        let rows = rows(text, 0..count, &page(30));
        let shown: Vec<String> = rows.iter().map(Row::text).collect();
        assert_eq!(shown.len(), count);
        let letters =
            |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        for (row, line) in shown.iter().zip(text.lines()) {
            assert_eq!(letters(row), letters(line), "{row:?}");
        }
    }
}

#[test]
fn marks_reach_over_pieces() {
    let rows = rows("用**线程**池\n", 0..1, &page(30));
    let mut out = String::new();
    let mark = "用".len().."用线程池".len();
    write(&rows[0], &[mark], Ink::Roles, &mut out);
    assert_eq!(out, "用<match>线程</match><match>池</match>\n");
}

#[test]
fn long_lines_hang_below_their_text() {
    let rows = rows("- 缓存穿透和雪崩\n", 0..1, &page(10));
    let mut out = String::new();
    write_wrapped(&rows[0], &[], Ink::Plain, 10, &mut out);
    assert_eq!(out, "• 缓存穿透\n  和雪崩\n");
}

proptest! {
    #[test]
    fn row_i_shows_line_i(marked in sample::any_marked(), width_cols in 10usize..60) {
        let text = marked.text.replace("\r\n", "\n");
        let count = text.lines().count();
        let rows = rows(&text, 0..count, &page(width_cols));
        prop_assert_eq!(rows.len(), count);
        for (row, line) in rows.iter().zip(text.lines()) {
            let shown = row.text();
            prop_assert!(!shown.contains(paint::is_unsafe));
            // Han characters are never markup: each is on the row of its line.
            for c in line.chars().filter(|c| ('\u{4e00}'..='\u{9fa5}').contains(c)) {
                prop_assert!(shown.contains(c), "{:?} in {:?} of {:?}", c, shown, text);
            }
        }
    }
}
