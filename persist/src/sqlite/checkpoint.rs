//! Checkpoints of the write-ahead log: now and then while the store is in use, so that the log
//! stays small and the file differs from older copies, and at the end, so that the one file is
//! complete.

use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::time::Instant;

use super::checkpoint_state::{State, checkpoint};
use super::shard::{Lost, Shard};
use super::{BUSY_TIMEOUT, SqliteStore, lease, opening};
use crate::store::StoreError;

/// Size of the log, bytes, from which a checkpoint is due. SQLite's own checkpoints after commits
/// keep it below.
const WAL_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// A checkpoint is due at this interval whatever the size of the log, so that a copy of the file
/// becomes older than the file.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(15);

/// How long the close waits for other users of the file.
const END_PATIENCE: Duration = Duration::from_secs(2);

/// From one attempt at the end to the next.
const END_RETRY: Duration = Duration::from_millis(20);

/// From one look at the file to the next at least, however many worlds ask for it.
const LOOK_AFTER: Duration = Duration::from_millis(250);

impl SqliteStore {
    /// Starts to write marks, once the first lease is held. From then on the file differs from
    /// copies that were made of it before; for each further world it does so anew.
    pub(super) async fn begin_marks(&self) -> Result<(), StoreError> {
        let shard = &*self.shard;
        let _turn = shard.care.lock().await;
        if !shard.is_marked.load(Ordering::Acquire) {
            let mut acquired = shard.writer().await?;
            let mark = opening::mark(&mut acquired.connection).await?;
            acquired.release();
            shard.watched.begin_with(mark)?;
            *shard.checkpoint.lock() = State { last: None, mark, is_pending: false };
            shard.is_marked.store(true, Ordering::Release);
        }
        let state = *shard.checkpoint.lock();
        shard.checkpoint_with_a_new_mark(state).await
    }

    /// See [`Maintenance::maintain`](crate::store::Maintenance::maintain).
    pub(super) async fn check_and_checkpoint(&self) -> Result<(), StoreError> {
        let shard = &*self.shard;
        let Some(epoch) = self.epoch() else { return Ok(()) };
        if let Some(lost) = shard.lost.get() {
            return Err(lost.error());
        }
        let mut looked = shard.care.lock().await;
        if shard.open.load(Ordering::Acquire) > 1 && looked.is_some_and(|at| at.elapsed() < LOOK_AFTER) {
            return shard.not_lost();
        }
        if let Err(error) = shard.watched.still_ours() {
            if shard.watched.still_there().is_err() {
                return Err(shard.lost(error));
            }
            let query = self.query("SELECT epoch, renewed_at FROM world_leases WHERE world_id = ?1");
            let row = self.read(query).await.ok().flatten();
            let stored = row.as_ref().and_then(|row| lease::stored(row).ok());
            return Err(match stored {
                // Who has taken the world over puts marks of its own.
                Some((stored, _)) if stored > epoch => StoreError::Fenced,
                // It was put back through SQLite, into our log: the two belong together.
                Some(stored) if self.own.lease.is_newer_than(epoch, stored) => error,
                _ => shard.lost(error),
            });
        }
        *looked = Some(Instant::now());
        let state = *shard.checkpoint.lock();
        let wal_len = shard.watched.wal_len();
        let is_due = state.is_pending
            || wal_len > WAL_BYTES_MAX
            || state.last.is_none_or(|last| wal_len > 0 && last.elapsed() >= CHECKPOINT_EVERY);
        if is_due { shard.checkpoint_with_a_new_mark(state).await } else { Ok(()) }
    }

    /// See [`Maintenance::close`](crate::store::Maintenance::close). Of the whole file, by the last
    /// of its worlds.
    pub(super) async fn checkpoint_and_close(&self) {
        let shard = &*self.shard;
        let is_lost = shard.lost.get().is_some()
            || self.check_and_checkpoint().await.is_err_and(|error| !matches!(error, StoreError::Unavailable(_)));
        if is_lost || shard.watched.still_there().is_err() {
            // Closing would put our log into what is there now.
            shard.readers.abandon();
            shard.writer.abandon();
            if let Some(Lost::Gone(_)) = shard.lost.get() {
                let log = shard.watched.set_wal_aside().map(|aside| aside.display().to_string());
                tracing::error!(
                    log,
                    "the database is left as it is; what this server wrote last is in the log named here, if one is"
                );
            }
            return;
        }
        shard.readers.close().await;
        shard.writer.close().await;
        // Who only looked leaves the rest to who writes, if somebody does; the last one to close
        // has made the checkpoint.
        if shard.is_marked.load(Ordering::Acquire) {
            shard.take_log_away().await;
        }
    }
}

impl Shard {
    async fn checkpoint_with_a_new_mark(&self, state: State) -> Result<(), StoreError> {
        let mut acquired = self.writer().await?;
        if !state.is_pending {
            // Positive as SQLite has it, and never the number of a file without a checkpoint.
            let mark = state.mark % (i32::MAX as u32) + 1;
            self.watched.expect(mark);
            // Only a mark that has been written is on its way; after a failure another attempt puts
            // the same one.
            self.checkpoint.lock().last = Some(Instant::now());
            sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {mark}")))
                .execute(&mut acquired.connection)
                .await?;
            self.checkpoint.lock().clone_from(&State { last: Some(Instant::now()), mark, is_pending: true });
        }
        // Whoever reads for long is not waited for; there is another attempt in a second.
        set_busy_timeout(&mut acquired.connection, Duration::ZERO).await?;
        let is_complete = checkpoint(&mut acquired.connection).await?;
        set_busy_timeout(&mut acquired.connection, BUSY_TIMEOUT).await?;
        if is_complete {
            self.watched.arrived();
            self.checkpoint.lock().is_pending = false;
        }
        self.written(acquired).await
    }

    /// Waits until no log is beside the file.
    async fn take_log_away(&self) {
        // A connection that was given up is closed on a thread of its own; the last one to close
        // takes the log away.
        let ends = Instant::now() + END_PATIENCE;
        while self.watched.wal_len() > 0 {
            let outcome = self.checkpoint_once().await;
            if self.watched.wal_len() == 0 {
                break;
            }
            if Instant::now() >= ends {
                let error = outcome.err().map(|error| error.to_string());
                tracing::warn!(
                    error,
                    wal = %self.watched.wal().display(),
                    "another program has the database open, so not all of it could be put into the one file; \
                     when you copy it, copy this file with it"
                );
                break;
            }
            tokio::time::sleep(END_RETRY).await;
        }
    }

    async fn checkpoint_once(&self) -> Result<bool, StoreError> {
        let mut connection = self.watched.options().connect().await?;
        let is_complete = checkpoint(&mut connection).await;
        connection.close().await?;
        is_complete
    }
}

async fn set_busy_timeout(connection: &mut SqliteConnection, patience: Duration) -> Result<(), StoreError> {
    let statement = AssertSqlSafe(format!("PRAGMA busy_timeout = {}", patience.as_millis()));
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}
