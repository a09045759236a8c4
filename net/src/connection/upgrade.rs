//! GET /ws: checks the request, answers 101 and starts the connection's tasks.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use hyper::upgrade::Upgraded;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tilemud_schema::{CloseCode, Encoding, ErrorCode};
use tilemud_vitals::metrics::NetworkMetrics;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::budget::{Budget, Rates};
use super::ending::Ending;
use super::frame_reader::ReadHalf;
use super::reader::Reader;
use super::{handshake, request};
use crate::edge::Edge;
use crate::error::ApiError;
use crate::journal;
use crate::limits::CLOSE_GRACE_S;
use crate::outbox::Outbox;
use crate::outbox::writer;
#[cfg(feature = "testing")]
use crate::outbox::{Plain, Socket};
use crate::paced::Paced;
use crate::places::Place;
use crate::session::{Connected, Realm};
use crate::worlds::World;

/// Upgrades a request to a realtime connection that runs until either side ends it. The caller has
/// checked its origin. After a refusal the connection keeps its place, so that it can ask again.
///
/// # Errors
/// MALFORMED when it does not meet [`request`].
pub(crate) fn upgrade<B>(
    edge: &Arc<Edge>,
    world: &World,
    request: &mut Request<B>,
    place: &Arc<Place>,
) -> Result<Response<Full<Bytes>>, ApiError> {
    let encoding = request::checked(request)?;
    let (response, upgraded) = fastwebsockets::upgrade::upgrade(&mut *request)
        .map_err(|error| ApiError::field(ErrorCode::Malformed, "Sec-WebSocket-Key", error.to_string()))?;
    let mut response = response.map(|_| Full::default());
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(encoding.subprotocol()));

    let tasks = edge.gate.realtime.clone();
    let (edge, realm, place) = (Arc::clone(edge), Arc::clone(&world.realm), Arc::clone(place));
    let served = async move {
        let upgraded = tokio::select! {
            upgraded = upgraded => upgraded,
            () = place.gives_way() => return,
        };
        match upgraded {
            Ok(socket) => {
                // What it is sent from now on has bounds of its own.
                place.pace().free();
                let (backlog, metrics) = (realm.backlog_ticks_max(), Arc::clone(&edge.metrics.network));
                let (read, outbox, writer) = open(backlog, metrics, encoding, socket.into_inner());
                Box::pin(run(edge, realm, &place, read, outbox, writer)).await;
            }
            Err(error) => tracing::debug!(%error, "upgrade did not complete"),
        }
    };
    tasks.spawn(served.instrument(world.span.clone()));
    Ok(response)
}

async fn run(
    edge: Arc<Edge>,
    realm: Arc<Realm>,
    place: &Arc<Place>,
    read: ReadHalf,
    outbox: Arc<Outbox>,
    mut writer: JoinHandle<()>,
) {
    let mut reader = Reader::new(read, Arc::clone(&outbox));
    let (place_of, metrics) = (Arc::clone(place), Arc::clone(&edge.metrics.network));
    reader.meter(Budget::stranger(Rates::of(&realm.settings), place_of, metrics, Instant::now()));
    // What a connection is made of while it lives should not have the size of what it needs to come
    // and to go.
    match Box::pin(handshake::run(&realm, &edge.versions, &mut reader, &outbox, place)).await {
        Ok(connected) => {
            place.live();
            reader.welcome();
            let mut reading = std::pin::pin!(reader.run(&realm, &connected));
            let ending = tokio::select! {
                biased;
                ending = &mut reading => ending,
                _ = &mut writer => {
                    Box::pin(linger(async { let _ = reading.await; })).await;
                    Ending::UNSENT
                }
            };
            place.is_over();
            let Connected { session, connection, .. } = &connected;
            realm.lose_connection(session, *connection).await;
            let Ending { code, cause } = ending.as_ended(&outbox);
            edge.metrics.network.realtime_closed(code);
            journal::disconnected(&session.identity, code, cause);
            if ending == Ending::FLOOD {
                edge.visitors.ended_early("flood", place.address());
            }
        }
        Err(Ending::FLOOD) => {
            edge.metrics.network.realtime_closed(Ending::FLOOD.code);
            edge.visitors.ended_early("flood", place.address());
            // What still comes is not worth a read: it may take the goodbye along.
            outbox.close(CloseCode::Protocol);
        }
        Err(ending @ Ending { code, cause }) => {
            edge.metrics.network.realtime_closed(code);
            if let Some(code) = code {
                journal::refused_connection(code, cause);
                outbox.close(code);
                // One that has given way is counted no more, so it must not stay.
                if ending != Ending::CROWDED {
                    Box::pin(linger(reader.discard())).await;
                }
            }
        }
    }
    outbox.shut();
    if !writer.is_finished() {
        // It sends what is left and closes the socket, within the grace.
        let _ = writer.await;
    }
}

