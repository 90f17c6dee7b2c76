//! From what the user said to what is looked for: words with weights, and clauses that must
//! hold. Free of the engine.
//!
//! Law: a space changes nothing. `雾凇 拼音` and `雾凇拼音` have the same words.

use super::function_words::is_function_word;
use super::{Query, Scope};
use crate::text::{Dictionary, Folded, Kind, Piece, Stemmer, fold, parts, pieces};

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Words to rank by, relaxed where nothing has them all.
    pub words: Vec<Word>,
    /// Which words were typed without a space between them, and what was typed.
    pub runs: Vec<Run>,
    /// What must hold, never relaxed.
    pub strict: Vec<Clause>,
}

/// A word that carries part of the query's meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// As typed.
    pub typed: String,
    /// As searched: folded, signs included.
    pub chars: Vec<char>,
    /// Letters of a script without spaces, or a word of one with.
    pub han: bool,
    /// Says how something is asked, not what: 怎么, how.
    pub function: bool,
    /// Parts of an identifier, folded: `hash` and `map` of `HashMap`.
    pub parts: Vec<String>,
    /// Its stem, where that is not the word itself.
    pub stem: Option<String>,
}

impl Word {
    /// Returns the word as searched.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }
}

/// Words typed side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The folded characters, from the first word to the last, without what stands around.
    pub chars: Vec<char>,
    /// Which words, as indices.
    pub words: std::ops::Range<usize>,
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// The folded text, white space as one space, contains this.
    Contains(Place, String),
    /// A word begins so, as folded.
    Begins(Place, String),
    /// All words of an unquoted piece of text occur.
    Words(Place, Vec<Word>),
    /// Does not hold.
    Not(Box<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// All hold.
    All(Vec<Self>),
}

/// Where a clause looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Heading or text.
    Anywhere,
    /// In the part of a note that the user named.
    Only(Scope),
}

/// Makes a plan of a query.
pub fn plan(query: &Query, dictionary: &Dictionary) -> Plan {
    let (mut plan, mut stemmer) = (Plan::default(), Stemmer::default());
    free(query, dictionary, &mut stemmer, &mut plan);
    // `-Xms -Xmx`: nothing but exclusions finds nothing; they are flags, meant as words.
    if plan.words.is_empty() && plan.strict.iter().all(|c| matches!(c, Clause::Not(_))) {
        let mut words = Plan::default();
        free(&without_not(query), dictionary, &mut stemmer, &mut words);
        plan = words;
    }
    // Where only grammar words were asked, they are what is meant; beside a quotation they only ask
    // for it.
    if plan.words.iter().all(|w| w.function) {
        match plan.strict.iter().all(|c| matches!(c, Clause::Not(_))) {
            true => plan.words.iter_mut().for_each(|w| w.function = false),
            false => (plan.words, plan.runs) = Default::default(),
        }
    }
    plan
}

/// The query with its exclusions turned into what they exclude.
fn without_not(query: &Query) -> Query {
    match query {
        Query::Not(inner) => (**inner).clone(),
        Query::Every(parts) => Query::Every(parts.iter().map(without_not).collect()),
        other => other.clone(),
    }
}

fn free(query: &Query, dictionary: &Dictionary, stemmer: &mut Stemmer, plan: &mut Plan) {
    match query {
        Query::Nothing => {}
        Query::Every(parts) => {
            parts.iter().for_each(|p| free(p, dictionary, stemmer, plan));
        }
        Query::Word(text) => {
            let first = plan.words.len();
            let (words, chars) = words(text, dictionary, stemmer);
            if words.is_empty() {
                // Only punctuation: it can still be found as it stands.
                let literal = squeeze(&fold(text));
                if !literal.is_empty() {
                    plan.strict.push(Clause::Contains(Place::Anywhere, literal));
                }
                return;
            }
            plan.words.extend(words);
            plan.runs.push(Run { chars, words: first..plan.words.len() });
        }
        other => plan.strict.extend(clause(other, Place::Anywhere, dictionary)),
    }
}

fn clause(query: &Query, place: Place, dictionary: &Dictionary) -> Option<Clause> {
    let several = |parts: &[Query]| -> Vec<Clause> {
        parts.iter().filter_map(|p| clause(p, place, dictionary)).collect()
    };
    let named = matches!(place, Place::Only(Scope::Path | Scope::Tag));
    Some(match query {
        Query::Nothing => return None,
        // Paths and tags are names: any part of one will do.
        Query::Word(text) | Query::Phrase(text) if named => {
            Clause::Contains(place, squeeze(&fold(text)))
        }
        Query::Word(text) => {
            let (words, _) = words(text, dictionary, &mut Stemmer::default());
            match words.is_empty() {
                true => Clause::Contains(place, squeeze(&fold(text))),
                false => Clause::Words(place, words),
            }
        }
        Query::Phrase(text) => {
            let literal = squeeze(&fold(text));
            if literal.is_empty() {
                return None;
            }
            Clause::Contains(place, literal)
        }
        Query::Prefix(text) => Clause::Begins(place, fold(text)),
        Query::Scoped(scope, inner) => clause(inner, Place::Only(*scope), dictionary)?,
        Query::Not(inner) => Clause::Not(Box::new(clause(inner, place, dictionary)?)),
        Query::Any(parts) => Clause::Any(several(parts)),
        Query::Every(parts) => Clause::All(several(parts)),
    })
}

