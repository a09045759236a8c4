//! A row of the log as it is read back, for tests and fuzzing.

use tilemud_schema::Performed;

use crate::store::StoreError;

/// What the texts in the columns `action_type` and `payload` stand for.
///
/// # Errors
/// [`StoreError::Corrupt`] when nothing that this program writes is in them.
pub fn logged_payload(action_type: &str, payload: &str) -> Result<Performed, StoreError> {
    crate::logged::parsed(action_type, payload)
}
