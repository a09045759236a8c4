//! A pretend server inside the client: for looking at the client without a server, and the fixture
//! of the game's own tests. Speaks the real wire types through the [`Connector`] trait.
//!
//! It contains the real world, without a store and for one player. Of the rest of a server it has
//! only what is visible: sign-in, and the failures of each scenario.

use std::collections::VecDeque;
use std::rc::Rc;

use tilemud_schema::{
    Ack, AckStatus, ActionId, ClientMessage, CloseCode, Dependency, DependencyChange, Effect, Encoding, EntityId,
    EntityUpdate, ErrorCode, IntentAck, ReconnectGrant, Resume, Seq, ServerMessage, StateDelta, Timestamp, WireError,
    codec,
};
use tilemud_sim::api::{Answer, Attached, Input, Outcome, PendingIntent};
use uuid::Uuid;

use crate::connector::{Connector, ConnectorEvent, WayBack};
use crate::http::{CallId, HttpRequest, Unreachable};
use crate::sign_in::{Entropy, Pending};

mod answers;
mod handmade;
mod scenario;
mod shared;
mod world;

pub use scenario::{SESSION, Scenario};
pub use shared::Shared;
use world::World;

/// The one beside the well; objects are numbered in the order of the map.
pub const APPLE: EntityId = EntityId(14);
/// The strangers come into the world after the 28 objects of the map, and the player after them.
pub const MIRA: EntityId = EntityId(29);
pub const OWN: EntityId = EntityId(31);
/// Time from a message to its answer, seconds.
pub const LATENCY_S: f64 = 0.03;
/// Time a pretend player takes at the provider, seconds.
const AT_PROVIDER_S: f64 = 3.0;
/// Seconds per tick.
const TICK_S: f64 = 0.05;

/// The pretend server and the way to it.
pub struct Demo {
    now_s: Rc<dyn Fn() -> f64>,
    scenario: Scenario,
    world: World,
    due: VecDeque<(f64, ConnectorEvent)>,
    socket: Option<CallId>,
    /// Number of the connection.
    connection: u64,
    /// Whether the handshake is done.
    live: bool,
    last_seq: Seq,
    /// What the next intent is refused with.
    refusal: Option<ErrorCode>,
    /// Sent once, some time after the handshake.
    trouble_at_s: f64,
    next_tick_s: f64,
}

impl Demo {
    /// A server on the clock `now_s` (seconds).
    pub fn new(now_s: Rc<dyn Fn() -> f64>, scenario: Scenario) -> Self {
        Self {
            next_tick_s: now_s(),
            now_s,
            scenario,
            world: World::new(scenario),
            due: VecDeque::new(),
            socket: None,
            connection: 0,
            live: false,
            last_seq: 0,
            refusal: None,
            trouble_at_s: f64::MAX,
        }
    }

    /// Breaks the connection silently, as a cut cable would.
    pub fn cut(&mut self) {
        if let Some(id) = self.socket.take() {
            self.live = false;
            self.later(ConnectorEvent::Closed { id, code: None });
        }
    }

    /// Sends an unreadable frame and a delta of an entity that never entered, as a faulty server
    /// would.
    pub fn garble(&mut self) {
        if let Some(id) = self.socket {
            self.later(ConnectorEvent::Frame { id, bytes: vec![0xff; 5], waited_s: 0.0 });
        }
        let update = vec![EntityUpdate { x: Some(1), ..EntityUpdate::none(EntityId(99)) }];
        self.tick(StateDelta { update, ..StateDelta::default() });
    }

    /// Adds made-up events to the next tick, which comes at once.
    pub fn happen(&mut self, effects: Vec<Effect>) {
        self.tick(StateDelta { effects, ..StateDelta::default() });
    }

    /// Refuses the next intent.
    pub fn refuse_next(&mut self, code: ErrorCode) {
        self.refusal = Some(code);
    }

