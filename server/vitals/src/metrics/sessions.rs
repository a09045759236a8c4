//! Metrics of the players of one world: bootstraps and reconnects, outcomes of intents, reads of
//! profiles.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use tokio::time::Instant;

use super::figures::{FloatGauge, micros, ratio, signed};
use super::judged::Sample;
use super::list::{Labels, List};
use super::network::RateLimited;
use super::window::Window;

/// Bounds of the latency histogram, milliseconds; the budgets 120 and 200 (NFR-001) are among them.
const LATENCY_MS: [f64; 17] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 75.0, 100.0, 120.0, 150.0, 200.0, 300.0, 500.0, 1_000.0, 5_000.0];

#[derive(Debug)]
pub struct SessionMetrics {
    pub connect_success: Counter,
    reconnect_attempts: Counter,
    reconnect_success: Counter,
    /// Attempts and successes that alerts count.
    judged_reconnects: [AtomicU64; 2],
    active_sessions: Gauge,
    action_latency_ms: Histogram,
    latency_window_us: Window,
    latency_p95: FloatGauge,
    intents_applied: Counter,
    pub intents_refused: Counter,
    pub intents_duplicate: Counter,
    /// Refused because of the server, not by the rules: an attempted action without an
    /// acknowledgement (NFR-003).
    pub intents_failed: Counter,
    /// Because what was at hand was too old (FR-005).
    pub state_refresh_forced: Counter,
    pub cache_hits: Counter,
    pub cache_misses: Counter,
    cache_hit_ratio: FloatGauge,
    pub rate_limited: RateLimited,
}

impl SessionMetrics {
    pub(super) fn registered(list: &mut List, rate_limited: RateLimited) -> Self {
        let intents: Family<Labels, Counter> = list.add("intents", "Intents answered, by outcome");
        let outcome = |outcome| intents.get_or_create(&[("outcome", outcome)]).clone();
        Self {
            connect_success: list.add("connect_success", "Realtime handshakes completed"),
            reconnect_attempts: list.add("reconnect_attempts", "Bootstraps with a reconnect token"),
            reconnect_success: list.add("reconnect_success", "Sessions that came back"),
            judged_reconnects: Default::default(),
            active_sessions: list.add("active_sessions_gauge", "Sessions now"),
            action_latency_ms: list.histogram(
                "action_latency_ms",
                "From the arrival of an applied intent to its acknowledgement, milliseconds",
                LATENCY_MS,
            ),
            latency_window_us: Window::new(Instant::now()),
            latency_p95: list.add(
                "latency_p95",
                "95th percentile of action_latency_ms over the last minute, milliseconds; 0 without actions",
            ),
            intents_applied: outcome("applied"),
            intents_refused: outcome("refused"),
            intents_duplicate: outcome("duplicate"),
            intents_failed: outcome("failed"),
            state_refresh_forced: list.add(
                "state_refresh_forced",
                "Reads that found the cache too old and went to the durable store, and resyncs",
            ),
            cache_hits: list.add("cache_hits", "Reads the cache answered"),
            cache_misses: list.add("cache_misses", "Reads the cache could not answer"),
            cache_hit_ratio: list.add("cache_hit_ratio", "Hits of all cache reads; 1 before any"),
            rate_limited,
        }
    }

    /// Somebody came with a reconnect token; whether alerts count it.
    pub fn reconnect_attempt(&self, counts: bool) {
        self.reconnect_attempts.inc();
        self.judged_reconnects[0].fetch_add(u64::from(counts), Ordering::Relaxed);
    }

    /// A session came back; whether alerts count it.
    pub fn reconnect_success(&self, counts: bool) {
        self.reconnect_success.inc();
        self.judged_reconnects[1].fetch_add(u64::from(counts), Ordering::Relaxed);
    }

    /// How many sessions there are.
    pub(super) fn active_sessions(&self, sessions: u64) {
        self.active_sessions.set(signed(sessions));
    }

    /// An intent took effect and is acknowledged `now`, `latency` after it arrived (when that is
    /// known).
    pub fn intent_applied(&self, now: Instant, latency: Option<Duration>) {
        self.intents_applied.inc();
        if let Some(latency) = latency {
            self.action_latency_ms.observe(latency.as_secs_f64() * 1_000.0);
            self.latency_window_us.record(now, micros(latency));
        }
    }

    /// 95th percentile of the action latency over the last minute, milliseconds.
    pub(super) fn latency_p95_ms(&self) -> Option<f64> {
        // Microseconds of at most ten minutes are exact in an f64.
        self.latency_window_us.percentile(Instant::now(), 95.0).map(|us| us as f64 / 1_000.0)
    }

    /// Puts the totals into what alerts are judged by.
    pub(super) fn sample(&self, sample: &mut Sample) {
        sample.reconnect_attempts = self.judged_reconnects[0].load(Ordering::Relaxed);
        sample.reconnect_success = self.judged_reconnects[1].load(Ordering::Relaxed);
        sample.acknowledged = self.intents_applied.get();
        sample.attempted = sample.acknowledged + self.intents_failed.get();
        sample.latency_p95_ms = self.latency_p95_ms();
    }

    /// Brings up to date what follows from the rest.
    pub(super) fn derive(&self) {
        self.latency_p95.set(self.latency_p95_ms().unwrap_or_default());
        self.cache_hit_ratio.set(ratio(self.cache_hits.get(), self.cache_misses.get()));
    }
}
