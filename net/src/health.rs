//! What the dependencies are doing, as health answers and players are told it (FR-006, FR-012).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_persist::cache::Cache;
use tilemud_schema::rest::{self, Dependencies, DependencyHealth, DependencyStatus, HealthStatus, TickHealth};
use tilemud_schema::{DegradedEvent, Dependency, DependencyChange, ServerMessage};
use tokio::time::{Instant, MissedTickBehavior};

use crate::clock;
use crate::connection::frame::OutFrame;
use crate::edge::Edge;

/// How often dependencies are asked.
const POLL: Duration = Duration::from_secs(1);

/// The same while the store is away.
const POLL_WHILE_AWAY: Duration = Duration::from_millis(200);

/// How long they may take.
const POLL_TIMEOUT: Duration = Duration::from_millis(800);

/// Polls in a row without an answer in time after which a dependency counts as unavailable.
const LATE_POLLS_MAX: u32 = 3;

/// The newest observations.
#[derive(Debug)]
pub struct Health {
    database: Mutex<DependencyHealth>,
    cache: Mutex<DependencyHealth>,
    tick_current: AtomicU64,
}

impl Default for Health {
    fn default() -> Self {
        // Both were opened before there is a `Health`.
        let fine = || {
            Mutex::new(DependencyHealth {
                status: DependencyStatus::Available,
                latency_ms: 0.0,
                checked_at: clock::now(),
                message: None,
            })
        };
        Self { database: fine(), cache: fine(), tick_current: AtomicU64::new(0) }
    }
}

impl Health {
    /// The tick loop has finished a tick.
    pub fn note_tick(&self, tick: u64) {
        self.tick_current.store(tick, Ordering::Relaxed);
    }

    /// Whether play is possible.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.database.lock().status != DependencyStatus::Unavailable
    }

    /// Records the state of a dependency; the change to tell players about, if it is one.
    pub fn observe(&self, dependency: Dependency, seen: DependencyHealth) -> Option<DependencyChange> {
        let slot = match dependency {
            Dependency::Database => &self.database,
            Dependency::Cache => &self.cache,
        };
        let mut slot = slot.lock();
        let before = slot.status;
        let now = seen.status;
        *slot = seen;
        match (before, now) {
            (before, now) if before == now => None,
            (_, DependencyStatus::Available) => Some(DependencyChange::Recovered),
            (_, DependencyStatus::Degraded) => Some(DependencyChange::Degraded),
            (_, DependencyStatus::Unavailable) => Some(match dependency {
                Dependency::Database => DependencyChange::Unavailable,
                Dependency::Cache => DependencyChange::Degraded,
            }),
        }
    }
}

impl Edge {
    /// GET /api/health
    #[must_use]
    pub fn health_report(&self) -> rest::Health {
        let dependencies =
            Dependencies { database: self.health.database.lock().clone(), cache: self.health.cache.lock().clone() };
        let status = match (dependencies.database.status, dependencies.cache.status) {
            (DependencyStatus::Unavailable, _) => HealthStatus::Unavailable,
            (DependencyStatus::Available, DependencyStatus::Available) => HealthStatus::Ok,
            _ => HealthStatus::Degraded,
        };
        rest::Health {
            status,
            version: self.settings.version.clone(),
            dependencies,
            capacity: rest::Capacity {
                active_sessions: u32::try_from(self.registry.live()).unwrap_or(u32::MAX),
                max_sessions: u32::try_from(self.registry.settings().max_sessions).unwrap_or(u32::MAX),
            },
            tick: TickHealth {
                rate_hz: self.settings.tick_hz,
                current: self.health.tick_current.load(Ordering::Relaxed),
                p99_us: self.metrics.tick_p99_us(),
                overruns: self.metrics.tick_overruns(),
            },
            observed_at: clock::now(),
        }
    }

    /// Records the state of a dependency and tells everyone if it changed.
    pub fn observe(&self, dependency: Dependency, seen: DependencyHealth) {
        let observed_at = seen.checked_at;
        let Some(status) = self.health.observe(dependency, seen) else { return };
        tracing::warn!(?dependency, ?status, "a dependency changed");
        let (message, at) = (Some(told(dependency, status).to_owned()), Some(clock::now()));
        let message = ServerMessage::Degraded(DegradedEvent { dependency, status, observed_at, message, at });
        for session in self.registry.all() {
            if let Some(outbox) = session.wire.lock().outbox.clone() {
                outbox.send(OutFrame::message(outbox.encoding, &message));
            }
        }
    }
}

