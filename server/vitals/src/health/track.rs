//! The state of one dependency and its changes. Pure: from an observation and its time it says
//! whether an outage has begun or ended. No IO and no clock.

use std::borrow::Cow;
use std::time::Duration;

use tilemud_schema::Timestamp;
use tilemud_schema::rest::{DependencyHealth, DependencyStatus};
use tokio::time::Instant;

use crate::clock;

/// A call without an answer for this long counts as failed. A shorter wait may be this process's
/// own load.
pub const LATE: Duration = Duration::from_secs(3);

/// Why a store that works is away all the same.
const SLOW: &str = "it takes too long for each write";

/// After a durable write so recent there is no need for one that only shows that writes work.
pub const WRITE_IS_NEWS: Duration = Duration::from_secs(1);

/// Most time between two checks that counts as waiting, because a pause of the whole process is no
/// delay of the store.
const LOOK_MAX: Duration = Duration::from_millis(500);

/// Why a dependency does not work, in a text that is safe for everybody.
pub type Reason = Cow<'static, str>;

/// A change to log and to notify players of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// From now on it is worse than it was.
    Began { status: DependencyStatus, reason: Reason },
    /// All is well again.
    Ended {
        /// Why it was not.
        reason: Reason,
        lasted: Duration,
    },
}

impl Transition {
    /// Says it in the log. `detail` is for nobody else.
    pub(super) fn log(&self, dependency: &str, detail: Option<&str>) {
        match self {
            Self::Began { status, reason } => {
                tracing::warn!(dependency, ?status, %reason, detail, "a dependency has failed");
            }
            Self::Ended { reason, lasted } => {
                let lasted_ms = u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(dependency, %reason, lasted_ms, "a dependency works again");
            }
        }
    }
}

/// The state of one thing.
#[derive(Debug)]
pub struct Track {
    status: DependencyStatus,
    /// Why it does not work and since when; the reason is the newest one.
    failing: Option<(Reason, Instant)>,
    latency: Duration,
    checked_at: Timestamp,
    noticed_at: Timestamp,
}

impl Default for Track {
    /// Works: whatever is tracked was opened before.
    fn default() -> Self {
        Self {
            status: DependencyStatus::Available,
            failing: None,
            latency: Duration::ZERO,
            checked_at: clock::now(),
            noticed_at: clock::now(),
        }
    }
}

impl Track {
    #[must_use]
    pub const fn status(&self) -> DependencyStatus {
        self.status
    }

    /// How it is, and when that was noticed.
    pub(super) const fn news(&self) -> (DependencyStatus, Timestamp) {
        (self.status, self.noticed_at)
    }

    /// Why it is not as it should be.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.failing.as_ref().map(|(reason, _)| &**reason)
    }

    /// Why nobody can come in for it, if so.
    pub(super) fn unready(&self, name: &str) -> Option<String> {
        let is_away = self.status == DependencyStatus::Unavailable;
        is_away.then(|| format!("{name}: {}", self.reason().unwrap_or("unavailable")))
    }

    /// For GET /api/health.
    #[must_use]
    pub fn report(&self) -> DependencyHealth {
        DependencyHealth {
            status: self.status,
            latency_ms: self.latency.as_secs_f64() * 1_000.0,
            checked_at: self.checked_at,
            message: self.reason().map(str::to_owned),
        }
    }

    /// It worked, and took this long.
    pub fn works(&mut self, now: Instant, took: Duration) -> Option<Transition> {
        (self.latency, self.checked_at) = (took, clock::now());
        self.status = DependencyStatus::Available;
        let (reason, since) = self.failing.take()?;
        self.noticed_at = self.checked_at;
        Some(Transition::Ended { reason, lasted: now.saturating_duration_since(since) })
    }

    /// It did not work.
    pub fn fails(&mut self, now: Instant, status: DependencyStatus, reason: Reason) -> Option<Transition> {
        self.checked_at = clock::now();
        let before = std::mem::replace(&mut self.status, status);
        match &mut self.failing {
            Some((known, _)) => *known = reason.clone(),
            None => self.failing = Some((reason.clone(), now)),
        }
        if before == status {
            return None;
        }
        self.noticed_at = self.checked_at;
        Some(Transition::Began { status, reason })
    }
}

/// The durable store. It works when writes do: a read proves nothing, and while a commit fails no
/// other success does either.
#[derive(Debug, Default)]
pub struct StoreTrack {
    track: Track,
    commit: Option<Call>,
    probe: Option<Call>,
    /// A commit has failed and has not succeeded since.
    commit_fails: bool,
    written_at: Option<Instant>,
    looked_at: Option<Instant>,
}

