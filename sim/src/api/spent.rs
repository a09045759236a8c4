//! What is left of an output when everybody has read it: empty lists that keep their memory. They travel back from the
//! last reader of outputs to the world, so that a tick like the ones before allocates nothing.

use super::output::TickOutput;

/// The memory of an output, to be given to [`Sim::reuse`](crate::Sim::reuse).
#[derive(Debug)]
pub struct SpentOutput(pub(crate) TickOutput);

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
