//! The session against scripted answers: every player-visible state is reached and left.

use tilemud_schema::rest::{
    BootstrapRequest, BootstrapResponse, BootstrapState, Character, DevTokenResponse, RealtimeGrant, SessionInfo,
    SessionStatus, WorldSummary,
};
use tilemud_schema::{
    Ack, AckStatus, ActionId, CharacterId, ClientMessage, CloseCode, DegradedEvent, Dependency, DependencyChange,
    Details, Direction, EntityId, ErrorCode, Intent, IntentAck, Position, ReconnectGrant, Resume, Seq, ServerMessage,
    SessionId, StateDelta, Timestamp, UserId, WireError, codec,
};
use uuid::Uuid;

use super::*;
use crate::connector::{CallId, HttpAnswer, HttpRequest, Unreachable};

const NEVER: Timestamp = Timestamp::from_micros(0);

/// A session with the clock and the last commands of a test.
struct Bench {
    session: Session,
    now_s: f64,
    commands: Vec<Command>,
    socket: CallId,
}

impl Bench {
    /// Chance always picks the longest wait.
    fn new() -> Self {
        Self { session: Session::new(|| 1.0), now_s: 0.0, commands: Vec::new(), socket: 0 }
    }

    /// Signed in and live in session 1, nothing sent yet.
    fn live() -> Self {
        let mut bench = Self::new();
        bench.session.sign_in("Mira", 0.0);
        bench.token();
        bench.bootstrap(1, 0);
        bench.handshake(0, Resume::Fresh);
        bench.commands.clear();
        bench
    }

    fn collect(&mut self) {
        self.commands = self.session.take_commands();
    }

    fn state(&self) -> SessionState {
        self.session.state()
    }

    fn wait(&mut self, seconds: f64) {
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
    fn call(&mut self) -> (CallId, HttpRequest) {
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

    fn answer(&mut self, status: u16, body: Vec<u8>) {
        let (id, _) = self.call();
        self.session.on_http(id, Ok(HttpAnswer { status, etag: None, body }), self.now_s);
        self.collect();
    }

    fn unreachable(&mut self) {
        let (id, _) = self.call();
        self.session.on_http(id, Err(Unreachable("refused".to_owned())), self.now_s);
        self.collect();
    }

    fn refuse(&mut self, code: ErrorCode, details: Option<Details>) {
        let error = WireError::new(code, Uuid::nil(), details);
        self.answer(code.http_status().expect("a REST error"), codec::to_json(&error));
    }

    fn token(&mut self) {
        assert_eq!(self.call().1.path, "/dev/token");
        self.answer(200, codec::to_json(&DevTokenResponse { access_token: "jwt".to_owned(), expires_in: 3_600 }));
    }

    fn asked(&mut self) -> BootstrapRequest {
        let (_, request) = self.call();
        assert_eq!(request.path, "/api/session/bootstrap");
        serde_json::from_slice(&request.body.expect("a body")).expect("a bootstrap request")
    }

    fn bootstrap(&mut self, session: u128, last_seq: Seq) {
        self.asked();
        self.answer(200, codec::to_json(&bootstrap_response(session, last_seq)));
        let opened = self.commands.iter().find_map(|command| match command {
            Command::OpenSocket { id, url } if url == "ws://here/ws" => Some(*id),
            _ => None,
        });
        self.socket = opened.expect("a socket to open");
    }

    /// Opens the socket, checks the hello, answers it.
    fn handshake(&mut self, last_seq: Seq, resume: Resume) -> tilemud_schema::Hello {
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
            reconnect: ReconnectGrant { token: "reconnect-2".to_owned(), expires_at: NEVER },
        }));
        hello
    }

    fn message(&mut self, message: &ServerMessage) -> Vec<Unanswered> {
        assert!(self.session.listens_to(self.socket), "nobody listens to the socket");
        let answered = self.session.on_message(message, self.now_s);
        self.collect();
        answered
    }

    fn walk(&mut self) -> bool {
        let sent = self.session.act(Intent::Move { direction: Direction::East }, self.now_s);
        self.collect();
        sent
    }

    fn sent_seqs(&self) -> Vec<Seq> {
        self.commands
            .iter()
            .filter_map(|command| match command {
                Command::Send(message) => message.clone().into_intent().ok().map(|(seq, _)| seq),
                _ => None,
            })
            .collect()
    }

    fn cut(&mut self) {
        self.session.on_closed(self.socket, None, self.now_s);
        self.collect();
    }
}