/// Goes on reading for a moment after the goodbye: closing a socket with unread bytes in it would
/// reset the connection and take the goodbye along (RFC 6455, 7.1.1).
async fn linger(reading: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(Duration::from_secs(CLOSE_GRACE_S), reading).await;
}

/// Splits the socket and starts the task of its sending side.
pub(super) fn open(
    backlog: u64,
    metrics: Arc<NetworkMetrics>,
    encoding: Encoding,
    upgraded: TokioIo<Upgraded>,
) -> (ReadHalf, Arc<Outbox>, JoinHandle<()>) {
    match upgraded.into_inner().downcast::<TokioIo<Paced<TcpStream>>>() {
        Ok(parts) => {
            let (read, write) = parts.io.into_inner().into_inner().into_split();
            let outbox = Arc::new(Outbox::direct(write, encoding, backlog, metrics));
            let writer = tokio::spawn(writer::attend(Arc::clone(&outbox)));
            let read: ReadHalf = if parts.read_buf.is_empty() {
                Box::new(read)
            } else {
                // What arrived together with the request head comes first.
                Box::new(std::io::Cursor::new(parts.read_buf).chain(read))
            };
            (read, outbox, writer)
        }
        Err(upgraded) => split(backlog, metrics, encoding, TokioIo::new(upgraded)),
    }
}

/// The same for anything but a plain socket.
fn split(
    backlog: u64,
    metrics: Arc<NetworkMetrics>,
    encoding: Encoding,
    socket: impl AsyncRead + AsyncWrite + Send + 'static,
) -> (ReadHalf, Arc<Outbox>, JoinHandle<()>) {
    let (read, write) = tokio::io::split(socket);
    let outbox = Arc::new(Outbox::new(encoding, backlog, metrics));
    let writer = tokio::spawn(writer::run(write, Arc::clone(&outbox)));
    (Box::new(read), outbox, writer)
}

/// Serves what came from an address over no socket of the system.
#[cfg(feature = "testing")]
pub(crate) async fn serve_stream(
    edge: Arc<Edge>,
    peer: std::net::IpAddr,
    encoding: Encoding,
    socket: impl AsyncRead + AsyncWrite + Send + 'static,
) {
    let realm = Arc::clone(&edge.worlds.first().realm);
    let (backlog, metrics) = (realm.backlog_ticks_max(), Arc::clone(&edge.metrics.network));
    let Some((place, _)) = edge.gate.places.admit(peer, false) else { return };
    let (read, outbox, writer) = split(backlog, metrics, encoding, socket);
    Box::pin(run(edge, realm, &place, read, outbox, writer)).await;
}

/// The same for a plain socket of a simulated network.
#[cfg(feature = "testing")]
pub(crate) async fn serve_plain(
    edge: Arc<Edge>,
    peer: std::net::IpAddr,
    encoding: Encoding,
    read: impl AsyncRead + Send + Unpin + 'static,
    write: Box<dyn Socket>,
) {
    let realm = Arc::clone(&edge.worlds.first().realm);
    let (backlog, metrics) = (realm.backlog_ticks_max(), Arc::clone(&edge.metrics.network));
    let Some((place, _)) = edge.gate.places.admit(peer, false) else { return };
    let outbox = Arc::new(Outbox::direct(Plain::Simulated(write), encoding, backlog, metrics));
    let writer = tokio::spawn(writer::attend(Arc::clone(&outbox)));
    Box::pin(run(edge, realm, &place, Box::new(read), outbox, writer)).await;
}
