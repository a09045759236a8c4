//! Runs cargo as a child, with its own progress on the screen. Decides nothing about what is built.

use std::ffi::OsString;
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
    command
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
