//! The processes of a run, real ones: the server's binary, and Postgres where the store is not the
//! embedded one; and the folder that outlives them.

use std::fs::File;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;
use tilemud_persist::testing::PostgresServer;
use tilemud_support::process::{Process, command, database};
use tokio::task::{block_in_place, spawn_blocking};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    Embedded,
    Postgres,
}

/// Ticks are short, so that many commits are under way; nobody is refused for being too fast.
const FLAGS: [&str; 10] = [
    "--tick-hz",
    "50",
    "--move-per-s",
    "1000",
    "--chat-per-s",
    "1000",
    "--whisper-per-s",
    "1000",
    "--action-per-s",
    "1000",
];

/// Longest start of a server, on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(120);

pub struct Stand {
    data: TempDir,
    postgres: Option<PostgresServer>,
    store_url: String,
    server: Option<Process>,
    servers_started: u32,
}

impl Stand {
    pub async fn new(kind: StoreKind) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let (postgres, store_url) = match kind {
            StoreKind::Embedded => (None, format!("sqlite:{}", database(data.path()).display())),
            StoreKind::Postgres => {
                // It waits for the disk, as one whose acknowledgements are meant does.
                let postgres = block_in_place(PostgresServer::start_durable);
                let url = postgres.create_database().await;
                (Some(postgres), url)
            }
        };
        Self { data, postgres, store_url, server: None, servers_started: 0 }
    }

    pub const fn kind(&self) -> StoreKind {
        if self.postgres.is_some() { StoreKind::Postgres } else { StoreKind::Embedded }
    }

    /// The store, for an outside reader.
    pub fn store_url(&self) -> &str {
        &self.store_url
    }

    /// Whether there is a server.
    pub const fn has_server(&self) -> bool {
        self.server.is_some()
    }

    /// Starts a server; its URL, or `None` when it is not ready after `patience` and still
    /// starting.
    pub async fn start_server(&mut self, patience: Option<Duration>) -> Result<Option<String>> {
        ensure!(self.server.is_none(), "there is a server");
        self.servers_started += 1;
        let log = File::create(self.log_file(self.servers_started))?;
        let mut command = command(self.data.path(), &FLAGS);
        command.args(["--database-url", &self.store_url]).stderr(log);
        let (process, announcement) = Process::spawn(command);
        let process = self.server.insert(process);
        let announced = spawn_blocking(|| announcement.url());
        match tokio::time::timeout(patience.unwrap_or(START_PATIENCE), announced).await {
            Ok(url) => match url? {
                Ok(url) => {
                    process.url.clone_from(&url);
                    Ok(Some(url))
                }
                Err(line) => bail!("the server ended before it was ready: {line:?}"),
            },
            Err(_) if patience.is_some() => Ok(None),
            Err(_) => bail!("the server is not ready after {START_PATIENCE:?}"),
        }
    }

    pub fn kill_server(&mut self) {
        if let Some(server) = self.server.take() {
            block_in_place(|| server.kill());
        }
    }

    /// SIGTERM; the server must end well.
    pub fn drain_server(&mut self) -> Result<()> {
        let server = self.server.take().context("there is a server")?;
        let status = block_in_place(|| server.terminate());
        ensure!(status.code() == Some(0), "the drain ended with {status}");
        Ok(())
    }

    /// SIGKILL to all of its processes.
    pub fn kill_postgres(&self) {
        if let Some(postgres) = &self.postgres {
            block_in_place(|| postgres.kill());
        }
    }

    /// Starts it again, and kills it once more so long after if that is wanted. When it accepted
    /// connections.
    pub fn start_postgres(&self, kill_again_after: Option<Duration>) -> Instant {
        if let Some(postgres) = &self.postgres {
            block_in_place(|| {
                if let Some(patience) = kill_again_after {
                    postgres.start_again_within(patience);
                    postgres.kill();
                }
                postgres.start_again();
            });
        }
        Instant::now()
    }

    /// What the newest servers wrote, for a failure.
    pub fn server_logs(&self) -> String {
        let newest = self.servers_started.saturating_sub(3)..self.servers_started;
        let text = |number| std::fs::read_to_string(self.log_file(number)).unwrap_or_default();
        newest.map(|number| format!("---- server {}\n{}", number + 1, text(number + 1))).collect()
    }

    fn log_file(&self, number: u32) -> std::path::PathBuf {
        self.data.path().join(format!("server-{number}.log"))
    }
}
