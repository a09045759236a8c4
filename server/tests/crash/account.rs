//! What one player was told, from its first session to the end of the run, and what is wrong with
//! it by itself: answers that contradict each other, ticks that go back, deltas that do not fit.
//! What the log says to it is for the audit.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;
use std::time::Instant;

use tilemud_schema::{
    AckStatus, ActionId, CharacterId, Effect, Entity, EntityKind, ErrorCode, Intent, IntentAck, Position, Seq,
    SessionId, StateDelta, Tick, Timestamp,
};
use tilemud_sim::Map;
use tilemud_support::surroundings::Surroundings;

/// Lines of history that are kept of each player.
const HISTORY_LINES_MAX: usize = 6_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Something acknowledged is not there.
    Lost,
    /// Something is there twice, or there though it was refused.
    Doubled,
    /// Anything else that may not be.
    Other,
}

/// Something that went wrong.
#[derive(Debug, Clone)]
pub struct Fault {
    pub wrong: Wrong,
    pub what: String,
}

/// All that is known of a number.
#[derive(Debug)]
pub struct Numbered {
    pub intent: Intent,
    pub acked: Option<Acked>,
    pub refused: Option<ErrorCode>,
}

/// The record of an applied intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acked {
    pub action_id: ActionId,
    pub persisted_at: Timestamp,
    /// Known from the first acknowledgement only.
    pub tick: Option<Tick>,
}

/// A character was shown somewhere in a tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    pub tick: Tick,
    pub name: String,
    pub position: Position,
}

pub struct Account {
    pub name: String,
    pub session: Option<SessionId>,
    pub character: Option<CharacterId>,
    /// Where the character first stood.
    pub start: Position,
    /// The number of the next intent.
    pub next_seq: Seq,
    /// Everything ever sent, by number.
    pub intents: BTreeMap<Seq, Numbered>,
    pub unanswered: BTreeSet<Seq>,
    /// The highest number that was acknowledged.
    pub newest_acked: Seq,
    /// Numbers answered since the last audit.
    pub answered_lately: Vec<Seq>,
    pub held: Surroundings,
    /// Since the last audit.
    pub sightings: Vec<Sighting>,
    /// Words that were heard since the last audit, and when.
    pub heard: Vec<(Tick, String)>,
    pub faults: Vec<Fault>,
    newest_ack_tick: Tick,
    history: VecDeque<String>,
    began: Instant,
}

