//! Numbers for the diagnostics overlay (T083): round trips, rates, counts. Fixed memory; fed by the
//! game loop, read by the overlay and the test hooks.

use std::collections::VecDeque;

const SAMPLES_MAX: usize = 120;

/// A window of round-trip times, seconds.
#[derive(Debug, Clone, Default)]
pub struct RoundTrips {
    samples: VecDeque<f64>,
}

impl RoundTrips {
    pub fn add(&mut self, seconds: f64) {
        if self.samples.len() == SAMPLES_MAX {
            self.samples.pop_front();
        }
        self.samples.push_back(seconds.max(0.0));
    }

    /// The newest, milliseconds.
    #[must_use]
    pub fn last_ms(&self) -> Option<f64> {
        self.samples.back().map(|seconds| seconds * 1_000.0)
    }

    /// The given quantile (0 to 1) of the window, milliseconds (nearest rank).
    #[must_use]
    pub fn quantile_ms(&self, quantile: f64) -> Option<f64> {
        let mut sorted: Vec<f64> = self.samples.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let rank = (quantile * sorted.len() as f64).ceil().max(1.0) as usize;
        sorted.get(rank - 1).map(|seconds| seconds * 1_000.0)
    }

    /// The window in milliseconds, oldest first.
    pub fn series_ms(&self) -> impl Iterator<Item = f64> {
        self.samples.iter().map(|seconds| seconds * 1_000.0)
    }
}

/// Counts events and bytes. Gives their rates over the last full second.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    second: u64,
    current: (u64, u64),
    last: (u64, u64),
}

impl Rate {
    /// One event of `bytes` bytes.
    pub fn count(&mut self, bytes: usize, now_s: f64) {
        self.roll(now_s);
        self.current.0 += 1;
        self.current.1 += bytes as u64;
    }

    /// Events and bytes in the last full second.
    pub fn per_second(&mut self, now_s: f64) -> (u64, u64) {
        self.roll(now_s);
        self.last
    }

    fn roll(&mut self, now_s: f64) {
        let second = now_s.max(0.0) as u64;
        if second != self.second {
            self.last = if second == self.second + 1 { self.current } else { (0, 0) };
            self.current = (0, 0);
            self.second = second;
        }
    }
}

/// The figures of the overlay that no other module has.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    /// Heartbeat there and back.
    pub heartbeat: RoundTrips,
    /// Intent to acknowledgement, the durable commit included.
    pub action: RoundTrips,
    pub inbound: Rate,
    pub outbound: Rate,
    pub drawn: Rate,
    /// Deltas that did not fit what was held.
    pub gaps: u64,
    /// Frames that could not be read.
    pub unreadable: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_rank() {
        let mut trips = RoundTrips::default();
        assert_eq!(trips.quantile_ms(0.5), None);
        (1..=20).for_each(|ms| trips.add(f64::from(ms) / 1_000.0));
        assert_eq!(trips.quantile_ms(0.5).map(f64::round), Some(10.0));
        assert_eq!(trips.quantile_ms(0.95).map(f64::round), Some(19.0));
        assert_eq!(trips.last_ms().map(f64::round), Some(20.0));
    }

    #[test]
    fn rates_are_of_the_last_full_second() {
        let mut rate = Rate::default();
        (0..20).for_each(|_| rate.count(10, 3.5));
        assert_eq!(rate.per_second(3.9), (0, 0));
        assert_eq!(rate.per_second(4.1), (20, 200));
        assert_eq!(rate.per_second(6.0), (0, 0));
    }
}
