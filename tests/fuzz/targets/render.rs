//! Any query (the first line), its snippet of any text (the rest), in every format.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| jian_fuzz::check("render", bytes));
