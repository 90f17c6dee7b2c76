//! Any text as a query (the first line), marked in any other (the rest).

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| jian_fuzz::check("query", bytes));
