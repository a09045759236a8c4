//! For how long a server may show its world: as long as its lease was confirmed in time, by its own
//! clock. Another server takes a world whose lease has not changed for as long as one lasts, so an
//! owner that was stopped, or cut off from the store, may have been followed without knowing it.
//! Nothing of the world leaves it then before the store has said that the lease is still its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock;

/// By how much it ends before the lease can be taken: clocks run at slightly different rates, and
/// what was just let out takes a moment to leave.
const MARGIN: Duration = Duration::from_millis(500);

/// The time until which a world may be shown.
#[derive(Debug)]
pub struct Tenure {
    /// How long a confirmation counts.
    lasts: Duration,
    /// In microseconds of [`clock::since_boot`].
    until_us: AtomicU64,
}

/// When the store was asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked(Duration);

impl Tenure {
    /// Of a lease that lasts this long; it has not been confirmed yet.
    #[must_use]
    pub fn of_lease(lasts: Duration) -> Self {
        Self { lasts: lasts.saturating_sub(MARGIN), until_us: AtomicU64::new(0) }
    }

    /// To be called before the store is asked: the lease counts from there.
    #[must_use]
    pub fn asks(&self) -> Asked {
        Asked(clock::since_boot())
    }

    /// The store has written that the lease is this server's.
    pub fn confirmed(&self, asked: Asked) {
        self.until_us.fetch_max(micros(asked.0 + self.lasts), Ordering::AcqRel);
    }

    /// Whether the world may be shown.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.holds_for(Duration::ZERO)
    }

    /// Whether it may be shown for so long still.
    #[must_use]
    pub fn holds_for(&self, still: Duration) -> bool {
        micros(still + clock::since_boot()) < self.until_us.load(Ordering::Acquire)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use tilemud_schema::Timestamp;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_before_the_lease_does_counted_from_when_the_store_was_asked() {
        clock::simulate(Timestamp::from_micros(0));
        let pass = async |ms| tokio::time::advance(Duration::from_millis(ms)).await;
        let tenure = Tenure::of_lease(Duration::from_secs(10));
        assert!(!tenure.holds(), "it was not confirmed yet");
        let asked = tenure.asks();
        pass(4_000).await;
        tenure.confirmed(asked);
        assert!(tenure.holds());
        let again = tenure.asks();
        pass(5_499).await;
        assert!(tenure.holds());
        pass(1).await;
        assert!(!tenure.holds(), "half a second before the lease can be taken");
        tenure.confirmed(again);
        assert!(tenure.holds(), "what was asked for before it ended counts");
        tenure.confirmed(asked);
        assert!(tenure.holds(), "an answer that comes late takes nothing away");
        pass(4_000).await;
        assert!(!tenure.holds());
    }
}
