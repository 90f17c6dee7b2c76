//! Lists that leave memory before their segment is complete: sorted runs in a file without a name,
//! merged when the segment ends (external merge sort; Knuth, The Art of Computer Programming 3,
//! 5.4). So a segment is one however many the notes, in memory that hardly grows with them: by a
//! piece of each run. On the disk they take as much as the lists of the segment until it is there.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tantivy::directory::{FileHandle, OwnedBytes};
use tantivy::schema::Field;
use tantivy_common::VInt;
use tantivy_common::file_slice::WrapFile;

use crate::index::postings::ListWriter;

/// A run is read so many bytes at a time: of a hundred runs two fields are in 13 MB. In tests
/// little, so that terms and lists lie across pieces.
const PIECE_BYTES: usize = if cfg!(test) { 20 } else { 64 << 10 };

/// A number of 64 bits in groups of seven.
const LONGEST_NUMBER_BYTES: usize = 10;

/// The lists of a field that left memory at one time.
#[derive(Debug)]
struct Run {
    field: Field,
    /// Of the thread's documents, the first that was in memory.
    first_document: u32,
    /// Whether it is kept how often documents hold a term.
    has_counts: bool,
    /// Of all terms.
    occurrences: u64,
    bytes: Range<usize>,
}

/// The runs of one thread.
#[derive(Debug)]
pub(super) struct Runs {
    file: BufWriter<File>,
    len_bytes: usize,
    runs: Vec<Run>,
}

/// Writes a run: each term's length, its bytes, how many documents hold it, how long the list is,
/// the list.
#[derive(Debug)]
pub(super) struct RunWriter<'a> {
    file: &'a mut BufWriter<File>,
    len_bytes: &'a mut usize,
    has_counts: bool,
    head: Vec<u8>,
    list: Vec<u8>,
    last_document: u32,
}

impl ListWriter for RunWriter<'_> {
    fn new_term(&mut self, term: &[u8], doc_freq: u32) -> io::Result<()> {
        self.head.clear();
        put(term.len() as u64, &mut self.head);
        self.head.extend_from_slice(term);
        put(doc_freq.into(), &mut self.head);
        self.list.clear();
        self.last_document = 0;
        Ok(())
    }

    #[inline]
    fn write_doc(&mut self, document: u32, count: u32) {
        let delta = u64::from(document - self.last_document);
        self.last_document = document;
        match (self.has_counts, count) {
            (false, _) => put(delta, &mut self.list),
            // Most are in a document once.
            (true, 1) => put(delta << 1 | 1, &mut self.list),
            (true, _) => {
                put(delta << 1, &mut self.list);
                put(count.into(), &mut self.list);
            }
        }
    }

    fn close_term(&mut self) -> io::Result<()> {
        put(self.list.len() as u64, &mut self.head);
        self.file.write_all(&self.head)?;
        self.file.write_all(&self.list)?;
        *self.len_bytes += self.head.len() + self.list.len();
        Ok(())
    }
}

#[inline]
fn put(number: u64, bytes: &mut Vec<u8>) {
    match u8::try_from(number) {
        // As the engine writes it: the last group is marked.
        Ok(short) if short < 128 => bytes.push(short | 128),
        _ => VInt(number).serialize_into_vec(bytes),
    }
}

#[inline]
fn take(bytes: &mut OwnedBytes) -> io::Result<u64> {
    match bytes.first() {
        Some(&short) if short >= 128 => {
            bytes.advance(1);
            Ok(u64::from(short & 127))
        }
        _ => VInt::deserialize_u64(bytes),
    }
}

impl Runs {
    /// Begins a file beside those of a generation.
    pub fn new(generation: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(generation)?;
        let file = BufWriter::with_capacity(PIECE_BYTES, file);
        Ok(Self { file, len_bytes: 0, runs: Vec::new() })
    }

    /// Writes a run: `lists` says what is in the field's lists, of so many occurrences, whose
    /// documents count from `first_document`.
    pub fn write(
        &mut self,
        (field, has_counts): (Field, bool),
        first_document: u32,
        occurrences: u64,
        lists: impl FnOnce(&mut RunWriter<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = self.len_bytes;
        lists(&mut RunWriter {
            file: &mut self.file,
            len_bytes: &mut self.len_bytes,
            has_counts,
            head: Vec::new(),
            list: Vec::new(),
            last_document: 0,
        })?;
        let bytes = start..self.len_bytes;
        self.runs.push(Run { field, first_document, has_counts, occurrences, bytes });
        Ok(())
    }

    /// Completes the file. The thread's documents come after so many others.
    pub fn complete(self, documents_before: u32) -> io::Result<Written> {
        let file = self.file.into_inner().map_err(|e| e.into_error())?;
        let mut runs = self.runs;
        runs.iter_mut().for_each(|run| run.first_document += documents_before);
        Ok(Written { file: Arc::new(Mutex::new(WrapFile::new(file)?)), runs })
    }
}

/// The runs of one thread, to be read.
#[derive(Debug)]
pub(super) struct Written {
    /// Two threads read it, and not everywhere without moving its position.
    file: Arc<Mutex<WrapFile>>,
    runs: Vec<Run>,
}

impl Written {
    fn of(&self, field: Field) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.field == field)
    }

    /// Returns how many occurrences the documents have in a field.
    pub fn occurrences(&self, field: Field) -> u64 {
        self.of(field).map(|run| run.occurrences).sum()
    }
}

