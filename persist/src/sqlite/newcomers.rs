//! Deletes characters that never entered the world from SQLite, with their names, after a time
//! without a bootstrap. A character that entered once is never deleted.

use sqlx::{Connection as _, Row as _};
use tilemud_names::look_keys;
use tilemud_schema::Timestamp;

use super::SqliteStore;
use super::rows::text_of_uuid;
use crate::sql::named;
use crate::store::StoreError;

/// Characters of one transaction: a few milliseconds.
const CHARACTERS_PER_TURN: usize = 200;

/// Besides a missing position, the character must have no session and no event.
const DELETE: &str = "
    DELETE FROM character_profiles WHERE rowid IN (
        SELECT rowid FROM character_profiles AS profile
        WHERE world_id = ?1 AND position_x IS NULL AND updated_at < ?2
            AND character_id NOT IN (SELECT character_id FROM sessions WHERE world_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM action_events AS event
                WHERE event.world_id = ?1 AND event.character_id = profile.character_id)
        LIMIT ?3)
    RETURNING character_id, user_id, display_name";

const COUNT: &str = "
    SELECT COUNT(*) FROM character_profiles AS profile
    WHERE world_id = ?1 AND position_x IS NULL AND updated_at < ?2
        AND character_id NOT IN (SELECT character_id FROM sessions WHERE world_id = ?1)
        AND NOT EXISTS (SELECT 1 FROM action_events AS event
            WHERE event.world_id = ?1 AND event.character_id = profile.character_id)";

impl SqliteStore {
    /// Forgets those whom nobody has asked for since.
    pub(super) async fn forget_newcomers(&self, since: Timestamp) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            // A place per turn: commits that wait meanwhile are before the next one.
            let mut acquired = self.shard.writer().await?;
            let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
            let delete = self.query(DELETE).bind(since.to_string()).bind(CHARACTERS_PER_TURN as i64);
            let gone = delete.fetch_all(&mut *transaction).await?;
            for row in &gone {
                let gone = named(row)?;
                for key in look_keys(&gone.display_name) {
                    sqlx::query(
                        "DELETE FROM character_name_keys WHERE world_id = ?1 AND name_key = ?2 AND character_id = ?3",
                    )
                    .bind(&*self.own.world)
                    .bind(key)
                    .bind(text_of_uuid(gone.character_id.0))
                    .execute(&mut *transaction)
                    .await?;
                }
            }
            transaction.commit().await?;
            acquired.release();
            forgotten += gone.len() as u64;
            if gone.len() < CHARACTERS_PER_TURN {
                return Ok(forgotten);
            }
        }
    }

    /// How many that would be.
    pub(super) async fn count_newcomers(&self, since: Timestamp) -> Result<u64, StoreError> {
        let row = self.read(self.query(COUNT).bind(since.to_string())).await?;
        Ok(row.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or_default().cast_unsigned())
    }
}
