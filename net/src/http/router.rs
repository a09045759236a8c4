//! Routes requests. Every error answer has the error shape.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue, LOCATION};
use hyper::{Method, Request, StatusCode, Uri};
use tilemud_schema::{Details, ErrorCode};
use tracing::Instrument as _;

use super::nowhere::nothing_here;
use super::origin::From as Page;
use super::resource::Resource;
use super::status::Health;
use super::{character, head, reply, session, sign_in, status, world, worlds};
use crate::authority::Authority;
use crate::connection;
use crate::edge::Edge;
use crate::error::ApiError;
use crate::limits::REFUSED_PAUSE_MS;
use crate::places::Place;
use crate::proxy::{Arrival, Visitor};
use crate::settings::Settings;
use crate::visitors::Class;
use crate::worlds::{Route, World};
use reply::Reply;

/// Time within which a request must be answered.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Retry-After while every connection is taken.
const FULL_RETRY_MS: u64 = 2_000;

/// The methods of the server as a whole.
const ALLOW_ALL: &str = "GET, HEAD, POST, OPTIONS";

/// Most characters of a method that are said again.
const METHOD_CHARS_SHOWN: usize = 20;

/// Answers one request. `place` is the connection's; a realtime connection takes it along.
pub(super) async fn route(edge: Arc<Edge>, arrival: Arrival, place: Arc<Place>, request: Request<Incoming>) -> Reply {
    let is_head = request.method() == Method::HEAD;
    let settings = &edge.settings;
    // Whoever sends a head that is none is counted as whoever does not.
    let (host, headless) = match head::checked(&request) {
        Ok(host) => (host, None),
        Err(error) => (Authority::localhost(), Some(error)),
    };
    let visitor = Visitor::of(&settings.proxies, &arrival, host, request.headers());
    edge.visitors.made_room(place.serves(visitor.address), visitor.address);
    // Whoever asks for more than there is time for waits for their turn, and so does what they send
    // next. Probes have a limit of their own: a flood does not make the server look dead to whoever
    // asks from the same address. Beyond it they wait as well.
    let is_probe = headless.is_none() && {
        let path = visitor.path_below(&settings.proxies, request.uri().path());
        Resource::probe(edge.worlds.route(path).path).is_some_and(|it| it.fits(request.method()))
    };
    let turn = if is_probe { Ok(()) } else { place.turn(visitor.address).await };
    let page = Page::of(settings, &visitor, request.headers());
    let asked = Asked { edge: &edge, visitor: &visitor, page: &page, place: &place };
    let answered = match (turn, headless) {
        (Err(wait), _) => {
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            Err(edge.visitors.limited(Class::Call, retry_after_ms, visitor.address))
        }
        (Ok(()), Some(error)) => Err(edge.visitors.count(Class::Call, visitor.address).err().unwrap_or(error)),
        (Ok(()), None) => {
            let answered = tokio::time::timeout(REQUEST_TIMEOUT, asked.answer(request)).await;
            answered.unwrap_or_else(|_| Err(ErrorCode::Unavailable.into()))
        }
    };
    let mut answer = answered.unwrap_or_else(reply::error);
    if is_probe && answer.status() == StatusCode::TOO_MANY_REQUESTS {
        let _ = place.turn(visitor.address).await;
    }
    if answer.status() == StatusCode::TOO_MANY_REQUESTS && !settings.proxies.trusts(arrival.peer.to_canonical()) {
        // Whoever goes on asking without listening is not read meanwhile. Behind a proxy others
        // would wait as well.
        tokio::time::sleep(Duration::from_millis(REFUSED_PAUSE_MS)).await;
    }
    page.open(settings, &mut answer);
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        place.goes_on();
    } else {
        place.has_answered();
    }
    reply::finish(answer, is_head)
}

/// Which world is asked, for what.
struct Of<'a> {
    world: &'a World,
    path: &'a str,
    is_root: bool,
}

