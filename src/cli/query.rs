//! `jian query`.

use clap::{Args, ValueEnum};
use clap_complete::ArgValueCompleter;

pub use super::open::open;
use super::open::present;
use super::plain::Asked;
use super::terminal::Terminal;
use super::{Outcome, column, completions, last, usage};
use crate::config::Config;
use crate::error::Result;
use crate::index::Reader as Index;
use crate::lexicon::Synonyms;
use crate::message::{self, Message};
use crate::query;
use crate::render::{Output, Paths, Reader, Style, default_format};
use crate::search::{self, Options, Report, Stage, Widening};

/// What can be said to `jian query`.
#[derive(Debug, Default, Args)]
pub struct Flags {
    /// Words, "exact phrase", -not, a OR b, (group), title:x tag:x path:x code:x, prefix*
    #[arg(value_name = "QUERY", required = true)]
    #[arg(add = ArgValueCompleter::new(completions::query))]
    words: Vec<String>,
    /// Most hits to print [default: 10; all with -l or -c]
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
    /// Hits to pass over first
    #[arg(long, default_value_t = 0, value_name = "N", hide_default_value = true)]
    offset: usize,
    /// Only sections with every word
    #[arg(long)]
    strict: bool,
    /// No synonyms, glossary, pinyin or corrections
    #[arg(long)]
    literal: bool,
    /// No English for Chinese nor Chinese for English
    #[arg(long)]
    no_glossary: bool,
    /// No pinyin
    #[arg(long)]
    no_pinyin: bool,
    /// No corrections and no half-typed words
    #[arg(long)]
    no_typos: bool,
    /// Say how the query was read and what each score is made of
    #[arg(long)]
    explain: bool,
    /// Answer from the index as it is
    #[arg(long)]
    no_refresh: bool,
    #[command(flatten)]
    shape: Shape,
}

impl Flags {
    /// A plain question: all else is as it is where nothing is said of it.
    pub(super) fn plain(asked: Asked) -> Self {
        let Asked { words, limit, json, no_refresh } = asked;
        let shape = Shape { json, ..Shape::default() };
        Self { words, limit, no_refresh, shape, ..Self::default() }
    }
}

/// What is printed of the hits, and how.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
struct Shape {
    /// One JSON object a line, as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// pretty, lines, json, tsv, vimgrep, md, fzf, or a template such as '{path}:{line} {title}'
    #[arg(long, short, value_name = "NAME")]
    #[arg(add = ArgValueCompleter::new(completions::formats))]
    format: Option<String>,
    /// Each note once, best first: all that have a section with every word
    #[arg(long, short = 'l', conflicts_with_all = ["format", "json"])]
    files_with_matches: bool,
    /// Each note once with how many of its sections have every word
    #[arg(long, short, conflicts_with_all = ["format", "json", "files_with_matches"])]
    count: bool,
    /// Whole sections instead of snippets
    #[arg(long)]
    full: bool,
    /// Lines to print before and after each snippet
    #[arg(long, short = 'C', default_value_t = 0, value_name = "N")]
    #[arg(hide_default_value = true)]
    context: usize,
    /// Whole paths from the root of the file system
    #[arg(long)]
    absolute_path: bool,
    /// When to make paths clickable: auto, always, never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    hyperlink: Hyperlink,
    /// End records with NUL instead of a line break
    #[arg(long, short = '0')]
    null: bool,
}

/// When to make paths clickable (OSC 8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Hyperlink {
    /// On terminals that take links, where there is color
    #[default]
    Auto,
    /// Wherever there is color
    Always,
    /// Nowhere
    Never,
}

/// Hits on one screen.
const LIMIT: usize = 10;

/// Lines of a snippet on a terminal.
const SNIPPET_LINES: usize = 4;

/// Columns of a snippet where no terminal sets them: three lines of 80.
const SNIPPET_COLS: usize = 240;

