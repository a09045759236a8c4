//! What ran, how it came out and how long it took; and lanes, which run beside each other and each
//! have a report of their own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context, Result};

use super::reasons::Reasons;
use super::tally::Tally;
use crate::progress;

/// Checks and tests that run beside others.
pub struct Lane {
    name: &'static str,
    thread: JoinHandle<Report>,
}

impl Lane {
    pub fn start(name: &'static str, work: impl FnOnce(&mut Report) + Send + 'static) -> Self {
        let thread = std::thread::spawn(move || {
            let mut report = Report::default();
            work(&mut report);
            report
        });
        Self { name, thread }
    }
}

/// What ran so far.
#[derive(Default)]
pub struct Report {
    pub total: Tally,
    failures: Vec<String>,
    /// Why tests failed, as their runners said it.
    reasons: Vec<String>,
    lines: Vec<String>,
}

impl Report {
    /// Runs one check, which counts as one test.
    pub fn check(&mut self, name: &str, check: impl FnOnce() -> Result<()>) {
        progress::announce(name);
        let started = Instant::now();
        let outcome = check();
        let tally = if outcome.is_ok() { Tally { passed: 1, failed: 0 } } else { Tally { passed: 0, failed: 1 } };
        if let Err(error) = outcome {
            eprintln!("FAILED {name}: {error:#}");
            self.failures.push(format!("{name}: {error:#}"));
        }
        self.note(name, tally, started);
    }

    /// Runs a program that runs tests, shows what it prints, and counts by the lines it ends with.
    pub fn tests(&mut self, name: &str, command: Command, count: fn(&str) -> Option<Tally>) {
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

    /// Waits for what runs beside this, and adds it.
    pub fn join(&mut self, Lane { name, thread }: Lane) {
        let Ok(other) = thread.join() else {
            self.failures.push(format!("{name}: it panicked, see above"));
            self.total = self.total + Tally { passed: 0, failed: 1 };
            return;
        };
        self.total = self.total + other.total;
        self.failures.extend(other.failures);
        self.reasons.extend(other.reasons);
        self.lines.extend(other.lines);
    }

    /// Neither passed nor failed.
    pub fn unchecked(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    fn note(&mut self, name: &str, tally: Tally, started: Instant) {
        self.total = self.total + tally;
        let seconds = started.elapsed().as_secs_f64();
        self.lines.push(format!("{name:<24} {:>5} passed {:>4} failed {seconds:>8.1} s", tally.passed, tally.failed));
    }

    pub fn print(&self, started: Instant) {
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
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        // Locked line by line, because what runs beside this prints too.
        writeln!(std::io::stdout().lock(), "{line}")?;
        reasons.read(&line);
        if let Some(more) = count(&line) {
            tally = tally + more;
        }
    }
    Ok((tally, reasons, child.wait()?.success()))
}
