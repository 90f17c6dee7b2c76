//! What one writing thread does: notes are read, cut into sections, cut into terms, recorded.

use super::body::Cut;
use super::manifest::{Entry, Totals};
use super::part::parts;
use super::record::{Record, note_bytes};
use super::schema::{TextField, file_key, gloss_term};
use super::segment::SegmentWriter;
use super::sounding::Sounding;
use super::write::{Done, Task, Writer};
use crate::corpus::{self, Found};
use crate::error::{Error, Result};
use crate::lexicon;
use crate::markup::{self, Document, Section};
use crate::text::{Cutter, Dictionary, Stemmer, Terms, fold};

/// What one thread writes with.
pub(super) struct Hand<'a> {
    writer: &'a Writer<'a>,
    /// Its documents come before those of others.
    first: bool,
    cutter: Cutter,
    /// Of headings, whose terms have a field of their own.
    terms: Terms,
    stemmer: Stemmer,
    sounding: Sounding,
    segment: Option<SegmentWriter>,
}

impl<'a> Hand<'a> {
    pub fn new(writer: &'a Writer<'a>, first: bool) -> Self {
        let cutter = Cutter::new(writer.dictionary.clone());
        let terms = Terms::new(writer.dictionary.clone());
        Self {
            writer,
            first,
            cutter,
            terms,
            stemmer: Stemmer::default(),
            sounding: Sounding::default(),
            segment: None,
        }
    }

    /// Cuts texts that are said again and again.
    fn cut(&mut self, texts: &[&str]) -> Result<Cut> {
        let body = &mut begun(&mut self.segment, self.writer, self.first)?.body;
        for text in texts {
            self.cutter.cut(text, body);
        }
        Ok(body.take())
    }

    /// Returns the segment that is being written, if there is one.
    pub fn into_segment(self) -> Option<SegmentWriter> {
        self.segment
    }

    /// Reads and indexes a note.
    pub fn one(&mut self, task: &Task, largest_bytes: u64) -> Result<Done> {
        let Task { found, file, before } = task;
        let mut entry = Entry {
            root: found.root,
            path: found.path.clone(),
            stamp: found.stamp,
            hash: 0,
            encoding: "",
            skipped: None,
            totals: Totals::default(),
        };
        let note = corpus::read(file, largest_bytes);
        let hash = note.as_ref().map_or_else(|unread| unread.hash, |note| note.hash);
        if let Some(before) = before {
            if before.hash == hash && hash != 0 {
                return Ok(Done {
                    entry: Entry { stamp: found.stamp, ..before.clone() },
                    indexed: false,
                });
            }
            self.writer.remove(found.root, &found.path)?;
        }
        entry.hash = hash;
        match note {
            Err(unread) => entry.skipped = Some(unread.why),
            Ok(note) => {
                entry.stamp = note.stamp;
                entry.encoding = note.encoding;
                let document = markup::sections(markup::ending(&found.path), &note.text);
                entry.totals = self.add(found, &document)?;
                entry.totals.bytes = note.stamp.size_bytes;
                if let Some(segment) = &mut self.segment
                    && segment.mem_bytes() >= self.writer.most_lists_bytes
                {
                    let failed = Error::engine("write", self.writer.index);
                    segment.put_aside().map_err(failed)?;
                }
            }
        }
        Ok(Done { entry, indexed: true })
    }

