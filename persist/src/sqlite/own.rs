//! What a store of one world in a shared file has for itself.

use std::sync::Arc;

use parking_lot::Mutex;
use tilemud_schema::Timestamp;

use super::lease;
use crate::store::{Batch, CommitReport};
use crate::versions::Versions;

/// Of one world.
pub(super) struct Own {
    pub(super) world: Arc<str>,
    /// Of its lease, while it is held.
    pub(super) epoch: Mutex<Option<i64>>,
    pub(super) lease: lease::Own,
    pub(super) versions: Versions,
}

impl Own {
    pub(super) fn of(world: &str) -> Self {
        let (epoch, lease, versions) = Default::default();
        Self { world: world.into(), epoch, lease, versions }
    }

    pub(super) fn epoch(&self) -> Option<i64> {
        *self.epoch.lock()
    }
}

/// What was written of one world, to be noted when it is committed.
pub(super) struct Part {
    report: CommitReport,
    renewed: Option<Timestamp>,
    written_at: Timestamp,
}

impl Part {
    pub(super) fn new(report: CommitReport, renewed: Option<Timestamp>, written_at: Timestamp) -> Self {
        Self { report, renewed, written_at }
    }

    /// It is committed.
    pub(super) fn note(self, own: &Own, batch: &Batch) -> CommitReport {
        own.lease.note(self.renewed);
        own.versions.note_written(batch.profiles.iter().map(|profile| profile.character_id), self.written_at);
        self.report
    }
}
