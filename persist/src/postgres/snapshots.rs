//! World snapshots in Postgres. They have connections of their own and do not take the lock on the
//! lease, so that no commit waits for one. That is safe, because a snapshot only holds committed
//! ticks.

use async_trait::async_trait;
use sqlx::Row;
use tilemud_schema::Tick;

use super::rows::Timestamptz;
use super::{PostgresStore, SLOW_TIMEOUT, within};
use crate::column::{limit_column, tick_column, tick_value};
use crate::sql::{self, may_write};
use crate::store::{SNAPSHOT_DAYS_KEPT, SNAPSHOTS_KEPT, Snapshots, StoreError, StoredSnapshot};

/// Deletes snapshots that are neither among the newest nor the first of their day.
const TRIM: &str = "
    DELETE FROM world_snapshots WHERE world_id = $1
        AND tick NOT IN (SELECT tick FROM world_snapshots WHERE world_id = $1 ORDER BY tick DESC LIMIT $2)
        AND tick NOT IN (
            SELECT MIN(tick) FROM world_snapshots WHERE world_id = $1
            GROUP BY (taken_at AT TIME ZONE 'UTC')::date ORDER BY 1 DESC LIMIT $3)";

#[async_trait]
impl Snapshots for PostgresStore {
    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError> {
        let insert = self.query(concat!(
            "INSERT INTO world_snapshots (world_id, tick, data, taken_at)
             SELECT $1, $3, $4, $5 WHERE ",
            may_write!(),
            " ON CONFLICT (world_id, tick) DO UPDATE SET data = excluded.data, taken_at = excluded.taken_at",
        ));
        let insert = insert
            .bind(self.epoch())
            .bind(tick_column(snapshot.tick)?)
            .bind(&snapshot.data[..])
            .bind(Timestamptz(snapshot.taken_at));
        let trim = self.query(TRIM).bind(limit_column(SNAPSHOTS_KEPT)).bind(limit_column(SNAPSHOT_DAYS_KEPT));
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            if insert.execute(&mut acquired.connection).await?.rows_affected() == 0 {
                return Err(StoreError::Fenced);
            }
            trim.execute(&mut acquired.connection).await?;
            acquired.release();
            Ok(())
        })
        .await
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

impl PostgresStore {
    /// The snapshot of a tick, or the newest one.
    async fn read_snapshot(&self, tick: Option<Tick>) -> Result<Option<StoredSnapshot>, StoreError> {
        let query = match tick {
            None => self.query("SELECT * FROM world_snapshots WHERE world_id = $1 ORDER BY tick DESC LIMIT 1"),
            Some(tick) => {
                self.query("SELECT * FROM world_snapshots WHERE world_id = $1 AND tick = $2").bind(tick_column(tick)?)
            }
        };
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let row = query.fetch_optional(&mut acquired.connection).await?;
            acquired.release();
            row.map(|row| {
                let taken_at = row.try_get::<Timestamptz, _>("taken_at")?.0;
                Ok(StoredSnapshot { tick: tick_value(row.try_get("tick")?)?, taken_at, data: row.try_get("data")? })
            })
            .transpose()
        })
        .await
    }
}