impl Account {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            session: None,
            character: None,
            start: Position::default(),
            next_seq: 1,
            intents: BTreeMap::new(),
            unanswered: BTreeSet::new(),
            newest_acked: 0,
            answered_lately: Vec::new(),
            held: Surroundings::default(),
            sightings: Vec::new(),
            heard: Vec::new(),
            faults: Vec::new(),
            newest_ack_tick: 0,
            history: VecDeque::new(),
            began: Instant::now(),
        }
    }

    /// One more line of history.
    pub fn note(&mut self, line: impl std::fmt::Display) {
        if self.history.len() == HISTORY_LINES_MAX {
            self.history.pop_front();
        }
        self.history.push_back(format!("{:10.4} {} {line}", self.began.elapsed().as_secs_f64(), self.name));
    }

    /// The history, oldest first.
    pub fn history(&self) -> impl Iterator<Item = &String> {
        self.history.iter()
    }

    pub fn fault(&mut self, wrong: Wrong, what: impl Into<String>) {
        let what = format!("{}: {}", self.name, what.into());
        self.note(format!("FAULT {wrong:?} {what}"));
        self.faults.push(Fault { wrong, what });
    }

    /// Gives an intent the next number.
    pub fn number(&mut self, intent: Intent) -> Seq {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.intents.insert(seq, Numbered { intent, acked: None, refused: None });
        self.unanswered.insert(seq);
        seq
    }

    /// The oldest number without an answer; everything below was answered.
    pub fn oldest_unanswered(&self) -> Seq {
        self.unanswered.first().copied().unwrap_or(self.next_seq)
    }

    /// The server says up to which number it has consumed the intents of the session.
    pub fn told_last_seq(&mut self, last_seq: Seq, whose: &str) {
        if last_seq < self.newest_acked {
            let what = format!("the {whose} says {last_seq}, and {} was acknowledged", self.newest_acked);
            self.fault(Wrong::Lost, what);
        }
        if last_seq >= self.next_seq {
            self.fault(Wrong::Other, format!("the {whose} says {last_seq}, which was never sent"));
        }
    }

    pub fn acknowledged(&mut self, tick: Tick, ack: &IntentAck) {
        let seq = ack.seq;
        let is_applied = ack.status == AckStatus::Applied;
        // A duplicate may be looked up, and is told when that is done.
        if is_applied {
            if tick < self.newest_ack_tick {
                let what = format!("{seq} is acknowledged in tick {tick}, after tick {}", self.newest_ack_tick);
                self.fault(Wrong::Other, what);
            }
            self.newest_ack_tick = tick;
        }
        let new = Acked { action_id: ack.action_id, persisted_at: ack.persisted_at, tick: is_applied.then_some(tick) };
        let Some(numbered) = self.intents.get_mut(&seq) else {
            return self.fault(Wrong::Other, format!("{seq} is acknowledged and was never sent"));
        };
        let (before, refused) = (numbered.acked, numbered.refused);
        let known_tick = before.and_then(|before| before.tick);
        numbered.acked = Some(Acked { tick: known_tick.or(new.tick), ..before.unwrap_or(new) });
        if let Some(code) = refused {
            return self
                .fault(Wrong::Doubled, format!("{seq} was refused with {code} and is acknowledged now: {ack:?}"));
        }
        match before {
            None => {
                self.unanswered.remove(&seq);
                self.answered_lately.push(seq);
                self.newest_acked = self.newest_acked.max(seq);
            }
            Some(before) if (before.action_id, before.persisted_at) != (new.action_id, new.persisted_at) => {
                self.fault(Wrong::Doubled, format!("{seq} was acknowledged as {before:?} and now as {ack:?}"));
            }
            Some(_) if is_applied => self.fault(Wrong::Doubled, format!("{seq} is applied twice: {ack:?}")),
            Some(_) => {}
        }
    }

    /// A refusal came that consumed its number.
    pub fn refused(&mut self, seq: Seq, code: ErrorCode) {
        let Some(numbered) = self.intents.get_mut(&seq) else {
            return self.fault(Wrong::Other, format!("{seq} is refused with {code} and was never sent"));
        };
        let is_first = numbered.refused.is_none();
        numbered.refused.get_or_insert(code);
        if let Some(acked) = numbered.acked {
            let what = format!("{seq} was acknowledged as {acked:?} and is refused now with {code}");
            return self.fault(Wrong::Lost, what);
        }
        if is_first {
            self.unanswered.remove(&seq);
            self.answered_lately.push(seq);
        }
    }

    /// What is in view and what is theirs, as far as it stays as it is while nobody does anything.
    pub fn still_view(&self) -> Vec<String> {
        let held = &self.held;
        let things = held.entities.values().filter(|entity| entity.kind != EntityKind::Npc && !comes_back(entity));
        let things = things
            .map(|it| format!("{:?} {} {:?} at ({}, {}), open {:?}", it.kind, it.name, it.look, it.x, it.y, it.open));
        let tiles = held.tiles.iter().map(|(at, tile)| format!("tile {tile} at {at:?}"));
        let own = &held.own;
        let own = format!("{} carries {:?}, is {:?} at {:?}", self.name, own.inventory, own.stats, own.position);
        let mut all: Vec<String> = things.chain(tiles).chain([own]).collect();
        all.sort();
        all
    }

    /// A state delta came.
    pub fn saw(&mut self, delta: &StateDelta) {
        if let Err(error) = self.held.apply(delta) {
            self.fault(Wrong::Other, format!("{error}, in {delta:?}"));
        }
        let changed = delta.enter.iter().map(|entity| entity.id).chain(delta.update.iter().map(|update| update.id));
        let players = changed.filter_map(|id| self.held.entities.get(&id)).filter(|it| it.kind == EntityKind::Player);
        let places = players.map(|it| (it.name.to_string(), Position { x: it.x, y: it.y }));
        let own = delta.own.as_ref().and_then(|own| own.position).map(|position| (self.name.clone(), position));
        let sightings = places.chain(own).map(|(name, position)| Sighting { tick: delta.tick, name, position });
        self.sightings.extend(sightings);
        for effect in &delta.effects {
            if let Effect::Chat { text, .. } = effect {
                self.heard.push((delta.tick, text.to_string()));
            }
        }
    }
}

/// Whether the world itself may have laid it there, whatever players do.
fn comes_back(entity: &Entity) -> bool {
    static MAP: LazyLock<Map> = LazyLock::new(Map::built_in);
    let is_of = |it: &tilemud_sim::map::Spawner| {
        let is_on = (it.x..it.x + it.width).contains(&entity.x) && (it.y..it.y + it.height).contains(&entity.y);
        it.kind == entity.look && is_on
    };
    entity.kind == EntityKind::Item && MAP.spawners.iter().any(is_of)
}
