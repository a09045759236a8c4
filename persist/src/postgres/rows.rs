//! Values between the server's types and the columns of Postgres. Reads rows, never runs a statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgRow, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::types::{Json, Uuid};
use sqlx::{Decode, Encode, Postgres, Row, Type};
use tilemud_schema::{ActionId, CharacterId, ItemStack, Position, SessionId, Timestamp, UserId};

use crate::column::token_hash_value;
use crate::store::{CharacterProfile, NamedCharacter, SessionRecord, StoreError, StoredAction};

/// The object ids of `timestamptz` and its array, the same in every Postgres (`pg_type.dat`).
const TIMESTAMPTZ: Oid = Oid(1184);
const TIMESTAMPTZ_ARRAY: Oid = Oid(1185);

/// 2000-01-01T00:00:00Z, the zero of Postgres, in microseconds since the Unix epoch.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// A time as a `timestamptz` column holds it: exact, where a detour over seconds in floating point is not.
#[derive(Clone, Copy)]
pub(super) struct Timestamptz(pub(super) Timestamp);

impl Type<Postgres> for Timestamptz {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
}

impl PgHasArrayType for Timestamptz {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ_ARRAY)
    }
}

impl Encode<'_, Postgres> for Timestamptz {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let micros = self.0.as_micros().checked_sub(POSTGRES_EPOCH_MICROS).ok_or("time before all times")?;
        Encode::<Postgres>::encode_by_ref(&micros, buffer)
    }
}

impl Decode<'_, Postgres> for Timestamptz {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        if value.format() == PgValueFormat::Text {
            return Err("a time in the text format, which no prepared statement returns".into());
        }
        let micros: i64 = Decode::<Postgres>::decode(value)?;
        let micros = micros.checked_add(POSTGRES_EPOCH_MICROS).ok_or("time after all times")?;
        Ok(Self(Timestamp::from_micros(micros)))
    }
}

/// A row of `character_profiles`.
pub(super) fn profile(row: &PgRow) -> Result<CharacterProfile, StoreError> {
    let x: Option<i32> = row.try_get("position_x")?;
    let y: Option<i32> = row.try_get("position_y")?;
    let Json(inventory): Json<Vec<ItemStack>> = row.try_get("inventory")?;
    let Json(stats): Json<BTreeMap<Arc<str>, i32>> = row.try_get("stats")?;
    Ok(CharacterProfile {
        character_id: CharacterId(id(row, "character_id")?),
        user_id: UserId(text(row, "user_id")?),
        display_name: text(row, "display_name")?,
        look: text(row, "look")?,
        position: x.zip(y).map(|(x, y)| Position { x, y }),
        health: row.try_get("health")?,
        inventory: Arc::new(inventory),
        stats: Arc::new(stats),
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

/// The names of a row of `character_profiles`.
pub(super) fn named(row: &PgRow) -> Result<NamedCharacter, StoreError> {
    Ok(NamedCharacter {
        character_id: CharacterId(id(row, "character_id")?),
        user_id: UserId(text(row, "user_id")?),
        display_name: text(row, "display_name")?,
    })
}

/// A row of `sessions`.
pub(super) fn session(row: &PgRow) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        session_id: SessionId(id(row, "session_id")?),
        user_id: UserId(text(row, "user_id")?),
        character_id: CharacterId(id(row, "character_id")?),
        token_hash: token_hash_value(row.try_get("token_hash")?)?,
        previous_token_hash: row
            .try_get::<Option<&[u8]>, _>("previous_token_hash")?
            .map(token_hash_value)
            .transpose()?,
        token_expires_at: time(row, "token_expires_at")?,
        started_at: time(row, "started_at")?,
    })
}

/// `action_id` and `persisted_at` of a row of `action_events`.
pub(super) fn stored_action(row: &PgRow) -> Result<StoredAction, StoreError> {
    Ok(StoredAction { action_id: ActionId(id(row, "action_id")?), persisted_at: time(row, "persisted_at")? })
}

fn id(row: &PgRow, column: &str) -> Result<Uuid, StoreError> {
    Ok(row.try_get(column)?)
}

fn text(row: &PgRow, column: &str) -> Result<Arc<str>, StoreError> {
    Ok(Arc::from(row.try_get::<&str, _>(column)?))
}

fn time(row: &PgRow, column: &str) -> Result<Timestamp, StoreError> {
    Ok(row.try_get::<Timestamptz, _>(column)?.0)
}
