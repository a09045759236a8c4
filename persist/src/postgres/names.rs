//! Characters and the keys of their names in Postgres: written together, and added where an earlier program left none.

use sqlx::types::Json;
use sqlx::{Connection as _, PgConnection, Row as _};
use tilemud_names::{LOOK_RULE, folded, look_keys};
use uuid::Uuid;

use super::PostgresStore;
use super::rows::Timestamptz;
use crate::column::now;
use crate::document::document;
use crate::sql::{NAMES, named};
use crate::store::{NamedCharacter, NewCharacter, StoreError};
use crate::written::Written;

/// Keys per statement when old names get theirs.
const KEYS_PER_STATEMENT: usize = 3_000;

const INSERT_KEYS: &str = "INSERT INTO character_name_keys (world_id, name_key, character_id)
     SELECT $1, name_key, character_id FROM UNNEST($2::text[], $3::uuid[]) AS keys (name_key, character_id)
     ON CONFLICT DO NOTHING";

impl PostgresStore {
    /// Writes a character with the keys of its name, or nothing when the user or the name is taken; the caller finds
    /// out which.
    pub(super) async fn insert_into(
        &self,
        connection: &mut PgConnection,
        character: &NewCharacter,
    ) -> Result<(), StoreError> {
        let mut transaction = connection.begin().await?;
        let state = &character.state;
        let document = document(state);
        let written = Written::of(state, &document);
        let made = sqlx::query(
            "INSERT INTO character_profiles (world_id, character_id, user_id, display_name, display_name_folded, look,
                 health, inventory, stats, state, projected_tick, created_at, updated_at, name_rule,
                 written_body, written_inventory, written_stats, written_state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $11, $12, $13, $14, $15, $16)
             ON CONFLICT DO NOTHING",
        )
        .bind(&*self.world)
        .bind(character.character_id.0)
        .bind(&*character.user_id.0)
        .bind(&*state.display_name)
        .bind(folded(&state.display_name))
        .bind(&*state.look)
        .bind(state.health)
        .bind(Json(&*state.inventory))
        .bind(Json(&state.stats))
        .bind(Json(document))
        .bind(Timestamptz(now()))
        .bind(LOOK_RULE)
        .bind(written.body)
        .bind(written.inventory)
        .bind(written.stats)
        .bind(written.document)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        // In order, so that two who want the same keys wait for each other and not both for ever.
        let keys: Vec<String> = look_keys(&state.display_name).into_iter().collect();
        let is_free = made == 1 && {
            let ids = vec![character.character_id.0; keys.len()];
            let insert = sqlx::query(INSERT_KEYS).bind(&*self.world).bind(&keys).bind(ids);
            insert.execute(&mut *transaction).await?.rows_affected() == keys.len() as u64
        };
        if is_free {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(())
    }

    /// Rebuilds the keys of all names if any are of another rule, in the order the characters were made. A name that
    /// looks like an older one stays, without the keys they share.
    pub(super) async fn key_names(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
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
