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
    #[cfg(target_pointer_width = "64")]
    large_pieces();
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

/// Asks the kernel to read what of the program is not written to in pieces of 2 MiB. In single pages, as
/// it lies in the cache once it was read from the disk, a search takes a tenth to a fifth longer (`BENCHMARKS.md`): each page
/// that is mapped is counted by itself. Of these parts nothing was touched before (`build/link.rs`).
/// A kernel that has no such pieces for files, or for this file system, reads as it always did.
#[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
#[allow(unsafe_code, reason = "what the kernel says of a program is read at an address")]
fn large_pieces() {
    /// The size of such a piece: smaller segments would be read as far as the next.
    const PIECE_BYTES: u64 = 2 << 20;
    // SAFETY: the kernel puts the table of segments there and says how many it has; the advice
    // changes nothing of what is read. Of a program at another address than it was linked to, no
    // segment is where the table says, and none is asked for.
    unsafe {
        let table = libc::getauxval(libc::AT_PHDR) as *const libc::Elf64_Phdr;
        let segments = libc::getauxval(libc::AT_PHNUM) as usize;
        let page_bytes = libc::getauxval(libc::AT_PAGESZ);
        for n in 0..if table.is_null() { 0 } else { segments } {
            let segment = &*table.add(n);
            let is_read = segment.p_type == libc::PT_LOAD
                && segment.p_flags & libc::PF_W == 0
                && segment.p_memsz >= PIECE_BYTES;
            if is_read {
                let start = segment.p_vaddr / page_bytes * page_bytes;
                let len = (segment.p_vaddr + segment.p_memsz - start) as usize;
                libc::madvise(start as *mut libc::c_void, len, libc::MADV_HUGEPAGE);
            }
        }
    }
}
