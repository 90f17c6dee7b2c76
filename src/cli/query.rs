//! `jian query`.

use clap::Args;

use super::open::{open, present};
use super::terminal::Terminal;
use super::{Outcome, usage};
use crate::config::Config;
use crate::error::Result;
use crate::lexicon::Synonyms;
use crate::query;
use crate::render::{Output, Paths, Style, default_format};
use crate::search::{self, Options, Report, Stage, Widening};

/// What can be said to `jian query`.
#[derive(Debug, Args)]
pub struct Flags {
    /// Words, "exact phrase", -not, a OR b, (group), title:x tag:x path:x code:x, prefix*
    #[arg(value_name = "QUERY", required = true, allow_hyphen_values = true)]
    words: Vec<String>,
    /// Most hits to print
    #[arg(long, short = 'n', default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Hits to pass over first
    #[arg(long, default_value_t = 0, value_name = "N")]
    offset: usize,
    /// One JSON object a line, as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// pretty, lines, json, tsv, vimgrep, md, or a template such as '{path}:{line} {title}'
    #[arg(long, short, value_name = "NAME")]
    format: Option<String>,
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
    /// Whole sections instead of snippets
    #[arg(long)]
    full: bool,
    /// End records with NUL instead of a line break
    #[arg(long, short = '0')]
    null: bool,
    /// Say how the query was read and what each score is made of
    #[arg(long)]
    explain: bool,
    /// Answer from the index as it is, without looking for changed notes
    #[arg(long)]
    no_refresh: bool,
}

/// Lines of a snippet on a terminal.
const SNIPPET_LINES: usize = 4;

/// Columns of a snippet where no terminal sets them: three lines of 80.
const SNIPPET_COLS: usize = 240;

/// Runs `jian query`.
pub fn run(flags: &Flags, config: &Config, terminal: &Terminal) -> Result<Outcome> {
    let output = output(flags, terminal)?;
    let (asked, notices) = query::parse(&flags.words.join(" "));
    for notice in notices {
        terminal.notice(&notice.message);
    }
    let (reader, dictionary) =
        open(config, !flags.no_refresh && config.refresh, terminal)?;
    let options = Options {
        limit: flags.limit,
        offset: flags.offset,
        relax: !flags.strict,
        snippet_cols: match terminal.stdout_is_terminal {
            true => SNIPPET_LINES * terminal.width_cols.saturating_sub(2).max(20),
            false => SNIPPET_COLS,
        },
        full: flags.full,
        explain: flags.explain,
        ..Options::default()
    };
    let widening = Widening {
        synonyms: match flags.literal {
            true => Synonyms::default(),
            false => Synonyms::new(&config.synonyms(&reader.facts().roots)),
        },
        glossary: !flags.literal && !flags.no_glossary,
        pinyin: !flags.literal && !flags.no_pinyin,
        typos: !flags.literal && !flags.no_typos,
    };
    let report = present(&options, |options| {
        search::search(&reader, &asked, &dictionary, &widening, options)
    })?;
    let style = Style {
        ink: terminal.ink,
        width_cols: terminal.width_cols,
        paths: Paths::Notes,
        hyperlink: false,
        null: flags.null,
    };
    let mut out = String::new();
    output.write(&report, &style, &mut out);
    remark(&report, flags, &asked, terminal);
    terminal.print(&out)?;
    Ok(if report.hits.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

fn output(flags: &Flags, terminal: &Terminal) -> Result<Output> {
    let named = if flags.json { Some("json") } else { flags.format.as_deref() };
    match named {
        Some(name) => Output::parse(name)
            .map_err(|e| usage(e.to_string(), "see `jian query --help` for the formats")),
        None => Ok(Output::Format(default_format(terminal.stdout_is_terminal))),
    }
}

/// Says on stderr what the hits do not: what is missing, how the query was cut.
fn remark(report: &Report, flags: &Flags, asked: &query::Query, terminal: &Terminal) {
    for line in &report.explain {
        terminal.notice(line);
    }
    if flags.explain {
        terminal.notice(&format!("answered at stage {:?}", report.stage).to_lowercase());
        for hit in &report.hits {
            let shares: Vec<String> = hit
                .shares
                .iter()
                .map(|(name, share)| format!("{name} {share:.2}"))
                .collect();
            let (path, line, score) = (&hit.path, hit.line, hit.score);
            terminal
                .notice(&format!("{path}:{line} {score:.2} = {}", shares.join(" + ")));
        }
    }
    for notice in &report.notices {
        terminal.notice(notice);
    }
    if report.hits.is_empty() {
        terminal.notice(&format!("nothing found for {asked}"));
    } else if report.stage > Stage::All && !report.missing.is_empty() {
        terminal.notice(&format!(
            "no section has every word; 缺: {}",
            report.missing.join(", ")
        ));
    }
}
