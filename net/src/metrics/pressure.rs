//! What is counted of those who take more than their share: of what is read, of what waits to be sent, and of places.

use super::{Metrics, signed};

impl Metrics {
    /// A connection that sends more than it may is not read for a while.
    pub fn slowed(&self) {
        self.inbound_pauses.inc();
    }

    /// What is owed to one peer has changed.
    pub fn outbox_changed(&self, before: usize, now: usize) {
        self.outbox_bytes.inc_by(signed(now as u64) - signed(before as u64));
    }

    /// What is owed to all peers together, bytes.
    pub fn outbox_bytes(&self) -> usize {
        usize::try_from(self.outbox_bytes.get()).unwrap_or(0)
    }

    /// A connection was ended for what it took from others.
    pub fn ended_early(&self, cause: &'static str) {
        self.ended_early.get_or_create(&[("cause", cause)]).inc();
    }
}
