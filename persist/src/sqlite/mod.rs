//! The embedded store: one SQLite file. Owns its connections and answers the calls of
//! [`Store`](crate::Store); every successful write is on the disk (`synchronous=FULL`) before it
//! returns.
//!
//! There is one writer, because SQLite allows only one and a queue is fairer than its busy loop;
//! readers have a small pool of their own and never wait for the writer (WAL).

mod checkpoint;
mod checkpoint_state;
mod commit;
pub(crate) mod copies;
mod file;
mod history;
pub(crate) mod image;
mod lease;
mod log;
mod names;
mod newcomers;
mod opening;
mod refusal;
mod retention;
mod rows;
mod snapshots;
mod witness;

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _};
use tilemud_schema::{LoggedTick, Seq, SessionId, Tick};

use self::checkpoint_state::{State, checkpoint};
use self::file::Watched;
use self::rows::text_of_uuid;
use self::witness::Tampered;
use crate::column::now;
use crate::connections::{Acquired, Connections};
use crate::sql::{self, Creations, New, Sql, Steps, Value};
use crate::store::{
    Batch, CommitLog, CommitReport, History, Lease, LeaseRequest, LeaseState, LoggedWords, Maintenance, StoreError,
    StoredAction, Unfit, WordCount,
};
use crate::versions::Versions;

const READERS_MAX: u32 = 4;
/// Memory of the writing connection for pages, in KiB (negative, as SQLite wants it): with its own
/// default of 2 MB a large log is read again from the system page by page with every batch, because
/// ids are spread all over the indexes.
const WRITER_CACHE: &str = "-32768";
/// Longest wait for another process that has the file locked, for instance a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// An error of the store at this path, with a diagnostic when its file is the cause.
pub(crate) fn explained(error: StoreError, path: &Path) -> StoreError {
    refusal::explained(error, path)
}

/// How often, and after how long, files are looked at again that look as if they were not ours.
const LOOKS_AGAIN: u32 = 4;
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

type Query<'a> = sqlx::query::Query<'a, sqlx::Sqlite, SqliteArguments>;

/// The store of one world in one file.
pub(crate) struct SqliteStore {
    world: Arc<str>,
    writer: Connections<SqliteConnection>,
    readers: Connections<SqliteConnection>,
    epoch: Mutex<Option<i64>>,
    lease: lease::Own,
    versions: Versions,
    creations: Creations,
    snapshot_turn: tokio::sync::Mutex<()>,
    watched: Arc<Watched>,
    checkpoint: Mutex<State>,
    /// Set once the file was replaced or is damaged.
    lost: OnceLock<Lost>,
}

/// Why nothing more is written.
enum Lost {
    /// The file was taken away.
    Gone(String),
    Damaged(String),
}

impl Lost {
    fn error(&self) -> StoreError {
        match self {
            Self::Gone(what) => StoreError::Gone { what: what.clone() },
            Self::Damaged(what) => StoreError::Unfit { reason: Unfit::Damaged, what: what.clone() },
        }
    }
}

impl SqliteStore {
    async fn read(&self, query: Query<'_>) -> Result<Option<SqliteRow>, StoreError> {
        let reading = async {
            let mut acquired = self.readers.acquire().await?;
            let row = query.fetch_optional(&mut acquired.connection).await?;
            acquired.release();
            Ok(row)
        };
        reading.await.map_err(|error| self.lost(error))
    }

