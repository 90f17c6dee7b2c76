//! Which fields the index has.
//!
//! | field | terms | why |
//! |---|---|---|
//! | `text` | heading, headings above, path, tags, body, code: terms that are counted | one posting list a term decides what matches and draws the candidates |
//! | `rest` | the same, terms that are not counted (`counted.rs`); pairs that are no words share lists (`bucket.rs`) | counts are a quarter of all lists |
//! | `title` | heading | a heading that asks the question must be among the candidates however long its section |
//! | `sound` | pinyin and initials of words in headings | `sanciwoshou`, `scws` |
//! | `gloss` | pairs of names that notes gloss: a key, a tab, another name | what this collection calls things |
//! | `tag` | tags, whole | `tag:` |
//! | `file` | root and path, whole | deletion, `path:` |
//! | `record` | stored only | everything that ranking, snippets and output need |
//!
//! Positions are not stored: proximity is measured on the text of the best candidates.

use tantivy::Term;
use tantivy::schema::{
    Field, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};

use super::bucket::shared;
use super::counted::is_counted;
use crate::text::{Class, class};

/// A field that can be asked for terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// Everything a section says.
    Text,
    /// Its heading.
    Title,
    /// How parts of the heading sound.
    Sound,
    /// Pairs of names: the key of one, a tab, the other.
    Gloss,
    /// Whole tags.
    Tag,
    /// Whole file keys: root and path.
    File,
}

impl TextField {
    /// How many there are.
    pub(super) const COUNT: usize = Self::File as usize + 1;
}

/// The schema's fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub text: Field,
    /// Terms of `text` that are not counted.
    pub rest: Field,
    pub title: Field,
    pub sound: Field,
    pub gloss: Field,
    pub tag: Field,
    pub file: Field,
}

/// Name of our analyzer in the schema. The engine never calls it: `segment.rs` hands it terms.
const TOKENIZER: &str = "jian";

/// Builds the schema. The order of the fields is part of the format.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = SchemaBuilder::new();
    let analyzed = |option: IndexRecordOption| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(TOKENIZER)
                .set_index_option(option)
                .set_fieldnorms(true),
        )
    };
    let whole = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        text: builder.add_text_field("text", analyzed(IndexRecordOption::WithFreqs)),
        rest: builder.add_text_field("rest", analyzed(IndexRecordOption::Basic)),
        title: builder.add_text_field("title", analyzed(IndexRecordOption::Basic)),
        sound: builder.add_text_field("sound", whole.clone()),
        gloss: builder.add_text_field("gloss", whole.clone()),
        tag: builder.add_text_field("tag", whole.clone()),
        file: builder.add_text_field("file", whole),
    };
    // What is stored is of no field (`segment.rs`), but an index of the engine says that some is.
    builder.add_bytes_field("record", STORED);
    (builder.build(), fields)
}

impl Fields {
    /// Returns the engine's field that has this term, if any has.
    pub fn of(&self, field: TextField, term: &str) -> Field {
        match field {
            TextField::Text if is_counted(term) => self.text,
            TextField::Text => self.rest,
            TextField::Title => self.title,
            TextField::Sound => self.sound,
            TextField::Gloss => self.gloss,
            TextField::Tag => self.tag,
            TextField::File => self.file,
        }
    }

    /// Returns the engine's term for a term of a field.
    pub fn term(&self, field: TextField, term: &str) -> Term {
        let list = if field == TextField::Text { shared(term) } else { None };
        match (list, field) {
            (Some(list), _) => Term::from_field_bytes(self.rest, &list),
            (None, TextField::Sound) => {
                let term = sound_term(term);
                Term::from_field_text(self.sound, str::from_utf8(&term).expect("letters"))
            }
            (None, _) => Term::from_field_text(self.of(field, term), term),
        }
    }

    /// Returns the engine's fields that have terms with this beginning. Words of letters joined
    /// to Han are left out where the letters come first: all they are in have the letters too.
    pub fn with_prefix(&self, field: TextField, prefix: &str) -> Vec<Field> {
        match (field, prefix.chars().next().map(class)) {
            (TextField::Text, Some(Class::Gram)) => vec![self.text, self.rest],
            (TextField::Text, _) => vec![self.text],
            _ => vec![self.of(field, prefix)],
        }
    }
}

/// Returns the term of the `sound` field for a sound: four letters of 32, whatever its length.
/// Few sounds share one in a million terms, and whoever finds a heading by its sound looks at
/// the heading.
pub(super) fn sound_term(sound: &str) -> [u8; 4] {
    // FNV-1a, 64 bits (Fowler, Noll, Vo); its upper bits are spread best.
    let hash = sound.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    std::array::from_fn(|i| b'A' + (hash >> (59 - 5 * i)) as u8 % 32)
}

/// Returns the term of the `gloss` field for a pair: `alone` where the Chinese name stands by
/// itself, so that its beginning is known.
pub(super) fn gloss_term(key: &str, name: &str, alone: bool) -> String {
    [key, if alone { "\t" } else { "\t?" }, name].concat()
}

/// Returns the term of the `file` field for a note.
pub(super) fn file_key(root: u32, path: &str) -> String {
    format!("{root}/{path}")
}
