//! World snapshots in SQLite. A file has one writer at a time, so a snapshot is written in parts,
//! each a transaction, with commits in between; it exists once `world_snapshots` names its parts.

use async_trait::async_trait;
use sqlx::{Connection as _, Row, SqliteConnection};
use tilemud_schema::{Tick, Timestamp};

use super::SqliteStore;
use super::lease;
use super::rows::parsed;
use crate::column::{limit_column, tick_column, tick_value};
use crate::sql;
use crate::store::{SNAPSHOT_DAYS_KEPT, SNAPSHOTS_KEPT, Snapshots, StoreError, StoredSnapshot};

/// Bytes of a part: a few milliseconds of writing.
pub(crate) const PART_LEN_MAX: usize = 256 * 1024;

#[async_trait]
impl Snapshots for SqliteStore {
    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError> {
        // One at a time: what no snapshot names is cleared away as left over from a save that did
        // not end.
        let _turn = self.snapshot_turn.lock().await;
        let tick = tick_column(snapshot.tick)?;
        let mut parts: Vec<&[u8]> = snapshot.data.chunks(PART_LEN_MAX).collect();
        let last = parts.pop().unwrap_or_default();
        let mut save_id = None;
        for (number, part) in (0_i64..).zip(parts.into_iter().map(Some).chain([None])) {
            let mut acquired = self.shard.writer().await?;
            let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
            let renewed = lease::check(&mut transaction, &self.own.world, self.epoch(), &self.own.lease).await?;
            let save_id = match save_id {
                Some(save_id) => save_id,
                None => *save_id.insert(begin(&mut transaction, &self.own.world).await?),
            };
            sqlx::query("INSERT INTO world_snapshot_parts (world_id, save_id, part, data) VALUES (?1, ?2, ?3, ?4)")
                .bind(&*self.own.world)
                .bind(save_id)
                .bind(number)
                .bind(part.unwrap_or(last))
                .execute(&mut *transaction)
                .await?;
            if part.is_none() {
                end(&mut transaction, &self.own.world, tick, snapshot.taken_at, save_id).await?;
            }
            transaction.commit().await?;
            acquired.release();
            self.own.lease.note(renewed);
        }
        Ok(())
    }

    async fn newest_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError> {
        self.read_snapshot(None).await
    }

    async fn snapshot(&self, tick: Tick) -> Result<Option<StoredSnapshot>, StoreError> {
        self.read_snapshot(Some(tick)).await
    }

    async fn snapshot_ticks(&self) -> Result<Vec<Tick>, StoreError> {
        sql::snapshot_ticks(self).await
    }
}

impl SqliteStore {
    /// The snapshot of a tick, or the newest one.
    async fn read_snapshot(&self, tick: Option<Tick>) -> Result<Option<StoredSnapshot>, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        // One transaction: the parts might be cleared away between two.
        let mut transaction = acquired.connection.begin().await?;
        let query = match tick {
            None => self.query("SELECT * FROM world_snapshots WHERE world_id = ?1 ORDER BY tick DESC LIMIT 1"),
            Some(tick) => {
                self.query("SELECT * FROM world_snapshots WHERE world_id = ?1 AND tick = ?2").bind(tick_column(tick)?)
            }
        };
        let row = query.fetch_optional(&mut *transaction).await?;
        let snapshot = match row {
            None => None,
            Some(row) => {
                let parts = "SELECT data FROM world_snapshot_parts WHERE world_id = ?1 AND save_id = ?2 ORDER BY part";
                let parts = sqlx::query(parts).bind(&*self.own.world).bind(row.try_get::<i64, _>("save_id")?);
                let mut data = Vec::new();
                for part in parts.fetch_all(&mut *transaction).await? {
                    data.extend_from_slice(part.try_get("data")?);
                }
                let taken_at = parsed(&row, "taken_at")?;
                Some(StoredSnapshot { tick: tick_value(row.try_get("tick")?)?, taken_at, data })
            }
        };
        transaction.commit().await?;
        acquired.release();
        Ok(snapshot)
    }
}

/// Deletes parts that belong to no snapshot. Returns the number for new ones.
async fn begin(connection: &mut SqliteConnection, world: &str) -> Result<i64, StoreError> {
    clear_parts(&mut *connection, world).await?;
    let row = sqlx::query("SELECT COALESCE(MAX(save_id), 0) + 1 AS next FROM world_snapshots WHERE world_id = ?1");
    Ok(row.bind(world).fetch_one(connection).await?.try_get("next")?)
}

/// Completes the snapshot, and deletes those that are neither among the newest nor the first of
/// their day.
async fn end(
    connection: &mut SqliteConnection,
    world: &str,
    tick: i64,
    taken_at: Timestamp,
    save_id: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO world_snapshots (world_id, tick, save_id, taken_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (world_id, tick) DO UPDATE SET save_id = excluded.save_id, taken_at = excluded.taken_at",
    )
    .bind(world)
    .bind(tick)
    .bind(save_id)
    .bind(taken_at.to_string())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM world_snapshots WHERE world_id = ?1
             AND tick NOT IN (SELECT tick FROM world_snapshots WHERE world_id = ?1 ORDER BY tick DESC LIMIT ?2)
             AND tick NOT IN (
                 SELECT MIN(tick) FROM world_snapshots WHERE world_id = ?1
                 GROUP BY substr(taken_at, 1, 10) ORDER BY 1 DESC LIMIT ?3)",
    )
    .bind(world)
    .bind(limit_column(SNAPSHOTS_KEPT))
    .bind(limit_column(SNAPSHOT_DAYS_KEPT))
    .execute(&mut *connection)
    .await?;
    clear_parts(connection, world).await
}

async fn clear_parts(connection: &mut SqliteConnection, world: &str) -> Result<(), StoreError> {
    let query = sqlx::query(
        "DELETE FROM world_snapshot_parts WHERE world_id = ?1 AND save_id NOT IN (
             SELECT save_id FROM world_snapshots WHERE world_id = ?1)",
    );
    query.bind(world).execute(connection).await?;
    Ok(())
}
