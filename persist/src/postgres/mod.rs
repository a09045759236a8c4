//! The store on Postgres. Owns its connections and says which statement answers which call of [`Store`]; every
//! successful write is durable (`synchronous_commit=on`) before it returns.
//!
//! Batches have a connection of their own, so that nothing else can make a tick wait. Every call has a deadline: a
//! database that hangs is as unavailable as one that is gone. A call given up at its deadline may still take effect;
//! all writes here are idempotent for that reason.

mod array;
mod commit;
mod history;
mod issuers;
mod lease;
mod log;
mod names;
mod newcomers;
mod opening;
mod retention;
mod rows;
mod snapshots;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::{Connection as _, Postgres, Row};
use tilemud_schema::{CharacterId, LoggedTick, Seq, SessionId, Tick, Timestamp, UserId};
use tokio::time::timeout;

use self::rows::{Timestamptz, profile, session};
use crate::Access;
use crate::column::{seq_column, seq_value, tick_value};
use crate::connections::{Connections, unavailable};
use crate::failure;
use crate::store::{
    Batch, CharacterProfile, ClockJump, ClockSigns, CommitReport, HandChange, KnownIssuer, LeaseRequest, LeaseState,
    LoggedWords, NamedCharacter, NewCharacter, RetentionReport, SessionRecord, Store, StoreError, StoredAction,
    StoredSnapshot, Unfit, WordCount,
};
use crate::versions::Versions;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

/// Connections beside the writing one. They answer bootstraps and duplicates, a few round trips each.
const CONNECTIONS_MAX: u32 = 8;
const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// How often it is looked whether a database that is migrating still lives.
const LIFE_SIGN_EVERY: Duration = Duration::from_secs(2);
/// It may be busy.
const LIFE_SIGNS_MISSED_MAX: u32 = 2;
const COMMIT_TIMEOUT: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// For what moves much data and nobody waits for in play: the log, snapshots, retention.
const SLOW_TIMEOUT: Duration = Duration::from_secs(60);
/// Connections for that.
const SLOW_CONNECTIONS_MAX: u32 = 2;
/// The database's own limit ends what we gave up; a little shorter than the deadlines, so that its word comes first.
const STATEMENT_TIMEOUT_MS: &str = "4500";
const COMMIT_STATEMENT_TIMEOUT_MS: &str = "9500";
const SLOW_STATEMENT_TIMEOUT_MS: &str = "59500";

const PROFILE_BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND user_id = $2";
const PROFILE_BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND character_id = $2";

/// Whether the writer with epoch $2 may write; the cheap form of [`lease::check`], without its lock.
macro_rules! may_write {
    () => {
        "(EXISTS (SELECT FROM world_leases WHERE world_id = $1 AND epoch = $2)
          OR ($2::bigint IS NULL AND NOT EXISTS (SELECT FROM world_leases WHERE world_id = $1)))"
    };
}
use may_write;

type Query<'a> = sqlx::query::Query<'a, Postgres, PgArguments>;

/// The store of one world in a Postgres database.
pub(crate) struct PostgresStore {
    world: Arc<str>,
    writer: Connections<PgConnection>,
    others: Connections<PgConnection>,
    slow: Connections<PgConnection>,
    log_readers: Connections<PgConnection>,
    epoch: Mutex<Option<i64>>,
    lease: lease::Own,
    versions: Versions,
    written: commit::Written,
}

impl PostgresStore {
    pub(crate) async fn open(access: &Access<'_>, world: &str) -> Result<Self, StoreError> {
        let (options, place) = opening::options(access)?;
        let (mut connection, options) = opening::connect(options, &place).await?;
        opening::check(&mut connection, &options, &place).await?;
        let connections = |places: u32, limit: &str, further: &str| {
            let settings = format!("SET synchronous_commit = on; SET statement_timeout = {limit}; {further}");
            Connections::new(options.clone(), places).beginning_with(settings)
        };
        let store = Self {
            world: world.into(),
            writer: connections(1, COMMIT_STATEMENT_TIMEOUT_MS, ""),
            others: connections(CONNECTIONS_MAX, STATEMENT_TIMEOUT_MS, ""),
            slow: connections(SLOW_CONNECTIONS_MAX, SLOW_STATEMENT_TIMEOUT_MS, ""),
            log_readers: connections(SLOW_CONNECTIONS_MAX, SLOW_STATEMENT_TIMEOUT_MS, log::SESSION_SETTINGS),
            epoch: Mutex::default(),
            lease: lease::Own::default(),
            versions: Versions::default(),
            written: commit::Written::default(),
        };
        if access.must_exist {
            within(CALL_TIMEOUT, exists(&mut connection)).await?;
        }
        // Without a deadline: a migration of a large table takes its time, and one server waits here for another's.
        tokio::select! {
            migrated = MIGRATIONS.run(&mut connection) => migrated.map_err(|error| failure::of_migration(error, &format!("the {place}"), |error| {
                opening::refusal(&error, &place)
            }))?,
            () = store.until_it_hangs() => return Err(opening::away(&place, "it has stopped answering", None)),
        }
        tokio::select! {
            keyed = store.key_names(&mut connection) => keyed?,
            () = store.until_it_hangs() => return Err(opening::away(&place, "it has stopped answering", None)),
        }
        Ok(store)
    }

