//! Characters and the keys of their names in SQLite: written together, and added where an earlier program left none.

use sqlx::{Connection as _, Row as _, SqliteConnection};
use tilemud_names::{LOOK_RULE, folded, look_keys};

use super::SqliteStore;
use super::rows::{self, text_of_uuid};
use crate::column::now;
use crate::document::document;
use crate::sql::{NAMES, named};
use crate::store::{NamedCharacter, NewCharacter, StoreError};
use crate::written::Written;

const INSERT_KEY: &str = "INSERT INTO character_name_keys (world_id, name_key, character_id) VALUES (?1, ?2, ?3)
     ON CONFLICT DO NOTHING";

impl SqliteStore {
    /// Writes a character with the keys of its name, or nothing when the user or the name is taken; the caller finds
    /// out which.
    pub(super) async fn insert_into(
        &self,
        connection: &mut SqliteConnection,
        character: &NewCharacter,
    ) -> Result<(), StoreError> {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let id = text_of_uuid(character.character_id.0);
        let state = &character.state;
        let document = document(state);
        let written = Written::of(state, &document);
        let made = sqlx::query(
            "INSERT INTO character_profiles (world_id, character_id, user_id, display_name, display_name_folded, look,
                 health, inventory, stats, state, projected_tick, created_at, updated_at, name_rule,
                 written_body, written_inventory, written_stats, written_state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?11, ?12, ?13, ?14, ?15, ?16)
             ON CONFLICT DO NOTHING",
        )
        .bind(&*self.world)
        .bind(&id)
        .bind(&*character.user_id.0)
        .bind(&*state.display_name)
        .bind(folded(&state.display_name))
        .bind(&*state.look)
        .bind(state.health)
        .bind(rows::json(&state.inventory)?)
        .bind(rows::json(&state.stats)?)
        .bind(rows::json(&document)?)
        .bind(now().to_string())
        .bind(LOOK_RULE)
        .bind(written.body)
        .bind(written.inventory)
        .bind(written.stats)
        .bind(written.document)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        let mut is_free = made == 1;
        for key in look_keys(&state.display_name) {
            if is_free {
                let insert = sqlx::query(INSERT_KEY).bind(&*self.world).bind(key).bind(&id);
                is_free = insert.execute(&mut *transaction).await?.rows_affected() == 1;
            }
        }
        if is_free {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(())
    }

    /// Rebuilds the keys of all names if any are of another rule, in the order the characters were made. A name that
    /// looks like an older one stays, without the keys they share.
    pub(super) async fn key_names(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let stale = "SELECT EXISTS (SELECT 1 FROM character_profiles WHERE world_id = ?1 AND name_rule < ?2)
             OR EXISTS (SELECT 1 FROM character_profiles WHERE world_id = ?1 AND name_rule > ?2)";
        let is_stale = sqlx::query(stale).bind(&*self.world).bind(LOOK_RULE).fetch_one(&mut *connection).await?;
        if !is_stale.try_get::<bool, _>(0)? {
            return Ok(());
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM character_name_keys WHERE world_id = ?1")
            .bind(&*self.world)
            .execute(&mut *transaction)
            .await?;
        for character in self.list_names(&mut transaction).await? {
            for key in look_keys(&character.display_name) {
                let insert = sqlx::query(INSERT_KEY).bind(&*self.world).bind(key);
                insert.bind(text_of_uuid(character.character_id.0)).execute(&mut *transaction).await?;
            }
        }
        sqlx::query("UPDATE character_profiles SET name_rule = ?2 WHERE world_id = ?1")
            .bind(&*self.world)
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
        let rows = sqlx::query(NAMES).bind(&*self.world).fetch_all(connection).await?;
        rows.iter().map(named).collect()
    }
}
