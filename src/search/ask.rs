//! From a plan to what the index is asked: the stages of relaxation.

use std::borrow::Cow;

use super::forms::{
    adding, alone, as_typed, core, in_text, in_title, in_titles, leading, pairs,
};
use crate::index::{Ask, TextField};
use crate::query::{Plan, Run, Word, ask_alike};

/// A heading's term draws a section as strongly as one of its text, on top of it: it must be
/// among the candidates, the second stage decides. Twice as strongly drew headings that only
/// name a word of the query before sections that answer it.
pub const TITLE_WEIGHT: f32 = 1.0;

/// How strongly a question draws headings that ask the same way. Of 500 rephrased headings of 10,219
/// notes the page lacks 25, 20 and 16 with 0.5, 1 and 2; other queries are answered as before.
const ASKING_WEIGHT: f32 = 2.0;

/// Pairs across words draw weakly.
const PAIR_WEIGHT: f32 = 0.4;

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
    std::iter::once_with(move || asked.as_typed(&plan.runs))
        .chain(std::iter::once_with(move || asked.without_grammar()).flatten())
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
        // A heading that asks as the query does: of a hundred that name a thing, the one that says
        // what it is.
        let asking = self.plan.words.iter().filter(|w| w.function);
        for alike in
            asking.map(|w| ask_alike(&w.text())).filter(|alike| !alike.is_empty())
        {
            let term = |word: &&str| {
                Ask::Term(TextField::Title, (*word).to_owned(), ASKING_WEIGHT)
            };
            titles.push(Ask::Any(alike.iter().map(term).collect()));
        }
        for offer in self.offers {
            // The figure of `3-way handshake` is in every third heading.
            let says = |w: &&Word| !w.function && (w.han || w.chars.len() > 1);
            let words = offer.parts.iter().filter(says);
            titles.extend(words.map(|w| in_title(w, TITLE_WEIGHT * offer.worth)));
        }
        titles
    }

    /// As typed but for how it is asked: of `哈希表是什么` the `哈希表`, as with a space between.
    fn without_grammar(&self) -> Option<Ask> {
        let runs: Vec<Run> =
            self.plan.runs.iter().map(|run| core(run, &self.plan.words)).collect();
        (runs != self.plan.runs).then(|| self.as_typed(&runs))
    }

    fn as_typed(&self, runs: &[Run]) -> Ask {
        if self.plan.words.is_empty() {
            let titles = self.strict.iter().flat_map(in_titles).collect();
            return self.stage(Vec::new(), titles);
        }
        let words = &self.plan.words;
        let is_grammar = |run: &&Run| words[run.words.clone()].iter().all(|w| w.function);
        let (grammar, mut runs): (Vec<&Run>, Vec<&Run>) =
            runs.iter().partition(is_grammar);
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
