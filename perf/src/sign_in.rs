//! Brings the sessions in: development token, bootstrap, realtime handshake, a bounded number at a time. Waits when the server
//! says that this address is too fast.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tilemud_schema::rest::{
    BootstrapRequest, BootstrapResponse, DevTokenRequest, DevTokenResponse, Health, VersionInfo,
};
use tilemud_schema::{Details, Hello, WireError};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Options;
use crate::schedule::{Plan, Seat};
use crate::socket;
use crate::tally::Tally;

/// Signs everyone in; the seats are in the order of the plan.
///
/// # Errors
/// When the server is not there, runs another build, or refuses somebody for good.
pub async fn all(options: &Options, plan: &Arc<Plan>, tally: &Arc<Tally>) -> Result<Vec<Seat>> {
    let authority = authority(&options.server)?;
    let version: VersionInfo = Http::new(&authority).get("/api/version").await?;
    ensure!(
        version.version == tilemud_schema::version(),
        "the server is {}, this program {}: build both from one tree",
        version.version,
        tilemud_schema::version()
    );
    let next = Arc::new(AtomicUsize::new(0));
    let mut connectors = JoinSet::new();
    for _ in 0..options.connectors.min(options.sessions) {
        let (next, plan, tally) = (Arc::clone(&next), Arc::clone(plan), Arc::clone(tally));
        let (authority, sessions, seed) = (authority.clone(), options.sessions, options.seed);
        connectors.spawn(async move {
            let mut http = Http::new(&authority);
            let mut seats = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= sessions {
                    return anyhow::Ok(seats);
                }
                let started = Instant::now();
                let hello = admitted(&mut http, &format!("perf-{seed}-{index}")).await?;
                let seat = socket::join(&authority, hello, index, &plan, &tally).await;
                seats.push(seat.with_context(|| format!("session {index}"))?);
                tally.connected(started.elapsed());
                if index.is_multiple_of(500) && index > 0 {
                    eprintln!("{index} sessions");
                }
            }
        });
    }
    let mut seats = Vec::with_capacity(options.sessions);
    while let Some(joined) = connectors.join_next().await {
        seats.append(&mut joined??);
    }
    seats.sort_by_key(|seat| seat.index);
    Ok(seats)
}

/// How the server says it is doing.
///
/// # Errors
/// When it does not say.
pub async fn health(server: &str) -> Result<Health> {
    Http::new(&authority(server)?).get("/api/health").await
}

fn authority(server: &str) -> Result<String> {
    let authority = server.strip_prefix("http://").context("--server must begin with http://")?.trim_end_matches('/');
    ensure!(!authority.is_empty() && !authority.contains('/'), "--server takes an address without a path");
    Ok(authority.to_owned())
}

async fn admitted(http: &mut Http, user: &str) -> Result<Hello> {
    let token: DevTokenResponse = http.post("/dev/token", None, &DevTokenRequest { user: user.to_owned() }).await?;
    let request =
        BootstrapRequest { client_version: tilemud_schema::version().to_owned(), ..BootstrapRequest::default() };
    let admitted: BootstrapResponse = http.post("/api/session/bootstrap", Some(&token.access_token), &request).await?;
    Ok(Hello {
        session_id: admitted.session.session_id,
        ticket: admitted.realtime.ticket,
        client_version: admitted.version,
        last_tick: None,
        oldest_unanswered_seq: None,
        next_seq: None,
    })
}

/// One kept-alive connection.
struct Http {
    authority: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Http {
    fn new(authority: &str) -> Self {
        Self { authority: authority.to_owned(), sender: None }
    }

    async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T> {
        self.call(Method::GET, path, None, Bytes::new()).await
    }

    async fn post<T: DeserializeOwned>(&mut self, path: &str, token: Option<&str>, body: &impl Serialize) -> Result<T> {
        self.call(Method::POST, path, token, Bytes::from(tilemud_schema::codec::to_json(body))).await
    }

    async fn call<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Bytes,
    ) -> Result<T> {
        loop {
            let mut request = Request::builder().method(method.clone()).uri(path).header(HOST, &self.authority);
            if !body.is_empty() {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            if let Some(token) = token {
                request = request.header(AUTHORIZATION, format!("Bearer {token}"));
            }
            let answer = self.sender().await?.send_request(request.body(Full::new(body.clone()))?).await?;
            let status = answer.status();
            let bytes = answer.into_body().collect().await?.to_bytes();
            match status {
                StatusCode::TOO_MANY_REQUESTS => tokio::time::sleep(retry_after(&bytes)).await,
                status if status.is_success() || path == "/api/health" => return Ok(serde_json::from_slice(&bytes)?),
                status => bail!("{path} answered {status}: {}", String::from_utf8_lossy(&bytes)),
            }
        }
    }

    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>> {
        if self.sender.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(&self.authority)
                .await
                .with_context(|| format!("no server at {}", self.authority))?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            // Ends with the connection; a failure shows in the next request.
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        let sender = self.sender.as_mut().context("the connection was just made")?;
        sender.ready().await?;
        Ok(sender)
    }
}

fn retry_after(body: &[u8]) -> Duration {
    let details = serde_json::from_slice::<WireError>(body).ok().and_then(|error| error.details);
    match details {
        Some(Details::Limit { retry_after_ms, .. } | Details::Retry { retry_after_ms }) => {
            Duration::from_millis(retry_after_ms.clamp(10, 5_000))
        }
        _ => Duration::from_millis(500),
    }
}
