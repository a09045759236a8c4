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
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, Row};
use tilemud_schema::{CharacterId, Seq, SessionId, Tick, UserId};

use self::rows::{profile, session, text_of_uuid};
use crate::column::{now, seq_column, seq_value, tick_value};
use crate::connections::Connections;
use crate::display_name::folded;
use crate::store::{Batch, CharacterProfile, NewCharacter, SessionRecord, Store, StoreError, StoredAction};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

const READERS_MAX: usize = 4;
/// Longest wait for another process that has the file locked, for instance a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const PROFILE_BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = ?1 AND user_id = ?2";
const PROFILE_BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = ?1 AND character_id = ?2";

type Query<'a> = sqlx::query::Query<'a, sqlx::Sqlite, SqliteArguments>;

/// The store of one world in one file.
pub(crate) struct SqliteStore {
    world: Arc<str>,
    writer: Connections<SqliteConnection>,
    readers: Connections<SqliteConnection>,
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
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let writer = Connections::<SqliteConnection>::new(options.clone(), 1);
        let mut lent = writer.lend().await?;
        MIGRATIONS.run(&mut lent.connection).await?;
        lent.give_back();
        // `query_only` instead of a read-only file: a read-only connection cannot make the WAL index when it is first.
        let readers = Connections::new(options.pragma("query_only", "ON"), READERS_MAX);
        Ok(Self { world: world.into(), writer, readers })
    }

    async fn read(&self, query: Query<'_>) -> Result<Option<SqliteRow>, StoreError> {
        let mut lent = self.readers.lend().await?;
        let row = query.fetch_optional(&mut lent.connection).await?;
        lent.give_back();
        Ok(row)
    }

    async fn write(&self, query: Query<'_>) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        query.execute(&mut lent.connection).await?;
        lent.give_back();
        Ok(())
    }

    /// Writes one session.
    fn save_session_query<'a>(&'a self, record: &'a SessionRecord) -> Query<'a> {
        let query = self.query(
            "INSERT INTO sessions (world_id, session_id, user_id, character_id, token_hash, previous_token_hash,
                 token_expires_at, started_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (world_id, session_id) DO UPDATE SET
                 token_hash = excluded.token_hash, previous_token_hash = excluded.previous_token_hash,
                 token_expires_at = excluded.token_expires_at",
        );
        query
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
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        commit::write(&mut lent.connection, &self.world, batch).await?;
        lent.give_back();
        Ok(())
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        let row = self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = ?1")).await?;
        row.map_or(Ok(0), |row| tick_value(row.try_get("last_tick")?))
    }

    async fn catch_up_profiles(&self) -> Result<u64, StoreError> {
        let mut lent = self.writer.lend().await?;
        let changed = commit::catch_up_profiles(&mut lent.connection, &self.world).await?;
        lent.give_back();
        Ok(changed)
    }

    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read(self.query(PROFILE_BY_USER).bind(&*user_id.0)).await?.as_ref().map(profile).transpose()
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read(self.query(PROFILE_BY_ID).bind(text_of_uuid(character_id.0))).await?.as_ref().map(profile).transpose()
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
        self.write(self.save_session_query(record)).await
    }

    async fn save_sessions(&self, records: &[SessionRecord]) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        let mut transaction = lent.connection.begin_with("BEGIN IMMEDIATE").await?;
        for record in records {
            self.save_session_query(record).execute(&mut *transaction).await?;
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
        let query = self.query("DELETE FROM sessions WHERE world_id = ?1 AND session_id = ?2");
        self.write(query.bind(text_of_uuid(session_id.0))).await
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
        Ok(())
    }
}
