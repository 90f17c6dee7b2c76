//! Folding keeps spans on whole characters; pieces lie in order; the terms of a piece are among
//! the terms of the text; a run is cut without loss.

use std::collections::HashSet;
use std::ops::Range;

use jian::text::{
    Class, Dictionary, Folded, Kind, OVERLAP_BYTES, Piece, STEM_MARK, Stemmer, Terms,
    class, fold, pieces,
};

/// Tries the laws of `text`.
pub fn check(text: &str) {
    check_folded(text);
    check_pieces(text);
    check_cuts(text);
    check_words(text);
    check_stems(text);
    let runs = han_runs(text);
    if let Some(run) = runs.first() {
        // The middle of a run: what a person remembers of it.
        check_part(text, run.start + run.len() / 3..run.end - run.len() / 3);
    }
}

fn terms_of(text: &str) -> HashSet<String> {
    let mut terms = Terms::new(Dictionary::default());
    terms.fill(text);
    (0..terms.len()).map(|i| terms.get(i).to_owned()).collect()
}

/// A word that has a stem stands nowhere without it: a search is led by the stem alone. Pieces of
/// overlong words are longer.
pub fn check_stems(text: &str) {
    let (terms, mut stemmer) = (terms_of(text), Stemmer::default());
    for term in terms.iter().filter(|term| term.len() <= OVERLAP_BYTES) {
        if let Some(stem) = stemmer.stem(term) {
            assert!(terms.contains(&format!("{STEM_MARK}{stem}")), "{term} in {text:?}");
        }
    }
}

/// Spans point at whole characters of the original.
pub fn check_folded(text: &str) {
    let folded = Folded::new(text);
    assert_eq!(folded.chars.len(), folded.starts.len());
    assert_eq!(folded.chars.iter().collect::<String>(), fold(text));
    for i in 0..folded.chars.len() {
        let span = folded.span(i..i + 1);
        assert!(
            !span.is_empty() && text.get(span.clone()).is_some(),
            "{span:?} of {text:?}"
        );
        let whole = fold(&text[span]);
        assert!(whole.contains(folded.chars[i]), "{:?} in {whole:?}", folded.chars[i]);
    }
}

fn pieces_of(chars: &[char]) -> Vec<Piece> {
    let mut found = Vec::new();
    pieces(chars, |p| found.push(p));
    found
}

/// Pieces lie in order and pass over nothing but punctuation.
pub fn check_pieces(text: &str) {
    let folded = Folded::new(text);
    let found = pieces_of(&folded.chars);
    let passed = |chars: &[char]| {
        chars.iter().all(|&c| matches!(class(c), Class::Space | Class::Mark))
    };
    let mut end = 0;
    for piece in &found {
        assert!(piece.start >= end && piece.start < piece.end, "{found:?} of {text:?}");
        assert!(passed(&folded.chars[end..piece.start]), "{found:?} of {text:?}");
        let core = &folded.chars[piece.core_range()];
        let is_pure = core.iter().all(|&c| match piece.kind {
            Kind::Han => class(c) == Class::Gram,
            Kind::Word => class(c) == Class::Word,
            Kind::Sign => class(c) == Class::Sign,
        });
        assert!(is_pure && !core.is_empty(), "{piece:?} of {text:?}");
        end = piece.end;
    }
    assert!(passed(&folded.chars[end..]), "{found:?} of {text:?}");
}

/// A run is cut into words that follow one another, nothing between them.
fn check_cuts(text: &str) {
    let folded = Folded::new(text);
    let dictionary = Dictionary::default();
    for piece in pieces_of(&folded.chars).iter().filter(|p| p.kind == Kind::Han) {
        let run: String = folded.chars[piece.range()].iter().collect();
        let mut end = 0;
        for word in dictionary.cut(&run) {
            assert!(word.start == end && word.end > end, "{word:?} of {run:?}");
            assert!(
                run.get(word.clone()).is_some(),
                "{word:?} cuts a character of {run:?}"
            );
            end = word.end;
        }
        assert_eq!(end, run.len(), "{run:?} is cut whole");
    }
}

/// The runs of Han of a text, in characters of the folded text.
pub fn han_runs(text: &str) -> Vec<Range<usize>> {
    let pieces = pieces_of(&Folded::new(text).chars);
    pieces.iter().filter(|p| p.kind == Kind::Han).map(Piece::range).collect()
}

/// The terms of a part of a run of Han, in characters of the folded text, are terms of the text.
pub fn check_part(text: &str, part: Range<usize>) {
    let span = Folded::new(text).span(part);
    check_terms(&text[span], text);
}

/// The terms of each word between spaces are terms of the text.
pub fn check_words(text: &str) {
    let all = terms_of(text);
    for word in text.split_whitespace() {
        let asked = terms_of(word);
        let missing: Vec<_> = asked.difference(&all).collect();
        assert!(missing.is_empty(), "{missing:?} of {word:?} in {text:?}");
    }
}

fn check_terms(part: &str, text: &str) {
    let (asked, all) = (terms_of(part), terms_of(text));
    let missing: Vec<_> = asked.difference(&all).collect();
    assert!(missing.is_empty(), "{missing:?} of {part:?} in {text:?}");
}
