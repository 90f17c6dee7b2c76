//! Tests through the library and the real binary.

mod relevance;
