//! The user's own synonyms: a table beside the configuration or the notes.

use std::collections::HashMap;

use super::key_of;
use crate::text::Stemmer;

/// Rows of names that mean the same to this user.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    rows: Vec<Vec<String>>,
    keys: HashMap<String, Vec<usize>>,
}

impl Synonyms {
    /// Reads a table: one concept a line, names separated by tabs or `|`, `#` begins a remark.
    /// Never fails; a line with fewer than two names says nothing.
    pub fn new(text: &str) -> Self {
        let mut synonyms = Self::default();
        let mut stemmer = Stemmer::default();
        for line in text.lines().filter(|l| !l.trim_start().starts_with('#')) {
            let names = line.split(['\t', '|']).map(|n| n.trim().to_owned());
            let names: Vec<String> = names.filter(|n| !n.is_empty()).collect();
            if names.len() < 2 {
                continue;
            }
            for name in &names {
                let key = key_of(name, &mut stemmer);
                synonyms.keys.entry(key).or_default().push(synonyms.rows.len());
            }
            synonyms.rows.push(names);
        }
        synonyms
    }

    /// Returns all names of the concepts that have a name with this key.
    pub fn names(&self, key: &str) -> impl Iterator<Item = &str> {
        let rows = self.keys.get(key).map_or(&[][..], Vec::as_slice);
        rows.iter().flat_map(|&row| self.rows[row].iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_row_stand_for_one_another() {
        let synonyms = Synonyms::new("# mine\n双写一致性\tdual write\nlonely\n");
        let names: Vec<_> = synonyms.names("dual write").collect();
        assert_eq!(names, ["双写一致性", "dual write"]);
        assert_eq!(synonyms.names("lone").count(), 0);
    }
}
