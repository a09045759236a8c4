//! Characters and issuers.

use async_trait::async_trait;
use tilemud_schema::{CharacterId, UserId};

use super::rows::{Columns, issuer, named, profile};
use super::{Sql, Value};
use crate::column::now;
use crate::store::{
    CharacterProfile, HandChange, Issuers, KnownIssuer, NamedCharacter, NewCharacter, Profiles, StoreError,
};
use crate::written::{Written, has_lost_position, in_row};

const BY_USER: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND user_id = $2";
const BY_ID: &str = "SELECT * FROM character_profiles WHERE world_id = $1 AND character_id = $2";
const ALL: &str = "SELECT * FROM character_profiles WHERE world_id = $1 ORDER BY character_id";

/// All names, the oldest character first.
pub(crate) const NAMES: &str = "
    SELECT character_id, user_id, display_name FROM character_profiles WHERE world_id = $1
    ORDER BY created_at, character_id";

const RENEW: &str = "
    UPDATE character_profiles SET updated_at = $3
    WHERE world_id = $1 AND character_id = $2 AND position_x IS NULL";

async fn read(
    store: &impl Sql,
    statement: &'static str,
    value: Value<'_>,
) -> Result<Option<CharacterProfile>, StoreError> {
    let profile = store.row(statement, &[value]).await?.as_ref().map(profile).transpose()?;
    profile.iter().for_each(|profile| store.versions().note_read(profile));
    Ok(profile)
}

/// The id of a row that may be unreadable.
fn shown_id(row: &impl Columns) -> String {
    let id = row.id("character_id").map(|id| id.to_string());
    id.or_else(|_| row.text("character_id").map(|text| text.to_string())).unwrap_or_else(|_| "?".to_owned())
}

#[async_trait]
impl<S: Sql> Profiles for S {
    async fn find_character(&self, user_id: &UserId) -> Result<Option<CharacterProfile>, StoreError> {
        read(self, BY_USER, Value::Text(&user_id.0)).await
    }

    async fn load_character(&self, character_id: CharacterId) -> Result<Option<CharacterProfile>, StoreError> {
        read(self, BY_ID, Value::Id(character_id.0)).await
    }

    async fn create_character(&self, character: &NewCharacter) -> Result<CharacterProfile, StoreError> {
        self.insert_character(character).await?;
        self.find_character(&character.user_id).await?.ok_or(StoreError::NameTaken)
    }

    async fn renew_newcomer(&self, character_id: CharacterId) -> Result<bool, StoreError> {
        Ok(self.change(RENEW, &[Value::Id(character_id.0), Value::Time(now())]).await? == 1)
    }

    async fn names(&self) -> Result<Vec<NamedCharacter>, StoreError> {
        self.rows(NAMES, &[]).await?.iter().map(named).collect()
    }

    async fn changed_by_hand(&self) -> Result<Vec<HandChange>, StoreError> {
        let mut changes = Vec::new();
        for row in self.rows(ALL, &[]).await? {
            let profile = profile(&row).map_err(|error| in_row(&shown_id(&row), error))?;
            let written = Written {
                body: row.maybe_number("written_body")?,
                inventory: row.maybe_number("written_inventory")?,
                stats: row.maybe_number("written_stats")?,
                document: row.maybe_number("written_state")?,
            };
            let (x, y) = (row.maybe_small("position_x")?, row.maybe_small("position_y")?);
            changes.extend(written.differs(profile, has_lost_position(x, y, row.number("projected_tick")?)));
        }
        Ok(changes)
    }
}

#[async_trait]
impl<S: Sql> Issuers for S {
    async fn issuers(&self) -> Result<Vec<KnownIssuer>, StoreError> {
        let list = "SELECT issuer, linked_to FROM world_issuers WHERE world_id = $1 ORDER BY noted_at, issuer";
        self.rows(list, &[]).await?.iter().map(issuer).collect()
    }

    async fn note_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError> {
        let note = "INSERT INTO world_issuers (world_id, issuer, linked_to, noted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (world_id, issuer) DO UPDATE SET linked_to = excluded.linked_to";
        let linked_to = Value::MaybeText(issuer.linked_to.as_deref());
        self.change(note, &[Value::Text(&issuer.issuer), linked_to, Value::Time(now())]).await.map(drop)
    }
}
