//! What makes things come back: where, what, how many and how often, and when each has its next
//! turn. Taken from the map when a world begins; from then on it is state of the world, so that a
//! replay does not depend on what a later map says.
//!
//! A spawner whose things all lie there waits for nothing. It is woken when one of them is taken,
//! and its turn is listed by tick: a tick in which no spawner has one costs a look at the list.

use std::collections::BTreeSet;

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tilemud_schema::{EntityId, Tick};

use crate::map::Spawner;
use crate::world::hashes::StateHash;
use crate::world::mixer::Mixer;

/// A spawner as it is between two ticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpawnerState {
    pub spawner: Spawner,
    /// The tick in which it has its turn; `None` while all of its things are there.
    pub due: Option<Tick>,
    /// Its things that nobody has taken, in the order of their numbers.
    pub things: Vec<EntityId>,
}

#[derive(Debug)]
struct Known {
    spawner: Spawner,
    due: Option<Tick>,
    things: u32,
}

/// The spawners of a world, known by their index.
#[derive(Resource, Debug)]
pub struct Spawners {
    seed: u64,
    all: Vec<Known>,
    turns: BTreeSet<(Tick, usize)>,
    /// Whose a thing is.
    things: FxHashMap<EntityId, usize>,
}

impl Spawners {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, all: Vec::new(), turns: BTreeSet::new(), things: FxHashMap::default() }
    }

    /// What they are, without what became of them.
    pub fn definitions(&self) -> impl Iterator<Item = &Spawner> {
        self.all.iter().map(|known| &known.spawner)
    }

    /// All of it, by index.
    #[must_use]
    pub fn states(&self) -> Vec<SpawnerState> {
        let state = |known: &Known| SpawnerState { spawner: known.spawner.clone(), due: known.due, things: Vec::new() };
        let mut states: Vec<_> = self.all.iter().map(state).collect();
        for (id, index) in &self.things {
            states[*index].things.push(*id);
        }
        states.iter_mut().for_each(|state| state.things.sort_unstable());
        states
    }

    /// Takes in one more.
    pub fn add(&mut self, state: SpawnerState, hash: &mut StateHash) {
        let index = self.all.len();
        let SpawnerState { spawner, due, things } = state;
        self.all.push(Known { spawner, due: None, things: 0 });
        hash.change(false, 0, timer_part(index, None));
        for id in things {
            self.own(index, id, hash);
        }
        self.set_due(index, due, hash);
    }

    /// Forgets all of them.
    pub fn clear(&mut self, hash: &mut StateHash) {
        for (index, known) in self.all.drain(..).enumerate() {
            hash.change(false, timer_part(index, known.due), 0);
        }
        for (id, index) in self.things.drain() {
            hash.change(false, thing_part(index, id), 0);
        }
        self.turns.clear();
    }

    /// Whose turn it is, the one that waits the longest, if any.
    #[must_use]
    pub fn due(&self, tick: Tick) -> Option<(usize, &Spawner)> {
        let (_, index) = self.turns.first().filter(|(due, _)| *due <= tick)?;
        Some((*index, &self.all[*index].spawner))
    }

    /// The next tick after this one in which one has its turn. Some may have been left over.
    #[must_use]
    pub fn next_due(&self, tick: Tick) -> Option<Tick> {
        self.turns.first().map(|(due, _)| (*due).max(tick + 1))
    }

    /// Whether a thing is one of theirs.
    #[must_use]
    pub fn has_made(&self, id: EntityId) -> bool {
        self.things.contains_key(&id)
    }

    /// Takes in that one of them has made a thing. Its next turn is after its time, if there is
    /// room for one more.
    pub fn made(&mut self, index: usize, id: EntityId, tick: Tick, second: u32, hash: &mut StateHash) {
        self.own(index, id, hash);
        let Known { spawner, things, .. } = &self.all[index];
        let due = (*things < spawner.number).then(|| tick + ticks(spawner, second));
        self.set_due(index, due, hash);
    }

    /// Takes in that one of them found no place. It tries again after its time.
    pub fn found_none(&mut self, index: usize, tick: Tick, second: u32, hash: &mut StateHash) {
        let due = tick + ticks(&self.all[index].spawner, second);
        self.set_due(index, Some(due), hash);
    }

    /// Takes in that a thing is no more, whoever's it was.
    pub fn gone(&mut self, id: EntityId, tick: Tick, second: u32, hash: &mut StateHash) {
        let Some(index) = self.things.remove(&id) else { return };
        hash.change(false, thing_part(index, id), 0);
        let known = &mut self.all[index];
        known.things -= 1;
        if known.due.is_none() {
            let due = tick + ticks(&known.spawner, second);
            self.set_due(index, Some(due), hash);
        }
    }

    /// Says how many ticks a second has from this tick on, and how many it had: who waits goes on
    /// waiting for the rest of the time.
    pub fn set_second(&mut self, tick: Tick, before: u32, second: u32, hash: &mut StateHash) {
        if before == second {
            return;
        }
        let (before, second) = (u64::from(before.max(1)), u64::from(second.max(1)));
        let waiting = self.all.iter().enumerate().filter_map(|(index, known)| Some((index, known.due?)));
        for (index, due) in waiting.collect::<Vec<_>>() {
            let left = due.saturating_sub(tick).saturating_mul(second).div_ceil(before);
            self.set_due(index, Some(tick.saturating_add(left)), hash);
        }
    }

    /// What decides where a thing appears.
    #[must_use]
    pub fn chance(&self, tick: Tick, index: usize, attempt: u64) -> u64 {
        Mixer::new(self.seed).with(SPAWNING).with(tick).with(index as u64).with(attempt).finish()
    }

    /// A part of the time of one of them, so that those of a new world do not all have their turn
    /// at once; at least a tick.
    #[must_use]
    pub fn first_wait(&self, index: usize, spawner: &Spawner, second: u32) -> Tick {
        1 + self.chance(0, index, 0) % ticks(spawner, second)
    }

    fn own(&mut self, index: usize, id: EntityId, hash: &mut StateHash) {
        if self.things.insert(id, index).is_none() {
            self.all[index].things += 1;
            hash.change(false, 0, thing_part(index, id));
        }
    }

    fn set_due(&mut self, index: usize, due: Option<Tick>, hash: &mut StateHash) {
        let before = std::mem::replace(&mut self.all[index].due, due);
        if let Some(before) = before {
            self.turns.remove(&(before, index));
        }
        if let Some(due) = due {
            self.turns.insert((due, index));
        }
        hash.change(false, timer_part(index, before), timer_part(index, due));
    }
}

