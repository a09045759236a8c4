//! What is left of an output when everybody has read it: empty lists that keep their memory. They travel back from the
//! last reader of outputs to the world, so that a tick like the ones before allocates nothing.

use std::sync::Arc;

use crate::api::{PrivateDelta, TickOutput, View};
use crate::intents::Outcomes;
use crate::private::PrivateDeltas;
use crate::profile::Profiles;
use crate::shared::CellDeltas;
use crate::sim::Sim;

/// The memory of an output, to be given to [`Sim::reuse`].
#[derive(Debug)]
pub struct SpentOutput(TickOutput);

impl TickOutput {
    /// Drops all that is in it and keeps the memory. To be called by its last reader; views that somebody else still holds
    /// stay theirs.
    #[must_use]
    pub fn spend(mut self) -> SpentOutput {
        self.events.clear();
        self.profiles.clear();
        self.answers.clear();
        for delta in &mut self.cells {
            delta.enter.clear();
            delta.update.clear();
            delta.leave.clear();
            delta.tiles.clear();
        }
        self.private.retain_mut(has_memory);
        self.record.arrivals.clear();
        self.record.departures.clear();
        self.departed.clear();
        SpentOutput(self)
    }
}

/// Empties a delta, and says whether there is anything in it worth keeping.
fn has_memory(delta: &mut PrivateDelta) -> bool {
    delta.own = None;
    delta.effects.clear();
    let view = match &mut delta.view {
        View::Own(view) => Arc::get_mut(view),
        View::Shared => None,
    };
    if let Some(view) = view {
        view.enter.clear();
        view.update.clear();
        view.leave.clear();
        view.tiles.clear();
    } else {
        // The last of several deltas with the same view keeps it.
        delta.view = View::Shared;
    }
    delta.view != View::Shared || delta.effects.capacity() > 0
}

impl Sim {
    /// Makes the next tick use the memory of a spent output. What comes out of a tick does not depend on it.
    pub fn reuse(&mut self, SpentOutput(output): SpentOutput) {
        let TickOutput { events, profiles, answers, cells, private, .. } = output;
        let world = self.world_mut();
        *world.resource_mut::<Outcomes>() = Outcomes { answers, events };
        world.resource_mut::<Profiles>().changes = profiles;
        world.resource_mut::<CellDeltas>().reuse(cells);
        world.resource_mut::<PrivateDeltas>().reuse(private);
    }
}
