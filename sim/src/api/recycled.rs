//! An output that was read, emptied: lists that keep their memory. The last reader gives it back to
//! the world, so that a tick like those before allocates nothing.

use super::output::TickOutput;

/// The memory of an output, to be given to [`Sim::recycle`](crate::Sim::recycle).
#[derive(Debug)]
pub struct RecycledOutput(pub(crate) TickOutput);

impl TickOutput {
    /// Empties the output and keeps its memory. To be called by its last reader.
    #[must_use]
    pub fn recycled(mut self) -> RecycledOutput {
        self.events.clear();
        self.profiles.clear();
        self.answers.clear();
        self.cells.clear();
        self.views.clear();
        self.sessions.retain_mut(|delta| {
            delta.own = None;
            delta.effects.clear();
            delta.effects.capacity() > 0
        });
        self.record.arrivals.clear();
        self.record.departures.clear();
        self.zone.clear();
        self.departed.clear();
        RecycledOutput(self)
    }
}
