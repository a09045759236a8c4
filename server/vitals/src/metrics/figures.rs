//! Conversions of numbers for metrics.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::metrics::gauge::Gauge;

pub(super) type FloatGauge = Gauge<f64, AtomicU64>;

/// Hits of all; 1 before any.
pub(super) fn ratio(hits: u64, misses: u64) -> f64 {
    let all = hits + misses;
    if all == 0 { 1.0 } else { hits as f64 / all as f64 }
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