    fn add(&mut self, found: &Found, document: &Document) -> Result<Totals> {
        let mut totals = Totals::default();
        let tags = document.tags.join("\n");
        let folded_tags: Vec<String> = document.tags.iter().map(|t| fold(t)).collect();
        let note_title = document.title.as_deref().unwrap_or_default();
        let key = file_key(found.root, &found.path);
        let common = note_bytes(found.root, &found.path, note_title, &tags);
        begun(&mut self.segment, self.writer, self.first)?.begin_note(common);
        let whole_note = self.cut(&[note_title, &names(&found.path), &tags])?;
        // The headings above, outermost first, and what they were cut into.
        let mut above: Vec<(&str, Cut)> = Vec::new();
        for section in &document.sections {
            let trail = section.trail.iter().map(String::as_str);
            let same = |((known, _), title): &(&(&str, Cut), &str)| known == title;
            let known = above.iter().zip(trail.clone()).take_while(same).count();
            above.truncate(known);
            for title in trail.skip(known) {
                above.push((title, self.cut(&[title])?));
            }
            above.push((&section.title, self.cut(&[&section.title])?));
            let length = self.terms.fill(&section.title);
            totals.sections += 1;
            totals.title_positions += length.han_chars + length.words;
            self.sounding.fill(&section.title, &self.writer.dictionary);
            // Text of children is put together again from theirs.
            let body = if section.borrowed { "" } else { section.body.as_str() };
            let (bodies, asides) = (parts(body), parts(&section.aside));
            for number in 0..bodies.len().max(asides.len()) {
                totals.documents += 1;
                // What only stands aside shows the first part, which is not indexed again.
                let own = bodies.get(number);
                let (range, line) = own.unwrap_or(&bodies[0]).clone();
                let aside =
                    asides.get(number).map_or("", |(r, _)| &section.aside[r.clone()]);
                let texts = (&body[range], aside);
                let record =
                    record(found, document, section, &tags, texts, line, number as u32);
                let body = if own.is_some() { texts.0 } else { "" };
                let Self { writer, first, cutter, terms, segment, .. } = self;
                let segment = begun(segment, writer, *first)?;
                segment.add(TextField::Title, (0..terms.len()).map(|i| terms.get(i)));
                let cuts = above.iter().map(|(_, cut)| cut);
                cuts.chain([&whole_note]).for_each(|cut| segment.body.add(cut));
                let length = cutter.cut(body, &mut segment.body);
                totals.han_chars += length.han_chars;
                totals.body_positions += length.han_chars + length.words;
                totals.body_chars += body.chars().count() as u64;
                if !aside.is_empty() {
                    cutter.cut(aside, &mut segment.body);
                }
                segment.body.add_cut();
                let glosses = glosses(body, &self.writer.dictionary, &mut self.stemmer);
                let segment = begun(&mut self.segment, self.writer, self.first)?;
                segment.add(TextField::Sound, self.sounding.terms());
                segment.add(TextField::Gloss, glosses.iter().map(String::as_str));
                segment.add(TextField::File, [key.as_str()].into_iter());
                segment.add(TextField::Tag, folded_tags.iter().map(String::as_str));
                segment
                    .end_document(&record.own_bytes())
                    .map_err(Error::engine("write", self.writer.index))?;
            }
        }
        Ok(totals)
    }
}

/// The segment that is being written, begun where there is none.
fn begun<'s>(
    segment: &'s mut Option<SegmentWriter>,
    writer: &Writer<'_>,
    first: bool,
) -> Result<&'s mut SegmentWriter> {
    if segment.is_none() {
        *segment = Some(writer.begin(first)?);
    }
    Ok(segment.as_mut().expect("made above"))
}

#[allow(clippy::too_many_arguments, reason = "one row of the record each")]
pub(super) fn record<'r>(
    found: &'r Found,
    document: &'r Document,
    section: &'r Section,
    tags: &'r str,
    (body, aside): (&'r str, &'r str),
    line: u32,
    part: u32,
) -> Record<'r> {
    let lines = line_ends(body) + 1;
    let own = section.code.iter().filter(|_| !section.borrowed);
    let code = own.filter(|c| c.start < line + lines && c.end > line);
    Record {
        root: found.root,
        path: &found.path,
        line: section.line,
        end_line: section.end_line,
        depth: section.depth,
        borrowed: section.borrowed,
        link_percent: section.link_percent,
        title: &section.title,
        note_title: document.title.as_deref().unwrap_or_default(),
        trail: section.trail.iter().map(String::as_str).collect(),
        tags,
        body_line: section.body_line + line,
        body,
        code: code
            .map(|c| (c.start.saturating_sub(line), (c.end - line).min(lines)))
            .collect(),
        aside,
        part,
    }
}

/// The pairs of names that a text glosses, both ways round, each once.
fn glosses(text: &str, dictionary: &Dictionary, stemmer: &mut Stemmer) -> Vec<String> {
    let mut terms = Vec::new();
    // The same English name comes with each beginning of the Chinese one.
    let mut known = (String::new(), String::new());
    lexicon::glossed(text, dictionary, |han, latin, alone| {
        if known.0 != latin {
            known = (latin.to_owned(), lexicon::key_of(latin, stemmer));
        }
        terms.push(gloss_term(&lexicon::key_of(han, stemmer), latin, alone));
        terms.push(gloss_term(&known.1, han, alone));
    });
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// How many lines a text ends: counted byte by byte, which takes the processor a fraction of
/// what looking for each takes.
pub(super) fn line_ends(text: &str) -> u32 {
    text.bytes().filter(|&b| b == b'\n').count() as u32
}

/// The words of a path that say what a note is about: its name and its folders.
fn names(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.replace('/', " ")
}
