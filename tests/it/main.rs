//! Tests through the library and the real binary.

mod crash;
#[allow(dead_code, reason = "its other users arrive with their tests")]
mod env;
mod hostile;
mod relevance;
