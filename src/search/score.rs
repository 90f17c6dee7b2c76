//! The second stage: a readable score over the text of the best candidates.
//!
//! Two views of the text are summed: words, weighted by field as in BM25F (Robertson, Zaragoza,
//! Taylor 2004), and characters and pairs of them, which find what the dictionary cuts badly.
//! On top come shares of the best sum for what a sum cannot see: coverage, proximity, order, and
//! a heading that is the question.

use super::scan::Scan;
use super::weights::Weights;

/// Every weight of the ranking, in one place so that each can be switched off and measured
/// (`examples/ablation.rs`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// Term saturation of BM25.
    pub k1: f32,
    /// Length normalisation of bodies.
    pub b_body: f32,
    /// Length normalisation of headings, which vary little in length.
    pub b_title: f32,
    /// Field weights within a word's frequency; the body has 1.
    pub title: f32,
    /// Headings above.
    pub trail: f32,
    /// Path, tags, title of the note.
    pub name: f32,
    /// Fenced code within the body.
    pub code: f32,
    /// What the first sentence of a body weighs more than the rest.
    pub lead: f32,
    /// The sum over single characters, beside the words' 1.
    pub chars: f32,
    /// The sum over pairs of characters.
    pub pairs: f32,
    /// A grammar word beside other words.
    pub function: f32,
    /// Share of the best sum for coverage of the query's words by weight.
    pub coverage: f32,
    /// Share for a section that has every word.
    pub all: f32,
    /// Share for the best window.
    pub window: f32,
    /// Share for what was typed standing together.
    pub run: f32,
    /// Share for a heading that is the question.
    pub heading: f32,
    /// Share for a heading that says just what was typed.
    pub exact: f32,
    /// Share for what stands to the letter, where other names are looked for too.
    pub literal: f32,
    /// Share that a section loses which lacks the name in letters that a Chinese question is about.
    pub nameless: f32,
}

impl Factors {
    /// The weights in use.
    pub const DEFAULT: Self = Self {
        k1: 1.4,
        b_body: 0.68,
        b_title: 0.3,
        title: 3.0,
        trail: 0.8,
        name: 0.5,
        code: 0.6,
        lead: 1.0,
        chars: 0.6,
        pairs: 0.25,
        function: 0.05,
        coverage: 0.15,
        all: 0.3,
        window: 0.2,
        run: 0.3,
        heading: 0.8,
        exact: 0.25,
        literal: 0.15,
        nameless: 0.2,
    };
}

/// Positions at the beginning of a body that say what it is about: a sentence.
const LEAD_POSITIONS: u32 = 16;

/// Positions of the window in which proximity is measured.
const WINDOW_POSITIONS: u32 = 40;

/// A word in letters that weighs this much of the heaviest word is what a Chinese question is about:
/// of `raft 选举平票了怎么办` not every election. In a question in letters alone each word is one.
pub(super) const NAMING: f32 = 0.5;

/// Averages over the whole index.
#[derive(Debug, Clone, Copy)]
pub struct Averages {
    /// Positions of a body: Han characters and words; figures too, which scales all lengths
    /// alike.
    pub body_positions: f32,
    /// Positions of a heading.
    pub title_positions: f32,
}

/// What the fields of a candidate hold of the query. Memory for the next candidate, too.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Heading.
    pub title: Scan,
    /// Headings above.
    pub trail: Scan,
    /// Path, tags, title of the note.
    pub name: Scan,
    /// Text; empty where it is that of children.
    pub body: Scan,
    /// Link targets, front matter and the like.
    pub aside: Scan,
    /// First folded character from which on a match is code, as half-open ranges.
    pub code: Vec<(u32, u32)>,
}

/// What ranks a candidate beside its [`Parts`].
#[derive(Debug, Default, Clone, Copy)]
pub struct Signs {
    /// What of the longest typed run stands together, 0 to 1.
    pub run: f32,
    /// How much the heading is the question, 0 to 1.
    pub title_fit: f32,
    /// How far the heading says just what was typed, 0 to 1.
    pub title_exact: f32,
    /// Factor for what is no answer: tables of contents, lists of links, empty headings.
    pub damp: f32,
}

/// The parts of a candidate's score.
#[derive(Debug, Default, Clone)]
pub struct Parts {
    /// Sum over words.
    pub words: f32,
    /// Sum over characters.
    pub chars: f32,
    /// Sum over pairs.
    pub pairs: f32,
    /// Shares, 0 to 1 each.
    pub coverage: f32,
    /// Best window.
    pub window: f32,
    /// True where every word that carries meaning is there.
    pub every: bool,
    /// Share of the query's weight that stands to the letter.
    pub literal: f32,
    /// True where a name in letters is lacking that a Chinese question is about.
    pub nameless: bool,
    /// Which words the section has, by index.
    pub has: Vec<bool>,
    /// Numbers of the offers that found something here.
    pub sources: Vec<u16>,
}

