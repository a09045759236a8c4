//! Snapshots of a world.

use async_trait::async_trait;
use tilemud_schema::{Tick, Timestamp};

use super::error::StoreError;

/// Number of newest snapshots of a world that are kept. Of older ones the first of each day is
/// kept.
pub const SNAPSHOTS_KEPT: usize = 4;

/// Days (UTC) of which the first snapshot is kept, so that the log of a month can be replayed.
pub const SNAPSHOT_DAYS_KEPT: usize = 31;

/// A world at the end of a tick. The bytes are opaque to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSnapshot {
    pub tick: Tick,
    /// When it was taken.
    pub taken_at: Timestamp,
    pub data: Vec<u8>,
}

/// Snapshots of a world.
#[async_trait]
pub trait Snapshots: Send + Sync {
    /// Stores a snapshot, replacing one of the same tick, and forgets all but the newest
    /// [`SNAPSHOTS_KEPT`] and the first of each of the newest [`SNAPSHOT_DAYS_KEPT`] days. Commits
    /// do not wait for it.
    ///
    /// # Errors
    /// As for [`CommitLog::commit`](super::CommitLog::commit).
    async fn save_snapshot(&self, snapshot: &StoredSnapshot) -> Result<(), StoreError>;

    /// The snapshot with the highest tick.
    async fn newest_snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError>;

    /// The snapshot of a tick, if it is still there.
    async fn snapshot(&self, tick: Tick) -> Result<Option<StoredSnapshot>, StoreError>;

    /// The ticks of all snapshots that are there, ascending.
    async fn snapshot_ticks(&self) -> Result<Vec<Tick>, StoreError>;
}
