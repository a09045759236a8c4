//! Sessions in the world: the numbers each has consumed, what it sees, and what it heard. A session
//! is a component of its character's entity; [`Sessions`] finds it by its handle.

use std::collections::VecDeque;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use tilemud_schema::{Effect, Seq, SessionId, Tick};

use crate::api::{CellId, SessionKey};
use crate::limits::{RESUME_TICKS, SESSION_KEYS_UNCONNECTED, VIEWS_REMEMBERED_MAX, VIEWS_RESERVED};
use crate::reserve::reserve_ahead;
use crate::world::dirty::DirtySet;
use crate::world::numbers::Numbers;
use crate::world::zone::Zone;

/// The state of one session.
#[derive(Component, Debug)]
pub struct Session {
    pub key: SessionKey,
    /// What its sequence numbers are judged by.
    pub numbers: Numbers,
    /// Intents judged in `intents_tick`.
    pub intents: u32,
    /// The last tick in which an intent came.
    pub intents_tick: Tick,
    /// It requested a full delta and did not get one since.
    pub wants_all: bool,
    /// The tick of the last full delta that it got on request.
    pub full_sent: Option<Tick>,
    /// A connection attached in this tick.
    pub attach: Option<AttachRequest>,
    /// Which delta of its surroundings it gets in this tick.
    pub outlook: Outlook,
    /// Its views and the ticks they began, oldest first; the last is the present one. Empty before
    /// its first delta.
    views: VecDeque<ViewPoint>,
    /// What it perceived in this tick.
    pub heard: Vec<Arc<Effect>>,
    /// For each of these, how many lines of the zone came before it in this tick.
    pub heard_after: SmallVec<[u32; 4]>,
    /// Its mail has no room for more whispers.
    pub is_full: bool,
}

/// What an attaching connection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttachRequest {
    /// The newest tick it applied.
    pub last_tick: Option<Tick>,
}

/// From `tick` on, the session sees what is seen from `cell`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ViewPoint {
    pub tick: Tick,
    pub cell: CellId,
}

/// Which delta of its surroundings a session gets in a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outlook {
    /// The delta of its cell.
    #[default]
    Cell,
    All,
    /// What differs from the view the session had at a tick.
    Since {
        /// The view it holds.
        held: ViewPoint,
        /// Changes of its own state after this tick are missing to it.
        missed: Tick,
        /// Whether this answers an attach.
        is_resume: bool,
    },
}

impl Session {
    /// Perceives an effect, after the lines of the zone so far in this tick.
    pub fn hear(&mut self, said: &Zone, effect: Arc<Effect>) {
        self.heard.push(effect);
        self.heard_after.push(u32::try_from(said.lines.len()).unwrap_or(u32::MAX));
    }

    /// A session that got no delta yet.
    #[must_use]
    pub fn new(key: SessionKey, last_seq: Seq) -> Self {
        Self {
            key,
            numbers: Numbers::after(last_seq),
            intents: 0,
            intents_tick: 0,
            wants_all: true,
            full_sent: None,
            attach: None,
            outlook: Outlook::Cell,
            views: VecDeque::with_capacity(VIEWS_RESERVED),
            heard: Vec::new(),
            heard_after: SmallVec::new(),
            is_full: false,
        }
    }

    /// Goes on in a world that it has seen nothing of yet.
    #[must_use]
    pub fn anew(mut self) -> Self {
        self.views.clear();
        Self { wants_all: true, full_sent: None, outlook: Outlook::Cell, ..self }
    }

    /// What it sees now.
    #[must_use]
    pub fn view(&self) -> Option<ViewPoint> {
        self.views.back().copied()
    }

    /// Sees what is seen from a cell from now on.
    pub fn look_from(&mut self, view: ViewPoint) {
        if self.views.back().is_some_and(|last| last.tick == view.tick) {
            self.views.pop_back();
        }
        let horizon = view.tick.saturating_sub(RESUME_TICKS);
        while self.views.len() >= VIEWS_REMEMBERED_MAX || self.views.get(1).is_some_and(|next| next.tick <= horizon) {
            self.views.pop_front();
        }
        self.views.push_back(view);
    }

    /// What it saw at a tick, if that is remembered.
    #[must_use]
    pub fn view_at(&self, tick: Tick) -> Option<ViewPoint> {
        self.views.iter().rev().find(|view| view.tick <= tick).copied()
    }
}

/// Finds the entity of a session.
#[derive(Resource, Debug, Default)]
pub struct Sessions {
    entities: FxHashMap<SessionKey, Entity>,
    by_id: FxHashMap<SessionId, Entity>,
    /// How many handles were given to sessions without a connection.
    unconnected: u64,
}

impl Sessions {
    /// The entity of a session that is in the world.
    #[must_use]
    pub fn get(&self, key: SessionKey) -> Option<Entity> {
        self.entities.get(&key).copied()
    }

    /// The entity of a session that is in the world, by the id the log knows it by.
    #[must_use]
    pub fn find(&self, id: SessionId) -> Option<Entity> {
        self.by_id.get(&id).copied()
    }

    /// A handle for a session without a connection, of a replay or a restored snapshot.
    pub fn unconnected_key(&mut self) -> SessionKey {
        self.unconnected += 1;
        SessionKey(SESSION_KEYS_UNCONNECTED + self.unconnected)
    }

    /// How many such handles were given.
    #[must_use]
    pub fn unconnected(&self) -> u64 {
        self.unconnected
    }

    /// Gives none of the first so many such handles any more.
    pub fn skip_unconnected(&mut self, count: u64) {
        self.unconnected = self.unconnected.max(count);
    }

    /// Takes a session in.
    pub fn insert(&mut self, key: SessionKey, id: SessionId, entity: Entity) {
        self.entities.insert(key, entity);
        self.by_id.insert(id, entity);
    }

    /// Lets a session go.
    pub fn remove(&mut self, key: SessionKey, id: SessionId) {
        let entity = self.entities.remove(&key);
        // The same session may have come in again under another handle; then its id is that one's.
        if self.by_id.get(&id).copied() == entity {
            self.by_id.remove(&id);
        }
    }
}

/// The sessions that get a session delta in this tick.
#[derive(Resource, Debug, Default)]
pub struct DirtySessions {
    pub noticed: DirtySet,
    /// Those of them that are in the world, by handle, once it is settled what they see.
    pub sorted: Vec<(SessionKey, Entity)>,
    /// A replay runs, in which sessions get nothing.
    pub is_off: bool,
}

impl DirtySessions {
    /// Marks a session as dirty.
    pub fn notice(&mut self, entity: Entity) {
        if !self.is_off {
            self.noticed.insert(entity);
        }
    }

    /// Starts the next tick.
    pub fn clear(&mut self) {
        self.noticed.clear();
        reserve_ahead(&mut self.sorted);
        self.sorted.clear();
    }
}
