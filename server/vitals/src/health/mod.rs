//! The state of each dependency, for GET /api/health, readiness and `event.degraded` (FR-006,
//! FR-012). All of these read the same state, so that they agree: [`Health`] is of one world,
//! [`Provider`] of the process. The states are in `track`; `watch` checks the cache; the store is
//! judged by the writes of the persistence stage and of the lease, the threads by their pulses.

mod provider;
mod track;
mod watch;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_schema::rest::{DependencyHealth, DependencyStatus};
use tilemud_schema::{DegradedEvent, Dependency, DependencyChange, ErrorCode, Timestamp};
use tokio::time::Instant;

pub use self::provider::Provider;
pub use self::track::{Reason, StoreTrack, Track, Transition};
pub use self::watch::watch_cache;
use crate::clock;
use crate::process::{Cause, Process};
use crate::pulse::{DEAD_AFTER, Part, Pulses, STUCK_AFTER};
use crate::tenure::Tenure;

/// The health of one world, its dependencies, and its process.
pub struct Health {
    /// Locked while a change is made and sent to players, so that changes are sent in the order in
    /// which they were made.
    notifying: Mutex<()>,
    database: Mutex<StoreTrack>,
    cache: Mutex<Track>,
    engine: Mutex<Track>,
    /// What the tick thread asks each tick.
    store_away: AtomicBool,
    engine_dead: AtomicBool,
    tick_current: AtomicU64,
    /// Signs of life of the threads.
    pub pulses: Pulses,
    /// Until when the world may be shown.
    pub tenure: Tenure,
    pub process: Process,
    /// Notifies everybody in the world of a change.
    notify_players: Box<dyn Fn(DegradedEvent) + Send + Sync>,
}

impl Health {
    /// Everything works. `notify_players` is called with every change, in order.
    pub fn notifying(
        process: Process,
        tenure: Tenure,
        notify_players: impl Fn(DegradedEvent) + Send + Sync + 'static,
    ) -> Self {
        Self {
            notifying: Mutex::default(),
            database: Mutex::default(),
            cache: Mutex::default(),
            engine: Mutex::default(),
            store_away: AtomicBool::default(),
            engine_dead: AtomicBool::default(),
            tick_current: AtomicU64::default(),
            pulses: Pulses::default(),
            tenure,
            process,
            notify_players: Box::new(notify_players),
        }
    }

    #[must_use]
    pub fn database(&self) -> DependencyHealth {
        self.database.lock().track().report()
    }

    #[must_use]
    pub fn cache(&self) -> DependencyHealth {
        self.cache.lock().report()
    }

    #[must_use]
    pub fn engine(&self) -> DependencyHealth {
        self.engine.lock().report()
    }

    /// The newest tick that has run.
    #[must_use]
    pub fn tick_current(&self) -> u64 {
        self.tick_current.load(Ordering::Relaxed)
    }

    /// The tick loop has finished a tick.
    pub fn note_tick(&self, tick: u64) {
        self.tick_current.store(tick, Ordering::Relaxed);
    }

    /// Whether the durable store can be written.
    #[must_use]
    pub fn is_store_away(&self) -> bool {
        self.store_away.load(Ordering::Acquire)
    }

    /// Whether play is possible.
    #[must_use]
    pub fn is_available(&self) -> bool {
        !self.is_store_away() && self.engine.lock().status() == DependencyStatus::Available
    }

