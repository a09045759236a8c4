//! What the store says about its worlds as a whole: which there are, what time it was in them, and what was changed in them by
//! hand. Nothing here is asked for in play.

use sqlx::Row;
use sqlx::postgres::PgRow;
use tilemud_schema::Timestamp;

use super::rows::{Timestamptz, profile};
use super::{PostgresStore, SLOW_TIMEOUT, within};
use crate::store::{ClockJump, ClockSigns, HandChange, StoreError};
use crate::written::{Written, has_lost_position, in_row};

const WORLDS: &str = "
    SELECT world_id FROM world_state UNION SELECT world_id FROM world_leases UNION SELECT world_id FROM world_snapshots
    ORDER BY world_id LIMIT 100";

const NEWEST: &str = "
    SELECT newest_row, GREATEST(newest_row, (SELECT renewed_at FROM world_leases WHERE world_id = $1)) AS newest FROM (
        SELECT GREATEST((SELECT updated_at FROM world_state WHERE world_id = $1),
            (SELECT persisted_at FROM world_ticks WHERE world_id = $1 ORDER BY tick DESC LIMIT 1)) AS newest_row) AS row";

impl PostgresStore {
    /// See [`crate::Store::worlds`].
    pub(super) async fn list_worlds(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.read_all(sqlx::query(WORLDS)).await?;
        rows.iter().map(|row| Ok(row.try_get("world_id")?)).collect()
    }

    /// See [`crate::Store::clock_signs`].
    pub(super) async fn read_clock_signs(&self) -> Result<ClockSigns, StoreError> {
        let row = self.read(self.query(NEWEST)).await?;
        let jumps = self.read_all(self.query("SELECT * FROM clock_jumps WHERE world_id = $1")).await?;
        let time = |column: &str| -> Result<Option<Timestamp>, StoreError> {
            let Some(row) = &row else { return Ok(None) };
            Ok(row.try_get::<Option<Timestamptz>, _>(column)?.map(|time| time.0))
        };
        let jump = |row: &PgRow| {
            let time = |column: &str| Ok::<_, StoreError>(row.try_get::<Timestamptz, _>(column)?.0);
            Ok(ClockJump { came_from: time("came_from")?, went_to: time("went_to")? })
        };
        Ok(ClockSigns {
            newest_row: time("newest_row")?,
            newest: time("newest")?,
            jumps: jumps.iter().map(jump).collect::<Result<_, StoreError>>()?,
        })
    }

    /// See [`crate::Store::note_clock_jump`].
    pub(super) async fn write_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError> {
        let insert =
            "INSERT INTO clock_jumps (world_id, came_from, went_to) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let insert = self.query(insert).bind(Timestamptz(jump.came_from)).bind(Timestamptz(jump.went_to));
        self.write(insert).await.map(drop)
    }

    /// See [`crate::Store::changed_by_hand`].
    pub(super) async fn read_hand_changes(&self) -> Result<Vec<HandChange>, StoreError> {
        let rows = self.query("SELECT * FROM character_profiles WHERE world_id = $1 ORDER BY character_id");
        let mut changes = Vec::new();
        for row in self.read_all(rows).await? {
            let id = |row: &PgRow| {
                row.try_get::<sqlx::types::Uuid, _>("character_id").map_or_else(|_| "?".to_owned(), |id| id.to_string())
            };
            let profile = profile(&row).map_err(|error| in_row(&id(&row), error))?;
            let written = Written {
                body: row.try_get("written_body")?,
                inventory: row.try_get("written_inventory")?,
                stats: row.try_get("written_stats")?,
            };
            let lost_position = has_lost_position(
                row.try_get("position_x")?,
                row.try_get("position_y")?,
                row.try_get("projected_tick")?,
            );
            changes.extend(written.differs(profile, lost_position));
        }
        Ok(changes)
    }

    async fn read_all(&self, query: super::Query<'_>) -> Result<Vec<PgRow>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut lent = self.slow.lend_tested().await?;
            let rows = query.fetch_all(&mut lent.connection).await?;
            lent.give_back();
            Ok(rows)
        })
        .await
    }
}
