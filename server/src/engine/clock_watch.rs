//! Notices when the wall clock and the monotonic clock diverge: the time was set, or the machine
//! has slept. Only reports; users of the wall clock (ids, expiry, retention) check for themselves.

use std::time::{Duration, Instant};

use tilemud_vitals::clock;

/// Divergence between two checks that counts as a jump, milliseconds. Time servers correct clocks
/// by less.
const JUMP_MS: i64 = 1_000;

/// What both clocks showed last.
#[derive(Debug, Default)]
pub struct ClockWatch {
    last: Option<(Duration, i64)>,
}

impl ClockWatch {
    /// Looks at both clocks of the machine.
    pub fn look_now(&mut self, since: Instant) -> Option<i64> {
        self.look(since.elapsed(), clock::now().as_micros())
    }

    /// Checks again. Returns by how many milliseconds the wall clock has jumped since the last
    /// check, if it has.
    pub fn look(&mut self, steady: Duration, of_day_us: i64) -> Option<i64> {
        let (steady_before, of_day_before_us) = self.last.replace((steady, of_day_us))?;
        let steady_us = i64::try_from(steady.saturating_sub(steady_before).as_micros()).unwrap_or(i64::MAX);
        let jump_ms = of_day_us.saturating_sub(of_day_before_us).saturating_sub(steady_us) / 1_000;
        (jump_ms.abs() > JUMP_MS).then_some(jump_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_or_a_machine_that_sleeps_is_noticed_and_the_passing_of_time_is_not() {
        let mut watch = ClockWatch::default();
        let second = Duration::from_secs(1);
        let day_us = 1_000_000_000_000;
        for (steady, of_day_us, jump_ms) in [
            (second, day_us, None),
            (second * 2, day_us + 1_000_000, None),
            (second * 3, day_us + 2_900_000, None),   // corrected by a time server
            (second * 20, day_us + 19_900_000, None), // nobody looked for a while
            (second * 21, day_us + 3_620_900_000, Some(3_600_000)),
            (second * 22, day_us + 21_900_000, Some(-3_600_000)),
            (second * 23, day_us + 22_900_000, None),
        ] {
            assert_eq!(watch.look(steady, of_day_us), jump_ms, "{steady:?}");
        }
    }
}
