//! The keys of names in SQLite: made up for where an earlier program left none.

use sqlx::{Connection as _, Row as _, SqliteConnection};
use tilemud_names::{LOOK_RULE, look_keys};

use super::SqliteStore;
use super::rows::text_of_uuid;
use crate::sql::{NAMES, named};
use crate::store::{NamedCharacter, StoreError};

const INSERT_KEY: &str = "INSERT INTO character_name_keys (world_id, name_key, character_id) VALUES (?1, ?2, ?3)
     ON CONFLICT DO NOTHING";

/// Keys of characters that are no more.
const OWNERLESS: &str = "DELETE FROM character_name_keys WHERE world_id = ?1 AND NOT EXISTS (
         SELECT 1 FROM character_profiles AS profile
         WHERE profile.world_id = ?1 AND profile.character_id = character_name_keys.character_id)";

impl SqliteStore {
    /// Makes the keys of all names anew if any were made by another rule, in the order the
    /// characters were made: a name that looks like an older one stays, without the keys they
    /// share.
    pub(super) async fn key_names(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let ownerless = sqlx::query(OWNERLESS).bind(&*self.own.world).execute(&mut *connection).await?.rows_affected();
        if ownerless > 0 {
            tracing::warn!(keys = ownerless, "characters were deleted by hand; their names are free again");
        }
        let stale = "SELECT EXISTS (SELECT 1 FROM character_profiles WHERE world_id = ?1 AND name_rule < ?2)
             OR EXISTS (SELECT 1 FROM character_profiles WHERE world_id = ?1 AND name_rule > ?2)";
        let is_stale = sqlx::query(stale).bind(&*self.own.world).bind(LOOK_RULE).fetch_one(&mut *connection).await?;
        if !is_stale.try_get::<bool, _>(0)? {
            return Ok(());
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM character_name_keys WHERE world_id = ?1")
            .bind(&*self.own.world)
            .execute(&mut *transaction)
            .await?;
        for character in self.list_names(&mut transaction).await? {
            for key in look_keys(&character.display_name) {
                let insert = sqlx::query(INSERT_KEY).bind(&*self.own.world).bind(key);
                insert.bind(text_of_uuid(character.character_id.0)).execute(&mut *transaction).await?;
            }
        }
        sqlx::query("UPDATE character_profiles SET name_rule = ?2 WHERE world_id = ?1")
            .bind(&*self.own.world)
            .bind(LOOK_RULE)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// All names, the oldest character first.
    pub(super) async fn list_names(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<NamedCharacter>, StoreError> {
        let rows = sqlx::query(NAMES).bind(&*self.own.world).fetch_all(connection).await?;
        rows.iter().map(named).collect()
    }
}
