//! A pretend server inside the client: for looking at the client without a server, and the fixture
//! of the game's own tests. Speaks the real wire types through the [`Connector`] trait.
//!
//! Holds one player and a few strangers that wander and talk on a small generated map. No part of
//! the real rules: what it does not need for showing is not there.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use tilemud_schema::rest::WorldMap;
use tilemud_schema::{
    Ack, AckStatus, Action, ActionId, CharacterMarks, CharacterState, ChatChannel, ClientMessage, CloseCode,
    Dependency, DependencyChange, Direction, Effect, Emote, Encoding, Entity, EntityId, EntityKind, EntityUpdate,
    ErrorCode, Intent, IntentAck, ItemKind, ItemStack, Position, ReconnectGrant, Resume, SelfState, ServerMessage,
    StateDelta, Stats, Tick, Timestamp, WireError, codec,
};
use uuid::Uuid;

use crate::connector::{Connector, ConnectorEvent, WayBack};
use crate::http::{CallId, HttpRequest, Unreachable};
use crate::sign_in::{Entropy, Pending};

mod answers;
mod land;
mod scenario;
mod shared;

pub use land::tileset_png;
pub use scenario::{SESSION, Scenario};
pub use shared::Shared;

pub const OWN: EntityId = EntityId(1);
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
    map: WorldMap,
    due: VecDeque<(f64, ConnectorEvent)>,
    socket: Option<CallId>,
    /// Whether the handshake is done.
    live: bool,
    name: Arc<str>,
    people: Vec<Entity>,
    carried: BTreeMap<ItemKind, u32>,
    /// What else the player has; where it stands and what it carries are above.
    own: CharacterState,
    tick: Tick,
    last_seq: u64,
    /// What the next intent is refused with.
    refusal: Option<ErrorCode>,
    /// Sent once, some time after the handshake.
    trouble_at_s: f64,
    next_tick_s: f64,
}

impl Demo {
    /// A server on the clock `now_s` (seconds).
    pub fn new(now_s: Rc<dyn Fn() -> f64>, scenario: Scenario) -> Self {
        let map = land::map();
        let person = |id: u64, name: &str, x: i32, y: i32, kind: EntityKind, look: &str| Entity {
            id: EntityId(id),
            kind,
            name: name.into(),
            x,
            y,
            look: look.into(),
            health: Some(20),
            open: None,
            away: None,
        };
        let home = map.spawn;
        let people = vec![
            person(OWN.0, "", home.x, home.y, EntityKind::Player, "villager_1"),
            person(2, "Mira", home.x + 4, home.y - 2, EntityKind::Player, "villager_2"),
            person(3, "Old Tom", home.x - 5, home.y + 1, EntityKind::Npc, "elder"),
            person(4, "Bran", home.x + 2, home.y + 4, EntityKind::Player, "villager_4"),
            person(5, "apple", home.x - 2, home.y - 1, EntityKind::Item, "apple"),
        ];
        Self {
            now_s,
            scenario,
            map,
            due: VecDeque::new(),
            socket: None,
            live: false,
            name: "".into(),
            people,
            carried: BTreeMap::new(),
            own: CharacterState {
                health: 20,
                camp: Some(Position { x: home.x + 9, y: home.y - 3 }),
                stats: Stats {
                    steps: 12_480,
                    messages: 37,
                    named: Arc::new(BTreeMap::from([("strength".into(), 7)])),
                    ..Stats::default()
                },
                ..CharacterState::default()
            },
            tick: 100,
            last_seq: 0,
            refusal: None,
            trouble_at_s: f64::MAX,
            next_tick_s: 0.0,
        }
    }

    /// Breaks the connection without a word, as a cut cable would.
    pub fn cut(&mut self) {
        if let Some(id) = self.socket.take() {
            self.live = false;
            self.later(ConnectorEvent::Closed { id, code: None });
        }
    }

    /// Sends a frame that nobody can read and a delta of somebody who never came, as a server with a fault would.
    pub fn garble(&mut self) {
        if let Some(id) = self.socket {
            self.later(ConnectorEvent::Frame { id, bytes: vec![0xff; 5], waited_s: 0.0 });
        }
        self.tick += 1;
        self.delta(vec![EntityUpdate { x: Some(1), ..EntityUpdate::none(EntityId(99)) }], Vec::new(), None);
    }

