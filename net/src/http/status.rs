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

/// GET /livez: the process answers.
pub(super) fn live() -> Reply {
    reply::bytes(StatusCode::OK, "text/plain; charset=utf-8", Bytes::from_static(b"ok\n"))
}

/// GET /readyz: players can come in.
pub(super) fn ready(edge: &Edge) -> Reply {
    if edge.health.is_available() && !edge.shutdown.is_cancelled() {
        live()
    } else {
        let body = Bytes::from_static(b"not ready\n");
        reply::bytes(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", body)
    }
}

/// GET /metrics
pub(super) fn metrics(edge: &Edge) -> Reply {
    edge.metrics.active_sessions(edge.registry.live() as u64);
    reply::bytes(StatusCode::OK, metrics::CONTENT_TYPE, Bytes::from(edge.metrics.render()))
}
