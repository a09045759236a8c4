//! A session with a scripted server and clock.

use tilemud_schema::rest::{
    BootstrapRequest, BootstrapResponse, BootstrapState, Character, DevTokenResponse, RealtimeGrant, SessionInfo,
    SessionStatus, WorldSummary,
};
use tilemud_schema::{
    Ack, AckStatus, ActionId, CharacterId, CharacterState, ClientMessage, DegradedEvent, Dependency, DependencyChange,
    Details, Direction, EntityId, ErrorCode, Intent, IntentAck, ReconnectGrant, Resume, Seq, ServerMessage, SessionId,
    Timestamp, UserId, WireError, codec,
};
use uuid::Uuid;

use super::super::*;
use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};

pub const NEVER: Timestamp = Timestamp::from_micros(0);

/// A session with the clock and the last commands of a test.
pub struct Bench {
    pub session: Session,
    pub now_s: f64,
    pub commands: Vec<Command>,
    pub socket: CallId,
}

impl Bench {
    /// Chance always picks the longest wait.
    pub fn new() -> Self {
        Self { session: Session::new(|| 1.0), now_s: 0.0, commands: Vec::new(), socket: 0 }
    }

    /// Signed in and live in session 1, nothing sent yet.
    pub fn live() -> Self {
        let mut bench = Self::new();
        bench.session.sign_in("Mira", 0.0);
        bench.token();
        bench.bootstrap(1, 0);
        bench.handshake(0, Resume::Fresh);
        bench.commands.clear();
        bench
    }

    pub fn collect(&mut self) {
        self.commands = self.session.take_commands();
    }

    pub fn state(&self) -> SessionState {
        self.session.state()
    }

    pub fn wait(&mut self, seconds: f64) {
        let until_s = self.now_s + seconds;
        let mut commands = Vec::new();
        while self.now_s < until_s {
            self.now_s = (self.now_s + 0.1).min(until_s);
            self.session.tick(self.now_s);
            commands.extend(self.session.take_commands());
        }
        self.commands = commands;
    }

    /// The newest HTTP call that was asked for.
    pub fn call(&mut self) -> (CallId, HttpRequest) {
        self.commands.extend(self.session.take_commands());
        let calls = self.commands.iter().rev();
        calls
            .filter_map(|command| match command {
                Command::Http { id, request } => Some((*id, request.clone())),
                _ => None,
            })
            .next()
            .expect("an HTTP call")
    }

    pub fn answer(&mut self, status: u16, body: Vec<u8>) {
        let (id, _) = self.call();
        self.session.on_http(id, Ok(HttpAnswer { status, etag: None, body }), self.now_s);
        self.collect();
    }

    pub fn unreachable(&mut self) {
        let (id, _) = self.call();
        self.session.on_http(id, Err(Unreachable("refused".to_owned())), self.now_s);
        self.collect();
    }

    pub fn refuse(&mut self, code: ErrorCode, details: Option<Details>) {
        let error = WireError::new(code, Uuid::nil(), details);
        self.answer(code.http_status().expect("a REST error"), codec::to_json(&error));
    }

    pub fn token(&mut self) {
        assert_eq!(self.call().1.path, "/dev/token");
        self.answer(200, codec::to_json(&DevTokenResponse { access_token: "jwt".to_owned(), expires_in: 3_600 }));
    }

    pub fn asked(&mut self) -> BootstrapRequest {
        let (_, request) = self.call();
        assert_eq!(request.path, "/api/session/bootstrap");
        serde_json::from_slice(&request.body.expect("a body").bytes).expect("a bootstrap request")
    }

    pub fn bootstrap(&mut self, session: u128, last_seq: Seq) {
        self.asked();
        self.answer(200, codec::to_json(&bootstrap_response(session, last_seq)));
        let opened = self.commands.iter().find_map(|command| match command {
            Command::OpenSocket { id, url } if url == "ws://here/ws" => Some(*id),
            _ => None,
        });
        self.socket = opened.expect("a socket to open");
    }

    /// Opens the socket, checks the hello, answers it.
    pub fn handshake(&mut self, last_seq: Seq, resume: Resume) -> tilemud_schema::Hello {
        self.session.on_opened(self.socket, self.now_s);
        self.collect();
        let [Command::Send(ClientMessage::Hello(hello))] = &self.commands[..] else { panic!("{:?}", self.commands) };
        let hello = hello.clone();
        self.message(&ServerMessage::Ack(Ack::Handshake {
            session_id: hello.session_id,
            entity_id: EntityId(7),
            version: tilemud_schema::version().to_owned(),
            tick: 50,
            tick_hz: 20,
            last_seq,
            resume,
            reconnect: ReconnectGrant { token: "reconnect-2".to_owned(), expires_at: NEVER, issued_at: None },
        }));
        hello
    }

    pub fn message(&mut self, message: &ServerMessage) -> Vec<Unanswered> {
        assert!(self.session.listens_to(self.socket), "nobody listens to the socket");
        let answered = self.session.on_message(message, self.now_s);
        self.collect();
        answered
    }

    pub fn walk(&mut self) -> bool {
        let sent = self.session.act(Intent::Move { direction: Direction::East }, self.now_s);
        self.collect();
        sent
    }

    pub fn sent_seqs(&self) -> Vec<Seq> {
        self.commands
            .iter()
            .filter_map(|command| match command {
                Command::Send(ClientMessage::Intent { seq, .. }) => Some(*seq),
                _ => None,
            })
            .collect()
    }

    pub fn cut(&mut self) {
        self.session.on_closed(self.socket, None, self.now_s);
        self.collect();
    }
}

pub fn bootstrap_response(session: u128, last_seq: Seq) -> BootstrapResponse {
    BootstrapResponse {
        version: tilemud_schema::version().to_owned(),
        issued_at: NEVER,
        session: SessionInfo {
            session_id: SessionId(Uuid::from_u128(session)),
            user_id: UserId("u".into()),
            status: SessionStatus::Connecting,
            protocol_version: tilemud_schema::version().to_owned(),
            last_sequence_number: last_seq,
        },
        state: BootstrapState {
            character: Character {
                character_id: CharacterId(Uuid::nil()),
                state: CharacterState { display_name: "Mira".into(), ..CharacterState::default() },
            },
            world: WorldSummary { name: "w".to_owned(), width: 9, height: 9, chunk_size: 16, etag: "e".to_owned() },
        },
        reconnect: ReconnectGrant { token: "reconnect-1".to_owned(), expires_at: NEVER, issued_at: None },
        realtime: RealtimeGrant { url: "ws://here/ws".to_owned(), ticket: "ticket".to_owned(), expires_at: NEVER },
    }
}

pub fn acks(seqs: &[Seq]) -> ServerMessage {
    let ack = |seq: &Seq| IntentAck {
        seq: *seq,
        status: AckStatus::Applied,
        action_id: ActionId(Uuid::nil()),
        persisted_at: NEVER,
        latency_ms: None,
    };
    ServerMessage::Ack(Ack::Intents { tick: 51, acks: seqs.iter().map(ack).collect() })
}

pub fn dependency(dependency: Dependency, status: DependencyChange) -> ServerMessage {
    ServerMessage::Degraded(DegradedEvent { dependency, status, observed_at: NEVER, message: None, at: None })
}

impl Bench {
    /// After a long while the token may have to be fetched again.
    pub fn token_or_bootstrap(&mut self) {
        if self.call().1.path == "/dev/token" {
            self.token();
        }
    }
}
