//! A token bucket with one second's burst (PROTOCOL, "Limits").

use std::time::Duration;

use tokio::time::Instant;

/// Tokens flow in at a rate and at most one second's worth is kept. Counts in microtokens to stay exact.
#[derive(Debug)]
pub(super) struct Bucket {
    per_s: u64,
    microtokens: u64,
    at: Instant,
}

const ONE: u64 = 1_000_000;

impl Bucket {
    /// A full bucket of `per_s` tokens per second.
    pub(super) fn new(per_s: u32, now: Instant) -> Self {
        Self { per_s: u64::from(per_s), microtokens: u64::from(per_s) * ONE, at: now }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The time until there is one.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let elapsed_us = u64::try_from((now - self.at).as_micros()).unwrap_or(u64::MAX);
        self.at = now;
        let inflow = elapsed_us.saturating_mul(self.per_s);
        self.microtokens = self.microtokens.saturating_add(inflow).min(self.per_s * ONE);
        if self.microtokens >= ONE {
            self.microtokens -= ONE;
            Ok(())
        } else {
            Err(Duration::from_micros((ONE - self.microtokens).div_ceil(self.per_s.max(1))))
        }
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
}
