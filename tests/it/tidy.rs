//! The rules of the house, read out of the documents that state them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::env::{Env, project};

/// No file of the program is longer.
const LONGEST_FILE_LINES: usize = 350;

fn read(path: impl AsRef<Path>) -> String {
    let path = project().join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// All files below a folder with this ending, as paths of the project with `/`, sorted.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![project().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("part of the project").flatten() {
            let path = entry.path();
            match entry.file_type().expect("the system knows").is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|e| e == ending) => {
                    let inside = path.strip_prefix(project()).expect("below it");
                    let parts: Vec<_> =
                        inside.iter().map(|p| p.to_string_lossy()).collect();
                    found.push(parts.join("/"));
                }
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// Documents of the project: the sample notes are full of broken links on purpose.
fn documents() -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir(project())
        .expect("the project")
        .flatten()
        .filter_map(|e| e.file_name().into_string().ok())
        .filter(|name| name.ends_with(".md"))
        .collect();
    for folder in ["tests", "data", "contrib", "docs", "index"] {
        if project().join(folder).is_dir() {
            found.extend(files(folder, "md"));
        }
    }
    found
}

/// The rows of the first table below a heading of ARCHITECTURE.md: cells without backticks.
fn table(heading: &str) -> Vec<Vec<String>> {
    let text = read("ARCHITECTURE.md");
    let start = text.find(&format!("\n## {heading}\n"));
    let rest = &text[start.unwrap_or_else(|| panic!("no heading {heading}"))..];
    let rows = rest
        .lines()
        .skip_while(|l| !l.starts_with('|'))
        .take_while(|l| l.starts_with('|'));
    let cells = |row: &str| -> Vec<String> {
        let cells = row.trim_matches('|').split('|');
        cells.map(|c| c.trim().replace(['`', '*'], "")).collect()
    };
    rows.skip(2).map(cells).collect()
}

/// Names in a cell: `corpus, error (types)` is `corpus` and `error`.
fn names(cell: &str) -> BTreeSet<String> {
    let plain = cell.split(',').map(|n| n.split('(').next().unwrap_or_default().trim());
    plain.filter(|n| !n.is_empty() && *n != "–").map(str::to_owned).collect()
}

/// The room that a file of `src/` belongs to.
fn room(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap_or(file);
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// Program text without comments, strings that hold no code aside; tests are left out, as they
/// may look around.
fn code(file: &str) -> String {
    let text = read(file);
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every room named after `crate::`, in `use crate::{a, b}` too.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        // `super::` and the like never leave a room; `$crate` and other crates' names do not count.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|g| g.split('}').next());
        for part in group.map_or(vec![rest], |g| g.split(',').collect()) {
            let name: String = part
                .trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.insert(name);
        }
    }
    found
}

/// The rooms that a room may use, out of ARCHITECTURE.md.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    table("Who may import whom")
        .iter()
        .map(|row| (row[0].clone(), names(&row[1])))
        .collect()
}

#[test]
fn rooms_import_only_what_the_architecture_allows() {
    let allowed = allowed();
    let mut seen = BTreeSet::new();
    for file in files("src", "rs") {
        let room = room(&file);
        if room == "main" || room == "lib" {
            continue;
        }
        seen.insert(room.to_owned());
        let may =
            allowed.get(room).unwrap_or_else(|| panic!("{room} is not in the table"));
        for name in imports(&code(&file)) {
            let fine = name == room || may.contains(&name) || may.contains("all");
            assert!(
                fine,
                "{file} uses crate::{name}; ARCHITECTURE.md allows {room} only {may:?}"
            );
        }
    }
    let rows: BTreeSet<String> = allowed.into_keys().collect();
    assert_eq!(rows, seen, "the table has a row for each room and no other");
}

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::error::Error;\nuse crate::{index, search as s};\nlet x = \
                crate::text::fold(\"x\");\npub(crate) fn y() {}\nother_crate::z();";
    let expected = ["error", "index", "search", "text"];
    assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn each_dependency_comes_in_by_its_door() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("cargo reads it");
    let of = |key: &str| -> BTreeSet<String> {
        let targets = manifest["target"].as_table().expect("a table");
        let of_targets = targets.values().filter_map(|target| target.get(key));
        let tables = of_targets.chain([&manifest[key]]);
        let names = tables.flat_map(|table| table.as_table().expect("a table").keys());
        names.map(|name| name.replace('-', "_")).collect()
    };
    let rows = table("Dependencies");
    let doors: BTreeMap<String, BTreeSet<String>> =
        rows.iter().map(|row| (row[0].replace('-', "_"), names(&row[1]))).collect();
    let mut named = of("dependencies");
    named.extend(of("build-dependencies"));
    named.extend(of("dev-dependencies"));
    assert_eq!(doors.keys().cloned().collect::<BTreeSet<_>>(), named, "one row a crate");
    for name in of("dependencies") {
        let mut through = BTreeSet::new();
        for file in files("src", "rs") {
            let code = code(&file);
            let path = format!("{name}::");
            let mut uses = code.match_indices(&path);
            let is_used = uses.any(|(at, _)| {
                let before = code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if is_used {
                through.insert(room(&file).to_owned());
            }
        }
        let door = &doors[&name];
        assert!(
            through.is_subset(door),
            "{name} is used in {through:?}; its door is {door:?}"
        );
        assert!(!through.is_empty() || door.contains("build"), "{name} is used nowhere");
    }
}

#[test]
fn files_of_the_program_are_short() {
    for file in files("src", "rs") {
        let is_long = read(&file).lines().count() > LONGEST_FILE_LINES;
        assert!(!is_long, "{file} is longer than {LONGEST_FILE_LINES} lines");
    }
}

#[test]
fn every_room_says_its_law_or_what_it_is() {
    for file in files("src", "rs").into_iter().filter(|f| f != "src/query/parse/tests.rs")
    {
        assert!(read(&file).starts_with("//! "), "{file} begins without a word");
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let main = read("tests/it/main.rs");
    for file in files("tests/it", "rs").into_iter().filter(|f| f != "tests/it/main.rs") {
        let inside = file.trim_start_matches("tests/it/").trim_end_matches(".rs");
        let (module, child) = inside.split_once('/').unwrap_or((inside, ""));
        assert!(
            main.contains(&format!("\nmod {module};")),
            "{file} is not declared in main.rs"
        );
        if !child.is_empty() && child != "mod" {
            let parents =
                [format!("tests/it/{module}.rs"), format!("tests/it/{module}/mod.rs")];
            let parent =
                parents.iter().find(|p| project().join(p).is_file()).expect("a parent");
            assert!(
                read(parent).contains(&format!("mod {child};")),
                "{file} is not declared"
            );
        }
    }
}

#[test]
fn the_changelog_knows_this_version() {
    let changelog = read("CHANGELOG.md");
    assert!(changelog.contains("## [Unreleased]"));
    let version = env!("CARGO_PKG_VERSION");
    let released = changelog.contains(&format!("## [{version}]"));
    // The first version is being written.
    assert!(released || version == "0.1.0", "no entry for {version}");
    assert!(changelog.contains(version), "{version} is not named");
}

/// Targets of `[text](target)` and `<img src="target">` outside code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        // Every second stretch between backticks is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let after = |open: &str, close: &'static str| -> Vec<String> {
            prose
                .split(open)
                .skip(1)
                .filter_map(|s| s.split(close).next())
                .map(str::to_owned)
                .collect()
        };
        found.extend(after("](", ")"));
        found.extend(after("src=\"", "\""));
    }
    found
}

