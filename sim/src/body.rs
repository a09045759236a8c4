//! What every entity of the world has: a public face, the ticks at which its parts last changed, and its part of
//! the state hash. All changes of faces go through [`Scene`], so that nothing changes unnoticed.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{Entity as PublicEntity, EntityId, EntityKind, EntityUpdate, Position, Tick};

use crate::presence::Chunks;
use crate::state_hash::StateHash;
use crate::terrain::Terrain;
use crate::tick::Clock;

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
        if stamps.moved > since {
            update.x = Some(self.0.x);
            update.y = Some(self.0.y);
        }
        if stamps.hurt > since {
            update.health = self.0.health;
        }
        if stamps.opened > since {
            update.open = self.0.open;
        }
        update
    }
}

/// The ticks at which parts of a face last changed; making the entity changed them all.
#[derive(Component, Debug, Clone, Copy)]
pub struct Stamps {
    /// Any of them.
    pub changed: Tick,
    /// It came into the chunk it is in.
    pub crossed: Tick,
    /// Position.
    pub moved: Tick,
    /// Health.
    pub hurt: Tick,
    /// Door state.
    pub opened: Tick,
}

impl Stamps {
    fn all(tick: Tick) -> Self {
        Self { changed: tick, crossed: tick, moved: tick, hurt: tick, opened: tick }
    }
}

/// An entity's part of the state hash.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct Fingerprint(pub u64);

/// Hands out entity numbers: from 1 upwards, never again.
#[derive(Resource, Debug)]
pub struct EntityIds {
    next: u64,
}

impl Default for EntityIds {
    fn default() -> Self {
        Self { next: 1 }
    }
}

/// Everything of a new entity but its number.
#[derive(Debug, Clone)]
pub struct NewBody {
    /// What it is.
    pub kind: EntityKind,
    /// What people call it.
    pub name: Arc<str>,
    /// Where it appears.
    pub position: Position,
    /// The sprite it is drawn with.
    pub look: Arc<str>,
    /// Health points, for what can be hurt.
    pub health: Option<i32>,
    /// For doors.
    pub open: Option<bool>,
}

/// Puts an entity into the world.
pub fn spawn(world: &mut World, body: NewBody) -> (Entity, EntityId) {
    let tick = world.resource::<Clock>().tick;
    let mut ids = world.resource_mut::<EntityIds>();
    let id = EntityId(ids.next);
    ids.next += 1;
    let NewBody { kind, name, position, look, health, open } = body;
    let face = PublicEntity { id, kind, name, x: position.x, y: position.y, look, health, open };
    let entity = world.spawn((Face(face), Stamps::all(tick), Fingerprint::default())).id();
    let mut chunks = world.resource_mut::<Chunks>();
    let cell = chunks.grid().cell_of(position);
    chunks.cross(entity, id, None, Some(cell), tick);
    world.resource_mut::<StateHash>().touch(entity);
    if open == Some(false) {
        world.resource_mut::<Terrain>().set_obstacle(position, true);
    }
    (entity, id)
}

/// Takes an entity out of the world.
pub fn despawn(world: &mut World, entity: Entity) {
    let tick = world.resource::<Clock>().tick;
    let (Some(face), Some(&fingerprint)) = (world.get::<Face>(entity), world.get::<Fingerprint>(entity)) else {
        return;
    };
    let (id, position, closed) = (face.0.id, face.position(), face.0.open == Some(false));
    world.resource_mut::<StateHash>().forget(fingerprint);
    let mut chunks = world.resource_mut::<Chunks>();
    let cell = chunks.grid().cell_of(position);
    chunks.cross(entity, id, Some(cell), None, tick);
    if closed {
        world.resource_mut::<Terrain>().set_obstacle(position, false);
    }
    world.despawn(entity);
}

/// The one way to change faces while intents are applied.
#[derive(SystemParam)]
pub struct Scene<'w, 's> {
    /// The time.
    pub clock: Res<'w, Clock>,
    /// What blocks the way.
    pub terrain: ResMut<'w, Terrain>,
    /// Who is where.
    pub chunks: ResMut<'w, Chunks>,
    hash: ResMut<'w, StateHash>,
    bodies: Query<'w, 's, (&'static mut Face, &'static mut Stamps)>,
}

impl Scene<'_, '_> {
    /// The face of an entity.
    #[must_use]
    pub fn face(&self, entity: Entity) -> Option<&Face> {
        self.bodies.get(entity).ok().map(|(face, _)| face)
    }

    /// Puts an entity on a tile, whatever is there. Returns whether it came into another chunk.
    pub fn place(&mut self, entity: Entity, to: Position) -> bool {
        let tick = self.clock.tick;
        let Ok((mut face, mut stamps)) = self.bodies.get_mut(entity) else { return false };
        let grid = self.chunks.grid();
        let (old, new) = (grid.cell_of(face.position()), grid.cell_of(to));
        face.0.x = to.x;
        face.0.y = to.y;
        stamps.moved = tick;
        if old == new {
            note_change(entity, &mut stamps, &face, &self.clock, &mut self.chunks);
        } else {
            stamps.changed = tick;
            stamps.crossed = tick;
            self.chunks.cross(entity, face.0.id, Some(old), Some(new), tick);
        }
        self.hash.touch(entity);
        old != new
    }

    /// Makes a tile another one. Returns whether that is a change.
    pub fn set_tile(&mut self, position: Position, tile: u16) -> bool {
        let grid = self.chunks.grid();
        let Some(old) = self.terrain.set_tile(grid, position, tile, self.clock.tick) else { return false };
        self.chunks.touch(grid.cell_of(position));
        self.hash.change_tile(position, old, tile);
        true
    }
}

/// Lists an entity that changed without leaving its chunk, once between two deltas.
fn note_change(entity: Entity, stamps: &mut Stamps, face: &Face, clock: &Clock, chunks: &mut Chunks) {
    if stamps.changed <= clock.last_due {
        let cell = chunks.grid().cell_of(face.position());
        chunks.note_change(cell, entity);
    }
    stamps.changed = clock.tick;
}