/// Runs `jian query`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let output = output(&flags.shape, terminal)?;
    let typed = flags.words.join(" ");
    let (asked, notices) = query::parse(&typed);
    for notice in notices {
        terminal.notice(&Message::known(&notice.message));
    }
    let (reader, dictionary) =
        open(config, !flags.no_refresh && config.refresh, terminal)?;
    // Who asks for names of notes wants all of them, and none that only nearly matches.
    let names_only = matches!(output, Output::Files | Output::Counts);
    let options = Options {
        limit: flags.limit.unwrap_or(if names_only { usize::MAX } else { LIMIT }),
        offset: flags.offset,
        relax: !flags.strict && !names_only,
        snippet_cols: match terminal.stdout_is_terminal {
            true => SNIPPET_LINES * terminal.width_cols.saturating_sub(2).max(20),
            false => SNIPPET_COLS,
        },
        full: flags.shape.full,
        context_lines: flags.shape.context,
        explain: flags.explain,
        ..Options::default()
    };
    let widening = match flags.literal || names_only {
        true => literal(),
        false => Widening {
            glossary: !flags.no_glossary,
            pinyin: !flags.no_pinyin,
            typos: !flags.no_typos,
            ..widening(config, &reader)
        },
    };
    let mut report = present(&options, |options| {
        search::search(&reader, &asked, &dictionary, &widening, options)
    })?;
    if output.has_columns() {
        column::look_up(&mut report, config.largest_bytes);
    }
    let mut out = String::new();
    output.write(&report, &style(flags, &output, config, terminal), &mut out);
    remark(&report, flags, &asked, terminal);
    last::remember(&report, &typed, flags.offset, config);
    terminal.print(&out)?;
    // The process ends here, and with it all that is mapped: to unmap file by file before takes
    // a tenth of a search.
    let found = !report.hits.is_empty();
    std::mem::forget((reader, report, out));
    Ok(if found { Outcome::Done } else { Outcome::Nothing })
}

/// Returns all that a query may be widened by, the user's own synonyms among it.
pub fn widening(config: &Config, reader: &Index) -> Widening {
    Widening {
        synonyms: Synonyms::new(&config.synonyms(&reader.facts().roots)),
        ..Widening::default()
    }
}

fn literal() -> Widening {
    Widening {
        synonyms: Synonyms::default(),
        glossary: false,
        pinyin: false,
        typos: false,
    }
}

fn output(shape: &Shape, terminal: &Terminal) -> Result<Output> {
    if shape.files_with_matches {
        return Ok(Output::Files);
    }
    if shape.count {
        return Ok(Output::Counts);
    }
    let named = if shape.json { Some("json") } else { shape.format.as_deref() };
    match named {
        Some(name) => Output::parse(name)
            .map_err(|e| usage(Message::known(&e.to_string()), message::mend_format())),
        None => Ok(Output::Format(default_format(terminal.stdout_is_terminal))),
    }
}

fn style(flags: &Flags, output: &Output, config: &Config, terminal: &Terminal) -> Style {
    let shape = &flags.shape;
    let for_person = output.reader() == Reader::Person;
    Style {
        ink: if for_person { terminal.ink } else { terminal.program_ink },
        width_cols: terminal.width_cols,
        paths: match output.reader() {
            _ if shape.absolute_path => Paths::Absolute,
            Reader::Editor => Paths::From(config.here.clone()),
            Reader::Person | Reader::Program => Paths::Notes,
        },
        hyperlink: match shape.hyperlink {
            Hyperlink::Always => true,
            Hyperlink::Never => false,
            Hyperlink::Auto => terminal.takes_links,
        },
        numbered: terminal.stdout_is_terminal,
        first_number: flags.offset.saturating_add(1),
        null: shape.null,
    }
}

/// Says on stderr what the hits do not: what is missing, how the query was cut.
fn remark(report: &Report, flags: &Flags, asked: &query::Query, terminal: &Terminal) {
    for line in &report.explain {
        terminal.notice(&Message::known(line));
    }
    if flags.explain {
        let stage = format!("{:?}", report.stage).to_lowercase();
        terminal.notice(&message::answered_at(Message::known(&stage)));
        for hit in &report.hits {
            let shares: Vec<String> = hit
                .shares
                .iter()
                .map(|(name, share)| format!("{name} {share:.2}"))
                .collect();
            let place = format!("{}:{}", hit.path, hit.line);
            let score = format!("{:.2}", hit.score);
            terminal.notice(&message::shares(place, score, shares.join(" + ")));
        }
    }
    for notice in &report.notices {
        terminal.notice(&Message::known(notice));
    }
    if report.hits.is_empty() {
        terminal.notice(&message::nothing_found(asked));
        if flags.shape.files_with_matches || flags.shape.count {
            terminal.notice(&message::by_the_letter());
        }
    } else if report.stage > Stage::All && !report.missing.is_empty() {
        terminal.notice(&message::missing(report.missing.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{OPERATORS, SCOPES};
    use crate::render::FORMATS;

    #[test]
    fn the_help_names_every_format_and_operator() {
        let help = Flags::augment_args(clap::Command::new("query")).render_long_help();
        let help = help.to_string();
        for format in FORMATS {
            assert!(help.contains(format.name), "{}: {help}", format.name);
        }
        for (names, ..) in SCOPES {
            assert!(help.contains(&format!("{}:", names[0])), "{names:?}: {help}");
        }
        let typed = ["\"exact phrase\"", "-not", "a OR b", "(group)", "prefix*"];
        assert_eq!(typed.len(), OPERATORS.len(), "one for each: {OPERATORS:?}");
        for typed in typed {
            assert!(help.contains(typed), "{typed}: {help}");
        }
    }
}
