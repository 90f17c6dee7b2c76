//! Tests through the library and the real binary.

mod relevance;
mod shell;
mod shell_env;
mod shell_live;
mod shell_mcp;