/// A request and who sent it.
struct Asked<'a> {
    edge: &'a Arc<Edge>,
    visitor: &'a Visitor,
    page: &'a Page,
    place: &'a Arc<Place>,
}

impl Asked<'_> {
    async fn answer(&self, request: Request<Incoming>) -> Result<Reply, ApiError> {
        let edge = self.edge;
        let uri = request.uri().clone();
        if *request.method() == Method::CONNECT {
            // It names no path, but another server.
            edge.visitors.count(Class::Call, self.visitor.address)?;
            return Ok(not_allowed(request.method(), ALLOW_ALL));
        }
        let Route { world, path, is_root } =
            edge.worlds.route(self.visitor.path_below(&edge.settings.proxies, uri.path()));
        let Some(world) = world else {
            edge.visitors.count(Class::Call, self.visitor.address)?;
            return Ok(nothing_here(path, request.headers()));
        };
        self.answer_of(Of { world, path, is_root }, &uri, request).instrument(world.span.clone()).await
    }

    /// The answer of a world, or of the process.
    async fn answer_of(&self, of: Of<'_>, uri: &Uri, mut request: Request<Incoming>) -> Result<Reply, ApiError> {
        let (edge, Of { world, path, is_root }) = (self.edge, of);
        let realm = &world.realm;
        if path.is_empty() {
            edge.visitors.count(Class::Call, self.visitor.address)?;
            // Relative, because a proxy may have taken away what stands before it.
            let name = uri.path().rsplit('/').next().unwrap_or_default();
            let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
            return Ok(moved(&format!("./{name}/{query}")));
        }
        let mark = || edge.visitors.mark(self.visitor.address);
        let method = request.method().clone();
        let resource = Resource::at(edge, realm, path);
        let takes_token = resource.is_some_and(|it| it.takes_token() && it.fits(&method));
        if !takes_token {
            // Before anything is looked at that costs more. What takes a token is counted by what
            // the token is.
            let class = resource.filter(|it| it.fits(&method)).map_or(Class::Call, Resource::class);
            edge.visitors.count(class, self.visitor.address)?;
        }
        if method == Method::OPTIONS && path == "*" {
            // About the server as a whole (RFC 9110, 9.3.7).
            return self.page.answer_to_options(ALLOW_ALL, request.headers(), mark);
        }
        let Some(resource) = resource else { return Ok(nothing_here(path, request.headers())) };
        if method == Method::OPTIONS {
            return self.page.answer_to_options(resource.allow(), request.headers(), mark);
        }
        if !resource.fits(&method) {
            return Ok(not_allowed(&method, resource.allow()));
        }
        if !resource.is_read()
            && let Err(foreign) = self.page.check(mark)
        {
            if takes_token {
                edge.visitors.count(Class::Call, self.visitor.address)?;
            }
            return Err(foreign);
        }
        if !resource.outlives_world() {
            world.check()?;
        }
        let health = Health { edge, world, is_root };
        Ok(match resource {
            // Nothing to look at without an upgrade, and nothing to take along with one.
            Resource::Realtime if method == Method::HEAD => return Err(connection::no_upgrade()),
            Resource::Realtime => {
                self.page.check(mark)?;
                connection::upgrade(edge, world, &mut request, self.place)?
            }
            Resource::Version => status::version(&edge.versions),
            Resource::Health => health.report(),
            Resource::SignIn => sign_in::options(&edge.auth).await,
            Resource::Live => health.live(),
            Resource::Ready => health.ready(),
            Resource::Metrics => status::metrics(edge),
            Resource::Worlds => worlds::list(&edge.worlds),
            Resource::OneWorld(id) => match worlds::one(&edge.worlds, id) {
                Some(world) => world,
                None => nothing_here(path, request.headers()),
            },
            Resource::World => world::whole(&realm.map(), request.headers()),
            Resource::Map => world::outline(&realm.map(), request.headers()),
            Resource::Section(path) => match world::section(&realm.map(), path, request.headers()) {
                Some(section) => section,
                None => nothing_here(path, request.headers()),
            },
            Resource::Character(id) => character::profile(edge, realm, self.visitor, id, request.headers()).await?,
            Resource::File(path) => match world::file(edge, realm, self.visitor, path, request.headers()) {
                Some(file) => file,
                None => nothing_here(path, request.headers()),
            },
            Resource::Bootstrap => session::bootstrap(edge, world, self.visitor, request).await?,
            Resource::Logout => session::logout(edge, realm, self.visitor, request).await?,
            Resource::DevToken => {
                let is_allowed = matches!(self.page, Page::Allowed(_));
                session::dev_token(edge, self.visitor, is_allowed, request).await?
            }
        })
    }
}