fn bootstrap_response(session: u128, last_seq: Seq) -> BootstrapResponse {
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
                display_name: "Mira".into(),
                position: Position { x: 1, y: 1 },
                health: 20,
                stats: Default::default(),
                inventory: Vec::new(),
            },
            world: WorldSummary { name: "w".to_owned(), width: 9, height: 9, chunk_size: 16, etag: "e".to_owned() },
        },
        reconnect: ReconnectGrant { token: "reconnect-1".to_owned(), expires_at: NEVER },
        realtime: RealtimeGrant { url: "ws://here/ws".to_owned(), ticket: "ticket".to_owned(), expires_at: NEVER },
    }
}

fn acks(seqs: &[Seq]) -> ServerMessage {
    let ack = |seq: &Seq| IntentAck {
        seq: *seq,
        status: AckStatus::Applied,
        action_id: ActionId(Uuid::nil()),
        persisted_at: NEVER,
    };
    ServerMessage::Ack(Ack::Intents { tick: 51, acks: seqs.iter().map(ack).collect() })
}

fn dependency(dependency: Dependency, status: DependencyChange) -> ServerMessage {
    ServerMessage::Degraded(DegradedEvent { dependency, status, observed_at: NEVER })
}

#[test]
fn sign_in_leads_through_token_bootstrap_and_handshake_to_active() {
    let mut bench = Bench::new();
    assert_eq!(bench.state(), SessionState::SignIn { problem: None });
    bench.session.sign_in("Mira", 0.0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::SigningIn });
    bench.token();
    let asked = bench.asked();
    assert_eq!(asked.client_version, tilemud_schema::version());
    assert_eq!(asked.display_name.as_deref(), Some("Mira"));
    assert_eq!(asked.reconnect_token, None);
    assert_eq!(bench.call().1.bearer.expect("a token").0, "jwt");
    bench.bootstrap(1, 0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::Opening });
    let hello = bench.handshake(0, Resume::Fresh);
    assert_eq!((hello.ticket.as_str(), hello.last_tick, hello.oldest_unanswered_seq), ("ticket", None, None));
    assert_eq!(bench.state(), SessionState::Active);
    assert_eq!(bench.session.entity_id(), Some(EntityId(7)));
}

#[test]
fn a_cut_resumes_the_same_session_and_sends_again_what_was_not_answered() {
    let mut bench = Bench::live();
    for _ in 0..3 {
        assert!(bench.walk());
    }
    bench.message(&acks(&[1]));
    bench.message(&ServerMessage::StateDelta(StateDelta { tick: 51, ..StateDelta::default() }));
    bench.cut();
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: Some(1.0) });
    assert!(!bench.walk(), "nothing is sent while the connection is gone");

    bench.wait(1.0);
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: None });
    assert_eq!(bench.asked().reconnect_token.as_deref(), Some("reconnect-2"));
    bench.bootstrap(1, 2);
    let hello = bench.handshake(2, Resume::Delta);
    assert_eq!((hello.last_tick, hello.oldest_unanswered_seq), (Some(51), Some(2)));
    assert_eq!(bench.sent_seqs(), [2, 3]);
    assert_eq!(bench.state(), SessionState::Active);
    assert_eq!(bench.session.reconnects(), 1);
    bench.message(&acks(&[2, 3]));
    assert!(bench.walk());
    assert_eq!(bench.sent_seqs(), [4]);
}

#[test]
fn a_fresh_session_after_a_cut_forgets_what_was_in_flight() {
    let mut bench = Bench::live();
    bench.walk();
    bench.cut();
    bench.wait(1.0);
    bench.bootstrap(2, 0);
    assert!(bench.commands.contains(&Command::Forget));
    let hello = bench.handshake(0, Resume::Fresh);
    assert_eq!((hello.last_tick, hello.oldest_unanswered_seq), (None, None));
    assert_eq!(bench.sent_seqs(), Vec::<Seq>::new());
    bench.walk();
    assert_eq!(bench.sent_seqs(), [1]);
}

#[test]
fn five_failed_attempts_with_doubling_waits_reach_the_retry_limit() {
    let mut bench = Bench::live();
    bench.cut();
    for (attempt, wait_s) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 16.0)] {
        let retry_at_s = Some(bench.now_s + wait_s);
        assert_eq!(bench.state(), SessionState::Reconnecting { attempt, retry_at_s });
        bench.wait(wait_s - 0.05);
        assert_eq!(bench.commands.iter().filter(|it| matches!(it, Command::Http { .. })).count(), 0);
        bench.wait(0.1);
        bench.unreachable();
    }
    assert_eq!(bench.state(), SessionState::RetryLimitReached);
    bench.wait(100.0);
    assert_eq!(bench.commands, [], "nothing happens by itself any more");

    bench.session.retry(bench.now_s);
    assert!(matches!(bench.state(), SessionState::Connecting { .. }));
    bench.token_or_bootstrap();
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Snapshot);
    assert_eq!(bench.state(), SessionState::Active);
}

