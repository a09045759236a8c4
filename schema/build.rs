//! Computes the wire-schema fingerprint: a hash over the sources of every type that crosses the
//! wire.
//!
//! Comments, blank lines and white space do not count, so that only a change a peer could notice
//! makes a new build identifier (FR-009).

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder"));
    let mut files = rust_files(&root.join("src/wire"));
    files.extend(rust_files(&root.join("src/rest")));
    files.extend(
        ["codec", "envelope", "ids", "rest", "sprites", "time"].map(|name| root.join(format!("src/{name}.rs"))),
    );
    files.sort();

    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // Unit tests stand at the end of a file and are no part of the wire.
        let wire = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in wire.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
            for byte in line.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    for folder in ["src/wire", "src/rest"] {
        println!("cargo:rerun-if-changed={}", root.join(folder).display());
    }
    println!("cargo:rustc-env=TILEMUD_SCHEMA_FINGERPRINT={:08x}", (hash >> 32) as u32 ^ hash as u32);
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
