//! The server of a case: started, stopped, crashed and started again on the same store, in this
//! process with a gate in front of its store, or as a process of its own. Also keeps the history
//! that a failure is told with.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use hyper::{Method, StatusCode};
use tempfile::TempDir;
use tilemud_persist::store::Store;
use tilemud_persist::testing::{CommitFailure, GatedStore};
use tilemud_schema::{IntentAck, SessionId};
use tilemud_server::config::Config;
use tilemud_server::process::server::Server;
use tilemud_sim::Map;
use tilemud_support::player::call;
use tilemud_support::process::{Process, database};
use tilemud_support::story::Life;

/// Lines of history that a failure is told with; the rest is in a file.
const HISTORY_LINES_SHOWN: usize = 40;

/// How long a server may take to notice that its store is back.
const READY_PATIENCE: Duration = Duration::from_secs(60);

/// Ticks are short, so that much happens in a second; steps are never too fast, words soon are.
const FLAGS: [&str; 10] = [
    "--tick-hz",
    "100",
    "--move-per-s",
    "1000",
    "--chat-per-s",
    "5",
    "--whisper-per-s",
    "1000",
    "--emote-per-s",
    "1000",
];

/// The server and all that outlives it.
pub struct Rig {
    host: Host,
    /// The store without the gate.
    pub store: Arc<dyn Store>,
    pub map: Arc<Map>,
    pub url: String,
    /// Counts the starts of the server.
    pub life: Life,
    pub figures: Figures,
    history: RefCell<Vec<String>>,
    data: TempDir,
}

enum Host {
    Local { server: Option<Box<Server>>, gate: Arc<GatedStore> },
    Process { process: Option<Process> },
}

enum Running {
    Local(Box<Server>),
    Process(Process),
}

impl Host {
    fn take(&mut self) -> Running {
        match self {
            Self::Local { server, .. } => Running::Local(server.take().expect("it runs between start and stop")),
            Self::Process { process } => Running::Process(process.take().expect("it runs between start and stop")),
        }
    }
}

/// What happened in how many cases.
#[derive(Debug, Default, Clone)]
pub struct Figures {
    pub intents: Cell<u32>,
    pub acks: Cell<u32>,
    pub reconnects: Cell<u32>,
    pub delta_resumes: Cell<u32>,
    pub sessions_lost: Cell<u32>,
    pub stops: Cell<u32>,
    pub crashes: Cell<u32>,
}

impl Rig {
    /// A server in this process.
    pub async fn local(map: &Arc<Map>) -> Result<Self> {
        let data = folder()?;
        let store = open(&data, map).await?;
        let gate = GatedStore::new(Arc::clone(&store));
        let host = Host::Local { server: None, gate };
        Self::started(host, store, map, data).await
    }

    pub async fn process(map: &Arc<Map>) -> Result<Self> {
        let data = folder()?;
        let store = open(&data, map).await?;
        Self::started(Host::Process { process: None }, store, map, data).await
    }

    async fn started(host: Host, store: Arc<dyn Store>, map: &Arc<Map>, data: TempDir) -> Result<Self> {
        let mut rig = Self {
            host,
            store,
            map: Arc::clone(map),
            url: String::new(),
            life: Life::default(),
            figures: Figures::default(),
            history: RefCell::default(),
            data,
        };
        rig.start().await?;
        Ok(rig)
    }

    pub async fn start(&mut self) -> Result<()> {
        let data = self.data.path();
        match &mut self.host {
            Host::Local { server, gate } => {
                *gate = GatedStore::new(Arc::clone(&self.store));
                let store: Arc<dyn Store> = Arc::clone(gate) as _;
                let started = Server::start(&config(data)?, Arc::clone(&self.map), store).await?;
                self.url = started.url().to_owned();
                *server = Some(Box::new(started));
            }
            Host::Process { process } => {
                let started = Process::start(data, &FLAGS);
                self.url.clone_from(&started.url);
                *process = Some(started);
            }
        }
        self.life = Life { number: self.life.number + 1, ..Life::default() };
        self.note(|| format!("---- life {} begins", self.life.number));
        Ok(())
    }

    /// The gate in front of the store, if there is one.
    pub fn gate(&self) -> Option<Arc<GatedStore>> {
        match &self.host {
            Host::Local { gate, .. } => Some(Arc::clone(gate)),
            Host::Process { .. } => None,
        }
    }

