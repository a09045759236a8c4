//! What the threads of one world count: the tick loop, the persistence stage, the fan-out, the
//! watchdog.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use tilemud_sim::api::TickPhase;
use tokio::time::Instant;

use super::figures::micros;
use super::list::{Labels, List};
use super::window::Window;

/// Bounds of durations of ticks and commits, microseconds; a tick at 20 Hz has 50,000.
const DURATION_US: [f64; 18] =
    [50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 3e7];

/// Bounds of durations of phases of a tick, microseconds.
const PHASE_US: [f64; 14] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 50_000.0];

/// Bounds of events per commit.
const BATCH_EVENTS: [f64; 11] = [0.0, 1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0];

#[derive(Debug)]
pub struct EngineMetrics {
    tick_duration_us: Histogram,
    tick_window_us: Window,
    tick_phase_us: [Histogram; TickPhase::ALL.len()],
    pub tick_overruns: Counter,
    pub ticks_skipped: Counter,
    pub mailbox_depth: Gauge,
    pub pipeline_depth: Gauge,
    commit_duration_us: Histogram,
    commit_batch_events: Histogram,
    pub commit_failures: Counter,
    pub profiles_overruled: Counter,
    pub world_asleep: Gauge,
    pub clock_jumps: Counter,
    fanout_duration_us: Histogram,
}

impl EngineMetrics {
    pub(super) fn registered(list: &mut List) -> Self {
        let phases = Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(PHASE_US));
        let phases = list.with("tick_phase_us", "Time a phase of a tick took, microseconds", phases);
        Self {
            tick_duration_us: list.histogram("tick_duration_us", "Time a tick took, microseconds", DURATION_US),
            tick_window_us: Window::new(Instant::now()),
            tick_phase_us: TickPhase::ALL.map(|phase| phases.get_or_create(&[("phase", phase.name())]).clone()),
            tick_overruns: list.add("tick_overruns", "Ticks that took longer than their share"),
            ticks_skipped: list.add("ticks_skipped", "Times the tick clock gave up catching up"),
            mailbox_depth: list.add("mailbox_depth", "Inputs waiting at the start of the last tick"),
            pipeline_depth: list.add("pipeline_depth", "Ticks waiting for their commit"),
            commit_duration_us: list.histogram(
                "commit_duration_us",
                "Time a durable commit took, microseconds",
                DURATION_US,
            ),
            commit_batch_events: list.histogram("commit_batch_events", "Action events in a commit", BATCH_EVENTS),
            commit_failures: list.add("commit_failures", "Attempts to commit that failed and were tried again"),
            profiles_overruled: list.add(
                "profiles_overruled",
                "Profiles that were changed in the store while their character was in the world, and written over",
            ),
            world_asleep: list.add("world_asleep", "Whether no ticks run, because nobody is in the world: 1 or 0"),
            clock_jumps: list.add("clock_jumps", "Times the time of day jumped by more than a second"),
            fanout_duration_us: list.histogram(
                "fanout_duration_us",
                "Time it took to queue or send what a committed tick brings, microseconds",
                DURATION_US,
            ),
        }
    }

    /// A tick took this long, and whether that was more than its budget.
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

    /// 99th percentile of the time a tick took over the last minute, microseconds; 0 without ticks.
    #[must_use]
    pub fn tick_p99_us(&self) -> u64 {
        self.tick_window_us.percentile(Instant::now(), 99.0).unwrap_or_default()
    }

    /// A commit of this many events took this long.
    pub fn commit(&self, took: Duration, events: u64) {
        self.commit_duration_us.observe(micros(took) as f64);
        self.commit_batch_events.observe(events as f64);
    }
}
