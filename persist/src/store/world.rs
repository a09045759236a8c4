//! What the store keeps about a world as a whole: its snapshots and who may write it, and what its calls report. Plain
//! data; who uses it is said at the calls of [`Store`](super::Store).

use std::time::Duration;

use tilemud_schema::{CharacterId, Tick, Timestamp};

use super::CharacterProfile;

/// A lease that was not renewed for so long, by the clock of who watches it, may be taken by anybody.
pub const LEASE_LASTS: Duration = Duration::from_secs(10);

/// The newest snapshots of a world, which are kept whatever day they are of. Of older ones the first of each day is kept.
pub const SNAPSHOTS_KEPT: usize = 4;

/// Days (UTC) of which the first snapshot is kept, so that the log of a month can be played again.
pub const SNAPSHOT_DAYS_KEPT: usize = 31;

/// Days for which a character is kept that never entered the world and that nobody has asked for since, where the log is not
/// kept for less.
pub const NEWCOMER_DAYS_KEPT: u16 = 7;

/// Since when such a character must have been asked for to be kept.
#[must_use]
pub(crate) fn newcomers_kept_from(now: Timestamp, keep_days: u16) -> Timestamp {
    now.plus_millis(-24 * 3_600 * 1_000 * i64::from(keep_days.min(NEWCOMER_DAYS_KEPT)))
}

/// What a commit found beside doing its work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitReport {
    /// Characters of the batch whose stored profile was changed since this store last read or wrote it. The values of the
    /// batch have replaced that change, because the world is the truth.
    pub profiles_changed_elsewhere: Vec<CharacterId>,
}

/// A world at the end of a tick. What the bytes mean is the caller's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// Which tick.
    pub tick: Tick,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The world.
    pub data: Vec<u8>,
}

/// Who wants to write a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// Says which process this is. Asking again as the same holder is granted at once, and fences the earlier self.
    pub holder: String,
    /// The lease of a holder that is to be taken from it.
    pub supersedes: Option<Superseded>,
}

/// A holder that has ended, or has been silent for [`LEASE_LASTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superseded {
    /// Its epoch.
    pub epoch: i64,
    /// Only if it has not renewed its lease since; `None` when it cannot have.
    pub renewed: Option<Timestamp>,
}

/// The lease of a world as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseState {
    /// As given in its [`LeaseRequest`].
    pub holder: String,
    /// Changes with every holder.
    pub epoch: i64,
    /// Another value with every renewal. By a clock that need not be ours: it says whether there was a renewal, not when.
    pub renewed: Timestamp,
}

/// What the store says about time, for who has to judge the clock of this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockSigns {
    /// The time of the newest row of the world.
    pub newest_row: Option<Timestamp>,
    /// The newest time that is known of the world: that row, or the last renewal of its lease.
    pub newest: Option<Timestamp>,
    /// Jumps of the clock that were noted.
    pub jumps: Vec<ClockJump>,
}

/// A jump of the clock that was too long to believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockJump {
    /// The newest time that was known before it.
    pub came_from: Timestamp,
    /// The time after it.
    pub went_to: Timestamp,
}

/// A profile with values that this program has not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandChange {
    /// As it is stored now.
    pub profile: CharacterProfile,
    /// Its position or health.
    pub body: bool,
    /// It has no position, or half of one, though it has been in the world.
    pub lost_position: bool,
    /// What it carries.
    pub inventory: bool,
    /// Its stats.
    pub stats: bool,
    /// It is not known what this program has written: the row is older than that, or somebody else has made it.
    pub is_unknown: bool,
}

/// What retention did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RetentionReport {
    /// Days of the log that got a partition of their own.
    pub partitions_made: u32,
    /// Days that stay in the default partition, because rows of them are there already or it was in use.
    pub partitions_left_out: u32,
    /// Partitions dropped with all their rows.
    pub partitions_dropped: u32,
    /// Partitions that are due and in use; they are dropped next time.
    pub partitions_in_use: u32,
    /// Rows of the log deleted one by one.
    pub rows_deleted: u64,
    /// Tick records deleted.
    pub ticks_deleted: u64,
    /// Snapshots deleted because log after them was deleted.
    pub snapshots_deleted: u64,
    /// Sessions deleted whose token had expired.
    pub sessions_deleted: u64,
    /// Characters forgotten that never entered the world.
    pub newcomers_deleted: u64,
}
