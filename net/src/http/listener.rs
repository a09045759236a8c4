//! Accepts connections and runs HTTP/1.1 on them until shutdown.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Once};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Method, Request, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::held::Held;
use super::reply::{self, Reply};
use super::router;
use crate::auth::TOKEN_BYTES_MAX;
use crate::edge::Edge;
use crate::limits::{
    PROBE_CONNECTIONS_MAX, PROBE_TIMEOUT_S, REQUEST_HEAD_BYTES_MAX, REQUEST_HEAD_TIMEOUT_S, UNSENT_BYTES_MAX,
    UNTAKEN_MAX,
};
use crate::paced::Paced;
use crate::places::Place;
use crate::proxy::preamble::{self, Preamble};
use crate::proxy::{Arrival, Visitor};
use crate::settings::Settings;
use crate::tls::TlsAcceptor;

const HEAD_TIMEOUT: Duration = Duration::from_secs(REQUEST_HEAD_TIMEOUT_S);

const _: () = assert!(REQUEST_HEAD_BYTES_MAX >= 2 * TOKEN_BYTES_MAX);

const PROBE_TIMEOUT: Duration = Duration::from_secs(PROBE_TIMEOUT_S);

/// Wait after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// From one line about that to the next.
const REFUSED_EVERY: Duration = Duration::from_secs(10);

/// A bound port, with or without TLS.
pub struct Listener {
    pub tcp: TcpListener,
    /// Encrypts every connection if set.
    pub tls: Option<TlsAcceptor>,
}

/// Serves until the process stops, then waits for the requests under way.
pub async fn serve(edge: Arc<Edge>, listener: Listener) {
    let tracker = TaskTracker::new();
    let tls = listener.tls.map(Arc::new);
    let mut refused = Refused::default();
    let mut probes = Held::at_most(PROBE_CONNECTIONS_MAX);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener.tcp) => accepted,
            () = edge.process.stopping() => break,
        };
        let (socket, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: connections that end give some back.
                refused.note(&error);
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (edge, tls) = (Arc::clone(&edge), tls.clone());
        let peer = address.ip().to_canonical();
        let is_proxy = edge.settings.proxies.trusts(peer);
        if !is_proxy && !edge.gate.places.may_connect(peer) {
            edge.visitors.ended_early("rate", peer);
            let _ = socket.set_zero_linger();
            continue;
        }
        if let Some((place, made_room)) = edge.gate.places.admit(peer, is_proxy) {
            edge.visitors.made_room(made_room, peer);
            tracker.spawn(async move { connection(edge, tls, socket, peer, place).await });
        } else {
            // Whoever watches over the server is not to take a full one for a dead one.
            let probing = tracker.spawn(async move {
                let answer = |_: &Visitor, method: &Method, path: &str| router::probe(&edge, method, path);
                let answered = one_of(&edge.settings, tls.as_deref(), socket, peer, answer);
                let _ = tokio::time::timeout(PROBE_TIMEOUT, answered).await;
            });
            probes.add(probing.abort_handle());
        }
    }
    tracker.close();
    tracker.wait().await;
}

/// The next connection. What its peer does not take does not outlive it in the kernel for long.
pub(super) async fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (socket, address) = listener.accept().await?;
    let _ = SockRef::from(&socket).set_tcp_user_timeout(Some(UNTAKEN_MAX));
    Ok((socket, address))
}

/// Failed accepts, logged as a sum because they come by the hundred.
#[derive(Default)]
struct Refused {
    since_logged: u64,
    logged_at: Option<Instant>,
}

impl Refused {
    fn note(&mut self, error: &io::Error) {
        self.since_logged += 1;
        if self.logged_at.is_none_or(|at| at.elapsed() >= REFUSED_EVERY) {
            tracing::warn!(%error, count = self.since_logged, "connections could not be accepted");
            *self = Self { since_logged: 0, logged_at: Some(Instant::now()) };
        }
    }
}

/// How a connection came from which nothing has been read yet.
fn arrival(socket: &TcpStream, peer: IpAddr, tls: bool) -> Arrival {
    let local = socket.local_addr().map_or(IpAddr::from(Ipv4Addr::UNSPECIFIED), |local| local.ip());
    Arrival { peer: peer.to_canonical(), local, tls, preamble: Preamble::default() }
}

/// Serves a connection that has no place: one request, whoever it came through. Without a deadline.
pub(super) async fn one_of(
    settings: &Settings,
    tls: Option<&TlsAcceptor>,
    mut socket: TcpStream,
    peer: IpAddr,
    answer: impl Fn(&Visitor, &Method, &str) -> Reply,
) {
    let mut arrival = arrival(&socket, peer, tls.is_some());
    if settings.proxies.trusts(arrival.peer) {
        match preamble::read(&mut socket).await {
            Ok(preamble) => arrival.preamble = preamble,
            Err(_) => return,
        }
    }
    let answer = |request: &Request<Incoming>| router::without_place(settings, &arrival, request, &answer);
    match tls {
        None => drop(one_request(socket, answer).await),
        Some(tls) => {
            if let Ok(socket) = tls.accept(socket).await {
                drop(one_request(socket, answer).await);
            }
        }
    }
}

