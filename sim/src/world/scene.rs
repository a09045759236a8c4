//! The only place that changes what others see of the world: entities are added, removed and
//! changed here, together with chunks, hashes and terrain.

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{EntityId, EntityKind, Position};

use crate::limits::HEALTH_MAX;
use crate::world::body::{Appearance, Away, Body, Door, EntityIds, Health, Id, Stack, TilePosition};
use crate::world::character::Character;
use crate::world::chunks::Chunks;
use crate::world::clock::Clock;
use crate::world::hashes::{Fingerprint, StateHash};
use crate::world::inventory::Inventory;
use crate::world::origins::Origins;
use crate::world::session::Session;
use crate::world::spawners::Spawners;
use crate::world::terrain::Terrain;
use crate::world::wanderers::{Wander, Wanderers};

/// Puts a player's character into the world.
pub fn put_player(world: &mut World, body: Body, mut character: Character, session: Session) -> Entity {
    let (health, inventory) = (Health(character.own.health), Inventory(std::mem::take(&mut character.own.inventory)));
    put(world, body, (health, Away(false), inventory, character, session))
}

/// Puts an NPC into the world.
pub fn put_npc(world: &mut World, body: Body, wanderer: Option<Wander>) {
    let id = body.id.0;
    let entity = put(world, body, ());
    if let Some(wanderer) = wanderer {
        world.entity_mut(entity).insert(wanderer);
        world.resource_mut::<Wanderers>().add(id, entity, wanderer);
    }
}

/// Puts items into the world.
pub fn put_item(world: &mut World, body: Body, quantity: u32) {
    put(world, body, Stack(quantity));
}

/// Puts a door into the world.
pub fn put_door(world: &mut World, body: Body, open: bool) {
    if !open {
        world.resource_mut::<Terrain>().set_obstacle(body.position.tile, true);
    }
    put(world, body, Door { open });
}

fn put(world: &mut World, body: Body, more: impl Bundle) -> Entity {
    let (tick, id, position) = (world.resource::<Clock>().tick, body.id.0, body.position.tile);
    let entity = world.spawn((body, more)).id();
    world.resource_mut::<EntityIds>().entities.insert(id, entity);
    world.resource_mut::<Chunks>().take_in(entity, id, position, tick);
    world.resource_mut::<StateHash>().touch(entity);
    entity
}

/// Takes an entity out of the world.
pub fn despawn(world: &mut World, entity: Entity) {
    let (tick, second) = (world.resource::<Clock>().tick, world.resource::<Clock>().second());
    let Ok(parts) = world.get_entity(entity).map(|it| it.get_components::<(&Id, &TilePosition, &Fingerprint)>()) else {
        return;
    };
    let Ok((Id(id), TilePosition { tile, .. }, fingerprint)) = parts else { return };
    let (id, position, part) = (*id, *tile, fingerprint.part());
    world.resource_scope(|world, mut hash: Mut<StateHash>| {
        hash.forget(part);
        world.resource_mut::<Spawners>().gone(id, tick, second, &mut hash);
    });
    world.resource_mut::<EntityIds>().entities.remove(&id);
    world.resource_mut::<Origins>().remove(id);
    world.resource_mut::<Chunks>().let_go(entity, position, tick);
    if world.get::<Door>(entity).is_some_and(|door| !door.open) {
        world.resource_mut::<Terrain>().set_obstacle(position, false);
    }
    world.despawn(entity);
}

/// Shows a player's character as away, or as back. Not part of the hashes: a connection is no state
/// of the world, and a replay has none.
pub fn set_away(world: &mut World, entity: Entity, is_away: bool) {
    let Some(mut away) = world.get_mut::<Away>(entity) else { return };
    if away.0 != is_away {
        away.0 = is_away;
        world.resource_scope(|world, clock: Mut<Clock>| {
            world.resource_mut::<Chunks>().note_change(entity, &clock);
        });
    }
}

