//! A player as the tests play one: REST calls, and what is said over the realtime connection.
//! Every wait is for a message, with a deadline that only a broken server reaches.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{
    Ack, ChatChannel, ClientMessage, Direction, Encoding, EntityId, ErrorCode, Hello, Intent, IntentAck, Position,
    Resume, Seq, ServerMessage, SessionId, StateDelta, Tick, WireError,
};
use tokio::net::TcpStream;

use crate::connection::parts;
pub use crate::connection::{Closed, Connection, DEADLINE};

/// From a refusal for a store that is away to the next attempt.
const ATTEMPTS_EVERY: Duration = Duration::from_secs(1);

/// From one look whether something is so to the next.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// The first message of somebody who comes in for the first time.
pub fn hello(session_id: SessionId, ticket: &str) -> Hello {
    Hello {
        session_id,
        ticket: ticket.to_owned(),
        client_version: tilemud_schema::version().to_owned(),
        last_tick: None,
        oldest_unanswered_seq: None,
        next_seq: None,
    }
}

/// Asks until it is so.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    // Paced, because thousands of connections a second are more than one address may hold at once,
    // and leave nothing of the machine to what is waited for.
    let mut asks = tokio::time::interval(ASK_EVERY);
    let asking = async {
        while !is_so().await {
            asks.tick().await;
        }
    };
    tokio::time::timeout(DEADLINE, asking).await.expect("it becomes so in time");
}

