//! The Rust side of a fresh machine: the wasm target, added through rustup when it is missing.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{progress, workspace};

/// The target of the web client.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The command a person types to get the target.
pub const ADD_WASM_TARGET: &str = "rustup target add wasm32-unknown-unknown";

/// Whether the compiler used in this checkout can build for the web.
pub fn has_wasm_target() -> bool {
    let printed = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(workspace::root())
        .output();
    match printed {
        Ok(output) if output.status.success() => {
            let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
            std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
        }
        _ => false,
    }
}

/// Adds the wasm target to the toolchain of this checkout unless it is there.
///
/// # Errors
/// When it is missing and rustup is missing too, or cannot fetch it; the message names the remedy.
pub fn ensure_wasm_target() -> Result<()> {
    if has_wasm_target() {
        return Ok(());
    }
    progress::announce("adding the wasm target (once)");
    let status = Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(workspace::root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!(
            "`{ADD_WASM_TARGET}` failed ({status}). The web client cannot be built without it: check the network and \
             run that command in this folder"
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "the target {WASM_TARGET} is missing and so is rustup, which adds it. Install rustup from \
             https://rustup.rs and run this again; with a Rust from your distribution, install its wasm32 standard \
             library (on Debian: apt-get install libstd-rust-dev-wasm32)"
        ),
        Err(error) => Err(error).context("rustup did not start"),
    }
}
