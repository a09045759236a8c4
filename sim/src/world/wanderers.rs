//! NPCs and the places they stay near. Each has its turn once a second, by the number of its
//! entity.
//!
//! They are listed by their turns. A query over all of them in every tick makes one of 5,000
//! walking players and 50,000 entities take 3.7 % more instructions (`perf sim-only`, release
//! build), and the tick whose instructions a test counts 6 % more.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use tilemud_schema::{EntityId, Position, Tick};

use crate::world::mixer::Mixer;

/// An NPC that wanders, or stays.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wander {
    /// The tile it was put on.
    pub home: Position,
    /// How far it goes from there, tiles, counted as the larger of the two distances; 0 stays.
    pub reach: u8,
}

/// The NPCs that wander, by the tick of the second in which it is their turn.
#[derive(Resource, Debug)]
pub struct Wanderers {
    seed: u64,
    /// In the order of their numbers.
    turns: Vec<Vec<(EntityId, Entity, Wander)>>,
}

impl Wanderers {
    /// Empty, for this many ticks per second.
    #[must_use]
    pub fn new(seed: u64, second: u32) -> Self {
        Self { seed, turns: vec![Vec::new(); second.max(1) as usize] }
    }

    /// Sorts them anew for this many ticks per second.
    pub fn set_second(&mut self, second: u32) {
        let old = std::mem::replace(self, Self::new(self.seed, second));
        old.turns.into_iter().flatten().for_each(|(id, entity, wanderer)| self.add(id, entity, wanderer));
    }

    /// Lets an NPC wander.
    pub fn add(&mut self, id: EntityId, entity: Entity, wanderer: Wander) {
        if wanderer.reach > 0 {
            let turn = self.turn(id.0);
            let turn = &mut self.turns[turn];
            turn.insert(turn.partition_point(|(other, _, _)| *other < id), (id, entity, wanderer));
        }
    }

    /// The next tick after this one in which it is any NPC's turn.
    #[must_use]
    pub fn next_due(&self, tick: Tick) -> Option<Tick> {
        (tick + 1..=tick + self.turns.len() as u64).find(|next| !self.due(*next).is_empty())
    }

    /// Those whose turn it is, in the order of their numbers.
    #[must_use]
    pub fn due(&self, tick: Tick) -> &[(EntityId, Entity, Wander)] {
        &self.turns[self.turn(tick)]
    }

    fn turn(&self, number: u64) -> usize {
        (number % self.turns.len() as u64) as usize
    }

    /// What decides where an NPC goes.
    #[must_use]
    pub fn chance(&self, tick: Tick, id: EntityId) -> u64 {
        Mixer::new(self.seed).with(WANDER).with(tick).with(id.0).finish()
    }
}

const WANDER: u64 = 7;
