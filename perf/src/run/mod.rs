//! `perf run SCENARIO`: one or more points of a scenario, each with a database, a server and a load
//! generator of its own.
//!
//! Data flows scenario -> database (map, characters) -> server process -> generator process (lines,
//! results) -> [`Outcome`] -> output. CPU and memory are the kernel's counts, read when the
//! generator says that the measured time begins and ends.

mod database;
mod floor;
mod scenario;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum as _;
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

use self::database::Database;
use self::scenario::{MOVE_PER_S_MAX, Point};
pub use self::scenario::{Options, Scenario};
use crate::cores::{self, Affinity};
use crate::course::Course;
use crate::furniture::furniture;
use crate::generate::Behaviour;
use crate::generate::tally::{Results, pairs};
use crate::outcome::{Cpu, Memory, Outcome};
use crate::processes;
use crate::program::Program;
use crate::report::{self, Folder};
use crate::server;

/// What this server is called in reports.
pub const SYSTEM: &str = "tilemud";

/// Sign-ins and connections per second from one address; the whole load comes from one.
const ARRIVALS_PER_S: &str = "100000";

/// Beyond the load itself: everybody comes in, twice in a storm, and everything is compared.
const RUN_PATIENCE: Duration = Duration::from_secs(420);

/// How often the map is edited, if it is.
const EDIT_EVERY: Duration = Duration::from_secs(3);

/// How often a soak looks at the server's memory.
const MEMORY_EVERY: Duration = Duration::from_secs(10);

/// Runs all sizes; prints a table, and a line for each size as soon as it is measured.
///
/// # Errors
/// When something does not start or breaks off. Faults in the figures make the exit code.
pub fn run(options: &Options) -> Result<ExitCode> {
    let own_size = [options.scenario.sessions()];
    let sizes = if options.sessions.is_empty() { &own_size[..] } else { &options.sessions };
    let scenario = options.scenario.name();
    let folder = Folder::make(options.out.as_deref(), scenario)?;
    let mut outcomes = Vec::new();
    for &sessions in sizes {
        let outcome = point(options, sessions)?;
        eprintln!("{}", report::line(&outcome));
        outcomes.push(outcome);
    }
    let text = report::table(&outcomes);
    print!("{text}");
    folder.write_all(&format!("TileMUD, {scenario}: time to acknowledgement"), &text, &outcomes)?;
    eprintln!("reports in {}", folder.path().display());
    let is_good = outcomes.iter().all(|outcome| outcome.faults.is_empty());
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Measures a point of the scenario with this many sessions.
///
/// # Errors
/// When something of it does not start or breaks off. What is only wrong with the figures is among
/// the outcome's faults.
pub fn point(options: &Options, sessions: usize) -> Result<Outcome> {
    allow_open_files()?;
    let point = Point::of(options, sessions);
    let _affinity = options.pin.then(|| Affinity::set(cores::OTHERS)).transpose()?;
    let folder = tempfile::tempdir()?;
    eprintln!("{}, {sessions} sessions: starting database and server", point.scenario.name());
    let database = Database::start()?;
    database.populate(&Course::new(options.seed, point.edge), options.seed, sessions)?;
    let write_map = |more: usize| {
        let furniture = furniture(options.seed, point.edge, options.entities + more);
        database::write_map(folder.path(), point.edge, &furniture)
    };
    let map = write_map(0)?;

    let (server, address) = server::start(server_command(options, &point, &database, &map, folder.path())?)?;
    let memory_before = processes::settled_memory(server.pid())?;

    let results_file = folder.path().join("results.json");
    let mut load = Program::start("the load generator", load_command(options, &point, &address, &results_file)?)?;
    let patience = RUN_PATIENCE + Duration::from_secs(point.warmup_s + point.seconds);
    let cpu = |load: &Program| {
        anyhow::Ok(Cpu {
            server: processes::cpu_s(server.pid())?,
            database: processes::family_cpu_s(database.postmaster)?,
            generator: processes::cpu_s(load.pid())?,
        })
    };
    load.said("begin", patience)?;
    let at_begin = cpu(&load)?;
    let mut memory_over_time = Vec::new();
    let begun = Instant::now();
    let is_edited = point.scenario == Scenario::Edited;
    let pause = if is_edited { EDIT_EVERY } else { MEMORY_EVERY };
    let mut edits = 0;
    while load.said_by("end", Instant::now() + pause)?.is_none() {
        if is_edited {
            // One thing more, and one less.
            edits += 1;
            write_map(edits % 2)?;
            server.signal(Signal::HUP)?;
        }
        ensure!(begun.elapsed() < patience, "the load generator does not end");
        let resident = processes::resident_bytes(server.pid())?;
        if point.scenario == Scenario::Soak {
            eprintln!("  {:5.0} s: {:.1} MiB", begun.elapsed().as_secs_f64(), resident as f64 / f64::from(1 << 20));
        }
        memory_over_time.push(resident);
    }
    let at_end = cpu(&load)?;
    let with_sessions = processes::resident_bytes(server.pid())?;
    let status = load.ended(patience)?;
    ensure!(status.success(), "the load generator ended with {status}\n{}", load.complaints().join("\n"));
    let results = std::fs::read(&results_file).context("the load generator left no results")?;
    let mut results: Results = serde_json::from_slice(&results)?;

    let mut faults = std::mem::take(&mut results.faults);
    let end = server::stop(server)?;
    faults.extend(end.fault);
    let told = |words: &str| end.log.iter().filter(|line| line.contains(words)).count();
    if is_edited && (edits == 0 || told("the map was edited") != edits) {
        faults.push(format!("{} edits taken of {edits}", told("the map was edited")));
    }
    if is_edited && told("ticks took longer than their share") > 0 {
        faults.push("ticks took longer than their share, see what the server said".to_owned());
    }
    match end.commits.until_seen(&results.sightings) {
        Ok(fresh) => drop(results.times_us.insert("freshness".to_owned(), pairs(&fresh))),
        Err(problem) => faults.push(problem.to_string()),
    }
    let rows = database.count_actions()?;
    if rows != results.total.acks {
        faults.push(format!("{rows} actions in the database, {} acknowledged", results.total.acks));
    }
    if point.scenario == Scenario::Idle {
        let (fewest, most) = results.frames_per_s;
        let rounding = 1.01 / results.seconds;
        if fewest < 1.0 - rounding || most > 1.0 + rounding {
            faults.push(format!("{fewest:.2} to {most:.2} frames a second and client, not 1"));
        }
    }
    outcome(
        &point,
        results,
        faults,
        [at_begin, at_end],
        Memory { before: memory_before, with_sessions },
        &memory_over_time,
    )
}

fn outcome(
    point: &Point,
    mut results: Results,
    mut faults: Vec<String>,
    [at_begin, at_end]: [Cpu; 2],
    server_memory: Memory,
    memory_over_time: &[u64],
) -> Result<Outcome> {
    let mut figures: std::collections::BTreeMap<String, f64> = [
        ("connected_in_s", results.connected_in_s),
        ("frames_per_client_s_min", results.frames_per_s.0),
        ("frames_per_client_s_max", results.frames_per_s.1),
        ("put_off", results.total.put_off as f64),
        ("stalled_sends", results.total.stalled as f64),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Some(back_in_s) = results.back_in_s {
        figures.insert("back_in_s".to_owned(), back_in_s);
        figures.insert("back_by_delta".to_owned(), results.total.by_delta as f64);
        figures.insert("back_by_snapshot".to_owned(), results.total.by_snapshot as f64);
        figures.insert("back_as_fresh".to_owned(), results.total.by_fresh as f64);
    }
    if point.scenario == Scenario::Soak {
        for (index, resident) in memory_over_time.iter().enumerate() {
            let at_s = (index as u64 + 1) * MEMORY_EVERY.as_secs();
            figures.insert(format!("memory_mib_at_{at_s:06}_s"), *resident as f64 / f64::from(1 << 20));
        }
    }
    let ack_us = results.take_times("ack")?;
    let names: Vec<String> = results.times_us.keys().cloned().collect();
    let more_us =
        names.into_iter().map(|name| Ok((name.clone(), results.take_times(&name)?))).collect::<Result<_>>()?;
    faults.extend(floor::faults(point, &ack_us, &more_us));
    Ok(Outcome {
        system: SYSTEM.to_owned(),
        scenario: point.scenario.name().to_owned(),
        sessions: results.sessions,
        seconds: results.seconds,
        ack_us,
        more_us,
        acks: results.measured.acks,
        frames: results.measured.frames,
        bytes: results.measured.bytes,
        cpu_s: Cpu {
            server: at_end.server - at_begin.server,
            database: at_end.database - at_begin.database,
            generator: at_end.generator - at_begin.generator,
        },
        server_memory,
        faults,
        figures,
    })
}

/// Lets this process and those it starts have as many open files as the system allows it: a socket
/// for each session on either side.
///
/// # Errors
/// When the system does not.
pub fn allow_open_files() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).context("the limit of open files")
}

