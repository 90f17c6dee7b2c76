//! Names that the notes themselves gloss: `垃圾回收（Garbage Collection）`. Light, and only
//! where both sides agree: many parentheses hold a remark and no name.

use crate::error::Result;
use crate::index::{Reader, TextField};
use crate::lexicon;
use crate::query::is_function_word;
use crate::text::Stemmer;

/// A name that stands by itself before the parenthesis counts as much as two that may begin
/// elsewhere.
const ALONE: u32 = 2;

/// What one careful note or two others say is believed.
const ENOUGH: u32 = 2;

/// At most this many names for a key.
const MOST_GLOSSED: usize = 2;

/// Returns other names for a key, best first: those that the notes gloss it by and for which
/// they have no better one. One look at the vocabulary for the key and one for each name.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn names(key: &str, reader: &Reader, stemmer: &mut Stemmer) -> Result<Vec<String>> {
    let mut believed = Vec::new();
    if is_function_word(key) {
        return Ok(believed);
    }
    for (name, _) in glosses(key, reader)? {
        let back = glosses(&lexicon::key_of(&name, stemmer), reader)?;
        let best = back.first().map(|(name, _)| lexicon::key_of(name, stemmer));
        if best.as_deref() == Some(key) {
            believed.push(name);
        }
        if believed.len() == MOST_GLOSSED {
            break;
        }
    }
    Ok(believed)
}

/// What stands before a name in a sentence, and what stands behind one: `的部分源码如下` before
/// `(Redis)` is none, though several notes say so.
const BEFORE: [char; 14] =
    ['的', '或', '和', '在', '但', '是', '个', '其', '与', '第', '该', '为', '被', '称'];
const BEHIND: [char; 6] = ['的', '是', '在', '为', '如', '下'];

/// True for what begins or ends in the midst of a sentence.
fn is_cut_off(name: &str) -> bool {
    name.starts_with(BEFORE) || name.ends_with(BEHIND)
}

/// Names by how much speaks for them, then the longer first: `垃圾回收` before its `回收`.
fn glosses(key: &str, reader: &Reader) -> Result<Vec<(String, u32)>> {
    let mut counts: Vec<(String, u32)> = Vec::new();
    let prefix = format!("{key}\t");
    reader.terms_from(TextField::Gloss, &prefix, |term, documents| {
        let name = &term[prefix.len()..];
        let (name, worth) = match name.strip_prefix('?') {
            Some(name) => (name, documents),
            None => (name, documents.saturating_mul(ALONE)),
        };
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += worth,
            None => counts.push((name.to_owned(), worth)),
        }
        true
    })?;
    counts.retain(|(name, count)| *count >= ENOUGH && !is_cut_off(name));
    counts.sort_by(|a, b| {
        (b.1, b.0.chars().count(), &a.0).cmp(&(a.1, a.0.chars().count(), &b.0))
    });
    Ok(counts)
}
