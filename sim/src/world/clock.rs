//! The time of the world, counted in ticks, and how change detection counts it.

use std::num::{NonZeroU32, NonZeroU64};

use bevy_ecs::change_detection::Tick as ChangeTick;
use bevy_ecs::prelude::*;
use tilemud_schema::{EntityId, Tick};

use crate::limits::RESUME_TICKS;

/// Ticks per second by default.
pub const SECOND_DEFAULT: u32 = 20;

/// The time of the world.
#[derive(Resource, Debug)]
pub struct Clock {
    /// The tick that runs, or the last one that ran.
    pub tick: Tick,
    /// The newest tick before this one in which cell deltas were due.
    pub last_due: Tick,
    delta_every: u32,
    second: NonZeroU32,
    /// The change tick before each of the latest ticks, by tick modulo length: as many as a delta
    /// may go back.
    starts: Vec<ChangeTick>,
}

/// The end of a tick, to ask what changed after it.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    pub tick: Tick,
    start: ChangeTick,
}

impl Since {
    /// Whether a component changed.
    #[must_use]
    pub fn changed(&self, component: &impl DetectChanges) -> bool {
        component.is_changed_after(self.start)
    }
}

impl Clock {
    /// A clock whose first tick is `first_tick` (at least 1), with cell deltas every `delta_every`
    /// ticks.
    #[must_use]
    pub fn new(first_tick: Tick, delta_every: u32) -> Self {
        let before = first_tick.max(1) - 1;
        let asked_for = RESUME_TICKS.max(u64::from(delta_every)) as usize + 2;
        Self {
            tick: before,
            last_due: before,
            delta_every: delta_every.max(1),
            second: NonZeroU32::new(SECOND_DEFAULT).unwrap_or(NonZeroU32::MIN),
            starts: vec![ChangeTick::new(0); asked_for],
        }
    }

    /// Ticks per second: the pace of everything that the world does by itself.
    #[must_use]
    pub fn second(&self) -> u32 {
        self.second.get()
    }

    /// Says whose turn this tick is: of the entities whose numbers leave the second as the
    /// remainder when they are divided by the first. Each has one in a second, without a timer.
    #[must_use]
    pub fn turn(&self) -> (NonZeroU64, u64) {
        let second = NonZeroU64::from(self.second);
        (second, self.tick % second)
    }

    /// The next tick after this one in which an entity has its turn.
    #[must_use]
    pub fn next_turn_of(&self, id: EntityId) -> Tick {
        let (second, now) = self.turn();
        let turn = id.0 % second;
        self.tick + if turn > now { turn - now } else { second.get() + turn - now }
    }

    /// Says how many ticks a second has; at least 1.
    pub fn set_second(&mut self, second: u32) {
        self.second = NonZeroU32::new(second).unwrap_or(NonZeroU32::MIN);
    }

    /// Goes on to the next tick. Everything before it changed at change tick `start` or earlier.
    fn advance(&mut self, start: ChangeTick) {
        if self.is_due() {
            self.last_due = self.tick;
        }
        self.begin(self.tick + 1, start);
    }

    /// Goes on to a later tick in a world that nobody looks at.
    fn advance_unseen(&mut self, tick: Tick, start: ChangeTick) {
        debug_assert!(tick > self.tick, "time does not go back");
        self.last_due = tick - 1;
        self.begin(tick, start);
    }

    fn begin(&mut self, tick: Tick, start: ChangeTick) {
        self.tick = tick;
        let place = self.place(tick);
        self.starts[place] = start;
    }

    fn place(&self, tick: Tick) -> usize {
        (tick % self.starts.len() as u64) as usize
    }

    /// The end of a tick before this one that a delta may start from: of the last deltas, or within
    /// [`RESUME_TICKS`].
    #[must_use]
    pub fn since(&self, tick: Tick) -> Since {
        debug_assert!(tick < self.tick && self.tick - tick < self.starts.len() as u64, "{tick} is not remembered");
        Since { tick, start: self.starts[self.place(tick + 1)] }
    }

    /// Whether cell deltas are due in this tick.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.tick.is_multiple_of(u64::from(self.delta_every))
    }

    /// The newest tick up to `tick` in which cell deltas were due.
    #[must_use]
    pub fn due_at_or_before(&self, tick: Tick) -> Tick {
        tick - tick % u64::from(self.delta_every)
    }
}

/// Goes on to the next tick of a world.
pub fn advance(world: &mut World) {
    let start = world.increment_change_tick();
    world.resource_mut::<Clock>().advance(start);
}

/// Goes on to a later tick of a world that nobody looks at.
pub fn advance_unseen(world: &mut World, tick: Tick) {
    let start = world.increment_change_tick();
    world.resource_mut::<Clock>().advance_unseen(tick, start);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_are_due_every_nth_tick_wherever_the_world_starts() {
        let mut clock = Clock::new(6, 4);
        let mut due = Vec::new();
        for _ in 0..10 {
            clock.advance(ChangeTick::new(0));
            if clock.is_due() {
                due.push((clock.tick, clock.last_due));
            }
        }
        assert_eq!(due, [(8, 5), (12, 8)]);
        assert_eq!(clock.due_at_or_before(11), 8);
    }

    #[test]
    fn everyone_has_a_turn_each_second_and_the_next_one_is_known() {
        let mut clock = Clock::new(3, 1);
        clock.set_second(4);
        for _ in 0..9 {
            clock.advance(ChangeTick::new(0));
            for id in (0..12).map(EntityId) {
                assert_eq!(clock.turn(), (NonZeroU64::new(4).expect("4 is not 0"), clock.tick % 4));
                let next = (clock.tick + 1..).find(|tick| tick % 4 == id.0 % 4);
                assert_eq!(Some(clock.next_turn_of(id)), next);
            }
        }
    }
}
