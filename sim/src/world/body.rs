//! What every entity of the world has: a number, a name, a look and a tile. What only some have is a component beside these:
//! health, a door that is open or not, whether a player is away, the last step of whoever walks. When a component changed is
//! known to change detection; see [`Clock::since`](crate::world::clock::Clock::since).

use std::sync::Arc;

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use tilemud_schema::{EntityId, Position, Tick};

use crate::world::hashes::Fingerprint;

/// The number by which players and the log know an entity.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(pub EntityId);

/// What it is called.
#[derive(Component, Debug, Clone)]
pub struct DisplayName(pub Arc<str>);

/// Which picture it is drawn with; of an item its kind.
#[derive(Component, Debug, Clone)]
pub struct Look(pub Arc<str>);

/// The tile it is on.
#[derive(Component, Debug, Clone, Copy)]
pub struct TilePosition(pub Position);

/// What every entity has.
#[derive(Bundle, Debug)]
pub struct Body {
    pub id: Id,
    pub name: DisplayName,
    pub look: Look,
    pub position: TilePosition,
    fingerprint: Fingerprint,
}

impl Body {
    #[must_use]
    pub fn new(id: EntityId, name: Arc<str>, look: Arc<str>, position: Position) -> Self {
        let (id, name, look, position) = (Id(id), DisplayName(name), Look(look), TilePosition(position));
        Self { id, name, look, position, fingerprint: Fingerprint::default() }
    }
}

/// Health points of a player's entity.
#[derive(Component, Debug, Clone, Copy)]
pub struct Health(pub i32);

/// Whether a player's connection is lost.
#[derive(Component, Debug, Clone, Copy)]
pub struct Away(pub bool);

/// A door. One that is closed lets nobody pass.
#[derive(Component, Debug, Clone, Copy)]
pub struct Door {
    pub open: bool,
}

/// How many of its kind an item is; at least 1. What an item's kind is says its look.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stack(pub u32);

/// Nobody plays it.
#[derive(Component, Debug, Clone, Copy)]
pub struct Npc;

/// The last step of an entity that walks.
#[derive(Component, Debug, Clone, Copy)]
pub struct LastStep {
    /// When it was; at first, when the entity was made.
    pub tick: Tick,
    /// Where the entity was before that tick.
    pub from: Position,
    /// When the step before it was.
    pub before: Tick,
}

impl LastStep {
    /// Of an entity that was just made.
    #[must_use]
    pub fn none(at: Position, tick: Tick) -> Self {
        Self { tick, from: at, before: tick }
    }

    /// Notes that it leaves a tile in a tick, in which it may have come from another one.
    pub(super) fn leave(&mut self, tile: Position, tick: Tick) {
        if self.tick < tick {
            (self.from, self.before) = (tile, self.tick);
        }
        self.tick = tick;
    }
}

/// Context out entity numbers, from 1 upwards and never again, and finds entities by them.
#[derive(Resource, Debug)]
pub struct EntityIds {
    pub next: u64,
    pub(super) entities: FxHashMap<EntityId, Entity>,
}

impl Default for EntityIds {
    fn default() -> Self {
        Self { next: 1, entities: FxHashMap::default() }
    }
}

impl EntityIds {
    /// A number that was never used.
    pub fn draw(&mut self) -> EntityId {
        let id = EntityId(self.next);
        self.next += 1;
        id
    }

    /// The entity with a number.
    #[must_use]
    pub fn get(&self, id: EntityId) -> Option<Entity> {
        self.entities.get(&id).copied()
    }
}
