//! What the tick loop, the persistence stage and the fan-out count. The figures themselves are [`Metrics`]'.

use std::time::Duration;

use tilemud_sim::api::TickPhase;
use tokio::time::Instant;

use super::{Metrics, micros, signed};

/// The tick loop and the persistence stage.
impl Metrics {
    /// A tick took this long, and whether that was more than its share.
    pub fn tick(&self, took: Duration, overran: bool) {
        self.tick_duration_us.observe(micros(took) as f64);
        self.tick_window_us.record(Instant::now(), micros(took));
        if overran {
            self.tick_overruns.inc();
        }
    }

    /// A phase of a tick took this long.
    pub fn tick_phase(&self, phase: TickPhase, took: Duration) {
        // Most are shorter than a microsecond.
        self.tick_phase_us[phase as usize].observe(took.as_secs_f64() * 1e6);
    }

    /// Everything of a committed tick was queued or sent in this time.
    pub fn fanout(&self, took: Duration) {
        self.fanout_duration_us.observe(micros(took) as f64);
    }

    /// The tick clock was so far behind that it gave up catching up.
    pub fn ticks_skipped(&self) {
        self.ticks_skipped.inc();
    }

    /// 99th percentile of the time a tick took over the last minute, microseconds; 0 without ticks.
    #[must_use]
    pub fn tick_p99_us(&self) -> u64 {
        self.tick_window_us.percentile(Instant::now(), 99.0).unwrap_or_default()
    }

    /// Ticks that took longer than their share.
    #[must_use]
    pub fn tick_overruns(&self) -> u64 {
        self.tick_overruns.get()
    }

    /// Inputs waiting for a tick.
    pub fn mailbox_depth(&self, inputs: u64) {
        self.mailbox_depth.set(signed(inputs));
    }

    /// Ticks waiting for their commit.
    pub fn pipeline_depth(&self, ticks: u64) {
        self.pipeline_depth.set(signed(ticks));
    }

    /// An attempt to commit failed and will be tried again.
    pub fn commit_failed(&self) {
        self.commit_failures.inc();
    }

    /// A profile was changed in the store while its character was in the world, and written over.
    pub fn profile_overruled(&self) {
        self.profiles_overruled.inc();
    }

    /// The time of day has jumped.
    pub fn clock_jump(&self) {
        self.clock_jumps.inc();
    }

    /// A commit of this many events took this long.
    pub fn commit(&self, took: Duration, events: u64) {
        self.commit_duration_us.observe(micros(took) as f64);
        self.commit_batch_events.observe(events as f64);
    }
}
