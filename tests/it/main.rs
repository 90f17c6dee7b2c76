//! The one integration crate: the real program, the laws of the rooms, the rules of the house.
//!
//! A new file needs its `mod` line here; `tidy` fails on a forgotten one.

mod contract;
mod crash;
mod documents;
mod env;
#[cfg(target_os = "linux")]
mod faults;
mod glossary;
mod hostile;
mod jieba;
mod language;
#[path = "../laws/mod.rs"]
mod laws;
mod markup;
mod mixtures;
mod names;
mod relevance;
mod roots;
mod search;
mod shapes;
mod shell;
mod shell_live;
mod shell_mcp;
mod snippets;
mod tidy;
mod transcripts;
mod update;
