//! libFuzzer's way to the target `tiled`.

#![no_main]
#![allow(unsafe_code, reason = "libFuzzer calls into the program by names that Rust holds to be unsafe")]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tilemud_fuzz::run("tiled", data));
