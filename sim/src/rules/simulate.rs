//! What the world does by itself, and when there is anything to do.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{ScheduleLabel, SingleThreadedExecutor};

use tilemud_schema::Tick;

use crate::api::TickPhase;
use crate::rules::{hazard, wander};
use crate::world::body::Id;
use crate::world::scene::Scene;
use crate::world::wanderers::Wander;

#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct SimulateAlone;

/// What the world does by itself, in this order.
pub fn install(schedule: &mut Schedule) {
    schedule.add_systems((wander::wander, hazard::look_after).chain().in_set(TickPhase::Simulate));
}

/// The next tick in which anything that the world does by itself has its turn; `None` when nothing
/// ever has one.
pub fn next_due(scene: Scene, wanderers: Query<(&Id, &Wander)>) -> Option<Tick> {
    let wanderers = wanderers.iter().filter(|(_, wanderer)| wanderer.reach > 0).map(|(id, _)| id.0);
    let mut turns = wanderers.chain(scene.mortals(|_| true).map(|(id, _)| id)).map(|id| scene.clock.next_turn_of(id));
    let mut soonest = turns.next()?;
    // In a world with many of them somebody has a turn in every tick, and is found soon.
    while soonest > scene.clock.tick + 1
        && let Some(turn) = turns.next()
    {
        soonest = soonest.min(turn);
    }
    Some(soonest)
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
