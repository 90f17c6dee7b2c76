//! What is stored of each document. Only one thread can write the engine's file; another keeps its
//! own beside it until its documents come after those of the first.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use tantivy::index::{Segment, SegmentComponent};
use tantivy::store::StoreWriter;

/// What is stored of the documents of one thread.
#[derive(Default)]
pub(super) enum Texts {
    /// In the segment's file.
    Engine(StoreWriter),
    /// In a file without a name, each after its length.
    Aside(BufWriter<File>),
    #[default]
    Taken,
}

impl Texts {
    /// Begins a file beside those of a generation.
    pub fn aside(generation: &Path) -> io::Result<Self> {
        Ok(Self::Aside(BufWriter::new(tempfile::tempfile_in(generation)?)))
    }

    /// Adds what is stored of the next document.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            // As they are: the engine would write them byte by byte, and nine bytes more.
            Self::Engine(store) => store.store_bytes(bytes),
            Self::Aside(file) => {
                file.write_all(&(bytes.len() as u32).to_le_bytes())?;
                file.write_all(bytes)
            }
            Self::Taken => Err(io::Error::other("the texts are complete")),
        }
    }

    /// Adds what is stored to the segment's file, or begins that with it.
    pub fn append_to(
        self,
        store: Option<StoreWriter>,
        segment: &Segment,
    ) -> tantivy::Result<StoreWriter> {
        let mut file = match (self, &store) {
            (Self::Engine(own), None) => return Ok(own),
            (Self::Aside(file), _) => file.into_inner().map_err(|e| e.into_error())?,
            _ => return Err(io::Error::other("a segment has one file of texts").into()),
        };
        let mut store = match store {
            Some(store) => store,
            None => engine(segment)?,
        };
        file.rewind()?;
        let len_bytes = file.metadata()?.len();
        let mut file = BufReader::new(file);
        let (mut read_bytes, mut text) = (0, Vec::new());
        while read_bytes < len_bytes {
            let mut len = [0; 4];
            file.read_exact(&mut len)?;
            text.resize(u32::from_le_bytes(len) as usize, 0);
            file.read_exact(&mut text)?;
            store.store_bytes(&text)?;
            read_bytes += (len.len() + text.len()) as u64;
        }
        Ok(store)
    }
}

/// Begins the segment's file.
pub(super) fn engine(segment: &Segment) -> tantivy::Result<StoreWriter> {
    let settings = segment.index().settings();
    Ok(StoreWriter::new(
        segment.clone().open_write(SegmentComponent::Store)?,
        settings.docstore_compression,
        settings.docstore_blocksize,
        settings.docstore_compress_dedicated_thread,
    )?)
}
