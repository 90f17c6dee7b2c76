//! The laws, for the targets.

#[path = "../laws/mod.rs"]
pub mod laws;

/// Tries the laws of a target.
///
/// # Panics
/// Where a law is broken, and where there is no such target.
pub fn check(name: &str, bytes: &[u8]) {
    let found = laws::TARGETS.iter().find(|target| target.name == name);
    (found.unwrap_or_else(|| panic!("no target {name}")).check)(bytes);
}
