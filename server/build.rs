//! Rebuilds the server when the web bundle changes, so that the binary never carries an old one.

use std::path::Path;

fn main() {
    // A watched path that does not exist would make every build a full one; without a bundle its
    // parent is watched instead.
    let watched = if Path::new("../client/dist").exists() { "../client/dist" } else { "../client" };
    println!("cargo::rerun-if-changed={watched}");
    println!("cargo::rerun-if-changed=build.rs");
}
