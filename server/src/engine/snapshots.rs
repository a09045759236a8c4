//! Writes world snapshots beside the commits, one at a time. A snapshot is only handed in here once
//! its tick is committed, so the newest one stored is never ahead of the log. While the previous
//! one is still being written, a new one is skipped: the log after the newest snapshot is longer
//! then, and nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tilemud_sim::WorldSnapshot;
use tilemud_vitals::process::Process;
use tokio::runtime::Handle;

use super::recovery::Recovery;

/// The way snapshots take to the store.
pub struct Snapshots {
    recovery: Arc<Recovery>,
    runtime: Handle,
    process: Process,
    writing: Arc<AtomicBool>,
}

impl Snapshots {
    /// Writes on `runtime`. A panic there is reported to `process`.
    #[must_use]
    pub fn new(recovery: Arc<Recovery>, runtime: Handle, process: Process) -> Self {
        Self { recovery, runtime, process, writing: Arc::default() }
    }

    /// Writes a snapshot of a committed tick, unless one is being written. A failure is logged: the
    /// log is the truth.
    pub fn save_soon(&self, world: Box<WorldSnapshot>) {
        if self.writing.swap(true, Ordering::AcqRel) {
            return;
        }
        let (recovery, writing) = (Arc::clone(&self.recovery), Arc::clone(&self.writing));
        let guard = self.process.panic_guard("the writing of world snapshots");
        self.runtime.spawn(async move {
            let _missed = guard;
            let started = Instant::now();
            match recovery.save(&world).await {
                Ok(()) => {
                    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                    tracing::debug!(tick = world.tick, took_ms, "world snapshot written");
                }
                Err(error) => tracing::warn!(%error, tick = world.tick, "world snapshot not written"),
            }
            writing.store(false, Ordering::Release);
        });
    }
}