    /// Waits until the database has not answered anything for a while.
    async fn until_it_hangs(&self) {
        let answer = async || {
            let mut lent = self.others.lend().await?;
            lent.connection.ping().await?;
            lent.give_back();
            Ok(())
        };
        let mut missed = 0;
        loop {
            tokio::time::sleep(LIFE_SIGN_EVERY).await;
            match within(CALL_TIMEOUT, answer()).await {
                Ok(()) => missed = 0,
                Err(_) if missed == LIFE_SIGNS_MISSED_MAX => return,
                Err(_) => missed += 1,
            }
        }
    }

    async fn read(&self, query: Query<'_>) -> Result<Option<PgRow>, StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            let row = query.fetch_optional(&mut lent.connection).await?;
            lent.give_back();
            Ok(row)
        })
        .await
    }

    async fn write(&self, query: Query<'_>) -> Result<u64, StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            let done = query.execute(&mut lent.connection).await?;
            lent.give_back();
            Ok(done.rows_affected())
        })
        .await
    }

    /// The epoch of the lease this store has acquired, if it has.
    fn epoch(&self) -> Option<i64> {
        *self.epoch.lock()
    }

    async fn read_profile(&self, query: Query<'_>) -> Result<Option<CharacterProfile>, StoreError> {
        let profile = self.read(query).await?.as_ref().map(profile).transpose()?;
        profile.iter().for_each(|profile| self.versions.note_read(profile));
        Ok(profile)
    }

    /// Writes one session, or no row when the lease is gone.
    fn save_session_query<'a>(&'a self, record: &'a SessionRecord) -> Query<'a> {
        let query = self.query(concat!(
            "INSERT INTO sessions (world_id, session_id, user_id, character_id, token_hash, previous_token_hash,
                 token_expires_at, started_at)
             SELECT $1, $3, $4, $5, $6, $7, $8, $9 WHERE ",
            may_write!(),
            " ON CONFLICT (world_id, session_id) DO UPDATE SET
                 token_hash = excluded.token_hash, previous_token_hash = excluded.previous_token_hash,
                 token_expires_at = excluded.token_expires_at",
        ));
        query
            .bind(self.epoch())
            .bind(record.session_id.0)
            .bind(&*record.user_id.0)
            .bind(record.character_id.0)
            .bind(&record.token_hash[..])
            .bind(record.previous_token_hash.as_ref().map(|hash| &hash[..]))
            .bind(Timestamptz(record.token_expires_at))
            .bind(Timestamptz(record.started_at))
    }

    /// A statement whose first parameter is the world.
    fn query<'a>(&'a self, statement: &'static str) -> Query<'a> {
        sqlx::query(statement).bind(&*self.world)
    }
}

async fn within<T>(limit: Duration, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    timeout(limit, call).await.map_err(unavailable)?
}

