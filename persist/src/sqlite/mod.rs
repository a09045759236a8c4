//! The embedded store: one SQLite file. Owns its connections and says which statement answers which call of
//! [`Store`]; every successful write is on the disk (`synchronous=FULL`) before it returns.
//!
//! There is one writer, because SQLite has only one anyway and waiting in a queue is fairer than its busy
//! loop; readers have a small pool of their own and never wait for the writer (WAL).

mod commit;
mod file;
mod fold;
mod history;
mod issuers;
mod lease;
mod log;
mod names;
mod newcomers;
mod opening;
mod refusal;
mod retention;
mod rows;
mod snapshots;

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Connection as _, Row};
use tilemud_schema::{CharacterId, LoggedTick, Seq, SessionId, Tick, Timestamp, UserId};

use self::file::Watched;
use self::fold::Folding;
use self::rows::{profile, session, text_of_uuid};
use crate::column::{now, seq_column, seq_value, tick_value};
use crate::connections::{Connections, Lent};
use crate::store::{
    Batch, CharacterProfile, ClockJump, ClockSigns, CommitReport, HandChange, KnownIssuer, LeaseRequest, LeaseState,
    LoggedWords, NamedCharacter, NewCharacter, RetentionReport, SessionRecord, Store, StoreError, StoredAction,
    StoredSnapshot, Unfit, WordCount,
};
use crate::versions::Versions;

const READERS_MAX: u32 = 4;
/// Memory of the writing connection for pages, in KiB (negative, as SQLite wants it): with its own default of 2 MB a large
/// log is read again from the system page by page with every batch, because ids are spread all over the indexes.
const WRITER_CACHE: &str = "-32768";
/// Longest wait for another process that has the file locked, for instance a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const PROFILE_BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = ?1 AND user_id = ?2";
const PROFILE_BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = ?1 AND character_id = ?2";

/// Whether the writer with epoch ?2 may write; the cheap form of [`lease::check`], for a statement that is a transaction
/// by itself.
macro_rules! may_write {
    () => {
        "(EXISTS (SELECT 1 FROM world_leases WHERE world_id = ?1 AND epoch = ?2)
          OR (?2 IS NULL AND NOT EXISTS (SELECT 1 FROM world_leases WHERE world_id = ?1)))"
    };
}

/// An error of the store at this path, in words when its file is to blame.
pub(crate) fn explained(error: StoreError, path: &Path) -> StoreError {
    refusal::explained(error, path)
}

type Query<'a> = sqlx::query::Query<'a, sqlx::Sqlite, SqliteArguments>;

/// The store of one world in one file.
pub(crate) struct SqliteStore {
    world: Arc<str>,
    writer: Connections<SqliteConnection>,
    readers: Connections<SqliteConnection>,
    epoch: Mutex<Option<i64>>,
    lease: lease::Own,
    versions: Versions,
    snapshot_turn: tokio::sync::Mutex<()>,
    watched: Watched,
    folding: Folding,
    /// What has become of the file, once it is not ours any more or damaged.
    lost: OnceLock<Lost>,
}

