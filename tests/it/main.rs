//! Tests through the library and the real binary.

mod crash;
#[allow(dead_code, reason = "its other users arrive with their tests")]
mod env;
mod hostile;
mod relevance;
mod shell;
mod shell_env;
mod shell_live;
mod shell_mcp;