/// Writes a field whose lists are in these runs, those of earlier documents first.
pub(super) fn merge(
    all: &[Written],
    field: Field,
    out: &mut impl ListWriter,
) -> io::Result<()> {
    let readers = all.iter().flat_map(|written| {
        let reader = |run| RunReader::new(&written.file, run);
        written.of(field).map(reader)
    });
    let mut readers: Vec<RunReader> = readers.collect();
    let mut heads = BinaryHeap::with_capacity(readers.len());
    for (n, reader) in readers.iter_mut().enumerate() {
        if reader.advance()? {
            heads.push(Reverse((std::mem::take(&mut reader.term), n)));
        }
    }
    let mut having: Vec<usize> = Vec::new();
    while let Some(Reverse((term, first))) = heads.pop() {
        having.clear();
        having.push(first);
        while heads.peek().is_some_and(|Reverse((other, _))| *other == term) {
            let Some(Reverse((other, n))) = heads.pop() else { break };
            readers[n].term = other;
            having.push(n);
        }
        let doc_freq = having.iter().map(|&n| readers[n].doc_freq).sum();
        out.new_term(&term, doc_freq)?;
        readers[first].term = term;
        for &n in &having {
            let reader = &mut readers[n];
            reader.copy(out)?;
            if reader.advance()? {
                heads.push(Reverse((std::mem::take(&mut reader.term), n)));
            }
        }
        out.close_term()?;
    }
    Ok(())
}

/// Reads a run, term by term.
struct RunReader {
    file: Arc<Mutex<WrapFile>>,
    has_counts: bool,
    first_document: u32,
    /// What was read and not used, and where the rest is.
    read: OwnedBytes,
    rest: Range<usize>,
    term: Vec<u8>,
    doc_freq: u32,
    list: OwnedBytes,
}

impl RunReader {
    fn new(file: &Arc<Mutex<WrapFile>>, run: &Run) -> Self {
        Self {
            file: Arc::clone(file),
            has_counts: run.has_counts,
            first_document: run.first_document,
            read: OwnedBytes::empty(),
            rest: run.bytes.clone(),
            term: Vec::new(),
            doc_freq: 0,
            list: OwnedBytes::empty(),
        }
    }

    /// Reads on, so that so many bytes are there, or all.
    fn need(&mut self, len_bytes: usize) -> io::Result<()> {
        if self.read.len() >= len_bytes || self.rest.is_empty() {
            return Ok(());
        }
        let start = self.rest.start - self.read.len();
        let end = self.rest.end.min(start + len_bytes.max(PIECE_BYTES));
        let file = self.file.lock().expect("reading does not panic");
        self.read = file.read_bytes(start..end)?;
        self.rest.start = end;
        Ok(())
    }

    fn number(&mut self) -> io::Result<u64> {
        self.need(LONGEST_NUMBER_BYTES)?;
        take(&mut self.read)
    }

    fn bytes(&mut self, len_bytes: usize) -> io::Result<OwnedBytes> {
        self.need(len_bytes)?;
        match self.read.len() < len_bytes {
            true => Err(io::ErrorKind::UnexpectedEof.into()),
            false => {
                let bytes = self.read.slice(0..len_bytes);
                self.read.advance(len_bytes);
                Ok(bytes)
            }
        }
    }

    /// Goes to the next term, if there is one.
    fn advance(&mut self) -> io::Result<bool> {
        self.need(1)?;
        if self.read.is_empty() {
            return Ok(false);
        }
        let len_bytes = self.number()?;
        let term = self.bytes(len_bytes as usize)?;
        self.term.clear();
        self.term.extend_from_slice(&term);
        self.doc_freq = self.number()? as u32;
        let len_bytes = self.number()?;
        self.list = self.bytes(len_bytes as usize)?;
        Ok(true)
    }

    /// Writes the term's documents.
    fn copy(&mut self, out: &mut impl ListWriter) -> io::Result<()> {
        let mut document = self.first_document;
        while !self.list.is_empty() {
            let number = take(&mut self.list)?;
            let (delta, count) = match (self.has_counts, number & 1) {
                (false, _) => (number, 1),
                (true, 1) => (number >> 1, 1),
                (true, _) => (number >> 1, take(&mut self.list)? as u32),
            };
            document += delta as u32;
            out.write_doc(document, count);
        }
        // Holds on to the piece it was read with.
        self.list = OwnedBytes::empty();
        Ok(())
    }
}
