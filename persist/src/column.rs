//! Conversions both databases need between the server's types and columns. The databases have no
//! unsigned numbers.

use tilemud_schema::{Seq, Tick, Timestamp};

use crate::store::StoreError;

/// A tick as its column holds it; refused beyond what 292 years of ticks at 1 GHz would reach.
pub(crate) fn tick_column(tick: Tick) -> Result<i64, StoreError> {
    i64::try_from(tick).map_err(|error| StoreError::Rejected(error.into()))
}

/// A sequence number as its column holds it.
pub(crate) fn seq_column(seq: Seq) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|error| StoreError::Rejected(error.into()))
}

/// A tick out of its column.
pub(crate) fn tick_value(column: i64) -> Result<Tick, StoreError> {
    Tick::try_from(column).map_err(|_| StoreError::Corrupt { what: format!("tick {column}") })
}

/// A sequence number out of its column.
pub(crate) fn seq_value(column: i64) -> Result<Seq, StoreError> {
    Seq::try_from(column).map_err(|_| StoreError::Corrupt { what: format!("sequence number {column}") })
}

/// A token hash out of its column.
pub(crate) fn token_hash_value(column: &[u8]) -> Result<[u8; 32], StoreError> {
    column.try_into().map_err(|_| StoreError::Corrupt { what: format!("token hash of {} bytes", column.len()) })
}

/// The time of a row that nobody else gave a time.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// A count as its column holds it.
pub(crate) fn count_column(count: usize) -> Result<i32, StoreError> {
    i32::try_from(count).map_err(|error| StoreError::Rejected(error.into()))
}

/// A count out of its column.
pub(crate) fn count_value(column: i64) -> Result<usize, StoreError> {
    usize::try_from(column).map_err(|_| StoreError::Corrupt { what: format!("count {column}") })
}

/// What a query may be limited to.
pub(crate) fn limit_column(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).max(1)
}
