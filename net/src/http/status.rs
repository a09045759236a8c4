//! Version, health, probes and metrics.

use bytes::Bytes;
use hyper::StatusCode;
use tilemud_schema::rest::{
    self, Dependencies, DependencyHealth, DependencyStatus, EngineHealth, HealthStatus, PROTOCOL, TickHealth,
    VersionInfo,
};
use tilemud_vitals::{clock, metrics};

use super::reply::{self, Reply};
use crate::edge::Edge;
use crate::session::Realm;
use crate::versions::Versions;
use crate::worlds::World;

/// GET /api/version
pub(super) fn version(versions: &Versions) -> Reply {
    let accepted = versions.accepted();
    let info = VersionInfo { version: accepted.version.clone(), protocol: PROTOCOL, updated_at: accepted.since };
    reply::json(StatusCode::OK, &info)
}

/// The answer to GET /livez of a process that works.
pub(super) fn alive() -> Reply {
    probe(StatusCode::OK, &[])
}

/// Whose health is asked for.
#[derive(Clone, Copy)]
pub(super) struct Health<'a> {
    pub(super) edge: &'a Edge,
    pub(super) world: &'a World,
    /// Whether the address of the game is asked, which stands for all worlds.
    pub(super) is_root: bool,
}

impl<'a> Health<'a> {
    /// All that it is about.
    fn subjects(self) -> &'a [World] {
        if self.is_root { self.edge.worlds.all() } else { std::slice::from_ref(self.world) }
    }

    /// Whether it is about several worlds, which are told one by one.
    fn is_of_several(self) -> bool {
        self.is_root && self.edge.worlds.have_paths()
    }

    /// GET /api/health
    pub(super) fn report(self) -> Reply {
        let report = self.judged();
        let status = match report.status {
            HealthStatus::Ok | HealthStatus::Degraded => StatusCode::OK,
            HealthStatus::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        reply::json(status, &report)
    }

    fn judged(self) -> rest::Health {
        let edge = self.edge;
        let goes_on = |world: &&World| world.realm.health.why_it_has_ended().is_none();
        // What is said of one world is said of the first that goes on.
        let subject = self.subjects().iter().find(goes_on).unwrap_or(self.world);
        let Realm { health, registry, metrics, settings, .. } = &*subject.realm;
        let identity = edge.auth.has_provider().then(|| edge.provider.report());
        let dependencies = Dependencies { database: health.database(), cache: health.cache(), identity };
        let DependencyHealth { status, message, .. } = health.engine();
        let worlds: Vec<_> = self.subjects().iter().filter(|_| self.is_of_several()).map(World::listed).collect();
        let sessions: usize = self.subjects().iter().map(|world| world.realm.registry.live()).sum();
        rest::Health {
            status: self.status(),
            version: edge.settings.version.clone(),
            dependencies,
            capacity: rest::Capacity {
                active_sessions: u32::try_from(sessions).unwrap_or(u32::MAX),
                max_sessions: u32::try_from(registry.settings().max_sessions).unwrap_or(u32::MAX),
            },
            tick: TickHealth {
                rate_hz: settings.tick_hz,
                current: health.tick_current(),
                p99_us: metrics.engine.tick_p99_us(),
                overruns: metrics.engine.tick_overruns.get(),
            },
            engine: EngineHealth { status, message },
            worlds,
            observed_at: clock::now(),
        }
    }

    /// The worst that does not keep everybody from playing.
    fn status(self) -> HealthStatus {
        let identity = self.edge.auth.has_provider().then(|| self.edge.provider.report().status);
        let of_each: Vec<_> = self.subjects().iter().map(|world| status_of(&world.realm, identity)).collect();
        match of_each.as_slice() {
            [first, rest @ ..] if rest.iter().all(|status| status == first) => *first,
            _ => HealthStatus::Degraded,
        }
    }

    /// GET /livez: the process answers, and none of its threads hangs for good.
    pub(super) fn live(self) -> Reply {
        let hangs = |world: &&World| world.realm.health.is_dead() && world.realm.health.why_it_has_ended().is_none();
        match self.subjects().iter().find(hangs) {
            Some(_) => probe(StatusCode::SERVICE_UNAVAILABLE, &self.unready().1),
            None => alive(),
        }
    }

    /// GET /readyz: whether players can come in, with a line for each reason against it. A full
    /// server is ready: its players can come back, and others get a Retry-After. Of several worlds,
    /// one is enough.
    pub(super) fn ready(self) -> Reply {
        let (is_ready, mut lines) = self.unready();
        if !is_ready {
            return probe(StatusCode::SERVICE_UNAVAILABLE, &lines);
        }
        let max = self.world.realm.registry.settings().max_sessions;
        let live: usize = self.edge.worlds.all().iter().map(|world| world.realm.registry.live()).sum();
        lines.extend((live >= max).then(|| format!("full: {live} of {max} places are taken")));
        probe(StatusCode::OK, &lines)
    }

    /// Whether anybody can come in, and a line for each reason against it.
    fn unready(self) -> (bool, Vec<String>) {
        let of_process = self.edge.provider.unready();
        let mut is_ready = false;
        let mut lines = Vec::new();
        for world in self.subjects() {
            let reasons = world.realm.health.unready();
            is_ready |= reasons.is_empty();
            let named = |reason| if self.is_of_several() { format!("world {:?}: {reason}", world.id) } else { reason };
            lines.extend(reasons.into_iter().map(named));
        }
        is_ready &= of_process.is_none();
        lines.extend(of_process);
        (is_ready, lines)
    }
}

/// How one world is.
fn status_of(realm: &Realm, identity: Option<DependencyStatus>) -> HealthStatus {
    let (health, identity) = (&realm.health, identity.unwrap_or(DependencyStatus::Available));
    let [database, engine] = [health.database().status, health.engine().status];
    if health.why_it_has_ended().is_some() || [database, engine].contains(&DependencyStatus::Unavailable) {
        HealthStatus::Unavailable
    } else if [database, engine, health.cache().status, identity].iter().all(|it| *it == DependencyStatus::Available) {
        HealthStatus::Ok
    } else {
        HealthStatus::Degraded
    }
}

fn probe(status: StatusCode, lines: &[String]) -> Reply {
    let mut body = if status.is_success() { "ok\n" } else { "not ready\n" }.to_owned();
    for line in lines {
        body.push_str(line);
        body.push('\n');
    }
    reply::bytes(status, "text/plain; charset=utf-8", Bytes::from(body))
}

/// GET /metrics
pub(super) fn metrics(edge: &Edge) -> Reply {
    let live = |number: usize| edge.worlds.all()[number].realm.registry.live() as u64;
    let page = edge.metrics.page(edge.settings.metrics_good_for, live);
    reply::bytes(StatusCode::OK, metrics::CONTENT_TYPE, page)
}
