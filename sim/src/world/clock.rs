//! The time of the world, counted in ticks.

use bevy_ecs::prelude::*;
use tilemud_schema::Tick;

/// Ticks of a second, unless a world is told otherwise.
pub const SECOND_DEFAULT: u32 = 20;

/// The time of the world.
#[derive(Resource, Debug, Clone, Copy)]
pub struct Clock {
    /// The tick that runs, or the last one that ran.
    pub tick: Tick,
    /// The newest tick before this one in which cell deltas were due.
    pub last_due: Tick,
    delta_every: u32,
    second: u32,
}

impl Clock {
    /// A clock whose first tick is `first_tick` (at least 1), with cell deltas every `delta_every` ticks.
    #[must_use]
    pub fn new(first_tick: Tick, delta_every: u32) -> Self {
        let before = first_tick.max(1) - 1;
        Self { tick: before, last_due: before, delta_every: delta_every.max(1), second: SECOND_DEFAULT }
    }

    /// How many ticks a second has, for everything in the world that takes its time.
    #[must_use]
    pub fn second(&self) -> u32 {
        self.second
    }

    /// Says how many ticks a second has; at least 1.
    pub fn set_second(&mut self, second: u32) {
        self.second = second.max(1);
    }

    /// Goes on to the next tick.
    pub fn advance(&mut self) {
        if self.is_due() {
            self.last_due = self.tick;
        }
        self.tick += 1;
    }

    /// Goes on to a later tick in a world that nobody looks at.
    pub fn advance_unseen(&mut self, tick: Tick) {
        debug_assert!(tick > self.tick, "time does not go back");
        self.last_due = tick - 1;
        self.tick = tick;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deltas_are_due_every_nth_tick_wherever_the_world_starts() {
        let mut clock = Clock::new(6, 4);
        let mut due = Vec::new();
        for _ in 0..10 {
            clock.advance();
            if clock.is_due() {
                due.push((clock.tick, clock.last_due));
            }
        }
        assert_eq!(due, [(8, 5), (12, 8)]);
        assert_eq!(clock.due_at_or_before(11), 8);
    }
}
