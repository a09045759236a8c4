//! A trick: the memory of outputs is used again once they have been read.
//!
//! The plain version makes new lists in every tick. With recycling a tick of 5,000 walking players
//! and 50,000 entities allocates nothing instead of 114 times and takes 5.5 million instructions
//! instead of 7.7; a crowd of 5,000 without other entities takes 2.7 instead of 3.8
//! (`perf sim-only`, release build; callgrind over 40 ticks after 20). The output does not depend
//! on it: the test `the_same_inputs_make_the_same_world` runs with and without.

use crate::api::{RecycledOutput, TickOutput};
use crate::rules::outcomes::Outcomes;
use crate::sim::Sim;
use crate::views::cell_deltas::CellDeltas;
use crate::views::session_deltas::SessionDeltas;
use crate::world::unsaved::Profiles;
use crate::world::zone::Zone;

impl Sim {
    /// Makes the next tick use the memory of a recycled output. The next output does not depend on
    /// it.
    pub fn recycle(&mut self, RecycledOutput(output): RecycledOutput) {
        let TickOutput { events, profiles, answers, cells, views, sessions, zone, .. } = output;
        let world = self.world_mut();
        *world.resource_mut::<Outcomes>() = Outcomes { answers, events };
        world.resource_mut::<Profiles>().changes = profiles;
        world.resource_mut::<CellDeltas>().deltas = cells;
        world.resource_mut::<SessionDeltas>().recycle(sessions, views);
        world.resource_mut::<Zone>().lines = zone;
    }
}
