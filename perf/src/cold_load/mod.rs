//! `perf cold-load`: how long somebody who has never been here waits for the world in a real
//! browser (NFR-002, T074). A fresh server with the embedded store for each network, and a new
//! Chromium for each load, driven by `perf/browser/cold_load.mjs`.
//!
//! Data flows server process -> node and Chromium (lines) -> [`Loads`] -> output.

mod loads;
mod quilt;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use self::loads::Loads;
use crate::program::Program;
use crate::report::{self, Folder};
use crate::server;

/// From the address to the first picture of the world in a new Chromium, for a first-time visitor
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Loads in each network, each in a browser process of its own with an empty profile
    #[arg(long, default_value_t = 30)]
    loads: usize,
    /// What lies between browser and server
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Network::Loopback, Network::Home])]
    network: Vec<Network>,
    /// In a world of so many tiles on an edge, the built-in one over and over; the built-in one
    /// when absent
    #[arg(long, value_parser = clap::value_parser!(u32).range(64..=2048))]
    edge: Option<u32>,
    /// Folder for the reports; below target/perf, named after the time, when absent
    #[arg(long)]
    out: Option<PathBuf>,
    /// The server, with the web client in it; beside this program when absent
    #[arg(long)]
    server_bin: Option<PathBuf>,
}

/// What lies between browser and server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Network {
    /// Nothing
    Loopback,
    /// 20 Mbit/s and 20 ms to each answer, as Chromium's developer tools slow it down; connections
    /// are made at once
    Home,
}

impl Network {
    fn name(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Home => "home",
        }
    }

    /// What the script is told of it.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Loopback => &[],
            Self::Home => &["--rtt-ms", "20", "--mbit-per-s", "20"],
        }
    }
}

/// Drives the browser; it finds its packages beside the end-to-end tests, whose browser it starts.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/cold_load.mjs");

/// A browser starts and the game is there, even on a machine that does much else.
const LOAD_PATIENCE: Duration = Duration::from_secs(120);

/// Node ends its last browser.
const END_PATIENCE: Duration = Duration::from_secs(30);

/// Measures in each network; prints a table.
///
/// # Errors
/// When something does not start, or a load does not come to its end. A goal that is missed makes
/// the exit code.
pub fn run(options: &Options) -> Result<ExitCode> {
    ensure!(options.loads > 0 && !options.network.is_empty(), "nothing is to be measured");
    let folder = Folder::make(options.out.as_deref(), "cold-load")?;
    let measured =
        options.network.iter().map(|network| measure(options, *network, &folder)).collect::<Result<Vec<_>>>()?;
    let text = loads::table(&measured);
    print!("{text}");
    folder.write("table.txt", &text)?;
    folder.write("points.json", &loads::json(&measured)?)?;
    for (name, times) in measured.iter().flat_map(Loads::distributions) {
        folder.write(&format!("{name}.hgrm"), &report::hgrm(times))?;
    }
    eprintln!("reports in {}", folder.path().display());
    let is_good = measured.iter().all(|loads| loads.all_faults().is_empty());
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(options: &Options, network: Network, folder: &Folder) -> Result<Loads> {
    eprintln!("cold-load, {} loads in {}: starting the server", options.loads, network.name());
    let data = tempfile::tempdir()?;
    let mut command = server::command(options.server_bin.as_deref(), data.path(), None)?;
    let maps = tempfile::tempdir()?;
    if let Some(edge) = options.edge {
        command.arg("--world").arg(quilt::write(maps.path(), edge)?);
    }
    let (server, address) = server::start(command)?;

    let mut node = Command::new("node");
    node.arg(SCRIPT).args(["--server", &format!("http://{address}/"), "--loads", &options.loads.to_string()]);
    node.arg("--picture").arg(folder.path().join(format!("{}.png", network.name()))).args(network.arguments());
    let mut browser = Program::start("the browser's script", node)?;
    let mut loads = Loads::new(network.name());
    for number in 1..=options.loads {
        let line = browser.said("LOAD ", LOAD_PATIENCE)?;
        let playable_ms = loads.add(&line)?;
        eprintln!("  {number:3} of {}: playable after {playable_ms:.0} ms", options.loads);
    }
    let status = browser.ended(END_PATIENCE).context("all loads are done")?;
    ensure!(status.success(), "the browser's script ended with {status}");
    loads.faults.extend(browser.complaints().into_iter().take(5).map(|line| format!("the page complained: {line}")));
    loads.faults.extend(server::stop(server)?.fault);
    Ok(loads)
}
