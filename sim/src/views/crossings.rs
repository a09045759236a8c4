//! Drops what the record of crossings no longer needs.

use bevy_ecs::prelude::*;

use crate::api::TickPhase;
use crate::limits::RESUME_TICKS;
use crate::world::chunks::Chunks;
use crate::world::clock::Clock;

/// Adds the upkeep of the record to a world that has [`Chunks`].
pub fn install(_world: &mut World, schedule: &mut Schedule) {
    schedule.add_systems(age_record.in_set(TickPhase::Emit));
}

fn age_record(clock: Res<Clock>, mut chunks: ResMut<Chunks>) {
    if clock.is_due() {
        chunks.close_window();
        chunks.forget_before(clock.tick.saturating_sub(RESUME_TICKS));
    }
}
