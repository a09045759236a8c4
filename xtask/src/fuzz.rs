//! `cargo xtask fuzz`: builds the targets of `server/fuzz` with libFuzzer and with coverage
//! counted, and runs them. What makes inputs and what they are held to is theirs; this only starts
//! them. No nightly compiler is needed: coverage is a pass that every compiler has, and the memory
//! checks that only a nightly one could add watch over code that this project has none of.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::{cargo, progress, workspace};

/// Inputs of the long run, over all targets.
pub const RUNS: u64 = 10_000_000;

/// One file for each target.
const TARGETS: &str = "server/fuzz/fuzz_targets";

/// The target that gets more than the others.
const MAPS_OF_TILED: &str = "tiled";

/// What is kept of each.
const CORPORA: &str = "server/fuzz/corpus";

/// Has the compiler count which edges an input takes and what it compares.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Longest input, bytes: beyond it nothing new is read.
const INPUT_BYTES_MAX: u32 = 8 * 1024;

/// An input that takes longer hangs, seconds.
const INPUT_TIMEOUT_S: u32 = 25;

/// Options of `cargo xtask fuzz`.
#[derive(clap::Args)]
pub struct Options {
    /// One target, as its file in server/fuzz/fuzz_targets is called; all of them when none is
    /// named.
    target: Option<String>,
    /// How many inputs, over all targets.
    #[arg(long, default_value_t = RUNS)]
    runs: u64,
}

/// Builds and runs.
///
/// # Errors
/// When a build fails or there is no such target; what is found is told by the exit code and by
/// libFuzzer's own words.
pub fn run(options: &Options) -> Result<ExitCode> {
    let all = targets()?;
    let chosen = match &options.target {
        None => all,
        Some(name) if all.contains(name) => vec![name.clone()],
        Some(name) => bail!("there is no target {name}; there are {}", all.join(", ")),
    };
    Ok(if fuzz(&chosen, options.runs)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All targets, with the inputs of the long run.
///
/// # Errors
/// When a build fails, or an input was found that breaks a target.
pub fn long_run() -> Result<()> {
    ensure!(fuzz(&targets()?, RUNS)?, "inputs were found that break a target; they are below target/fuzz/found");
    Ok(())
}

fn targets() -> Result<Vec<String>> {
    let entries = std::fs::read_dir(workspace::at(TARGETS)).context(TARGETS)?;
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned())
    };
    let mut names: Vec<String> = entries.filter_map(name).collect();
    names.sort();
    Ok(names)
}

/// True when nothing was found.
fn fuzz(names: &[String], runs: u64) -> Result<bool> {
    progress::announce("building the fuzz targets with coverage");
    let folder = workspace::target().join("fuzz");
    let host = host()?;
    // With a target named, only what is fuzzed is instrumented, and not what runs while it is
    // built.
    let mut build =
        cargo::command(["build", "--profile", "fuzz", "--package", "tilemud-fuzz", "--features", "libfuzzer"]);
    build.args(["--target", &host]).arg("--target-dir").arg(&folder).env("RUSTFLAGS", COVERAGE);
    build.args(names.iter().flat_map(|name| ["--bin", name]));
    ensure!(build.status()?.success(), "the fuzz targets could not be built, see above");

    let mut well = true;
    for name in names {
        let each = share(name, names.len() as u64, runs);
        progress::announce(&format!("fuzzing {name} with {each} inputs"));
        let program = folder.join(&host).join("fuzz").join(name);
        well &= one(&program, name, each, &folder)?;
    }
    Ok(well)
}

/// How many of `runs` a target gets when there are `targets`. Maps of Tiled have a tenth, because
/// their reader is ours and the largest of all; the others share the rest alike.
fn share(name: &str, targets: u64, runs: u64) -> u64 {
    match targets {
        1 => runs,
        _ if name == MAPS_OF_TILED => runs.div_ceil(10),
        _ => (runs - runs.div_ceil(10)).div_ceil(targets - 1),
    }
}

fn one(program: &Path, name: &str, runs: u64, folder: &Path) -> Result<bool> {
    let grown = folder.join("corpus").join(name);
    let found = folder.join("found");
    std::fs::create_dir_all(&grown)?;
    std::fs::create_dir_all(&found)?;
    let mut command = Command::new(program);
    command.arg(format!("-runs={runs}")).arg(format!("-max_len={INPUT_BYTES_MAX}"));
    command.arg(format!("-timeout={INPUT_TIMEOUT_S}")).args(["-rss_limit_mb=4096", "-print_final_stats=1"]);
    command.arg(format!("-artifact_prefix={}/{name}-", found.display()));
    command.arg(grown).arg(workspace::at(CORPORA).join(name)).current_dir(folder);
    let status = command.status().with_context(|| format!("{} did not start", program.display()))?;
    if !status.success() {
        eprintln!("{name}: an input broke it; it is below {}", workspace::shown(&found));
    }
    Ok(status.success())
}

/// This machine, as the compiler names it.
fn host() -> Result<String> {
    let output =
        Command::new("rustc").arg("-vV").current_dir(workspace::root()).output().context("rustc did not start")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned);
    host.context("rustc does not say what machine this is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_run_has_a_million_maps_and_ten_million_inputs_in_all() {
        let targets = targets().unwrap();
        let shares: Vec<u64> = targets.iter().map(|name| share(name, targets.len() as u64, RUNS)).collect();
        assert!(shares.iter().sum::<u64>() >= RUNS && shares.contains(&1_000_000), "{shares:?}");
        assert_eq!(share("names", 1, 70), 70);
    }

    #[test]
    fn every_target_is_found_and_has_its_corpus() {
        let targets = targets().unwrap();
        assert!(targets.iter().any(|name| name == "client_json"));
        assert!(targets.iter().all(|name| workspace::at(CORPORA).join(name).is_dir()), "{targets:?}");
    }
}
