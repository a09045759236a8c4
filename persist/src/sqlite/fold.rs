//! Folds the write-ahead log into the database: now and then while the store is in use, so that the log stays small and the
//! file can be told from an older copy, and at the end, so that the one file is all there is to keep.

use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tokio::time::Instant;

use super::folding::State;
use super::{BUSY_TIMEOUT, Lost, SqliteStore, lease, opening};
use crate::store::StoreError;

/// The log is folded when it is larger, bytes; what a commit folds by itself keeps it below.
const WAL_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// It is folded as often as this whatever its size, so that a copy of the file gets older than the file.
const FOLD_EVERY: Duration = Duration::from_secs(15);

/// How long the end waits for others to let go of the file.
const END_PATIENCE: Duration = Duration::from_secs(2);

/// From one attempt at the end to the next.
const END_RETRY: Duration = Duration::from_millis(20);

impl SqliteStore {
    /// Begins to put marks, as the one who holds the lease: from the beginning, the file can be told from the copies that were
    /// made of it before.
    pub(super) async fn begin_marks(&self) -> Result<(), StoreError> {
        let mut lent = self.writer().await?;
        let mark = opening::mark(&mut lent.connection).await?;
        lent.give_back();
        self.watched.begin_with(mark)?;
        let state = State { last: None, mark, is_pending: false };
        *self.folding.state.lock() = state;
        self.fold_with_a_new_mark(state).await
    }

    /// See [`Care::look_after`](crate::store::Care::look_after).
    pub(super) async fn keep_in_order(&self) -> Result<(), StoreError> {
        let Some(epoch) = self.epoch() else { return Ok(()) };
        if let Some(lost) = self.lost.get() {
            return Err(lost.error());
        }
        if let Err(error) = self.watched.still_ours() {
            if self.watched.still_there().is_err() {
                return Err(self.lost(error));
            }
            let query = self.query("SELECT epoch, renewed_at FROM world_leases WHERE world_id = ?1");
            let row = self.read(query).await.ok().flatten();
            let stored = row.as_ref().and_then(|row| lease::stored(row).ok());
            return Err(match stored {
                // Who has taken the world over puts marks of its own.
                Some((stored, _)) if stored > epoch => StoreError::Fenced,
                // It was put back through SQLite, into our log: the two belong together.
                Some(stored) if self.lease.is_newer_than(epoch, stored) => error,
                _ => self.lost(error),
            });
        }
        let state = *self.folding.state.lock();
        let wal_len = self.watched.wal_len();
        let is_due = state.is_pending
            || wal_len > WAL_BYTES_MAX
            || state.last.is_none_or(|last| wal_len > 0 && last.elapsed() >= FOLD_EVERY);
        if is_due { self.fold_with_a_new_mark(state).await } else { Ok(()) }
    }

    async fn fold_with_a_new_mark(&self, state: State) -> Result<(), StoreError> {
        let mut lent = self.writer().await?;
        if !state.is_pending {
            // Positive as SQLite has it, and never the number of a file that was never folded.
            let mark = state.mark % (i32::MAX as u32) + 1;
            self.watched.expect(mark);
            // Only a mark that has been written is on its way; after a failure another attempt puts the same one.
            self.folding.state.lock().last = Some(Instant::now());
            sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {mark}"))).execute(&mut lent.connection).await?;
            self.folding.state.lock().clone_from(&State { last: Some(Instant::now()), mark, is_pending: true });
        }
        // Whoever reads for long is not waited for; there is another attempt in a second.
        set_patience(&mut lent.connection, Duration::ZERO).await?;
        let is_folded = fold(&mut lent.connection).await?;
        set_patience(&mut lent.connection, BUSY_TIMEOUT).await?;
        lent.give_back();
        if is_folded {
            self.watched.arrived();
            self.folding.state.lock().is_pending = false;
        }
        Ok(())
    }

    /// See [`Care::close`](crate::store::Care::close).
    pub(super) async fn fold_and_close(&self) {
        let is_lost = self.keep_in_order().await.is_err_and(|error| !matches!(error, StoreError::Unavailable(_)));
        if is_lost || self.watched.still_there().is_err() {
            // Closing would fold our log into what is there now.
            self.readers.abandon();
            self.writer.abandon();
            if let Some(Lost::Gone(_)) = self.lost.get() {
                let log = self.watched.set_wal_aside().map(|aside| aside.display().to_string());
                tracing::error!(
                    log,
                    "the database is left as it is; what this server wrote last is in the log named here, if one is"
                );
            }
            return;
        }
        self.readers.close().await;
        self.writer.close().await;
        if !self.lease.was_held() {
            // Who only looked leaves it to who writes, if somebody does; the last one to close has folded it.
            return;
        }
        // A connection that was given up is closed on a thread of its own; the last one to close takes the log away.
        let ends = Instant::now() + END_PATIENCE;
        while self.watched.wal_len() > 0 {
            let folded = self.fold_once().await;
            if self.watched.wal_len() == 0 {
                break;
            }
            if Instant::now() >= ends {
                let error = folded.err().map(|error| error.to_string());
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

    async fn fold_once(&self) -> Result<bool, StoreError> {
        let mut connection = self.watched.options().connect().await?;
        let is_folded = fold(&mut connection).await;
        connection.close().await?;
        is_folded
    }
}

/// Whether all of the log is in the database now.
async fn fold(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    Ok(row.try_get::<i64, _>(0)? == 0)
}

async fn set_patience(connection: &mut SqliteConnection, patience: Duration) -> Result<(), StoreError> {
    let statement = AssertSqlSafe(format!("PRAGMA busy_timeout = {}", patience.as_millis()));
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}
