//! Percentiles over the last minute: a ring of small histograms, the oldest of which is cleared as
//! time passes. Owns no clock; the caller gives the time of a value. Memory is fixed.

use std::time::Duration;

use hdrhistogram::Histogram;
use parking_lot::Mutex;
use tokio::time::Instant;

/// How long one histogram of the ring takes values.
const SLOT: Duration = Duration::from_secs(10);

/// Histograms in the ring; a percentile covers the last `SLOTS - 1` to `SLOTS` slots.
const SLOTS: usize = 6;

/// Largest distinct value; larger ones count as this.
const VALUE_MAX: u64 = 600_000_000;

/// Two significant digits: a percentile is within 1 % of the true value.
const SIGNIFICANT_DIGITS: u8 = 2;

/// Values of about the last minute. Recording takes one uncontended lock.
#[derive(Debug)]
pub(super) struct Window {
    started: Instant,
    ring: Mutex<[Slot; SLOTS]>,
}

#[derive(Debug)]
struct Slot {
    /// Which slot of time, counted from the start, these values belong to.
    number: u64,
    values: Histogram<u32>,
}

impl Window {
    /// An empty window that begins now.
    pub(super) fn new(started: Instant) -> Self {
        let slot = || Slot {
            number: 0,
            values: Histogram::new_with_bounds(1, VALUE_MAX, SIGNIFICANT_DIGITS)
                .expect("the bounds are constants that fit"),
        };
        Self { started, ring: Mutex::new(std::array::from_fn(|_| slot())) }
    }

    /// Adds a value seen at `now`.
    pub(super) fn record(&self, now: Instant, value: u64) {
        let number = self.slot_number(now);
        let mut ring = self.ring.lock();
        let slot = &mut ring[position(number)];
        if slot.number < number {
            slot.values.reset();
            slot.number = number;
        }
        slot.values.saturating_record(value.min(VALUE_MAX));
    }

    /// The value that `percentile` (0 to 100) percent of the values do not exceed; `None` without
    /// values.
    pub(super) fn percentile(&self, now: Instant, percentile: f64) -> Option<u64> {
        let newest = self.slot_number(now);
        let ring = self.ring.lock();
        let mut recent = ring.iter().filter(|slot| slot.number + SLOTS as u64 > newest && !slot.values.is_empty());
        let mut sum = recent.next()?.values.clone();
        for slot in recent {
            // Same bounds throughout, so this cannot fail.
            let _ = sum.add(&slot.values);
        }
        Some(sum.value_at_percentile(percentile))
    }

    fn slot_number(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.started).as_secs() / SLOT.as_secs()
    }
}

/// Where in the ring a slot of time goes.
fn position(number: u64) -> usize {
    // The remainder is below the ring's length.
    (number % SLOTS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn percentile_is_that_of_the_values_given() {
        let start = Instant::now();
        let window = Window::new(start);
        assert_eq!(window.percentile(start, 95.0), None);
        for value in 1..=100 {
            window.record(at(start, value / 3), value);
        }
        assert_eq!(window.percentile(at(start, 34), 95.0), Some(95));
        assert_eq!(window.percentile(at(start, 34), 50.0), Some(50));
    }

    #[test]
    fn old_values_are_forgotten() {
        let start = Instant::now();
        let window = Window::new(start);
        window.record(at(start, 5), 1_000);
        window.record(at(start, 30), 10);
        assert_eq!(window.percentile(at(start, 59), 100.0), Some(1_003));
        // The first slot has left the window, the fourth has not.
        assert_eq!(window.percentile(at(start, 61), 100.0), Some(10));
        assert_eq!(window.percentile(at(start, 300), 100.0), None);
        // A slot of the ring that is used again holds nothing of its first life.
        window.record(at(start, 305), 7);
        assert_eq!(window.percentile(at(start, 305), 100.0), Some(7));
    }

    #[test]
    fn a_value_beyond_the_range_counts_as_the_largest() {
        let start = Instant::now();
        let window = Window::new(start);
        window.record(start, u64::MAX);
        assert!(window.percentile(start, 50.0).unwrap() >= VALUE_MAX);
    }
}
