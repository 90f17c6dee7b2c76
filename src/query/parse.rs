//! Reads a query. Law: any text parses, in time linear in the text; what is odd becomes a
//! notice.
//!
//! `OR` joins its two neighbors before words side by side do, as in web search engines:
//! `缓存 redis OR memcached` asks for 缓存 and for one of the other two.

mod lex;
mod print;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{Notice, Query, Scope};
use lex::{Closers, Keyword};

/// One row of the help about queries.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    /// How it is typed.
    pub form: &'static str,
    /// What it asks for.
    pub help: &'static str,
}

/// What a query may hold beside plain words and scopes.
pub const OPERATORS: &[Operator] = &[
    Operator { form: "\"exact phrase\"", help: "the text contains exactly this" },
    Operator { form: "-word", help: "the text does not contain it, as NOT word" },
    Operator { form: "a OR b", help: "one of the two, as a || b" },
    Operator { form: "(a b) OR c", help: "a group" },
    Operator { form: "prefix*", help: "a word that begins so" },
];

/// Scopes: the names that may stand before the colon (the first is printed back), and the
/// help line.
pub const SCOPES: &[(&[&str], Scope, &str)] = &[
    (&["title", "heading", "标题", "標題"], Scope::Title, "the heading says it"),
    (&["tag", "标签", "標籤"], Scope::Tag, "the note carries this tag"),
    (&["path", "file", "路径", "路徑"], Scope::Path, "the path of the note has it"),
    (&["code", "代码", "代碼"], Scope::Code, "the code of the section has it"),
];

/// Groups inside groups, at most. People nest two or three; the limit keeps every walk over
/// a query, by recursion, far from the end of the stack.
const MAX_DEPTH: usize = 32;

/// Words, phrases and prefixes in one query, at most. A pasted paragraph has about a
/// hundred; each of them costs a list of postings.
const MAX_LEAVES: usize = 256;

/// Returns the query as read and what was odd about it. Each kind of oddity is reported
/// once, at its first place.
pub fn parse(text: &str) -> (Query, Vec<Notice>) {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
        ignored_opens: 0,
        leaves: 0,
        glued_at: None,
        open_in_word: false,
        stray: None,
        closers: Closers::of(text),
        notices: Vec::new(),
    };
    let mut query = parser.list();
    match (parser.stray.take(), query == Query::Nothing) {
        (Some((_, span)), true) => query = Query::Word(text[span].to_owned()),
        (Some((message, span)), false) => parser.note(message, span),
        (None, _) => {}
    }
    if query != Query::Nothing && !ranks(&query) {
        parser.note("only exclusions: nothing to rank", 0..text.len());
    }
    (query, parser.notices)
}

struct Parser<'t> {
    text: &'t str,
    /// Bytes read so far.
    at: usize,
    /// Groups open around `at`.
    depth: usize,
    /// Parentheses ignored in the deepest group for which a close is still to come.
    ignored_opens: usize,
    leaves: usize,
    /// Where the last phrase or group closed: `-` right behind it is punctuation.
    glued_at: Option<usize>,
    /// Some word held `(` without its `)`, as in `f(x, y)`: that `)` is no surprise.
    open_in_word: bool,
    /// The first operator without operands, and what to say about it.
    stray: Option<(&'static str, Range<usize>)>,
    closers: Closers,
    notices: Vec<Notice>,
}

