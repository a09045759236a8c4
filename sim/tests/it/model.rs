//! A plain model of a world with players that walk and talk, the clients that watch it, and random
//! play. After every tick each client must hold what the model says, by brute force.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use tilemud_schema::{
    ChatChannel, Direction, Effect, Entity, EntityId, EntityKind, ErrorCode, Intent, IntentOutcome, Position, Seq, Tick,
};
use tilemud_sim::api::{Input, Outcome, SessionKey, TickOutput, View};
use tilemud_sim::limits::{CHUNK_SIZE, EARSHOT, INTENTS_PER_SESSION_MAX};
use tilemud_sim::{Map, Sim, SimConfig};

use crate::SECOND;
use crate::players::{Client, InViews, attach, character, identity, intent, leave, own_view, presence, resync, walk};

/// Something a player does before a tick.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Joins at a tile, with a new session; takes its character over when it is in the world.
    Join(i32, i32),
    Leave,
    Walk(Direction, u64),
    Say,
    Zone,
    Resync,
    /// Skips a number.
    Gap,
    /// Loses its connection.
    Drop,
    /// Gives no signs of life, or gives some again.
    Away(bool),
    /// Comes back with what it holds, or with nothing.
    Attach(bool),
}

/// What each player does before each tick.
pub type Play = Vec<Vec<(u64, Deed)>>;

const WIDTH: i32 = 70;
const HEIGHT: i32 = 40;
const PLAYERS: u64 = 6;

/// So few steps that all deeds of a tick together stay within the bound of intents.
const STEPS_MAX: u64 = INTENTS_PER_SESSION_MAX as u64 / DEEDS_MAX as u64;
const DEEDS_MAX: usize = 4;

/// A resume from so many ticks ago is within every bound, whatever was played.
const ON_RECORD: Tick = 24;

pub fn play() -> impl Strategy<Value = Play> {
    let deed = prop_oneof![
        3 => (0..WIDTH, 0..HEIGHT).prop_map(|(x, y)| Deed::Join(x, y)),
        1 => Just(Deed::Leave),
        12 => (0..4usize, 1..=STEPS_MAX).prop_map(|(direction, steps)| Deed::Walk(Direction::ALL[direction], steps)),
        2 => Just(Deed::Say),
        1 => Just(Deed::Zone),
        1 => Just(Deed::Resync),
        1 => Just(Deed::Gap),
        3 => Just(Deed::Drop),
        2 => any::<bool>().prop_map(Deed::Away),
        4 => any::<bool>().prop_map(Deed::Attach),
    ];
    prop::collection::vec(prop::collection::vec((1..=PLAYERS, deed), 0..=DEEDS_MAX), 1..110)
}

/// A player of the model.
#[derive(Debug, Clone)]
struct Player {
    key: SessionKey,
    position: Position,
    /// Steps walked and messages said.
    done: (u32, u32),
    last_seq: Seq,
    joined_at: Tick,
    /// When the world last told it everything because it asked.
    full_sent: Option<Tick>,
    /// It asked for everything and has not been told since.
    wants_all: bool,
    client: Client,
    is_connected: bool,
    is_away: bool,
    /// What it should have been told by the world since it was last told everything anew, while it
    /// was connected.
    heard: Vec<(Tick, String)>,
}

/// What the players do in one tick.
#[derive(Default)]
struct Plan {
    inputs: Vec<Input>,
    leaving: BTreeSet<u64>,
    /// They get everything, or a delta that brings them up to date.
    brought_up_to_date: BTreeSet<u64>,
    /// They get everything whatever they hold.
    forced: BTreeSet<u64>,
    attaching: BTreeMap<u64, Option<Tick>>,
}

/// The world and the model of it.
pub struct Arena {
    pub sim: Sim,
    /// All inputs so far, by tick.
    pub script: Vec<Vec<Input>>,
    /// All outputs so far.
    pub outputs: Vec<TickOutput>,
    players: BTreeMap<u64, Player>,
    in_views: InViews,
    delta_every: u64,
    next_key: u64,
}

impl Arena {
    pub fn new(delta_every: u32) -> Self {
        let config = SimConfig { delta_every, ..SimConfig::default() };
        Self {
            sim: Sim::new(Arc::new(field()), config),
            script: Vec::new(),
            outputs: Vec::new(),
            players: BTreeMap::new(),
            in_views: InViews::default(),
            delta_every: u64::from(delta_every),
            next_key: 1,
        }
    }

    /// Plays one tick and checks all clients.
    pub fn tick(&mut self, deeds: &[(u64, Deed)]) {
        let tick = self.sim.last_tick() + 1;
        let mut plan = Plan::default();
        for (number, deed) in deeds {
            self.prepare(&mut plan, *number, deed, tick);
        }
        for (number, player) in &self.players {
            let is_over = player.full_sent.is_none_or(|full_sent| tick >= full_sent + u64::from(SECOND));
            let is_turn = is_over || plan.attaching.contains_key(number);
            if player.wants_all && is_turn {
                plan.forced.insert(*number);
                plan.brought_up_to_date.insert(*number);
            }
        }
        self.script.push(plan.inputs.clone());
        let output = self.sim.tick(&mut plan.inputs);
        assert_eq!(output.tick, tick);
        self.follow(&output);
        for number in &plan.leaving {
            self.players.remove(number);
        }
        self.deliver(&output, &plan);
        self.check(tick, &plan);
        self.outputs.push(output);
    }

