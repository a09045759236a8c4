//! The server that is measured, a process of its own: as players get it, with nothing but what the command line says.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::Signal;

use crate::program::{self, Program};

/// A server reads its map and looks into the database.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// The server says goodbye to everybody and saves the world.
const DRAIN_PATIENCE: Duration = Duration::from_secs(60);

/// A command that serves players of the development issuer on a free port. The program is the one given, or the one beside this.
///
/// # Errors
/// When there is no such program.
pub fn command(given: Option<&Path>, data_dir: &Path, core: Option<usize>) -> Result<Command> {
    let beside = std::env::current_exe()?.with_file_name("tilemud");
    let server = given.unwrap_or(&beside);
    ensure!(
        server.exists(),
        "there is no server at {}: build it with the same profile as this program",
        server.display()
    );
    let mut command = program::command(server, core);
    // What is measured is what this command line says, wherever it runs.
    for (variable, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TILEMUD_")) {
        command.env_remove(variable);
    }
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-filter", "warn"]);
    command.arg("--data-dir").arg(data_dir);
    Ok(command)
}

/// Starts it and waits until it is ready; with its host and port.
///
/// # Errors
/// When it does not start.
pub fn start(command: Command) -> Result<(Program, String)> {
    let mut server = Program::start("the server", command)?;
    let address = server.said("tilemud ready http://", START_PATIENCE)?;
    Ok((server, address))
}

/// Ends it politely and shows what it had to say. What was wrong with its end, if anything.
///
/// # Errors
/// When it is gone already, or does not end.
pub fn stop(mut server: Program) -> Result<Option<String>> {
    server.signal(Signal::TERM)?;
    let status = server.ended(DRAIN_PATIENCE)?;
    for complaint in server.complaints() {
        eprintln!("  server: {complaint}");
    }
    Ok((!status.success()).then(|| format!("the server ended with {status}")))
}
