//! NPCs and the places they stay near. Each has its turn once a second, by the number of its
//! entity, and mostly stays where it is. Its direction follows from the seed of the world, the tick
//! and its number, so there is no state of a generator to keep. NPCs go where players can, except
//! onto tiles that hurt and into warps, and block nobody.

use bevy_ecs::prelude::*;
use tilemud_schema::{Direction, Position};

use crate::limits::STEP_CHANCE;
use crate::world::grid::distance;
use crate::world::scene::Scene;
use crate::world::wanderers::Wanderers;

/// Moves those whose turn it is.
pub fn wander(wanderers: Res<Wanderers>, mut scene: Scene) {
    let tick = scene.clock.tick;
    for &(id, entity, wanderer) in wanderers.due(tick) {
        let chance = wanderers.chance(tick, id);
        if !chance.is_multiple_of(STEP_CHANCE) {
            continue;
        }
        let Some(from) = scene.position(entity) else { continue };
        let (dx, dy) = Direction::ALL[(chance >> 32) as usize % Direction::ALL.len()].step();
        let to = Position { x: from.x + dx, y: from.y + dy };
        let is_near = distance(to, wanderer.home) <= u32::from(wanderer.reach);
        if is_near && scene.terrain.landing(to) == Some(to) && scene.terrain.damage(to) == 0 {
            scene.place(entity, to);
        }
    }
}
