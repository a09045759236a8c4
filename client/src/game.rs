//! The game loop without graphics: moves events from the connector through the session to the state
//! of the world, and the player's intents back out.
//!
//! Owns all game state. Views read it and call its methods; it draws nothing and knows no platform.
//! Time comes from the caller, in seconds on one clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::sprites::Sprites;
use tilemud_schema::{
    Ack, AckStatus, Dependency, DependencyChange, Encoding, EntityId, EntityKind, ErrorCode, InView, Intent, Position,
    ServerMessage, StateDelta, codec,
};

use crate::assets::{Assets, TilePictures};
use crate::connector::{Connector, ConnectorEvent};
use crate::diagnostics::Diagnostics;
use crate::overhead::Overhead;
use crate::prediction::Prediction;
use crate::reducer::{Applied, Surroundings};
use crate::session::{Command, Session, SessionState, Unanswered};
use crate::sign_in::Offers;
use crate::sound::{Noise, Piece};
use crate::talk::{self, Talk};
use crate::world::Motion;
use crate::world::map::ChangedTiles;

mod effects;
mod entrance;
mod interaction;
mod steering;
mod steps;
#[cfg(test)]
mod tests;

pub use interaction::Interaction;
pub use steering::Steering;

/// Said instead of words that go nowhere.
const UNHEARD: &str = "Nobody can hear you right now.";

/// All state of a running client.
pub struct Game {
    connector: Box<dyn Connector>,
    session: Session,
    offers: Offers,
    entry: Option<Entry>,
    assets: Assets,
    surroundings: Surroundings,
    /// What messages that come mean by places.
    in_view: InView,
    prediction: Prediction,
    motions: BTreeMap<EntityId, Motion>,
    steering: Steering,
    talk: Talk,
    overhead: Overhead,
    /// Noises that were not played yet, with their time of arrival, seconds.
    noises: Vec<(f64, Noise)>,
    diagnostics: Diagnostics,
    shown: &'static str,
    now_s: f64,
}

/// A sign-in that starts as soon as the server has named its ways to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    /// The development issuer by name, if there is one; otherwise the provider.
    Any(String),
    /// Without asking the player: at the provider, or by name.
    Again(String),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// How far, tiles.
    pub tiles: i32,
    pub name: Arc<str>,
    /// Whether their connection is lost.
    pub away: bool,
}

impl Game {
    /// A client that is not signed in. `random` gives numbers in `0.0..1.0`.
    pub fn new(connector: Box<dyn Connector>, random: impl FnMut() -> f64 + 'static) -> Self {
        Self {
            connector,
            session: Session::new(random),
            offers: Offers::default(),
            entry: None,
            assets: Assets::default(),
            surroundings: Surroundings::default(),
            in_view: InView::default(),
            prediction: Prediction::default(),
            motions: BTreeMap::new(),
            steering: Steering::default(),
            talk: Talk::default(),
            overhead: Overhead::default(),
            noises: Vec::new(),
            diagnostics: Diagnostics::default(),
            shown: "",
            now_s: 0.0,
        }
    }

    /// Handles everything that arrived and everything that is due. Draws and animates nothing, so a
    /// hidden tab can call it from the network's own events.
    pub fn pump(&mut self, now_s: f64) {
        self.now_s = now_s;
        while let Some(event) = self.connector.poll() {
            match event {
                ConnectorEvent::Http { id, outcome } => {
                    let outcome = self.assets.on_http(id, outcome, now_s);
                    let outcome = outcome.or_else(|outcome| self.offers.on_http(id, outcome, now_s));
                    if let Err(outcome) = outcome {
                        self.session.on_http(id, outcome, now_s);
                    }
                }
                ConnectorEvent::WayBack { id, outcome } => self.session.on_way_back(id, outcome),
                ConnectorEvent::NoBrowser { id } => self.session.on_no_browser(id),
                ConnectorEvent::Returned { id, query } => self.session.on_returned(id, &query, now_s),
                ConnectorEvent::Opened { id } => self.session.on_opened(id, now_s),
                ConnectorEvent::Closed { id, code } => self.session.on_closed(id, code, now_s),
                ConnectorEvent::Frame { id, bytes, waited_s } => {
                    self.diagnostics.inbound.count(bytes.len(), now_s);
                    if self.session.listens_to(id) {
                        match codec::decode_server(Encoding::Postcard, &bytes, &mut self.in_view) {
                            Ok(message) => self.on_message(&message, now_s - waited_s),
                            Err(_) => {
                                self.diagnostics.unreadable += 1;
                                self.session.resync(now_s);
                            }
                        }
                    }
                }
            }
            self.obey();
        }
        self.session.tick(now_s);
        self.assets.look_from(self.predicted().map(|at| (at.x, at.y)));
        while let Some((id, request)) = self.assets.next_request(now_s) {
            self.connector.request(id, request);
        }
        self.offer_ways_in();
        self.obey();
        self.log_changes();
    }

