//! The time that sign-in looks at, behind a trait so that tests own it.
//!
//! Two readings: wall-clock seconds for `exp`, `nbf` and `iat`, and a monotonic one for the refresh
//! throttle, which must not move when somebody sets the clock. Nothing here sleeps.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where sign-in reads the time.
pub trait AuthClock: Send + Sync + 'static {
    /// Seconds since 1970, UTC.
    fn unix_s(&self) -> u64;

    /// Time since some fixed moment; never goes back.
    fn monotonic(&self) -> Duration;
}

#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { started: Instant::now() }
    }
}

impl AuthClock for SystemClock {
    fn unix_s(&self) -> u64 {
        // A clock before 1970 makes every token look young, never old: `nbf` and `iat` then refuse
        // them.
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}
