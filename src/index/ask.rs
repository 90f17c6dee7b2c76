//! What is asked of an index, free of the engine.

use std::borrow::Cow;

use super::schema::TextField;

/// What a document must and may hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A term, with the weight of its score; 0 asks for no score.
    Term(TextField, String, f32),
    /// All of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
    /// All of `must`, none of `not`; `may` only adds to the score.
    Ranked {
        /// Must hold.
        must: Vec<Self>,
        /// Adds to the score.
        may: Vec<Self>,
        /// Must not hold.
        not: Vec<Self>,
    },
    /// Every document.
    Everything,
    /// No document.
    Nothing,
}

/// Alternatives up to which each may be sent to every document of another list; a query of a
/// thousand words has more.
pub(super) const MOST: usize = 64;

/// Returns what stands for any of `asks`, alternatives within alternatives too: scores are sums
/// either way. What is asked for twice is asked for once and counts as much as both.
pub(super) fn alternatives(asks: &[Ask]) -> Vec<Cow<'_, Ask>> {
    let mut all = Vec::new();
    leaves(asks, &mut all);
    if all.len() > MOST {
        return all.into_iter().map(Cow::Borrowed).collect();
    }
    let mut once: Vec<Cow<Ask>> = Vec::with_capacity(all.len());
    for ask in all {
        match once.iter_mut().find_map(|known| Some((known.and(ask)?, known))) {
            Some((both, known)) => *known = Cow::Owned(both),
            None => once.push(Cow::Borrowed(ask)),
        }
    }
    once
}

fn leaves<'a>(asks: &'a [Ask], found: &mut Vec<&'a Ask>) {
    for ask in asks {
        match ask {
            // Without any, nothing matches; a union of nothing adds nothing.
            Ask::Any(asks) => leaves(asks, found),
            other => found.push(other),
        }
    }
}

impl Ask {
    /// Returns what asks for the same and scores so many times as much; 0 asks for no score.
    pub fn times(&self, factor: f32) -> Self {
        let all = |asks: &[Self]| asks.iter().map(|ask| ask.times(factor)).collect();
        match self {
            Self::Term(field, term, worth) => {
                Self::Term(*field, term.clone(), worth * factor)
            }
            Self::All(asks) => Self::All(all(asks)),
            Self::Any(asks) => Self::Any(all(asks)),
            Self::Ranked { must, may, not } => {
                Self::Ranked { must: all(must), may: all(may), not: not.clone() }
            }
            Self::Everything | Self::Nothing => self.clone(),
        }
    }

    /// Returns what holds where both do and scores what both score, where they only differ in
    /// worth.
    fn and(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Term(field, term, one), Self::Term(of, same, two)) => ((field, term)
                == (of, same))
                .then(|| Self::Term(*field, term.clone(), one + two)),
            (Self::All(all), Self::All(same)) if all.len() == same.len() => {
                let both = all.iter().zip(same).map(|(one, two)| one.and(two));
                Some(Self::All(both.collect::<Option<_>>()?))
            }
            (Self::Any(any), Self::Any(same)) if any.len() == same.len() => {
                let both = any.iter().zip(same).map(|(one, two)| one.and(two));
                Some(Self::Any(both.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str, worth: f32) -> Ask {
        Ask::Term(TextField::Text, text.to_owned(), worth)
    }

    #[test]
    fn what_is_asked_for_twice_is_asked_for_once() {
        let name = |worth| Ask::All(vec![term("三次", worth), term("握手", worth)]);
        let heading = Ask::Term(TextField::Title, "tcp".to_owned(), 1.0);
        let asks = [
            Ask::Any(vec![term("tcp", 1.0), name(1.0)]),
            Ask::Any(vec![Ask::Any(vec![term("tcp", 0.5)]), name(0.5), heading.clone()]),
            Ask::All(vec![term("三次", 1.0)]),
            Ask::Nothing,
        ];
        let found: Vec<Ask> =
            alternatives(&asks).into_iter().map(Cow::into_owned).collect();
        let once = [
            term("tcp", 1.5),
            name(1.5),
            heading,
            Ask::All(vec![term("三次", 1.0)]),
            Ask::Nothing,
        ];
        assert_eq!(found, once);
        let many: Vec<Ask> = (0..=MOST).map(|_| term("tcp", 1.0)).collect();
        assert_eq!(alternatives(&many).len(), many.len());
    }
}