    fn later(&mut self, event: ConnectorEvent) {
        self.after(LATENCY_S, event);
    }

    fn after(&mut self, seconds: f64, event: ConnectorEvent) {
        let at_s = (self.now_s)() + seconds;
        let place = self.due.partition_point(|(due_s, _)| *due_s <= at_s);
        self.due.insert(place, (at_s, event));
    }

    fn say(&mut self, message: &ServerMessage) {
        if let Some(id) = self.socket {
            let mut bytes = Vec::new();
            codec::encode_server(Encoding::Postcard, message, &mut bytes);
            self.later(ConnectorEvent::Frame { id, bytes, waited_s: 0.0 });
        }
    }

    fn hear(&mut self, message: ClientMessage) {
        let connection = self.connection;
        match message {
            ClientMessage::Hello(hello) => self.world.want(|session| Input::Attach {
                session,
                connection,
                last_tick: hello.last_tick,
                oldest_unanswered_seq: hello.oldest_unanswered_seq,
                next_seq: hello.next_seq,
            }),
            ClientMessage::Heartbeat { nonce } => {
                self.say(&ServerMessage::Heartbeat { nonce, tick: self.world.tick() });
            }
            ClientMessage::Resync {} => self.world.want(|session| Input::Resync { session }),
            ClientMessage::Logout {} => self.end(CloseCode::LoggedOut),
            ClientMessage::Intent { seq, intent } => {
                let outcome = self.refusal.take().map(|code| Outcome::Refused(code.into()));
                self.world.want(|session| Input::Intent(PendingIntent { session, connection, seq, intent, outcome }));
            }
        }
    }

    fn end(&mut self, code: CloseCode) {
        self.world.leave();
        self.last_seq = 0;
        self.say(&ServerMessage::Disconnect(code.into()));
    }

    fn greet(&mut self, attached: &Attached) {
        self.live = true;
        self.trouble_at_s = (self.now_s)() + 1.5;
        self.last_seq = attached.last_seq;
        self.say(&ServerMessage::Ack(Ack::Handshake {
            session_id: SESSION,
            entity_id: attached.entity_id,
            version: tilemud_schema::version().to_owned(),
            tick: self.world.tick(),
            tick_hz: 20,
            last_seq: attached.last_seq,
            resume: match attached.last_tick {
                None => Resume::Fresh,
                Some(_) if attached.is_delta => Resume::Delta,
                Some(_) => Resume::Snapshot,
            },
            reconnect: ReconnectGrant {
                token: "again".to_owned(),
                expires_at: Timestamp::from_micros(0),
                issued_at: None,
            },
        }));
    }

    fn answer_intent(&mut self, answer: Answer) {
        let seq = answer.seq;
        let refusal = match answer.outcome {
            Outcome::Applied { .. } => return self.ack(seq, AckStatus::Applied),
            Outcome::Duplicate => return self.ack(seq, AckStatus::Duplicate),
            Outcome::Refused(refusal) => refusal,
            Outcome::OutOfOrder { .. } => ErrorCode::SeqOutOfOrder.into(),
        };
        let error = WireError::new(refusal.code, Uuid::nil(), refusal.details);
        self.say(&ServerMessage::Error { seq: Some(seq), error });
    }

    fn ack(&mut self, seq: Seq, status: AckStatus) {
        self.last_seq = self.last_seq.max(seq);
        let (action_id, persisted_at) = (ActionId(Uuid::nil()), Timestamp::from_micros(0));
        let acks = vec![IntentAck { seq, status, action_id, persisted_at, latency_ms: None }];
        self.say(&ServerMessage::Ack(Ack::Intents { tick: self.world.tick(), acks }));
    }

