//! NPCs and the places they stay near. Each has its turn once a second and mostly stays where it
//! is. Its direction follows from the seed of the world, the tick and its number, so there is no
//! state of a generator to keep. NPCs go where players can, except onto tiles that hurt, and block
//! nobody.

use bevy_ecs::prelude::*;
use tilemud_schema::{Direction, EntityId, Position, Tick};

use crate::limits::STEP_CHANCE;
use crate::reserve::reserve_ahead;
use crate::world::body::Id;
use crate::world::grid::distance;
use crate::world::mixer::Mixer;
use crate::world::scene::Scene;
use crate::world::wanderers::{Seed, Wander};

/// An NPC that is about to take a step: its number, its entity, what decides the direction, and its
/// place.
type Step = (EntityId, Entity, u64, Wander);

/// Moves those whose turn it is, in the order of their numbers.
pub fn wander(
    seed: Res<Seed>,
    wanderers: Query<(Entity, &Id, &Wander)>,
    mut scene: Scene,
    mut steps: Local<Vec<Step>>,
) {
    let (tick, is_turn_of) = (scene.clock.tick, scene.clock.whose_turn());
    // A loop from inside is quicker than `for`, which asks for one after the other.
    wanderers.iter().filter(|(_, Id(id), _)| is_turn_of(*id)).for_each(|(entity, Id(id), wanderer)| {
        let chance = chance(&seed, tick, *id);
        if wanderer.reach > 0 && chance.is_multiple_of(STEP_CHANCE) {
            steps.push((*id, entity, chance, *wanderer));
        }
    });
    steps.sort_unstable_by_key(|(id, ..)| *id);
    reserve_ahead(&mut steps);
    for (_, entity, chance, wanderer) in steps.drain(..) {
        let Some(from) = scene.position(entity) else { continue };
        let (dx, dy) = Direction::ALL[(chance >> 32) as usize % Direction::ALL.len()].step();
        let to = Position { x: from.x + dx, y: from.y + dy };
        let is_near = distance(to, wanderer.home) <= u32::from(wanderer.reach);
        if is_near && scene.terrain.is_free(to) && scene.terrain.damage(to) == 0 {
            scene.place(entity, to);
        }
    }
}

/// What decides where an NPC goes.
fn chance(Seed(seed): &Seed, tick: Tick, id: EntityId) -> u64 {
    Mixer::new(*seed).with(WANDER).with(tick).with(id.0).finish()
}

const WANDER: u64 = 7;
