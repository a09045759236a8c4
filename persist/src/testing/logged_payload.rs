//! A payload of the log as it is read back, for tests and fuzzing.

use tilemud_schema::EventPayload;

use crate::store::StoreError;

/// What the text in the column `payload` stands for.
///
/// # Errors
/// [`StoreError::Corrupt`] when nothing that this program writes is in it.
pub fn logged_payload(text: &str) -> Result<EventPayload, StoreError> {
    crate::logged::parsed(text)
}