fn server_command(
    options: &Options,
    point: &Point,
    database: &Database,
    map: &Path,
    folder: &Path,
) -> Result<std::process::Command> {
    let server_core = options.pin.then_some(cores::SERVER);
    let mut command = server::command(options.server_bin.as_deref(), &folder.join("data"), server_core)?;
    // Sessions that only look on are not to be ended for it.
    command.args(["--inactivity-timeout-s", "86400"]);
    command.arg("--world").arg(map);
    command.args(["--database-url", &database.url]);
    command.args(["--max-sessions", &point.sessions.to_string(), "--tick-hz", &point.tick_hz.to_string()]);
    command.args(["--sign-in-per-s", ARRIVALS_PER_S, "--connect-per-s", ARRIVALS_PER_S]);
    // All of them are new, and come from here.
    command.args(["--new-characters-per-hour", "1000000"]);
    if let Some(delta_hz) = options.delta_hz {
        command.args(["--delta-hz", &delta_hz.to_string()]);
    }
    if point.behaviour == Behaviour::Burst {
        command.args(["--move-per-s", &MOVE_PER_S_MAX.to_string()]);
    }
    Ok(command)
}

fn load_command(options: &Options, point: &Point, address: &str, results: &Path) -> Result<std::process::Command> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["generate", "--server", address]).arg("--results").arg(results);
    let behaviour = point.behaviour.to_possible_value().context("every behaviour has a name")?;
    command.args(["--behaviour", behaviour.get_name()]);
    for (option, value) in [
        ("--sessions", point.sessions.to_string()),
        ("--edge", point.edge.to_string()),
        ("--seed", options.seed.to_string()),
        ("--moves-per-s", point.moves_per_s.to_string()),
        ("--warmup-s", point.warmup_s.to_string()),
        ("--seconds", point.seconds.to_string()),
        ("--window", point.window.to_string()),
    ] {
        command.args([option, &value]);
    }
    Ok(command)
}
