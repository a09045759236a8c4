//! What the server needs and how it is, as health and readiness answer it and players are told it (FR-006, FR-012). One
//! state per thing, from which all of these are read, so that they never argue. The states are in `track`; what looks after
//! the cache and the identity provider is in `watch`; the store is judged by the writes of the persistence stage and of the
//! lease, the threads by their pulses.

mod track;
mod watch;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_schema::rest::{
    self, Dependencies, DependencyHealth, DependencyStatus, EngineHealth, HealthStatus, TickHealth,
};
use tilemud_schema::{DegradedEvent, Dependency, DependencyChange, ErrorCode, ServerMessage, Timestamp};
use tokio::time::Instant;

pub use self::track::{Reason, StoreTrack, Track, Turn};
pub use self::watch::{watch_cache, watch_identity};
use crate::clock;
use crate::connection::frame::OutFrame;
use crate::connection::outbox::Outbox;
use crate::edge::Edge;
use crate::pulse::{DEAD_AFTER, Part, Pulses, STUCK_AFTER};
use crate::vitals::Cause;

/// The newest observations.
#[derive(Debug, Default)]
pub struct Health {
    /// Held while a change is made and told, so that changes are told in the order in which they were made.
    turn: Mutex<()>,
    database: Mutex<StoreTrack>,
    cache: Mutex<Track>,
    identity: Mutex<Track>,
    engine: Mutex<Track>,
    /// What the tick thread asks each tick.
    store_away: AtomicBool,
    engine_dead: AtomicBool,
    tick_current: AtomicU64,
    /// Signs of life of the threads.
    pub pulses: Pulses,
}

/// What is tracked, as it is called in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Database,
    Cache,
    Identity,
    World,
}

impl Thing {
    const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Cache => "cache",
            Self::Identity => "identity",
            Self::World => "world",
        }
    }

    /// What a state that is not as it should be means for play, which goes on without a cache.
    const fn change(self, status: DependencyStatus) -> DependencyChange {
        match (status, self) {
            (DependencyStatus::Unavailable, Self::Database | Self::World) => DependencyChange::Unavailable,
            _ => DependencyChange::Degraded,
        }
    }

    /// As players know it; whoever is in the world has no more to do with the provider.
    const fn told(self) -> Option<Dependency> {
        match self {
            Self::Database => Some(Dependency::Database),
            Self::Cache => Some(Dependency::Cache),
            Self::World => Some(Dependency::World),
            Self::Identity => None,
        }
    }
}

impl Health {
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

    /// Whether the store is to be written to only to see whether that works; see [`StoreTrack::wants_probe`].
    #[must_use]
    pub fn wants_store_probe(&self) -> bool {
        self.database.lock().wants_probe(Instant::now())
    }
}

impl Edge {
    /// GET /api/health
    #[must_use]
    pub fn health_report(&self) -> rest::Health {
        let health = &self.health;
        let identity = self.auth.has_provider().then(|| health.identity.lock().report());
        let dependencies = Dependencies {
            database: health.database.lock().track().report(),
            cache: health.cache.lock().report(),
            identity,
        };
        let DependencyHealth { status, message, .. } = health.engine.lock().report();
        let identity_status = dependencies.identity.as_ref().map_or(DependencyStatus::Available, |it| it.status);
        let all = [dependencies.database.status, status, dependencies.cache.status, identity_status];
        let status_of_all = if all[..2].contains(&DependencyStatus::Unavailable) {
            HealthStatus::Unavailable
        } else if all.iter().all(|status| *status == DependencyStatus::Available) {
            HealthStatus::Ok
        } else {
            HealthStatus::Degraded
        };
        rest::Health {
            status: status_of_all,
            version: self.settings.version.clone(),
            dependencies,
            capacity: rest::Capacity {
                active_sessions: u32::try_from(self.registry.live()).unwrap_or(u32::MAX),
                max_sessions: u32::try_from(self.registry.settings().max_sessions).unwrap_or(u32::MAX),
            },
            tick: TickHealth {
                rate_hz: self.settings.tick_hz,
                current: health.tick_current.load(Ordering::Relaxed),
                p99_us: self.metrics.tick_p99_us(),
                overruns: self.metrics.tick_overruns(),
            },
            engine: EngineHealth { status, message },
            observed_at: clock::now(),
        }
    }

    /// Why nobody can come in, a line for each reason; empty when they can.
    #[must_use]
    pub fn unready(&self) -> Vec<String> {
        let health = &self.health;
        let mut reasons = Vec::new();
        if self.shutdown.is_cancelled() {
            reasons.push("the server is shutting down".to_owned());
        }
        if let Some(cause) = self.vitals.cause() {
            reasons.push(match cause {
                // Its words name places, and anybody may ask.
                Cause::WorldLost(_) => "the server cannot go on: it has lost its world".to_owned(),
                cause => format!("the server cannot go on: {cause}"),
            });
        }
        let mut unavailable = |name: &str, track: &Track| {
            if track.status() == DependencyStatus::Unavailable {
                reasons.push(format!("{name}: {}", track.reason().unwrap_or("unavailable")));
            }
        };
        unavailable(Thing::Database.name(), health.database.lock().track());
        unavailable(Thing::World.name(), &health.engine.lock());
        unavailable(Thing::Identity.name(), &health.identity.lock());
        reasons
    }

