//! GET /ws: checks the request, answers 101 and starts the connection's tasks.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use hyper::upgrade::Upgraded;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use tilemud_schema::{Encoding, ErrorCode};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use super::ending::Ending;
use super::inlet::ReadHalf;
use super::outbox::Outbox;
use super::reader::{Inbound, Reader};
use super::{handshake, writer};
use crate::edge::Edge;
use crate::error::ApiError;
use crate::limits::CLOSE_GRACE_S;
use crate::session::Connected;

/// A connection's place among those there may be; a realtime connection takes it along.
pub(crate) type Place = parking_lot::Mutex<Option<OwnedSemaphorePermit>>;

/// Upgrades a request to a realtime connection that runs until either side ends it. Whose page it comes from has been looked
/// at before. A refusal leaves the connection its place, so that it can ask again.
///
/// # Errors
/// MALFORMED when it is not a WebSocket request or offers no subprotocol we know.
pub(crate) fn upgrade<B>(
    edge: &Arc<Edge>,
    request: &mut Request<B>,
    place: &Place,
) -> Result<Response<Full<Bytes>>, ApiError> {
    if !fastwebsockets::upgrade::is_upgrade_request(request) {
        return Err(no_upgrade());
    }
    let encoding = offered(request.headers()).ok_or_else(|| {
        let reason = "offer tilemud.postcard or tilemud.json";
        ApiError::field(ErrorCode::Malformed, "Sec-WebSocket-Protocol", reason)
    })?;
    let (response, upgraded) = fastwebsockets::upgrade::upgrade(&mut *request)
        .map_err(|error| ApiError::field(ErrorCode::Malformed, "Sec-WebSocket-Key", error.to_string()))?;
    let permit = place.lock().take().ok_or(ErrorCode::Malformed)?;
    let mut response = response.map(|_| Full::default());
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(encoding.subprotocol()));

    let tasks = edge.connection_tasks.clone();
    let edge = Arc::clone(edge);
    tasks.spawn(async move {
        let _permit = permit;
        match upgraded.await {
            Ok(socket) => {
                let (read, outbox, writer) = open(&edge, encoding, socket.into_inner());
                Box::pin(run(edge, read, outbox, writer)).await;
            }
            Err(error) => tracing::debug!(%error, "upgrade did not complete"),
        }
    });
    Ok(response)
}

/// The refusal of a request that is not for a WebSocket.
pub(crate) fn no_upgrade() -> ApiError {
    let error = ApiError::field(ErrorCode::Malformed, "Upgrade", "a WebSocket upgrade is expected here");
    error.saying("This address is for WebSockets: the request must ask for an upgrade, and proxies must pass that on.")
}

async fn run(edge: Arc<Edge>, read: ReadHalf, outbox: Arc<Outbox>, mut writer: JoinHandle<()>) {
    let mut reader = Reader::new(&edge.settings, read, Arc::clone(&outbox));
    // What a connection is made of while it lives should not have the size of what it needs to come and to go.
    match Box::pin(handshake::run(&edge, &mut reader, &outbox)).await {
        Ok(connected) => {
            let mut reading = std::pin::pin!(reader.run(&edge, &connected));
            let ending = tokio::select! {
                ending = &mut reading => ending,
                _ = &mut writer => {
                    Box::pin(linger(async { let _ = reading.await; })).await;
                    Ending::UNSENT
                }
            };
            let Connected { session, connection, .. } = &connected;
            edge.lose_connection(session, *connection).await;
            let Ending { code, cause } = ending.as_told(&outbox);
            edge.metrics.realtime_closed(code);
            edge.log_disconnected(&session.identity, code, cause);
        }
        Err(Ending { code, cause }) => {
            edge.metrics.realtime_closed(code);
            if let Some(code) = code {
                edge.log_refused_connection(code, cause);
                outbox.close(code);
                Box::pin(linger(async { while !matches!(reader.next().await, Inbound::End(_)) {} })).await;
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

/// The encoding the client prefers among those we know.
fn offered(headers: &HeaderMap) -> Option<Encoding> {
    headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok()).find_map(Encoding::negotiate)
}

/// Splits the socket and starts the task that looks after its sending side.
fn open(edge: &Edge, encoding: Encoding, upgraded: TokioIo<Upgraded>) -> (ReadHalf, Arc<Outbox>, JoinHandle<()>) {
    let (backlog, metrics) = (edge.backlog_ticks_max(), Arc::clone(&edge.metrics));
    match upgraded.into_inner().downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => {
            let (read, write) = parts.io.into_inner().into_split();
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
        Err(upgraded) => {
            let (read, write) = tokio::io::split(TokioIo::new(upgraded));
            let outbox = Arc::new(Outbox::new(encoding, backlog, metrics));
            let writer = tokio::spawn(writer::run(write, Arc::clone(&outbox)));
            (Box::new(read), outbox, writer)
        }
    }
}