/// Whether there are tables of ours at all.
async fn exists(connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT to_regclass('world_state') IS NOT NULL AS is_there").fetch_one(connection).await?;
    if row.try_get("is_there")? {
        return Ok(());
    }
    let what = "there is no store in the database of --database-url: it has no tables of this program".to_owned();
    Err(StoreError::Unfit { reason: Unfit::Missing, what })
}

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError> {
        within(COMMIT_TIMEOUT, async {
            let mut lent = self.writer.lend().await?;
            let (lease, connection) = ((self.epoch(), &self.lease), &mut lent.connection);
            let report = commit::write(connection, &self.world, lease, batch, &self.versions, &self.written).await?;
            lent.give_back();
            Ok(report)
        })
        .await
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            let mut transaction = lent.connection.begin().await?;
            lease::check(&mut transaction, &self.world, self.epoch(), &self.lease).await?;
            // A statement of its own: it sees what the one before it had to wait for.
            let is_stored = commit::is_stored(&mut transaction, &self.world, batch).await?;
            transaction.commit().await?;
            lent.give_back();
            Ok(is_stored)
        })
        .await
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        let row = self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = $1")).await?;
        row.map_or(Ok(0), |row| tick_value(row.try_get("last_tick")?))
    }

    async fn committed_tick(&self) -> Result<Tick, StoreError> {
        let query = self.query("SELECT tick FROM world_ticks WHERE world_id = $1 ORDER BY tick DESC LIMIT 1");
        self.read(query).await?.map_or(Ok(0), |row| tick_value(row.try_get("tick")?))
    }

    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut lent = self.log_readers.lend_tested().await?;
            let ticks = log::read(&mut lent.connection, &self.world, after, events_max).await?;
            lent.give_back();
            Ok(ticks)
        })
        .await
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut lent = self.slow.lend_tested().await?;
            let words = log::words(&mut lent.connection, &self.world, after, lines_max).await?;
            lent.give_back();
            Ok(words)
        })
        .await
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut lent = self.slow.lend_tested().await?;
            let count = log::word_count(&mut lent.connection, &self.world, after).await?;
            lent.give_back();
            Ok(count)
        })
        .await
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut lent = self.slow.lend_tested().await?;
            let tick = log::tick_before(&mut lent.connection, &self.world, records).await?;
            lent.give_back();
            Ok(tick)
        })
        .await
    }

    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError> {
        self.write_snapshot(snapshot).await
    }

    async fn newest_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError> {
        self.read_snapshot(None).await
    }

    async fn snapshot(&self, tick: Tick) -> Result<Option<StoredSnapshot>, StoreError> {
        self.read_snapshot(Some(tick)).await
    }

    async fn snapshot_ticks(&self) -> Result<Vec<Tick>, StoreError> {
        self.list_snapshots().await
    }

    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<(), StoreError> {
        within(CALL_TIMEOUT, async {
            loop {
                let mut lent = self.others.lend_tested().await?;
                let epoch = lease::acquire(&mut lent.connection, &self.world, request).await?;
                lent.give_back();
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
        within(CALL_TIMEOUT, async {
            let mut lent = self.writer.lend_tested().await?;
            lease::check(&mut lent.connection, &self.world, Some(epoch), &self.lease).await?;
            lent.give_back();
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
        self.write(query.bind(self.epoch())).await?;
        Ok(())
    }

    async fn retain(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        self.delete_old(now, keep_days).await
    }

    async fn retention_plan(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        self.count_old(now, keep_days).await
    }

    async fn clock_signs(&self) -> Result<ClockSigns, StoreError> {
        self.read_clock_signs().await
    }

    async fn note_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError> {
        self.write_clock_jump(jump).await
    }

    async fn forget_clock_jumps(&self) -> Result<(), StoreError> {
        self.write(self.query("DELETE FROM clock_jumps WHERE world_id = $1")).await.map(drop)
    }

    async fn worlds(&self) -> Result<Vec<String>, StoreError> {
        self.list_worlds().await
    }

    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError> {
        self.read_hand_changes().await
    }

    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read_profile(self.query(PROFILE_BY_USER).bind(&*user_id.0)).await
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read_profile(self.query(PROFILE_BY_ID).bind(character_id.0)).await
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            self.insert_character(&mut lent.connection, character).await?;
            lent.give_back();
            Ok(())
        })
        .await?;
        self.find_character(&character.user_id).await?.ok_or(StoreError::NameTaken)
    }

    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError> {
        self.note_newcomer(character_id).await
    }

    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError> {
        let mut lent = self.slow.lend_tested().await?;
        let names = self.list_names(&mut lent.connection).await?;
        lent.give_back();
        Ok(names)
    }

    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError> {
        self.list_issuers().await
    }

    async fn note_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError> {
        self.write_issuer(issuer).await
    }

    async fn save_session(&self, record: &SessionRecord) -> Result<(), StoreError> {
        match self.write(self.save_session_query(record)).await? {
            0 => Err(StoreError::Fenced),
            _ => Ok(()),
        }
    }

    async fn save_sessions(&self, records: &[SessionRecord]) -> Result<(), StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            let mut transaction = lent.connection.begin().await?;
            for record in records {
                if self.save_session_query(record).execute(&mut *transaction).await?.rows_affected() == 0 {
                    return Err(StoreError::Fenced);
                }
            }
            transaction.commit().await?;
            lent.give_back();
            Ok(())
        })
        .await
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        let query =
            self.query("SELECT * FROM sessions WHERE world_id = $1 AND (token_hash = $2 OR previous_token_hash = $2)");
        self.read(query.bind(&token_hash[..])).await?.as_ref().map(session).transpose()
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        let query =
            self.query(concat!("DELETE FROM sessions WHERE world_id = $1 AND session_id = $3 AND ", may_write!(),));
        self.write(query.bind(self.epoch()).bind(session_id.0)).await?;
        Ok(())
    }

    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError> {
        let query = self.query(
            "SELECT sequence_number FROM action_events WHERE world_id = $1 AND session_id = $2
             ORDER BY sequence_number DESC LIMIT 1",
        );
        let row = self.read(query.bind(session_id.0)).await?;
        row.map_or(Ok(0), |row| seq_value(row.try_get("sequence_number")?))
    }

    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError> {
        let query = self.query(
            "SELECT action_id, persisted_at FROM action_events
             WHERE world_id = $1 AND session_id = $2 AND sequence_number = $3",
        );
        let query = query.bind(session_id.0).bind(seq_column(seq)?);
        self.read(query).await?.as_ref().map(rows::stored_action).transpose()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        within(PING_TIMEOUT, async {
            self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = $1")).await?;
            Ok(())
        })
        .await
    }
    async fn close(&self) {
        for connections in [&self.writer, &self.others, &self.slow, &self.log_readers] {
            connections.close().await;
        }
    }
}