    fn prepare(&mut self, plan: &mut Plan, number: u64, deed: &Deed, tick: Tick) {
        if let Deed::Join(x, y) = deed {
            if !plan.leaving.contains(&number) {
                self.join(plan, number, Position { x: *x, y: *y }, tick);
            }
            return;
        }
        let Some(player) = self.players.get_mut(&number) else { return };
        let key = player.key.0;
        match deed {
            Deed::Join(..) => {}
            Deed::Leave => {
                plan.inputs.push(leave(key));
                plan.leaving.insert(number);
            }
            Deed::Walk(direction, steps) => {
                for _ in 0..*steps {
                    player.last_seq += 1;
                    plan.inputs.push(walk(key, player.last_seq, *direction));
                }
            }
            Deed::Say | Deed::Zone => {
                player.last_seq += 1;
                let channel = if matches!(deed, Deed::Say) { ChatChannel::Say } else { ChatChannel::Zone };
                let text = format!("{number} says {}", player.last_seq).into();
                plan.inputs.push(intent(key, player.last_seq, Intent::Chat { channel, text, to: None }));
            }
            Deed::Resync => {
                plan.inputs.push(resync(key));
                player.wants_all = true;
            }
            Deed::Gap => {
                plan.inputs.push(walk(key, player.last_seq + 100, Direction::North));
                player.wants_all = true;
            }
            Deed::Drop => player.is_connected = plan.attaching.contains_key(&number),
            Deed::Away(is_away) => {
                plan.inputs.push(presence(key, 0, *is_away));
                player.is_away = *is_away;
            }
            Deed::Attach(with_memory) => {
                let last_tick = (*with_memory && player.client.tick > 0).then_some(player.client.tick);
                plan.inputs.push(attach(key, last_tick));
                (player.is_connected, player.is_away) = (true, false);
                plan.attaching.insert(number, last_tick);
                plan.brought_up_to_date.insert(number);
            }
        }
    }

    fn join(&mut self, plan: &mut Plan, number: u64, at: Position, tick: Tick) {
        let key = SessionKey(self.next_key);
        self.next_key += 1;
        plan.inputs.push(Input::Join {
            session: key,
            identity: identity(number),
            character: Box::new(character(number, Some((at.x, at.y)))),
            last_seq: 0,
        });
        // Whoever is in the world already stays as it is.
        let (position, done) = self.players.get(&number).map_or((at, (0, 0)), |player| (player.position, player.done));
        let (client, heard) = (Client::default(), Vec::new());
        let (full_sent, wants_all) = (None, false);
        let player = Player {
            key,
            position,
            done,
            last_seq: 0,
            joined_at: tick,
            full_sent,
            wants_all,
            client,
            is_connected: true,
            is_away: false,
            heard,
        };
        self.players.insert(number, player);
        plan.attaching.remove(&number);
        plan.brought_up_to_date.insert(number);
    }

    /// Moves the players of the model by what the tick says it did.
    fn follow(&mut self, output: &TickOutput) {
        let mut to_all = Vec::new();
        for answer in &output.answers {
            // Sessions whose character was taken over have no player any more.
            let Some((number, actor)) = self.players.iter_mut().find(|(_, player)| player.key == answer.session) else {
                assert_eq!(answer.outcome, Outcome::Refused(ErrorCode::SessionNotFound.into()));
                continue;
            };
            let event = match &answer.outcome {
                Outcome::OutOfOrder { .. } => continue,
                Outcome::Duplicate => panic!("nothing was sent twice"),
                Outcome::Refused(refusal) => {
                    assert_eq!(refusal.code, ErrorCode::MoveBlocked);
                    assert!(is_at_edge(actor.position), "an open field only ends at its edge");
                    continue;
                }
                Outcome::Applied { event } => &output.events[*event],
            };
            match &event.performed.intent {
                Intent::Move { direction } => {
                    let (dx, dy) = direction.step();
                    let to = Position { x: actor.position.x + dx, y: actor.position.y + dy };
                    assert_eq!(event.performed.outcome, IntentOutcome::Move { to });
                    actor.position = to;
                    actor.done.0 += 1;
                }
                Intent::Chat { channel, text, .. } => {
                    let place = actor.position;
                    actor.done.1 += 1;
                    assert!(text.starts_with(&format!("{number} says")));
                    if *channel == ChatChannel::Zone {
                        to_all.push((output.tick, text.to_string()));
                        continue;
                    }
                    for player in self.players.values_mut().filter(|player| player.is_connected) {
                        let apart = (player.position.x - place.x).abs().max((player.position.y - place.y).abs());
                        if apart <= EARSHOT {
                            player.heard.push((output.tick, text.to_string()));
                        }
                    }
                }
                other => panic!("nobody wants {other:?}"),
            }
        }
        // Within a tick they come after what only some hear.
        for player in self.players.values_mut().filter(|player| player.is_connected) {
            player.heard.extend_from_slice(&to_all);
        }
    }

