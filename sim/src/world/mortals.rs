//! Characters whose health may change by itself, and their turns. The number of an entity says in
//! which tick of a second its turn is, so there are no timers, and a tick only visits those whose
//! turn it is.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use tilemud_schema::{EntityId, Tick};

/// Players' entities that are hurt or may stand on a tile that hurts, by the tick of the second in
/// which they have their turn.
#[derive(Resource, Debug)]
pub struct Mortals {
    turns: Vec<BTreeMap<EntityId, Entity>>,
}

impl Mortals {
    /// Empty, for this many ticks per second.
    #[must_use]
    pub fn new(second: u32) -> Self {
        Self { turns: vec![BTreeMap::new(); second.max(1) as usize] }
    }

    /// Sorts them anew for this many ticks per second.
    pub fn set_second(&mut self, second: u32) {
        let old = std::mem::replace(self, Self::new(second));
        old.turns.into_iter().flatten().for_each(|(id, entity)| self.watch(id, entity));
    }

    /// Adds an entity.
    pub fn watch(&mut self, id: EntityId, entity: Entity) {
        let turn = self.turn(id.0);
        self.turns[turn].insert(id, entity);
    }

    /// Whether it is anybody's turn.
    #[must_use]
    pub fn is_anyone_due(&self, tick: Tick) -> bool {
        !self.turns[self.turn(tick)].is_empty()
    }

    /// The next tick after this one in which it is somebody's turn.
    #[must_use]
    pub fn next_due(&self, tick: Tick) -> Option<Tick> {
        next_in_turn(tick, self.turns.len(), |turn| !self.turns[turn].is_empty())
    }

    fn turn(&self, number: u64) -> usize {
        (number % self.turns.len() as u64) as usize
    }

    /// Those whose turn it is.
    pub fn due(&mut self, tick: Tick) -> &mut BTreeMap<EntityId, Entity> {
        let turn = self.turn(tick);
        &mut self.turns[turn]
    }
}

/// The next tick after this one whose place in a second of `ticks` satisfies a condition.
pub(super) fn next_in_turn(tick: Tick, second: usize, is_wanted: impl Fn(usize) -> bool) -> Option<Tick> {
    let second = second as u64;
    (tick + 1..=tick + second).find(|next| is_wanted((next % second) as usize))
}
