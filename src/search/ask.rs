//! From a plan to what the index is asked: the stages of relaxation.

use std::borrow::Cow;

use crate::index::{Ask, TextField, is_shared};
use crate::query::{Plan, Run, Word};
use crate::text::{Class, OVERLAP_BYTES, STEM_MARK, class};

/// A heading's term draws a section as strongly as one of its text, on top of it: it must be
/// among the candidates, the second stage decides. Twice as strongly drew headings that only
/// name a word of the query before sections that answer it.
const TITLE_WEIGHT: f32 = 1.0;

/// Pairs across words draw weakly.
const PAIR_WEIGHT: f32 = 0.4;

/// A stem draws less than the word as typed.
const STEM_WEIGHT: f32 = 0.8;

/// The stages, most demanding first: as typed, all words, any word. Each with what must hold; made
/// when it comes to them, as the first is mostly enough. `frequent` tells of a word whether so
/// many sections have it that looking through them for another word is too much.
pub fn stages<'a>(
    plan: &'a Plan,
    offers: &'a [Named<'a>],
    strict: &'a [Ask],
    relax: bool,
    frequent: impl Fn(usize) -> bool + 'a,
) -> impl Iterator<Item = Ask> + 'a {
    let asked = Asked { plan, offers, strict };
    let others = move || (!plan.words.is_empty()).then(|| asked.relaxed(relax, frequent));
    std::iter::once_with(move || asked.as_typed())
        .chain(std::iter::once_with(others).flatten().flatten())
}

/// What the stages are made of.
#[derive(Clone, Copy)]
struct Asked<'a> {
    plan: &'a Plan,
    offers: &'a [Named<'a>],
    strict: &'a [Ask],
}

impl<'a> Asked<'a> {
    fn stage(&self, words: Vec<Ask>, may: Vec<Ask>) -> Ask {
        let must = words.into_iter().chain(self.strict.iter().cloned()).collect();
        Ask::Ranked { must, may, not: Vec::new() }
    }

    fn titles(&self) -> Vec<Ask> {
        let typed = self.plan.words.iter().filter(|w| !w.function);
        let mut titles: Vec<Ask> = typed.map(|w| in_title(w, TITLE_WEIGHT)).collect();
        for offer in self.offers {
            // The figure of `3-way handshake` is in every third heading.
            let says = |w: &&Word| !w.function && (w.han || w.chars.len() > 1);
            let words = offer.parts.iter().filter(says);
            titles.extend(words.map(|w| in_title(w, TITLE_WEIGHT * offer.worth)));
        }
        titles
    }

    fn as_typed(&self) -> Ask {
        if self.plan.words.is_empty() {
            let titles = self.strict.iter().flat_map(in_titles).collect();
            return self.stage(Vec::new(), titles);
        }
        let words = &self.plan.words;
        let is_grammar = |run: &&Run| words[run.words.clone()].iter().all(|w| w.function);
        let (grammar, mut runs): (Vec<&Run>, Vec<&Run>) =
            self.plan.runs.iter().partition(is_grammar);
        // Grammar words apart from others, as in English, say nothing of the order of words, and
        // their lists are long.
        if runs.is_empty() {
            runs = grammar;
        }
        let near = runs.iter().flat_map(|run| as_typed(run, words, leading));
        // A word of a run that is not asked for has no letters, and no other form.
        let asked = runs.iter().flat_map(|run| &words[run.words.clone()]);
        let may: Vec<Ask> = asked.filter_map(adding).chain(self.titles()).collect();
        self.stage(near.collect(), may)
    }