/// A call under way.
#[derive(Debug)]
struct Call {
    began: Instant,
    waited: Duration,
}

impl Call {
    const fn begin(now: Instant) -> Self {
        Self { began: now, waited: Duration::ZERO }
    }
}

impl StoreTrack {
    /// What is known of it.
    #[must_use]
    pub const fn track(&self) -> &Track {
        &self.track
    }

    /// An attempt to commit begins.
    pub fn commit_begins(&mut self, now: Instant) {
        self.commit = Some(Call::begin(now));
    }

    pub fn commit_succeeded(&mut self, now: Instant) -> Option<Transition> {
        self.commit_fails = false;
        let began = self.commit.take().map_or(now, |call| call.began);
        self.written(now, began)
    }

    /// It failed, and will be tried again.
    pub fn commit_failed(&mut self, now: Instant, reason: Reason) -> Option<Transition> {
        self.commit = None;
        self.commit_fails = true;
        self.track.fails(now, DependencyStatus::Unavailable, reason)
    }

    /// The store has refused a write for its content. That says nothing about the next write.
    pub fn commit_refused(&mut self) {
        self.commit = None;
        self.commit_fails = false;
    }

    /// Whether a write is due that only checks whether writes work.
    #[must_use]
    pub fn wants_probe(&self, now: Instant) -> bool {
        let is_news = |at: Instant| now.saturating_duration_since(at) < WRITE_IS_NEWS;
        self.commit.is_none() && !self.commit_fails && !self.written_at.is_some_and(is_news)
    }

    /// Such a write begins.
    pub fn probe_begins(&mut self, now: Instant) {
        self.probe = Some(Call::begin(now));
    }

    pub fn probe_ended(&mut self, now: Instant, outcome: Result<(), Reason>) -> Option<Transition> {
        let began = self.probe.take().map_or(now, |call| call.began);
        match outcome {
            Ok(()) if self.commit_fails => None,
            Ok(()) => self.written(now, began),
            // It is older news than the write that came after it began.
            Err(_) if self.written_at.is_some_and(|at| at > began) => None,
            Err(reason) => self.track.fails(now, DependencyStatus::Unavailable, reason),
        }
    }

    /// Notices what has been under way for too long. To be called every few hundred milliseconds.
    /// While nobody moves who would take in that a commit has ended (`takes_in`), its time does not
    /// count: the store may have answered long ago.
    pub fn look(&mut self, now: Instant, takes_in: bool) -> Option<Transition> {
        let step = self.looked_at.replace(now).map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        let mut is_late = false;
        let commit = self.commit.as_mut().filter(|_| takes_in);
        for call in [commit, self.probe.as_mut()].into_iter().flatten() {
            call.waited += step.min(LOOK_MAX);
            is_late |= call.waited >= LATE;
        }
        if is_late && self.track.status() == DependencyStatus::Available {
            return self.track.fails(now, DependencyStatus::Unavailable, tilemud_persist::NO_ANSWER.into());
        }
        None
    }

