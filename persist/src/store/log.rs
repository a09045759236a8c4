//! The log of a world: committed ticks in order, and the answers to intents.

use async_trait::async_trait;
use tilemud_schema::{ActionEvent, ActionId, CharacterId, Seq, SessionId, Tick, TickRecord, Timestamp};

use super::error::StoreError;
use super::profiles::ProfileWrite;

/// One transaction of the persistence stage: all of it is durable, or none.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The reservation: the world may release ticks up to this one, and a recovered world begins
    /// after it.
    pub tick: Tick,
    /// Stamped on every row; the time of writing when it is `None`.
    pub persisted_at: Option<Timestamp>,
    /// In order of (tick, tick_order).
    pub events: Vec<ActionEvent>,
    /// At most one per character.
    pub profiles: Vec<ProfileWrite>,
    /// One per durable tick of the batch, in order; the events of such a tick are all in the same
    /// batch.
    pub records: Vec<TickRecord>,
}

impl Batch {
    /// How many of the events are of this tick.
    pub(crate) fn events_of(&self, tick: Tick) -> usize {
        let before = self.events.partition_point(|event| event.tick < tick);
        self.events[before..].partition_point(|event| event.tick == tick)
    }
}

/// The original record of an applied intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAction {
    pub action_id: ActionId,
    /// When it was committed.
    pub persisted_at: Timestamp,
}

/// What a commit found beside doing its work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitReport {
    /// Characters of the batch whose stored profile was changed elsewhere since this store last
    /// read or wrote it. The batch has overwritten that change, because the world is the truth.
    pub profiles_changed_elsewhere: Vec<CharacterId>,
}

/// The log of a world. Shared by all tasks; only the persistence stage calls [`CommitLog::commit`],
/// one call at a time.
#[async_trait]
pub trait CommitLog: Send + Sync {
    /// Writes a batch with synchronous durability: when it returns `Ok`, a power cut loses nothing
    /// of it. Idempotent by `action_id` and tick: a batch that was already committed commits again
    /// without effect. Renews the lease.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the outcome is unknown and may be tried again,
    /// [`StoreError::Rejected`] when not, [`StoreError::Fenced`] when this world has a lease and it
    /// is not this store's. But for the first, nothing is written.
    ///
    /// # Cancel safety
    /// Not cancel safe: a dropped call may or may not have committed.
    async fn commit(&self, batch: &Batch) -> Result<CommitReport, StoreError>;

    /// Whether a batch with events or records is committed, after a commit of unknown outcome.
    /// Waits for an attempt that still runs in the database. After `false` the caller commits
    /// again, which is idempotent. `false` for a batch of profiles alone, which cannot be
    /// recognised.
    ///
    /// # Errors
    /// As for [`CommitLog::commit`].
    async fn settled(&self, batch: &Batch) -> Result<bool, StoreError>;

    /// The newest [`Batch::tick`] ever committed, 0 for a new store.
    async fn last_tick(&self) -> Result<Tick, StoreError>;

    /// The tick of the newest [`TickRecord`], 0 when there is none.
    async fn committed_tick(&self) -> Result<Tick, StoreError>;

    /// The last sequence number of a session in the log, 0 when there is none.
    async fn last_seq(&self, session_id: SessionId) -> Result<Seq, StoreError>;

    /// The original record of an intent, if it was applied.
    async fn find_action(&self, session_id: SessionId, seq: Seq) -> Result<Option<StoredAction>, StoreError>;
}
