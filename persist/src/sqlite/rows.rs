//! Values between the server's types and the columns of SQLite, which has neither uuids nor times nor JSON: ids
//! are hyphenated text, times RFC 3339 UTC text, documents JSON text. Reads rows, never runs a statement.

use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Uuid;
use tilemud_schema::{ActionId, CharacterId, Position, SessionId, Timestamp, UserId};

use crate::column::token_hash_value;
use crate::store::{CharacterProfile, NamedCharacter, SessionRecord, StoreError, StoredAction};

/// An id as its column holds it.
pub(super) fn text_of_uuid(id: Uuid) -> String {
    id.hyphenated().to_string()
}

/// A document as its column holds it.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Rejected(error.into()))
}

/// A row of `character_profiles`.
pub(super) fn profile(row: &SqliteRow) -> Result<CharacterProfile, StoreError> {
    let x: Option<i32> = row.try_get("position_x")?;
    let y: Option<i32> = row.try_get("position_y")?;
    Ok(CharacterProfile {
        character_id: CharacterId(parsed(row, "character_id")?),
        user_id: UserId(text(row, "user_id")?),
        display_name: text(row, "display_name")?,
        look: text(row, "look")?,
        position: x.zip(y).map(|(x, y)| Position { x, y }),
        health: row.try_get("health")?,
        inventory: Arc::new(present(row, "inventory")?),
        stats: Arc::new(present(row, "stats")?),
        created_at: parsed(row, "created_at")?,
        updated_at: parsed(row, "updated_at")?,
    })
}

/// The names of a row of `character_profiles`.
pub(super) fn named(row: &SqliteRow) -> Result<NamedCharacter, StoreError> {
    Ok(NamedCharacter {
        character_id: CharacterId(parsed(row, "character_id")?),
        user_id: UserId(text(row, "user_id")?),
        display_name: text(row, "display_name")?,
    })
}

/// A row of `sessions`.
pub(super) fn session(row: &SqliteRow) -> Result<SessionRecord, StoreError> {
    let hash: Vec<u8> = row.try_get("token_hash")?;
    let previous: Option<Vec<u8>> = row.try_get("previous_token_hash")?;
    Ok(SessionRecord {
        session_id: SessionId(parsed(row, "session_id")?),
        user_id: UserId(text(row, "user_id")?),
        character_id: CharacterId(parsed(row, "character_id")?),
        token_hash: token_hash_value(&hash)?,
        previous_token_hash: previous.as_deref().map(token_hash_value).transpose()?,
        token_expires_at: parsed(row, "token_expires_at")?,
        started_at: parsed(row, "started_at")?,
    })
}

/// `action_id` and `persisted_at` of a row of `action_events`.
pub(super) fn stored_action(row: &SqliteRow) -> Result<StoredAction, StoreError> {
    Ok(StoredAction {
        action_id: ActionId(parsed(row, "action_id")?),
        persisted_at: parsed::<Timestamp>(row, "persisted_at")?,
    })
}

fn text(row: &SqliteRow, column: &str) -> Result<Arc<str>, StoreError> {
    Ok(Arc::from(row.try_get::<&str, _>(column)?))
}

/// A value whose column holds its text.
pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    row.try_get::<&str, _>(column)?
        .parse()
        .map_err(|error| StoreError::Corrupt { what: format!("column {column}: {error}") })
}

/// A document that may be missing.
pub(super) fn document<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<Option<T>, StoreError> {
    let text = row.try_get::<Option<&str>, _>(column)?;
    text.map(serde_json::from_str)
        .transpose()
        .map_err(|error| StoreError::Corrupt { what: format!("column {column}: {error}") })
}

fn present<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    document(row, column)?.ok_or_else(|| StoreError::Corrupt { what: format!("column {column} is empty") })
}
