//! Runs cargo as a child, with its own progress on the screen. Decides nothing about what is built.

use std::ffi::{OsStr, OsString};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// A cargo command in the workspace root, with the very cargo that started this program.
pub fn command<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: Into<OsString>,
{
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments.into_iter().map(Into::into)).current_dir(workspace::root());
    for name in std::env::vars_os().map(|(name, _)| name).filter(|name| tells_of_this_package(name)) {
        command.env_remove(name);
    }
    command
}

/// What `cargo run` says of this program's own package. Build scripts of dependencies watch the
/// same names (ring's does): were they passed on, everything above those would be built anew after
/// each `cargo build` typed by hand, and again the other way.
fn tells_of_this_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_MANIFEST_") || name.starts_with("CARGO_PKG_"))
}

/// Runs cargo and waits for it.
///
/// # Errors
/// When cargo cannot be started or ends with a failure; its own messages are already on the screen.
pub fn run(arguments: &[&str]) -> Result<()> {
    let line = arguments.join(" ");
    let status = command(arguments.iter().copied())
        .status()
        .with_context(|| format!("`cargo {line}` did not start; is Rust installed? (https://rustup.rs)"))?;
    ensure!(status.success(), "`cargo {line}` failed ({status}); its messages are above");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_cargo_is_not_told_of_this_package() {
        // These are set here too: cargo runs tests with them.
        let command = command(["--version"]);
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME"] {
            assert!(std::env::var_os(name).is_some(), "{name}");
            assert!(command.get_envs().any(|(removed, value)| removed == name && value.is_none()), "{name}");
        }
        assert!(!tells_of_this_package(OsStr::new("CARGO_BUILD_BUILD_DIR")), "the user's own settings stay");
    }
}
