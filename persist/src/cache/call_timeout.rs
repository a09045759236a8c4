//! The timeout of one call to the cache, and the one place that enforces it. Knows nothing about
//! the calls.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::error::Elapsed;

/// Timeout of a whole call, the waits for its turn and for a connection included. Shared: a change
/// counts for calls that begin after it.
#[derive(Debug, Clone)]
pub struct CallTimeout(Arc<AtomicU64>);

impl CallTimeout {
    /// The default: short, because a failing cache must not slow play (FR-006).
    pub const DEFAULT: Duration = Duration::from_millis(100);

    #[must_use]
    pub fn new(timeout: Duration) -> Self {
        let shared = Self(Arc::default());
        shared.set(timeout);
        shared
    }

    /// This long from now on.
    pub fn set(&self, timeout: Duration) {
        self.0.store(u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX), Ordering::Release);
    }

    #[must_use]
    pub fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Acquire))
    }

    /// Timeout of one step of a call, shorter than the call's, so that the step's own error is
    /// reported.
    pub(super) fn of_a_step(&self) -> Duration {
        self.get() * 4 / 5
    }

    /// Waits for `call` no longer than that.
    pub(super) async fn bound<T>(&self, call: impl Future<Output = T>) -> Result<T, Elapsed> {
        tokio::time::timeout(self.get(), call).await
    }
}

impl Default for CallTimeout {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_call_without_an_answer_is_given_up_after_100_ms_or_what_was_set() {
        let timeout = CallTimeout::default();
        for wanted_ms in [100, 7] {
            let begun = tokio::time::Instant::now();
            assert!(timeout.bound(std::future::pending::<()>()).await.is_err());
            assert_eq!(begun.elapsed().as_millis(), wanted_ms);
            timeout.set(Duration::from_millis(7));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_time_is_passed_on() {
        let answer = async {
            tokio::time::advance(CallTimeout::DEFAULT - Duration::from_millis(1)).await;
            "here"
        };
        assert_eq!(CallTimeout::default().bound(answer).await.ok(), Some("here"));
    }
}