    /// Pumps and moves every figure. Once per drawn frame, before drawing.
    pub fn advance(&mut self, now_s: f64, dt_s: f64) {
        self.pump(now_s);
        self.diagnostics.drawn.count(0, now_s);
        self.overhead.expire(now_s);

        let own = self.session.entity_id();
        let predicted = self.predicted();
        self.motions.retain(|id, _| self.surroundings.entities.contains_key(id));
        for entity in self.surroundings.entities.values() {
            let tile = match predicted {
                Some(at) if Some(entity.id) == own => (at.x, at.y),
                _ => (entity.x, entity.y),
            };
            let motion = self.motions.entry(entity.id).or_insert_with(|| Motion::standing(tile));
            motion.go(tile);
            motion.advance(dt_s);
        }
    }

    /// `arrived_s` is when the message came, which round trips are measured to.
    fn on_message(&mut self, message: &ServerMessage, arrived_s: f64) {
        let now_s = self.now_s;
        if let Some(seconds) = self.session.heartbeat_rtt_s(message, arrived_s) {
            self.diagnostics.heartbeat.add(seconds);
        }
        let answered = self.session.on_message(message, now_s);
        match message {
            ServerMessage::Ack(Ack::Intents { tick, acks }) => {
                for Unanswered { seq, intent, given_at_s } in answered {
                    self.diagnostics.action.add(arrived_s - given_at_s);
                    let fresh = acks.iter().any(|ack| ack.seq == seq && ack.status == AckStatus::Applied);
                    if let (Intent::Move { direction }, true) = (intent, fresh) {
                        let terrain = self.assets.terrain();
                        let warp = |next: Position| terrain.and_then(|terrain| terrain.warp(next.x, next.y));
                        self.prediction.applied(direction, *tick, warp);
                    }
                }
            }
            ServerMessage::StateDelta(delta) => self.on_delta(delta),
            ServerMessage::Error { error, .. } => {
                if error.code != ErrorCode::TargetAway {
                    self.steering.stop();
                }
                let moved = answered.iter().any(|entry| matches!(entry.intent, Intent::Move { .. }));
                // A wall speaks for itself; everything else the player should read.
                if !(moved && matches!(error.code, ErrorCode::MoveBlocked | ErrorCode::RateLimited))
                    && error.code != ErrorCode::SeqOutOfOrder
                {
                    self.talk.notice(&talk::reason(error), now_s);
                }
                for entry in &answered {
                    self.talk.put_back(&entry.intent, now_s);
                }
            }
            ServerMessage::Degraded(event) => {
                let text = match (event.dependency, event.status) {
                    (Dependency::Cache, DependencyChange::Recovered) => "The server is back at full strength.",
                    (Dependency::Cache, _) => "The server runs without its cache for now. You can play on.",
                    (Dependency::Database, DependencyChange::Recovered) => "The world turns again.",
                    (Dependency::Database, DependencyChange::Degraded) => "The server is slower than usual.",
                    (Dependency::World, DependencyChange::Recovered) => "The world turns again.",
                    (Dependency::World, _) => "The server is stuck. Nothing is lost.",
                    (Dependency::Database, DependencyChange::Unavailable) => "The world is paused. Nothing is lost.",
                };
                self.talk.notice(text, now_s);
            }
            ServerMessage::World(_) => self.talk.notice("The world has been changed by its builders.", now_s),
            ServerMessage::Ack(Ack::Handshake { .. })
            | ServerMessage::VersionMismatch { .. }
            | ServerMessage::Heartbeat { .. }
            | ServerMessage::Disconnect(_) => {}
        }
    }

