//! NPCs and the places they stay near. Each has its turn once a second, by the number of its entity, and then mostly
//! stays where it is. Where it goes follows from the seed of the world, the tick and its number: there is no state of
//! a generator to keep. They go where players can, but not where it hurts, and stand in nobody's way.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use tilemud_schema::{Direction, EntityId, Position, Tick};

use crate::body::Scene;
use crate::limits::STEP_CHANCE;
use crate::movement::distance;
use crate::state_hash::Mixer;

/// Where an NPC belongs.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The tile it was put on.
    pub position: Position,
    /// How far it goes from there, tiles, counted as the larger of the two distances; 0 stays.
    pub reach: u8,
}

/// The NPCs that wander, by the tick of the second in which it is their turn.
#[derive(Resource, Debug)]
pub struct Wanderers {
    seed: u64,
    /// In the order of their numbers.
    turns: Vec<Vec<(EntityId, Entity, Home)>>,
}

impl Wanderers {
    /// None, in a world of so many ticks a second.
    #[must_use]
    pub fn new(seed: u64, second: u32) -> Self {
        Self { seed, turns: vec![Vec::new(); second.max(1) as usize] }
    }

    /// The same ones, in a world of so many ticks a second.
    pub fn set_second(&mut self, second: u32) {
        let old = std::mem::replace(self, Self::new(self.seed, second));
        old.turns.into_iter().flatten().for_each(|(id, entity, home)| self.add(id, entity, home));
    }

    /// Lets an NPC wander.
    pub fn add(&mut self, id: EntityId, entity: Entity, home: Home) {
        if home.reach > 0 {
            let turn = self.turn(id.0);
            let turn = &mut self.turns[turn];
            turn.insert(turn.partition_point(|(other, _, _)| *other < id), (id, entity, home));
        }
    }

    /// Whether it is any NPC's turn.
    #[must_use]
    pub fn is_anyone_due(&self, tick: Tick) -> bool {
        !self.turns[self.turn(tick)].is_empty()
    }

    fn turn(&self, number: u64) -> usize {
        (number % self.turns.len() as u64) as usize
    }

    fn chance(&self, tick: Tick, id: EntityId) -> u64 {
        Mixer::new(self.seed).with(WANDER).with(tick).with(id.0).finish()
    }
}

const WANDER: u64 = 7;

/// Moves those whose turn it is.
pub fn wander(wanderers: Res<Wanderers>, mut scene: Scene) {
    let tick = scene.clock.tick;
    for &(id, entity, home) in &wanderers.turns[wanderers.turn(tick)] {
        let chance = wanderers.chance(tick, id);
        if !chance.is_multiple_of(STEP_CHANCE) {
            continue;
        }
        let Some(from) = scene.face(entity).map(|face| face.position()) else { continue };
        let (dx, dy) = Direction::ALL[(chance >> 32) as usize % Direction::ALL.len()].step();
        let to = Position { x: from.x + dx, y: from.y + dy };
        let is_near = distance(to, home.position) <= u32::from(home.reach);
        if is_near && scene.terrain.is_free(to) && scene.terrain.damage(to) == 0 {
            scene.place(entity, to);
        }
    }
}