/// Cuts an unspaced piece of text into words, and returns what stands from the first to the
/// last of them, folded.
pub fn words(
    text: &str,
    dictionary: &Dictionary,
    stemmer: &mut Stemmer,
) -> (Vec<Word>, Vec<char>) {
    let folded = Folded::new(text);
    let mut found: Vec<Piece> = Vec::new();
    pieces(&folded.chars, |p| found.push(p));
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return (Vec::new(), Vec::new());
    };
    let run = folded.chars[first.start..last.end].to_vec();
    let mut words = Vec::new();
    for piece in &found {
        match piece.kind {
            Kind::Han => {
                let mut at = piece.start;
                for (stretch, asks) in asking(&folded.chars[piece.range()]) {
                    let text_of_run: String = stretch.iter().collect();
                    let cuts = match asks {
                        true => std::iter::once(0..text_of_run.len()).collect(),
                        false => dictionary.cut(&text_of_run),
                    };
                    for cut in cuts {
                        let chars: Vec<char> = text_of_run[cut].chars().collect();
                        let range = at..at + chars.len();
                        at = range.end;
                        let mut word = word(text, &folded, range, chars, true);
                        word.function |= asks;
                        words.push(word);
                    }
                }
            }
            Kind::Word | Kind::Sign => {
                let chars = folded.chars[piece.range()].to_vec();
                let mut word = word(text, &folded, piece.range(), chars, false);
                word.stem = stemmer.stem(&word.text()).map(str::to_owned);
                let written = text.as_bytes();
                let upper =
                    |i: usize| written[folded.starts[i] as usize].is_ascii_uppercase();
                parts(&folded.chars, piece.core_range(), upper, |part| {
                    word.parts.push(folded.chars[part].iter().collect());
                });
                words.push(word);
            }
        }
    }
    (words, run)
}

/// Cuts a Han run where it asks whether: of `准不准` and `支不支持` the `准不` and `支不`, which the
/// dictionary would take for the beginning or the end of other words. Each stretch with whether it
/// is one of these.
fn asking(run: &[char]) -> Vec<(&[char], bool)> {
    let asks = |at: usize| run[at] == run[at + 2] && matches!(run[at + 1], '不' | '没');
    let mut stretches = Vec::new();
    let mut start = 0;
    for at in 0..run.len().saturating_sub(2) {
        if at >= start && asks(at) {
            stretches.extend((at > start).then(|| (&run[start..at], false)));
            stretches.push((&run[at..at + 2], true));
            start = at + 2;
        }
    }
    stretches.extend((start < run.len()).then(|| (&run[start..], false)));
    stretches
}

fn word(
    text: &str,
    folded: &Folded,
    range: std::ops::Range<usize>,
    chars: Vec<char>,
    han: bool,
) -> Word {
    let searched: String = chars.iter().collect();
    Word {
        typed: text[folded.span(range)].to_owned(),
        function: is_function_word(&searched),
        chars,
        han,
        parts: Vec::new(),
        stem: None,
    }
}

/// White space, line ends included, as one space; none at the ends.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn of(text: &str) -> Plan {
        plan(&parse(text).0, &Dictionary::default())
    }

    fn typed(plan: &Plan) -> Vec<&str> {
        plan.words.iter().filter(|w| !w.function).map(|w| w.typed.as_str()).collect()
    }

    #[test]
    fn a_space_changes_nothing() {
        for (glued, spaced) in [
            ("数据库索引", "数据库 索引"),
            ("HashMap底层", "HashMap 底层"),
            ("redis持久化", "redis 持久化"),
        ] {
            assert_eq!(typed(&of(glued)), typed(&of(spaced)));
        }
    }

    #[test]
    fn grammar_words_weigh_little_unless_they_are_all() {
        assert_eq!(typed(&of("什么是数据库")), ["数据库"]);
        assert_eq!(typed(&of("how to use redis")), ["use", "redis"]);
        assert_eq!(typed(&of("为什么")), ["为什么"]);
        assert_eq!(typed(&of("tcp vs udp")), ["tcp", "udp"]);
    }

    #[test]
    fn whether_is_asked_by_a_doubled_word() {
        for (asked, said) in [
            ("结果准不准", "结果|准"),
            ("支不支持事务", "支持|事务"),
            ("可不可变", "可变"),
            ("能不能跨库", "跨|库"),
            ("不对称加密", "不|对称|加密"),
        ] {
            assert_eq!(typed(&of(asked)).join("|"), said, "{asked}");
        }
    }

    #[test]
    fn identifiers_stay_whole() {
        assert_eq!(typed(&of("C++内存")), ["C++", "内存"]);
        let plan = of("gc.collect()");
        assert_eq!(typed(&plan), ["gc", "collect"]);
        assert_eq!(plan.runs[0].chars.iter().collect::<String>(), "gc.collect");
    }

    #[test]
    fn nothing_but_exclusions_is_read_as_words() {
        assert_eq!(typed(&of("-Xms -Xmx")), ["Xms", "Xmx"]);
        assert_eq!(typed(&of("jvm -Xms")), ["jvm"]);
    }

    #[test]
    fn quotes_are_folded_and_never_relaxed() {
        let plan = of("\"後端  開發\"");
        assert_eq!(plan.strict, [Clause::Contains(Place::Anywhere, "后端 开发".into())]);
        assert!(plan.words.is_empty());
    }

    #[test]
    fn grammar_beside_a_quotation_is_not_required() {
        for asked in ["what is \"raft\"", "什么是\"raft\"", "为什么 tag:raft"] {
            assert!(of(asked).words.is_empty(), "{asked}");
        }
        assert_eq!(typed(&of("为什么 -raft")), ["为什么"]);
        assert_eq!(typed(&of("what is \"raft\" log")), ["log"]);
    }
}
