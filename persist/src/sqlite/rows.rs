//! Values between the server's types and the columns of SQLite, which has neither uuids nor times
//! nor JSON: ids are hyphenated text, times RFC 3339 UTC text, documents JSON text. Reads rows,
//! never runs a statement.

use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Uuid;
use tilemud_schema::Timestamp;

use crate::sql::Columns;
use crate::store::StoreError;

/// An id as its column holds it.
pub(super) fn text_of_uuid(id: Uuid) -> String {
    id.hyphenated().to_string()
}

/// A document as its column holds it.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Rejected(error.into()))
}

impl Columns for SqliteRow {
    fn id(&self, column: &str) -> Result<Uuid, StoreError> {
        parsed(self, column)
    }

    fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        parsed(self, column)
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
        let empty = || StoreError::Corrupt { what: format!("column {column} is empty") };
        document(self, column)?.ok_or_else(empty)
    }
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