impl Parser<'_> {
    /// Reads up to the end, or up to the `)` of the group around.
    fn list(&mut self) -> Query {
        let mut items = Vec::new();
        let mut pending_or: Option<Range<usize>> = None;
        loop {
            self.skip_space();
            let Some(first) = self.rest().chars().next() else { break };
            if lex::is_close(first) {
                if self.depth == MAX_DEPTH && self.ignored_opens > 0 {
                    self.ignored_opens -= 1;
                } else if self.depth > 0 {
                    break;
                } else if !self.open_in_word {
                    let span = self.at..self.at + first.len_utf8();
                    self.note("parenthesis closes nothing: ignored", span);
                }
                self.at += first.len_utf8();
                continue;
            }
            let minus_bytes = lex::minus_run_bytes(self.rest());
            if self.glued_at == Some(self.at) && minus_bytes > 0 {
                self.at += minus_bytes;
                continue;
            }
            match lex::keyword(self.rest()) {
                Some((Keyword::And, len_bytes)) => {
                    let span = self.take(len_bytes);
                    if items.is_empty() {
                        self.stray("`AND` joins nothing: ignored", span);
                    }
                    continue;
                }
                Some((Keyword::Or, len_bytes)) => {
                    let span = self.take(len_bytes);
                    if items.is_empty() || pending_or.is_some() {
                        self.stray("`OR` needs something on both sides: ignored", span);
                    } else {
                        pending_or = Some(span);
                    }
                    continue;
                }
                Some((Keyword::Not, _)) | None => {}
            }
            if self.is_full() {
                break;
            }
            let Some(item) = self.item() else { continue };
            match (pending_or.take(), items.pop()) {
                (Some(_), Some(before)) => items.push(either(before, item)),
                (None, Some(before)) => items.extend([before, item]),
                (_, None) => items.push(item),
            }
        }
        if let Some(span) = pending_or {
            self.stray("`OR` needs something on both sides: ignored", span);
        }
        every(items)
    }

    /// Reads an operand with the negations before it.
    fn item(&mut self) -> Option<Query> {
        let mut negated = false;
        let mut last_not = None;
        while let Some((Keyword::Not, len_bytes)) = lex::keyword(self.rest()) {
            last_not = Some(self.take(len_bytes));
            negated = !negated;
            self.skip_space();
        }
        if let Some(len_bytes) = lex::negation(self.rest()) {
            self.at += len_bytes;
            negated = !negated;
        }
        let first = self.rest().chars().next();
        let ends =
            first.is_none_or(|first| first.is_whitespace() || lex::is_close(first));
        if ends || last_not.is_some() && lex::keyword(self.rest()).is_some() {
            if let Some(span) = last_not {
                self.stray("`NOT` needs something after it: ignored", span);
            }
            return None;
        }
        let operand = self.operand(true)?;
        Some(if negated { not(operand) } else { operand })
    }

    /// Reads a group, a phrase, a word or, where `scopes` allows it, a scope with its value.
    fn operand(&mut self, scopes: bool) -> Option<Query> {
        let first = self.rest().chars().next()?;
        if lex::is_open(first) {
            return self.group(first.len_utf8());
        }
        if lex::opens_phrase(first) {
            return self.phrase(first);
        }
        let scope = if scopes { lex::scope(self.rest()) } else { None };
        let Some((len_bytes, name, scope)) = scope else { return self.word() };
        let after = self.rest()[len_bytes..].chars().next();
        if after.is_none_or(|after| after.is_whitespace() || lex::is_close(after)) {
            let span = self.take(len_bytes);
            self.note(&format!("`{name}:` has no value: read as a word"), span.clone());
            return Some(self.leaf(Query::Word(self.text[span].to_owned())));
        }
        self.at += len_bytes;
        let value = self.operand(false)?;
        Some(Query::Scoped(scope, Box::new(value)))
    }

    fn group(&mut self, open_bytes: usize) -> Option<Query> {
        let open = self.take(open_bytes);
        if self.depth == MAX_DEPTH {
            self.ignored_opens += 1;
            let limit =
                format!("more than {MAX_DEPTH} groups in each other: rest ignored");
            self.note(&limit, open);
            return None;
        }
        self.depth += 1;
        let inner = self.list();
        self.depth -= 1;
        match self.rest().chars().next() {
            Some(close) => self.at += close.len_utf8(),
            None if self.leaves < MAX_LEAVES => {
                self.note("group not closed: read to the end", open.clone());
            }
            None => {}
        }
        self.glued_at = Some(self.at);
        if inner == Query::Nothing {
            self.note("empty group: ignored", open.start..self.at);
            return None;
        }
        Some(inner)
    }

    fn phrase(&mut self, open: char) -> Option<Query> {
        let start = self.at;
        let inside = start + open.len_utf8();
        let (len_bytes, close_bytes) = self.closers.phrase(self.text, inside, open);
        self.at = inside + len_bytes + close_bytes;
        self.glued_at = Some(self.at);
        if close_bytes == 0 {
            self.note("quote not closed: read to the end", start..inside);
        }
        let content = self.text[inside..inside + len_bytes].trim();
        if content.is_empty() {
            self.note("empty phrase: ignored", start..self.at);
            return None;
        }
        Some(self.leaf(Query::Phrase(content.to_owned())))
    }

    fn word(&mut self) -> Option<Query> {
        let (len_bytes, balanced) = lex::word_bytes(self.rest());
        self.open_in_word |= !balanced;
        let span = self.take(len_bytes);
        let word = &self.text[span.clone()];
        let stem = word.trim_end_matches(lex::is_star);
        if stem.is_empty() {
            self.note("`*` needs the beginning of a word: ignored", span);
            return None;
        }
        // `**bold**`, pasted from a note, and `.*` are no prefixes.
        let is_prefix = stem.len() < word.len()
            && !stem.starts_with(lex::is_star)
            && stem.contains(char::is_alphanumeric);
        Some(self.leaf(if is_prefix {
            Query::Prefix(stem.to_owned())
        } else {
            Query::Word(word.to_owned())
        }))
    }

    fn leaf(&mut self, leaf: Query) -> Query {
        self.leaves += 1;
        leaf
    }

    /// True when no more leaves may be read; skips the rest of the text then.
    fn is_full(&mut self) -> bool {
        if self.leaves < MAX_LEAVES {
            return false;
        }
        let rest = self.take(self.text.len() - self.at);
        self.note(&format!("more than {MAX_LEAVES} words: rest ignored"), rest);
        true
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn take(&mut self, len_bytes: usize) -> Range<usize> {
        let start = self.at;
        self.at += len_bytes;
        start..self.at
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn stray(&mut self, message: &'static str, span: Range<usize>) {
        self.stray.get_or_insert((message, span));
    }

    fn note(&mut self, message: &str, span: Range<usize>) {
        if self.notices.iter().all(|notice| notice.message != message) {
            self.notices.push(Notice { message: message.to_owned(), span: Some(span) });
        }
    }
}

/// True where something says what to look for, not only what to leave out.
fn ranks(query: &Query) -> bool {
    match query {
        Query::Nothing | Query::Not(_) => false,
        Query::Word(_) | Query::Phrase(_) | Query::Prefix(_) => true,
        Query::Scoped(_, value) => ranks(value),
        Query::Every(items) | Query::Any(items) => items.iter().any(ranks),
    }
}

fn every(items: Vec<Query>) -> Query {
    let mut flat = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Query::Every(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if flat.len() > 1 { Query::Every(flat) } else { flat.pop().unwrap_or(Query::Nothing) }
}

fn either(before: Query, after: Query) -> Query {
    let mut items = match before {
        Query::Any(items) => items,
        other => vec![other],
    };
    match after {
        Query::Any(more) => items.extend(more),
        other => items.push(other),
    }
    Query::Any(items)
}

fn not(query: Query) -> Query {
    match query {
        Query::Not(inner) => *inner,
        other => Query::Not(Box::new(other)),
    }
}
