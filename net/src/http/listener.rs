//! Accepts connections and runs HTTP/1.1 on them until shutdown.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Request, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::task::TaskTracker;

use super::router;
use crate::edge::Edge;
use crate::limits::REQUEST_HEAD_TIMEOUT_S;
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
    socket: TcpStream,
    address: SocketAddr,
    permit: OwnedSemaphorePermit,
) {
    // Deltas are small and each is due now.
    let _ = socket.set_nodelay(true);
    match tls {
        None => http(edge, socket, address, permit).await,
        Some(tls) => match tokio::time::timeout(HEAD_TIMEOUT, tls.accept(socket)).await {
            Ok(Ok(socket)) => http(edge, socket, address, permit).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        },
    }
}

async fn http<S>(edge: Arc<Edge>, socket: S, address: SocketAddr, permit: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let shutdown = edge.shutdown.clone();
    let permit = Arc::new(parking_lot::Mutex::new(Some(permit)));
    let service = service_fn(move |request: Request<Incoming>| {
        let (edge, permit) = (Arc::clone(&edge), Arc::clone(&permit));
        async move { Ok::<_, std::convert::Infallible>(router::route(edge, address.ip(), permit, request).await) }
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
