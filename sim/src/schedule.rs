//! The order of a tick: the schedule every concern installs its systems into.

use bevy_ecs::error::FallbackErrorHandler;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};

use crate::history::{profile, state_hash};
use crate::intake::{departure, ingest, sequence};
use crate::probe;
use crate::rules::{intents, simulate};
use crate::views::{cell_deltas, crossings, diff, observe, session_deltas};

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
    simulate::install(&mut schedule);
    ingest::install(world, &mut schedule);
    sequence::install(world, &mut schedule);
    intents::install(world, &mut schedule);
    departure::install(world, &mut schedule);
    observe::install(world, &mut schedule);
    diff::install(world, &mut schedule);
    cell_deltas::install(world, &mut schedule);
    session_deltas::install(world, &mut schedule);
    state_hash::install(world, &mut schedule);
    profile::install(world, &mut schedule);
    crossings::install(world, &mut schedule);
    schedule
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::TickPhase;
    use crate::world::chunks::Chunks;
    use crate::world::clock::Clock;
    use crate::world::grid::Grid;

    #[derive(Resource)]
    struct Contested;

    #[test]
    fn two_systems_that_get_in_each_others_way_are_an_error_in_tests() {
        let mut world = World::new();
        world.insert_resource(Clock::new(1, 1));
        world.insert_resource(Chunks::new(Grid::of_map(16, 16)));
        let mut own = schedule(&mut world);
        assert!(own.initialize(&mut world).is_ok());
        let contest = |_: ResMut<Contested>| {};
        own.add_systems((contest.in_set(TickPhase::Simulate), contest.in_set(TickPhase::Simulate)));
        assert!(own.initialize(&mut world).is_err());
    }
}
