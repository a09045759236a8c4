//! `perf hostile`: floods against a server, and what an honest player feels of them. By turns, so
//! that the machine is the same: the attackers flood a sink of their own (the control: what they
//! cost on these cores anyway), then the server. Server, attackers, sink and player are processes
//! of their own; the player comes from another address than the attackers.
//!
//! Data flows flood -> attackers -> server or sink; player -> samples -> [`verdict`] -> table.
//! Whoever passes the bar by the floods makes the exit code.

mod alley;
mod attack;
mod floods;
mod player;
mod sink;
mod verdict;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use self::floods::Flood;
use self::player::Felt;
use self::verdict::Row;
use crate::processes;
use crate::program::Program;
use crate::report::{Folder, Table};
use crate::run::allow_open_files;
use crate::server;

/// An honest player beside floods, by turns with the same attackers flooding a sink of their own
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Floods by name; all when none is given
    floods: Vec<String>,
    /// Seconds of each turn
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Turns of each flood and of its control
    #[arg(long, default_value_t = 2)]
    rounds: u32,
    /// Folder for the report; below target/perf when absent
    #[arg(long)]
    out: Option<PathBuf>,
    /// The server; beside this program when absent
    #[arg(long)]
    server_bin: Option<PathBuf>,
    /// A part of the measurement, started by it
    #[arg(long, hide = true)]
    part: Option<Part>,
    /// Where that part goes
    #[arg(long, hide = true, default_value = "")]
    server: String,
    /// Where the flood goes when it is the control
    #[arg(long, hide = true)]
    sink: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Player,
    Attackers,
    Sink,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Attackers => "attackers",
            Self::Sink => "sink",
        }
    }
}

/// What is logged as in a server that nobody has told otherwise.
const LOG_FILTER: &str = "info";

/// Attackers have sessions first, up to some hundreds.
const SETUP_PATIENCE: Duration = Duration::from_secs(60);

/// Beyond the time of a turn: the player's last words.
const TURN_PATIENCE: Duration = Duration::from_secs(30);

/// Measures and prints.
///
/// # Errors
/// When something does not start or breaks off.
pub fn run(options: &Options) -> Result<ExitCode> {
    allow_open_files()?;
    match options.part {
        None => {}
        Some(Part::Player) => return player::run(&options.server, Duration::from_secs(options.seconds)),
        Some(Part::Attackers) => {
            let [name] = &options.floods[..] else { bail!("one flood at a time") };
            return attack::run(Flood::named(name)?, &options.server, options.sink.as_deref());
        }
        Some(Part::Sink) => return sink::run(),
    }
    let floods = match &options.floods[..] {
        [] => floods::ALL.iter().collect(),
        names => names.iter().map(|name| Flood::named(name)).collect::<Result<Vec<_>>>()?,
    };
    let folder = Folder::make(options.out.as_deref(), "hostile")?;
    let mut table = Table::new(2);
    table.heading(["flood", "by", "ack p50 / p95 / p99, ms", "", "join p50, ms", "", "server", "log", ""]);
    table.heading(["", "", "control", "flood", "control", "flood", "% of a core", "KiB", "verdict"]);
    let mut rows = Vec::new();
    for flood in floods {
        let row = measure(options, flood)?;
        eprintln!("{}: {}", flood.name, row.verdict());
        table.row(row.cells());
        rows.push(row);
    }
    print!("{table}");
    folder.write("table.txt", &table.to_string())?;
    let are_good = rows.iter().all(Row::is_good);
    Ok(if are_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One flood, by turns with its control, on a server of its own.
fn measure(options: &Options, flood: &'static Flood) -> Result<Row> {
    let folder = tempfile::tempdir()?;
    let mut command = server::command_logging(options.server_bin.as_deref(), folder.path(), None, LOG_FILTER)?;
    command.args(["--log-format", "json"]);
    let world = tempfile::tempdir()?;
    if flood.is_in_alley {
        command.arg("--world").arg(alley::write(world.path())?);
    }
    let (server, address) = server::start(command)?;
    let mut sink = Program::start("the sink", part(Part::Sink, options, &[])?)?;
    let sink_address = sink.said("sink", SETUP_PATIENCE)?;
    let mut row = Row::of(flood);
    for round in 0..options.rounds {
        eprintln!("{}, turn {}", flood.name, round + 1);
        let (felt, ..) = turn(options, flood, &server, &address, Some(&sink_address))?;
        row.control.add(felt);
        let (felt, cpu_percent, log_bytes) = turn(options, flood, &server, &address, None)?;
        row.flood.add(felt);
        row.server_percent = row.server_percent.max(cpu_percent);
        row.log_bytes += log_bytes;
    }
    Ok(row)
}

/// What the player felt, what the server took of a core, and how much it logged.
fn turn(
    options: &Options,
    flood: &Flood,
    server: &Program,
    address: &str,
    sink: Option<&str>,
) -> Result<(Felt, f64, usize)> {
    let mut command = part(Part::Attackers, options, &["--server", address])?;
    if let Some(sink) = sink {
        command.args(["--sink", sink]);
    }
    command.arg(flood.name);
    let mut attackers = Program::start("the attackers", command)?;
    attackers.said("attacking", SETUP_PATIENCE)?;
    server.complaints();
    let (began, cpu_s) = (Instant::now(), processes::cpu_s(server.pid())?);
    let mut player = Program::start("the player", part(Part::Player, options, &["--server", address])?)?;
    let felt = player.said("felt", Duration::from_secs(options.seconds) + TURN_PATIENCE)?;
    let took_s = began.elapsed().as_secs_f64();
    let percent = (processes::cpu_s(server.pid())? - cpu_s) / took_s * 100.0;
    let log_bytes = server.complaints().iter().map(|line| line.len() + 1).sum();
    let felt = serde_json::from_str(&felt).context("what the player felt")?;
    ensure!(processes::cpu_s(server.pid()).is_ok(), "the server has ended");
    Ok((felt, percent, log_bytes))
}

/// The command line of a part.
fn part(part: Part, options: &Options, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["hostile", "--part", part.name(), "--seconds", &options.seconds.to_string()]).args(arguments);
    Ok(command)
}
