//! Version, health, probes and metrics.

use bytes::Bytes;
use hyper::StatusCode;
use tilemud_schema::rest::{HealthStatus, PROTOCOL, VersionInfo};

use super::reply::{self, Reply};
use crate::edge::Edge;
use crate::metrics;

/// GET /api/version
pub(super) fn version(edge: &Edge) -> Reply {
    let accepted = edge.accepted();
    let info = VersionInfo { version: accepted.version.clone(), protocol: PROTOCOL, updated_at: accepted.since };
    reply::json(StatusCode::OK, &info)
}

/// GET /api/health
pub(super) fn health(edge: &Edge) -> Reply {
    let report = edge.health_report();
    let status = match report.status {
        HealthStatus::Ok | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    };
    reply::json(status, &report)
}

/// The answer to GET /livez of a process that works.
pub(super) fn alive() -> Reply {
    probe(StatusCode::OK, &[])
}

/// GET /livez: the process answers, and none of its threads is past help.
pub(super) fn live(edge: &Edge) -> Reply {
    if edge.health.is_dead() { probe(StatusCode::SERVICE_UNAVAILABLE, &edge.unready()) } else { alive() }
}

/// GET /readyz: players can come in, or why not, a line for each reason. A full server is ready: those who are in come back to
/// their places, and others are told when to try again.
pub(super) fn ready(edge: &Edge) -> Reply {
    let reasons = edge.unready();
    if !reasons.is_empty() {
        return probe(StatusCode::SERVICE_UNAVAILABLE, &reasons);
    }
    let (live, max) = (edge.registry.live(), edge.registry.settings().max_sessions);
    let full = (live >= max).then(|| format!("full: {live} of {max} places are taken"));
    probe(StatusCode::OK, full.as_slice())
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
    let page = edge.metrics_page.get(edge.settings.metrics_good_for, || {
        edge.metrics.active_sessions(edge.registry.live() as u64);
        edge.metrics.render()
    });
    reply::bytes(StatusCode::OK, metrics::CONTENT_TYPE, page)
}
