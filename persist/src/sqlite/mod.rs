//! The embedded store: one SQLite file. Owns its connections and answers the calls of
//! [`Store`](crate::Store); every successful write is on the disk (`synchronous=FULL`) before it
//! returns.
//!
//! There is one writer, because SQLite allows only one and a queue is fairer than its busy loop;
//! readers have a small pool of their own and never wait for the writer (WAL). Several worlds of
//! one file share both ([`shard`]).

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
mod own;
mod queue;
mod refusal;
mod retention;
mod rows;
mod shard;
mod snapshots;
mod together;
mod witness;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _};
use tilemud_schema::{LoggedTick, Seq, SessionId, Tick};

use self::own::Own;
use self::rows::text_of_uuid;
use self::shard::Shard;
use crate::column::now;
use crate::sql::{self, Creations, New, Sql, Steps, Value};
use crate::store::{
    Batch, CommitLog, CommitReport, History, Lease, LeaseRequest, LeaseState, LoggedWords, Maintenance, StoreError,
    StoredAction, WordCount,
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

type Query<'a> = sqlx::query::Query<'a, sqlx::Sqlite, SqliteArguments>;

/// The store of one world in a file, which others may share.
pub(crate) struct SqliteStore {
    shard: Arc<Shard>,
    own: Arc<Own>,
    creations: Creations,
    snapshot_turn: tokio::sync::Mutex<()>,
    is_closed: AtomicBool,
}

impl SqliteStore {
    fn new(shard: &Arc<Shard>, world: &str) -> Self {
        shard.open.fetch_add(1, Ordering::AcqRel);
        let (shard, own) = (Arc::clone(shard), Arc::new(Own::of(world)));
        Self { shard, own, creations: Creations::default(), snapshot_turn: Default::default(), is_closed: false.into() }
    }

    async fn read(&self, query: Query<'_>) -> Result<Option<SqliteRow>, StoreError> {
        let reading = async {
            let mut acquired = self.shard.readers.acquire().await?;
            let row = query.fetch_optional(&mut acquired.connection).await?;
            acquired.release();
            Ok(row)
        };
        reading.await.map_err(|error| self.shard.lost(error))
    }

    /// Counts this store as closed, once. True when it was the last one of the file.
    fn is_last_closed(&self) -> bool {
        !self.is_closed.swap(true, Ordering::AcqRel) && self.shard.open.fetch_sub(1, Ordering::AcqRel) == 1
    }

    async fn write(&self, query: Query<'_>) -> Result<u64, StoreError> {
        let mut acquired = self.shard.writer().await?;
        let done = query.execute(&mut acquired.connection).await?;
        acquired.release();
        Ok(done.rows_affected())
    }

    /// The epoch of the lease of this store, if it has one.
    fn epoch(&self) -> Option<i64> {
        self.own.epoch()
    }

    /// A statement whose first parameter is the world.
    fn query<'a>(&'a self, statement: &'static str) -> Query<'a> {
        sqlx::query(statement).bind(&*self.own.world)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Whoever closes the last of the others closes the file.
        self.is_last_closed();
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
        &self.own.versions
    }

    async fn row(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<SqliteRow>, StoreError> {
        self.read(bound(self.query(statement), values)).await
    }

    async fn rows(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<SqliteRow>, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let rows = bound(self.query(statement), values).fetch_all(&mut acquired.connection).await?;
        acquired.release();
        Ok(rows)
    }

    async fn change(&self, statement: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        self.write(bound(self.query(statement), values)).await
    }

    async fn change_many(&self, statement: String, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false).bind(&*self.own.world);
        self.write(bound(query, values)).await
    }

    fn creations(&self) -> &Creations {
        &self.creations
    }

    async fn insert_characters(&self, characters: &[&New]) -> Result<bool, StoreError> {
        let mut acquired = self.shard.writer().await?;
        let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
        let steps = &mut InTransaction { world: &self.own.world, connection: &mut transaction };
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
        if self.shard.open.load(Ordering::Acquire) > 1 {
            self.shard.commit_together(&self.own, batch).await
        } else {
            self.shard.commit_alone(&self.own, batch).await
        }
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        let mut acquired = self.shard.first_writer().await?;
        // The lock of the writer: whatever an abandoned connection was doing is over when it is
        // granted.
        let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
        let renewed = lease::check(&mut transaction, &self.own.world, self.epoch(), &self.own.lease).await?;
        let is_stored = commit::is_stored(&mut transaction, &self.own.world, batch).await?;
        transaction.commit().await?;
        self.own.lease.note(renewed);
        self.shard.written(acquired).await?;
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
            let mut acquired = self.shard.writer().await?;
            // Begun and ended expressly: a statement that answers with a row may end only after its
            // answer.
            let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
            let lease = lease::acquire(&mut transaction, &self.own.world, request).await?;
            transaction.commit().await?;
            acquired.release();
            if let Some((epoch, renewed)) = lease {
                *self.own.epoch.lock() = Some(epoch);
                self.own.lease.note(Some(renewed));
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
        let mut acquired = self.shard.first_writer().await?;
        let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
        let renewed = lease::check(&mut transaction, &self.own.world, Some(epoch), &self.own.lease).await?;
        transaction.commit().await?;
        self.own.lease.note(renewed);
        self.shard.written(acquired).await
    }

    async fn release_lease(&self) -> Result<(), StoreError> {
        let query = self.query(
            "UPDATE world_leases SET epoch = epoch + 1, holder = NULL, renewed_at = MAX(renewed_at, ?3)
             WHERE world_id = ?1 AND epoch = ?2",
        );
        let mut acquired = self.shard.first_writer().await?;
        query.bind(self.epoch()).bind(now().to_string()).execute(&mut acquired.connection).await?;
        acquired.release();
        *self.own.epoch.lock() = None;
        Ok(())
    }
}

#[async_trait]
impl History for SqliteStore {
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let ticks = log::read(&mut acquired.connection, &self.own.world, after, events_max).await?;
        acquired.release();
        Ok(ticks)
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let words = log::words(&mut acquired.connection, &self.own.world, after, lines_max).await?;
        acquired.release();
        Ok(words)
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let count = log::word_count(&mut acquired.connection, &self.own.world, after).await?;
        acquired.release();
        Ok(count)
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let tick = log::tick_before(&mut acquired.connection, &self.own.world, records).await?;
        acquired.release();
        Ok(tick)
    }

    async fn arrival(&self, session_id: SessionId, after: Tick) -> Result<Option<Tick>, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let tick = log::arrival(&mut acquired.connection, &self.own.world, session_id, after).await?;
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
        self.shard.watched.still_there().map_err(|error| self.shard.lost(error))
    }

    async fn maintain(&self) -> Result<(), StoreError> {
        self.check_and_checkpoint().await
    }

    async fn close(&self) {
        if self.is_last_closed() {
            self.checkpoint_and_close().await;
        }
    }
}
