//! Accepts connections and runs HTTP/1.1 on them until shutdown.

use std::net::SocketAddr;
use std::sync::{Arc, Once};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Request, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::task::TaskTracker;

use super::router;
use crate::connection::Place;
use crate::edge::Edge;
use crate::limits::REQUEST_HEAD_TIMEOUT_S;
use crate::proxy::Arrival;
use crate::proxy::preamble::{self, Preamble};
use crate::tls::TlsAcceptor;

const HEAD_TIMEOUT: Duration = Duration::from_secs(REQUEST_HEAD_TIMEOUT_S);

/// A bound port, with or without TLS.
pub struct Listener {
    /// The port.
    pub tcp: TcpListener,
    /// Encrypts every connection if set.
    pub tls: Option<TlsAcceptor>,
}

/// Serves until `edge.shutdown`, then waits for the requests under way.
pub async fn serve(edge: Arc<Edge>, listener: Listener) {
    let tracker = TaskTracker::new();
    let tls = listener.tls.map(Arc::new);
    loop {
        let accepted = tokio::select! {
            accepted = listener.tcp.accept() => accepted,
            () = edge.shutdown.cancelled() => break,
        };
        let (socket, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: connections that end give some back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // With no place left the connection is dropped: a full answer would cost what is not there.
        let Ok(permit) = Arc::clone(&edge.connections).try_acquire_owned() else { continue };
        let (edge, tls) = (Arc::clone(&edge), tls.clone());
        tracker.spawn(async move { connection(edge, tls, socket, address, permit).await });
    }
    tracker.close();
    tracker.wait().await;
}

async fn connection(
    edge: Arc<Edge>,
    tls: Option<Arc<TlsAcceptor>>,
    mut socket: TcpStream,
    address: SocketAddr,
    permit: OwnedSemaphorePermit,
) {
    // Deltas are small and each is due now.
    let _ = socket.set_nodelay(true);
    let peer = address.ip().to_canonical();
    let mut arrival = Arrival { peer, tls: tls.is_some(), preamble: Preamble::default() };
    if edge.settings.proxies.trusts(peer) {
        let preamble = tokio::select! {
            preamble = tokio::time::timeout(HEAD_TIMEOUT, preamble::read(&mut socket)) => preamble,
            () = edge.shutdown.cancelled() => return,
        };
        match preamble {
            Ok(Ok(preamble)) => arrival.preamble = preamble,
            Ok(Err(error)) => return bad_preamble(&error),
            Err(_) => return,
        }
    }
    match tls {
        None => http(edge, socket, arrival, permit).await,
        Some(tls) => match tokio::time::timeout(HEAD_TIMEOUT, tls.accept(socket)).await {
            Ok(Ok(socket)) => http(edge, socket, arrival, permit).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        },
    }
}

/// Where a request would begin cannot be known then, so the connection ends.
fn bad_preamble(error: &std::io::Error) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(%error, "a trusted proxy began a connection with a PROXY header that cannot be read (said once)");
    });
}

async fn http<S>(edge: Arc<Edge>, socket: S, arrival: Arrival, permit: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let shutdown = edge.shutdown.clone();
    let place = Arc::new(Place::new(Some(permit)));
    let service = service_fn(move |request: Request<Incoming>| {
        let (edge, place) = (Arc::clone(&edge), Arc::clone(&place));
        async move { Ok::<_, std::convert::Infallible>(router::route(edge, arrival, place, request).await) }
    });
    // The header timeout covers a slow request head and an idle keep-alive; the body has its own in the router.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
