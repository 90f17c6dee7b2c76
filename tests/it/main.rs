//! Tests through the library and the real binary.

mod env;
mod relevance;
mod shell;
mod shell_live;
mod shell_mcp;
