//! The one build for the lints and the tests: clippy's compiler lints what it builds, so that
//! neither dependencies nor our own code are compiled once for the lints and once more to run.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::cargo;

/// A cargo command that builds our own crates with clippy's compiler. What it builds is kept beside
/// what cargo alone builds.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = cargo::command(arguments.iter().copied());
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    command
}

/// Builds everything there is for this machine; the number of warnings, which are on the screen.
/// What was built before is not built again, and its warnings are counted all the same.
///
/// # Errors
/// When something does not compile.
pub fn all() -> Result<usize> {
    let line = ["build", "--workspace", "--all-targets", "--message-format", "json-render-diagnostics"];
    let mut child = command(&line).stdout(Stdio::piped()).spawn().context("cargo did not start")?;
    let output = child.stdout.take().context("the output is piped")?;
    let mut warnings = 0;
    for line in BufReader::new(output).lines() {
        warnings += usize::from(is_warning(&line?));
    }
    let status = child.wait()?;
    ensure!(status.success(), "`cargo {}` failed ({status}); its messages are above", line.join(" "));
    Ok(warnings)
}

/// Whether a line of cargo's is a warning of the compiler.
fn is_warning(line: &str) -> bool {
    let Ok(Value::Object(message)) = serde_json::from_str(line) else { return false };
    message.get("reason").is_some_and(|reason| reason == "compiler-message")
        && message.get("message").is_some_and(|message| message["level"] == "warning")
}

/// The integration tests of the workspace: the names of those that mostly wait for processes,
/// stores and clocks, and of all others.
///
/// # Errors
/// When cargo does not tell.
pub fn test_targets() -> Result<[Vec<String>; 2]> {
    let told = cargo::command(["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo did not start")?;
    ensure!(told.status.success(), "`cargo metadata` failed ({})", told.status);
    let workspace: Value = serde_json::from_slice(&told.stdout)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = list(&workspace["packages"])
        .iter()
        .flat_map(|package| list(&package["targets"]))
        .filter(|target| target["kind"][0] == "test")
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    let (waiting, others) = names.into_iter().partition(|name| name == WAITING);
    Ok([waiting, others])
}

/// The integration tests that each crate has under this name.
const WAITING: &str = "it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_counted_and_nothing_else_is() {
        let line = |reason: &str, level: &str| format!(r#"{{"reason":"{reason}","message":{{"level":"{level}"}}}}"#);
        assert!(is_warning(&line("compiler-message", "warning")));
        assert!(!is_warning(&line("compiler-message", "note")));
        assert!(!is_warning(&line("compiler-artifact", "warning")));
        assert!(!is_warning(r#"{"reason":"build-finished","success":true}"#));
        assert!(!is_warning("warning: of a build script"));
    }

    #[test]
    fn every_test_of_the_workspace_is_in_one_part() {
        let [waiting, others] = test_targets().unwrap();
        assert_eq!(waiting, ["it"]);
        for name in ["auth", "crash", "fuzz", "handover", "model", "tidy", "whole"] {
            assert!(others.iter().any(|other| other == name), "{name} is not in {others:?}");
        }
    }
}
