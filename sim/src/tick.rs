//! The order of a tick: its phases, its clock, and the schedule every concern installs its systems into.

use bevy_ecs::error::FallbackErrorHandler;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};
use tilemud_schema::Tick;

use crate::hazard::Frail;
use crate::wander::Wanderers;
use crate::{
    chat, departure, diff, hazard, ingest, intents, observe, presence, private, probe, profile, sequence, shared,
    state_hash, wander,
};

/// The phases of a tick, in run order. A system names its phase and is ordered by nothing else;
/// only in Simulate a few stand in a fixed order.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TickPhase {
    /// The mailbox is emptied: characters join, connections attach, intents are put in order.
    Ingest,
    /// Each intent is judged by the rules that need no world: sequence, limits, shape.
    Validate,
    /// The judged intents take effect, one after the other.
    Apply,
    /// What the world does by itself.
    Simulate,
    /// Those who leave are taken out.
    Depart,
    /// Who sees which chunks from now on.
    Observe,
    /// What changed, for each cell and for each session.
    Diff,
    /// Durable values are collected and the record of changes is brought up to date.
    Emit,
}

impl TickPhase {
    /// All of them, in run order.
    pub const ALL: [Self; 8] = [
        Self::Ingest,
        Self::Validate,
        Self::Apply,
        Self::Simulate,
        Self::Depart,
        Self::Observe,
        Self::Diff,
        Self::Emit,
    ];

    /// Its name, as in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Validate => "validate",
            Self::Apply => "apply",
            Self::Simulate => "simulate",
            Self::Depart => "depart",
            Self::Observe => "observe",
            Self::Diff => "diff",
            Self::Emit => "emit",
        }
    }
}

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

    /// Goes on to the next tick in a world that nobody looks at.
    pub fn advance_unseen(&mut self) {
        self.last_due = self.tick;
        self.tick += 1;
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

#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct TickSchedule;

/// The schedule of a tick with the systems of all concerns.
#[must_use]
pub fn schedule(world: &mut World) -> Schedule {
    let mut schedule = Schedule::new(TickSchedule);
    schedule.set_executor(SingleThreadedExecutor::new());
    if cfg!(debug_assertions) {
        schedule.set_build_settings(ScheduleBuildSettings {
            ambiguity_detection: LogLevel::Error,
            ..ScheduleBuildSettings::default()
        });
    } else {
        // No panic may be reached from outside; a failed system is logged and the tick goes on.
        world.insert_resource(FallbackErrorHandler(bevy_ecs::error::error));
    }
    probe::install(world, &mut schedule);
    install_simulation(&mut schedule);
    ingest::install(world, &mut schedule);
    sequence::install(world, &mut schedule);
    intents::install(world, &mut schedule);
    chat::install(world);
    departure::install(world, &mut schedule);
    observe::install(world, &mut schedule);
    diff::install(world, &mut schedule);
    shared::install(world, &mut schedule);
    private::install(world, &mut schedule);
    state_hash::install(world, &mut schedule);
    profile::install(world, &mut schedule);
    presence::install(world, &mut schedule);
    schedule
}

/// What the world does by itself, in this order.
fn install_simulation(schedule: &mut Schedule) {
    schedule.add_systems((wander::wander, hazard::look_after).chain().in_set(TickPhase::Simulate));
}

/// Whether it is the turn of anything that the world does by itself.
#[must_use]
pub fn is_anything_due(world: &World) -> bool {
    let tick = world.resource::<Clock>().tick;
    world.resource::<Frail>().is_anyone_due(tick) || world.resource::<Wanderers>().is_anyone_due(tick)
}

/// A schedule of nothing but what the world does by itself, for replays. The world has had [`schedule`] made for it.
#[must_use]
pub fn simulate_alone() -> Schedule {
    let mut schedule = Schedule::new(TickSchedule);
    schedule.set_executor(SingleThreadedExecutor::new());
    install_simulation(&mut schedule);
    schedule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Resource)]
    struct Contested;

    #[test]
    fn two_systems_that_get_in_each_others_way_are_an_error_in_tests() {
        let mut world = World::new();
        world.insert_resource(Clock::new(1, 1));
        world.insert_resource(presence::Chunks::new(crate::grid::Grid::of_map(16, 16)));
        let mut own = schedule(&mut world);
        assert!(own.initialize(&mut world).is_ok());
        let contest = |_: ResMut<Contested>| {};
        own.add_systems((contest.in_set(TickPhase::Simulate), contest.in_set(TickPhase::Simulate)));
        assert!(own.initialize(&mut world).is_err());
    }

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
