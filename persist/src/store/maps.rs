//! Maps that a world is or was played on.

use async_trait::async_trait;
use tilemud_schema::{MapId, Timestamp};

use super::error::StoreError;

/// A map by its content. The bytes are opaque to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMap {
    pub id: MapId,
    /// When it was first stored.
    pub stored_at: Timestamp,
    pub data: Vec<u8>,
}

/// Maps that a world is or was played on, which a recovery and a replay need.
#[async_trait]
pub trait Maps: Send + Sync {
    /// Stores a map, unless it is there.
    ///
    /// # Errors
    /// As for [`CommitLog::commit`](super::CommitLog::commit).
    async fn save_map(&self, map: &StoredMap) -> Result<(), StoreError>;

    /// The bytes of a map, if it is there.
    async fn map(&self, id: MapId) -> Result<Option<Vec<u8>>, StoreError>;
}
