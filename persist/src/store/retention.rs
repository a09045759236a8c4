//! Deletion of old rows, and the times that the store holds.

use async_trait::async_trait;
use tilemud_schema::Timestamp;

use super::error::StoreError;

/// Days for which a character is kept that never entered the world, since its last bootstrap; fewer
/// where the log is kept for less.
pub const NEWCOMER_DAYS_KEPT: u16 = 7;

/// The oldest last bootstrap with which such a character is kept.
#[must_use]
pub(crate) fn newcomers_kept_from(now: Timestamp, keep_days: u16) -> Timestamp {
    now.plus_millis(-24 * 3_600 * 1_000 * i64::from(keep_days.min(NEWCOMER_DAYS_KEPT)))
}

/// The times that the store holds, by which the clock of this machine is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockSigns {
    /// The time of the newest row of the world.
    pub newest_row: Option<Timestamp>,
    /// The newest time known of any world in the database: of a row, or of the last renewal of a
    /// lease.
    pub newest: Option<Timestamp>,
    /// Jumps of the clock that were noted, by whichever world.
    pub jumps: Vec<ClockJump>,
}

/// A jump of the clock that was too long to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockJump {
    /// The newest time that was known before it.
    pub came_from: Timestamp,
    /// The time after it.
    pub went_to: Timestamp,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RetentionReport {
    /// Days of the log that got a partition of their own.
    pub partitions_made: u32,
    /// Days that stay in the default partition, because rows of them are there already or it was in
    /// use.
    pub partitions_left_out: u32,
    /// Partitions dropped with all their rows.
    pub partitions_dropped: u32,
    /// Partitions that are due and in use; they are dropped next time.
    pub partitions_in_use: u32,
    /// Rows of the log deleted one by one.
    pub rows_deleted: u64,
    pub ticks_deleted: u64,
    /// Snapshots deleted because log after them was deleted.
    pub snapshots_deleted: u64,
    /// Sessions deleted whose token had expired.
    pub sessions_deleted: u64,
    /// Characters forgotten that never entered the world.
    pub newcomers_deleted: u64,
}

/// Deleting what is old, and the doubt before it.
#[async_trait]
pub trait Retention: Send + Sync {
    /// Deletes what is older than `keep_days` (SPEC: ActionEvent, 30 days), expired sessions
    /// included and characters that never entered ([`NEWCOMER_DAYS_KEPT`]), and prepares room for
    /// the days to come. Never deletes what a recovery from the newest snapshot needs; without a
    /// snapshot that is all of the log. Snapshots from which the log has become incomplete are
    /// deleted with it. Runs beside commits without failing them or making them wait long.
    async fn retain(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError>;

    /// What [`Retention::retain`] would delete.
    async fn retention_plan(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError>;

    /// What the store says about time.
    async fn clock_signs(&self) -> Result<ClockSigns, StoreError>;

    /// Notes a jump of the clock.
    async fn note_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError>;

    /// Forgets the jumps, of all worlds: the clock is right.
    async fn forget_clock_jumps(&self) -> Result<(), StoreError>;
}
