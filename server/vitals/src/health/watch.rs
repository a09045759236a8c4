//! Checks the cache by a write that is read back, not by its use.

use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::cache::Cache;
use tilemud_persist::{CacheError, NO_ANSWER};
use tilemud_schema::rest::DependencyStatus;
use tokio::time::{Instant, MissedTickBehavior};

use super::{Health, Reason};

/// How often the cache is asked.
const CACHE_POLL: Duration = Duration::from_secs(1);

/// How long it may take.
const CACHE_TIMEOUT: Duration = Duration::from_millis(800);

/// Late answers in a row after which the cache counts as degraded; fewer may be this process's own
/// load.
const LATE_POLLS_MAX: u32 = 3;

/// Asks the cache until shutdown.
///
/// `first` is what came of the first check, of which there is no other yet to be compared with.
pub async fn watch_cache(health: Arc<Health>, cache: Arc<dyn Cache>, first: Result<(), CacheError>) {
    let mut lateness = Lateness::default();
    match Ping::from(first) {
        Ping::Fine => {}
        Ping::Late => note_failure(&health, NO_ANSWER, None),
        Ping::Failed(reason, detail) => note_failure(&health, reason, Some(&detail)),
    }
    let mut interval = tokio::time::interval(CACHE_POLL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = health.process.stopping() => return,
        }
        let asked = Instant::now();
        let ping = match tokio::time::timeout(CACHE_TIMEOUT, cache.ping()).await {
            Ok(outcome) => Ping::from(outcome),
            Err(_) => Ping::Late,
        };
        let now = Instant::now();
        match lateness.judge(ping) {
            Some(Ok(())) => health.note_cache(None, |track| track.works(now, now - asked)),
            Some(Err((reason, detail))) => note_failure(&health, reason, detail.as_deref()),
            None => {}
        }
    }
}

/// The outcome of a check; with a reason for everybody and one for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ping {
    Fine,
    Failed(&'static str, String),
    Late,
}

impl From<Result<(), CacheError>> for Ping {
    fn from(outcome: Result<(), CacheError>) -> Self {
        match outcome {
            Ok(()) => Self::Fine,
            Err(error) if error.is_late() => Self::Late,
            Err(error) => Self::Failed(error.reason(), error.causes()),
        }
    }
}

fn note_failure(health: &Health, reason: &str, detail: Option<&str>) {
    let reason = Reason::from(format!("{reason}; play goes on without it"));
    let now = Instant::now();
    health.note_cache(detail, |track| track.fails(now, DependencyStatus::Unavailable, reason));
}

/// From outcomes to a state. A failure counts at once, late answers only when there are several.
#[derive(Default)]
struct Lateness(u32);

impl Lateness {
    /// Whether it works, or `None` when that is not clear yet.
    fn judge(&mut self, ping: Ping) -> Option<Result<(), (&'static str, Option<String>)>> {
        self.0 = if ping == Ping::Late { self.0 + 1 } else { 0 };
        match ping {
            Ping::Fine => Some(Ok(())),
            Ping::Failed(reason, detail) => Some(Err((reason, Some(detail)))),
            Ping::Late if self.0 < LATE_POLLS_MAX => None,
            Ping::Late => Some(Err((NO_ANSWER, None))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_counts_at_once_and_lateness_when_it_goes_on() {
        let mut lateness = Lateness::default();
        let mut works = |ping| lateness.judge(ping).map(|outcome| outcome.is_ok());
        assert_eq!(works(Ping::Failed("full", String::new())), Some(false));
        assert_eq!(works(Ping::Fine), Some(true));
        let late = [Ping::Late, Ping::Late, Ping::Late, Ping::Late];
        assert_eq!(late.map(&mut works), [None, None, Some(false), Some(false)]);
        assert_eq!(works(Ping::Fine), Some(true));
        assert_eq!(works(Ping::Late), None, "it counts from the start again");
    }
}
