//! The worlds and times that Postgres holds.

use sqlx::Row;
use tilemud_schema::Timestamp;

use super::PostgresStore;
use super::rows::Timestamptz;
use crate::sql;
use crate::store::{ClockSigns, StoreError};

/// This one first, if it is there.
const WORLDS: &str = "
    SELECT world_id FROM (SELECT world_id FROM world_state UNION SELECT world_id FROM world_leases
        UNION SELECT world_id FROM world_snapshots) AS worlds
    ORDER BY world_id <> $1, world_id LIMIT 100";

/// All worlds are written by clocks that are to agree, so each tells about the others'.
const NEWEST: &str = "
    SELECT newest_row, GREATEST(newest_row, (SELECT MAX(updated_at) FROM world_state),
        (SELECT MAX(renewed_at) FROM world_leases)) AS newest FROM (
        SELECT GREATEST((SELECT updated_at FROM world_state WHERE world_id = $1),
            (SELECT persisted_at FROM world_ticks WHERE world_id = $1 ORDER BY tick DESC LIMIT 1)) AS newest_row) AS row";

impl PostgresStore {
    /// See [`Maintenance::worlds`](crate::store::Maintenance::worlds).
    pub(super) async fn list_worlds(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.read_all(self.query(WORLDS)).await?;
        rows.iter().map(|row| Ok(row.try_get("world_id")?)).collect()
    }

    /// See [`Retention::clock_signs`](crate::store::Retention::clock_signs).
    pub(super) async fn read_clock_signs(&self) -> Result<ClockSigns, StoreError> {
        let row = self.read(self.query(NEWEST)).await?;
        let time = |column: &str| -> Result<Option<Timestamp>, StoreError> {
            let Some(row) = &row else { return Ok(None) };
            Ok(row.try_get::<Option<Timestamptz>, _>(column)?.map(|time| time.0))
        };
        Ok(ClockSigns {
            newest_row: time("newest_row")?,
            newest: time("newest")?,
            jumps: sql::clock_jumps(self).await?,
        })
    }
}
