//! A token bucket (PROTOCOL, "Limits").

use std::time::Duration;

use tokio::time::Instant;

/// Tokens flow in at a rate, and so many are kept at most. Counts in microtokens to stay exact.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_s: u64,
    microtokens_max: u64,
    microtokens: u64,
    at: Instant,
}

const ONE: u64 = 1_000_000;

impl Bucket {
    /// A full bucket of `per_s` tokens per second that keeps one second's worth.
    pub(crate) fn new(per_s: u32, now: Instant) -> Self {
        Self::with_burst(per_s, per_s, now)
    }

    /// A full bucket of `per_s` tokens per second that keeps `burst` of them.
    pub(crate) fn with_burst(per_s: u32, burst: u32, now: Instant) -> Self {
        let microtokens_max = u64::from(burst) * ONE;
        Self { per_s: u64::from(per_s), microtokens_max, microtokens: microtokens_max, at: now }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The time until there is one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.fill(now);
        if self.microtokens >= ONE {
            self.microtokens -= ONE;
            Ok(())
        } else {
            Err(Duration::from_micros((ONE - self.microtokens).div_ceil(self.per_s.max(1))))
        }
    }

    /// Whether it is as full as a new one.
    pub(crate) fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.microtokens == self.microtokens_max
    }

    fn fill(&mut self, now: Instant) {
        // Whoever asks with an older time than somebody else did gets nothing for it.
        let elapsed_us = u64::try_from(now.saturating_duration_since(self.at).as_micros()).unwrap_or(u64::MAX);
        self.at = self.at.max(now);
        let inflow = elapsed_us.saturating_mul(self.per_s);
        self.microtokens = self.microtokens.saturating_add(inflow).min(self.microtokens_max);
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
}