    /// The writing connection, unless the file is lost.
    async fn writer(&self) -> Result<Acquired<'_, SqliteConnection>, StoreError> {
        self.not_lost()?;
        self.writer.acquire().await
    }

    /// The same for ticks, leases and probes: whatever the world or its health waits for. A crowd
    /// of calls, each of which takes a wait for the disk, would hold them up until the store counts
    /// as away.
    async fn first_writer(&self) -> Result<Acquired<'_, SqliteConnection>, StoreError> {
        self.not_lost()?;
        self.writer.acquire_first().await
    }

    /// To be called after a write, before anybody is told of it: what went into files that nobody
    /// can find any more is not stored.
    async fn written(&self, mut acquired: Acquired<'_, SqliteConnection>) -> Result<(), StoreError> {
        let mut outcome = self.watched.untouched();
        for _ in 0..LOOKS_AGAIN {
            // It may be a checkpoint of another process that has just begun.
            if outcome != Err(Tampered::DatabaseOverwritten) {
                break;
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            outcome = self.watched.untouched();
        }
        if outcome == Err(Tampered::LogDeleted) && self.watched.still_there().is_ok() {
            // The connection still has it, and the database is ours: all of it can be put there.
            let is_saved = checkpoint(&mut acquired.connection).await.is_ok_and(|is_complete| is_complete);
            tracing::error!(is_saved, "the log beside the database was deleted while it was in use");
        }
        // Not closed, which might put our log into what is there now.
        acquired.release();
        self.watched.still_there().map_err(|error| self.lost(error))?;
        outcome.map_err(|how| self.lost(self.watched.tampered(how)))
    }

    fn not_lost(&self) -> Result<(), StoreError> {
        self.lost.get().map_or(Ok(()), |lost| Err(lost.error()))
    }

    /// Returns the error. If it means that the file is lost, nothing is written from now on.
    fn lost(&self, error: StoreError) -> StoreError {
        let is_damage = matches!(error, StoreError::Unfit { reason: Unfit::Damaged, .. });
        // Half of another file under what we remember of ours looks like damage.
        let another = || self.watched.still_ours().err().or_else(|| self.watched.overwritten());
        let another = if is_damage && self.epoch().is_some() { another() } else { None };
        let error = another.filter(|error| matches!(error, StoreError::Gone { .. })).unwrap_or(error);
        let lost = match &error {
            StoreError::Gone { what } => Some(Lost::Gone(what.clone())),
            StoreError::Unfit { reason: Unfit::Damaged, what } => Some(Lost::Damaged(what.clone())),
            _ => None,
        };
        if let Some(lost) = lost {
            let _ = self.lost.set(lost);
        }
        error
    }

    /// As [`Self::lost`], but a database that was restored through SQLite itself is complete and
    /// closed as usual.
    fn damaged(&self, error: StoreError) -> StoreError {
        if matches!(error, StoreError::Gone { .. }) { error } else { self.lost(error) }
    }

    async fn write(&self, query: Query<'_>) -> Result<u64, StoreError> {
        let mut acquired = self.writer().await?;
        let done = query.execute(&mut acquired.connection).await?;
        acquired.release();
        Ok(done.rows_affected())
    }

    /// The epoch of the lease of this store, if it has one.
    fn epoch(&self) -> Option<i64> {
        *self.epoch.lock()
    }

    /// A statement whose first parameter is the world.
    fn query<'a>(&'a self, statement: &'static str) -> Query<'a> {
        sqlx::query(statement).bind(&*self.world)
    }
}

/// `query` with these values after the world.
fn bound<'a>(query: Query<'a>, values: &'a [Value<'a>]) -> Query<'a> {
    values.iter().fold(query, |query, value| match value {
        Value::Id(id) => query.bind(text_of_uuid(*id)),
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(*text),
        Value::MaybeText(text) => query.bind(*text),
        Value::Bytes(bytes) => query.bind(*bytes),
        Value::MaybeBytes(bytes) => query.bind(*bytes),
        Value::Document(document) => query.bind(document.to_string()),
        Value::Time(time) => query.bind(time.to_string()),
    })
}

#[async_trait]
impl Sql for SqliteStore {
    type Row = SqliteRow;

    fn lease_epoch(&self) -> Option<i64> {
        self.epoch()
    }

    fn versions(&self) -> &Versions {
        &self.versions
    }

    async fn row(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<SqliteRow>, StoreError> {
        self.read(bound(self.query(statement), values)).await
    }

    async fn rows(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<SqliteRow>, StoreError> {
        let mut acquired = self.readers.acquire().await?;
        let rows = bound(self.query(statement), values).fetch_all(&mut acquired.connection).await?;
        acquired.release();
        Ok(rows)
    }

    async fn change(&self, statement: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        self.write(bound(self.query(statement), values)).await
    }

    async fn change_many(&self, statement: String, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false).bind(&*self.world);
        self.write(bound(query, values)).await
    }

    fn creations(&self) -> &Creations {
        &self.creations
    }

    async fn insert_characters(&self, characters: &[&New]) -> Result<bool, StoreError> {
        let mut acquired = self.writer().await?;
        let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
        let steps = &mut InTransaction { world: &self.world, connection: &mut transaction };
        let is_whole = sql::insert_all(steps, characters).await?;
        if is_whole {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        acquired.release();
        Ok(is_whole)
    }
}

struct InTransaction<'a> {
    world: &'a str,
    connection: &'a mut SqliteConnection,
}

#[async_trait]
impl Steps for InTransaction<'_> {
    type Row = SqliteRow;

    async fn rows(&mut self, statement: String, values: &[Value<'_>]) -> Result<Vec<SqliteRow>, StoreError> {
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false).bind(self.world);
        Ok(bound(query, values).fetch_all(&mut *self.connection).await?)
    }
}

