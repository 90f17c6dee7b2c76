//! Runs the command line and turns its outcome into an exit code. Nothing else.
//!
//! On Linux the C library enters `main` here and not that of Rust, which prepares for a stack that
//! overflows: it reads the map of the process's memory and makes a stack for signals, 65 of the
//! 500 µs of a process that does nothing, a thirtieth of a search. Of what else it does two things
//! matter, and are done here too. An overflow ends the process all the same, without a message.

#![cfg_attr(all(target_os = "linux", target_env = "gnu"), no_main)]

use std::process;

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() {
    process::exit(jian::cli::run().into());
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "nobody else has a function of this name")]
#[unsafe(no_mangle)]
extern "C" fn main() -> libc::c_int {
    open_standard_streams();
    ignore_closed_pipes();
    process::exit(jian::cli::run().into());
}

/// Opens what a caller closed: else a file of the index would have its number, and what is printed
/// would be written into it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn open_standard_streams() {
    use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};
    use rustix::stdio;
    for stream in [stdio::stdin(), stdio::stdout(), stdio::stderr()] {
        if fcntl_getfd(stream).is_err() {
            // The first number that is free is this one; an editor that is started has it too.
            let nowhere =
                std::fs::File::options().read(true).write(true).open("/dev/null");
            let _ = nowhere.as_ref().map(|file| fcntl_setfd(file, FdFlags::empty()));
            std::mem::forget(nowhere);
        }
    }
}

/// A pipe that was closed is an error that can be told from others, not the end of the process.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the standard library does so, and offers it nowhere")]
fn ignore_closed_pipes() {
    // SAFETY: no handler is set, so no code of ours runs at a signal.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}
