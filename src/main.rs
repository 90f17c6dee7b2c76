//! Runs the command line and turns its outcome into an exit code. Nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    jian::cli::run()
}
