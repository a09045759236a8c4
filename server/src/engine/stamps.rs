//! Timestamps of rows: strictly increasing, whatever the clock does, so that they are in the order
//! of the ticks. They begin after the newest row of the store.

use std::sync::atomic::{AtomicI64, Ordering};

use tilemud_schema::Timestamp;
use tilemud_vitals::clock;

#[derive(Debug, Default)]
pub struct Stamps {
    last: AtomicI64,
}

impl Stamps {
    /// All stamps are after this one from now on.
    pub fn begin_after(&self, newest: Timestamp) {
        self.last.fetch_max(newest.as_micros(), Ordering::AcqRel);
    }

    /// The present time, or just after the last stamp when the clock is behind that.
    pub fn next(&self) -> Timestamp {
        self.after(clock::now())
    }

    fn after(&self, now: Timestamp) -> Timestamp {
        let stamp = |last: i64| now.as_micros().max(last.saturating_add(1));
        let last = self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(stamp(last)));
        // The update always has a value, so this is the one before it.
        Timestamp::from_micros(stamp(last.unwrap_or_else(|last| last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_go_on_while_the_clock_is_behind() {
        let stamps = Stamps::default();
        let at = Timestamp::from_micros;
        assert_eq!(stamps.after(at(1_000)), at(1_000));
        for (clock, stamp) in [(1_000, 1_001), (10, 1_002), (1_002, 1_003), (5_000, 5_000)] {
            assert_eq!(stamps.after(at(clock)), at(stamp));
        }
        stamps.begin_after(at(9_000));
        assert_eq!(stamps.after(at(5_001)), at(9_001));
        stamps.begin_after(at(7));
        assert_eq!(stamps.after(at(5_002)), at(9_002));
    }
}
