//! The lists of a field and their places, as `coded.rs` reads them.

use std::io::{self, Write};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::IndexRecordOption;
use tantivy_common::{BinarySerializable, CountingWriter};

use crate::index::brief::{self, Brief, LONG};
use crate::index::postings::ListWriter;
use crate::index::terms::TermWriter;

/// Writes the lists of a field.
pub(super) struct FieldWriter<'a, W: Write> {
    terms: TermWriter<&'a mut CountingWriter<W>>,
    lists: &'a mut CountingWriter<W>,
    option: IndexRecordOption,
    norms: Option<FieldNormReader>,
    /// How many tokens a document has.
    average: f32,
    documents: u32,
    /// The list that is being written, where it is no brief one.
    long: Option<PostingsSerializer>,
    /// The term whose list is being written, how many documents hold it, where the list begins.
    term: Vec<u8>,
    doc_freq: u32,
    start: u64,
    brief: Brief,
    bytes: Vec<u8>,
}

impl<'a, W: Write> FieldWriter<'a, W> {
    /// Begins a field that has so many tokens, in a segment of so many documents.
    pub fn new(
        terms: &'a mut CountingWriter<W>,
        lists: &'a mut CountingWriter<W>,
        option: IndexRecordOption,
        tokens: u64,
        norms: Option<FieldNormReader>,
        documents: u32,
    ) -> io::Result<Self> {
        tokens.serialize(lists)?;
        Ok(Self {
            terms: TermWriter::new(terms),
            lists,
            option,
            norms,
            average: tokens as f32 / documents.max(1) as f32,
            documents,
            long: None,
            term: Vec::new(),
            doc_freq: 0,
            start: 0,
            brief: Brief::default(),
            bytes: Vec::new(),
        })
    }

    pub fn close(self) -> io::Result<()> {
        self.terms.finish()
    }
}

impl<W: Write> ListWriter for FieldWriter<'_, W> {
    fn new_term(&mut self, term: &[u8], doc_freq: u32) -> io::Result<()> {
        self.term.clear();
        self.term.extend_from_slice(term);
        self.doc_freq = doc_freq;
        self.start = self.lists.written_bytes();
        if doc_freq < brief::most(self.documents) {
            self.brief.clear();
            return Ok(());
        }
        self.lists.write_all(&[LONG])?;
        // One for each: it does not forget where the last list ended.
        let mut long =
            PostingsSerializer::new(self.average, self.option, self.norms.clone());
        long.new_term(doc_freq, true);
        self.long = Some(long);
        Ok(())
    }

    #[inline]
    fn write_doc(&mut self, document: u32, count: u32) {
        match &mut self.long {
            Some(long) => long.write_doc(document, count),
            None => self.brief.push(document, count),
        }
    }

    fn close_term(&mut self) -> io::Result<()> {
        match self.long.take() {
            Some(mut long) => long.close_term(self.doc_freq, self.lists)?,
            None => {
                if self.option == IndexRecordOption::Basic {
                    self.brief.counts.clear();
                }
                self.bytes.clear();
                self.brief.write(self.documents, &mut self.bytes);
                self.lists.write_all(&self.bytes)?;
            }
        }
        let len_bytes = self.lists.written_bytes() - self.start;
        self.terms.add(&self.term, self.doc_freq, len_bytes)
    }
}
