//! Prints a query so that reading it again gives the same query.

use std::fmt;

use super::{MAX_DEPTH, Query, SCOPES, Scope, lex};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        print(self, 0, &mut out);
        f.write_str(&out)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(scope_name(*self))
    }
}

fn print(query: &Query, depth: usize, out: &mut String) {
    match query {
        Query::Nothing => {}
        Query::Word(word) => out.push_str(word),
        Query::Prefix(stem) => {
            out.push_str(stem);
            out.push('*');
        }
        // A phrase never holds both kinds of closing quotes: see `Closers::phrase`.
        Query::Phrase(text) if text.contains(lex::is_double) => {
            out.extend(["「", text, "」"]);
        }
        Query::Phrase(text) => out.extend(["\"", text, "\""]),
        Query::Scoped(scope, value) => {
            out.extend([scope_name(*scope), ":"]);
            match &**value {
                Query::Word(text) | Query::Prefix(text) if lex::escapes_scope(text) => {
                    print_group(value, depth, out);
                }
                Query::Word(_) | Query::Phrase(_) | Query::Prefix(_) => {
                    print(value, depth, out);
                }
                _ => print_group(value, depth, out),
            }
        }
        Query::Not(inner) => match &**inner {
            Query::Every(_) | Query::Any(_) => {
                out.push('-');
                print_group(inner, depth, out);
            }
            Query::Word(_)
            | Query::Prefix(_)
            | Query::Phrase(_)
            | Query::Scoped(..)
            | Query::Not(_)
            | Query::Nothing => {
                let mut operand = String::from("-");
                print(inner, depth, &mut operand);
                if lex::negation(&operand).is_some() {
                    out.push_str(&operand);
                } else {
                    out.extend(["NOT ", &operand[1..]]);
                }
            }
        },
        Query::Every(items) => {
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number > 0 { " " } else { "" });
                // For people only, the parser binds so by itself; thus not where the
                // parentheses could go deeper than it reads.
                match item {
                    Query::Any(inner)
                        if depth + 1 < MAX_DEPTH && inner.iter().all(is_plain) =>
                    {
                        print_group(item, depth, out);
                    }
                    _ => print(item, depth, out),
                }
            }
        }
        Query::Any(items) => {
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number > 0 { " OR " } else { "" });
                match item {
                    Query::Every(_) => print_group(item, depth, out),
                    _ => print(item, depth, out),
                }
            }
        }
    }
}

fn print_group(query: &Query, depth: usize, out: &mut String) {
    out.push('(');
    let inside = out.len();
    print(query, depth + 1, out);
    let last_word = out[inside..].rsplit(char::is_whitespace).next().unwrap_or_default();
    let opens = last_word.chars().filter(|&c| lex::is_open(c)).count();
    // The word `f(x` would take the parenthesis of the group for its own.
    if opens > last_word.chars().filter(|&c| lex::is_close(c)).count() {
        out.push(' ');
    }
    out.push(')');
}

/// True for what prints without parentheses.
fn is_plain(query: &Query) -> bool {
    match query {
        Query::Word(_) | Query::Phrase(_) | Query::Prefix(_) => true,
        Query::Nothing | Query::Every(_) | Query::Any(_) => false,
        Query::Not(inner) | Query::Scoped(_, inner) => is_plain(inner),
    }
}

fn scope_name(scope: Scope) -> &'static str {
    SCOPES.iter().find(|row| row.1 == scope).map_or("", |row| row.0[0])
}
