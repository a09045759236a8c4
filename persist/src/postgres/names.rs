//! The keys of names in Postgres: made up for where an earlier program left none.

use sqlx::{Connection as _, PgConnection, Row as _};
use tilemud_names::{LOOK_RULE, look_keys};
use uuid::Uuid;

use super::PostgresStore;
use crate::sql::{NAMES, named};
use crate::store::{NamedCharacter, StoreError};

/// Keys per statement when old names get theirs.
const KEYS_PER_STATEMENT: usize = 3_000;

const INSERT_KEYS: &str = "INSERT INTO character_name_keys (world_id, name_key, character_id)
     SELECT $1, name_key, character_id FROM UNNEST($2::text[], $3::uuid[]) AS keys (name_key, character_id)
     ON CONFLICT DO NOTHING";

/// Keys of characters that are no more.
const OWNERLESS: &str = "DELETE FROM character_name_keys WHERE world_id = $1 AND NOT EXISTS (
         SELECT FROM character_profiles AS profile
         WHERE profile.world_id = $1 AND profile.character_id = character_name_keys.character_id)";

impl PostgresStore {
    /// Makes the keys of all names anew if any were made by another rule, in the order the
    /// characters were made: a name that looks like an older one stays, without the keys they
    /// share.
    pub(super) async fn key_names(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let ownerless = sqlx::query(OWNERLESS).bind(&*self.world).execute(&mut *connection).await?.rows_affected();
        if ownerless > 0 {
            tracing::warn!(keys = ownerless, "characters were deleted by hand; their names are free again");
        }
        let stale = "SELECT EXISTS (SELECT FROM character_profiles WHERE world_id = $1 AND name_rule < $2)
             OR EXISTS (SELECT FROM character_profiles WHERE world_id = $1 AND name_rule > $2)";
        let is_stale = sqlx::query(stale).bind(&*self.world).bind(LOOK_RULE).fetch_one(&mut *connection).await?;
        if !is_stale.try_get::<bool, _>(0)? {
            return Ok(());
        }
        let mut transaction = connection.begin().await?;
        sqlx::query("DELETE FROM character_name_keys WHERE world_id = $1")
            .bind(&*self.world)
            .execute(&mut *transaction)
            .await?;
        let names = self.list_names(&mut transaction).await?;
        let keys: Vec<(String, Uuid)> = names
            .iter()
            .flat_map(|character| {
                look_keys(&character.display_name).into_iter().map(|key| (key, character.character_id.0))
            })
            .collect();
        for some in keys.chunks(KEYS_PER_STATEMENT) {
            let (keys, ids): (Vec<String>, Vec<Uuid>) = some.iter().cloned().unzip();
            let insert = sqlx::query(INSERT_KEYS).bind(&*self.world).bind(keys).bind(ids);
            insert.execute(&mut *transaction).await?;
        }
        sqlx::query("UPDATE character_profiles SET name_rule = $2 WHERE world_id = $1")
            .bind(&*self.world)
            .bind(LOOK_RULE)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// All names, the oldest character first.
    pub(super) async fn list_names(&self, connection: &mut PgConnection) -> Result<Vec<NamedCharacter>, StoreError> {
        let rows = sqlx::query(NAMES).bind(&*self.world).fetch_all(connection).await?;
        rows.iter().map(named).collect()
    }
}
