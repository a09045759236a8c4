//! The connections to one database, which the worlds in it share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tilemud_schema::Timestamp;

use super::deadlines::{
    CALL_TIMEOUT, COMMIT_STATEMENT_TIMEOUT_MS, SLOW_STATEMENT_TIMEOUT_MS, STATEMENT_TIMEOUT_MS, within,
};
use super::log;
use super::opening::{CONNECTIONS_MAX, SLOW_CONNECTIONS_MAX, WRITERS_MAX};
use crate::access::OpenMode;
use crate::connections::Connections;

/// Time between two checks whether the database still answers during a migration.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);
/// It may be busy.
const HEARTBEATS_MISSED_MAX: u32 = 2;

/// What the worlds of a process that are in one database have in common.
pub(super) struct Shard {
    pub(super) worlds: Vec<String>,
    pub(super) writer: Connections<PgConnection>,
    pub(super) others: Connections<PgConnection>,
    pub(super) slow: Connections<PgConnection>,
    pub(super) log_readers: Connections<PgConnection>,
    /// Stores of worlds that are not closed yet.
    pub(super) open: AtomicUsize,
    pub(super) janitor: tokio::sync::Mutex<Option<Tidied>>,
}

/// When the partitions were last looked after, and what was found.
pub(super) struct Tidied {
    pub(super) at: Timestamp,
    /// Those that are due and stay, because worlds of others have rows in them.
    pub(super) shared: Vec<String>,
}

impl Shard {
    pub(super) fn new(options: &PgConnectOptions, mode: OpenMode, worlds: &[&str]) -> Self {
        let connections = |permits: u32, limit: &str, further: &str| {
            let changes = if mode == OpenMode::Read { "SET default_transaction_read_only = on;" } else { "" };
            let settings = format!("SET synchronous_commit = on; SET statement_timeout = {limit}; {changes} {further}");
            Connections::new(options.clone(), permits).beginning_with(settings)
        };
        let writers = u32::try_from(worlds.len()).unwrap_or(WRITERS_MAX).clamp(1, WRITERS_MAX);
        Self {
            worlds: worlds.iter().map(|world| (*world).to_owned()).collect(),
            writer: connections(writers, COMMIT_STATEMENT_TIMEOUT_MS, ""),
            others: connections(CONNECTIONS_MAX, STATEMENT_TIMEOUT_MS, ""),
            slow: connections(SLOW_CONNECTIONS_MAX, SLOW_STATEMENT_TIMEOUT_MS, ""),
            log_readers: connections(SLOW_CONNECTIONS_MAX, SLOW_STATEMENT_TIMEOUT_MS, log::SESSION_SETTINGS),
            open: AtomicUsize::default(),
            janitor: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until the database has been silent for a while.
    pub(super) async fn until_it_hangs(&self) {
        let answer = async || {
            let mut acquired = self.others.acquire().await?;
            acquired.connection.ping().await?;
            acquired.release();
            Ok(())
        };
        let mut missed = 0;
        loop {
            tokio::time::sleep(HEARTBEAT_EVERY).await;
            match within(CALL_TIMEOUT, answer()).await {
                Ok(()) => missed = 0,
                Err(_) if missed == HEARTBEATS_MISSED_MAX => return,
                Err(_) => missed += 1,
            }
        }
    }

    pub(super) async fn close(&self) {
        for connections in [&self.writer, &self.others, &self.slow, &self.log_readers] {
            connections.close().await;
        }
    }

    /// Counts one more store as closed. True when it was the last one.
    pub(super) fn is_last_closed(&self) -> bool {
        self.open.fetch_sub(1, Ordering::AcqRel) == 1
    }
}
