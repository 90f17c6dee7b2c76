//! The index on disk: written in one commit, read without locks, rebuilt aside and swapped in.
//!
//! Law: the index is a cache. A killed writer leaves the last commit; removing the folder costs
//! only time. This is the only room that knows the search engine.

mod ask;
mod body;
mod brief;
mod bucket;
mod coded;
mod composite;
mod counted;
mod damage;
mod directory;
mod folder;
mod frequency;
mod hand;
mod key;
mod known;
mod led;
mod lists;
mod look;
mod lower;
mod manifest;
mod merge;
mod no_document;
mod packed;
mod part;
mod plan;
mod postings;
mod read;
mod record;
mod replaced;
mod sample;
mod schema;
mod segment;
mod shorthand;
mod shown;
mod size;
mod sounding;
mod sweep;
mod terms;
mod union;
mod update;
mod vocabulary;
mod write;

pub use crate::markup::Shown;
pub use ask::Ask;
pub use bucket::is_shared;
pub use folder::{FORMAT_VERSION, Facts, folder_bytes};
pub use lower::FEW_FOUND;
pub use manifest::{Entry, Manifest, Totals};
pub use read::{Candidate, Reader};
pub use record::{Glance, Record, Stored};
pub use schema::TextField;
pub use shorthand::{Shorthand, Take, ascii_len_bytes};
pub use size::folder_parts;
pub use update::{
    Budget, Freshness, IN_A_QUERY, Job, Progress, Refresh, Update, freshness, refresh,
    remembered_roots, update,
};