    fn written(&mut self, now: Instant, began: Instant) -> Option<Transition> {
        let took = now.saturating_duration_since(began);
        if self.track.status() != DependencyStatus::Available && took >= LATE {
            // The next one would be late as well, and the outage begin anew.
            return self.track.fails(now, DependencyStatus::Unavailable, SLOW.into());
        }
        self.written_at = Some(now);
        self.track.works(now, took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn began(reason: &'static str) -> Option<Transition> {
        Some(Transition::Began { status: DependencyStatus::Unavailable, reason: reason.into() })
    }

    fn ended(reason: &'static str, seconds: u32) -> Option<Transition> {
        Some(Transition::Ended { reason: reason.into(), lasted: SECOND * seconds })
    }

    #[test]
    fn an_outage_begins_once_and_ends_once_with_its_newest_reason_and_its_length() {
        let (mut store, start) = (StoreTrack::default(), Instant::now());
        store.commit_begins(start);
        assert_eq!(store.commit_failed(start, "full".into()), began("full"));
        for second in 1..20 {
            store.commit_begins(start + SECOND * second);
            assert_eq!(store.commit_failed(start + SECOND * second, "locked".into()), None);
            assert_eq!(store.track().reason(), Some("locked"));
        }
        store.commit_begins(start + SECOND * 20);
        assert_eq!(store.commit_succeeded(start + SECOND * 20), ended("locked", 20));
        assert_eq!((store.track().status(), store.track().reason()), (DependencyStatus::Available, None));
    }

    #[test]
    fn while_a_commit_fails_no_probe_is_wanted_and_none_declares_recovery() {
        let (mut store, start) = (StoreTrack::default(), Instant::now());
        assert!(store.wants_probe(start));
        store.probe_begins(start);
        store.commit_begins(start);
        assert!(!store.wants_probe(start), "the commit says it");
        assert_eq!(store.commit_failed(start, "full".into()), began("full"));
        assert!(!store.wants_probe(start + SECOND));
        assert_eq!(store.probe_ended(start, Ok(())), None, "a small write may find room where a commit does not");
        assert_eq!(store.track().status(), DependencyStatus::Unavailable);
        // An answer that is no write: the next probe decides.
        store.commit_refused();
        assert!(store.wants_probe(start + SECOND));
        store.probe_begins(start + SECOND);
        assert_eq!(store.probe_ended(start + SECOND, Ok(())), ended("full", 1));
        assert!(!store.wants_probe(start + SECOND), "a write that recent is proof enough");
        assert!(store.wants_probe(start + SECOND * 2));
    }

    #[test]
    fn a_store_that_works_and_is_slow_is_one_outage_that_ends_with_a_quick_write() {
        let (mut store, mut now) = (StoreTrack::default(), Instant::now());
        let mut told = Vec::new();
        for _ in 0..5 {
            store.commit_begins(now);
            for _ in 0..16 {
                now += SECOND / 4;
                told.extend(store.look(now, true));
            }
            told.extend(store.commit_succeeded(now));
            assert!(store.wants_probe(now), "whether it is quick again");
        }
        assert_eq!(told, [began(tilemud_persist::NO_ANSWER).unwrap()]);
        assert_eq!(store.track().reason(), Some(SLOW));
        store.probe_begins(now);
        assert!(matches!(store.probe_ended(now + SECOND, Ok(())), Some(Transition::Ended { .. })));
    }

    #[test]
    fn a_quiet_store_that_cannot_write_is_noticed_and_so_is_its_return() {
        let (mut store, start) = (StoreTrack::default(), Instant::now());
        store.probe_begins(start);
        assert_eq!(store.probe_ended(start, Err("read-only".into())), began("read-only"));
        store.probe_begins(start);
        assert_eq!(store.probe_ended(start + SECOND, Err("read-only".into())), None);
        store.probe_begins(start);
        assert_eq!(store.probe_ended(start + SECOND * 2, Ok(())), ended("read-only", 2));
    }

    #[test]
    fn a_probe_that_fails_after_a_later_write_worked_is_old_news() {
        let (mut store, start) = (StoreTrack::default(), Instant::now());
        store.probe_begins(start);
        store.commit_begins(start + SECOND);
        assert_eq!(store.commit_succeeded(start + SECOND), None);
        assert_eq!(store.probe_ended(start + SECOND * 2, Err("slow".into())), None);
        assert_eq!(store.track().status(), DependencyStatus::Available);
    }

    #[test]
    fn a_commit_whose_end_nobody_can_take_in_says_nothing_about_the_store() {
        let (mut store, start) = (StoreTrack::default(), Instant::now());
        store.commit_begins(start);
        let mut look = |quarter: u32, takes_in| store.look(start + SECOND / 4 * quarter, takes_in);
        assert_eq!((0..40).find_map(|quarter| look(quarter, false)), None);
        assert_eq!((40..60).find_map(|quarter| look(quarter, true)), began(tilemud_persist::NO_ANSWER));
    }

    #[test]
    fn a_call_that_hangs_is_an_outage_but_not_while_the_whole_process_stands_still() {
        let (mut store, start) = (StoreTrack::default(), Instant::now());
        store.look(start, true);
        store.commit_begins(start);
        assert_eq!(store.look(start + SECOND * 60, true), None, "nobody looked for a minute: we stood still ourselves");
        let mut now = start + SECOND * 60;
        let mut transitions = Vec::new();
        for _ in 0..40 {
            now += Duration::from_millis(250);
            transitions.extend(store.look(now, true));
        }
        assert_eq!(transitions, [began(tilemud_persist::NO_ANSWER).unwrap()]);
        store.commit_begins(now);
        assert!(matches!(store.commit_succeeded(now), Some(Transition::Ended { .. })));
        assert_eq!(store.look(now + SECOND, true), None);
    }
}
