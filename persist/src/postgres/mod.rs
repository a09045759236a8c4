//! The store on Postgres. Owns its connections and answers the calls of [`Store`](crate::Store);
//! every successful write is durable (`synchronous_commit=on`) before it returns.
//!
//! Batches have connections of their own, so that nothing else can make a tick wait. Every call
//! has a deadline: a database that hangs is as unavailable as one that is gone. A call given up at
//! its deadline may still take effect; all writes here are idempotent for that reason.

mod array;
mod commit;
pub(crate) mod copies;
mod deadlines;
mod history;
mod lease;
mod log;
mod migrations;
mod names;
mod newcomers;
mod opening;
mod parameters;
mod replicated;
mod retention;
mod rows;
mod shard;
mod snapshots;

pub(crate) use self::opening::explained;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Connection as _, Postgres};
use tilemud_schema::{LoggedTick, Seq, SessionId, Tick};

use self::deadlines::{CALL_TIMEOUT, COMMIT_TIMEOUT, PING_TIMEOUT, SLOW_TIMEOUT, within};
use self::migrations::{MIGRATIONS, all_there, applied, exists};
use self::rows::Timestamptz;
use self::shard::Shard;
use crate::access::{Access, OpenMode};
use crate::failure;
use crate::sql::{self, Creations, New, Sql, Steps, Value};
use crate::store::{
    Batch, CommitLog, CommitReport, History, Lease, LeaseRequest, LeaseState, LoggedWords, Maintenance, StoreError,
    StoredAction, WordCount,
};
use crate::tables;
use crate::versions::Versions;

type Query<'a> = sqlx::query::Query<'a, Postgres, PgArguments>;

/// The store of one world in a Postgres database, which others may share.
pub(crate) struct PostgresStore {
    shard: Arc<Shard>,
    world: Arc<str>,
    epoch: Mutex<Option<i64>>,
    lease: lease::Own,
    versions: Versions,
    creations: Creations,
    written: commit::Written,
    is_closed: AtomicBool,
}

/// One connection to the database of a store, for what is no call of a store.
async fn connection(access: &Access<'_>) -> Result<PgConnection, StoreError> {
    let (options, place) = opening::options(access)?;
    Ok(opening::connect(options, &place).await?.0)
}

impl PostgresStore {
    fn new(shard: &Arc<Shard>, world: &str) -> Self {
        shard.open.fetch_add(1, Ordering::AcqRel);
        Self {
            shard: Arc::clone(shard),
            world: world.into(),
            epoch: Mutex::default(),
            lease: lease::Own::default(),
            versions: Versions::default(),
            creations: Creations::default(),
            written: commit::Written::default(),
            is_closed: AtomicBool::default(),
        }
    }

    /// Opens the stores of these worlds, which share their connections.
    pub(crate) async fn open(access: &Access<'_>, worlds: &[&str]) -> Result<Vec<Self>, StoreError> {
        let (options, place) = opening::options(access)?;
        let (mut connection, options) = opening::connect(options, &place).await?;
        opening::check(&mut connection, &options, &place).await?;
        let shard = Arc::new(Shard::new(&options, access.mode, worlds));
        let stores: Vec<Self> = worlds.iter().map(|world| Self::new(&shard, world)).collect();
        if access.mode < OpenMode::Create {
            within(CALL_TIMEOUT, exists(&mut connection)).await?;
        }
        if access.mode < OpenMode::Migrate {
            let (applied, oldest) = within(CALL_TIMEOUT, applied(&mut connection)).await?;
            tables::check_unchanged(&applied, &MIGRATIONS, oldest, &format!("the {place}"))?;
            within(CALL_TIMEOUT, all_there(&mut connection, &place.to_string())).await?;
            return Ok(stores);
        }
        migrations::tell(&shard.others, &place).await;
        // Without a deadline: a migration of a large table takes its time, and one server waits
        // here for another's.
        tokio::select! {
            migrated = MIGRATIONS.run(&mut connection) => migrated.map_err(|error| failure::of_migration(error, &format!("the {place}"), |error| {
                opening::refusal(&error, &place)
            }))?,
            () = shard.until_it_hangs() => return Err(opening::away(&place, "it has stopped answering", None)),
        }
        // Only now: a newer program may have been at work while this one waited.
        let (applied, oldest) = within(CALL_TIMEOUT, applied(&mut connection)).await?;
        tables::check(&applied, &MIGRATIONS, oldest, &format!("the {place}"))?;
        within(CALL_TIMEOUT, all_there(&mut connection, &place.to_string())).await?;
        for store in &stores {
            tokio::select! {
                keyed = store.key_names(&mut connection) => keyed?,
                () = shard.until_it_hangs() => return Err(opening::away(&place, "it has stopped answering", None)),
            }
        }
        Ok(stores)
    }

