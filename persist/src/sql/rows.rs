//! Decoding of rows, for both stores.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tilemud_schema::{ActionId, CharacterId, CharacterState, Position, SessionId, Timestamp, UserId};
use uuid::Uuid;

use crate::column::token_hash_value;
use crate::document;
use crate::store::{CharacterProfile, ClockJump, KnownIssuer, NamedCharacter, SessionRecord, StoreError, StoredAction};

/// Values out of the columns of a row.
pub(crate) trait Columns {
    fn id(&self, column: &str) -> Result<Uuid, StoreError>;
    fn time(&self, column: &str) -> Result<Timestamp, StoreError>;
    fn text(&self, column: &str) -> Result<Arc<str>, StoreError>;
    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError>;
    fn number(&self, column: &str) -> Result<i64, StoreError>;
    fn maybe_number(&self, column: &str) -> Result<Option<i64>, StoreError>;
    fn maybe_small(&self, column: &str) -> Result<Option<i32>, StoreError>;
    fn maybe_bytes(&self, column: &str) -> Result<Option<&[u8]>, StoreError>;
    fn document<T: DeserializeOwned + Unpin + Send + 'static>(&self, column: &str) -> Result<T, StoreError>;
}

fn there<T>(column: &str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt { what: format!("column {column} is empty") })
}

/// A row of `character_profiles`.
pub(super) fn profile(row: &impl Columns) -> Result<CharacterProfile, StoreError> {
    let (x, y) = (row.maybe_small("position_x")?, row.maybe_small("position_y")?);
    Ok(CharacterProfile {
        character_id: CharacterId(row.id("character_id")?),
        user_id: UserId(row.text("user_id")?),
        state: CharacterState {
            display_name: row.text("display_name")?,
            look: row.text("look")?,
            position: x.zip(y).map(|(x, y)| Position { x, y }),
            health: there("health", row.maybe_small("health")?)?,
            inventory: Arc::new(row.document("inventory")?),
            stats: row.document("stats")?,
            ..document::read(row.document("state")?)?
        },
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// The names of a row of `character_profiles`.
pub(crate) fn named(row: &impl Columns) -> Result<NamedCharacter, StoreError> {
    Ok(NamedCharacter {
        character_id: CharacterId(row.id("character_id")?),
        user_id: UserId(row.text("user_id")?),
        display_name: row.text("display_name")?,
    })
}

/// A row of `sessions`.
pub(super) fn session(row: &impl Columns) -> Result<SessionRecord, StoreError> {
    let previous = row.maybe_bytes("previous_token_hash")?;
    Ok(SessionRecord {
        session_id: SessionId(row.id("session_id")?),
        user_id: UserId(row.text("user_id")?),
        character_id: CharacterId(row.id("character_id")?),
        token_hash: token_hash_value(there("token_hash", row.maybe_bytes("token_hash")?)?)?,
        previous_token_hash: previous.map(token_hash_value).transpose()?,
        token_expires_at: row.time("token_expires_at")?,
        started_at: row.time("started_at")?,
    })
}

/// `action_id` and `persisted_at` of a row of `action_events`.
pub(super) fn stored_action(row: &impl Columns) -> Result<StoredAction, StoreError> {
    Ok(StoredAction { action_id: ActionId(row.id("action_id")?), persisted_at: row.time("persisted_at")? })
}

/// A row of `clock_jumps`.
pub(super) fn clock_jump(row: &impl Columns) -> Result<ClockJump, StoreError> {
    Ok(ClockJump { came_from: row.time("came_from")?, went_to: row.time("went_to")? })
}

/// A row of `world_issuers`.
pub(super) fn issuer(row: &impl Columns) -> Result<KnownIssuer, StoreError> {
    Ok(KnownIssuer { issuer: row.text("issuer")?.as_ref().to_owned(), linked_to: row.maybe_text("linked_to")? })
}