/// Answers a request on a connection that has no place, by its method and the path below that of
/// the game. Pages of allowed origins may read also that they are to come later.
pub(super) fn without_place(
    settings: &Settings,
    arrival: &Arrival,
    request: &Request<Incoming>,
    answer: impl FnOnce(&Visitor, &Method, &str) -> Reply,
) -> Reply {
    let (method, headers) = (request.method(), request.headers());
    let host = match head::checked(request) {
        Ok(host) => host,
        Err(error) => return reply::error(error),
    };
    let visitor = Visitor::of(&settings.proxies, arrival, host, headers);
    let page = Page::of(settings, &visitor, headers);
    let mut reply = match page {
        // Without this the browser does not send the request itself.
        Page::Allowed(_) if *method == Method::OPTIONS => page.preflight(ALLOW_ALL, headers),
        _ => answer(&visitor, method, visitor.path_below(&settings.proxies, request.uri().path())),
    };
    page.open(settings, &mut reply);
    reply
}

/// Answers a request for which there is no place (FR-032): probes, and nothing else.
pub(super) fn probe(edge: &Edge, method: &Method, path: &str) -> Reply {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    let Route { world: Some(world), path, is_root } = edge.worlds.route(path) else {
        return reply::error(later(FULL_RETRY_MS));
    };
    let health = Health { edge, world, is_root };
    match path {
        "/livez" if is_read => health.live(),
        "/readyz" if is_read => health.ready(),
        "/api/health" if is_read => health.report(),
        "/metrics" if is_read && !edge.settings.metrics_apart => status::metrics(edge),
        _ => reply::error(later(FULL_RETRY_MS)),
    }
}

/// Answers a request on the port that has the metrics for itself.
pub(super) fn metrics_alone(edge: &Edge, request: &Request<Incoming>) -> Reply {
    if let Err(error) = head::checked(request) {
        return reply::error(error);
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => status::metrics(edge),
        (method, "/metrics") => not_allowed(method, "GET, HEAD"),
        (_, path) => nothing_here(path, request.headers()),
    }
}

/// Refuses everything for a while.
pub(super) fn later(retry_after_ms: u64) -> ApiError {
    ApiError::with_details(ErrorCode::Unavailable, Details::Retry { retry_after_ms })
}

/// Redirects to the game's own address with its slash, because relative URLs of the page depend on
/// it.
fn moved(to: &str) -> Reply {
    let mut reply =
        reply::bytes(StatusCode::PERMANENT_REDIRECT, "text/plain; charset=utf-8", Bytes::from_static(b"moved\n"));
    if let Ok(to) = HeaderValue::from_str(to) {
        reply.headers_mut().insert(LOCATION, to);
    }
    reply
}

fn not_allowed(method: &Method, allow: &'static str) -> Reply {
    let method: String = method.as_str().chars().take(METHOD_CHARS_SHOWN).collect();
    let error = ApiError::field(ErrorCode::Malformed, "method", format!("use one of {allow}"));
    let mut reply = reply::error(error.saying(format!("{method} means nothing at this address.")));
    *reply.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    reply
}