/// Why nothing more is written.
enum Lost {
    /// The file was taken away.
    Gone(String),
    /// It is damaged.
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
            let mut lent = self.readers.lend().await?;
            let row = query.fetch_optional(&mut lent.connection).await?;
            lent.give_back();
            Ok(row)
        };
        reading.await.map_err(|error| self.lost(error))
    }

    /// The connection that writes, unless there is nothing left to write to.
    async fn writer(&self) -> Result<Lent<'_, SqliteConnection>, StoreError> {
        match self.lost.get() {
            Some(lost) => Err(lost.error()),
            None => self.writer.lend().await,
        }
    }

    /// Passes an error on; if it means that the file is lost, nothing is written from now on.
    fn lost(&self, error: StoreError) -> StoreError {
        let is_damage = matches!(error, StoreError::Unfit { reason: Unfit::Damaged, .. });
        // Half of another file under what we remember of ours looks like damage.
        let another = if is_damage && self.epoch().is_some() { self.watched.still_ours().err() } else { None };
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

    /// As [`Self::lost`], but a database that was put back through SQLite itself is whole, and closed as any other.
    fn damaged(&self, error: StoreError) -> StoreError {
        if matches!(error, StoreError::Gone { .. }) { error } else { self.lost(error) }
    }

    async fn write(&self, query: Query<'_>) -> Result<u64, StoreError> {
        let mut lent = self.writer().await?;
        let done = query.execute(&mut lent.connection).await?;
        lent.give_back();
        Ok(done.rows_affected())
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
             SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE ",
            may_write!(),
            " ON CONFLICT (world_id, session_id) DO UPDATE SET
                 token_hash = excluded.token_hash, previous_token_hash = excluded.previous_token_hash,
                 token_expires_at = excluded.token_expires_at",
        ));
        query
            .bind(self.epoch())
            .bind(text_of_uuid(record.session_id.0))
            .bind(&*record.user_id.0)
            .bind(text_of_uuid(record.character_id.0))
            .bind(&record.token_hash[..])
            .bind(record.previous_token_hash.as_ref().map(|hash| &hash[..]))
            .bind(record.token_expires_at.to_string())
            .bind(record.started_at.to_string())
    }

    /// A statement whose first parameter is the world.
    fn query<'a>(&'a self, statement: &'static str) -> Query<'a> {
        sqlx::query(statement).bind(&*self.world)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError> {
        let mut lent = self.writer().await?;
        let lease = (self.epoch(), &self.lease);
        let report = commit::write(&mut lent.connection, &self.world, lease, batch, &self.versions).await;
        let report = report.map_err(|error| self.damaged(error))?;
        lent.give_back();
        // What went into a file that nobody can find any more is not stored.
        self.watched.still_there().map_err(|error| self.lost(error))?;
        Ok(report)
    }

    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError> {
        let mut lent = self.writer().await?;
        // The lock of the writer: whatever an abandoned connection was doing is over when it is granted.
        let mut transaction = lent.connection.begin_with("BEGIN IMMEDIATE").await?;
        let renewed = lease::check(&mut transaction, &self.world, self.epoch(), &self.lease).await?;
        let is_stored = commit::is_stored(&mut transaction, &self.world, batch).await?;
        transaction.commit().await?;
        self.lease.note(renewed);
        lent.give_back();
        self.watched.still_there().map_err(|error| self.lost(error))?;
        Ok(is_stored)
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        let row = self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = ?1")).await?;
        row.map_or(Ok(0), |row| tick_value(row.try_get("last_tick")?))
    }

    async fn committed_tick(&self) -> Result<Tick, StoreError> {
        let query = self.query("SELECT tick FROM world_ticks WHERE world_id = ?1 ORDER BY tick DESC LIMIT 1");
        self.read(query).await?.map_or(Ok(0), |row| tick_value(row.try_get("tick")?))
    }

    async fn read_log(&self, after: Tick, events_max: usize) -> Result<Vec<LoggedTick>, StoreError> {
        let mut lent = self.readers.lend().await?;
        let ticks = log::read(&mut lent.connection, &self.world, after, events_max).await?;
        lent.give_back();
        Ok(ticks)
    }

    async fn read_words(&self, after: Tick, lines_max: usize) -> Result<Vec<LoggedWords>, StoreError> {
        let mut lent = self.readers.lend().await?;
        let words = log::words(&mut lent.connection, &self.world, after, lines_max).await?;
        lent.give_back();
        Ok(words)
    }

    async fn count_words(&self, after: Tick) -> Result<WordCount, StoreError> {
        let mut lent = self.readers.lend().await?;
        let count = log::word_count(&mut lent.connection, &self.world, after).await?;
        lent.give_back();
        Ok(count)
    }

    async fn tick_before(&self, records: usize) -> Result<Tick, StoreError> {
        let mut lent = self.readers.lend().await?;
        let tick = log::tick_before(&mut lent.connection, &self.world, records).await?;
        lent.give_back();
        Ok(tick)
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
        loop {
            let mut lent = self.writer().await?;
            // Begun and ended expressly: a statement that answers with a row may end only after its answer.
            let mut transaction = lent.connection.begin_with("BEGIN IMMEDIATE").await?;
            let acquired = lease::acquire(&mut transaction, &self.world, request).await?;
            transaction.commit().await?;
            lent.give_back();
            if let Some((epoch, renewed)) = acquired {
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
        let mut lent = self.writer().await?;
        let mut transaction = lent.connection.begin_with("BEGIN IMMEDIATE").await?;
        let renewed = lease::check(&mut transaction, &self.world, Some(epoch), &self.lease).await?;
        transaction.commit().await?;
        lent.give_back();
        self.lease.note(renewed);
        self.watched.still_there().map_err(|error| self.lost(error))
    }

    async fn release_lease(&self) -> Result<(), StoreError> {
        let query = self.query(
            "UPDATE world_leases SET epoch = epoch + 1, holder = NULL, renewed_at = MAX(renewed_at, ?3)
             WHERE world_id = ?1 AND epoch = ?2",
        );
        self.write(query.bind(self.epoch()).bind(now().to_string())).await?;
        *self.epoch.lock() = None;
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
        self.write(self.query("DELETE FROM clock_jumps WHERE world_id = ?1")).await.map(drop)
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
        self.read_profile(self.query(PROFILE_BY_ID).bind(text_of_uuid(character_id.0))).await
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        let mut lent = self.writer().await?;
        self.insert_character(&mut lent.connection, character).await?;
        let row = sqlx::query(PROFILE_BY_USER)
            .bind(&*self.world)
            .bind(&*character.user_id.0)
            .fetch_optional(&mut lent.connection)
            .await?;
        lent.give_back();
        let profile = row.as_ref().map_or(Err(StoreError::NameTaken), profile)?;
        self.versions.note_read(&profile);
        Ok(profile)
    }

    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError> {
        self.note_newcomer(character_id).await
    }

    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError> {
        let mut lent = self.readers.lend().await?;
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
        let mut lent = self.writer().await?;
        let mut transaction = lent.connection.begin_with("BEGIN IMMEDIATE").await?;
        for record in records {
            if self.save_session_query(record).execute(&mut *transaction).await?.rows_affected() == 0 {
                return Err(StoreError::Fenced);
            }
        }
        transaction.commit().await?;
        lent.give_back();
        Ok(())
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        let query =
            self.query("SELECT * FROM sessions WHERE world_id = ?1 AND (token_hash = ?2 OR previous_token_hash = ?2)");
        let row = self.read(query.bind(&token_hash[..])).await?;
        row.as_ref().map(session).transpose()
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        let query =
            self.query(concat!("DELETE FROM sessions WHERE world_id = ?1 AND session_id = ?3 AND ", may_write!(),));
        self.write(query.bind(self.epoch()).bind(text_of_uuid(session_id.0))).await?;
        Ok(())
    }

    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError> {
        let query = self.query(
            "SELECT sequence_number FROM action_events WHERE world_id = ?1 AND session_id = ?2
             ORDER BY sequence_number DESC LIMIT 1",
        );
        let row = self.read(query.bind(text_of_uuid(session_id.0))).await?;
        row.map_or(Ok(0), |row| seq_value(row.try_get("sequence_number")?))
    }

    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError> {
        let query = self.query(
            "SELECT action_id, persisted_at FROM action_events
             WHERE world_id = ?1 AND session_id = ?2 AND sequence_number = ?3",
        );
        let query = query.bind(text_of_uuid(session_id.0)).bind(seq_column(seq)?);
        self.read(query).await?.as_ref().map(rows::stored_action).transpose()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // Reads the file, where a bare SELECT 1 would not.
        self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = ?1")).await?;
        self.watched.still_there().map_err(|error| self.lost(error))
    }

    async fn look_after(&self) -> Result<(), StoreError> {
        self.keep_in_order().await
    }

    async fn close(&self) {
        self.fold_and_close().await;
    }
}
