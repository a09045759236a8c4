//! The file of a copy: how it is made, what it says of itself, and changes to it before it is put
//! anywhere.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tilemud_schema::{Tick, Timestamp};
use uuid::Uuid;

use super::{SqliteStore, rows};
use crate::access::OpenMode;
use crate::column::{tick_column, tick_value};
use crate::copied::columns::{Kind, OTHERS, TABLES};
use crate::copied::{Copied, Cut};
use crate::store::{Maintenance as _, StoreError, Unfit};

/// What an image says of itself.
const MARK: &str = "CREATE TABLE copy (
    id       TEXT    NOT NULL PRIMARY KEY,
    base     TEXT,             -- the copy whose log this one goes on from
    world_id TEXT    NOT NULL,
    recorded INTEGER NOT NULL, -- the newest recorded tick
    made_at  TEXT    NOT NULL
) STRICT";

/// An image that is being written.
pub(crate) struct Image {
    pub(crate) connection: SqliteConnection,
    made_at: Timestamp,
}

impl Image {
    /// Makes the file, with its tables.
    pub(crate) async fn create(path: &Path, world: &str) -> Result<Self, StoreError> {
        for store in SqliteStore::open(path, &[world], OpenMode::Create).await? {
            store.close().await;
        }
        let mut connection = open(path).await?;
        // Whoever makes it waits for the disk at the end, and a half of it is of no use.
        for setting in ["PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", MARK] {
            sqlx::query(setting).execute(&mut connection).await?;
        }
        Ok(Self { connection, made_at: crate::column::now() })
    }

    /// Its rows by table, each with its columns by name. Hashes of tokens are left out: they are
    /// secrets of the server, and say nothing.
    pub(crate) async fn into_json(mut self) -> Result<serde_json::Value, StoreError> {
        let mut tables = serde_json::Map::new();
        for table in &TABLES {
            let columns: Vec<&(&str, Kind)> = table.columns.iter().filter(|(_, kind)| *kind != Kind::Bytes).collect();
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let select = format!("SELECT {} FROM {} ORDER BY rowid", names.join(", "), table.name);
            let mut rows = Vec::new();
            for row in sqlx::query(AssertSqlSafe(select)).fetch_all(&mut self.connection).await? {
                let value = |(name, kind): &&(&str, Kind)| Ok(((*name).to_owned(), json_of(&row, name, *kind)?));
                let row: Result<serde_json::Map<_, _>, StoreError> = columns.iter().map(value).collect();
                rows.push(serde_json::Value::from(row?));
            }
            if !rows.is_empty() {
                tables.insert(table.name.to_owned(), rows.into());
            }
        }
        self.connection.close().await?;
        Ok(tables.into())
    }

    /// The hashes of the world after a recorded tick.
    pub(crate) async fn hashes_at(&mut self, tick: Tick) -> Result<Option<[i64; 3]>, StoreError> {
        hashes_at(&mut self.connection, tick).await
    }

    /// Says what it is.
    pub(crate) async fn finish(mut self, world: &str, base: Option<&Copied>) -> Result<Copied, StoreError> {
        let recorded = newest_recorded(&mut self.connection).await?.max(base.map_or(0, |base| base.recorded));
        let copied = Copied {
            id: Uuid::now_v7(),
            base: base.map(|base| base.id),
            world: world.to_owned(),
            recorded,
            hashes: hashes_at(&mut self.connection, recorded).await?,
            made_at: self.made_at,
        };
        sqlx::query("INSERT INTO copy (id, base, world_id, recorded, made_at) VALUES (?1, ?2, ?3, ?4, ?5)")
            .bind(copied.id.to_string())
            .bind(copied.base.map(|base| base.to_string()))
            .bind(world)
            .bind(tick_column(recorded)?)
            .bind(copied.made_at.to_string())
            .execute(&mut self.connection)
            .await?;
        self.connection.close().await?;
        Ok(copied)
    }
}