    /// Where a word stands itself or one of these names does.
    fn here<'n>(&self, word: usize, names: impl Iterator<Item = &'n Named<'n>>) -> Ask {
        let names = names.filter(|o| o.words.contains(&word));
        let mut here = vec![leading(&self.plan.words[word])];
        here.extend(widest(names.map(|o| of_name(&o.parts, &o.chars)).collect()));
        Ask::Any(here)
    }

    /// From where each word is to where all are, and what adds to the score of those. Names for
    /// the same several words stand for all of them at once: their lists are read once.
    fn together(&self, all: &[Ask]) -> (Vec<Ask>, Vec<Ask>) {
        let words = self.plan.words.iter().enumerate();
        let content: Vec<usize> =
            words.filter(|(_, w)| !w.function).map(|(i, _)| i).collect();
        let of = |name: &Named| -> Vec<usize> {
            content.iter().copied().filter(|i| name.words.contains(i)).collect()
        };
        let several: Vec<Vec<usize>> =
            self.offers.iter().map(of).filter(|of| of.len() > 1).collect();
        let Some(group) = several.first().filter(|g| several.iter().all(|of| of == *g))
        else {
            return (all.to_vec(), Vec::new());
        };
        let one = |name: &&Named| of(name).len() == 1;
        let apart: Vec<Ask> =
            group.iter().map(|&i| self.here(i, self.offers.iter().filter(one))).collect();
        let mut any = vec![Ask::All(apart.iter().map(|ask| ask.times(0.0)).collect())];
        let names = self.offers.iter().filter(|name| of(name) == *group);
        let share = group.len() as f32;
        let names = names.map(|o| of_name(&o.parts, &o.chars).times(share));
        any.extend(widest(names.collect()));
        let others = content.iter().zip(all).filter(|(i, _)| !group.contains(i));
        let mut must: Vec<Ask> = others.map(|(_, ask)| ask.clone()).collect();
        must.push(Ask::Any(any));
        (must, apart)
    }

    /// All words, then any; the last is made where it comes to that.
    fn relaxed(
        self,
        relax: bool,
        frequent: impl Fn(usize) -> bool + 'a,
    ) -> impl Iterator<Item = Ask> + 'a {
        let Self { plan, offers, .. } = self;
        let content = move || plan.words.iter().enumerate().filter(|(_, w)| !w.function);
        let own = content().filter_map(|(_, word)| adding(word));
        let titles: Vec<Ask> = own.chain(self.titles()).collect();
        // A word is there where it stands itself or another name for it does.
        let all: Vec<Ask> = content().map(|(i, _)| self.here(i, offers.iter())).collect();
        let (every, apart) = self.together(&all);
        let is_last = !relax || all.len() < 2;
        let pairs: Vec<String> = match is_last {
            true => Vec::new(),
            false => plan.runs.iter().flat_map(|r| pairs(&r.chars)).collect(),
        };
        let draw = |p: &String| Ask::Term(TextField::Text, p.clone(), PAIR_WEIGHT);
        let may: Vec<Ask> =
            titles.iter().cloned().chain(pairs.iter().map(draw)).collect();
        let of_every = may.iter().cloned().chain(apart).collect();
        let every = self.stage(every, of_every);
        let any = move || {
            let (often, rare): (Vec<_>, Vec<_>) =
                content().map(|(i, _)| i).zip(all).partition(|&(i, _)| frequent(i));
            let asks = |words: Vec<(usize, Ask)>| words.into_iter().map(|(_, ask)| ask);
            if often.is_empty() || rare.is_empty() {
                let alone =
                    pairs.into_iter().map(|p| alone(TextField::Text, p, PAIR_WEIGHT));
                let any =
                    asks(rare).chain(asks(often)).chain(titles).chain(alone).collect();
                return self.stage(vec![Ask::Any(any)], Vec::new());
            }
            // Sections with the rare words; the others only add.
            let headed: Vec<Ask> = rare
                .iter()
                .map(|&(i, _)| in_title(&plan.words[i], TITLE_WEIGHT))
                .collect();
            let may = may.into_iter().filter(|ask| !headed.contains(ask));
            let may: Vec<Ask> = asks(often).chain(may).collect();
            let lead = asks(rare).chain(headed).collect();
            self.stage(vec![Ask::Any(lead)], may)
        };
        let any = (!is_last).then(|| std::iter::once_with(any));
        std::iter::once(every).chain(any.into_iter().flatten())
    }
}

