//! `cargo xtask play`: from sources to a running game. Builds, starts the server, shows where to
//! go, and ends with it.
//!
//! Holds no settings of its own: everything given is handed on to `tilemud serve`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{bundle, cargo, progress, workspace};

/// What the server prints when it is ready, before its address.
const READY: &str = "tilemud ready ";

/// Options of `cargo xtask play`.
#[derive(clap::Args)]
pub struct Options {
    /// Also build the native client and open it.
    #[arg(long)]
    native: bool,
    /// Where the server listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Keep the world in this Postgres instead of the embedded SQLite:
    /// postgres://user:password@host:port/database
    #[arg(long)]
    database_url: Option<String>,
    /// Use this Redis instead of the in-process cache: redis://host:port
    #[arg(long)]
    redis_url: Option<String>,
    /// Play in this Tiled map (.tmx) instead of the built-in world; what is saved in its folder
    /// takes effect while you play.
    #[arg(long)]
    world: Option<PathBuf>,
    /// Folder of the embedded store and the logs.
    #[arg(long, default_value = "tilemud-data")]
    data_dir: PathBuf,
}

/// Builds, starts and waits.
///
/// # Errors
/// When a build fails or the server does not start.
pub fn run(options: &Options) -> Result<ExitCode> {
    println!("{}", bundle::build()?);
    progress::announce("building the server in release (two to four minutes the first time)");
    // The server carries the web client inside it, so it is built after it.
    cargo::run(&["build", "--release", "--package", "tilemud-server", "--bin", "tilemud"])?;
    if options.native {
        progress::announce("building the native client in release");
        cargo::run(&["build", "--release", "--package", "tilemud-client", "--bin", "tilemud-client"])?;
    }

    progress::announce("starting the server");
    let mut server = start(options)?;
    let output = server.stdout.take().context("the server's output is piped")?;
    stop_with_signals(&server)?;
    let mut window = None;
    for line in BufReader::new(output).lines() {
        let line = line.context("the server's output broke off")?;
        println!("{line}");
        if let Some(address) = line.strip_prefix(READY) {
            show(address);
            if options.native {
                window = Some(open_window(address)?);
            }
        }
    }
    let status = server.wait().context("the server cannot be waited for")?;
    if let Some(mut window) = window {
        // Already gone if the player closed it; then there is nothing to end.
        let _ = window.kill();
        let _ = window.wait();
    }
    ensure!(status.success(), "the server ended with {status}; its messages are above");
    Ok(ExitCode::SUCCESS)
}

fn start(options: &Options) -> Result<Child> {
    let program = workspace::binary("release", "tilemud");
    let mut command = serve(&program, options);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    own_group(&mut command);
    command.spawn().with_context(|| format!("{} does not start", workspace::shown(&program)))
}

fn serve(program: &Path, options: &Options) -> Command {
    let mut command = Command::new(program);
    command.args(["serve", "--dev-issuer", "--listen", &options.listen]).arg("--data-dir").arg(&options.data_dir);
    if let Some(map) = &options.world {
        command.arg("--world").arg(map).arg("--watch");
    }
    if let Some(url) = &options.database_url {
        // By environment: a URL with a password does not belong in the list of processes.
        command.env("TILEMUD_DATABASE_URL", url);
    }
    if let Some(url) = &options.redis_url {
        command.env("TILEMUD_REDIS_URL", url);
    }
    command
}

fn open_window(address: &str) -> Result<Child> {
    let program = workspace::binary("release", "tilemud-client");
    Command::new(&program)
        .args(["--server", address])
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("{} does not start", workspace::shown(&program)))
}

fn show(address: &str) {
    let line = format!("  Play at  {address}  ");
    let rule = "─".repeat(line.chars().count());
    println!("\n┌{rule}┐\n│{line}│\n└{rule}┘\nOpen it in a browser, twice for two players. Ctrl-C stops the server.\n");
}

/// In a group of its own the server gets no Ctrl-C from the terminal, only the one handed on:
/// exactly once.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

/// Hands Ctrl-C and a polite end on to the server, which drains and ends, and this program with it.
#[cfg(unix)]
fn stop_with_signals(server: &Child) -> Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let server = Pid::from_child(server);
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            eprintln!("\nstopping the server ...");
            // Fails only when the server is gone already, which is what is wanted.
            let _ = kill_process(server, Signal::TERM);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

/// Elsewhere the console sends Ctrl-C to both programs by itself.
#[cfg(not(unix))]
fn stop_with_signals(_server: &Child) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn a_map_is_handed_on_to_the_server() {
        let args = |line: &[&str]| {
            let line = Line::parse_from([&["play"], line].concat());
            let command = serve(Path::new("tilemud"), &line.options);
            command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert!(args(&["--world", "my.tmx"]).ends_with(" --data-dir tilemud-data --world my.tmx --watch"));
        assert!(!args(&[]).contains("--world"));
    }
}
