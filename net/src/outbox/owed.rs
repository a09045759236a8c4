//! What is owed to peers that do not read, all of them together: memory, as what is kept for a frame takes of it, and what the kernel
//! may hold for a socket that takes no more. While it is too much, whoever is owed more than a small share counts as too slow.

use tilemud_vitals::metrics::NetworkMetrics;

use crate::limits::{OUTBOX_BYTES_MAX, OWED_BYTES_MAX, OWED_SHARE_BYTES, UNSENT_BYTES_MAX};

/// The part of one connection.
#[derive(Debug, Default)]
pub(super) struct Owed {
    /// For the frames that wait.
    pub(super) waiting: usize,
    /// For those that an encrypted connection's task is writing.
    pub(super) leaving: usize,
    counted: usize,
}

impl Owed {
    /// Whether no more can be kept for this connection.
    pub(super) fn is_too_much(&self, metrics: &NetworkMetrics) -> bool {
        let own = self.waiting + self.leaving;
        own > OUTBOX_BYTES_MAX || (own > OWED_SHARE_BYTES && metrics.outbox_bytes() > OWED_BYTES_MAX)
    }

    /// Tells all what has changed here. Small things that leave at once need not be told.
    pub(super) fn settle(&mut self, is_stalled: bool, metrics: &NetworkMetrics) {
        let kernel = if is_stalled { UNSENT_BYTES_MAX as usize } else { 0 };
        let now = self.waiting + self.leaving + kernel;
        if now != self.counted {
            metrics.outbox_changed(self.counted, now);
            self.counted = now;
        }
    }

    /// Whether it is so much that the others must know before it was tried to send it.
    pub(super) fn is_large(&self) -> bool {
        self.waiting + self.leaving > OWED_SHARE_BYTES
    }
}