/// What a change means to players.
const fn told(dependency: Dependency, change: DependencyChange) -> &'static str {
    match (dependency, change) {
        (Dependency::Cache, DependencyChange::Recovered) => "Everything works again.",
        (Dependency::Cache, _) => "Play goes on without the cache; some things may take longer.",
        (Dependency::Database, DependencyChange::Recovered) => "The world goes on.",
        (Dependency::Database, DependencyChange::Degraded) => "The world's store is slow; actions may take longer.",
        (Dependency::Database, DependencyChange::Unavailable) => {
            "The world is paused until its store can be reached again; nothing is lost."
        }
    }
}

/// Polls both dependencies until shutdown.
pub async fn watch(edge: Arc<Edge>, cache: Arc<dyn Cache>) {
    let mut database = Judge::new("the durable store does not answer");
    let mut cached = Judge::new("the cache does not answer; play goes on without it");
    let mut interval = tokio::time::interval(POLL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = edge.shutdown.cancelled() => return,
        }
        if let Some(seen) = database.judge(ask(edge.store.ping()).await) {
            edge.observe(Dependency::Database, seen);
        }
        if let Some(seen) = cached.judge(ask(cache.ping()).await) {
            edge.observe(Dependency::Cache, seen);
        }
        if !edge.health.is_available() {
            // Whoever waits for the store does not wait for us as well (S6: play resumes within 2 s).
            interval.reset_after(POLL_WHILE_AWAY);
        }
    }
}

/// What came of asking a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Fine,
    Failed,
    /// Nothing within [`POLL_TIMEOUT`].
    Late,
}

async fn ask<E>(ping: impl Future<Output = Result<(), E>>) -> (Answer, Duration) {
    let started = Instant::now();
    let answer = match tokio::time::timeout(POLL_TIMEOUT, ping).await {
        Ok(Ok(())) => Answer::Fine,
        Ok(Err(_)) => Answer::Failed,
        Err(_) => Answer::Late,
    };
    (answer, started.elapsed())
}

/// From answers to a state. A failure counts at once; being late may be our own load, and counts only when it goes on.
struct Judge {
    late: u32,
    message: &'static str,
}

impl Judge {
    const fn new(message: &'static str) -> Self {
        Self { late: 0, message }
    }

    /// The state, or `None` when it is not clear yet.
    fn judge(&mut self, (answer, latency): (Answer, Duration)) -> Option<DependencyHealth> {
        self.late = if answer == Answer::Late { self.late + 1 } else { 0 };
        let status = match answer {
            Answer::Fine => DependencyStatus::Available,
            Answer::Late if self.late < LATE_POLLS_MAX => return None,
            Answer::Failed | Answer::Late => DependencyStatus::Unavailable,
        };
        Some(DependencyHealth {
            status,
            latency_ms: latency.as_secs_f64() * 1_000.0,
            checked_at: clock::now(),
            message: (status == DependencyStatus::Unavailable).then(|| self.message.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(judge: &mut Judge, answer: Answer) -> Option<DependencyStatus> {
        judge.judge((answer, POLL_TIMEOUT)).map(|seen| seen.status)
    }

    #[test]
    fn a_failure_counts_at_once_and_lateness_when_it_goes_on() {
        use DependencyStatus::{Available, Unavailable};
        let mut judge = Judge::new("away");
        assert_eq!(status(&mut judge, Answer::Failed), Some(Unavailable));
        assert_eq!(status(&mut judge, Answer::Fine), Some(Available));
        assert_eq!(
            [Answer::Late; 4].map(|late| status(&mut judge, late)),
            [None, None, Some(Unavailable), Some(Unavailable)]
        );
        assert_eq!(status(&mut judge, Answer::Fine), Some(Available));
        assert_eq!(status(&mut judge, Answer::Late), None, "it counts from the start again");
    }
}
