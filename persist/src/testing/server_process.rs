//! One private server process: its start, its signals and its end. What outlives a killed test
//! program is the concern of [`WatchedFolder`].

use std::fs::DirEntry;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::watched_folder::WatchedFolder;

/// How long a killed process may take to be gone.
const DEATH_PATIENCE: Duration = Duration::from_secs(10);

/// How long a process may go on after SIGSTOP: a thread that waits for a busy disk does until it
/// has its answer.
const STOP_PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether it is.
const DEATH_POLL: Duration = Duration::from_millis(2);

/// What to start and how to tell that it is ready.
pub(super) struct Recipe {
    /// Makes the command; called for each start.
    pub(super) command: Box<dyn Fn(&Path) -> Command + Send + Sync>,
    /// Part of the line of its log that says it is ready.
    pub(super) ready: &'static str,
    /// File in the folder that holds its process id.
    pub(super) pid_file: &'static str,
    /// Signal that ends it at once, without the leading SIG.
    pub(super) quit_signal: &'static str,
}

/// A server that is running or was.
pub(super) struct ServerProcess {
    recipe: Recipe,
    child: Mutex<Option<Child>>,
    folder: WatchedFolder,
}

impl ServerProcess {
    /// Starts the server and waits until it is ready.
    ///
    /// # Panics
    /// With the server's own words when it does not start.
    pub(super) fn start(folder: WatchedFolder, recipe: Recipe) -> Self {
        let server = Self { recipe, child: Mutex::new(None), folder };
        server.start_again();
        server
    }

    /// Where its files are.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it if it is not running, and waits until it is ready.
    pub(super) fn start_again(&self) {
        assert!(self.start_again_within(Duration::MAX), "there is no end of this wait");
    }

    /// Starts it if it is not running. False when it is still starting after `patience`; then it
    /// goes on starting.
    pub(super) fn start_again_within(&self, patience: Duration) -> bool {
        let mut slot = self.child.lock();
        if slot.is_some() {
            return true;
        }
        // One pipe for both outputs: servers differ in where they log.
        let (log, log_writer) = std::io::pipe().expect("a pipe can be made");
        let mut command = (self.recipe.command)(self.folder());
        command
            .stdin(Stdio::null())
            .stdout(log_writer.try_clone().expect("a pipe can be shared"))
            .stderr(log_writer)
            .process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        // The command holds the writing end; the log would never end while it lives.
        drop(command);
        *slot = Some(child);
        let (told, outcome) = mpsc::channel();
        let ready = self.recipe.ready;
        thread::spawn(move || {
            let mut log = BufReader::new(log);
            // Nobody may wait any more.
            let _ = told.send(read_until(&mut log, ready));
            // Nobody reads the rest, but a full pipe would stop the server.
            std::io::copy(&mut log.take(u64::MAX), &mut std::io::sink())
        });
        match outcome.recv_timeout(patience) {
            Ok(Ok(())) => true,
            Ok(Err(said)) => panic!("the server ended before it was ready:\n{said}"),
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => panic!("a server log can be read"),
        }
    }

    /// Ends it with `signal` and waits for its end; nothing when it is not running.
    pub(super) fn end(&self, signal: &str) {
        let Some(mut child) = self.child.lock().take() else { return };
        if signal == "KILL" {
            // Children of a killed Postgres would live on for a moment, and keep its memory. A
            // parent that stands still has no more of them.
            send("STOP", &[child.id()]);
            let processes = tree(child.id());
            send("KILL", &processes);
            child.wait().expect("our own child can be waited for");
            wait_for_end(&processes);
        } else {
            send(signal, &[child.id()]);
            send("CONT", &tree(child.id()));
            child.wait().expect("our own child can be waited for");
        }
        // A process id left behind might be another program's by the time the watchdog reads it.
        drop(std::fs::remove_file(self.folder().join(self.recipe.pid_file)));
    }

    /// Sends `signal` to the server and all processes below it.
    pub(super) fn signal_all(&self, signal: &str) {
        if let Some(child) = &*self.child.lock() {
            let all = tree(child.id());
            send(signal, &all);
            if signal == "STOP" {
                all.into_iter().for_each(wait_until_stopped);
            }
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.end(self.recipe.quit_signal);
    }
}

/// Reads a log up to the line that says `ready`; all it said when it ended before.
fn read_until(log: &mut impl BufRead, ready: &str) -> Result<(), String> {
    let mut said = String::new();
    while !said.lines().last().is_some_and(|line| line.contains(ready)) {
        if log.read_line(&mut said).unwrap_or(0) == 0 {
            return Err(said);
        }
    }
    Ok(())
}

/// Waits until none of them is left; one that only has to be reaped by whoever adopted it holds
/// nothing any more.
fn wait_for_end(processes: &[u32]) {
    let started = Instant::now();
    let is_left = |pid: &u32| state(Path::new(&format!("/proc/{pid}"))).is_some_and(|state| !"ZX".contains(state));
    while processes.iter().any(is_left) {
        assert!(started.elapsed() < DEATH_PATIENCE, "a killed process is still there: {processes:?}");
        thread::sleep(DEATH_POLL);
    }
}

/// Waits until no thread of a process that was sent SIGSTOP runs any more. On a busy machine that
/// takes a while, in which the process may still do what a test then finds undone.
///
/// # Panics
/// When one goes on.
pub fn wait_until_stopped(pid: u32) {
    let started = Instant::now();
    let runs = |thread: DirEntry| state(&thread.path()).is_some_and(|state| !"TtZX".contains(state));
    while std::fs::read_dir(format!("/proc/{pid}/task")).is_ok_and(|threads| threads.flatten().any(runs)) {
        assert!(started.elapsed() < STOP_PATIENCE, "{pid} goes on after SIGSTOP");
        thread::sleep(DEATH_POLL);
    }
}

/// The letter of the state of a process or thread, by its folder in /proc.
fn state(folder: &Path) -> Option<char> {
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    stat.rsplit(')').next()?.trim_start().chars().next()
}

/// The process and its children, parent first: stopped in this order, none is added meanwhile.
fn tree(root: u32) -> Vec<u32> {
    let is_child = |pid: &u32| {
        // "pid (name) state parent ...", and the name may hold anything.
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        parent.and_then(|parent| parent.parse::<u32>().ok()) == Some(root)
    };
    let processes = std::fs::read_dir("/proc").expect("/proc can be read");
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    std::iter::once(root).chain(ids.filter(is_child)).collect()
}

/// The shell's own `kill` needs neither unsafe code nor a package.
fn send(signal: &str, processes: &[u32]) {
    let ids: Vec<String> = processes.iter().map(u32::to_string).collect();
    let script = format!("kill -{signal} {}", ids.join(" "));
    // A process that is gone already is no failure; its parent is waited for by the caller.
    let done = Command::new("/bin/sh").args(["-c", &script]).stderr(Stdio::null()).status();
    done.expect("a shell can be started");
}
