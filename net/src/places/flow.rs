//! A flow with a rate, whose debts are waited for: for things that have come already when they are counted.

use std::time::Duration;

use tokio::time::Instant;

const ONE: i64 = 1_000_000;

/// Tokens flow in at a rate and at most a burst of them is kept; counts in microtokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow {
    per_s: u32,
    burst: i64,
    microtokens: i64,
    at: Instant,
}

impl Flow {
    /// Full.
    pub(crate) fn new(per_s: u32, burst: u32, now: Instant) -> Self {
        let burst = i64::from(burst) * ONE;
        Self { per_s: per_s.max(1), burst, microtokens: burst, at: now }
    }

    /// Takes so many, also when there are not as many; how long it takes until the debt is paid.
    pub(crate) fn take(&mut self, count: u32, now: Instant) -> Duration {
        self.refill(now);
        self.microtokens = self.microtokens.saturating_sub(i64::from(count) * ONE);
        self.debt()
    }

    /// Whether nothing is taken.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        let mut later = *self;
        later.refill(now);
        later.microtokens == later.burst
    }

    fn refill(&mut self, now: Instant) {
        let elapsed_us = i64::try_from(now.saturating_duration_since(self.at).as_micros()).unwrap_or(i64::MAX);
        self.at = now;
        let inflow = elapsed_us.saturating_mul(i64::from(self.per_s));
        self.microtokens = self.microtokens.saturating_add(inflow).min(self.burst);
    }

    fn debt(&self) -> Duration {
        let debt = u64::try_from(-self.microtokens).unwrap_or(0);
        Duration::from_micros(debt.div_ceil(u64::from(self.per_s)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_beyond_the_burst_is_waited_for_at_the_rate() {
        let mut flow = Flow::new(10, 20, Instant::now());
        assert_eq!(flow.take(20, Instant::now()), Duration::ZERO);
        assert_eq!(flow.take(5, Instant::now()), Duration::from_millis(500));
        assert_eq!(flow.take(1, Instant::now()), Duration::from_millis(600));
        tokio::time::advance(Duration::from_millis(600)).await;
        assert_eq!(flow.take(0, Instant::now()), Duration::ZERO);
        assert!(!flow.is_full(Instant::now()));
        tokio::time::advance(Duration::from_secs(3_600)).await;
        assert!(flow.is_full(Instant::now()), "and no more is kept than the burst");
        assert_eq!(flow.take(21, Instant::now()), Duration::from_millis(100));
    }
}
