//! What the world does by itself, and when there is anything to do.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{ScheduleLabel, SingleThreadedExecutor};

use tilemud_schema::Tick;

use crate::api::TickPhase;
use crate::rules::{hazard, wander};
use crate::world::clock::Clock;
use crate::world::mortals::Mortals;
use crate::world::wanderers::Wanderers;

#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct SimulateAlone;

/// What the world does by itself, in this order.
pub fn install(schedule: &mut Schedule) {
    schedule.add_systems((wander::wander, hazard::look_after).chain().in_set(TickPhase::Simulate));
}

/// The next tick in which anything that the world does by itself has its turn; `None` when nothing
/// ever has one.
#[must_use]
pub fn next_due(world: &World) -> Option<Tick> {
    let tick = world.resource::<Clock>().tick;
    let turns = [world.resource::<Mortals>().next_due(tick), world.resource::<Wanderers>().next_due(tick)];
    turns.into_iter().flatten().min()
}

/// A schedule of only what the world does by itself, for replays. [`crate::schedule::schedule`]
/// must have been called for the world before.
#[must_use]
pub fn alone() -> Schedule {
    let mut schedule = Schedule::new(SimulateAlone);
    schedule.set_executor(SingleThreadedExecutor::new());
    install(&mut schedule);
    schedule
}