fn json_of(row: &SqliteRow, name: &str, kind: Kind) -> Result<serde_json::Value, StoreError> {
    Ok(match kind {
        Kind::Number => row.try_get::<Option<i64>, _>(name)?.into(),
        Kind::Json(_) => rows::document(row, name)?.unwrap_or_default(),
        _ => row.try_get::<Option<String>, _>(name)?.into(),
    })
}

pub(crate) use super::snapshots::PART_LEN_MAX;

/// What the rows of an image are read from and written to.
pub(crate) type ImageConnection = SqliteConnection;
pub(crate) type ImageRow = SqliteRow;

/// Makes the file at `path` the database `other` of a connection.
pub(super) async fn attach(connection: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    sqlx::query("ATTACH DATABASE ?1 AS other").bind(path.to_string_lossy()).execute(connection).await?;
    Ok(())
}

pub(crate) async fn open(path: &Path) -> Result<SqliteConnection, StoreError> {
    Ok(SqliteConnectOptions::new().filename(path).disable_statement_logging().connect().await?)
}

async fn newest_recorded(connection: &mut SqliteConnection) -> Result<Tick, StoreError> {
    let newest = sqlx::query_scalar("SELECT COALESCE(MAX(tick), 0) FROM world_ticks");
    tick_value(newest.fetch_one(connection).await?)
}

async fn hashes_at(connection: &mut SqliteConnection, tick: Tick) -> Result<Option<[i64; 3]>, StoreError> {
    let hashes = sqlx::query("SELECT hash_characters, hash_objects, hash_tiles FROM world_ticks WHERE tick = ?1");
    let Some(row) = hashes.bind(tick_column(tick)?).fetch_optional(connection).await? else { return Ok(None) };
    Ok(Some([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?]))
}

fn none_of_ours(path: &Path) -> StoreError {
    let what = format!("{} is no copy of a world: `tilemud backup` makes one", path.display());
    StoreError::Unfit { reason: Unfit::Foreign, what }
}

/// What an image is a copy of; all of it is looked through for damage.
///
/// # Errors
/// [`StoreError::Unfit`] when it is none, or is damaged.
pub async fn read(path: &Path) -> Result<Copied, StoreError> {
    let mut connection = open(path).await.map_err(|_| none_of_ours(path))?;
    let row = sqlx::query("SELECT * FROM copy").fetch_optional(&mut connection).await;
    let row = row.ok().flatten().ok_or_else(|| none_of_ours(path))?;
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
    if whole != "ok" {
        let what = format!("{} is damaged: {whole}", path.display());
        return Err(StoreError::Unfit { reason: Unfit::Damaged, what });
    }
    let unreadable = |column: &str| StoreError::Corrupt { what: format!("column {column} of the table copy") };
    let id = |text: &str, column: &str| Uuid::parse_str(text).map_err(|_| unreadable(column));
    let base: Option<&str> = row.try_get("base")?;
    let recorded = tick_value(row.try_get("recorded")?)?;
    let copied = Copied {
        id: id(row.try_get("id")?, "id")?,
        base: base.map(|base| id(base, "base")).transpose()?,
        world: row.try_get("world_id")?,
        recorded,
        hashes: hashes_at(&mut connection, recorded).await?,
        made_at: row.try_get::<&str, _>("made_at")?.parse().map_err(|_| unreadable("made_at"))?,
    };
    connection.close().await?;
    Ok(copied)
}

