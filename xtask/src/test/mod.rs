//! `cargo xtask test`: sets up what the tests need and runs every check and test there is, the same
//! way for a person and for CI. Nothing is skipped: what cannot run has failed, and the last line
//! says how many passed and failed in all.

mod build;
mod deny;
mod reasons;
mod report;
mod tally;

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, ensure};

use self::report::{Lane, Report};
use self::tally::Tally;
use crate::workspace::END_TO_END;
use crate::{bundle, cargo, fuzz, install, perf, toolchain, workspace};

/// Measurements whose figures have a floor: the time of an action and how fresh what others see is,
/// with 500 sessions (NFR-001, NFR-005, FR-005, T067), and the cold load in a browser (NFR-002,
/// T074).
const MEASURED_IN_THE_LONG_RUN: [(&str, &[&str]); 4] =
    [("steady", &["--sessions", "500"]), ("crowd", &["--sessions", "500"]), ("cold-load", &[]), ("hostile", &[])];

/// Options of `cargo xtask test`.
#[derive(Clone, clap::Args)]
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
    let everything = options.filter.is_none();
    // Beside the build, because its last step keeps one core only.
    let web = Lane::start("web client", move |report| web_client(report, everything));
    if everything {
        report.check("formatting", || cargo::run(&["fmt", "--all", "--check"]));
        report.check("cargo deny", deny::rules);
        match deny::advisories() {
            // Nobody could look.
            Ok(deny::Advisories::Unchecked) => report.unchecked(deny::UNCHECKED),
            outcome => report.check("cargo deny advisories", || outcome.map(drop)),
        }
    }
    // One build for the lints, the tests, and the programs that the end-to-end tests start.
    let mut warnings = None;
    report.check("build", || {
        warnings = Some(build::all()?);
        Ok(())
    });
    if let Some(warnings) = warnings.filter(|_| everything) {
        report.check("lints", || {
            ensure!(warnings == 0, "{warnings} warnings, see above");
            Ok(())
        });
    }
    report.join(web);
    // The server carries the bundle inside it, which may have become another one meanwhile.
    report.check("build with the web client", || build::all().map(drop));

    let [waiting, others] = build::test_targets()?;
    let beside = Lane::start("integration tests", {
        let options = options.clone();
        move |report| report.tests("integration tests", integration_tests(&waiting, &options), Tally::of_cargo_line)
    });
    report.tests("other tests", other_tests(&others, options), Tally::of_cargo_line);
    report.tests("documentation examples", doc_tests(options), Tally::of_cargo_line);
    report.tests(
        "end to end",
        end_to_end(options),
        // Node reports what a filter leaves out as skipped; without one, nothing may be.
        if everything { Tally::of_node_line } else { Tally::of_filtered_node_line },
    );
    report.join(beside);

    if options.long && everything {
        report.tests("simulation", long_simulation(), Tally::of_cargo_line);
        report.tests("hand-over", long_hand_over(), Tally::of_cargo_line);
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

/// Builds the web client and judges its size and its code.
fn web_client(report: &mut Report, lints: bool) {
    report.check("web bundle", || bundle::build().and_then(|sizes| bundle::check_size(&sizes)));
    if lints {
        let line = ["clippy", "--profile", "web", "--target", toolchain::WASM_TARGET, "--package", "tilemud-web"];
        report.check("lints of the web client", || cargo::run(&[&line[..], &["--", "--deny", "warnings"]].concat()));
    }
}

fn integration_tests(targets: &[String], options: &Options) -> Command {
    rust_tests(&[], targets, options)
}

fn other_tests(targets: &[String], options: &Options) -> Command {
    rust_tests(&["--lib", "--bins"], targets, options)
}

fn rust_tests(kinds: &[&str], targets: &[String], options: &Options) -> Command {
    let mut command = build::command(&["test", "--workspace", "--no-fail-fast"]);
    command.args(kinds).args(targets.iter().flat_map(|target| ["--test", target]));
    command.args(&options.filter);
    for_tests(&mut command, options);
    command
}

/// The simulation of the whole server with a hundred times as many seeds, optimised and with all
/// checks of a debug build.
fn long_simulation() -> Command {
    let mut command = simulated("whole");
    command
        .args(["--", "whatever_fails", "--nocapture"])
        .env("TILEMUD_TEST_WHOLE_SEEDS", "100000")
        .env("TILEMUD_TEST_WHOLE_FIRST", "1000");
    command
}

/// The larger plans of the model of the hand-over.
fn long_hand_over() -> Command {
    let mut command = simulated("handover");
    command.args(["--", "--nocapture"]).env("TILEMUD_TEST_HANDOVER_STATES", "1000000");
    command
}

fn simulated(target: &str) -> Command {
    cargo::command(["test", "--profile", "simulation", "--package", "tilemud-server", "--test", target])
}

fn doc_tests(options: &Options) -> Command {
    let mut command = build::command(&["test", "--workspace", "--doc", "--no-fail-fast"]);
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
