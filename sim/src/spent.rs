//! What is left of an output when everybody has read it: empty lists that keep their memory. They travel back from the
//! last reader of outputs to the world, so that a tick like the ones before allocates nothing.

use crate::api::TickOutput;
use crate::rules::outcomes::Outcomes;
use crate::sim::Sim;
use crate::views::cell_deltas::CellDeltas;
use crate::views::session_deltas::PrivateDeltas;
use crate::world::unsaved::Profiles;
use crate::world::zone::Zone;

/// The memory of an output, to be given to [`Sim::reuse`].
#[derive(Debug)]
pub struct SpentOutput(TickOutput);

impl TickOutput {
    /// Drops all that is in it and keeps the memory. To be called by its last reader.
    #[must_use]
    pub fn spend(mut self) -> SpentOutput {
        self.events.clear();
        self.profiles.clear();
        self.answers.clear();
        self.cells.clear();
        self.views.clear();
        self.private.retain_mut(|delta| {
            delta.own = None;
            delta.effects.clear();
            delta.effects.capacity() > 0
        });
        self.record.arrivals.clear();
        self.record.departures.clear();
        self.zone.clear();
        self.departed.clear();
        SpentOutput(self)
    }
}

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
