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

/// GET /api/version
pub(super) fn version(versions: &Versions) -> Reply {
    let accepted = versions.accepted();
    let info = VersionInfo { version: accepted.version.clone(), protocol: PROTOCOL, updated_at: accepted.since };
    reply::json(StatusCode::OK, &info)
}

/// GET /api/health
pub(super) fn health(edge: &Edge) -> Reply {
    let report = report(edge);
    let status = match report.status {
        HealthStatus::Ok | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    };
    reply::json(status, &report)
}

fn report(edge: &Edge) -> rest::Health {
    let Realm { health, registry, metrics, settings, .. } = &*edge.realm;
    let identity = edge.auth.has_provider().then(|| edge.provider.report());
    let dependencies = Dependencies { database: health.database(), cache: health.cache(), identity };
    let DependencyHealth { status, message, .. } = health.engine();
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
        version: edge.settings.version.clone(),
        dependencies,
        capacity: rest::Capacity {
            active_sessions: u32::try_from(registry.live()).unwrap_or(u32::MAX),
            max_sessions: u32::try_from(registry.settings().max_sessions).unwrap_or(u32::MAX),
        },
        tick: TickHealth {
            rate_hz: settings.tick_hz,
            current: health.tick_current(),
            p99_us: metrics.engine.tick_p99_us(),
            overruns: metrics.engine.tick_overruns.get(),
        },
        engine: EngineHealth { status, message },
        observed_at: clock::now(),
    }
}

/// The answer to GET /livez of a process that works.
pub(super) fn alive() -> Reply {
    probe(StatusCode::OK, &[])
}

/// GET /livez: the process answers, and none of its threads hangs for good.
pub(super) fn live(edge: &Edge) -> Reply {
    if edge.realm.health.is_dead() { probe(StatusCode::SERVICE_UNAVAILABLE, &unready(edge)) } else { alive() }
}

/// GET /readyz: whether players can come in, with a line for each reason against it. A full server
/// is ready: its players can come back, and others get a Retry-After.
pub(super) fn ready(edge: &Edge) -> Reply {
    let reasons = unready(edge);
    if !reasons.is_empty() {
        return probe(StatusCode::SERVICE_UNAVAILABLE, &reasons);
    }
    let (live, max) = (edge.realm.registry.live(), edge.realm.registry.settings().max_sessions);
    let full = (live >= max).then(|| format!("full: {live} of {max} places are taken"));
    probe(StatusCode::OK, full.as_slice())
}

/// Why nobody can come in, a line for each reason.
fn unready(edge: &Edge) -> Vec<String> {
    let mut reasons = edge.realm.health.unready();
    reasons.extend(edge.provider.unready());
    reasons
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
    let page = edge.metrics.page(edge.settings.metrics_good_for, || edge.realm.registry.live() as u64);
    reply::bytes(StatusCode::OK, metrics::CONTENT_TYPE, page)
}
