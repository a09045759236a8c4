//! Servers for tests: the real binary as a process, or a server inside the test.

use std::env::consts::EXE_SUFFIX;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;

use tempfile::TempDir;
use tilemud_persist::store::Store;
use tilemud_persist::testing::GatedStore;
use tilemud_server::config::Config;
use tilemud_server::process::server::Server;
use tilemud_sim::Map;
use tilemud_vitals::alerts::Pace;
use tokio::sync::{mpsc, oneshot};

/// The real binary on a free port with the development issuer. Killed when dropped.
pub struct Process {
    child: Child,
    pub url: String,
}

impl Process {
    /// Starts on a data folder; panics with what the server said when it does not get ready.
    pub fn start(data_dir: &Path, flags: &[&str]) -> Self {
        Self::run(command(data_dir, flags))
    }

    /// Runs a command line of its own.
    pub fn run(command: Command) -> Self {
        let (mut process, announcement) = Self::spawn(command);
        process.url = announcement.url().unwrap_or_else(|line| panic!("no ready line but {line:?}"));
        process
    }

    /// A server that is only just starting: it has no URL yet, and may be killed before it has one.
    pub fn spawn(mut command: Command) -> (Self, Announcement) {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server binary runs");
        let output = child.stdout.take().expect("a piped output");
        (Self { child, url: String::new() }, Announcement { output })
    }

    /// SIGKILL: no drain, no flush, nothing.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// SIGTERM; how it ended.
    pub fn terminate(mut self) -> ExitStatus {
        self.signal(libc::SIGTERM);
        self.child.wait().expect("it ends")
    }

    /// SIGINT; how it ended.
    pub fn interrupt(mut self) -> ExitStatus {
        self.signal(libc::SIGINT);
        self.child.wait().expect("it ends")
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its standard error, when the command has piped it.
    pub fn stderr(&mut self) -> &mut ChildStderr {
        self.child.stderr.as_mut().expect("a piped output")
    }

    /// SIGTERM, without waiting for the end.
    pub fn ask_to_end(&self) {
        self.signal(libc::SIGTERM);
    }

    /// SIGSTOP: it is there and does nothing.
    pub fn pause(&self) {
        self.signal(libc::SIGSTOP);
        tilemud_persist::testing::wait_until_stopped(self.child.id());
    }

    pub fn resume(&self) {
        self.signal(libc::SIGCONT);
    }

    /// How it ended, once it has by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of this process")
    }

    /// SIGHUP: read the configuration again.
    pub fn reload(&self) {
        self.signal(libc::SIGHUP);
    }

    pub fn signal(&self, signal: libc::c_int) {
        let pid = libc::pid_t::try_from(self.child.id()).expect("a process id");
        // SAFETY: a signal to a child that has not been waited for, so the id is still its own.
        #[allow(unsafe_code, reason = "std can only send SIGKILL")]
        let sent = unsafe { libc::kill(pid, signal) };
        assert_eq!(sent, 0);
    }
}

/// What a server that is starting is going to say.
pub struct Announcement {
    output: ChildStdout,
}

impl Announcement {
    /// Waits until the server is ready; its URL, or what it said instead before it ended.
    pub fn url(self) -> Result<String, String> {
        let mut line = String::new();
        BufReader::new(self.output).read_line(&mut line).expect("a readable output");
        line.trim().strip_prefix("tilemud ready ").map(str::to_owned).ok_or(line)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tests ask over and over until something is so, and on a busy machine somebody who is to come
/// back does so late. Those about these limits set the flags, which win.
const PATIENT: [(&str, &str); 3] =
    [("TILEMUD_CALL_PER_S", "1000000"), ("TILEMUD_USER_CALL_PER_S", "1000"), ("TILEMUD_RECONNECT_WINDOW_S", "7200")];

/// The command line of a test server; output goes where the test's does.
pub fn command(data_dir: &Path, flags: &[&str]) -> Command {
    command_at("127.0.0.1:0", data_dir, flags)
}

/// The same, listening at an address that is known before it is ready.
pub fn command_at(address: &str, data_dir: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .envs(PATIENT)
        .args(["serve", "--listen", address, "--dev-issuer", "--log-filter", "warn", "--data-dir"])
        .arg(data_dir)
        .args(flags);
    command
}

/// The binary as cargo built it for the test that runs: it lies beside the folder of that test's
/// own program.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a program knows where it lies");
    test.ancestors().nth(2).expect("tests are built two folders down").join(format!("tilemud{EXE_SUFFIX}"))
}

/// A server inside the test, on any store and map.
pub struct Local {
    server: Option<Server>,
    pub url: String,
    ask: mpsc::Sender<oneshot::Sender<()>>,
    _data: TempDir,
}

impl Local {
    /// On a store of its own, which the test may wrap.
    pub async fn start(map: Map, flags: &[&str], wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let store = tilemud_persist::open(&format!("sqlite:{}", database(data.path()).display()), "test")
            .await
            .expect("a store");
        let config = config(data.path(), flags);
        let (ask, asked) = mpsc::channel(1);
        let server = Server::start_judged(&config, Arc::new(map), wrap(store), Pace::Asked(asked)).await;
        let server = server.expect("a server");
        Self { url: server.url().to_owned(), server: Some(server), ask, _data: data }
    }

    /// Lets ten seconds pass for the alerts, this many times.
    pub async fn judge(&self, times: usize) {
        for _ in 0..times {
            let (told, judged) = oneshot::channel();
            self.ask.send(told).await.expect("alerts are judged");
            judged.await.expect("alerts are judged");
        }
    }

    /// On a store whose commits the test holds in its hand.
    pub async fn gated(map: Map, flags: &[&str]) -> (Self, Arc<GatedStore>) {
        let mut gate = None;
        let server = Self::start(map, flags, |store| {
            let gated = GatedStore::new(store);
            gate = Some(Arc::clone(&gated));
            gated
        })
        .await;
        (server, gate.expect("the store was wrapped"))
    }

    /// On a plain store.
    pub async fn plain(map: Map, flags: &[&str]) -> Self {
        Self::start(map, flags, |store| store).await
    }

    /// Where its metrics are, if they have a port of their own.
    pub fn metrics_url(&self) -> Option<&str> {
        self.server.as_ref().expect("it runs").metrics_url()
    }

    /// Completes when it cannot go on.
    pub async fn failed(&self) {
        self.server.as_ref().expect("it runs").failed().await;
    }

    /// Drains and ends.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.server.take().expect("it runs").stop().await
    }
}

/// The embedded store of a data folder.
pub fn database(data_dir: &Path) -> PathBuf {
    data_dir.join("tilemud.db")
}

fn config(data_dir: &Path, flags: &[&str]) -> Config {
    let data_dir = data_dir.to_str().expect("a readable path");
    let fixed = ["tilemud", "serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--data-dir", data_dir];
    let args = fixed.iter().chain(flags).map(Into::into);
    let environment = PATIENT.map(|(name, value)| (name.into(), value.into()));
    Config::load(args, environment, |path| std::fs::read_to_string(path)).expect("a good configuration")
}
