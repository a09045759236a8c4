//! What the port answers while the server is starting: it is live, not ready, and names what it
//! waits for. Understands proxies and pages of other origins as the server will. Knows no world;
//! the listener is handed on when there is one.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use super::held::Held;
use super::listener::{Listener, accept, one_of};
use super::reply::{self, Reply};
use super::{router, status};
use crate::limits::REQUEST_HEAD_TIMEOUT_S;
use crate::settings::Settings;

/// Connections at once. Full: the oldest is closed, so that nobody who only holds them keeps away
/// who asks how the server is.
const CONNECTIONS_MAX: usize = 128;

/// When to ask again.
const RETRY_MS: u64 = 2_000;

/// Time a connection has in all.
const TIMEOUT: Duration = Duration::from_secs(REQUEST_HEAD_TIMEOUT_S);

/// From a connection that could not be accepted to the next attempt.
const PAUSE: Duration = Duration::from_millis(50);

/// A port that answers, and nobody behind it yet.
pub struct Waiting {
    words: Arc<ArcSwap<&'static str>>,
    stop: CancellationToken,
    task: JoinHandle<Listener>,
}

impl Waiting {
    /// Begins to answer. To be called inside a runtime.
    #[must_use]
    pub fn begin(listener: Listener, settings: Settings) -> Self {
        let words = Arc::new(ArcSwap::from_pointee("starting"));
        let stop = CancellationToken::new();
        let task = tokio::spawn(answer_all(listener, Arc::new(settings), Arc::clone(&words), stop.clone()));
        Self { words, stop, task }
    }

    /// What the start waits for, for GET /readyz.
    pub fn say(&self, words: &'static str) {
        self.words.store(Arc::new(words));
    }

    /// Stops, and gives the port back.
    ///
    /// # Errors
    /// When the task has panicked.
    pub async fn end(self) -> Result<Listener, JoinError> {
        self.stop.cancel();
        self.task.await
    }
}

async fn answer_all(
    listener: Listener,
    settings: Arc<Settings>,
    words: Arc<ArcSwap<&'static str>>,
    stop: CancellationToken,
) -> Listener {
    let mut held = Held::at_most(CONNECTIONS_MAX);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener.tcp) => accepted,
            () = stop.cancelled() => return listener,
        };
        let Ok((socket, address)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (tls, settings, words) = (listener.tls.clone(), Arc::clone(&settings), Arc::clone(&words));
        let answered = tokio::spawn(async move {
            let answered = one_of(&settings, tls.as_ref(), socket, address.ip(), |_, method, path| {
                answer(method, path, **words.load())
            });
            let _ = tokio::time::timeout(TIMEOUT, answered).await;
        });
        held.add(answered.abort_handle());
    }
}

fn answer(method: &Method, path: &str, words: &str) -> Reply {
    match path {
        "/livez" if matches!(*method, Method::GET | Method::HEAD) => status::alive(),
        "/readyz" => {
            let body = Bytes::from(format!("not ready: {words}\n"));
            reply::bytes(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", body)
        }
        _ => reply::error(router::later(RETRY_MS)),
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::RETRY_AFTER;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::http::origin::tests::settings;

    /// What a port that waits answers to these bytes.
    async fn heard(settings: Settings, sent: &str) -> String {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let waiting = Waiting::begin(Listener { tcp, tls: None }, settings);
        let mut asking = TcpStream::connect(address).await.unwrap();
        asking.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        asking.read_to_string(&mut answer).await.unwrap();
        waiting.end().await.unwrap();
        answer
    }

    #[tokio::test]
    async fn proxies_are_understood_while_the_server_waits() {
        let mut settings = settings(&[]);
        settings.proxies.trusted = vec!["127.0.0.1".parse().unwrap()];
        settings.proxies.public_url = Some("https://play.example/game/".parse().unwrap());
        for sent in [
            "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /game/livez HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /other/livez HTTP/1.1\r\nHost: a\r\nX-Forwarded-Prefix: /other\r\n\r\n",
        ] {
            let answer = heard(settings.clone(), sent).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{sent:?}: {answer}");
        }
    }

    #[tokio::test]
    async fn a_request_names_one_host_while_the_server_waits_too() {
        for hosts in ["", "Host: a\r\nHost: b\r\n", "Host: a/b\r\n"] {
            let answer = heard(settings(&[]), &format!("GET /livez HTTP/1.1\r\n{hosts}\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("MALFORMED"), "{hosts:?}: {answer}");
        }
    }

    #[tokio::test]
    async fn pages_of_allowed_origins_may_read_that_the_server_waits_and_ask_before() {
        let origin = "https://other.example";
        for (origin, allowed) in [(origin, true), ("https://evil.example", false)] {
            let asks = |method: &str, more: &str| {
                let path = "/api/session/bootstrap";
                let sent = format!("{method} {path} HTTP/1.1\r\nHost: a\r\nOrigin: {origin}\r\n{more}\r\n");
                async move { heard(settings(&["https://other.example"]), &sent).await }
            };
            let opened = format!("access-control-allow-origin: {origin}\r\n");
            let answer = asks("POST", "").await;
            assert!(answer.starts_with("HTTP/1.1 503") && answer.contains(&opened) == allowed, "{answer}");
            let answer = asks("OPTIONS", "Access-Control-Request-Method: POST\r\n").await;
            let status = if allowed { "HTTP/1.1 204" } else { "HTTP/1.1 503" };
            assert!(answer.starts_with(status) && answer.contains(&opened) == allowed, "{answer}");
        }
    }

    #[tokio::test]
    async fn connections_that_are_only_held_keep_nobody_away_who_asks() {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let waiting = Waiting::begin(Listener { tcp, tls: None }, settings(&[]));
        let mut held = Vec::new();
        for _ in 0..CONNECTIONS_MAX * 2 {
            held.push(TcpStream::connect(address).await.unwrap());
        }
        let mut asking = TcpStream::connect(address).await.unwrap();
        asking.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        asking.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        waiting.end().await.unwrap();
    }

    #[test]
    fn a_server_that_waits_lives_and_is_not_ready() {
        assert_eq!(answer(&Method::GET, "/livez", "x").status(), StatusCode::OK);
        assert_eq!(answer(&Method::GET, "/readyz", "x").status(), StatusCode::SERVICE_UNAVAILABLE);
        for path in ["/", "/ws", "/api/health", "/metrics", "/api/session/bootstrap"] {
            let reply = answer(&Method::POST, path, "x");
            assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(reply.headers()[RETRY_AFTER], "2", "{path}");
        }
    }
}