    /// Whether the process is past help.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.engine_dead.load(Ordering::Relaxed)
    }

    /// Whether a write is due that only checks the store; see [`StoreTrack::wants_probe`].
    #[must_use]
    pub fn wants_store_probe(&self) -> bool {
        self.database.lock().wants_probe(Instant::now())
    }

    /// Why nobody can come in, a line for each reason; empty when they can.
    #[must_use]
    pub fn unready(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        let cause = self.process.cause();
        if self.process.is_stopping() && !(self.process.is_of_world() && cause.is_some()) {
            reasons.push("the server is shutting down".to_owned());
        }
        if let Some(cause) = cause {
            reasons.push(match (cause, self.process.is_of_world()) {
                // Its words name places, and anybody may ask.
                (Cause::WorldLost(_), false) => "the server cannot go on: it has lost its world".to_owned(),
                (Cause::WorldLost(_), true) => "it has ended: the server has lost it".to_owned(),
                (cause, false) => format!("the server cannot go on: {cause}"),
                (cause, true) => format!("it has ended: {cause}"),
            });
        }
        reasons.extend(self.database.lock().track().unready(name(Dependency::Database)));
        reasons.extend(self.engine.lock().unready(name(Dependency::World)));
        reasons
    }

    /// Why nobody can play now, in words for players.
    #[must_use]
    pub fn why_no_play(&self) -> Option<&'static str> {
        if let Some(reason) = self.why_it_has_ended() {
            Some(reason)
        } else if self.process.is_stopping() || self.process.cause().is_some() {
            Some("The server is shutting down; try again in a moment.")
        } else if self.is_store_away() {
            Some(ErrorCode::Unavailable.default_message())
        } else if !self.is_available() {
            Some("The world is paused: the server is stuck.")
        } else {
            None
        }
    }

    /// Why this world of several has ended, in words for players; `None` while it goes on.
    #[must_use]
    pub fn why_it_has_ended(&self) -> Option<&'static str> {
        let cause = self.process.cause().filter(|_| self.process.is_of_world())?;
        Some(match cause {
            Cause::WorldLost(_) => "This world has ended here: this server has lost it. The other worlds go on.",
            Cause::Panicked(_) | Cause::Ended(_) => "This world has ended here after an error. The other worlds go on.",
        })
    }

    /// Calls `notify` with each dependency that does not work now. No change is sent meanwhile.
    pub fn each_degraded(&self, mut notify: impl FnMut(DegradedEvent)) {
        let _notifying = self.notifying.lock();
        let all = [
            (Dependency::Database, self.database.lock().track().news()),
            (Dependency::Cache, self.cache.lock().news()),
            (Dependency::World, self.engine.lock().news()),
        ];
        for (dependency, (status, noticed_at)) in all {
            if status != DependencyStatus::Available {
                notify(event(dependency, change(dependency, status), noticed_at));
            }
        }
    }

    /// Updates the state of the durable store, and notifies players of a change. `detail` is for
    /// the log.
    pub fn note_store(&self, detail: Option<&str>, note: impl FnOnce(&mut StoreTrack) -> Option<Transition>) {
        let _notifying = self.notifying.lock();
        let transition = note(&mut self.database.lock());
        let is_away = self.database.lock().track().status() == DependencyStatus::Unavailable;
        self.store_away.store(is_away, Ordering::Release);
        self.report(Dependency::Database, transition, detail);
    }

    pub(crate) fn note_cache(&self, detail: Option<&str>, note: impl FnOnce(&mut Track) -> Option<Transition>) {
        let _notifying = self.notifying.lock();
        let transition = note(&mut self.cache.lock());
        self.report(Dependency::Cache, transition, detail);
    }

    /// Updates the state of the engine by how long each part has been stuck.
    pub fn note_silence(&self, silent: &[(Part, Duration)]) {
        let dead = silent.iter().any(|(_, silent)| *silent >= DEAD_AFTER);
        self.engine_dead.store(dead, Ordering::Relaxed);
        let stuck: Vec<String> = silent
            .iter()
            .filter(|(_, silent)| *silent >= STUCK_AFTER)
            .map(|(part, silent)| format!("{part} has not moved for {} s", silent.as_secs()))
            .collect();
        let now = Instant::now();
        let _notifying = self.notifying.lock();
        let transition = match stuck.is_empty() {
            true => self.engine.lock().works(now, Duration::ZERO),
            false => self.engine.lock().fails(now, DependencyStatus::Unavailable, stuck.join("; ").into()),
        };
        self.report(Dependency::World, transition, None);
    }

    /// Logs a change and notifies players.
    fn report(&self, dependency: Dependency, transition: Option<Transition>, detail: Option<&str>) {
        let Some(transition) = transition else { return };
        transition.log(name(dependency), detail);
        let status = match transition {
            Transition::Began { status, .. } => change(dependency, status),
            Transition::Ended { .. } => DependencyChange::Recovered,
        };
        (self.notify_players)(event(dependency, status, clock::now()));
    }
}

/// As it is called in the log.
const fn name(dependency: Dependency) -> &'static str {
    match dependency {
        Dependency::Database => "database",
        Dependency::Cache => "cache",
        Dependency::World => "world",
    }
}

/// What a failing dependency means for play, which goes on without a cache.
const fn change(dependency: Dependency, status: DependencyStatus) -> DependencyChange {
    match (status, dependency) {
        (DependencyStatus::Unavailable, Dependency::Database | Dependency::World) => DependencyChange::Unavailable,
        _ => DependencyChange::Degraded,
    }
}

fn event(dependency: Dependency, status: DependencyChange, observed_at: Timestamp) -> DegradedEvent {
    let message = Some(message(dependency, status).to_owned());
    DegradedEvent { dependency, status, observed_at, message, at: Some(clock::now()) }
}

/// What a change means to players.
const fn message(dependency: Dependency, change: DependencyChange) -> &'static str {
    match (dependency, change) {
        (Dependency::Cache, DependencyChange::Recovered) => "Everything works again.",
        (Dependency::Cache, _) => "Play goes on without the cache; some things may take longer.",
        (Dependency::Database | Dependency::World, DependencyChange::Recovered) => "The world goes on.",
        (Dependency::Database, DependencyChange::Degraded) => "The world's store is slow; actions may take longer.",
        (Dependency::Database, DependencyChange::Unavailable) => {
            "The world is paused until its store can be reached again; nothing is lost."
        }
        (Dependency::World, _) => "The world is paused: the server is stuck; nothing is lost.",
    }
}
