//! Any text, cut into sections by every reader.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| jian_fuzz::check("sections", bytes));
