//! Any text, folded, cut into pieces, words and terms.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| jian_fuzz::check("text", bytes));
