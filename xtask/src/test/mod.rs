//! `cargo xtask test`: sets up what the tests need and runs every check and test there is, the same
//! way for a person and for CI. Nothing is skipped: what cannot run has failed, and the last line
//! says how many passed and failed in all.

mod deny;
mod reasons;
mod tally;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};

use self::reasons::Reasons;
use self::tally::Tally;
use crate::workspace::END_TO_END;
use crate::{bundle, cargo, fuzz, install, perf, progress, toolchain, workspace};

/// Measurements whose figures have a floor: the time of an action and how fresh what others see is,
/// with 500 sessions (NFR-001, NFR-005, FR-005, T067), and the cold load in a browser (NFR-002,
/// T074).
const MEASURED_IN_THE_LONG_RUN: [(&str, &[&str]); 4] =
    [("steady", &["--sessions", "500"]), ("crowd", &["--sessions", "500"]), ("cold-load", &[]), ("hostile", &[])];

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Options {
    /// Also run what takes many minutes (sets TILEMUD_LONG=1 for the tests).
    #[arg(long)]
    long: bool,
    /// Run only tests whose name contains this, and none of the other checks.
    filter: Option<String>,
}

/// Sets up, runs everything, and prints the sum.
///
/// # Errors
/// When the set-up fails; a failed test is told by the exit code and the last line.
pub fn run(options: &Options) -> Result<ExitCode> {
    let started = Instant::now();
    toolchain::ensure_wasm_target()?;
    install::debian_packages()?;
    install::node_packages(&workspace::at(END_TO_END), "the browser driver")?;

    let mut report = Report::default();
    // Beside the lints, because its last step keeps one core only.
    let bundle = Beside::start("web bundle", || bundle::build().and_then(|sizes| bundle::check_size(&sizes)));
    if options.filter.is_none() {
        report.check("formatting", || cargo::run(&["fmt", "--all", "--check"]));
        report.check("lints", || cargo::run(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]));
    }
    // Before the build, because the server that the tests build carries the bundle inside it.
    report.join(bundle);
    if options.filter.is_none() {
        report.check("lints of the web client", || {
            cargo::run(&[
                "clippy",
                "--profile",
                "web",
                "--target",
                toolchain::WASM_TARGET,
                "--package",
                "tilemud-web",
                "--",
                "--deny",
                "warnings",
            ])
        });
        report.check("cargo deny", deny::rules);
        match deny::advisories() {
            // Neither passed nor failed: nobody could look.
            Ok(deny::Advisories::Unchecked) => report.lines.push(deny::UNCHECKED.to_owned()),
            outcome => report.check("cargo deny advisories", || outcome.map(drop)),
        }
    }
    // One build for the tests and for the programs that the end-to-end tests start.
    report.check("build", || cargo::run(&["build", "--workspace", "--bins", "--tests"]));
    report.tests("cargo test", rust_tests(options), Tally::of_cargo_line);
    report.tests("documentation examples", doc_tests(options), Tally::of_cargo_line);
    report.tests(
        "end to end",
        end_to_end(options),
        // Node reports what a filter leaves out as skipped; without one, nothing may be.
        if options.filter.is_some() { Tally::of_filtered_node_line } else { Tally::of_node_line },
    );

    if options.long && options.filter.is_none() {
        report.tests("simulation", long_simulation(), Tally::of_cargo_line);
        report.check("fuzzing", fuzz::long_run);
        for (name, arguments) in MEASURED_IN_THE_LONG_RUN {
            report.check(&format!("perf {name}"), || {
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                ensure!(perf::measure(name, &arguments)?, "a figure is below the floor, see above");
                Ok(())
            });
        }
    }

    report.print(started);
    Ok(if report.total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rust_tests(options: &Options) -> Command {
    let mut command = cargo::command(["test", "--workspace", "--bins", "--tests", "--lib", "--no-fail-fast"]);
    command.args(&options.filter);
    for_tests(&mut command, options);
    command
}

/// The simulation of the whole server with a hundred times as many seeds, optimised and with all
/// checks of a debug build.
fn long_simulation() -> Command {
    let mut command =
        cargo::command(["test", "--profile", "simulation", "--package", "tilemud-server", "--test", "whole"]);
    command
        .args(["--", "whatever_fails", "--nocapture"])
        .env("TILEMUD_TEST_WHOLE_SEEDS", "100000")
        .env("TILEMUD_TEST_WHOLE_FIRST", "1000");
    command
}

fn doc_tests(options: &Options) -> Command {
    let mut command = cargo::command(["test", "--workspace", "--doc", "--no-fail-fast"]);
    command.args(&options.filter);
    for_tests(&mut command, options);
    command
}

fn end_to_end(options: &Options) -> Command {
    let mut command = Command::new("node");
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    if let Some(filter) = &options.filter {
        command.arg(format!("--test-name-pattern={filter}"));
    }
    command.args(test_files());
    command.current_dir(workspace::at(END_TO_END));
    command.env("TILEMUD_BIN", workspace::binary("debug", "tilemud"));
    command.env("TILEMUD_CLIENT_BIN", workspace::binary("debug", "tilemud-client"));
    command.env("TILEMUD_SCREENSHOTS", workspace::target().join("screenshots"));
    for_tests(&mut command, options);
    command
}

/// The files of the end-to-end tests, named one by one: what node finds by itself differs between
/// its versions.
fn test_files() -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(workspace::at(END_TO_END)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    names.sort();
    names
}

/// Snapshots are compared and never rewritten; long tests only when asked for.
fn for_tests(command: &mut Command, options: &Options) {
    command.env("INSTA_UPDATE", "no").env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
    if options.long {
        command.env("TILEMUD_LONG", "1");
    }
}

/// A check that runs beside others.
struct Beside {
    name: &'static str,
    started: Instant,
    thread: JoinHandle<Result<()>>,
}

impl Beside {
    fn start(name: &'static str, check: impl FnOnce() -> Result<()> + Send + 'static) -> Self {
        progress::announce(name);
        Self { name, started: Instant::now(), thread: std::thread::spawn(check) }
    }
}

/// What ran so far.
#[derive(Default)]
struct Report {
    total: Tally,
    failures: Vec<String>,
    /// Why tests failed, as their runners said it.
    reasons: Vec<String>,
    lines: Vec<String>,
}

impl Report {
    /// Runs one check, which counts as one test.
    fn check(&mut self, name: &str, check: impl FnOnce() -> Result<()>) {
        progress::announce(name);
        let started = Instant::now();
        self.checked(name, check(), started);
    }

    /// Waits for a check that was started earlier.
    fn join(&mut self, Beside { name, started, thread }: Beside) {
        let outcome = thread.join().unwrap_or_else(|_| Err(anyhow!("it panicked, see above")));
        self.checked(name, outcome, started);
    }

    fn checked(&mut self, name: &str, outcome: Result<()>, started: Instant) {
        let tally = if outcome.is_ok() { Tally { passed: 1, failed: 0 } } else { Tally { passed: 0, failed: 1 } };
        if let Err(error) = outcome {
            eprintln!("FAILED {name}: {error:#}");
            self.failures.push(format!("{name}: {error:#}"));
        }
        self.note(name, tally, started);
    }

    /// Runs a program that runs tests, shows what it prints, and counts by the lines it ends with.
    fn tests(&mut self, name: &str, command: Command, count: fn(&str) -> Option<Tally>) {
        progress::announce(name);
        let started = Instant::now();
        let tally = match counted(command, count) {
            Ok((tally, _, true)) => tally,
            // A runner that fails without having counted a failure (a crash, a build error) has
            // still failed.
            Ok((tally, reasons, false)) => {
                self.failures.push(format!("{name}: {} failed", tally.failed.max(1)));
                self.reasons.extend(reasons.lines());
                Tally { failed: tally.failed.max(1), ..tally }
            }
            Err(error) => {
                eprintln!("FAILED {name}: {error:#}");
                self.failures.push(format!("{name}: {error:#}"));
                Tally { passed: 0, failed: 1 }
            }
        };
        self.note(name, tally, started);
    }

    fn note(&mut self, name: &str, tally: Tally, started: Instant) {
        self.total = self.total + tally;
        let seconds = started.elapsed().as_secs_f64();
        self.lines.push(format!("{name:<24} {:>5} passed {:>4} failed {seconds:>8.1} s", tally.passed, tally.failed));
    }

    fn print(&self, started: Instant) {
        println!("\n---- what ran, in {:.0} s", started.elapsed().as_secs_f64());
        for line in &self.lines {
            println!("{line}");
        }
        for failure in &self.failures {
            println!("FAILED {failure}");
        }
        for reason in &self.reasons {
            println!("  {reason}");
        }
        println!("{}", self.total);
    }
}

/// Runs `command`, passing its output on line by line: what it counted, why it failed, and true
/// when it ended well.
fn counted(mut command: Command, count: fn(&str) -> Option<Tally>) -> Result<(Tally, Reasons, bool)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} did not start"))?;
    let output = child.stdout.take().context("the output is piped")?;
    let (mut tally, mut reasons) = (Tally::default(), Reasons::default());
    let mut screen = std::io::stdout().lock();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        writeln!(screen, "{line}")?;
        reasons.read(&line);
        if let Some(more) = count(&line) {
            tally = tally + more;
        }
    }
    Ok((tally, reasons, child.wait()?.success()))
}
