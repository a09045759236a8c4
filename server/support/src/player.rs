//! A player as the tests play one: REST calls, and a realtime connection in either encoding.
//! Every wait is for a message, with a deadline that only a broken server reaches.

use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, WebSocket, WebSocketError};
use http_body_util::{BodyExt as _, Full};
use hyper::header::{AUTHORIZATION, CONNECTION, HOST, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tilemud_schema::codec::{decode_server, encode_client};
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{
    Ack, ChatChannel, ClientMessage, Direction, Encoding, EntityId, ErrorCode, Hello, Intent, IntentAck, Position,
    Resume, Seq, ServerMessage, SessionId, StateDelta, Tick, WireError,
};
use tokio::net::TcpStream;

/// How long any single thing may take before the test fails: what hangs is to end, however busy the machine is.
pub const DEADLINE: Duration = Duration::from_secs(60);

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
    let asking = async {
        while !is_so().await {
            tokio::task::yield_now().await;
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
    let authority = url.strip_prefix("http://").expect("tests use plain HTTP");
    let stream = TcpStream::connect(authority).await.context("no connection")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path).header(HOST, authority);
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

/// Bootstraps with an access token that is at hand.
pub async fn bootstrap_as(url: &str, bearer: &str, user: &str, reconnect_token: Option<&str>) -> BootstrapResponse {
    try_bootstrap_as(url, bearer, user, reconnect_token).await.expect("a bootstrap answer")
}

/// The same, or the refusal. A connection that ends before its answer is one too, which may be tried again: a server that
/// is crowded sheds those that came last.
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

/// A realtime connection without a session: for what happens before and around the handshake.
pub struct Connection {
    socket: WebSocket<TokioIo<Upgraded>>,
    encoding: Encoding,
    /// The newest tick whose frame was acknowledged with the answer to a ping.
    pub confirmed: Tick,
    /// Pings that are not answered yet, when answers are held back.
    unanswered: Option<Vec<Vec<u8>>>,
}

/// How a connection ended: the close code, 0 when the socket just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed(pub u16);

struct Spawner;

impl<F: Future<Output: Send> + Send + 'static> hyper::rt::Executor<F> for Spawner {
    fn execute(&self, future: F) {
        tokio::spawn(future);
    }
}

impl Connection {
    pub async fn open(url: &str, encoding: Encoding) -> Self {
        let mut socket = Self::try_open(url, encoding.subprotocol()).await.expect("an upgrade");
        // Done here, so that it is known what was answered.
        socket.set_auto_pong(false);
        Self { socket, encoding, confirmed: 0, unanswered: None }
    }

    /// The same over a way on which anything may go wrong.
    pub async fn attempt(url: &str, encoding: Encoding) -> Result<Self, WebSocketError> {
        let mut socket = Self::try_open(url, encoding.subprotocol()).await?;
        socket.set_auto_pong(false);
        Ok(Self { socket, encoding, confirmed: 0, unanswered: None })
    }

    /// Opens with any subprotocol text.
    pub async fn try_open(url: &str, subprotocol: &str) -> Result<WebSocket<TokioIo<Upgraded>>, WebSocketError> {
        let authority = url.strip_prefix("http://").expect("tests use plain HTTP");
        let stream = TcpStream::connect(authority).await?;
        let mut request = Request::get("/ws")
            .header(HOST, authority)
            .header(UPGRADE, "websocket")
            .header(CONNECTION, "Upgrade")
            .header("Sec-WebSocket-Key", fastwebsockets::handshake::generate_key())
            .header(SEC_WEBSOCKET_VERSION, "13");
        if !subprotocol.is_empty() {
            request = request.header(SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        let request = request.body(Full::<Bytes>::default()).expect("a valid request");
        let (mut socket, answer) = fastwebsockets::handshake::client(&Spawner, request, stream).await?;
        assert_eq!(
            answer.headers().get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok()),
            Some(subprotocol)
        );
        socket.set_auto_close(false);
        Ok(socket)
    }

    pub async fn send(&mut self, message: &ClientMessage) {
        let mut bytes = Vec::new();
        encode_client(self.encoding, message, &mut bytes);
        self.send_raw(&bytes).await;
    }

    pub async fn send_raw(&mut self, bytes: &[u8]) {
        let payload = Payload::Owned(bytes.to_vec());
        let frame = match self.encoding {
            Encoding::Postcard => Frame::binary(payload),
            Encoding::Json => Frame::text(payload),
        };
        // A server that has ended the connection is found out by reading.
        let _ = self.socket.write_frame(frame).await;
    }

    /// Sends a WebSocket ping, which is no message.
    pub async fn ping(&mut self) {
        let _ = self.socket.write_frame(Frame::new(true, OpCode::Ping, None, Payload::Owned(Vec::new()))).await;
    }

    /// From now on pings wait for their answers.
    pub fn hold_pongs(&mut self) {
        self.unanswered = Some(Vec::new());
    }

    /// Answers the pings that wait, and others again at once.
    pub async fn let_pongs_go(&mut self) {
        for payload in self.unanswered.take().unwrap_or_default() {
            self.pong(payload).await;
        }
    }

    async fn pong(&mut self, payload: Vec<u8>) {
        if let Ok(tick) = payload.as_slice().try_into() {
            self.confirmed = self.confirmed.max(Tick::from_be_bytes(tick));
        }
        // A server that has ended the connection is found out by reading.
        let _ = self.socket.write_frame(Frame::pong(Payload::Owned(payload))).await;
    }

    pub async fn next(&mut self) -> Result<ServerMessage, Closed> {
        let payload = self.next_payload().await?;
        Ok(decode_server(self.encoding, &payload).expect("a known message"))
    }

    /// The next message as it came over the wire.
    pub async fn next_payload(&mut self) -> Result<Vec<u8>, Closed> {
        loop {
            let frame = tokio::time::timeout(DEADLINE, self.socket.read_frame()).await.expect("a frame in time");
            match frame {
                Ok(frame) if frame.opcode == OpCode::Close => {
                    let code = frame.payload.get(..2).map_or(0, |code| u16::from_be_bytes([code[0], code[1]]));
                    return Err(Closed(code));
                }
                Ok(frame) if frame.opcode == OpCode::Pong => {}
                Ok(frame) if frame.opcode == OpCode::Ping => {
                    let payload = frame.payload.to_vec();
                    match &mut self.unanswered {
                        Some(unanswered) => unanswered.push(payload),
                        None => self.pong(payload).await,
                    }
                }
                Ok(frame) => return Ok(frame.payload.to_vec()),
                Err(_) => return Err(Closed(0)),
            }
        }
    }

    /// Reads until the end; all messages on the way, and how it ended.
    pub async fn drain(&mut self) -> (Vec<ServerMessage>, Closed) {
        let mut messages = Vec::new();
        loop {
            match self.next().await {
                Ok(message) => messages.push(message),
                Err(closed) => return (messages, closed),
            }
        }
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
        // A change of a dependency is told to every connection, also to one whose handshake is not answered yet.
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

    /// Walks one step that must be possible, and waits for its acknowledgement and the new position.
    pub async fn walk(&mut self, direction: Direction) {
        self.try_walk(direction).await.expect("a free way");
    }

    /// Walks one step in the first direction in which the way is free: where one appears on a map with walls differs from
    /// character to character. Which direction that was.
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
        let seq = self.step(direction).await;
        self.answer(seq).await?;
        while self.position != expected {
            self.next().await;
        }
        Ok(())
    }
}