#[async_trait]
impl CommitLog for SqliteStore {
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError> {
        let mut acquired = self.first_writer().await?;
        let lease = (self.epoch(), &self.lease);
        let report = commit::write(&mut acquired.connection, &self.world, lease, batch, &self.versions).await;
        let report = report.map_err(|error| self.damaged(error))?;
        self.written(acquired).await?;
        Ok(report)
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        let mut acquired = self.first_writer().await?;
        // The lock of the writer: whatever an abandoned connection was doing is over when it is
        // granted.
        let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
        let renewed = lease::check(&mut transaction, &self.world, self.epoch(), &self.lease).await?;
        let is_stored = commit::is_stored(&mut transaction, &self.world, batch).await?;
        transaction.commit().await?;
        self.lease.note(renewed);
        self.written(acquired).await?;
        Ok(is_stored)
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        sql::last_tick(self).await
    }

    async fn committed_tick(&self) -> Result<Tick, StoreError> {
        sql::committed_tick(self).await
    }

    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError> {
        sql::last_seq(self, session_id).await
    }

    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError> {
        sql::find_action(self, session_id, seq).await
    }
}

#[async_trait]
impl Lease for SqliteStore {
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError> {
        loop {
            let mut acquired = self.writer().await?;
            // Begun and ended expressly: a statement that answers with a row may end only after its
            // answer.
            let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
            let lease = lease::acquire(&mut transaction, &self.world, request).await?;
            transaction.commit().await?;
            acquired.release();
            if let Some((epoch, renewed)) = lease {
                *self.epoch.lock() = Some(epoch);
                self.lease.note(Some(renewed));
                return self.begin_marks().await;
            }
            // If it was given back in between, there is a next try.
            if let Some(LeaseState { holder, .. }) = self.lease().await? {
                return Err(StoreError::Held { holder });
            }
        }
    }

    async fn lease(&self) -> Result<Option<LeaseState>, StoreError> {
        let row = self.read(self.query("SELECT * FROM world_leases WHERE world_id = ?1")).await?;
        row.as_ref().map_or(Ok(None), lease::state)
    }

    async fn renew_lease(&self) -> Result<(), StoreError> {
        let Some(epoch) = self.epoch() else { return Err(StoreError::Fenced) };
        let mut acquired = self.first_writer().await?;
        let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
        let renewed = lease::check(&mut transaction, &self.world, Some(epoch), &self.lease).await?;
        transaction.commit().await?;
        self.lease.note(renewed);
        self.written(acquired).await
    }

    async fn release_lease(&self) -> Result<(), StoreError> {
        let query = self.query(
            "UPDATE world_leases SET epoch = epoch + 1, holder = NULL, renewed_at = MAX(renewed_at, ?3)
             WHERE world_id = ?1 AND epoch = ?2",
        );
        let mut acquired = self.first_writer().await?;
        query.bind(self.epoch()).bind(now().to_string()).execute(&mut acquired.connection).await?;
        acquired.release();
        *self.epoch.lock() = None;
        Ok(())
    }
}

#[async_trait]
impl History for SqliteStore {
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        let mut acquired = self.readers.acquire().await?;
        let ticks = log::read(&mut acquired.connection, &self.world, after, events_max).await?;
        acquired.release();
        Ok(ticks)
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        let mut acquired = self.readers.acquire().await?;
        let words = log::words(&mut acquired.connection, &self.world, after, lines_max).await?;
        acquired.release();
        Ok(words)
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        let mut acquired = self.readers.acquire().await?;
        let count = log::word_count(&mut acquired.connection, &self.world, after).await?;
        acquired.release();
        Ok(count)
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        let mut acquired = self.readers.acquire().await?;
        let tick = log::tick_before(&mut acquired.connection, &self.world, records).await?;
        acquired.release();
        Ok(tick)
    }

    async fn arrival(&self, session_id: SessionId, after: Tick) -> Result<Option<Tick>, StoreError> {
        let mut acquired = self.readers.acquire().await?;
        let tick = log::arrival(&mut acquired.connection, &self.world, session_id, after).await?;
        acquired.release();
        Ok(tick)
    }
}

#[async_trait]
impl Maintenance for SqliteStore {
    async fn worlds(&self) -> Result<Vec<String>, StoreError> {
        self.list_worlds().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // Reads the file, where a bare SELECT 1 would not.
        self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = ?1")).await?;
        self.watched.still_there().map_err(|error| self.lost(error))
    }

    async fn maintain(&self) -> Result<(), StoreError> {
        self.check_and_checkpoint().await
    }

    async fn close(&self) {
        self.checkpoint_and_close().await;
    }
}