    async fn read(&self, query: Query<'_>) -> Result<Option<PgRow>, StoreError> {
        within(CALL_TIMEOUT, async {
            let mut acquired = self.shard.others.acquire_tested().await?;
            let row = query.fetch_optional(&mut acquired.connection).await?;
            acquired.release();
            Ok(row)
        })
        .await
    }

    async fn read_all(&self, query: Query<'_>) -> Result<Vec<PgRow>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let rows = query.fetch_all(&mut acquired.connection).await?;
            acquired.release();
            Ok(rows)
        })
        .await
    }

    async fn write(&self, query: Query<'_>) -> Result<u64, StoreError> {
        self.durably(CALL_TIMEOUT, async {
            let mut acquired = self.shard.others.acquire_tested().await?;
            let done = query.execute(&mut acquired.connection).await?;
            acquired.release();
            Ok(done.rows_affected())
        })
        .await
    }

    /// Counts this store as closed, once. True when it was the last one of its connections.
    fn is_last_closed(&self) -> bool {
        !self.is_closed.swap(true, Ordering::AcqRel) && self.shard.is_last_closed()
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

impl Drop for PostgresStore {
    fn drop(&mut self) {
        // Whoever closes the last of the others closes the connections.
        self.is_last_closed();
    }
}

/// `query` with these values after the world.
fn bound<'a>(query: Query<'a>, values: &'a [Value<'a>]) -> Query<'a> {
    values.iter().fold(query, |query, value| match value {
        Value::Id(id) => query.bind(*id),
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(*text),
        Value::MaybeText(text) => query.bind(*text),
        Value::Bytes(bytes) => query.bind(*bytes),
        Value::MaybeBytes(bytes) => query.bind(*bytes),
        Value::Document(document) => query.bind(Json(*document)),
        Value::Time(time) => query.bind(Timestamptz(*time)),
    })
}

#[async_trait]
impl Sql for PostgresStore {
    type Row = PgRow;

    fn lease_epoch(&self) -> Option<i64> {
        self.epoch()
    }

    fn versions(&self) -> &Versions {
        &self.versions
    }

    async fn row(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<PgRow>, StoreError> {
        self.read(bound(self.query(statement), values)).await
    }

    async fn rows(&self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<PgRow>, StoreError> {
        self.read_all(bound(self.query(statement), values)).await
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
        self.durably(CALL_TIMEOUT, async {
            let mut acquired = self.shard.others.acquire_tested().await?;
            let mut transaction = acquired.connection.begin().await?;
            let steps = &mut InTransaction { world: &self.world, connection: &mut transaction };
            let is_whole = sql::insert_all(steps, characters).await?;
            if is_whole {
                transaction.commit().await?;
            } else {
                transaction.rollback().await?;
            }
            acquired.release();
            Ok(is_whole)
        })
        .await
    }
}

struct InTransaction<'a> {
    world: &'a str,
    connection: &'a mut PgConnection,
}

#[async_trait]
impl Steps for InTransaction<'_> {
    type Row = PgRow;

    async fn rows(&mut self, statement: String, values: &[Value<'_>]) -> Result<Vec<PgRow>, StoreError> {
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false).bind(self.world);
        Ok(bound(query, values).fetch_all(&mut *self.connection).await?)
    }
}

