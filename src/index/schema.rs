//! Which fields the index has, and how our analyzer looks to the engine.
//!
//! | field | terms | why |
//! |---|---|---|
//! | `text` | heading, headings above, path, tags, body, code, with frequencies | one posting list a term decides what matches and draws the candidates |
//! | `title` | heading, with frequencies | a heading that asks the question must be among the candidates however long its section |
//! | `sound` | pinyin and initials of two to six neighbours in headings | `sanciwoshou`, `scws` |
//! | `tag` | tags, whole | `tag:` |
//! | `file` | root and path, whole | deletion, `path:` |
//! | `record` | stored only | everything that ranking, snippets and output need |
//!
//! Positions are not stored: proximity is measured on the text of the best candidates.

use tantivy::schema::{
    Field, IndexRecordOption, STORED, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::Terms;

/// A field that can be asked for terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// Everything a section says.
    Text,
    /// Its heading.
    Title,
    /// How parts of the heading sound.
    Sound,
    /// Whole tags.
    Tag,
    /// Whole file keys, see [`file_key`].
    File,
}

/// The schema's fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub text: Field,
    pub title: Field,
    pub sound: Field,
    pub tag: Field,
    pub file: Field,
    pub record: Field,
}

/// Name under which our analyzer is registered with the engine.
pub(super) const TOKENIZER: &str = "jian";

/// Builds the schema. The order of the fields is part of the format.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = SchemaBuilder::new();
    let analyzed = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs)
            .set_fieldnorms(true),
    );
    let whole = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        text: builder.add_text_field("text", analyzed.clone()),
        title: builder.add_text_field("title", analyzed),
        sound: builder.add_text_field("sound", whole.clone()),
        tag: builder.add_text_field("tag", whole.clone()),
        file: builder.add_text_field("file", whole),
        record: builder.add_bytes_field("record", STORED),
    };
    (builder.build(), fields)
}

impl Fields {
    /// Returns the engine's field.
    pub fn of(&self, field: TextField) -> Field {
        match field {
            TextField::Text => self.text,
            TextField::Title => self.title,
            TextField::Sound => self.sound,
            TextField::Tag => self.tag,
            TextField::File => self.file,
        }
    }
}

/// Returns the term of the `file` field for a note.
pub(super) fn file_key(root: u32, path: &str) -> String {
    format!("{root}/{path}")
}

/// Our analyzer, as the engine wants to see it.
#[derive(Clone)]
pub(super) struct Analyzer {
    terms: Terms,
    token: Token,
}

impl Analyzer {
    pub fn new(terms: Terms) -> Self {
        Self { terms, token: Token::default() }
    }
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.terms.fill(text);
        self.token.reset();
        Stream { analyzer: self, next: 0 }
    }
}

pub(super) struct Stream<'a> {
    analyzer: &'a mut Analyzer,
    next: usize,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if self.next >= self.analyzer.terms.len() {
            return false;
        }
        let Analyzer { terms, token } = &mut *self.analyzer;
        token.text.clear();
        token.text.push_str(terms.get(self.next));
        token.position = self.next;
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.analyzer.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.analyzer.token
    }
}