/// Another name for words of the query, cut into its own words.
pub struct Named<'a> {
    /// Which words of the query.
    pub words: std::ops::Range<usize>,
    /// The words of the name.
    pub parts: Cow<'a, [Word]>,
    /// The name, folded.
    pub chars: Cow<'a, [char]>,
    /// What it is worth beside the words themselves.
    pub worth: f32,
}

/// A name, its words side by side as far as the index can tell.
pub fn of_name(parts: &[Word], chars: &[char]) -> Ask {
    let run = Run { chars: chars.to_vec(), words: 0..parts.len() };
    Ask::All(as_typed(&run, parts, |word| in_text(word, 1.0)))
}

/// Names without those that ask for all that another does and more: where `tcp三次握手` stands,
/// `三次握手` does.
fn widest(names: Vec<Ask>) -> Vec<Ask> {
    let asks = |name: &Ask| match name {
        Ask::All(asks) => asks.len(),
        _ => 0,
    };
    let holds = |one: &Ask, other: &Ask| match (one, other) {
        (Ask::All(one), Ask::All(other)) => one.iter().all(|ask| other.contains(ask)),
        _ => false,
    };
    let is_wide = |n: usize| {
        let wider = |m: usize| {
            let (one, other) = (&names[m], &names[n]);
            m != n && holds(one, other) && (asks(one) < asks(other) || m < n)
        };
        !(0..names.len()).any(wider)
    };
    let wide: Vec<bool> = (0..names.len()).map(is_wide).collect();
    names.into_iter().zip(wide).filter(|(_, is)| *is).map(|(name, _)| name).collect()
}

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
fn leading(word: &Word) -> Ask {
    match (in_text(word, 1.0), adding(word)) {
        (Ask::Any(forms), Some(_)) => Ask::Any(forms.into_iter().skip(1).collect()),
        (asked, _) => asked,
    }
}

/// A word of letters as typed, where it is in no section that does not have its stem: it only
/// adds to the score of those.
fn adding(word: &Word) -> Option<Ask> {
    // What an overlong word is cut into has no stems, and is longer.
    let short = |w: &&Word| w.chars.len() <= OVERLAP_BYTES;
    let stemmed = word.stem.as_ref().map(|_| word).filter(short);
    stemmed.map(|word| Ask::Term(TextField::Text, word.text(), 1.0))
}

/// What is quoted, where it stands in headings; not the many words that it may be a piece of.
fn in_titles(ask: &Ask) -> Vec<Ask> {
    match ask {
        Ask::Term(TextField::Text, term, _) => {
            vec![Ask::Term(TextField::Title, term.clone(), TITLE_WEIGHT)]
        }
        Ask::All(asks) => asks.iter().flat_map(in_titles).collect(),
        _ => Vec::new(),
    }
}

fn in_title(word: &Word, weight: f32) -> Ask {
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

/// What a run as typed must hold: all pairs of neighbours, and words of letters, asked for by
/// `word`.
fn as_typed(run: &Run, words: &[Word], word: impl Fn(&Word) -> Ask) -> Vec<Ask> {
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

    #[test]
    fn names_within_others_are_asked_for_once() {
        let name = |terms: &[&str]| {
            let term = |t: &&str| Ask::Term(TextField::Text, (*t).to_owned(), 1.0);
            Ask::All(terms.iter().map(term).collect())
        };
        for (names, kept) in [
            (&[&["tcp", "三次", "握手"][..], &["三次", "握手"]][..], &[1][..]),
            (&[&["握手", "三次"], &["三次", "握手"]], &[0]),
            (&[&["message"], &["message"], &["消息"]], &[0, 2]),
            (&[&["线程", "池"], &["线程", "锁"]], &[0, 1]),
            (&[], &[]),
        ] {
            let all: Vec<Ask> = names.iter().map(|terms| name(terms)).collect();
            let expected: Vec<Ask> = kept.iter().map(|&n| all[n].clone()).collect();
            assert_eq!(widest(all), expected, "{names:?}");
        }
    }
}