/// Computes the parts of a candidate's score.
pub fn parts(
    sheet: &Sheet,
    weights: &Weights,
    averages: &Averages,
    factors: &Factors,
) -> Parts {
    let f = factors;
    let mut parts = Parts { has: vec![false; weights.words.len()], ..Parts::default() };
    let norm_body =
        1.0 - f.b_body + f.b_body * sheet.body.length as f32 / averages.body_positions;
    let norm_title = 1.0 - f.b_title
        + f.b_title * sheet.title.length as f32 / averages.title_positions;

    let mut words = vec![0.0f32; weights.words.len()];
    let mut units = vec![0.0f32; weights.units.len()];
    let mut worths = vec![0.0f32; weights.words.len()];
    let mut typed = vec![false; weights.words.len()];
    let mut add = |scan: &Scan, weight: f32, factor: &dyn Fn(u32, u32) -> f32| {
        for m in &scan.matches {
            let word = m.word as usize;
            words[word] += weight * m.worth * factor(m.position, m.start);
            worths[word] = worths[word].max(m.worth);
            if m.source == 0 {
                typed[word] = true;
            } else if !parts.sources.contains(&m.source) {
                parts.sources.push(m.source);
            }
        }
        for &(position, at, unit) in &scan.units {
            units[unit as usize] += weight * factor(position, at);
        }
    };
    let in_body = |position: u32, at: u32| {
        let inside = sheet.code.iter().any(|c| c.0 <= at && at < c.1);
        let code = if inside { f.code } else { 1.0 };
        if position <= LEAD_POSITIONS { code * (1.0 + f.lead) } else { code }
    };
    let plain = |_: u32, _: u32| 1.0;
    add(&sheet.body, 1.0 / norm_body, &in_body);
    add(&sheet.title, f.title / norm_title, &plain);
    add(&sheet.trail, f.trail, &plain);
    add(&sheet.name, f.name, &plain);

    let saturate = |tf: f32| tf * (f.k1 + 1.0) / (tf + f.k1);
    let (mut mass, mut literal, mut whole) = (0.0, 0.0, 0.0);
    for (i, (&tf, &weight)) in words.iter().zip(&weights.words).enumerate() {
        whole += weight;
        if tf > 0.0 {
            // Another name counts as far as it is worth, however often it stands there.
            parts.words += weight * saturate(tf) * worths[i].min(1.0);
            parts.has[i] = true;
            mass += weight * worths[i].min(1.0);
            literal += if typed[i] { weight } else { 0.0 };
        }
    }
    parts.coverage = if whole > 0.0 { mass / whole } else { 1.0 };
    let counts = |i: usize| weights.content.get(i).copied().unwrap_or(true);
    parts.every = parts.has.iter().enumerate().all(|(i, &has)| has || !counts(i));
    parts.literal = if whole > 0.0 { literal / whole } else { 1.0 };
    parts.nameless = weights.naming.iter().any(|&i| !parts.has[i]);
    for ((&tf, &weight), &counted) in
        units.iter().zip(&weights.units).zip(&weights.counted)
    {
        if counted {
            parts.chars += weight * saturate(tf);
        }
    }
    for (i, &weight) in weights.pairs.iter().enumerate() {
        let of = |scan: &Scan| scan.pairs.get(i).copied().unwrap_or(0) as f32;
        let tf = of(&sheet.body) / norm_body
            + of(&sheet.title) * f.title / norm_title
            + of(&sheet.trail) * f.trail;
        parts.pairs += weight * saturate(tf);
    }
    parts.window = window(&sheet.body, weights).max(window(&sheet.title, weights));
    parts
}

/// Returns the sum that shares are taken of.
pub fn sum(parts: &Parts, f: &Factors) -> f32 {
    parts.words + f.chars * parts.chars + f.pairs * parts.pairs
}

/// Returns the score by named shares; `best` is the greatest sum of all candidates.
pub fn shares(
    signs: &Signs,
    parts: &Parts,
    best: f32,
    f: &Factors,
) -> [(&'static str, f32); 11] {
    [
        ("words", parts.words),
        ("characters", f.chars * parts.chars),
        ("pairs", f.pairs * parts.pairs),
        ("coverage", best * f.coverage * parts.coverage),
        ("every word", best * f.all * f32::from(u8::from(parts.every))),
        ("proximity", best * f.window * parts.window),
        ("order", best * f.run * signs.run),
        ("heading", best * f.heading * signs.title_fit),
        ("to the letter", best * f.literal * parts.literal),
        ("exact heading", best * f.exact * signs.title_exact),
        ("lacks the name", -best * f.nameless * f32::from(u8::from(parts.nameless))),
    ]
}

/// Returns the share of the query's weight that the best window of a text holds, 0 to 1.
fn window(scan: &Scan, weights: &Weights) -> f32 {
    let whole: f32 = weights.units.iter().sum();
    if whole <= 0.0 {
        return 0.0;
    }
    let mut counts = vec![0u32; weights.units.len()];
    let (mut mass, mut best) = (0.0f32, 0.0f32);
    let mut tail = 0;
    for &(position, _, unit) in &scan.units {
        let unit = unit as usize;
        if counts[unit] == 0 {
            mass += weights.units[unit];
        }
        counts[unit] += 1;
        while scan.units[tail].0 + WINDOW_POSITIONS <= position {
            let gone = scan.units[tail].2 as usize;
            counts[gone] -= 1;
            if counts[gone] == 0 {
                mass -= weights.units[gone];
            }
            tail += 1;
        }
        best = best.max(mass);
    }
    (best / whole).clamp(0.0, 1.0)
}
