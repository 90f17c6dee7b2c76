//! jian: full-text search for notes kept in Chinese and English.
//!
//! ```text
//! corpus ──note──▶ markup ──section──▶ text ──terms──▶ index
//!                                       ▲                │
//! query ──────────what was asked────────┘                ▼
//!                                     search ──report──▶ render ──▶ bytes
//! ```
//!
//! The library is not a promise: what is versioned is the command line, the JSON Lines format
//! and the format of the index. Rooms in reading order:

#![forbid(unsafe_code)]

pub mod bench;
pub mod cli;
pub mod config;
pub mod corpus;
pub mod error;
pub mod index;
pub mod lexicon;
pub mod markup;
pub mod message;
pub mod query;
pub mod render;
pub mod search;
pub mod text;
