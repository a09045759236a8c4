//! What the store says about its worlds as a whole: which there are, what time it was in them, and what was changed in them by
//! hand. Nothing here is asked for in play.

use sqlx::Row;
use tilemud_schema::Timestamp;

use super::SqliteStore;
use super::rows::{parsed, profile};
use crate::column::limit_column;
use crate::store::{ClockJump, ClockSigns, HandChange, StoreError};
use crate::written::{Written, has_lost_position, in_row};

/// Worlds that are named at most.
const WORLDS_MAX: usize = 100;

const WORLDS: &str = "
    SELECT world_id FROM world_state UNION SELECT world_id FROM world_leases UNION SELECT world_id FROM world_snapshots
    ORDER BY world_id LIMIT ?1";

const NEWEST: &str = "
    SELECT MAX(at) AS newest_row, MAX(MAX(at), COALESCE(
        (SELECT renewed_at FROM world_leases WHERE world_id = ?1), MAX(at))) AS newest
    FROM (SELECT updated_at AS at FROM world_state WHERE world_id = ?1 UNION ALL SELECT * FROM (
        SELECT persisted_at FROM world_ticks WHERE world_id = ?1 ORDER BY tick DESC LIMIT 1))";

impl SqliteStore {
    /// See [`crate::Store::worlds`].
    pub(super) async fn list_worlds(&self) -> Result<Vec<String>, StoreError> {
        let mut lent = self.readers.lend().await?;
        let rows = sqlx::query(WORLDS).bind(limit_column(WORLDS_MAX)).fetch_all(&mut lent.connection).await?;
        lent.give_back();
        rows.iter().map(|row| Ok(row.try_get("world_id")?)).collect()
    }

    /// See [`crate::Store::clock_signs`].
    pub(super) async fn read_clock_signs(&self) -> Result<ClockSigns, StoreError> {
        let mut lent = self.readers.lend().await?;
        let row = self.query(NEWEST).fetch_one(&mut lent.connection).await?;
        let jumps = self.query("SELECT * FROM clock_jumps WHERE world_id = ?1").fetch_all(&mut lent.connection).await?;
        lent.give_back();
        let time = |column| {
            let is_there = row.try_get::<Option<&str>, _>(column)?.is_some();
            if is_there { parsed::<Timestamp>(&row, column).map(Some) } else { Ok(None) }
        };
        let jump = |row| Ok(ClockJump { came_from: parsed(row, "came_from")?, went_to: parsed(row, "went_to")? });
        Ok(ClockSigns {
            newest_row: time("newest_row")?,
            newest: time("newest")?,
            jumps: jumps.iter().map(jump).collect::<Result<_, StoreError>>()?,
        })
    }

    /// See [`crate::Store::note_clock_jump`].
    pub(super) async fn write_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError> {
        let insert =
            "INSERT INTO clock_jumps (world_id, came_from, went_to) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.write(self.query(insert).bind(jump.came_from.to_string()).bind(jump.went_to.to_string())).await?;
        Ok(())
    }

    /// See [`crate::Store::changed_by_hand`].
    pub(super) async fn read_hand_changes(&self) -> Result<Vec<HandChange>, StoreError> {
        let mut lent = self.readers.lend().await?;
        let rows = self.query("SELECT * FROM character_profiles WHERE world_id = ?1 ORDER BY character_id");
        let rows = rows.fetch_all(&mut lent.connection).await?;
        lent.give_back();
        let mut changes = Vec::new();
        for row in &rows {
            let profile = profile(row).map_err(|error| in_row(row.try_get("character_id").unwrap_or("?"), error))?;
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
}