/// The one way to change what is seen while intents are applied.
#[derive(SystemParam)]
pub struct Scene<'w, 's> {
    pub clock: Res<'w, Clock>,
    /// What blocks the way.
    pub terrain: ResMut<'w, Terrain>,
    pub chunks: ResMut<'w, Chunks>,
    /// The hash of it all.
    pub hash: ResMut<'w, StateHash>,
    pub ids: ResMut<'w, EntityIds>,
    bodies: Query<'w, 's, (&'static Id, &'static mut TilePosition)>,
    appearances: Query<'w, 's, &'static Appearance>,
    healths: Query<'w, 's, (Entity, &'static Id, &'static mut Health)>,
    doors: Query<'w, 's, &'static mut Door>,
}

impl Scene<'_, '_> {
    /// Number and tile of an entity.
    #[must_use]
    pub fn body(&self, entity: Entity) -> Option<(EntityId, Position)> {
        self.bodies.get(entity).ok().map(|(id, position)| (id.0, position.tile))
    }

    /// The tile an entity is on.
    #[must_use]
    pub fn position(&self, entity: Entity) -> Option<Position> {
        self.body(entity).map(|(_, position)| position)
    }

    /// The health of a player's entity.
    #[must_use]
    pub fn health(&self, entity: Entity) -> Option<i32> {
        self.healths.get(entity).ok().map(|(_, _, health)| health.0)
    }

    /// The players' entities whose health may change by itself, of those whose numbers are asked
    /// for: they are hurt or stand on a tile that hurts.
    pub fn mortals(&self, is_asked_for: impl Fn(EntityId) -> bool) -> impl Iterator<Item = (EntityId, Entity)> {
        let can_hurt = self.terrain.can_hurt();
        let is_on_fire = |entity| self.position(entity).is_some_and(|place| self.terrain.damage(place) > 0);
        let mortals = self.healths.iter().filter(move |(entity, Id(id), health)| {
            let is_hurt = health.0 < HEALTH_MAX;
            (is_hurt || can_hurt) && is_asked_for(*id) && (is_hurt || is_on_fire(*entity))
        });
        mortals.map(|(entity, Id(id), _)| (*id, entity))
    }

    /// Whether an entity is a door, and whether that is open.
    #[must_use]
    pub fn is_open(&self, entity: Entity) -> Option<bool> {
        self.doors.get(entity).ok().map(|door| door.open)
    }

    /// What kind of thing an entity is.
    #[must_use]
    pub fn kind(&self, entity: Entity) -> Option<EntityKind> {
        self.appearances.get(entity).ok().map(|appearance| appearance.kind)
    }

    /// Puts an entity on a tile, whatever is there.
    pub fn place(&mut self, entity: Entity, to: Position) {
        let Ok((_, mut position)) = self.bodies.get_mut(entity) else { return };
        let from = position.go(to, self.clock.tick);
        self.chunks.relocate(entity, from, to, &self.clock);
        self.hash.touch(entity);
    }

    /// Changes the health of a player's entity.
    pub fn set_health(&mut self, entity: Entity, points: i32) {
        let Ok((_, _, mut health)) = self.healths.get_mut(entity) else { return };
        health.0 = points;
        self.chunks.note_change(entity, &self.clock);
        self.hash.touch(entity);
    }

    /// Opens or closes a door.
    pub fn set_open(&mut self, entity: Entity, open: bool) {
        let (Ok((_, position)), Ok(mut door)) = (self.bodies.get(entity), self.doors.get_mut(entity)) else { return };
        door.open = open;
        self.chunks.note_change(entity, &self.clock);
        self.hash.touch(entity);
        self.terrain.set_obstacle(position.tile, !open);
    }

    /// Changes a tile. Returns whether it was another one before.
    pub fn set_tile(&mut self, position: Position, tile: u16) -> bool {
        let grid = self.chunks.grid();
        let Some(old) = self.terrain.set_tile(grid, position, tile, self.clock.tick) else { return false };
        self.chunks.touch(grid.cell_of(position));
        let original = self.terrain.map_tile(position.x, position.y).unwrap_or(old);
        self.hash.change_tile(position, original, old, tile);
        true
    }
}
