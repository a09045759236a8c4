//! Bootstrap, logout and the development issuer.

use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HOST, HeaderValue};
use hyper::{HeaderMap, Request, StatusCode, Version};
use tilemud_schema::rest::{
    BootstrapRequest, BootstrapResponse, BootstrapState, DevTokenRequest, DevTokenResponse, LogoutRequest,
    RealtimeGrant, SessionInfo, SessionStatus,
};
use tilemud_schema::{Details, ErrorCode};
use tilemud_vitals::clock;
use tokio::time::Instant;

use super::reply::{self, Reply};
use crate::auth::{AuthError, User};
use crate::edge::Edge;
use crate::error::ApiError;
use crate::journal::Outdated;
use crate::proxy::Visitor;
use crate::session::{Admission, Realm, admit};
use crate::visitors::Class;
use crate::worlds::World;

/// In which a browser says where the page is from that asks (Fetch Metadata).
const FETCH_SITE: &str = "sec-fetch-site";

/// Longest user name of the development issuer, characters.
const DEV_USER_CHARS_MAX: usize = 64;

/// The user of an `Authorization` header. A request with a good token is counted as `class`; bad
/// tokens are counted apart, so that somebody who tries tokens does not keep out others at the same
/// address. The cost of checking tokens is bounded by the
/// [requests](crate::places::Bounds::requests_per_s) of the address.
pub(super) async fn user(
    edge: &Edge,
    realm: &Realm,
    visitor: &Visitor,
    class: Class,
    headers: &HeaderMap,
) -> Result<User, ApiError> {
    let verified = match authorization(headers) {
        Ok(header) => edge.auth.verify(header).await.map_err(|error| match error {
            AuthError::NoKeys(reason) => {
                let words = format!("You cannot be signed in now: {reason}.");
                // Nobody knows whether it is good.
                (class.with_bad_token(), ApiError::caused(error.code(), error).saying(words))
            }
            error => (class.with_bad_token(), ApiError::caused(error.code(), error)),
        }),
        Err(error) => Err((class.with_bad_token(), error)),
    };
    let counted_as = verified.as_ref().map_or_else(|(class, _)| *class, |_| class);
    edge.visitors.count(counted_as, visitor.address)?;
    let user = verified.map_err(|(_, error)| error)?;
    // Whose token is good is counted by itself, wherever the calls come from.
    realm.allowances.of(&user.user_id, Instant::now()).call(Instant::now()).map_err(|(limit, wait)| {
        realm.metrics.sessions.rate_limited.count(limit);
        let retry_after_ms = u64::try_from(wait.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX);
        let details = Details::Limit { limit: limit.to_owned(), retry_after_ms };
        ApiError::with_details(ErrorCode::RateLimited, details).of(&user.user_id)
    })?;
    Ok(edge.auth.settled(user, |id| async move { realm.store.find_character(&id).await }).await?)
}

/// The one line of that header.
fn authorization(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let line = lines.next();
    if lines.next().is_some() {
        let error = ApiError::field(ErrorCode::Malformed, "Authorization", "there are two of them");
        return Err(error.saying("The request must bring one token."));
    }
    Ok(line.map(HeaderValue::to_str).transpose().map_err(|_| ErrorCode::AuthTokenInvalid)?)
}

/// POST /api/session/bootstrap
pub(super) async fn bootstrap(
    edge: &Edge,
    world: &World,
    visitor: &Visitor,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    edge.metrics.network.connect_attempts.inc();
    let user = user(edge, &world.realm, visitor, Class::SignIn, request.headers()).await?;
    let user_id = user.user_id.clone();
    admitted(edge, world, user, visitor, request).await.map_err(|error| error.of(&user_id))
}

async fn admitted(
    edge: &Edge,
    world: &World,
    user: User,
    visitor: &Visitor,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    let realm = &world.realm;
    let body: BootstrapRequest = reply::body(request).await?;
    let accepted = edge.versions.accepted();
    if body.client_version != accepted.version {
        if edge.versions.reject(Outdated::User(&user.user_id), &body.client_version) {
            edge.metrics.network.signed_in_attempts.inc();
        }
        let details = Details::Version { expected: accepted.version.clone(), received: body.client_version };
        return Err(ApiError::with_details(ErrorCode::UpdateRequired, details));
    }
    edge.metrics.network.signed_in_attempts.inc();
    if let Some(reason) = realm.health.why_no_play() {
        return Err(ApiError::from(ErrorCode::Unavailable).saying(reason));
    }
    let name = body.display_name.as_deref();
    let admission =
        admit(realm, &edge.visitors, user.user_id, visitor.address, name, body.reconnect_token.as_deref()).await?;
    Ok(reply::json(StatusCode::OK, &response(edge, world, admission, visitor)))
}

