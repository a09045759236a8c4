//! What every entity of the world has: a number, an appearance and a tile. What only some have is a
//! component of its own: health, an open or closed door, whether a player is away, the quantity of
//! an item. Change detection says when health, door and away changed (see
//! [`Clock::since`](crate::world::clock::Clock::since)); a tile keeps the ticks of its last two
//! steps itself.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use tilemud_schema::{EntityId, EntityKind, Position, Tick};

use crate::world::hashes::Fingerprint;

/// The number by which players and the log know an entity.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(pub EntityId);

/// What never changes of what is seen of an entity.
#[derive(Component, Debug, Clone)]
pub struct Appearance {
    /// No marker: one that is asked for with every look at an entity makes a tick of 5,000 walking
    /// players and 50,000 entities take 3 % more instructions.
    pub kind: EntityKind,
    pub name: Arc<str>,
    /// Which picture it is drawn with; of an item also what it is.
    pub look: Arc<str>,
}

/// The tile an entity is on, and its last step.
#[derive(Component, Debug, Clone, Copy)]
pub struct TilePosition {
    pub tile: Position,
    /// The tick of the last step; 0: it never made one.
    pub moved: Tick,
    /// Where it was before that tick.
    pub from: Position,
    /// The tick of the step before.
    pub moved_before: Tick,
}

impl TilePosition {
    /// Goes to another tile in a tick, in which it may have made other steps. Returns where it was.
    pub(super) fn go(&mut self, to: Position, tick: Tick) -> Position {
        let from = std::mem::replace(&mut self.tile, to);
        if self.moved < tick {
            (self.from, self.moved_before) = (from, self.moved);
        }
        self.moved = tick;
        from
    }
}

/// What every entity has.
#[derive(Bundle, Debug)]
pub struct Body {
    pub id: Id,
    pub appearance: Appearance,
    pub position: TilePosition,
    fingerprint: Fingerprint,
}

impl Body {
    #[must_use]
    pub fn new(id: EntityId, appearance: Appearance, tile: Position) -> Self {
        let position = TilePosition { tile, moved: 0, from: tile, moved_before: 0 };
        Self { id: Id(id), appearance, position, fingerprint: Fingerprint::default() }
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

/// Quantity of an item, at least 1. Its kind is in its [`Appearance`].
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stack(pub u32);

/// Hands out entity numbers, from 1 upwards and never again, and finds entities by them.
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