/// One REST call; the status and the body as JSON (null when empty).
pub async fn call(
    url: &str,
    method: Method,
    path: &str,
    bearer: Option<&str>,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let (status, _, body) = exchange(url, method, path, bearer, body).await;
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// One REST call; the status, the headers and the body as it came.
pub async fn exchange(
    url: &str,
    method: Method,
    path: &str,
    bearer: Option<&str>,
    body: Option<Value>,
) -> (StatusCode, HeaderMap, Bytes) {
    try_exchange(url, method, path, bearer, body).await.expect("an answer")
}

/// The same with a server that may be gone.
pub async fn try_exchange(
    url: &str,
    method: Method,
    path: &str,
    bearer: Option<&str>,
    body: Option<Value>,
) -> anyhow::Result<(StatusCode, HeaderMap, Bytes)> {
    let (authority, folder) = parts(url);
    let stream = TcpStream::connect(authority).await.context("no connection")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(format!("{folder}{path}")).header(HOST, authority);
    if let Some(bearer) = bearer {
        request = request.header(AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let request = request.body(Full::new(body)).expect("a valid request");
    let answer = tokio::time::timeout(DEADLINE, sender.send_request(request)).await??;
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await?.to_bytes();
    driver.abort();
    Ok((parts.status, parts.headers, bytes))
}

/// An access token of the development issuer.
pub async fn token(url: &str, user: &str) -> String {
    let (status, body) = call(url, Method::POST, "/dev/token", None, Some(json!({ "user": user }))).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["access_token"].as_str().expect("a token").to_owned()
}

/// Bootstraps; with a reconnect token it may come back to its session.
pub async fn bootstrap(url: &str, user: &str, reconnect_token: Option<&str>) -> BootstrapResponse {
    let bearer = token(url, user).await;
    bootstrap_as(url, &bearer, user, reconnect_token).await
}

/// Bootstraps with an access token that is at hand; again, as a client does, while the world is
/// paused: on a busy machine a store may look as if it were away.
pub async fn bootstrap_as(url: &str, bearer: &str, user: &str, reconnect_token: Option<&str>) -> BootstrapResponse {
    let began = tokio::time::Instant::now();
    let mut asks = tokio::time::interval(ASK_EVERY);
    loop {
        asks.tick().await;
        let outcome = Box::pin(try_bootstrap_as(url, bearer, user, reconnect_token)).await;
        let is_paused = outcome.as_ref().is_err_and(|refusal| refusal["code"] == "UNAVAILABLE");
        if !is_paused || began.elapsed() > DEADLINE {
            return outcome.expect("a bootstrap answer");
        }
    }
}

/// The same, or the refusal. A connection that ends before its answer is one too, which may be
/// tried again: a server that is crowded sheds those that came last.
pub async fn try_bootstrap_as(
    url: &str,
    bearer: &str,
    user: &str,
    reconnect_token: Option<&str>,
) -> Result<BootstrapResponse, Value> {
    let body = json!({
        "client_version": tilemud_schema::version(),
        "display_name": user,
        "reconnect_token": reconnect_token,
    });
    let answer = try_exchange(url, Method::POST, "/api/session/bootstrap", Some(bearer), Some(body)).await;
    let (status, _, body) = answer.map_err(|error| json!({ "retryable": true, "message": format!("{error:#}") }))?;
    if status == StatusCode::OK {
        Ok(serde_json::from_slice(&body).expect("a bootstrap answer"))
    } else {
        Err(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}

/// A player in the world.
pub struct Player {
    pub connection: Connection,
    pub bootstrap: BootstrapResponse,
    pub entity_id: EntityId,
    pub resume: Resume,
    pub last_seq: Seq,
    /// Rotated at the handshake.
    pub reconnect_token: String,
    /// Where it knows itself to be.
    pub position: Position,
    pub tick: Tick,
    pub seq: Seq,
}

impl Player {
    /// Signs in and joins with a fresh session.
    pub async fn join(url: &str, user: &str, encoding: Encoding) -> Self {
        let bootstrap = bootstrap(url, user, None).await;
        Self::enter(url, bootstrap, encoding, None, None).await
    }

    /// Comes back with a reconnect token.
    pub async fn resume(url: &str, user: &str, token: &str, encoding: Encoding, last_tick: Option<Tick>) -> Self {
        let bootstrap = bootstrap(url, user, Some(token)).await;
        Self::enter(url, bootstrap, encoding, last_tick, None).await
    }

    /// Which session it is.
    pub fn session_id(&self) -> SessionId {
        self.bootstrap.session.session_id
    }

    /// Opens the realtime channel of a bootstrap and takes the first full state.
    pub async fn enter(
        url: &str,
        bootstrap: BootstrapResponse,
        encoding: Encoding,
        last_tick: Option<Tick>,
        oldest_unanswered_seq: Option<Seq>,
    ) -> Self {
        Self::try_enter(url, bootstrap, encoding, last_tick, oldest_unanswered_seq, None)
            .await
            .expect("a handshake answer")
    }

    /// The same, leaving what comes with the first state to be read.
    pub async fn enter_unread(
        url: &str,
        bootstrap: BootstrapResponse,
        encoding: Encoding,
        last_tick: Option<Tick>,
    ) -> Self {
        Self::shake_hands(url, bootstrap, encoding, last_tick, None, None).await.expect("a handshake answer")
    }

    /// The same, or what came instead of the handshake answer.
    pub async fn try_enter(
        url: &str,
        bootstrap: BootstrapResponse,
        encoding: Encoding,
        last_tick: Option<Tick>,
        oldest_unanswered_seq: Option<Seq>,
        next_seq: Option<Seq>,
    ) -> Result<Self, String> {
        let mut player =
            Self::shake_hands(url, bootstrap, encoding, last_tick, oldest_unanswered_seq, next_seq).await?;
        if player.resume != Resume::Delta {
            let delta = player.delta().await;
            assert!(delta.full, "the first delta must be full: {delta:?}");
            assert!(delta.enter.iter().any(|entity| entity.id == player.entity_id), "one sees oneself");
        }
        Ok(player)
    }

    async fn shake_hands(
        url: &str,
        bootstrap: BootstrapResponse,
        encoding: Encoding,
        last_tick: Option<Tick>,
        oldest_unanswered_seq: Option<Seq>,
        next_seq: Option<Seq>,
    ) -> Result<Self, String> {
        let mut connection = Connection::attempt(url, encoding).await.map_err(|error| error.to_string())?;
        connection
            .send(&ClientMessage::Hello(Hello {
                last_tick,
                oldest_unanswered_seq,
                next_seq,
                ..hello(bootstrap.session.session_id, &bootstrap.realtime.ticket)
            }))
            .await;
        // A change of a dependency is told to every connection, also to one whose handshake is not
        // answered yet.
        let answer = loop {
            match connection.next().await {
                Ok(ServerMessage::Degraded(_)) => {}
                answer => break answer,
            }
        };
        let Ok(ServerMessage::Ack(Ack::Handshake { entity_id, resume, last_seq, reconnect, tick, .. })) = answer else {
            return Err(format!("expected the handshake answer, got {answer:?}"));
        };
        let position = bootstrap.state.character.state.position.expect("always given");
        let reconnect_token = reconnect.token;
        let seq = last_seq + 1;
        Ok(Self { connection, bootstrap, entity_id, resume, last_seq, reconnect_token, position, tick, seq })
    }

    /// Sends a step; its sequence number.
    pub async fn step(&mut self, direction: Direction) -> Seq {
        self.want(Intent::Move { direction }).await
    }

    /// Sends an intent; its sequence number.
    pub async fn want(&mut self, intent: Intent) -> Seq {
        let seq = self.seq;
        self.seq += 1;
        self.connection.send(&ClientMessage::Intent { seq, intent }).await;
        seq
    }

    /// Says something to those near; its sequence number.
    pub async fn say(&mut self, text: &str) -> Seq {
        self.speak(ChatChannel::Say, text, None).await
    }

    /// Says something; its sequence number.
    pub async fn speak(&mut self, channel: ChatChannel, text: &str, to: Option<&str>) -> Seq {
        self.want(Intent::Chat { channel, text: text.into(), to: to.map(Into::into) }).await
    }

    /// Sends a heartbeat and waits for its answer.
    pub async fn heartbeat(&mut self, nonce: u64) {
        self.connection.send(&ClientMessage::Heartbeat { nonce }).await;
        while !matches!(self.next().await, ServerMessage::Heartbeat { nonce: answered, .. } if answered == nonce) {}
    }

    /// The next message, keeping the own position up to date.
    pub async fn next(&mut self) -> ServerMessage {
        let message = self.connection.next().await.expect("the connection lives");
        self.note(&message);
        message
    }

    pub fn note(&mut self, message: &ServerMessage) {
        if let ServerMessage::StateDelta(delta) = message {
            self.tick = delta.tick;
            if let Some(position) = delta.own.as_ref().and_then(|own| own.position) {
                self.position = position;
            }
        }
    }

    /// The next state delta; everything before it is passed over.
    pub async fn delta(&mut self) -> StateDelta {
        loop {
            if let ServerMessage::StateDelta(delta) = self.next().await {
                return delta;
            }
        }
    }

    /// The next state delta of which the test holds.
    pub async fn delta_where(&mut self, test: impl Fn(&StateDelta) -> bool) -> StateDelta {
        loop {
            let delta = self.delta().await;
            if test(&delta) {
                return delta;
            }
        }
    }

    /// The answer to an intent.
    pub async fn answer(&mut self, seq: Seq) -> Result<IntentAck, WireError> {
        loop {
            match self.next().await {
                ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                    if let Some(ack) = acks.into_iter().find(|ack| ack.seq == seq) {
                        return Ok(ack);
                    }
                }
                ServerMessage::Error { seq: Some(refused), error } if refused == seq => return Err(error),
                _ => {}
            }
        }
    }

    /// Sends an intent and waits for its answer. On a machine that stands still a store counts as
    /// away for a moment: what is refused for that is sent again under a new number.
    pub async fn attempt(&mut self, intent: &Intent) -> Result<IntentAck, WireError> {
        let began = Instant::now();
        // Paced as a client paces its attempts; nothing is synchronised by this.
        let mut attempts = tokio::time::interval(ATTEMPTS_EVERY);
        loop {
            attempts.tick().await;
            let seq = self.want(intent.clone()).await;
            match self.answer(seq).await {
                Err(refusal) if refusal.code == ErrorCode::Unavailable && began.elapsed() < DEADLINE => {}
                answer => return answer,
            }
            attempts.reset();
        }
    }

    /// Says something to those near until it is acknowledged.
    pub async fn say_for_sure(&mut self, text: &str) -> IntentAck {
        let words = Intent::Chat { channel: ChatChannel::Say, text: text.into(), to: None };
        self.attempt(&words).await.expect("it may be said")
    }

    /// Walks one step that must be possible, and waits for its acknowledgement and the new
    /// position.
    pub async fn walk(&mut self, direction: Direction) {
        self.try_walk(direction).await.expect("a free way");
    }

    /// Walks one step in the first direction in which the way is free: where one appears on a map
    /// with walls differs from character to character. Which direction that was.
    pub async fn walk_somewhere(&mut self) -> Direction {
        for direction in Direction::ALL {
            match self.try_walk(direction).await {
                Ok(()) => return direction,
                Err(refusal) => assert_eq!(refusal.code, ErrorCode::MoveBlocked, "{refusal:?}"),
            }
        }
        panic!("walled in at {:?}", self.position);
    }

    async fn try_walk(&mut self, direction: Direction) -> Result<(), WireError> {
        let (dx, dy) = direction.step();
        let expected = Position { x: self.position.x + dx, y: self.position.y + dy };
        self.attempt(&Intent::Move { direction }).await?;
        while self.position != expected {
            self.next().await;
        }
        Ok(())
    }
}
