//! `cargo xtask perf NAME`: builds what a measurement needs in release and runs it. Measures
//! nothing itself: everything given behind the name is handed on to the `perf` program.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::{bundle, cargo, install, needs, progress, workspace};

/// The rival of `compare`.
const RIVAL: &str = "perf/peers/colyseus";

/// What `perf run` knows; every other name is a command of its own.
const SCENARIOS: &[&str] = &["steady", "crowd", "wide", "idle", "freshness", "burst", "storm", "soak", "edited"];

/// Commands that need no database.
const WITHOUT_DATABASE: &[&str] = &["sim-only", "bare-send", "generate", "cold-load", "hostile", "help"];

/// The commands, for people.
const HELP: &str = "\
Under load, each with a private Postgres that waits for its disk, a server and a load generator of its own:
  steady      everybody walks on a large map and sees what is near
  crowd       everybody on 32 x 32 tiles, where everyone sees everyone
  wide        12,000 sessions, one move a second
  idle        nobody moves
  freshness   how old what a player sees is
  burst       moves back to back: durable actions a second
  storm       all connections are cut at once and everybody comes back
  soak        steady for long: memory over time
  edited      steady, and the map is edited every three seconds: no tick above its share
  compare     steady or crowd, by turns with a Colyseus server that persists as durably (needs npm and gcc)

When a server is gone:
  failover    from its end, its death or its silence to the first acknowledgement at one that stands by

Against hostile clients:
  hostile     floods by turns with a control, and what an honest player feels of them

In a browser:
  cold-load   from the address to the first picture of the world, each time in a new Chromium (needs it, node and npm)

Parts alone:
  commit      the store's commit of a batch beside a bare bulk insert
  recovery    the way back from a long log
  sim-only    ticks of the world without sockets and store
  bare-send   what of a frame is the kernel's: bytes to many sockets, and nothing else

Examples:
  cargo xtask perf steady --sessions 500,1500,5000 --pin
  cargo xtask perf compare crowd --sessions 1000 --rounds 5 --pin
  cargo xtask perf cold-load --loads 10 --network home --edge 2048
  cargo xtask perf hostile pongs_many linger --seconds 10
  cargo xtask perf steady --help        all options of one

Results are printed as a table; reports (JSON, .hgrm, SVG) are below target/perf.";

/// Options of `cargo xtask perf`.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub struct Options {
    /// What is measured, see below, and its options, handed on as they are; `NAME --help` tells
    /// them.
    // One argument: were the name apart, `--help` behind it would be taken for this command's own.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_names = ["NAME", "OPTIONS"])]
    line: Vec<String>,
}

/// Builds and runs.
///
/// # Errors
/// When a build fails or something is missing; what the measurement says is its exit code.
pub fn run(options: &Options) -> Result<ExitCode> {
    let (name, arguments) = options.line.split_first().context("nothing is to be measured")?;
    Ok(if measure(name, arguments)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds and runs a measurement. True when it found nothing wrong.
///
/// # Errors
/// When a build fails or something is missing.
pub fn measure(name: &str, arguments: &[String]) -> Result<bool> {
    let asks_only = name == "help" || arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    if !asks_only {
        prepare(name)?;
    }
    progress::announce("building the measurements in release");
    cargo::run(&["build", "--release", "--package", "tilemud-perf", "--bin", "perf"])?;

    let program = workspace::binary("release", "perf");
    let status = Command::new(&program)
        .args(command_line(name, arguments))
        .current_dir(workspace::root())
        .status()
        .with_context(|| format!("{} does not start", workspace::shown(&program)))?;
    Ok(status.success())
}

fn prepare(name: &str) -> Result<()> {
    if !WITHOUT_DATABASE.contains(&name) {
        let packages = needs::missing_for(&["postgres", "initdb"]);
        ensure!(
            packages.is_empty(),
            "{name} starts a Postgres of its own. Install it with:\n  {}",
            needs::install_line(&packages)
        );
    }
    if name == "compare" {
        ensure!(
            needs::program("cc").is_some(),
            "compare needs a C compiler. Install it with:\n  {}",
            needs::install_line(&["gcc"])
        );
        install::node_packages(&workspace::at(RIVAL), "the rival server")?;
    }
    if name == "cold-load" {
        let packages = needs::missing_for(&["chromium", "node", "npm"]);
        ensure!(packages.is_empty(), "{name} needs a browser. Install it with:\n  {}", needs::install_line(&packages));
        install::node_packages(&workspace::at(workspace::END_TO_END), "the browser driver")?;
        // Before the server, which carries it inside; the others do without.
        println!("{}", bundle::build()?);
    }
    if ["compare", "cold-load", "hostile", "failover"].contains(&name) || SCENARIOS.contains(&name) {
        // Apart from the measurements, so that it is built as for players, without what only tests
        // use.
        progress::announce("building the server in release (two to four minutes the first time)");
        cargo::run(&["build", "--release", "--package", "tilemud-server", "--bin", "tilemud"])?;
    }
    Ok(())
}

/// What the `perf` program is given.
fn command_line(name: &str, arguments: &[String]) -> Vec<String> {
    let run = SCENARIOS.contains(&name).then(|| "run".to_owned());
    run.into_iter().chain([name.to_owned()]).chain(arguments.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn given(line: &[&str]) -> Vec<String> {
        // A parser that ends the program, as for help, would end the tests with it, and well.
        let Line { options } = Line::try_parse_from([&["perf"], line].concat()).unwrap();
        let (name, arguments) = options.line.split_first().unwrap();
        command_line(name, arguments)
    }

    #[test]
    fn scenarios_are_run_and_other_names_are_commands_themselves() {
        assert_eq!(given(&["steady", "--sessions", "500", "--pin"]), ["run", "steady", "--sessions", "500", "--pin"]);
        assert_eq!(given(&["compare", "crowd", "--rounds", "5"]), ["compare", "crowd", "--rounds", "5"]);
        assert_eq!(given(&["cold-load", "--loads", "5"]), ["cold-load", "--loads", "5"]);
        assert_eq!(given(&["sim-only"]), ["sim-only"]);
        assert_eq!(given(&["soak", "--help"]), ["run", "soak", "--help"]);
    }

    #[test]
    fn every_scenario_and_command_is_explained() {
        for name in SCENARIOS.iter().chain(&["compare", "cold-load", "commit", "recovery", "sim-only", "hostile"]) {
            assert!(HELP.lines().any(|line| line.trim_start().starts_with(&format!("{name} "))), "{name}");
        }
    }
}