    /// Lets the server end by itself; it must end well.
    pub fn stop(&mut self) -> impl Future<Output = Result<()>> + use<> {
        self.figures.stops.set(self.figures.stops.get() + 1);
        let host = self.host.take();
        async move {
            match host {
                Running::Local(server) => server.stop().await.context("the server stops"),
                Running::Process(process) => {
                    let status = tokio::task::spawn_blocking(|| process.terminate()).await?;
                    ensure!(status.success(), "the server ended with {status}");
                    Ok(())
                }
            }
        }
    }

    /// Ends the server in the midst of things. In this process its next commit is fenced off, or
    /// written with the answer lost and then fenced off: a stage that has not committed releases
    /// nothing more, just as if it were dead. A process is killed.
    pub fn crash(&mut self, written: bool) -> impl Future<Output = ()> + use<> {
        self.figures.crashes.set(self.figures.crashes.get() + 1);
        if let Some(gate) = self.gate() {
            if written {
                // It takes the lost answer for an outage before it dies.
                self.life.had_outage = true;
                gate.fail_next(1, CommitFailure::AnswerLost);
            }
            gate.fail_next(1_000, CommitFailure::Fenced);
            gate.open();
        }
        let host = self.host.take();
        async move {
            match host {
                // Well, if there was nothing to commit; else with what the gate said.
                Running::Local(server) => drop(server.stop().await),
                Running::Process(process) => process.kill(),
            }
        }
    }

    /// Waits until the server says that it lets people in.
    pub async fn wait_until_ready(&self) -> Result<()> {
        let ready = async { while call(&self.url, Method::GET, "/readyz", None, None).await.0 != StatusCode::OK {} };
        tokio::time::timeout(READY_PATIENCE, ready).await.context("the server does not get ready again")
    }

    /// Waits until so many commits have been asked for in this life.
    pub async fn wait_for_commits(&self, count: u64) -> Result<()> {
        let Some(gate) = self.gate() else { return Ok(()) };
        let arrived = tokio::time::timeout(READY_PATIENCE, gate.wait_for_arrivals(count)).await;
        arrived.with_context(|| format!("{} commits asked for, not {count}", gate.arrived()))
    }

    /// What is acknowledged is in the store by then, exactly as acknowledged.
    pub async fn ensure_durable(&self, session: SessionId, ack: &IntentAck) -> Result<()> {
        self.figures.acks.set(self.figures.acks.get() + 1);
        let stored = self.store.find_action(session, ack.seq).await?;
        let stored = stored.with_context(|| format!("{} is acknowledged and not in the store", ack.seq))?;
        ensure!(
            (stored.action_id, stored.persisted_at) == (ack.action_id, ack.persisted_at),
            "{ack:?} is stored as {stored:?}"
        );
        Ok(())
    }

    pub fn database(&self) -> PathBuf {
        database(self.data.path())
    }

    /// One more line of history.
    pub fn note(&self, line: impl FnOnce() -> String) {
        self.history.borrow_mut().push(line());
    }

    /// Writes the history to a file; where it is, and its end.
    pub fn history(&self) -> String {
        let history = self.history.borrow();
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("model-{}.txt", uuid::Uuid::now_v7()));
        let whole = match std::fs::write(&file, history.join("\n")) {
            Ok(()) => format!("the whole history is in {}", file.display()),
            Err(error) => format!("the history could not be written: {error}"),
        };
        let end = history[history.len().saturating_sub(HISTORY_LINES_SHOWN)..].join("\n");
        format!("{end}\n{whole}")
    }
}

/// A folder in memory where there is one: a case commits hundreds of times.
fn folder() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir())?)
}

async fn open(data: &TempDir, map: &Map) -> Result<Arc<dyn Store>> {
    Ok(tilemud_persist::open(&format!("sqlite:{}", database(data.path()).display()), &map.name).await?)
}

fn config(data: &Path) -> Result<Config> {
    let data = data.to_str().context("a readable path")?;
    let fixed = ["tilemud", "serve", "--listen", "127.0.0.1:0", "--dev-issuer", "--data-dir", data];
    let args = fixed.iter().chain(&FLAGS).map(Into::into);
    Ok(Config::load(args, [], |path| std::fs::read_to_string(path))?)
}
