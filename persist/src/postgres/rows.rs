//! Values between the server's types and the columns of Postgres. Reads rows, never runs a
//! statement.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgRow, PgTypeInfo, PgValueFormat, PgValueRef};
use sqlx::types::{Json, Uuid};
use sqlx::{Decode, Encode, Postgres, Row, Type};
use tilemud_schema::Timestamp;

use crate::sql::Columns;
use crate::store::StoreError;

/// The object ids of `timestamptz` and its array, the same in every Postgres (`pg_type.dat`).
const TIMESTAMPTZ: Oid = Oid(1184);
const TIMESTAMPTZ_ARRAY: Oid = Oid(1185);

/// 2000-01-01T00:00:00Z, the zero of Postgres, in microseconds since the Unix epoch.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// A time as a `timestamptz` column holds it: exact, where a detour over seconds in floating point
/// is not.
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

impl Columns for PgRow {
    fn id(&self, column: &str) -> Result<Uuid, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        Ok(self.try_get::<Timestamptz, _>(column)?.0)
    }

    fn text(&self, column: &str) -> Result<Arc<str>, StoreError> {
        Ok(Arc::from(self.try_get::<&str, _>(column)?))
    }

    fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: &str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_number(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_small(&self, column: &str) -> Result<Option<i32>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_bytes(&self, column: &str) -> Result<Option<&[u8]>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn document<T: DeserializeOwned + Unpin + Send + 'static>(&self, column: &str) -> Result<T, StoreError> {
        let Json(document) = self.try_get::<Json<T>, _>(column)?;
        Ok(document)
    }
}