    fn on_delta(&mut self, delta: &StateDelta) {
        match self.surroundings.apply(delta) {
            Applied::Yes => {}
            Applied::Stale => return,
            Applied::Gap => {
                self.diagnostics.gaps += 1;
                self.session.resync(self.now_s);
            }
        }
        if let Some(position) = delta.own.as_ref().and_then(|own| own.position) {
            self.prediction.confirm(position, delta.tick);
        }
        self.play(&delta.effects);
    }

    /// Carries out what the session decided.
    fn obey(&mut self) {
        for command in self.session.take_commands() {
            match command {
                Command::Http { id, request } => self.connector.request(id, request),
                Command::OpenSocket { id, url } => self.connector.open_socket(id, &url),
                Command::CloseSocket => self.connector.close_socket(),
                Command::MakeWayBack { id } => self.connector.make_way_back(id),
                Command::Visit { id, pending } => self.connector.visit(id, &pending),
                Command::StopWaiting => self.connector.stop_waiting(),
                Command::World(etag) => self.assets.want(&etag),
                Command::Forget => {
                    self.prediction.clear();
                    self.surroundings = Surroundings::default();
                    self.overhead = Overhead::default();
                    self.steering.stop();
                    for entry in self.session.take_unheard() {
                        self.talk.put_back(&entry.intent, self.now_s);
                        self.talk.notice("What you did last may not have taken effect.", self.now_s);
                    }
                }
                Command::Send(message) => {
                    let mut frame = Vec::with_capacity(64);
                    codec::encode_client(Encoding::Postcard, &message, &mut frame);
                    self.diagnostics.outbound.count(frame.len(), self.now_s);
                    self.connector.send(frame);
                }
            }
        }
    }

    /// Writes changes of state into the chat log that the badge shows only briefly.
    fn log_changes(&mut self) {
        let before = std::mem::replace(&mut self.shown, self.session.state().name());
        if before == self.shown {
            return;
        }
        self.steering.stop();
        match (before, self.shown) {
            ("RECONNECTING" | "RETRY_LIMIT_REACHED", "ACTIVE") => self.talk.notice("Connected again.", self.now_s),
            ("CONNECTING", "ACTIVE") => {
                let text =
                    format!("Welcome, {}. Arrow keys or clicks walk, Enter speaks, F1 helps.", self.session.name());
                self.talk.notice(&text, self.now_s);
            }
            (_, "RECONNECTING") => self.talk.notice("Connection lost.", self.now_s),
            _ => {}
        }
    }

    // The player's wishes. ----------------------------------------------------------------------

    /// Sends a typed line. A line that cannot be sent is kept and the reason shown.
    pub fn say(&mut self, line: &str) {
        match talk::parse(line) {
            Ok(intent) if self.session.act(intent.clone(), self.now_s) => {}
            Ok(intent) => {
                self.talk.notice(UNHEARD, self.now_s);
                self.talk.put_back(&intent, self.now_s);
            }
            Err(problem) => self.talk.notice(&problem, self.now_s),
        }
        self.obey();
    }

    /// Why a typed line cannot be sent now; `None` when it can.
    #[must_use]
    pub fn why_not_said(&self, line: &str) -> Option<String> {
        match talk::parse(line) {
            Ok(_) if self.session.can_act() && !self.session.outbox().is_full() => None,
            Ok(_) => Some(format!("{UNHEARD} Your words stay here.")),
            Err(problem) => Some(problem),
        }
    }