/// The anchor that GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept =
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let headings = text.lines().filter(|l| l.starts_with('#'));
    headings.map(|l| anchor(l.trim_start_matches('#'))).collect()
}

#[test]
fn links_in_documents_lead_somewhere() {
    for document in documents() {
        let at = project().join(&document);
        for link in links(&read(&document)) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target: PathBuf = match path {
                "" => at.clone(),
                path => at.parent().expect("in the project").join(path),
            };
            assert!(target.exists(), "{document} links to {link}, which is not there");
            let leads = anchor.is_empty() || anchors(&target).contains(anchor);
            assert!(leads, "{document} links to {link}: no such heading");
        }
    }
}

/// Options and commands in the words of `--help`.
fn help_names(help: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_commands = false;
    for line in help.lines() {
        if !line.starts_with(' ') {
            in_commands = line == "Commands:";
        }
        let word = line.trim_start();
        if in_commands && line.starts_with("  ") && !line.starts_with("   ") {
            found.extend(word.split_whitespace().next().map(str::to_owned));
        }
        if word.starts_with('-') {
            let names = word.split("  ").next().unwrap_or_default();
            let names = names.split([' ', ',', '=']).filter(|n| n.starts_with("--"));
            found.extend(names.map(str::to_owned));
        }
    }
    found
}

#[test]
fn the_readme_names_every_command_and_option() {
    let env = Env::new();
    let readme = read("README.md");
    let main = help_names(&env.done(&["--help"]).stdout);
    let commands: Vec<&String> =
        main.iter().filter(|n| !n.starts_with('-') && *n != "help").collect();
    assert!(commands.len() >= 6, "{commands:?}");
    let mut all = main.clone();
    for command in &commands {
        all.extend(help_names(&env.done(&[command, "--help"]).stdout));
        assert!(
            readme.contains(&format!("jian {command}")),
            "README does not show jian {command}"
        );
    }
    for name in all.iter().filter(|n| n.starts_with("--")) {
        let is_named = readme.match_indices(name.as_str()).any(|(at, name)| {
            let after = readme[at + name.len()..].chars().next();
            !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
        });
        assert!(is_named, "README does not name {name}");
    }
}

#[test]
fn the_readme_shows_the_commands_that_ci_runs() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    for command in ["cargo run --release -- query 三次握手", "cargo test"] {
        assert!(readme.contains(command), "README: {command}");
    }
    assert!(ci.contains("cargo test"), ".ci/run: cargo test");
}

#[test]
fn the_readme_names_every_format_operator_and_scope() {
    let readme = read("README.md");
    for format in jian::render::FORMATS {
        assert!(
            readme.contains(&format!("`{}`", format.name)),
            "README: {}",
            format.name
        );
    }
    for operator in jian::query::OPERATORS {
        assert!(readme.contains(operator.form), "README: {}", operator.form);
    }
    for (names, _, _) in jian::query::SCOPES {
        assert!(readme.contains(&format!("{}:", names[0])), "README: {}", names[0]);
    }
}

#[test]
fn the_sample_notes_are_enough() {
    let corpus = &crate::env::CORPUS.sections;
    let notes: BTreeSet<&String> = corpus.iter().map(|(path, _)| path).collect();
    assert!(notes.len() >= 40 && corpus.len() >= 300, "{} {}", notes.len(), corpus.len());
}