impl Bench {
    /// After a long while the token may have to be fetched again.
    fn token_or_bootstrap(&mut self) {
        if self.call().1.path == "/dev/token" {
            self.token();
        }
    }
}

#[test]
fn a_connection_that_keeps_breaking_at_once_uses_up_its_attempts() {
    let mut bench = Bench::live();
    bench.wait(7.0);
    for (attempt, wait_s) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 16.0)] {
        bench.cut();
        assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: n, .. } if n == attempt));
        bench.wait(wait_s);
        bench.bootstrap(1, 0);
        bench.handshake(0, Resume::Delta);
    }
    bench.cut();
    assert_eq!(bench.state(), SessionState::RetryLimitReached);
}

#[test]
fn silence_asks_for_the_full_state_and_then_counts_as_a_cut() {
    let mut bench = Bench::live();
    bench.wait(2.9);
    assert!(!bench.commands.contains(&Command::Send(ClientMessage::Resync {})));
    bench.wait(0.5);
    assert!(bench.commands.contains(&Command::Send(ClientMessage::Resync {})));
    bench.wait(5.0);
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 1, .. }));
}

#[test]
fn having_slept_is_not_taken_for_silence() {
    let mut bench = Bench::live();
    bench.wait(1.0);
    bench.now_s += 600.0;
    bench.session.tick(bench.now_s);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn heartbeats_go_out_and_their_round_trip_is_measured() {
    let mut bench = Bench::live();
    bench.wait(0.1);
    let Some(Command::Send(ClientMessage::Heartbeat { nonce })) = bench.commands.first() else {
        panic!("no heartbeat")
    };
    let answer = ServerMessage::Heartbeat { nonce: *nonce, tick: 60 };
    let rtt_s = bench.session.heartbeat_rtt_s(&answer, bench.now_s + 0.025).expect("the round trip");
    assert!((rtt_s - 0.025).abs() < 1e-9);
    assert_eq!(bench.session.heartbeat_rtt_s(&ServerMessage::Heartbeat { nonce: 99, tick: 60 }, 1.0), None);
}

#[test]
fn a_lost_cache_degrades_and_a_lost_store_pauses_until_they_recover() {
    let mut bench = Bench::live();
    bench.message(&dependency(Dependency::Cache, DependencyChange::Unavailable));
    assert_eq!(bench.state(), SessionState::Degraded);
    assert!(bench.walk());
    bench.message(&dependency(Dependency::Database, DependencyChange::Unavailable));
    assert_eq!(bench.state(), SessionState::Unavailable { retry_at_s: None });
    assert!(!bench.walk(), "actions pause while the store is offline");
    bench.message(&dependency(Dependency::Database, DependencyChange::Recovered));
    assert_eq!(bench.state(), SessionState::Degraded);
    bench.message(&dependency(Dependency::Cache, DependencyChange::Recovered));
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_full_server_is_asked_again_when_it_said() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    bench.refuse(ErrorCode::CapacityFull, Some(Details::Retry { retry_after_ms: 7_000 }));
    assert_eq!(bench.state(), SessionState::Capacity { retry_at_s: Some(8.0) });
    bench.wait(8.0);
    assert_eq!(bench.state(), SessionState::Capacity { retry_at_s: None });
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn an_offline_store_at_sign_in_is_waited_for_without_end() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    for _ in 0..20 {
        bench.refuse(ErrorCode::Unavailable, None);
        assert!(matches!(bench.state(), SessionState::Unavailable { retry_at_s: Some(_) }));
        bench.wait(5.1);
    }
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn another_build_must_update_at_bootstrap_and_in_the_middle_of_play() {
    let expected = SessionState::UpdateRequired { expected: "2.0.0+0".to_owned() };
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    let received = "1.0.0+0".to_owned();
    bench.refuse(
        ErrorCode::UpdateRequired,
        Some(Details::Version { expected: "2.0.0+0".to_owned(), received: received.clone() }),
    );
    assert_eq!(bench.state(), expected);

    let mut bench = Bench::live();
    bench.message(&ServerMessage::VersionMismatch { expected: "2.0.0+0".to_owned(), received });
    assert_eq!(bench.state(), expected);
    bench.session.on_closed(bench.socket, Some(4002), 1.0);
    assert_eq!(bench.state(), expected, "the close that follows changes nothing");
    bench.wait(60.0);
    assert_eq!(bench.commands, []);
}

#[test]
fn a_refused_token_is_fetched_anew_once_and_then_fails() {
    let mut bench = Bench::live();
    bench.cut();
    bench.wait(1.0);
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    bench.token();
    bench.refuse(ErrorCode::AuthTokenExpired, None);
    assert!(matches!(bench.state(), SessionState::AuthFailed { .. }));
}

#[test]
fn an_expired_reconnect_token_is_dropped_for_a_fresh_session() {
    let mut bench = Bench::live();
    bench.cut();
    bench.wait(1.0);
    bench.refuse(ErrorCode::ReconnectTokenInvalid, None);
    assert_eq!(bench.asked().reconnect_token, None);
    bench.bootstrap(2, 0);
    bench.handshake(0, Resume::Fresh);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn a_taken_name_goes_back_to_the_form_with_the_reason() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    bench.refuse(ErrorCode::NameTaken, None);
    assert_eq!(bench.state(), SessionState::SignIn { problem: Some("This name is taken.".to_owned()) });
}

#[test]
fn every_close_code_leads_to_its_state() {
    use SessionState as S;
    let ended = |reason| S::SessionEnded { reason };
    let again = || S::Reconnecting { attempt: 1, retry_at_s: Some(1.0) };
    let auth = S::AuthFailed { message: "The server ended the session.".to_owned() };
    for (code, state) in [
        (CloseCode::Authentication, auth),
        (CloseCode::Version, S::UpdateRequired { expected: String::new() }),
        (CloseCode::Capacity, S::Capacity { retry_at_s: Some(5.0) }),
        (CloseCode::Inactivity, ended(EndReason::Inactivity)),
        (CloseCode::Replaced, ended(EndReason::Replaced)),
        (CloseCode::LoggedOut, ended(EndReason::LoggedOut)),
        (CloseCode::ShuttingDown, again()),
        (CloseCode::Protocol, again()),
        (CloseCode::TooSlow, again()),
        (CloseCode::HandshakeTimeout, again()),
    ] {
        let mut by_close = Bench::live();
        by_close.session.on_closed(by_close.socket, Some(code.into()), 0.0);
        assert_eq!(by_close.state(), state, "close frame {code:?}");
        let mut by_message = Bench::live();
        by_message.message(&ServerMessage::Disconnect(code.into()));
        assert_eq!(by_message.state(), state, "event.disconnect {code:?}");
    }
}

#[test]
fn after_the_session_ended_playing_again_starts_clean() {
    let mut bench = Bench::live();
    bench.walk();
    bench.message(&ServerMessage::Disconnect(CloseCode::Inactivity.into()));
    bench.session.retry(bench.now_s);
    assert_eq!(bench.asked().reconnect_token, None);
    bench.bootstrap(2, 0);
    let hello = bench.handshake(0, Resume::Fresh);
    assert_eq!(hello.oldest_unanswered_seq, None);
    bench.walk();
    assert_eq!(bench.sent_seqs(), [1]);
}

#[test]
fn a_gap_in_the_sequence_is_repaired_by_sending_again() {
    let mut bench = Bench::live();
    for _ in 0..3 {
        bench.walk();
    }
    let out_of_order = ServerMessage::Error {
        seq: Some(3),
        error: WireError::new(
            ErrorCode::SeqOutOfOrder,
            Uuid::nil(),
            Some(Details::Sequence { expected: 2, received: 3 }),
        ),
    };
    bench.message(&acks(&[1]));
    assert!(bench.message(&out_of_order).is_empty(), "it answers no intent");
    assert_eq!(bench.sent_seqs(), [2, 3]);
    bench.message(&out_of_order);
    assert_eq!(bench.sent_seqs(), Vec::<Seq>::new(), "one repair at a time");
}

#[test]
fn a_refused_intent_is_answered_and_not_sent_again() {
    let mut bench = Bench::live();
    bench.walk();
    let error = WireError::new(ErrorCode::MoveBlocked, Uuid::nil(), None);
    let answered = bench.message(&ServerMessage::Error { seq: Some(1), error });
    assert_eq!(answered.len(), 1);
    assert!(bench.session.outbox().is_empty());
}

#[test]
fn answers_to_earlier_attempts_are_ignored() {
    let mut bench = Bench::new();
    bench.session.sign_in("Mira", 0.0);
    let (stale, _) = bench.call();
    bench.session.leave();
    bench.session.sign_in("Tom", 0.0);
    let token = codec::to_json(&DevTokenResponse { access_token: "mira's".to_owned(), expires_in: 60 });
    bench.session.on_http(stale, Ok(HttpAnswer { status: 200, etag: None, body: token }), 0.0);
    assert_eq!(bench.state(), SessionState::Connecting { step: ConnectStep::SigningIn });
}

#[test]
fn logging_out_tells_the_server_and_ends_the_session() {
    let mut bench = Bench::live();
    bench.session.log_out();
    bench.collect();
    assert_eq!(bench.commands, [Command::Send(ClientMessage::Logout {}), Command::CloseSocket]);
    assert_eq!(bench.state(), SessionState::SessionEnded { reason: EndReason::LoggedOut });
}
