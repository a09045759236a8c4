//! What the world does by itself, and when there is anything to do.

use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{ScheduleLabel, SingleThreadedExecutor};

use tilemud_schema::Tick;

use crate::api::TickPhase;
use crate::rules::{hazard, restock, wander};
use crate::world::scene::Scene;
use crate::world::spawners::Spawners;
use crate::world::wanderers::Wanderers;

#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
struct SimulateAlone;

/// What the world does by itself, in this order.
pub fn install(schedule: &mut Schedule) {
    let restock = restock::restock.run_if(restock::is_due);
    schedule.add_systems((wander::wander, hazard::look_after, restock).chain().in_set(TickPhase::Simulate));
}

/// The next tick in which anything that the world does by itself has its turn; `None` when nothing
/// ever has one.
pub fn next_due(scene: Scene, wanderers: Res<Wanderers>, spawners: Res<Spawners>) -> Option<Tick> {
    let wanderers = wanderers.next_due(scene.clock.tick);
    if wanderers == Some(scene.clock.tick + 1) {
        return wanderers;
    }
    let spawners = spawners.next_due(scene.clock.tick);
    let mortals = scene.mortals(|_| true).map(|(id, _)| scene.clock.next_turn_of(id)).min();
    [wanderers, mortals, spawners].into_iter().flatten().min()
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
