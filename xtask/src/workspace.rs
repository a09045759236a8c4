//! Where things are in this checkout. Knows paths only; creates and reads nothing.

use std::path::{Path, PathBuf};

/// The root of the checkout: the folder that holds the workspace manifest.
pub fn root() -> &'static Path {
    // The crate folder is one below the root, and cargo gives it as an absolute path.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate folder has a parent, the workspace root")
}

/// A path inside the checkout.
pub fn at(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's output folder: `CARGO_TARGET_DIR` when set, else `target` at the root.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A binary that cargo built for this machine in `profile` (`debug` or `release`).
pub fn binary(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A path as a person in the checkout would type it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The browser tests and the black-box tests of the protocol, run by node.
pub const END_TO_END: &str = "server/tests/e2e";