/// From one thing to the next, ticks; at least 1.
pub fn ticks(spawner: &Spawner, second: u32) -> Tick {
    (u64::from(spawner.every_s) * u64::from(second)).max(1)
}

fn timer_part(index: usize, due: Option<Tick>) -> u64 {
    Mixer::new(SPAWNER).with(index as u64).with(u64::from(due.is_some())).with(due.unwrap_or(0)).finish()
}

fn thing_part(index: usize, id: EntityId) -> u64 {
    Mixer::new(SPAWNED).with(index as u64).with(id.0).finish()
}

const SPAWNER: u64 = 8;

const SPAWNED: u64 = 9;

const SPAWNING: u64 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn spawner(number: u32, every_s: u32) -> Spawner {
        Spawner {
            kind: "apple".into(),
            name: "Apple".into(),
            x: 0,
            y: 0,
            width: 1,
            height: 1,
            quantity: 1,
            number,
            every_s,
            is_place: false,
        }
    }

    #[test]
    fn one_has_its_turn_until_all_its_things_are_there_and_again_when_one_is_gone() {
        let (mut spawners, mut hash) = (Spawners::new(1), StateHash::default());
        spawners.add(SpawnerState { spawner: spawner(2, 3), due: Some(10), things: Vec::new() }, &mut hash);
        assert_eq!((spawners.due(9).is_none(), spawners.next_due(4)), (true, Some(10)));
        assert_eq!(spawners.due(10).map(|(index, _)| index), Some(0));
        spawners.made(0, EntityId(1), 10, 20, &mut hash);
        assert_eq!(spawners.next_due(10), Some(70));
        spawners.made(0, EntityId(2), 70, 20, &mut hash);
        assert_eq!(spawners.next_due(70), None, "both are there");
        spawners.gone(EntityId(1), 100, 20, &mut hash);
        spawners.gone(EntityId(2), 110, 20, &mut hash);
        spawners.gone(EntityId(9), 115, 20, &mut hash);
        assert_eq!(spawners.next_due(115), Some(160), "it waits from the first on");
    }

    #[test]
    fn who_is_left_over_has_its_turn_in_the_next_tick() {
        let (mut spawners, mut hash) = (Spawners::new(1), StateHash::default());
        for due in [5, 5, 7] {
            spawners.add(SpawnerState { spawner: spawner(1, 1), due: Some(due), things: Vec::new() }, &mut hash);
        }
        spawners.found_none(0, 5, 20, &mut hash);
        assert_eq!((spawners.due(6).map(|(index, _)| index), spawners.next_due(6)), (Some(1), Some(7)));
        assert_eq!(spawners.next_due(30), Some(31));
    }

    #[test]
    fn at_another_rate_of_ticks_the_rest_of_the_time_is_waited_for() {
        let (mut spawners, mut hash) = (Spawners::new(1), StateHash::default());
        spawners.add(SpawnerState { spawner: spawner(1, 3), due: Some(130), things: Vec::new() }, &mut hash);
        spawners.set_second(100, 20, 50, &mut hash);
        assert_eq!(spawners.next_due(100), Some(175));
        spawners.set_second(174, 50, 20, &mut hash);
        assert_eq!(spawners.next_due(174), Some(175));
    }

    #[test]
    fn the_hash_follows_from_the_states_and_is_nothing_without_any() {
        let (mut spawners, mut hash) = (Spawners::new(1), StateHash::default());
        let none = hash.hashes();
        spawners.add(SpawnerState { spawner: spawner(3, 3), due: Some(10), things: Vec::new() }, &mut hash);
        spawners.made(0, EntityId(1), 10, 20, &mut hash);
        spawners.made(0, EntityId(2), 70, 20, &mut hash);
        spawners.gone(EntityId(1), 80, 20, &mut hash);
        let (mut again, mut hash_again) = (Spawners::new(1), StateHash::default());
        for state in spawners.states() {
            again.add(state, &mut hash_again);
        }
        assert_eq!(again.states(), spawners.states());
        assert_eq!(hash_again.hashes(), hash.hashes());
        assert_ne!(hash.hashes(), none);
        spawners.clear(&mut hash);
        assert_eq!(hash.hashes(), none);
    }
}
