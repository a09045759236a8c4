//! The worlds and times that the file holds.

use sqlx::Row;
use tilemud_schema::Timestamp;

use super::SqliteStore;
use super::rows::parsed;
use crate::column::limit_column;
use crate::sql;
use crate::store::{ClockSigns, StoreError};

/// Worlds that are named at most.
const WORLDS_MAX: usize = 100;

/// This one first, if it is there.
const WORLDS: &str = "
    SELECT world_id FROM (SELECT world_id FROM world_state UNION SELECT world_id FROM world_leases
        UNION SELECT world_id FROM world_snapshots)
    ORDER BY world_id <> ?1, world_id LIMIT ?2";

/// All worlds are written by clocks that are to agree, so each tells about the others'.
const NEWEST: &str = "
    WITH newest_tick AS (SELECT persisted_at AS at FROM world_ticks WHERE world_id = ?1 ORDER BY tick DESC LIMIT 1)
    SELECT
        (SELECT MAX(at) FROM (SELECT updated_at AS at FROM world_state WHERE world_id = ?1
            UNION ALL SELECT at FROM newest_tick)) AS newest_row,
        (SELECT MAX(at) FROM (SELECT updated_at AS at FROM world_state UNION ALL SELECT renewed_at FROM world_leases
            UNION ALL SELECT at FROM newest_tick)) AS newest";

impl SqliteStore {
    /// See [`Maintenance::worlds`](crate::store::Maintenance::worlds).
    pub(super) async fn list_worlds(&self) -> Result<Vec<String>, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let rows = self.query(WORLDS).bind(limit_column(WORLDS_MAX)).fetch_all(&mut acquired.connection).await?;
        acquired.release();
        rows.iter().map(|row| Ok(row.try_get("world_id")?)).collect()
    }

    /// See [`Retention::clock_signs`](crate::store::Retention::clock_signs).
    pub(super) async fn read_clock_signs(&self) -> Result<ClockSigns, StoreError> {
        let mut acquired = self.shard.readers.acquire().await?;
        let row = self.query(NEWEST).fetch_one(&mut acquired.connection).await?;
        acquired.release();
        let time = |column| {
            let is_there = row.try_get::<Option<&str>, _>(column)?.is_some();
            if is_there { parsed::<Timestamp>(&row, column).map(Some) } else { Ok(None) }
        };
        Ok(ClockSigns {
            newest_row: time("newest_row")?,
            newest: time("newest")?,
            jumps: sql::clock_jumps(self).await?,
        })
    }
}