/// Serves nothing but GET /metrics, until the process stops.
pub async fn serve_metrics(edge: Arc<Edge>, listener: TcpListener) {
    let mut held = Held::at_most(PROBE_CONNECTIONS_MAX);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = edge.process.stopping() => return,
        };
        let Ok((socket, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let edge = Arc::clone(&edge);
        let answered = tokio::spawn(async move {
            let answer = |request: &Request<Incoming>| router::metrics_alone(&edge, request);
            let _ = tokio::time::timeout(PROBE_TIMEOUT, one_request(socket, answer)).await;
        });
        held.add(answered.abort_handle());
    }
}

/// Answers one request and closes. Without a deadline.
pub(super) async fn one_request<S>(socket: S, answer: impl Fn(&Request<Incoming>) -> Reply) -> Result<(), hyper::Error>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let answered = service_fn(|request: Request<Incoming>| {
        let reply = reply::finish(answer(&request), request.method() == Method::HEAD);
        async move { Ok::<_, std::convert::Infallible>(reply) }
    });
    builder().keep_alive(false).serve_connection(TokioIo::new(socket), answered).await
}

/// Of connections whose heads are bounded.
fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(REQUEST_HEAD_BYTES_MAX);
    builder
}

async fn connection(
    edge: Arc<Edge>,
    tls: Option<Arc<TlsAcceptor>>,
    mut socket: TcpStream,
    peer: IpAddr,
    place: Arc<Place>,
) {
    // Deltas are small and each is due now.
    let _ = socket.set_nodelay(true);
    let _ = SockRef::from(&socket).set_tcp_notsent_lowat(UNSENT_BYTES_MAX);
    let served = async {
        let mut arrival = arrival(&socket, peer, tls.is_some());
        if edge.settings.proxies.trusts(peer) {
            let preamble = tokio::select! {
                preamble = tokio::time::timeout(HEAD_TIMEOUT, preamble::read(&mut socket)) => preamble,
                () = edge.process.stopping() => return,
            };
            match preamble {
                Ok(Ok(preamble)) => arrival.preamble = preamble,
                Ok(Err(error)) => return bad_preamble(&error),
                Err(_) => return,
            }
            if let Some(visitor) = arrival.preamble.address {
                let is_proxy = edge.settings.proxies.trusts(visitor.to_canonical());
                if !is_proxy && !edge.gate.places.may_connect(visitor) {
                    edge.visitors.ended_early("rate", visitor);
                    let _ = socket.set_zero_linger();
                    return;
                }
                edge.visitors.made_room(place.came_for(visitor, is_proxy), visitor);
            }
        }
        let socket = Paced::new(socket, Arc::clone(place.pace()));
        match tls {
            None => http(&edge, socket, arrival, &place).await,
            Some(_) if place.handshake_turn().await.is_err() => edge.visitors.ended_early("rate", place.address()),
            Some(tls) => match tokio::time::timeout(HEAD_TIMEOUT, tls.accept(socket)).await {
                Ok(Ok(socket)) => http(&edge, socket, arrival, &place).await,
                Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
                Err(_) => tracing::debug!("TLS handshake took too long"),
            },
        }
    };
    tokio::select! {
        () = served => {}
        () = place.gives_way() => {}
    }
    if place.pace().was_slow() {
        edge.visitors.ended_early("slow", place.address());
    }
}

/// It is unknown where the next request begins then, so the connection ends.
fn bad_preamble(error: &std::io::Error) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::warn!(%error, "a trusted proxy began a connection with a PROXY header that cannot be read (said once)");
    });
}

async fn http<S>(edge: &Arc<Edge>, socket: S, arrival: Arrival, place: &Arc<Place>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (edge, place) = (Arc::clone(edge), Arc::clone(place));
        async move { Ok::<_, std::convert::Infallible>(router::route(edge, arrival, place, request).await) }
    });
    // The header timeout covers a slow request head and an idle keep-alive; the body has its own,
    // and so has the answer.
    let connection = builder()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        () = edge.process.stopping() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use hyper::StatusCode;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn the_longest_token_comes_in_with_all_that_goes_with_it_and_a_longer_head_does_not() {
        let head = |rest: usize| {
            let fixed = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \r\nCookie: \r\n\r\n";
            let (token, cookie) = ("t".repeat(TOKEN_BYTES_MAX), "c".repeat(rest - TOKEN_BYTES_MAX - fixed.len()));
            fixed.replace("Bearer ", &format!("Bearer {token}")).replace("Cookie: ", &format!("Cookie: {cookie}"))
        };
        for (bytes, status) in [(REQUEST_HEAD_BYTES_MAX - 1, "200"), (REQUEST_HEAD_BYTES_MAX + 1_024, "431")] {
            let (mut peer, socket) = tokio::io::duplex(256 * 1024);
            peer.write_all(head(bytes).as_bytes()).await.unwrap();
            let _ = one_request(socket, |_| reply::bytes(StatusCode::OK, "text/plain", Bytes::new())).await;
            let mut answer = [0; 12];
            peer.read_exact(&mut answer).await.unwrap();
            assert_eq!(answer, *format!("HTTP/1.1 {status}").as_bytes(), "{bytes} bytes");
        }
    }

    #[tokio::test]
    async fn what_a_peer_does_not_take_is_given_up_by_the_system_too() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (socket, _) = accept(&listener).await.unwrap();
        assert_eq!(SockRef::from(&socket).tcp_user_timeout().unwrap(), Some(UNTAKEN_MAX));
        // The outbox of a realtime connection has its own bounds, and tells the peer why it ends.
        let realtime = Paced::new(socket, Arc::default()).into_inner();
        assert_eq!(SockRef::from(&realtime).tcp_user_timeout().unwrap(), None);
    }
}
