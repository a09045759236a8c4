//! A circuit breaker: after several failures in a row a dependency is not called for a moment, then
//! one call tries whether it works again. Knows nothing about the calls.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// Failures in a row that open the breaker.
const FAILURES_MAX: u32 = 3;
/// How long the breaker stays open; also the longest delay until a call notices that the dependency
/// works again.
const PAUSE: Duration = Duration::from_millis(500);

/// The state of one dependency.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    closed_until: Option<Instant>,
}

impl Breaker {
    /// Whether to call now. After a pause only one caller may; the others wait for its outcome.
    pub(super) fn may_ask(&self) -> bool {
        let mut state = self.state.lock();
        let now = Instant::now();
        match state.closed_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                state.closed_until = Some(now + PAUSE);
                true
            }
        }
    }

    pub(super) fn succeeded(&self) {
        *self.state.lock() = State::default();
    }

    /// A call failed. Returns true when the breaker opens.
    pub(super) fn failed(&self) -> bool {
        let mut state = self.state.lock();
        state.failures = state.failures.saturating_add(1);
        let is_enough = state.failures >= FAILURES_MAX;
        if is_enough {
            state.closed_until = Some(Instant::now() + PAUSE);
        }
        is_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_failing_dependency_is_left_alone_and_tried_by_one_caller_at_a_time() {
        let breaker = Breaker::default();
        for _ in 0..FAILURES_MAX {
            assert!(breaker.may_ask());
            breaker.failed();
        }
        assert!(!breaker.may_ask());
        tokio::time::advance(PAUSE).await;
        assert!(breaker.may_ask());
        assert!(!breaker.may_ask());
        breaker.succeeded();
        assert!(breaker.may_ask());
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_now_and_then_changes_nothing() {
        let breaker = Breaker::default();
        for _ in 0..20 {
            breaker.failed();
            breaker.failed();
            breaker.succeeded();
            assert!(breaker.may_ask());
        }
    }
}
