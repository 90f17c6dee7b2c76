//! `-euo`: to leave `euo` out, or the flag? The notes decide: where a section has all the other
//! words and the flag as such, the flag was meant. A quoted exclusion (`-"euo"`) is never one.

use super::verify::{Texts, occurrences};
use super::{forms, strict};
use crate::error::Result;
use crate::index::{Ask, Reader, Record};
use crate::query::{self, Clause, Place, Query};
use crate::text::{Class, Dictionary, class, fold};

/// Sections that are looked at for each flag; one of the best has it, or it is no flag there.
const LOOKED_AT: usize = 32;

/// Returns the query with those exclusions that the notes know as flags turned into phrases,
/// and what to say about them; `None` where nothing changes, which costs nothing where the
/// query excludes nothing.
///
/// # Errors
/// [`crate::error::Error::Engine`] where the index cannot be read.
pub fn read(
    asked: &Query,
    reader: &Reader,
    dictionary: &Dictionary,
) -> Result<Option<(Query, Vec<String>)>> {
    let Query::Every(items) = asked else { return Ok(None) };
    if !items.iter().any(|item| excluded(item).is_some()) {
        return Ok(None);
    }
    let others: Vec<Query> =
        items.iter().filter(|i| !matches!(i, Query::Not(_))).cloned().collect();
    let plan = query::plan(&Query::Every(others), dictionary);
    let words = plan.words.iter().filter(|w| !w.function);
    let beside: Vec<Ask> = words.map(|w| forms::in_text(w, 1.0)).collect();
    let (mut read, mut notices) = (Vec::with_capacity(items.len()), Vec::new());
    for item in items {
        match excluded(item) {
            Some(word) if stands(&format!("-{}", fold(word)), &beside, reader)? => {
                notices.push(format!(
                    "-{word} stands in the notes and is read as it stands; \
                     -\"{word}\" leaves it out"
                ));
                read.push(Query::Phrase(format!("-{word}")));
            }
            _ => read.push(item.clone()),
        }
    }
    Ok((!notices.is_empty()).then_some((Query::Every(read), notices)))
}

/// The word that an item excludes, where it may be the name of a flag.
fn excluded(item: &Query) -> Option<&str> {
    let Query::Not(inner) = item else { return None };
    let Query::Word(word) = &**inner else { return None };
    word.is_ascii().then_some(word)
}

/// True where a section that has the other words has the flag, nothing glued to its minus.
fn stands(flag: &str, beside: &[Ask], reader: &Reader) -> Result<bool> {
    let has = Clause::Contains(Place::Anywhere, flag.to_owned());
    let all = beside.iter().cloned().chain([strict::ask(&has, reader)?]).collect();
    let literal: Vec<char> = flag.chars().collect();
    for candidate in reader.candidates(&Ask::All(all), LOOKED_AT)? {
        let bytes = reader.record_bytes(&candidate)?;
        let Some(record) = Record::from_stored(&bytes) else { continue };
        if Texts::new(&record).any(|chars| has_flag(chars, &literal)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_flag(chars: &[char], flag: &[char]) -> bool {
    let apart = |c: Option<&char>| {
        c.is_none_or(|&c| !matches!(class(c), Class::Word | Class::Sign) && c != '-')
    };
    occurrences(chars, flag).iter().any(|o| {
        let before = (o.start as usize).checked_sub(1).and_then(|i| chars.get(i));
        apart(before) && apart(chars.get(o.end as usize))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_by_themselves() {
        for (text, flag, has) in [
            ("set -euo pipefail", "-euo", true),
            ("设置 -xmx 参数", "-xmx", true),
            ("(-v)", "-v", true),
            ("redis-cluster", "-cluster", false),
            ("--force-with-lease", "-force", false),
            ("-xmx512m", "-xmx", false),
        ] {
            let chars = |t: &str| t.chars().collect::<Vec<_>>();
            assert_eq!(has_flag(&chars(text), &chars(flag)), has, "{flag} in {text}");
        }
    }
}
