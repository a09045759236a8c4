//! Things come back: each spawner whose turn it is makes one of its things, where it can. Where
//! follows from the seed of the world, the tick and the spawner, so there is no state of a
//! generator to keep.

use bevy_ecs::prelude::*;
use tilemud_schema::{EntityId, EntityKind, Position, Tick};

use crate::limits::{SPAWN_TRIES, SPAWNED_PER_TICK_MAX};
use crate::map::Spawner;
use crate::world::body::{Appearance, Body, EntityIds};
use crate::world::chunks::Chunks;
use crate::world::clock::Clock;
use crate::world::hashes::StateHash;
use crate::world::occupants::Occupant;
use crate::world::scene;
use crate::world::spawners::{SpawnerState, Spawners, ticks};
use crate::world::terrain::Terrain;

/// Whether any has its turn.
pub fn is_due(spawners: Res<Spawners>, clock: Res<Clock>) -> bool {
    spawners.due(clock.tick).is_some()
}

/// Lets those make their things whose turn it is. Beyond [`SPAWNED_PER_TICK_MAX`] they have it in
/// the next tick.
pub fn restock(world: &mut World) {
    let (tick, second) = (world.resource::<Clock>().tick, world.resource::<Clock>().second());
    for _ in 0..SPAWNED_PER_TICK_MAX {
        let Some((index, spawner)) = world.resource::<Spawners>().due(tick) else { return };
        let spawner = spawner.clone();
        let Some(place) = place(world, index, &spawner, tick) else {
            change(world, |spawners, hash| spawners.found_none(index, tick, second, hash));
            continue;
        };
        let id = world.resource_mut::<EntityIds>().draw();
        let appearance = Appearance { kind: EntityKind::Item, name: spawner.name, look: spawner.kind };
        scene::put_item(world, Body::new(id, appearance, place), spawner.quantity);
        change(world, |spawners, hash| spawners.made(index, id, tick, second, hash));
    }
}

/// Lets the map say what comes back. Spawners that it has as before go on as they were; others wait
/// for their time.
pub fn renew(world: &mut World) {
    let wanted = world.resource::<Terrain>().map().spawners.clone();
    if world.resource::<Spawners>().definitions().eq(&wanted) {
        return;
    }
    let mut known = world.resource::<Spawners>().states();
    change(world, Spawners::clear);
    let (tick, second) = (world.resource::<Clock>().tick, world.resource::<Clock>().second());
    for (index, spawner) in wanted.into_iter().enumerate() {
        let state = if let Some(as_before) = known.iter().position(|state| state.spawner == spawner) {
            known.remove(as_before)
        } else {
            let lying = if spawner.is_place { pile(world, &spawner) } else { None };
            let wait = match lying {
                Some(_) => None,
                None if spawner.is_place => Some(ticks(&spawner, second)),
                None => Some(world.resource::<Spawners>().first_wait(index, &spawner, second)),
            };
            SpawnerState { spawner, due: wait.map(|wait| tick + wait), things: lying.into_iter().collect() }
        };
        change(world, |spawners, hash| spawners.add(state, hash));
    }
}

fn change(world: &mut World, change: impl FnOnce(&mut Spawners, &mut StateHash)) {
    world.resource_scope(|world, mut spawners: Mut<Spawners>| {
        change(&mut spawners, &mut world.resource_mut::<StateHash>());
    });
}

/// A place for a thing. The place of an item of the map is taken while something of its kind lies
/// there or something solid is built on it; elsewhere it is a tile on which one can walk and
/// nothing lies and nobody stands.
fn place(world: &World, index: usize, spawner: &Spawner, tick: Tick) -> Option<Position> {
    let (terrain, spawners) = (world.resource::<Terrain>(), world.resource::<Spawners>());
    if spawner.is_place {
        let place = Position { x: spawner.x, y: spawner.y };
        let (tile, map) = (terrain.tile(place)?, terrain.map());
        let is_built_over = Some(tile) != terrain.map_tile(place.x, place.y) && map.tileset.is_solid(tile);
        return (!is_built_over && things_at(world, place, &spawner.kind).next().is_none()).then_some(place);
    }
    (0..SPAWN_TRIES).find_map(|attempt| {
        let chance = spawners.chance(tick, index, attempt);
        let within = |chance: u64, count: i32| (chance % u64::from(count.unsigned_abs().max(1))) as i32;
        let (x, y) = (within(chance & 0xffff_ffff, spawner.width), within(chance >> 32, spawner.height));
        let place = Position { x: spawner.x + x, y: spawner.y + y };
        let is_free = terrain.landing(place) == Some(place) && standing_at(world, place).next().is_none();
        is_free.then_some(place)
    })
}

/// What lies at the place of an item of the map and is nobody's yet, the oldest of it.
fn pile(world: &World, spawner: &Spawner) -> Option<EntityId> {
    let spawners = world.resource::<Spawners>();
    let lying = things_at(world, Position { x: spawner.x, y: spawner.y }, &spawner.kind);
    lying.map(|occupant| occupant.id).filter(|id| !spawners.has_made(*id)).min()
}

fn things_at<'w>(world: &'w World, place: Position, kind: &'w str) -> impl Iterator<Item = &'w Occupant> {
    standing_at(world, place).filter(move |occupant| {
        let appearance = world.get::<Appearance>(occupant.entity);
        appearance.is_some_and(|appearance| appearance.kind == EntityKind::Item && *appearance.look == *kind)
    })
}

fn standing_at(world: &World, place: Position) -> impl Iterator<Item = &Occupant> {
    let chunks = world.resource::<Chunks>();
    chunks.occupants(chunks.grid().cell_of(place)).filter(move |occupant| occupant.position == place)
}
