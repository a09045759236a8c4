//! The store on Postgres. Owns its connections and says which statement answers which call of [`Store`]; every
//! successful write is durable (`synchronous_commit=on`) before it returns.
//!
//! Batches have a connection of their own, so that nothing else can make a tick wait. Every call has a deadline: a
//! database that hangs is as unavailable as one that is gone. A call given up at its deadline may still take effect;
//! all writes here are idempotent for that reason.

mod commit;
mod rows;

use std::future::Future;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow};
use sqlx::types::Json;
use sqlx::{ConnectOptions, Connection as _, Postgres, Row};
use tilemud_schema::{CharacterId, Seq, SessionId, Tick, UserId};
use tokio::time::timeout;

use self::rows::{Timestamptz, profile, session};
use crate::column::{now, seq_column, seq_value, tick_value};
use crate::connections::{Connections, unavailable};
use crate::display_name::folded;
use crate::store::{Batch, CharacterProfile, NewCharacter, SessionRecord, Store, StoreError, StoredAction};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

/// Connections beside the writing one. They answer bootstraps and duplicates, a few round trips each.
const CONNECTIONS_MAX: usize = 8;
const CALL_TIMEOUT: Duration = Duration::from_secs(5);
const COMMIT_TIMEOUT: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// Once at start, and over the whole log of the time since the last projection.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(60);
/// The database's own limit ends what we gave up; a little shorter than the deadlines, so that its word comes first.
const STATEMENT_TIMEOUT_MS: &str = "4500";
const COMMIT_STATEMENT_TIMEOUT_MS: &str = "9500";
const CATCH_UP_STATEMENT_TIMEOUT_MS: &str = "59500";

const PROFILE_BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND user_id = $2";
const PROFILE_BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND character_id = $2";

type Query<'a> = sqlx::query::Query<'a, Postgres, PgArguments>;

/// The store of one world in a Postgres database.
pub(crate) struct PostgresStore {
    world: Arc<str>,
    starter: PgConnectOptions,
    writer: Connections<PgConnection>,
    others: Connections<PgConnection>,
}

impl PostgresStore {
    pub(crate) async fn open(url: &str, world: &str) -> Result<Self, StoreError> {
        // The error of the parser is not passed on: it may quote the password.
        let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::UnsupportedUrl {
            what: "it is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE".to_owned(),
        })?;
        let options =
            options.application_name("tilemud").options([("synchronous_commit", "on")]).disable_statement_logging();
        let limited = |limit: &str| options.clone().options([("statement_timeout", limit)]);
        let store = Self {
            world: world.into(),
            starter: limited(CATCH_UP_STATEMENT_TIMEOUT_MS),
            writer: Connections::new(limited(COMMIT_STATEMENT_TIMEOUT_MS), 1),
            others: Connections::new(limited(STATEMENT_TIMEOUT_MS), CONNECTIONS_MAX),
        };
        // Without a deadline: a migration of a large table takes its time, and one server waits here for another's.
        let mut connection = within(CALL_TIMEOUT, async { Ok(options.connect().await?) }).await?;
        MIGRATIONS.run(&mut connection).await?;
        Ok(store)
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

    async fn write(&self, query: Query<'_>) -> Result<(), StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            query.execute(&mut lent.connection).await?;
            lent.give_back();
            Ok(())
        })
        .await
    }

    /// Writes one session.
    fn save_session_query<'a>(&'a self, record: &'a SessionRecord) -> Query<'a> {
        let query = self.query(
            "INSERT INTO sessions (world_id, session_id, user_id, character_id, token_hash, previous_token_hash,
                 token_expires_at, started_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (world_id, session_id) DO UPDATE SET
                 token_hash = excluded.token_hash, previous_token_hash = excluded.previous_token_hash,
                 token_expires_at = excluded.token_expires_at",
        );
        query
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

#[async_trait]
impl Store for PostgresStore {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        within(COMMIT_TIMEOUT, async {
            let mut lent = self.writer.lend().await?;
            commit::write(&mut lent.connection, &self.world, batch).await?;
            lent.give_back();
            Ok(())
        })
        .await
    }

    async fn last_tick(&self) -> Result<Tick, StoreError> {
        let row = self.read(self.query("SELECT last_tick FROM world_state WHERE world_id = $1")).await?;
        row.map_or(Ok(0), |row| tick_value(row.try_get("last_tick")?))
    }

    async fn catch_up_profiles(&self) -> Result<u64, StoreError> {
        within(CATCH_UP_TIMEOUT, async {
            let mut connection = self.starter.connect().await?;
            commit::catch_up_profiles(&mut connection, &self.world).await
        })
        .await
    }

    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read(self.query(PROFILE_BY_USER).bind(&*user_id.0)).await?.as_ref().map(profile).transpose()
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        self.read(self.query(PROFILE_BY_ID).bind(character_id.0)).await?.as_ref().map(profile).transpose()
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        // Any conflict is passed over here and told apart below: the user may have got a character meanwhile.
        let query = self.query(
            "INSERT INTO character_profiles (world_id, character_id, user_id, display_name, display_name_folded, look,
                 health, inventory, stats, projected_tick, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10)
             ON CONFLICT DO NOTHING",
        );
        let query = query
            .bind(character.character_id.0)
            .bind(&*character.user_id.0)
            .bind(&*character.display_name)
            .bind(folded(&character.display_name))
            .bind(&*character.look)
            .bind(character.health)
            .bind(Json(&*character.inventory))
            .bind(Json(&*character.stats))
            .bind(Timestamptz(now()));
        self.write(query).await?;
        self.find_character(&character.user_id).await?.ok_or(StoreError::NameTaken)
    }

    async fn save_session(&self, record: &SessionRecord) -> Result<(), StoreError> {
        self.write(self.save_session_query(record)).await
    }

    async fn save_sessions(&self, records: &[SessionRecord]) -> Result<(), StoreError> {
        within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            let mut transaction = lent.connection.begin().await?;
            for record in records {
                self.save_session_query(record).execute(&mut *transaction).await?;
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
        let query = self.query("DELETE FROM sessions WHERE world_id = $1 AND session_id = $2");
        self.write(query.bind(session_id.0)).await
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
}
