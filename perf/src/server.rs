//! The server that is measured, a process of its own: as players get it, with nothing but what the
//! command line says.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::Signal;

use crate::commits::{Commits, LOG_FILTER};
use crate::program::{self, Program};

/// A server reads its map and looks into the database.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// The server says goodbye to everybody and saves the world.
const DRAIN_PATIENCE: Duration = Duration::from_secs(60);

/// A command that serves players of the development issuer on a free port. The program is the one
/// given, or the one beside this.
///
/// # Errors
/// When there is no such program.
pub fn command(given: Option<&Path>, data_dir: &Path, core: Option<usize>) -> Result<Command> {
    command_logging(given, data_dir, core, LOG_FILTER)
}

/// The same with another filter for its log.
///
/// # Errors
/// As [`command`].
pub fn command_logging(given: Option<&Path>, data_dir: &Path, core: Option<usize>, filter: &str) -> Result<Command> {
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
    command.args(["serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--log-filter", filter]);
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

/// How a server ended.
#[derive(Debug)]
pub struct End {
    /// What was wrong with it.
    pub fault: Option<String>,
    /// What it had committed, and when.
    pub commits: Commits,
    /// What else it had to say.
    pub log: Vec<String>,
}

/// Ends it politely and shows what it had to say.
///
/// # Errors
/// When it is gone already, or does not end.
pub fn stop(mut server: Program) -> Result<End> {
    server.signal(Signal::TERM)?;
    let status = server.ended(DRAIN_PATIENCE)?;
    let mut log = server.complaints();
    let commits = Commits::take(&mut log);
    for complaint in &log {
        eprintln!("  server: {complaint}");
    }
    Ok(End { fault: (!status.success()).then(|| format!("the server ended with {status}")), commits, log })
}
