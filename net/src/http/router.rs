//! Which call goes where. Every answer with a problem has the error shape.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};
use tilemud_schema::{Details, ErrorCode};
use tokio::sync::OwnedSemaphorePermit;

use super::{character, reply, session, sign_in, status, world};
use crate::auth::AddressLimiter;
use crate::connection;
use crate::edge::{Edge, REQUEST_TIMEOUT};
use crate::error::ApiError;
use reply::Reply;

/// Answers one request. `permit` is the connection's place; a realtime connection takes it along.
pub(super) async fn route(
    edge: Arc<Edge>,
    address: IpAddr,
    permit: Arc<parking_lot::Mutex<Option<OwnedSemaphorePermit>>>,
    mut request: Request<Incoming>,
) -> Reply {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let answer = async {
        match (path.as_str(), &method) {
            ("/ws", &Method::GET) => {
                limit_address(&edge.address_limits.connect, address, "connect")?;
                let permit = permit.lock().take().ok_or(ErrorCode::Malformed)?;
                connection::upgrade(&edge, &mut request, permit)
            }
            ("/api/version", &Method::GET) => Ok(status::version(&edge)),
            ("/api/health", &Method::GET) => Ok(status::health(&edge)),
            ("/api/sign-in", &Method::GET) => Ok(sign_in::options(&edge).await),
            ("/livez", &Method::GET) => Ok(status::live()),
            ("/readyz", &Method::GET) => Ok(status::ready(&edge)),
            ("/metrics", &Method::GET) => Ok(status::metrics(&edge)),
            ("/api/world", &Method::GET | &Method::HEAD) => Ok(world::map(&edge, request.headers())),
            ("/api/session/bootstrap", &Method::POST) => {
                limit_address(&edge.address_limits.sign_in, address, "sign_in")?;
                session::bootstrap(&edge, request).await
            }
            ("/api/session/logout", &Method::POST) => session::logout(&edge, request).await,
            ("/dev/token", &Method::POST) if edge.auth.dev_issuer().is_some() => {
                session::dev_token(&edge, request).await
            }
            (
                "/ws" | "/api/version" | "/api/health" | "/api/sign-in" | "/livez" | "/readyz" | "/metrics"
                | "/api/world",
                _,
            ) => Ok(not_allowed("GET")),
            ("/api/session/bootstrap" | "/api/session/logout" | "/dev/token", _) => Ok(not_allowed("POST")),
            (path, &Method::GET | &Method::HEAD) => match path.strip_prefix("/api/character/") {
                Some(id) => character::profile(&edge, id, request.headers()).await,
                None => Ok(world::file(&edge, path, request.headers()).unwrap_or_else(not_found)),
            },
            _ => Ok(not_found()),
        }
    };
    match tokio::time::timeout(REQUEST_TIMEOUT, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => reply::error(error),
        Err(_) => reply::error(ErrorCode::Unavailable.into()),
    }
}

fn limit_address(limiter: &AddressLimiter, address: IpAddr, limit: &str) -> Result<(), ApiError> {
    limiter.check(address).map_err(|retry_after_ms| {
        let details = Details::Limit { limit: limit.to_owned(), retry_after_ms };
        ApiError::with_details(ErrorCode::RateLimited, details)
    })
}

fn not_found() -> Reply {
    let mut reply = reply::error(ApiError::field(ErrorCode::Malformed, "path", "there is nothing here"));
    *reply.status_mut() = StatusCode::NOT_FOUND;
    reply
}

fn not_allowed(allow: &'static str) -> Reply {
    let reason = format!("use {allow}");
    let mut reply = reply::error(ApiError::field(ErrorCode::Malformed, "method", reason));
    *reply.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    reply
}