fn response(edge: &Edge, world: &World, admission: Admission, visitor: &Visitor) -> BootstrapResponse {
    let realm = &world.realm;
    let Admission { session, ticket, ticket_expires_at, reconnect } = admission;
    session.note_map(realm.map_number());
    let status =
        realm.registry.find(session.identity.session_id).map_or(SessionStatus::Connecting, |(_, status)| status);
    let version = edge.versions.accepted().version.clone();
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
        state: BootstrapState { character: session.character(), world: realm.map().summary.clone() },
        reconnect,
        realtime: RealtimeGrant {
            url: visitor.realtime_url(&edge.settings.proxies, world.path()),
            ticket,
            expires_at: ticket_expires_at,
        },
    }
}

/// POST /api/session/logout
pub(super) async fn logout(
    edge: &Edge,
    realm: &Arc<Realm>,
    visitor: &Visitor,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    let user = user(edge, realm, visitor, Class::Call, request.headers()).await?;
    let user_id = user.user_id.clone();
    logged_out(realm, user, request).await.map_err(|error| error.of(&user_id))
}

async fn logged_out(realm: &Arc<Realm>, user: User, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let body: LogoutRequest = reply::body(request).await?;
    let (session, _) = realm.registry.find(body.session_id).ok_or(ErrorCode::SessionNotFound)?;
    if session.identity.user_id != user.user_id {
        return Err(ErrorCode::Forbidden.into());
    }
    let logged_out = realm.log_out(session.key).await;
    // One that has ended and not yet left the world is gone for its player, like one that has left
    // it.
    if !logged_out.map_err(|error| ApiError::caused(ErrorCode::Unavailable, error))? {
        return Err(ErrorCode::SessionNotFound.into());
    }
    Ok(reply::bytes(StatusCode::NO_CONTENT, "application/json", Bytes::new()))
}

/// The development issuer signs in anyone, so it serves only requests from this machine: under a
/// name that always means this machine, and through no proxy. In an older version of HTTP proxies
/// ask by default, and programs of today do not.
/// `is_allowed`: it is one of a page of an `--allowed-origin`.
fn stays_here(visitor: &Visitor, version: Version, headers: &HeaderMap, is_allowed: bool) -> Result<(), ApiError> {
    let why = if version != Version::HTTP_11 || !headers.contains_key(HOST) {
        "and the request is of an older HTTP, as proxies send it"
    } else if !visitor.host.is_loopback() {
        "and the request names another host than this machine"
    } else if visitor.is_passed_on(headers) {
        "and the request has been passed on by a proxy"
    } else if !is_allowed && headers.get_all(FETCH_SITE).iter().any(|site| site != "same-origin" && site != "none") {
        "and the request is one of another site's page"
    } else {
        return Ok(());
    };
    let message = format!(
        "The development issuer signs anyone in, {why}. Open the game at http://localhost, or let the operator start the \
         server with --dev-issuer-anywhere."
    );
    Err(ApiError::caused(ErrorCode::Forbidden, format!("the development issuer serves this machine only, {why}"))
        .saying(message))
}

/// POST /dev/token
pub(super) async fn dev_token(
    edge: &Edge,
    visitor: &Visitor,
    is_allowed: bool,
    request: Request<Incoming>,
) -> Result<Reply, ApiError> {
    if !edge.settings.dev_issuer_anywhere {
        stays_here(visitor, request.version(), request.headers(), is_allowed)?;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::{Arrival, Settings};

    #[test]
    fn the_development_issuer_takes_no_request_of_an_older_http_nor_one_without_a_host() {
        let local = "127.0.0.1".parse().unwrap();
        let arrival = Arrival { peer: local, local, tls: false, preamble: Default::default() };
        let asked = |version, host: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            host.map(|host| headers.insert(HOST, HeaderValue::from_static(host)));
            let named = host.unwrap_or("localhost").parse().unwrap();
            stays_here(&Visitor::of(&Settings::default(), &arrival, named, &headers), version, &headers, false)
        };
        assert!(asked(Version::HTTP_11, Some("127.0.0.1:8080")).is_ok());
        for (version, host) in [
            // What nginx sends unless it is told otherwise.
            (Version::HTTP_10, Some("127.0.0.1:8080")),
            (Version::HTTP_10, None),
            (Version::HTTP_11, None),
            (Version::HTTP_11, Some("play.example")),
        ] {
            let refused = asked(version, host).unwrap_err();
            assert_eq!(refused.code, ErrorCode::Forbidden, "{version:?} {host:?}");
            assert!(refused.into_wire().message.contains("--dev-issuer-anywhere"), "{version:?} {host:?}");
        }
    }
}
