//! The watchdog: a thread that checks four times a second for threads that are stuck, calls to the
//! store without an answer, and clocks that jump, and reports them to the health and the log. Ends
//! nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tilemud_vitals::health::Health;
use tilemud_vitals::metrics::EngineMetrics;
use tilemud_vitals::pulse::{self, BEAT_EVERY, Part};
use tokio::time::Instant as TokioInstant;

use super::clock_watch::ClockWatch;
use super::slowness::Slowness;

/// From one look to the next.
pub const PACE: Duration = Duration::from_millis(250);

/// A thread that beats as it should is not quiet for so long.
const QUIET: Duration = BEAT_EVERY.saturating_mul(2);

/// Looks from one comparison of the clocks to the next.
const LOOKS_PER_CLOCK: u32 = 4;

/// What it looks at.
pub struct Watchdog {
    /// Told of what stands still.
    pub health: Arc<Health>,
    pub metrics: Arc<EngineMetrics>,
    /// What is logged now and then.
    pub slowness: Arc<Slowness>,
    pub stop: Arc<AtomicBool>,
}

impl Watchdog {
    pub fn run(&self) {
        let started = Instant::now();
        let (mut pulses, mut clocks) = (pulse::Watchdog::default(), ClockWatch::default());
        let mut looked = started;
        for look in 0_u32.. {
            // Woken up when it is to stop.
            std::thread::park_timeout(PACE);
            if self.stop.load(Ordering::Acquire) {
                return;
            }
            let after = std::mem::replace(&mut looked, Instant::now()).elapsed();
            let silent = pulses.look(after, &self.health.pulses);
            self.health.note_silence(&silent);
            let takes_in = silent.iter().all(|(part, silent)| *part != Part::Persistence || *silent < QUIET);
            self.health.note_store(None, |store| store.look(TokioInstant::now(), takes_in));
            self.slowness.log_due();
            if look.is_multiple_of(LOOKS_PER_CLOCK)
                && let Some(jump_ms) = clocks.look_now(started)
            {
                self.metrics.clock_jumps.inc();
                tracing::warn!(jump_ms, "the time of day has jumped: it was set, or the machine has slept");
            }
        }
    }
}

/// Beats the pulse of the network threads four times a second; to be run by them.
pub async fn net_pulse(health: Arc<Health>) {
    let mut interval = tokio::time::interval(PACE);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => health.pulses.of(Part::Net).beat(),
            () = health.process.stopping() => return,
        }
    }
}
