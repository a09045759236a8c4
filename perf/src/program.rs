//! A child program that talks in lines: started on a core, read with an end to the wait, ended with
//! its owner.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// How often it is looked whether a program has ended.
const END_POLL: Duration = Duration::from_millis(10);

pub struct Program {
    name: &'static str,
    child: Child,
    lines: Receiver<String>,
    /// What it said on standard error.
    complaints: Receiver<String>,
    /// Its end tells the program that its owner is gone.
    _stdin: Option<ChildStdin>,
}

/// A command that runs on this core only, or on any.
pub fn command(program: &Path, core: Option<usize>) -> Command {
    let Some(core) = core else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}

impl Program {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(name: &'static str, mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} does not start: {command:?}"))?;
        let said = lines(child.stdout.take().context("the output is piped")?);
        let complaints = lines(child.stderr.take().context("the errors are piped")?);
        let stdin = child.stdin.take();
        Ok(Self { name, child, lines: said, complaints, _stdin: stdin })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the next line that begins so; the rest of it. Other lines are shown as progress.
    ///
    /// # Errors
    /// When it ends before, or says no such thing in this time; with its own complaints.
    pub fn said(&mut self, beginning: &str, patience: Duration) -> Result<String> {
        match self.said_by(beginning, Instant::now() + patience)? {
            Some(rest) => Ok(rest),
            None => bail!("{} did not say {beginning} within {patience:?}\n{}", self.name, self.last_words()),
        }
    }

    /// The same until a moment that may pass without it; `None` then.
    ///
    /// # Errors
    /// When it ends before.
    pub fn said_by(&mut self, beginning: &str, deadline: Instant) -> Result<Option<String>> {
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(rest) = line.strip_prefix(beginning) {
                        return Ok(Some(rest.trim().to_owned()));
                    }
                    eprintln!("  {line}");
                }
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("{} ended and did not say {beginning}\n{}", self.name, self.last_words())
                }
            }
        }
    }

    fn last_words(&self) -> String {
        self.complaints.try_iter().take(20).collect::<Vec<_>>().join("\n")
    }

    /// What it has said on standard error since this was last asked.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.try_iter().collect()
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// When it is gone.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(Pid::from_child(&self.child), signal).with_context(|| format!("{} is gone", self.name))
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// When it does not within this time.
    pub fn ended(&mut self, patience: Duration) -> Result<ExitStatus> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "{} does not end within {patience:?}", self.name);
            std::thread::sleep(END_POLL);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may be gone already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (told, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if told.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Program {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Program::start("a shell", command).unwrap()
    }

    #[test]
    fn lines_that_were_not_asked_for_are_passed_over() {
        let mut program = shell("echo hello; echo READY 7; cat");
        assert_eq!(program.said("READY", Duration::from_secs(10)).unwrap(), "7");
    }

    #[test]
    fn a_program_that_ends_early_is_quoted() {
        let mut program = shell("echo no such file >&2; exit 1");
        let error = program.said("READY", Duration::from_secs(10)).unwrap_err();
        assert!(error.to_string().contains("did not say READY"), "{error}");
        // Its complaints come on a thread of their own, and may be read a moment later.
        let late = program.complaints.recv_timeout(Duration::from_secs(10));
        assert!(error.to_string().contains("no such file") || late.as_deref() == Ok("no such file"), "{error}");
    }
}