    /// Why nobody can play now, in words for players.
    #[must_use]
    pub fn why_no_play(&self) -> Option<&'static str> {
        if self.shutdown.is_cancelled() || self.vitals.cause().is_some() {
            Some("The server is shutting down; try again in a moment.")
        } else if self.health.is_store_away() {
            Some(ErrorCode::Unavailable.default_message())
        } else if !self.health.is_available() {
            Some("The world is paused: the server is stuck.")
        } else {
            None
        }
    }

    /// Tells a connection that has just been let in what does not work now; what changes after that is told to it like to
    /// everybody.
    pub(crate) fn tell_troubles(&self, outbox: &Outbox) {
        let _turn = self.health.turn.lock();
        let health = &self.health;
        let all = [
            (Thing::Database, health.database.lock().track().news()),
            (Thing::Cache, health.cache.lock().news()),
            (Thing::World, health.engine.lock().news()),
        ];
        for (thing, (status, noticed_at)) in all {
            if let (Some(dependency), true) = (thing.told(), status != DependencyStatus::Available) {
                let event = ServerMessage::Degraded(event(dependency, thing.change(status), noticed_at));
                outbox.queue(OutFrame::message(outbox.encoding, &event));
            }
        }
    }

    /// Takes in something about the durable store, and tells everybody what changed with it. `detail` is for the log.
    pub fn note_store(&self, detail: Option<&str>, note: impl FnOnce(&mut StoreTrack) -> Option<Turn>) {
        let _turn = self.health.turn.lock();
        let turn = note(&mut self.health.database.lock());
        let is_away = self.health.database.lock().track().status() == DependencyStatus::Unavailable;
        self.health.store_away.store(is_away, Ordering::Release);
        self.tell(Thing::Database, turn, detail);
    }

    fn note_cache(&self, detail: Option<&str>, note: impl FnOnce(&mut Track) -> Option<Turn>) {
        let _turn = self.health.turn.lock();
        let turn = note(&mut self.health.cache.lock());
        self.tell(Thing::Cache, turn, detail);
    }

    fn note_identity(&self, note: impl FnOnce(&mut Track) -> Option<Turn>) {
        let _turn = self.health.turn.lock();
        let turn = note(&mut self.health.identity.lock());
        self.tell(Thing::Identity, turn, None);
    }

    /// Takes in for how long each part of the engine has not moved.
    pub fn note_silence(&self, silent: &[(Part, Duration)]) {
        let dead = silent.iter().any(|(_, silent)| *silent >= DEAD_AFTER);
        self.health.engine_dead.store(dead, Ordering::Relaxed);
        let stuck: Vec<String> = silent
            .iter()
            .filter(|(_, silent)| *silent >= STUCK_AFTER)
            .map(|(part, silent)| format!("{part} has not moved for {} s", silent.as_secs()))
            .collect();
        let now = Instant::now();
        let _turn = self.health.turn.lock();
        let turn = match stuck.is_empty() {
            true => self.health.engine.lock().works(now, Duration::ZERO),
            false => self.health.engine.lock().fails(now, DependencyStatus::Unavailable, stuck.join("; ").into()),
        };
        self.tell(Thing::World, turn, None);
    }

    /// Says in the log what has changed, and to everybody who is in.
    fn tell(&self, thing: Thing, turn: Option<Turn>, detail: Option<&str>) {
        let dependency = thing.name();
        let status = match turn {
            None => return,
            Some(Turn::Began { status, reason }) => {
                tracing::warn!(dependency, ?status, %reason, detail, "a dependency has failed");
                thing.change(status)
            }
            Some(Turn::Ended { reason, lasted }) => {
                let lasted_ms = u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(dependency, %reason, lasted_ms, "a dependency works again");
                DependencyChange::Recovered
            }
        };
        let Some(dependency) = thing.told() else { return };
        let message = ServerMessage::Degraded(event(dependency, status, clock::now()));
        for session in self.registry.all() {
            if let Some(outbox) = session.wire.lock().outbox.clone() {
                outbox.send(OutFrame::message(outbox.encoding, &message));
            }
        }
    }
}

fn event(dependency: Dependency, status: DependencyChange, observed_at: Timestamp) -> DegradedEvent {
    let message = Some(told(dependency, status).to_owned());
    DegradedEvent { dependency, status, observed_at, message, at: Some(clock::now()) }
}

/// What a change means to players.
const fn told(dependency: Dependency, change: DependencyChange) -> &'static str {
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
