//! A trick: the memory of outputs that were read is used again.
//!
//! It replaces new lists in every tick. With 5,000 walking players and 50,000 entities (`perf sim-only`, p50) a tick allocates once
//! instead of 2,073 times, and takes 1.06 ms instead of 1.54. What comes out does not depend on it: the test
//! `the_same_inputs_make_the_same_world` plays with and without.

use crate::api::{SpentOutput, TickOutput};
use crate::rules::outcomes::Outcomes;
use crate::sim::Sim;
use crate::views::cell_deltas::CellDeltas;
use crate::views::session_deltas::PrivateDeltas;
use crate::world::unsaved::Profiles;
use crate::world::zone::Zone;

impl Sim {
    /// Makes the next tick use the memory of a spent output. What comes out of a tick does not depend on it.
    pub fn reuse(&mut self, SpentOutput(output): SpentOutput) {
        let TickOutput { events, profiles, answers, cells, views, private, zone, .. } = output;
        let world = self.world_mut();
        *world.resource_mut::<Outcomes>() = Outcomes { answers, events };
        world.resource_mut::<Profiles>().changes = profiles;
        world.resource_mut::<CellDeltas>().deltas = cells;
        world.resource_mut::<PrivateDeltas>().reuse(private, views);
        world.resource_mut::<Zone>().lines = zone;
    }
}
