//! Wall-clock time for stamps that leave the server. Durations are measured with tokio's clock
//! instead, which tests can pause.

use std::time::Duration;

use tilemud_schema::Timestamp;

/// The current time in UTC.
#[must_use]
pub fn now() -> Timestamp {
    #[cfg(any(test, feature = "testing"))]
    if let Some(now) = simulated::now() {
        return now;
    }
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// The time since the machine was started, while it slept included: a server that was suspended
/// with its machine has to know for how long.
#[must_use]
pub fn since_boot() -> Duration {
    #[cfg(any(test, feature = "testing"))]
    if let Some(since) = simulated::elapsed() {
        return since;
    }
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

#[cfg(any(test, feature = "testing"))]
pub use simulated::simulate;

#[cfg(any(test, feature = "testing"))]
mod simulated {
    use std::cell::Cell;
    use std::time::Duration;

    use tilemud_schema::Timestamp;
    use tokio::time::Instant;

    thread_local! {
        static SIMULATED: Cell<Option<(Timestamp, Instant)>> = const { Cell::new(None) };
    }

    /// From now on the wall clock of this thread goes with the clock of its runtime, which tests
    /// pause; `at` is now.
    pub fn simulate(at: Timestamp) {
        SIMULATED.set(Some((at, Instant::now())));
    }

    pub(super) fn now() -> Option<Timestamp> {
        let (at, began) = SIMULATED.get()?;
        let since = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        Some(Timestamp::from_micros(at.as_micros() + since))
    }

    pub(super) fn elapsed() -> Option<Duration> {
        SIMULATED.get().map(|(_, began)| began.elapsed())
    }
}
