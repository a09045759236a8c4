//! Maps that a world is or was played on.

use async_trait::async_trait;
use tilemud_schema::{MapId, Timestamp};

use super::error::StoreError;

/// A map by its content. The bytes are opaque to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMap {
    pub id: MapId,
    /// When the world last began to go on with it.
    pub stored_at: Timestamp,
    pub data: Vec<u8>,
}

/// Maps that a world is or was played on, which a recovery and a replay need.
#[async_trait]
pub trait Maps: Send + Sync {
    /// Stores a map. One that is there keeps its bytes.
    ///
    /// # Errors
    /// As for [`CommitLog::commit`](super::CommitLog::commit).
    async fn save_map(&self, map: &StoredMap) -> Result<(), StoreError>;

    /// Notes that the world goes on with a map that is there, from which on it is kept as if it had
    /// just been stored. False if it is not there, or the world is another server's.
    ///
    /// # Errors
    /// As for [`CommitLog::commit`](super::CommitLog::commit).
    async fn renew_map(&self, id: MapId, now: Timestamp) -> Result<bool, StoreError>;

    /// The bytes of a map, if it is there.
    async fn map(&self, id: MapId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Maps stored before a time that no tick of the log names, without those that snapshots
    /// `need`: only the caller can read snapshots.
    async fn unneeded_maps(&self, need: &[MapId], stored_before: Timestamp) -> Result<Vec<MapId>, StoreError>;

    /// Deletes those of these maps that are still as old; how many. Needs no lease, as the rest of
    /// [`Retention`](super::Retention).
    async fn forget_maps(&self, maps: &[MapId], stored_before: Timestamp) -> Result<u64, StoreError>;
}
