//! The embedded store: one SQLite file. Owns its connections and says which statement answers which call of
//! [`Store`]; every successful write is on the disk (`synchronous=FULL`) before it returns.
//!
//! There is one writer, because SQLite has only one anyway and waiting in a queue is fairer than its busy
//! loop; readers have a small pool of their own and never wait for the writer (WAL).

mod commit;
mod rows;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use tilemud_schema::{CharacterId, Seq, SessionId, Tick, UserId};

use self::rows::{profile, session, text_of_uuid};
use crate::column::{now, seq_column, seq_value, tick_value};
use crate::display_name::folded;
use crate::store::{Batch, CharacterProfile, NewCharacter, SessionRecord, Store, StoreError, StoredAction};
use crate::writer::Writer;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

const READERS_MAX: u32 = 4;
/// Longest wait for another process that has the file locked, for instance a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

const PROFILE_BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = ?1 AND user_id = ?2";
const PROFILE_BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = ?1 AND character_id = ?2";

/// The store of one world in one file.
pub(crate) struct SqliteStore {
    world: Arc<str>,
    writer: Writer<SqliteConnection>,
    readers: SqlitePool,
}

impl SqliteStore {
    pub(crate) async fn open(path: &Path, world: &str) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| StoreError::Unavailable(error.into()))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = Writer::<SqliteConnection>::new(options.clone());
        let mut lent = writer.lend().await?;
        MIGRATIONS.run(&mut lent.connection).await?;
        lent.give_back();
        // `query_only` instead of a read-only file: a read-only connection cannot make the WAL index when it is first.
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self { world: world.into(), writer, readers })
    }

    async fn read_one(
        &self,
        statement: &'static str,
        key: impl for<'q> sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + Send,
    ) -> Result<Option<SqliteRow>, StoreError> {
        Ok(sqlx::query(statement).bind(&*self.world).bind(key).fetch_optional(&self.readers).await?)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        commit::write(&mut lent.connection, &self.world, batch).await?;
        lent.give_back();
        Ok(())
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        let tick: Option<i64> = sqlx::query_scalar("SELECT last_tick FROM world_state WHERE world_id = ?1")
            .bind(&*self.world)
            .fetch_optional(&self.readers)
            .await?;
        tick_value(tick.unwrap_or(0))
    }

    async fn catch_up_profiles(&self) -> Result<u64, StoreError> {
        let mut lent = self.writer.lend().await?;
        let changed = commit::catch_up_profiles(&mut lent.connection, &self.world).await?;
        lent.give_back();
        Ok(changed)
    }

    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read_one(PROFILE_BY_USER, user_id.0.to_string()).await?.as_ref().map(profile).transpose()
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read_one(PROFILE_BY_ID, text_of_uuid(character_id.0)).await?.as_ref().map(profile).transpose()
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        let mut lent = self.writer.lend().await?;
        // Any conflict is passed over here and told apart below: the user may have got a character meanwhile.
        sqlx::query(
            "INSERT INTO character_profiles (world_id, character_id, user_id, display_name, display_name_folded, look,
                 health, inventory, stats, projected_tick, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?10)
             ON CONFLICT DO NOTHING",
        )
        .bind(&*self.world)
        .bind(text_of_uuid(character.character_id.0))
        .bind(&*character.user_id.0)
        .bind(&*character.display_name)
        .bind(folded(&character.display_name))
        .bind(&*character.look)
        .bind(character.health)
        .bind(rows::json(&character.inventory)?)
        .bind(rows::json(&character.stats)?)
        .bind(now().to_string())
        .execute(&mut lent.connection)
        .await?;
        let row = sqlx::query(PROFILE_BY_USER)
            .bind(&*self.world)
            .bind(&*character.user_id.0)
            .fetch_optional(&mut lent.connection)
            .await?;
        lent.give_back();
        row.as_ref().map_or(Err(StoreError::NameTaken), profile)
    }

    async fn save_session(&self, record: &SessionRecord) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        sqlx::query(
            "INSERT INTO sessions (world_id, session_id, user_id, character_id, token_hash, token_expires_at, started_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (world_id, session_id) DO UPDATE SET
                 token_hash = excluded.token_hash, token_expires_at = excluded.token_expires_at",
        )
        .bind(&*self.world)
        .bind(text_of_uuid(record.session_id.0))
        .bind(&*record.user_id.0)
        .bind(text_of_uuid(record.character_id.0))
        .bind(&record.token_hash[..])
        .bind(record.token_expires_at.to_string())
        .bind(record.started_at.to_string())
        .execute(&mut lent.connection)
        .await?;
        lent.give_back();
        Ok(())
    }

    async fn find_session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError> {
        let row = self
            .read_one("SELECT * FROM sessions WHERE world_id = ?1 AND token_hash = ?2", token_hash.to_vec())
            .await?;
        row.as_ref().map(session).transpose()
    }

    async fn end_session(&self, session_id: SessionId) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        sqlx::query("DELETE FROM sessions WHERE world_id = ?1 AND session_id = ?2")
            .bind(&*self.world)
            .bind(text_of_uuid(session_id.0))
            .execute(&mut lent.connection)
            .await?;
        lent.give_back();
        Ok(())
    }

    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError> {
        let seq: Option<i64> = sqlx::query_scalar(
            "SELECT MAX(sequence_number) FROM action_events WHERE world_id = ?1 AND session_id = ?2",
        )
        .bind(&*self.world)
        .bind(text_of_uuid(session_id.0))
        .fetch_one(&self.readers)
        .await?;
        seq_value(seq.unwrap_or(0))
    }

    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError> {
        let row = sqlx::query(
            "SELECT action_id, persisted_at FROM action_events
             WHERE world_id = ?1 AND session_id = ?2 AND sequence_number = ?3",
        )
        .bind(&*self.world)
        .bind(text_of_uuid(session_id.0))
        .bind(seq_column(seq)?)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(rows::stored_action).transpose()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // Reads the file, where a bare SELECT 1 would not.
        sqlx::query("SELECT COUNT(*) FROM world_state").execute(&self.readers).await?;
        Ok(())
    }
}
