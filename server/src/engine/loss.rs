//! When a store is lost for good, and why a server must end then.

use tilemud_persist::store::StoreError;

/// Whether no later call can succeed.
pub(crate) fn is_lost(error: &StoreError) -> bool {
    matches!(error, StoreError::Gone { .. } | StoreError::Unfit { .. })
}

/// Why a server must end that cannot write its world any more.
#[must_use]
pub(crate) fn in_words(error: &StoreError) -> String {
    match error {
        StoreError::Fenced => "another server has taken this world over".to_owned(),
        other => other.to_string(),
    }
}
