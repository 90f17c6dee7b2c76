//! A word and what was typed side by side, in the terms by which the index can be asked for them.

use super::ask::TITLE_WEIGHT;
use crate::index::{Ask, TextField, is_shared};
use crate::query::{Run, Word};
use crate::text::{Class, OVERLAP_BYTES, STEM_MARK, class};

/// A stem draws less than the word as typed.
const STEM_WEIGHT: f32 = 0.8;

/// A word, wherever it may stand.
pub fn in_text(word: &Word, weight: f32) -> Ask {
    if word.han {
        return Ask::Term(TextField::Text, word.text(), weight);
    }
    match forms(word, TextField::Text, weight) {
        Ask::Any(forms) if weight == 0.0 && adding(word).is_some() => {
            Ask::Any(forms.into_iter().skip(1).collect())
        }
        forms => forms,
    }
}

/// A word as it leads to sections: without [`adding`].
pub fn leading(word: &Word) -> Ask {
    match (in_text(word, 1.0), adding(word)) {
        (Ask::Any(forms), Some(_)) => Ask::Any(forms.into_iter().skip(1).collect()),
        (asked, _) => asked,
    }
}

/// A word of letters as typed, where it is in no section that does not have its stem: it only
/// adds to the score of those.
pub fn adding(word: &Word) -> Option<Ask> {
    // What an overlong word is cut into has no stems, and is longer.
    let short = |w: &&Word| w.chars.len() <= OVERLAP_BYTES;
    let stemmed = word.stem.as_ref().map(|_| word).filter(short);
    stemmed.map(|word| Ask::Term(TextField::Text, word.text(), 1.0))
}

/// What is quoted, where it stands in headings; not the many words that it may be a piece of.
pub fn in_titles(ask: &Ask) -> Vec<Ask> {
    match ask {
        Ask::Term(TextField::Text, term, _) => {
            vec![Ask::Term(TextField::Title, term.clone(), TITLE_WEIGHT)]
        }
        Ask::All(asks) => asks.iter().flat_map(in_titles).collect(),
        _ => Vec::new(),
    }
}

/// A word, where it stands in a heading.
pub fn in_title(word: &Word, weight: f32) -> Ask {
    if word.han {
        return Ask::Term(TextField::Title, word.text(), weight);
    }
    forms(word, TextField::Title, weight)
}

/// A word of letters in its forms: as typed, by its stem, by its parts.
pub fn forms(word: &Word, field: TextField, weight: f32) -> Ask {
    let (text, stem) = (word.text(), word.stem.as_ref());
    // As typed comes first: see `leading`.
    let mut forms = vec![Ask::Term(field, text.clone(), weight)];
    forms.extend(stem.map(|s| Ask::Term(field, s.clone(), weight * STEM_WEIGHT)));
    let stem = stem.unwrap_or(&text);
    forms.push(Ask::Term(field, format!("{STEM_MARK}{stem}"), weight * STEM_WEIGHT));
    if word.parts.len() > 1 {
        let parts = word.parts.iter().map(|p| Ask::Term(field, p.clone(), weight / 2.0));
        forms.push(Ask::All(parts.collect()));
    }
    Ask::Any(forms)
}

/// A run without the grammar at its ends; one that is nothing else is as it was.
pub fn core(run: &Run, words: &[Word]) -> Run {
    let asks = |at: usize| words[at].function && words[at].han;
    let (mut range, mut chars) = (run.words.clone(), &run.chars[..]);
    while range.len() > 1 && asks(range.start) {
        let Some(rest) = chars.strip_prefix(&words[range.start].chars[..]) else { break };
        (range.start, chars) = (range.start + 1, rest);
    }
    while range.len() > 1 && asks(range.end - 1) {
        let Some(rest) = chars.strip_suffix(&words[range.end - 1].chars[..]) else {
            break;
        };
        (range.end, chars) = (range.end - 1, rest);
    }
    match words[range.clone()].iter().all(|word| word.function) {
        true => run.clone(),
        false => Run { chars: chars.to_vec(), words: range },
    }
}

/// What a run as typed must hold: all pairs of neighbours, and words of letters, asked for by
/// `word`.
pub fn as_typed(run: &Run, words: &[Word], word: impl Fn(&Word) -> Ask) -> Vec<Ask> {
    let mut asks: Vec<Ask> = words[run.words.clone()]
        .iter()
        .filter(|w| !w.han || run.words.len() == 1)
        .map(word)
        .collect();
    let mut covered = vec![false; run.chars.len()];
    for (i, pair) in run.chars.windows(2).enumerate() {
        if pair.iter().all(|&c| class(c) == Class::Gram) {
            (covered[i], covered[i + 1]) = (true, true);
            if run.words.len() > 1 {
                let pair: String = pair.iter().collect();
                asks.push(match run.chars.len() {
                    2 => alone(TextField::Text, pair, 1.0),
                    _ => Ask::Term(TextField::Text, pair, 1.0),
                });
            }
        }
    }
    for (&c, covered) in run.chars.iter().zip(covered) {
        if class(c) == Class::Gram && !covered && run.words.len() > 1 {
            asks.push(Ask::Term(TextField::Text, c.to_string(), 1.0));
        }
    }
    asks
}

/// A pair that nothing else stands beside. One that is no word shares its list with others: its
/// two characters leave few of their sections.
pub fn alone(field: TextField, pair: String, weight: f32) -> Ask {
    if field != TextField::Text || !is_shared(&pair) {
        return Ask::Term(field, pair, weight);
    }
    let mut asks: Vec<Ask> =
        pair.chars().map(|c| Ask::Term(field, c.to_string(), 0.0)).collect();
    asks.push(Ask::Term(field, pair, weight));
    Ask::All(asks)
}

/// Pairs of neighbours that are written without spaces.
pub fn pairs(chars: &[char]) -> impl Iterator<Item = String> {
    chars
        .windows(2)
        .filter(|p| p.iter().all(|&c| class(c) == Class::Gram))
        .map(|p| p.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{parse, plan};
    use crate::text::Dictionary;

    #[test]
    fn grammar_at_its_ends_is_no_part_of_a_run() {
        for (asked, expected) in [
            ("哈希表是什么", "哈希表"),
            ("什么是哈希表", "哈希表"),
            ("拥塞控制怎么用", "拥塞控制"),
            ("redis的持久化", "redis的持久化"),
            ("什么是gc.collect", "gc.collect"),
            ("v-if", "v-if"),
            ("是什么", "是什么"),
        ] {
            let plan = plan(&parse(asked).0, &Dictionary::default());
            let core = core(&plan.runs[0], &plan.words);
            assert_eq!(core.chars.iter().collect::<String>(), expected, "{asked}");
            assert_eq!(core.words.len(), words_of(expected), "{asked}");
        }
    }

    fn words_of(text: &str) -> usize {
        plan(&parse(text).0, &Dictionary::default()).words.len()
    }
}
