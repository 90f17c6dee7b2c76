//! What the documents promise of the command line: both READMEs say the same, the manual and
//! README have every option.

use std::fs;

use clap::Command;

use crate::env::{Env, project};

fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).expect("part of the project")
}

/// Lines inside and outside fenced code.
fn split(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    let mut in_code = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        if in_code || is_fence || line.starts_with("    ") {
            inside.push(line);
        } else {
            outside.push(line);
        }
        in_code ^= is_fence;
    }
    (inside, outside)
}

/// What stands in backticks in the first cell of each row of each table.
fn first_cells(lines: &[&str]) -> Vec<Vec<String>> {
    let rows = lines.iter().filter(|line| line.starts_with("| "));
    let cells = rows.map(|row| row[2..].replace("\\|", "¦"));
    let named = cells.map(|row| {
        let cell = row.split(" | ").next().unwrap_or_default().to_owned();
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    });
    named.filter(|names| !names.is_empty()).collect()
}

#[test]
fn both_readmes_have_the_same_headings_commands_and_tables() {
    let (english, chinese) = (read("README.md"), read("README.zh.md"));
    let (blocks, text) = split(&english);
    let (chinese_blocks, chinese_text) = split(&chinese);
    let levels = |lines: &[&str]| -> Vec<usize> {
        let headings = lines.iter().filter(|line| line.starts_with('#'));
        headings.map(|line| line.chars().take_while(|c| *c == '#').count()).collect()
    };
    assert_eq!(levels(&text), levels(&chinese_text));
    assert!(levels(&text).len() > 10);
    // Comments are translated, commands are not.
    let commands = |lines: &[&str]| -> Vec<String> {
        let bare = lines.iter().map(|line| line.split(" #").next().unwrap_or_default());
        bare.map(|line| line.trim_end().to_owned()).collect()
    };
    assert_eq!(commands(&blocks), commands(&chinese_blocks));
    assert!(blocks.len() > 40);
    assert_eq!(first_cells(&text), first_cells(&chinese_text));
    assert!(first_cells(&text).len() > 60);
    let pictures = |text: &str| -> Vec<String> {
        let found = text.split("src=\"").skip(1).filter_map(|t| t.split('"').next());
        found.map(str::to_owned).collect()
    };
    assert_eq!(pictures(&english), pictures(&chinese));
    assert!(english.contains("](README.zh.md)") && chinese.contains("](README.md)"));
}

/// Commands with their names, those of no use to a person left out.
pub(crate) fn commands(program: &Command) -> impl Iterator<Item = &Command> {
    program.get_subcommands().filter(|command| command.get_name() != "help")
}

#[test]
fn the_manual_and_the_readme_have_every_option() {
    let env = Env::new();
    let mut program = jian::cli::command();
    program.build();
    let readme = read("README.md");
    let named = |text: &str, name: &str| {
        text.match_indices(name).any(|(at, name)| {
            let after = text[at + name.len()..].chars().next();
            !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
        })
    };
    let mut count = 0;
    for command in std::iter::once(&program).chain(commands(&program)) {
        let is_main = command.get_name() == "jian";
        let args: &[&str] = if is_main { &["man"] } else { &["man", command.get_name()] };
        // Roff writes `\-` for a dash that is no hyphen.
        let page = env.done(args).stdout.replace("\\-", "-");
        assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{args:?}");
        for option in command.get_arguments().filter(|a| !a.is_hide_set()) {
            let long = option.get_long().map(|long| format!("--{long}"));
            let short = option.get_short().map(|short| format!("-{short}"));
            for name in long.into_iter().chain(short) {
                assert!(named(&page, &name), "man {} lacks {name}", command.get_name());
                assert!(named(&readme, &name), "README lacks {name}");
                count += 1;
            }
        }
    }
    assert!(count > 60, "{count}");
}