#[async_trait]
impl CommitLog for PostgresStore {
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError> {
        self.durably(COMMIT_TIMEOUT, async {
            let mut acquired = self.shard.writer.acquire().await?;
            let (lease, connection) = ((self.epoch(), &self.lease), &mut acquired.connection);
            let report = commit::write(connection, &self.world, lease, batch, &self.versions, &self.written).await?;
            acquired.release();
            Ok(report)
        })
        .await
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        self.durably(CALL_TIMEOUT, async {
            let mut acquired = self.shard.others.acquire_tested().await?;
            let mut transaction = acquired.connection.begin().await?;
            lease::check(&mut transaction, &self.world, self.epoch(), &self.lease).await?;
            // A statement of its own: it sees what the one before it had to wait for.
            let is_stored = commit::is_stored(&mut transaction, &self.world, batch).await?;
            transaction.commit().await?;
            acquired.release();
            Ok(is_stored)
        })
        .await
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
impl Lease for PostgresStore {
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError> {
        self.durably(CALL_TIMEOUT, async {
            loop {
                let mut acquired = self.shard.others.acquire_tested().await?;
                let epoch = lease::acquire(&mut acquired.connection, &self.world, request).await?;
                acquired.release();
                if epoch.is_some() {
                    *self.epoch.lock() = epoch;
                    return Ok(());
                }
                // If it was given back in between, there is a next try.
                if let Some(LeaseState { holder, .. }) = self.lease().await? {
                    return Err(StoreError::Held { holder });
                }
            }
        })
        .await
    }

    async fn lease(&self) -> Result<Option<LeaseState>, StoreError> {
        self.read(self.query(lease::STATE)).await?.as_ref().map_or(Ok(None), lease::state)
    }

    async fn renew_lease(&self) -> Result<(), StoreError> {
        let Some(epoch) = self.epoch() else { return Err(StoreError::Fenced) };
        self.durably(CALL_TIMEOUT, async {
            let mut acquired = self.shard.writer.acquire_tested().await?;
            lease::check(&mut acquired.connection, &self.world, Some(epoch), &self.lease).await?;
            acquired.release();
            Ok(())
        })
        .await
    }

    async fn release_lease(&self) -> Result<(), StoreError> {
        let query = self.query(
            "UPDATE world_leases SET epoch = epoch + 1, holder = NULL,
                 renewed_at = GREATEST(clock_timestamp(), renewed_at)
             WHERE world_id = $1 AND epoch = $2",
        );
        // From here on there is no lease to be sure with.
        let epoch = self.epoch.lock().take();
        let released = self.write(query.bind(epoch)).await;
        if released.is_err() {
            *self.epoch.lock() = epoch;
        }
        released.map(|_| ())
    }
}

#[async_trait]
impl History for PostgresStore {
    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.log_readers.acquire_tested().await?;
            let ticks = log::read(&mut acquired.connection, &self.world, after, events_max).await?;
            acquired.release();
            Ok(ticks)
        })
        .await
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let words = log::words(&mut acquired.connection, &self.world, after, lines_max).await?;
            acquired.release();
            Ok(words)
        })
        .await
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let count = log::word_count(&mut acquired.connection, &self.world, after).await?;
            acquired.release();
            Ok(count)
        })
        .await
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let tick = log::tick_before(&mut acquired.connection, &self.world, records).await?;
            acquired.release();
            Ok(tick)
        })
        .await
    }

    async fn arrival(&self, session_id: SessionId, after: Tick) -> Result<Option<Tick>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let tick = log::arrival(&mut acquired.connection, &self.world, session_id, after).await?;
            acquired.release();
            Ok(tick)
        })
        .await
    }
}

#[async_trait]
impl Maintenance for PostgresStore {
    async fn worlds(&self) -> Result<Vec<String>, StoreError> {
        self.list_worlds().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        within(PING_TIMEOUT, async {
            self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = $1")).await?;
            Ok(())
        })
        .await
    }

    async fn close(&self) {
        if self.is_last_closed() {
            self.shard.close().await;
        }
    }
}