    /// Runs one tick of the world and sends its messages, with a made-up delta added.
    fn tick(&mut self, made_up: StateDelta) {
        let advanced = self.world.advance();
        if let Some(attached) = &advanced.attached {
            self.greet(attached);
        }
        if !self.live {
            return;
        }
        for answer in advanced.answers {
            self.answer_intent(answer);
        }
        let tick = self.world.tick();
        let due = advanced.delta.is_some() || made_up != StateDelta::default() || tick.is_multiple_of(20);
        let mut delta = advanced.delta.unwrap_or_else(|| StateDelta { tick, ..StateDelta::default() });
        delta.update.extend(made_up.update);
        delta.effects.extend(made_up.effects);
        if due {
            self.say(&ServerMessage::StateDelta(delta));
        }
    }

    fn live_on(&mut self) {
        let now_s = (self.now_s)();
        while now_s >= self.next_tick_s {
            self.next_tick_s += TICK_S;
            self.tick(StateDelta::default());
        }
        if self.live && now_s >= self.trouble_at_s {
            self.trouble_at_s = f64::MAX;
            self.trouble();
        }
    }

    fn trouble(&mut self) {
        let event = |dependency, status| {
            ServerMessage::Degraded(tilemud_schema::DegradedEvent {
                dependency,
                status,
                observed_at: Timestamp::from_micros(0),
                message: None,
                at: None,
            })
        };
        match self.scenario {
            Scenario::Degraded => self.say(&event(Dependency::Cache, DependencyChange::Unavailable)),
            Scenario::Paused => self.say(&event(Dependency::Database, DependencyChange::Unavailable)),
            Scenario::NeighbourAway => self.world.lose_stranger(),
            Scenario::Replaced => self.end(CloseCode::Replaced),
            Scenario::Idle => self.end(CloseCode::Inactivity),
            Scenario::Lost => {
                self.scenario = Scenario::Silent;
                self.cut();
            }
            _ => {}
        }
    }
}

impl Connector for Demo {
    fn request(&mut self, id: CallId, request: HttpRequest) {
        let outcome = match self.scenario {
            Scenario::Silent if !request.path.contains("map") && !request.path.contains("png") => {
                Err(Unreachable("nobody there".to_owned()))
            }
            _ => Ok(self.answer(&request)),
        };
        self.later(ConnectorEvent::Http { id, outcome });
    }

    fn open_socket(&mut self, id: CallId, _url: &str) {
        self.socket = Some(id);
        self.connection += 1;
        self.live = false;
        self.later(ConnectorEvent::Opened { id });
    }

    fn send(&mut self, frame: Vec<u8>) {
        if self.socket.is_some()
            && let Ok(message) = codec::decode_client(Encoding::Postcard, &frame)
        {
            self.hear(message);
        }
    }

    fn close_socket(&mut self) {
        self.socket = None;
        self.live = false;
    }

    fn make_way_back(&mut self, id: CallId) {
        let (redirect_uri, entropy) = ("http://127.0.0.1:49152/".to_owned(), Entropy::from_bytes([7; 48]));
        self.later(ConnectorEvent::WayBack { id, outcome: Ok(WayBack { redirect_uri, entropy }) });
    }

    fn visit(&mut self, id: CallId, pending: &Pending) {
        let answer = match self.scenario {
            Scenario::NoBrowser => return self.later(ConnectorEvent::NoBrowser { id }),
            Scenario::Denied => "error=access_denied&error_description=This+account+may+not+play",
            _ => "code=demo",
        };
        let query = format!("state={}&{answer}", pending.state());
        self.after(AT_PROVIDER_S, ConnectorEvent::Returned { id, query });
    }

    fn stop_waiting(&mut self) {
        self.due.retain(|(_, event)| !matches!(event, ConnectorEvent::Returned { .. }));
    }

    fn poll(&mut self) -> Option<ConnectorEvent> {
        self.live_on();
        let (at_s, _) = self.due.front()?;
        if *at_s > (self.now_s)() {
            return None;
        }
        self.due.pop_front().map(|(_, event)| event)
    }
}
