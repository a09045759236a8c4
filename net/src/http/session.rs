//! Bootstrap, logout and the development issuer.

use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::AUTHORIZATION;
use hyper::{HeaderMap, Request, StatusCode};
use tilemud_schema::rest::{
    BootstrapRequest, BootstrapResponse, BootstrapState, DevTokenRequest, DevTokenResponse, LogoutRequest,
    RealtimeGrant, SessionInfo, SessionStatus,
};
use tilemud_schema::{Details, ErrorCode};

use super::reply::{self, Reply};
use crate::auth::{AuthError, User};
use crate::clock;
use crate::edge::Edge;
use crate::error::ApiError;
use crate::journal::Outdated;
use crate::proxy::Visitor;
use crate::session::{Admission, admit};

/// Longest user name of the development issuer, characters.
const DEV_USER_CHARS_MAX: usize = 64;

/// Most characters of a client's version that are said again.
const VERSION_CHARS_SHOWN: usize = 64;

/// The user an `Authorization` header stands for.
pub(super) async fn user(edge: &Edge, headers: &HeaderMap) -> Result<User, ApiError> {
    let header = match headers.get(AUTHORIZATION) {
        Some(value) => Some(value.to_str().map_err(|_| ErrorCode::AuthTokenInvalid)?),
        None => None,
    };
    let user = edge.auth.verify(header).await.map_err(|error| match error {
        AuthError::NoKeys(reason) => {
            ApiError::caused(error.code(), error).saying(format!("You cannot be signed in now: {reason}."))
        }
        error => ApiError::caused(error.code(), error),
    })?;
    Ok(edge.auth.settled(user, |id| async move { edge.store.find_character(&id).await }).await?)
}

/// POST /api/session/bootstrap
pub(super) async fn bootstrap(edge: &Edge, visitor: &Visitor, request: Request<Incoming>) -> Result<Reply, ApiError> {
    edge.metrics.connect_attempt();
    let user = user(edge, request.headers()).await?;
    let user_id = user.user_id.clone();
    admitted(edge, user, visitor, request).await.map_err(|error| error.of(&user_id))
}

async fn admitted(edge: &Edge, user: User, visitor: &Visitor, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let body: BootstrapRequest = reply::body(request).await?;
    let accepted = edge.accepted();
    if body.client_version != accepted.version {
        if edge.reject_version(Outdated::User(&user.user_id), &body.client_version) {
            edge.metrics.signed_in();
        }
        // Enough to see what it was; it may be as long as a body.
        let received = body.client_version.chars().take(VERSION_CHARS_SHOWN).collect();
        let details = Details::Version { expected: accepted.version.clone(), received };
        return Err(ApiError::with_details(ErrorCode::UpdateRequired, details));
    }
    edge.metrics.signed_in();
    if let Some(reason) = edge.why_no_play() {
        return Err(ApiError::from(ErrorCode::Unavailable).saying(reason));
    }
    let name = body.display_name.as_deref();
    let admission = admit(edge, user.user_id, name, body.reconnect_token.as_deref()).await?;
    Ok(reply::json(StatusCode::OK, &response(edge, admission, visitor)))
}

fn response(edge: &Edge, admission: Admission, visitor: &Visitor) -> BootstrapResponse {
    let Admission { session, ticket, ticket_expires_at, reconnect } = admission;
    let status =
        edge.registry.find(session.identity.session_id).map_or(SessionStatus::Connecting, |(_, status)| status);
    let version = edge.accepted().version.clone();
    BootstrapResponse {
        version: version.clone(),
        issued_at: clock::now(),
        session: SessionInfo {
            session_id: session.identity.session_id,
            user_id: session.identity.user_id.clone(),
            status,
            protocol_version: version,
            last_sequence_number: session.last_seq(),
        },
        state: BootstrapState { character: session.character(), world: edge.world.summary.clone() },
        reconnect,
        realtime: RealtimeGrant {
            url: visitor.realtime_url(&edge.settings.proxies),
            ticket,
            expires_at: ticket_expires_at,
        },
    }
}

/// POST /api/session/logout
pub(super) async fn logout(edge: &Arc<Edge>, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let user = user(edge, request.headers()).await?;
    let user_id = user.user_id.clone();
    logged_out(edge, user, request).await.map_err(|error| error.of(&user_id))
}

async fn logged_out(edge: &Arc<Edge>, user: User, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let body: LogoutRequest = reply::body(request).await?;
    let (session, _) = edge.registry.find(body.session_id).ok_or(ErrorCode::SessionNotFound)?;
    if session.identity.user_id != user.user_id {
        return Err(ErrorCode::Forbidden.into());
    }
    let logged_out = edge.log_out(session.key).await;
    // One that has ended and not yet left the world is gone for its player, like one that has left it.
    if !logged_out.map_err(|error| ApiError::caused(ErrorCode::Unavailable, error))? {
        return Err(ErrorCode::SessionNotFound.into());
    }
    Ok(reply::bytes(StatusCode::NO_CONTENT, "application/json", Bytes::new()))
}

/// POST /dev/token
pub(super) async fn dev_token(edge: &Edge, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let body: DevTokenRequest = reply::body(request).await?;
    let user = body.user.trim();
    if user.is_empty() || user.chars().count() > DEV_USER_CHARS_MAX {
        let reason = format!("1 to {DEV_USER_CHARS_MAX} characters are allowed");
        return Err(ApiError::field(ErrorCode::IntentInvalid, "user", reason));
    }
    let issuer = edge.auth.dev_issuer().ok_or(ErrorCode::Internal)?;
    let (access_token, expires_in) = issuer.issue(user);
    Ok(reply::json(StatusCode::OK, &DevTokenResponse { access_token, expires_in }))
}