    pub fn happen(&mut self, effects: Vec<Effect>) {
        self.tick += 1;
        self.delta(Vec::new(), effects, None);
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

    fn walkable(&self, x: i32, y: i32) -> bool {
        land::walkable(&self.map, x, y)
    }

    fn hear(&mut self, message: ClientMessage) {
        match message {
            ClientMessage::Hello(hello) => self.greet(hello.last_tick.is_some()),
            ClientMessage::Heartbeat { nonce } => self.say(&ServerMessage::Heartbeat { nonce, tick: self.tick }),
            ClientMessage::Resync {} => self.show_all(),
            ClientMessage::Logout {} => self.say(&ServerMessage::Disconnect(CloseCode::LoggedOut.into())),
            ClientMessage::Intent { seq, intent } => self.obey(seq, &intent),
        }
    }

    fn greet(&mut self, resumed: bool) {
        self.live = true;
        self.trouble_at_s = (self.now_s)() + 1.5;
        self.people[0].name = self.name.clone();
        self.say(&ServerMessage::Ack(Ack::Handshake {
            session_id: SESSION,
            entity_id: OWN,
            version: tilemud_schema::version().to_owned(),
            tick: self.tick,
            tick_hz: 20,
            last_seq: self.last_seq,
            resume: if resumed { Resume::Snapshot } else { Resume::Fresh },
            reconnect: ReconnectGrant {
                token: "again".to_owned(),
                expires_at: Timestamp::from_micros(0),
                issued_at: None,
            },
        }));
        self.show_all();
    }

    fn own(&self) -> CharacterState {
        let position = Some(Position { x: self.people[0].x, y: self.people[0].y });
        let stacks = self.carried.iter().map(|(item, quantity)| ItemStack { item: item.clone(), quantity: *quantity });
        CharacterState { position, inventory: Arc::new(stacks.collect()), ..self.own.clone() }
    }

    fn show_all(&mut self) {
        let delta = StateDelta {
            tick: self.tick,
            full: true,
            own: Some(self.own().since(&CharacterMarks::all(1), 0)),
            enter: self.people.clone(),
            ..StateDelta::default()
        };
        self.say(&ServerMessage::StateDelta(delta));
    }

    fn obey(&mut self, seq: u64, intent: &Intent) {
        if seq != self.last_seq + 1 {
            return self.ack(seq, AckStatus::Duplicate);
        }
        self.last_seq = seq;
        self.tick += 1;
        if let Some(code) = self.refusal.take() {
            return self.refuse(seq, code);
        }
        match intent {
            Intent::Move { direction } => match self.step(0, *direction) {
                Some(update) => {
                    self.ack(seq, AckStatus::Applied);
                    self.own.stats.steps += 1;
                    let CharacterState { position, stats, .. } = self.own();
                    let own = SelfState { position, stats: Some(stats), ..SelfState::default() };
                    self.delta(vec![update], Vec::new(), Some(own));
                }
                None => self.refuse(seq, ErrorCode::MoveBlocked),
            },
            Intent::Chat { channel, text, .. } => {
                self.ack(seq, AckStatus::Applied);
                let effect =
                    Effect::Chat { channel: *channel, from: self.name.clone(), id: Some(OWN), text: text.clone() };
                self.own.stats.messages += 1;
                let own = SelfState { stats: Some(self.own.stats.clone()), ..SelfState::default() };
                self.delta(Vec::new(), vec![effect], Some(own));
            }
            Intent::Emote { emote } => {
                self.ack(seq, AckStatus::Applied);
                let camp = if *emote == Emote::Sit { self.own().position } else { None };
                self.own.camp = camp.or(self.own.camp);
                let own = SelfState { camp, ..SelfState::default() };
                self.delta(Vec::new(), vec![Effect::Emote { id: OWN, emote: *emote }], Some(own));
            }
            Intent::Action { steps } => match &steps[..] {
                [Action::Take { item }] => self.take(seq, *item),
                [Action::Use { item, .. } | Action::Drop { item, .. }] => self.use_up(seq, item),
                _ => self.refuse(seq, ErrorCode::ActionNotAllowed),
            },
        }
    }

    fn take(&mut self, seq: u64, item: EntityId) {
        let Some(index) = self.people.iter().position(|it| it.id == item && it.kind == EntityKind::Item) else {
            return self.refuse(seq, ErrorCode::ItemNotFound);
        };
        let item = self.people.remove(index);
        *self.carried.entry(item.look).or_default() += 1;
        self.ack(seq, AckStatus::Applied);
        self.say_carried(vec![item.id]);
    }

    fn use_up(&mut self, seq: u64, item: &ItemKind) {
        match self.carried.get_mut(item) {
            Some(quantity) if *quantity > 0 => *quantity -= 1,
            _ => return self.refuse(seq, ErrorCode::ItemNotFound),
        }
        self.carried.retain(|_, quantity| *quantity > 0);
        self.ack(seq, AckStatus::Applied);
        self.say_carried(Vec::new());
    }

    fn say_carried(&mut self, leave: Vec<EntityId>) {
        let own = SelfState { inventory: Some(self.own().inventory), ..SelfState::default() };
        let delta = StateDelta { tick: self.tick, own: Some(own), leave, ..StateDelta::default() };
        self.say(&ServerMessage::StateDelta(delta));
    }

    fn ack(&mut self, seq: u64, status: AckStatus) {
        let (action_id, persisted_at) = (ActionId(Uuid::nil()), Timestamp::from_micros(0));
        let acks = vec![IntentAck { seq, status, action_id, persisted_at, latency_ms: None }];
        self.say(&ServerMessage::Ack(Ack::Intents { tick: self.tick, acks }));
    }

    fn refuse(&mut self, seq: u64, code: ErrorCode) {
        self.say(&ServerMessage::Error { seq: Some(seq), error: WireError::new(code, Uuid::nil(), None) });
    }

    fn step(&mut self, person: usize, direction: Direction) -> Option<EntityUpdate> {
        let (dx, dy) = direction.step();
        let (x, y) = (self.people[person].x + dx, self.people[person].y + dy);
        if !self.walkable(x, y) {
            return None;
        }
        (self.people[person].x, self.people[person].y) = (x, y);
        Some(EntityUpdate { x: Some(x), y: Some(y), ..EntityUpdate::none(self.people[person].id) })
    }

    fn delta(&mut self, update: Vec<EntityUpdate>, effects: Vec<Effect>, own: Option<SelfState>) {
        self.say(&ServerMessage::StateDelta(StateDelta {
            tick: self.tick,
            own,
            update,
            effects,
            ..Default::default()
        }));
    }

    /// Strangers wander and talk, without chance, so that pictures and tests repeat.
    fn live_on(&mut self) {
        let now_s = (self.now_s)();
        if !self.live || now_s < self.next_tick_s {
            return;
        }
        self.next_tick_s = now_s + TICK_S;
        self.tick += 1;
        let beat = self.tick;
        let mut updates = Vec::new();
        for person in 1..4_usize {
            let turn = beat + person as u64 * 7;
            if turn % 60 < 24 && turn.is_multiple_of(4) {
                updates.extend(self.step(person, Direction::ALL[(turn / 60 + person as u64) as usize % 4]));
            }
        }
        let mut effects = Vec::new();
        let lines = ["Lovely evening, isn't it?", "Has anyone seen my lantern? I left it by the well.", "Hello there!"];
        if beat % 50 == 20 {
            let person = &self.people[1 + (beat / 50) as usize % 3];
            let text = lines[(beat / 50) as usize % 3].into();
            let from = person.name.clone();
            effects.push(Effect::Chat { channel: ChatChannel::Say, from, id: Some(person.id), text });
        }
        if beat % 50 == 45 {
            let emote = Emote::ALL[(beat / 50) as usize % Emote::ALL.len()];
            effects.push(Effect::Emote { id: self.people[1].id, emote });
        }
        if !updates.is_empty() || !effects.is_empty() || beat.is_multiple_of(20) {
            self.delta(updates, effects, None);
        }
        if now_s >= self.trouble_at_s {
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
            Scenario::NeighbourAway => {
                let away = EntityUpdate { away: Some(true), ..EntityUpdate::none(self.people[1].id) };
                self.delta(vec![away], Vec::new(), None);
            }
            Scenario::Replaced => self.say(&ServerMessage::Disconnect(CloseCode::Replaced.into())),
            Scenario::Idle => self.say(&ServerMessage::Disconnect(CloseCode::Inactivity.into())),
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
            Scenario::Silent if !request.path.contains("world") && !request.path.contains("png") => {
                Err(Unreachable("nobody there".to_owned()))
            }
            _ => Ok(self.answer(&request)),
        };
        self.later(ConnectorEvent::Http { id, outcome });
    }

    fn open_socket(&mut self, id: CallId, _url: &str) {
        self.socket = Some(id);
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