    fn deliver(&mut self, output: &TickOutput, plan: &Plan) {
        for (number, player) in &mut self.players {
            let session_delta = output.sessions.iter().find(|delta| delta.session == player.key);
            let is_full_sent =
                session_delta.is_some_and(|delta| delta.view != View::Cell && own_view(output, delta).full);
            assert!(is_full_sent || !plan.forced.contains(number), "player {number} wants everything");
            let may_be =
                plan.forced.contains(number) || plan.attaching.contains_key(number) || player.joined_at == output.tick;
            assert!(may_be || !is_full_sent, "player {number} is told everything again and again");
            if is_full_sent && player.wants_all && player.joined_at != output.tick {
                player.full_sent = Some(output.tick);
            }
            player.wants_all &= !is_full_sent;
        }
        for (number, player) in self.players.iter_mut().filter(|(_, player)| player.is_connected) {
            if let Some(last_tick) = plan.attaching.get(number) {
                let session_delta = output.sessions.iter().find(|delta| delta.session == player.key);
                let attached = session_delta.and_then(|delta| delta.attached).expect("an attach is answered at once");
                assert_eq!(attached.last_seq, player.last_seq);
                let is_on_record =
                    last_tick.is_some_and(|last| last >= player.joined_at && last + ON_RECORD >= output.tick);
                if is_on_record && !plan.forced.contains(number) {
                    assert!(attached.is_delta, "what is missing since {last_tick:?} is on record");
                }
                if !attached.is_delta {
                    player.client.heard.clear();
                    player.heard.retain(|(tick, _)| *tick == output.tick);
                }
            }
            let session_delta = output.sessions.iter().find(|session_delta| session_delta.session == player.key);
            let cell = session_delta.map_or(player.client.cell, |session_delta| session_delta.cell);
            if session_delta.is_none_or(|session_delta| session_delta.view == View::Cell)
                && let Some(delta) = output.cells.iter().find(|delta| delta.cell == cell)
                && let Some(in_view) = self.in_views.before(&delta)
            {
                assert_eq!(&player.client.in_view(), in_view, "player {number} has in view what a delta goes by");
            }
            player.client.receive(player.key, output);
        }
        self.in_views.follow(output);
    }

    fn check(&self, tick: Tick, plan: &Plan) {
        for (number, player) in self.players.iter().filter(|(_, player)| player.is_connected) {
            assert_eq!(player.client.own.position, Some(player.position), "own state is never late");
            let stats = &player.client.own.stats;
            assert_eq!(
                (stats.steps, stats.messages, stats.deaths, stats.named.len()),
                (player.done.0, player.done.1, 0, 1)
            );
            assert!(player.client.heard.iter().map(text_of).eq(player.heard.iter().map(|(_, text)| text.as_str())));
            if tick.is_multiple_of(self.delta_every) || plan.brought_up_to_date.contains(number) {
                assert_eq!(held(&player.client), self.seen_from(player.position), "player {number} at tick {tick}");
            }
        }
    }

    /// Who is in the 3 x 3 chunks around a place, by looking at everybody.
    fn seen_from(&self, place: Position) -> BTreeMap<String, Entity> {
        let players = self.players.iter().filter(|(_, player)| is_in_view(place, player.position));
        let face = |(number, player): (&u64, &Player)| {
            let state = character(*number, None);
            let entity = Entity {
                id: EntityId(0),
                kind: EntityKind::Player,
                name: state.display_name.clone(),
                x: player.position.x,
                y: player.position.y,
                look: state.look,
                health: Some(state.health),
                open: None,
                away: player.is_away.then_some(true),
            };
            (state.display_name.to_string(), entity)
        };
        players.map(face).collect()
    }
}

/// Whether what is somewhere is in the 3 x 3 chunks around a place.
pub fn is_in_view(from: Position, place: Position) -> bool {
    let chunks_apart = |a: i32, b: i32| (a / CHUNK_SIZE - b / CHUNK_SIZE).abs();
    chunks_apart(from.x, place.x) <= 1 && chunks_apart(from.y, place.y) <= 1
}

pub fn field() -> Map {
    Map::open("field", WIDTH, HEIGHT)
}

fn is_at_edge(position: Position) -> bool {
    position.x == 0 || position.y == 0 || position.x == WIDTH - 1 || position.y == HEIGHT - 1
}

/// All that it is shown of everybody, but for the numbers, which the model does not know.
fn held(client: &Client) -> BTreeMap<String, Entity> {
    let unnumbered = |entity: &Entity| Entity { id: EntityId(0), ..entity.clone() };
    client.entities.values().map(|entity| (entity.name.to_string(), unnumbered(entity))).collect()
}

pub fn text_of(effect: &Effect) -> &str {
    let Effect::Chat { text, .. } = effect else { panic!("only chat is heard") };
    text
}
