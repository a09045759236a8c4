//! Deletes characters that never entered the world from Postgres, with their names, after a time
//! without a bootstrap. A character that entered once is never deleted.

use sqlx::{Connection as _, Row as _};
use tilemud_names::look_keys;
use tilemud_schema::Timestamp;
use uuid::Uuid;

use super::rows::Timestamptz;
use super::{PostgresStore, SLOW_TIMEOUT, within};
use crate::sql::named;
use crate::store::StoreError;

/// Characters of one transaction.
const CHARACTERS_PER_TURN: usize = 200;

/// Besides a missing position, the character must have no session and no event. A bootstrap
/// meanwhile changes the row version, so the character stays.
const DELETE: &str = "
    DELETE FROM character_profiles WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM character_profiles AS profile
        WHERE world_id = $1 AND position_x IS NULL AND updated_at < $2
            AND NOT EXISTS (SELECT FROM sessions WHERE sessions.world_id = $1 AND sessions.character_id = profile.character_id)
            AND NOT EXISTS (SELECT FROM action_events AS event WHERE event.character_id = profile.character_id)
        LIMIT $3)) AND position_x IS NULL AND updated_at < $2
    RETURNING character_id, user_id, display_name";

const COUNT: &str = "
    SELECT COUNT(*) FROM character_profiles AS profile
    WHERE world_id = $1 AND position_x IS NULL AND updated_at < $2
        AND NOT EXISTS (SELECT FROM sessions WHERE sessions.world_id = $1 AND sessions.character_id = profile.character_id)
        AND NOT EXISTS (SELECT FROM action_events AS event WHERE event.character_id = profile.character_id)";

const DELETE_KEYS: &str = "
    DELETE FROM character_name_keys WHERE world_id = $1 AND name_key = ANY ($2::text[]) AND character_id = ANY ($3::uuid[])";

impl PostgresStore {
    /// Forgets those whom nobody has asked for since.
    pub(super) async fn forget_newcomers(&self, since: Timestamp) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let turn = within(SLOW_TIMEOUT, async {
                let mut acquired = self.shard.slow.acquire_tested().await?;
                let mut transaction = acquired.connection.begin().await?;
                let delete = self.query(DELETE).bind(Timestamptz(since)).bind(CHARACTERS_PER_TURN as i64);
                let gone = delete.fetch_all(&mut *transaction).await?;
                let gone = gone.iter().map(named).collect::<Result<Vec<_>, _>>()?;
                let ids: Vec<Uuid> = gone.iter().map(|gone| gone.character_id.0).collect();
                let keys: Vec<String> = gone.iter().flat_map(|gone| look_keys(&gone.display_name)).collect();
                self.query(DELETE_KEYS).bind(keys).bind(ids).execute(&mut *transaction).await?;
                transaction.commit().await?;
                acquired.release();
                Ok(gone.len())
            });
            let gone = turn.await?;
            forgotten += gone as u64;
            if gone < CHARACTERS_PER_TURN {
                return Ok(forgotten);
            }
        }
    }

    /// How many that would be.
    pub(super) async fn count_newcomers(&self, since: Timestamp) -> Result<u64, StoreError> {
        let row = self.read(self.query(COUNT).bind(Timestamptz(since))).await?;
        Ok(row.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or_default().cast_unsigned())
    }
}
