//! Columns of many rows as arrays, one parameter each, encoded from the rows without intermediate
//! lists.

use serde::Serialize;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo};
use sqlx::{Encode, Postgres, Type};

/// The object ids of `json` and its array, the same in every Postgres (`pg_type.dat`).
const JSON: Oid = Oid(114);
const JSON_ARRAY: Oid = Oid(199);

/// What `value` makes of each of the rows, as one array.
pub(super) struct Column<'a, Row, Value> {
    rows: &'a [Row],
    value: Value,
}

/// A column of `rows`.
pub(super) fn column<'a, Row, V>(
    rows: &'a [Row],
    value: impl Fn(&'a Row) -> V,
) -> Column<'a, Row, impl Fn(&'a Row) -> V> {
    Column { rows, value }
}

impl<'a, Row, V, Value> Type<Postgres> for Column<'a, Row, Value>
where
    Value: Fn(&'a Row) -> V,
    V: PgHasArrayType,
{
    fn type_info() -> PgTypeInfo {
        V::array_type_info()
    }
}

impl<'a, Row, V, Value> Encode<'_, Postgres> for Column<'a, Row, Value>
where
    Value: Fn(&'a Row) -> V,
    V: Encode<'a, Postgres> + Type<Postgres>,
{
    /// The binary form of an array of one dimension (`array_recv` in Postgres).
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let element = V::type_info().oid().ok_or("an array of a type without a fixed number")?;
        let (dimensions, has_nulls, lower_bound) = (1_i32, 0_i32, 1_i32);
        buffer.extend(dimensions.to_be_bytes());
        buffer.extend(has_nulls.to_be_bytes());
        buffer.extend(element.0.to_be_bytes());
        buffer.extend(i32::try_from(self.rows.len())?.to_be_bytes());
        buffer.extend(lower_bound.to_be_bytes());
        for row in self.rows {
            let at = buffer.len();
            buffer.extend([0; 4]);
            let length = match (self.value)(row).encode(buffer)? {
                IsNull::Yes => -1,
                IsNull::No => i32::try_from(buffer.len() - at - 4)?,
            };
            buffer[at..at + 4].copy_from_slice(&length.to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

/// A document as JSON text. Unlike `jsonb` it needs no conversion in the database.
pub(super) struct JsonText<T>(pub(super) T);

impl<T> Type<Postgres> for JsonText<T> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON)
    }
}

impl<T> PgHasArrayType for JsonText<T> {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(JSON_ARRAY)
    }
}

impl<T: Serialize> Encode<'_, Postgres> for JsonText<T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        serde_json::to_writer(&mut **buffer, &self.0)?;
        Ok(IsNull::No)
    }
}
