//! A token bucket (PROTOCOL, "Limits"). It refuses what comes too soon; for what has arrived before
//! it is counted, it gives the time to wait until the debt is paid.

use std::time::Duration;

use tokio::time::Instant;

use crate::limits::TURN_WAIT_MAX;

/// Tokens flow in at a rate, and so many are kept at most. Counts in microtokens to stay exact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    per_s: u32,
    microtokens_max: i64,
    microtokens: i64,
    at: Instant,
}

const ONE: i64 = 1_000_000;

/// Microseconds' worth of the rate that can be owed.
const DEBT_US_MAX: i64 = TURN_WAIT_MAX.as_secs() as i64 * ONE;

impl Bucket {
    /// A full bucket of `per_s` tokens per second that keeps one second's worth.
    pub(crate) fn new(per_s: u32, now: Instant) -> Self {
        Self::with_burst(per_s, per_s, now)
    }

    /// A full bucket of `per_s` tokens per second that keeps `burst` of them.
    pub(crate) fn with_burst(per_s: u32, burst: u32, now: Instant) -> Self {
        let microtokens_max = i64::from(burst) * ONE;
        Self { per_s, microtokens_max, microtokens: microtokens_max, at: now }
    }

    /// Takes one token, if there is one.
    ///
    /// # Errors
    /// The time until there is one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.fill(now);
        if self.microtokens >= ONE {
            self.microtokens -= ONE;
            Ok(())
        } else {
            Err(self.time_for(ONE - self.microtokens))
        }
    }

    /// Takes so many, also when there are not as many; how long it takes until the debt is paid. It
    /// is never more than [`TURN_WAIT_MAX`] worth: whoever made it may be gone, and others at the
    /// address would wait for it.
    pub(crate) fn owe(&mut self, count: u32, now: Instant) -> Duration {
        self.fill(now);
        let debt_max = i64::from(self.per_s).saturating_mul(DEBT_US_MAX);
        self.microtokens = self.microtokens.saturating_sub(i64::from(count) * ONE).max(-debt_max);
        self.time_for(-self.microtokens)
    }

    /// Takes one, and says after which wait it is there. Who is refused owes nothing for it:
    /// however many are refused, others are served at the rate.
    ///
    /// # Errors
    /// The wait, when it is not worth waiting for.
    pub(crate) fn turn(&mut self, now: Instant) -> Result<Duration, Duration> {
        let mut with_this_one = *self;
        let wait = with_this_one.owe(1, now);
        if wait >= TURN_WAIT_MAX {
            return Err(wait);
        }
        *self = with_this_one;
        Ok(wait)
    }

    /// Whether it is as full as a new one.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        let mut later = *self;
        later.fill(now);
        later.microtokens == later.microtokens_max
    }

    fn fill(&mut self, now: Instant) {
        // Whoever asks with an older time than somebody else did gets nothing for it.
        let elapsed_us = i64::try_from(now.saturating_duration_since(self.at).as_micros()).unwrap_or(i64::MAX);
        self.at = self.at.max(now);
        let inflow = elapsed_us.saturating_mul(i64::from(self.per_s));
        self.microtokens = self.microtokens.saturating_add(inflow).min(self.microtokens_max);
    }

    /// The time in which this many microtokens are added; none for less than one.
    fn time_for(&self, microtokens: i64) -> Duration {
        let missing = u64::try_from(microtokens).unwrap_or(0);
        Duration::from_micros(missing.div_ceil(u64::from(self.per_s.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_of_one_second_passes_and_the_next_waits_for_its_token() {
        let mut bucket = Bucket::new(20, Instant::now());
        for _ in 0..20 {
            assert!(bucket.take(Instant::now()).is_ok());
        }
        let wait = bucket.take(Instant::now()).unwrap_err();
        assert_eq!(wait, Duration::from_millis(50));
        tokio::time::advance(wait).await;
        assert!(bucket.take(Instant::now()).is_ok());
        assert!(bucket.take(Instant::now()).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_was_taken_from_is_full_again_when_all_of_it_has_flown_in() {
        let mut bucket = Bucket::with_burst(2, 6, Instant::now());
        assert!(bucket.is_full(Instant::now()));
        for _ in 0..6 {
            assert!(bucket.take(Instant::now()).is_ok());
        }
        tokio::time::advance(Duration::from_millis(2_999)).await;
        assert!(!bucket.is_full(Instant::now()));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(bucket.is_full(Instant::now()));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_beyond_the_burst_is_waited_for_at_the_rate() {
        let mut bucket = Bucket::with_burst(10, 20, Instant::now());
        assert_eq!(bucket.owe(20, Instant::now()), Duration::ZERO);
        assert_eq!(bucket.owe(5, Instant::now()), Duration::from_millis(500));
        assert_eq!(bucket.owe(1, Instant::now()), Duration::from_millis(600));
        tokio::time::advance(Duration::from_millis(600)).await;
        assert_eq!(bucket.owe(0, Instant::now()), Duration::ZERO);
        assert!(!bucket.is_full(Instant::now()));
        tokio::time::advance(Duration::from_secs(3_600)).await;
        assert!(bucket.is_full(Instant::now()), "and no more is kept than the burst");
        assert_eq!(bucket.owe(21, Instant::now()), Duration::from_millis(100));
    }

    #[tokio::test(start_paused = true)]
    async fn no_debt_is_larger_than_what_anybody_waits_for() {
        let mut bucket = Bucket::new(10, Instant::now());
        assert_eq!(bucket.owe(1_000_000, Instant::now()), TURN_WAIT_MAX);
        assert_eq!(bucket.owe(1, Instant::now()), TURN_WAIT_MAX);
        tokio::time::advance(TURN_WAIT_MAX).await;
        assert_eq!(bucket.owe(0, Instant::now()), Duration::ZERO);
    }
}