/// Adds a later copy, which has the log since this one, to an image.
///
/// # Errors
/// [`StoreError::Unfit`] when it does not go on from this one.
pub async fn add(path: &Path, later: &Path) -> Result<Copied, StoreError> {
    let (image, copied) = (read(path).await?, read(later).await?);
    if copied.base != Some(image.id) || copied.world != image.world {
        let what = "it does not go on from the one before it: name the copies in the order in which they were made, the whole \
                    one first"
            .to_owned();
        return Err(StoreError::Unfit { reason: Unfit::Foreign, what });
    }
    let mut connection = open(path).await?;
    attach(&mut connection, later).await?;
    let mut transaction = connection.begin().await?;
    let whole = TABLES.iter().filter(|table| !table.is_log).map(|table| table.name).chain(OTHERS).chain(["copy"]);
    for table in whole {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM main.{table}"))).execute(&mut *transaction).await?;
    }
    for table in TABLES.iter().map(|table| table.name).chain(OTHERS).chain(["copy"]) {
        // The last tick of the one before is in both.
        let copy = format!("INSERT OR IGNORE INTO main.{table} SELECT * FROM other.{table}");
        sqlx::query(AssertSqlSafe(copy)).execute(&mut *transaction).await?;
    }
    // It has what it was a copy of before.
    let whole = "UPDATE main.copy SET base = ?1";
    sqlx::query(whole).bind(image.base.map(|base| base.to_string())).execute(&mut *transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(Copied { base: image.base, ..copied })
}

/// Gives the world of an image another name.
///
/// # Errors
/// What SQLite answers.
pub async fn rename(path: &Path, world: &str) -> Result<(), StoreError> {
    let mut connection = open(path).await?;
    let mut transaction = connection.begin().await?;
    for table in TABLES.iter().map(|table| table.name).chain(OTHERS).chain(["copy"]) {
        let rename = format!("UPDATE {table} SET world_id = ?1");
        sqlx::query(AssertSqlSafe(rename)).bind(world).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(connection.close().await?)
}

/// Where an image can be cut back to, to be as it was at `until`; else the oldest time that it can
/// be cut back to, if there is one.
///
/// # Errors
/// What SQLite answers.
pub async fn cut_at(path: &Path, until: Timestamp) -> Result<Result<Cut, Option<String>>, StoreError> {
    let mut connection = open(path).await?;
    // A world in which nothing happened is as its last snapshot.
    let tick: Option<i64> = sqlx::query_scalar(
        "SELECT MAX(tick) FROM (SELECT tick FROM world_ticks WHERE persisted_at <= ?1
             UNION ALL SELECT tick FROM world_snapshots WHERE taken_at <= ?1)",
    )
    .bind(until.to_string())
    .fetch_one(&mut connection)
    .await?;
    let snapshot: Option<i64> = sqlx::query_scalar("SELECT MAX(tick) FROM world_snapshots WHERE tick <= ?1")
        .bind(tick)
        .fetch_one(&mut connection)
        .await?;
    let oldest: Option<String> =
        sqlx::query_scalar("SELECT MIN(taken_at) FROM world_snapshots").fetch_one(&mut connection).await?;
    connection.close().await?;
    let (Some(tick), Some(snapshot)) = (tick, snapshot) else { return Ok(Err(oldest)) };
    Ok(Ok(Cut { tick: tick_value(tick)?, snapshot: tick_value(snapshot)?, until }))
}

/// Takes away what an image has of the time after a cut, but for what characters became since:
/// their rows are the caller's to write.
///
/// # Errors
/// What SQLite answers.
pub async fn cut_back(path: &Path, cut: Cut) -> Result<(), StoreError> {
    let mut connection = open(path).await?;
    let mut transaction = connection.begin().await?;
    for after in [
        "DELETE FROM action_events WHERE tick > ?1",
        "DELETE FROM world_ticks WHERE tick > ?1",
        "DELETE FROM world_snapshots WHERE tick > ?1",
        "UPDATE world_state SET last_tick = ?1",
        // Below what is written next.
        "UPDATE character_profiles SET projected_tick = ?1 - 1 WHERE projected_tick >= ?1",
    ] {
        sqlx::query(after).bind(tick_column(cut.tick)?).execute(&mut *transaction).await?;
    }
    for after in [
        "DELETE FROM sessions WHERE started_at > ?1",
        "DELETE FROM clock_jumps WHERE went_to > ?1",
        "DELETE FROM character_profiles WHERE created_at > ?1",
    ] {
        sqlx::query(after).bind(cut.until.to_string()).execute(&mut *transaction).await?;
    }
    for left_alone in [
        "DELETE FROM world_snapshot_parts WHERE save_id NOT IN (SELECT save_id FROM world_snapshots)",
        "DELETE FROM character_name_keys WHERE character_id NOT IN (SELECT character_id FROM character_profiles)",
    ] {
        sqlx::query(left_alone).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(connection.close().await?)
}
