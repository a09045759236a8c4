//! What every entity of the world has: a public face, the ticks at which its parts last changed, and a number.

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use tilemud_schema::{Direction, Entity as PublicEntity, EntityId, EntityUpdate, Position, Tick};

/// What others see of an entity.
#[derive(Component, Debug, Clone)]
pub struct Face(pub PublicEntity);

impl Face {
    /// The tile it is on.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { x: self.0.x, y: self.0.y }
    }

    /// The fields that changed after `since`.
    #[must_use]
    pub fn update_since(&self, stamps: &Stamps, since: Tick) -> EntityUpdate {
        let mut update = EntityUpdate::none(self.0.id);
        if stamps.hurt > since {
            update.health = self.0.health;
        }
        if stamps.opened > since {
            update.open = self.0.open;
        }
        if stamps.turned > since {
            update.away = Some(self.0.away.unwrap_or(false));
        }
        if stamps.moved > since {
            if update == EntityUpdate::none(self.0.id) && stamps.moved_before <= since {
                update.step = Direction::between(stamps.came_from, self.position());
            }
            update.x = Some(self.0.x);
            update.y = Some(self.0.y);
        }
        update
    }
}

/// The ticks at which parts of a face last changed; making the entity changed them all.
#[derive(Component, Debug, Clone, Copy)]
pub struct Stamps {
    pub changed: Tick,
    /// It came into the chunk it is in.
    pub crossed: Tick,
    pub moved: Tick,
    /// Where it was before it moved, and since when.
    pub came_from: Position,
    pub moved_before: Tick,
    pub hurt: Tick,
    pub opened: Tick,
    /// Whether its player is away; 0 until that changed for the first time.
    pub turned: Tick,
}

impl Stamps {
    pub(super) fn all(tick: Tick, at: Position) -> Self {
        let came_from = at;
        Self {
            changed: tick,
            crossed: tick,
            moved: tick,
            came_from,
            moved_before: tick,
            hurt: tick,
            opened: tick,
            turned: 0,
        }
    }

    /// Notes that it leaves a tile in a tick, in which it may have come from another one.
    pub(super) fn leave(&mut self, tile: Position, tick: Tick) {
        if self.moved < tick {
            (self.came_from, self.moved_before) = (tile, self.moved);
        }
        self.moved = tick;
    }
}

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
