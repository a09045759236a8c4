//! The one way to change what others see of the world: entities are put into it, taken out and changed here, so that nothing
//! changes unnoticed.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{Entity as PublicEntity, EntityKind, Position};

use crate::limits::HEALTH_MAX;
use crate::world::body::{EntityIds, Face, Stamps};
use crate::world::chunks::Chunks;
use crate::world::clock::Clock;
use crate::world::frail::Frail;
use crate::world::hashes::{Fingerprint, StateHash};
use crate::world::item::Stack;
use crate::world::terrain::Terrain;
use crate::world::wanderers::{Home, Wanderers};

/// Puts an entity into the world.
pub fn put(world: &mut World, face: PublicEntity) -> Entity {
    let tick = world.resource::<Clock>().tick;
    let (id, position, is_closed) = (face.id, Position { x: face.x, y: face.y }, face.open == Some(false));
    let entity = world.spawn((Face(face.clone()), Stamps::all(tick, position), Fingerprint::default())).id();
    world.resource_mut::<EntityIds>().entities.insert(id, entity);
    world.resource_mut::<Chunks>().take_in(entity, face, tick);
    world.resource_mut::<StateHash>().touch(entity);
    if is_closed {
        world.resource_mut::<Terrain>().set_obstacle(position, true);
    }
    entity
}

/// Puts an NPC, an item or a door into the world.
pub fn put_object(world: &mut World, face: PublicEntity, stack: Option<Stack>, home: Option<Home>) {
    let id = face.id;
    let entity = put(world, face);
    if let Some(stack) = stack {
        world.entity_mut(entity).insert(stack);
    }
    if let Some(home) = home {
        world.entity_mut(entity).insert(home);
        world.resource_mut::<Wanderers>().add(id, entity, home);
    }
}

/// Takes an entity out of the world.
pub fn despawn(world: &mut World, entity: Entity) {
    let tick = world.resource::<Clock>().tick;
    let (Some(face), Some(fingerprint)) = (world.get::<Face>(entity), world.get::<Fingerprint>(entity)) else {
        return;
    };
    let (id, position, closed) = (face.0.id, face.position(), face.0.open == Some(false));
    let part = fingerprint.part();
    world.resource_mut::<StateHash>().forget(part);
    world.resource_mut::<EntityIds>().entities.remove(&id);
    let mut chunks = world.resource_mut::<Chunks>();
    let cell = chunks.grid().cell_of(position);
    chunks.let_go(entity, cell, tick);
    if closed {
        world.resource_mut::<Terrain>().set_obstacle(position, false);
    }
    world.despawn(entity);
}

/// Shows a player's character as away, or as back. Not part of the hashes: a connection is no state of the world, and a
/// replay has none.
pub fn set_away(world: &mut World, entity: Entity, away: bool) {
    let (clock, stamps) = (*world.resource::<Clock>(), world.get::<Stamps>(entity).copied());
    let (Some(mut face), Some(mut stamps)) = (world.get_mut::<Face>(entity), stamps) else { return };
    if face.0.away.unwrap_or(false) == away {
        return;
    }
    face.0.away = away.then_some(true);
    let face = face.clone();
    stamps.turned = clock.tick;
    note_change(entity, &mut stamps, &face, &clock, &mut world.resource_mut::<Chunks>());
    world.entity_mut(entity).insert(stamps);
}

/// The one way to change faces while intents are applied.
#[derive(SystemParam)]
pub struct Scene<'w, 's> {
    pub clock: Res<'w, Clock>,
    /// What blocks the way.
    pub terrain: ResMut<'w, Terrain>,
    pub chunks: ResMut<'w, Chunks>,
    /// The hash of it all.
    pub hash: ResMut<'w, StateHash>,
    pub ids: Res<'w, EntityIds>,
    /// Who has to be looked after.
    pub frail: ResMut<'w, Frail>,
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
        stamps.leave(face.position(), tick);
        face.0.x = to.x;
        face.0.y = to.y;
        if old == new {
            note_change(entity, &mut stamps, &face, &self.clock, &mut self.chunks);
        } else {
            stamps.changed = tick;
            stamps.crossed = tick;
            self.chunks.cross(entity, old, new, to, tick);
        }
        self.hash.touch(entity);
        if self.terrain.damage(to) > 0 && face.0.kind == EntityKind::Player {
            self.frail.watch(face.0.id, entity);
        }
        old != new
    }

    /// Changes the health of a player's entity.
    pub fn set_health(&mut self, entity: Entity, health: i32) {
        let Ok((mut face, mut stamps)) = self.bodies.get_mut(entity) else { return };
        face.0.health = Some(health);
        stamps.hurt = self.clock.tick;
        note_change(entity, &mut stamps, &face, &self.clock, &mut self.chunks);
        self.hash.touch(entity);
        if health < HEALTH_MAX {
            self.frail.watch(face.0.id, entity);
        }
    }

    /// Opens or closes a door.
    pub fn set_open(&mut self, entity: Entity, open: bool) {
        let Ok((mut face, mut stamps)) = self.bodies.get_mut(entity) else { return };
        face.0.open = Some(open);
        stamps.opened = self.clock.tick;
        note_change(entity, &mut stamps, &face, &self.clock, &mut self.chunks);
        self.hash.touch(entity);
        self.terrain.set_obstacle(face.position(), !open);
    }

    /// Makes a tile another one. Returns whether that is a change.
    pub fn set_tile(&mut self, position: Position, tile: u16) -> bool {
        let grid = self.chunks.grid();
        let Some(old) = self.terrain.set_tile(grid, position, tile, self.clock.tick) else { return false };
        self.chunks.touch(grid.cell_of(position));
        if self.terrain.damage(position) > 0 {
            for occupant in self.chunks.occupants(grid.cell_of(position)) {
                if occupant.position() == position && occupant.face.kind == EntityKind::Player {
                    self.frail.watch(occupant.face.id, occupant.entity);
                }
            }
        }
        let original = self.terrain.map_tile(position.x, position.y).unwrap_or(old);
        self.hash.change_tile(position, original, old, tile);
        true
    }
}

/// Shows and lists an entity that changed without leaving its chunk; lists it once between two deltas.
fn note_change(entity: Entity, stamps: &mut Stamps, face: &Face, clock: &Clock, chunks: &mut Chunks) {
    let cell = chunks.grid().cell_of(face.position());
    chunks.show(entity, &face.0);
    if stamps.changed <= clock.last_due {
        chunks.note_change(cell, entity);
    }
    stamps.changed = clock.tick;
}
