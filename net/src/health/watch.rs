//! Looks after what is not judged by use: the cache, by a write that is read back, and whether keys of the identity provider
//! are at hand. What comes of it goes into the health of the edge.

use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::cache::Cache;
use tilemud_schema::rest::DependencyStatus;
use tokio::time::{Instant, MissedTickBehavior};

use super::Reason;
use crate::auth::ProviderKeys;
use crate::edge::Edge;

/// How often the cache is asked.
const CACHE_POLL: Duration = Duration::from_secs(1);

/// How long it may take.
const CACHE_TIMEOUT: Duration = Duration::from_millis(800);

/// Answers in a row that come too late after which it counts as degraded; fewer may be our own load.
const LATE_POLLS_MAX: u32 = 3;

/// How often it is looked whether there are keys.
const IDENTITY_POLL: Duration = Duration::from_secs(1);

/// Asks the cache until shutdown.
pub async fn watch_cache(edge: Arc<Edge>, cache: Arc<dyn Cache>) {
    let mut lateness = Lateness::default();
    let mut interval = tokio::time::interval(CACHE_POLL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = edge.shutdown.cancelled() => return,
        }
        let asked = Instant::now();
        let answer = match tokio::time::timeout(CACHE_TIMEOUT, cache.ping()).await {
            Ok(Ok(())) => Answer::Fine,
            Ok(Err(error)) if error.is_late() => Answer::Late,
            Ok(Err(error)) => Answer::Failed(error.reason(), error.causes()),
            Err(_) => Answer::Late,
        };
        let now = Instant::now();
        match lateness.judge(answer) {
            Some(Ok(())) => edge.note_cache(None, |track| track.works(now, now - asked)),
            Some(Err((reason, detail))) => {
                let reason = Reason::from(format!("{reason}; play goes on without it"));
                edge.note_cache(detail.as_deref(), |track| track.fails(now, DependencyStatus::Unavailable, reason));
            }
            None => {}
        }
    }
}

/// Looks after the keys of the identity provider until shutdown, and has them fetched while there are none: with nobody
/// let in, nobody's sign-in would do it.
pub async fn watch_identity(edge: Arc<Edge>) {
    let mut interval = tokio::time::interval(IDENTITY_POLL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = edge.shutdown.cancelled() => return,
        }
        let Some(keys) = edge.auth.look_after_keys() else { return };
        let now = Instant::now();
        // Where others can still sign in, play goes on.
        let without = match edge.auth.dev_issuer() {
            Some(_) => DependencyStatus::Degraded,
            None => DependencyStatus::Unavailable,
        };
        match keys {
            ProviderKeys::Current => edge.note_identity(|track| track.works(now, Duration::ZERO)),
            ProviderKeys::Old { reason } => edge.note_identity(|track| {
                track.fails(now, DependencyStatus::Degraded, format!("{reason}; the keys at hand are used on").into())
            }),
            ProviderKeys::None { reason } => edge.note_identity(|track| {
                track.fails(now, without, format!("{reason}; nobody can sign in with it").into())
            }),
        }
    }
}

/// What came of asking the cache; with a reason for anybody and one for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Fine,
    Failed(&'static str, String),
    Late,
}

/// From answers to a state. A failure counts at once; being late counts only when it goes on.
#[derive(Default)]
struct Lateness(u32);

impl Lateness {
    /// Whether it works, or `None` when that is not clear yet.
    fn judge(&mut self, answer: Answer) -> Option<Result<(), (&'static str, Option<String>)>> {
        self.0 = if answer == Answer::Late { self.0 + 1 } else { 0 };
        match answer {
            Answer::Fine => Some(Ok(())),
            Answer::Failed(reason, detail) => Some(Err((reason, Some(detail)))),
            Answer::Late if self.0 < LATE_POLLS_MAX => None,
            Answer::Late => Some(Err((tilemud_persist::NO_ANSWER, None))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_counts_at_once_and_lateness_when_it_goes_on() {
        let mut lateness = Lateness::default();
        let mut works = |answer| lateness.judge(answer).map(|outcome| outcome.is_ok());
        assert_eq!(works(Answer::Failed("full", String::new())), Some(false));
        assert_eq!(works(Answer::Fine), Some(true));
        let late = [Answer::Late, Answer::Late, Answer::Late, Answer::Late];
        assert_eq!(late.map(&mut works), [None, None, Some(false), Some(false)]);
        assert_eq!(works(Answer::Fine), Some(true));
        assert_eq!(works(Answer::Late), None, "it counts from the start again");
    }
}