    /// The oldest line that was sent and refused, as it was typed.
    pub fn take_unsaid(&mut self) -> Option<String> {
        self.talk.take_unsaid()
    }

    // What views read. --------------------------------------------------------------------------

    /// What to show of the session.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.session.state()
    }

    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The static world and its picture.
    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The tileset's PNG, once per arrival and once for each new picture.
    pub fn take_tileset(&mut self) -> Option<TilePictures> {
        self.assets.take_tileset()
    }

    /// The figures of the world's own, when they are others than before; see [`crate::looks`].
    pub fn take_looks(&mut self) -> Option<Option<(&Sprites, &[u8])>> {
        self.assets.looks().take()
    }

    /// A piece of music by its address, once it is here; it is asked for if it is not.
    pub fn music(&mut self, path: &str) -> Option<Piece> {
        self.assets.music(path)
    }

    /// The picture is gone; the next one needs all textures again.
    pub fn draw_anew(&mut self) {
        self.assets.draw_anew();
    }

    /// What the server says is around.
    #[must_use]
    pub fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// Where and how an entity is drawn.
    #[must_use]
    pub fn motion(&self, id: EntityId) -> Option<&Motion> {
        self.motions.get(&id)
    }

    /// The player's own figure.
    #[must_use]
    pub fn own_motion(&self) -> Option<&Motion> {
        self.motions.get(&self.session.entity_id()?)
    }

    #[must_use]
    pub fn talk(&self) -> &Talk {
        &self.talk
    }

    /// Numbers for the overlay.
    pub fn diagnostics(&mut self) -> &mut Diagnostics {
        &mut self.diagnostics
    }

    /// The newest heartbeat's round trip, milliseconds.
    #[must_use]
    pub fn rtt_ms(&self) -> Option<f64> {
        self.diagnostics.heartbeat.last_ms()
    }

    /// The clock of the last pump, seconds.
    #[must_use]
    pub fn now_s(&self) -> f64 {
        self.now_s
    }

    /// Where the server last said the player stands.
    #[must_use]
    pub fn confirmed(&self) -> Option<Position> {
        self.prediction.base()
    }

    /// Where the player will stand when all sent intents have taken effect.
    #[must_use]
    pub fn predicted(&self) -> Option<Position> {
        self.prediction.predict(self.session.outbox(), |next| self.landing(next))
    }

    /// Where a step onto a tile ends, as far as known; `None` where it makes no sense.
    fn landing(&self, next: Position) -> Option<Position> {
        let to = self.warp(next.x, next.y).unwrap_or(next);
        (self.walkable(next.x, next.y) && self.walkable(to.x, to.y)).then_some(to)
    }

    /// Where a step onto (x, y) leads to elsewhere.
    fn warp(&self, x: i32, y: i32) -> Option<Position> {
        self.assets.terrain()?.warp(x, y)
    }

    /// Whether a step onto (x, y) makes sense: the tile is free and no closed door stands on it.
    #[must_use]
    pub fn walkable(&self, x: i32, y: i32) -> bool {
        let changed: &ChangedTiles = &self.surroundings.tiles;
        let free = self.assets.terrain().is_none_or(|terrain| terrain.walkable(x, y, changed));
        free && !self.surroundings.entities.values().any(|entity| {
            entity.kind == EntityKind::Door && entity.open == Some(false) && (entity.x, entity.y) == (x, y)
        })
    }

    /// Players in view, the nearest first, without oneself.
    #[must_use]
    pub fn nearby(&self) -> Vec<Neighbour> {
        let Some(at) = self.predicted() else { return Vec::new() };
        let mut found: Vec<_> = self
            .surroundings
            .entities
            .values()
            .filter(|entity| entity.kind == EntityKind::Player && Some(entity.id) != self.session.entity_id())
            .map(|entity| Neighbour {
                tiles: (entity.x - at.x).abs().max((entity.y - at.y).abs()),
                name: entity.name.clone(),
                away: entity.away.unwrap_or(false),
            })
            .collect();
        found.sort();
        found
    }
}
