//! The memory of all frames together that wait for peers that do not read, and what the kernel may
//! hold for their sockets. While it is too much, a peer with more than a small share of it counts
//! as too slow.

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

    /// Adds a change to the sum of all. Small amounts that are sent at once need not be added.
    pub(super) fn settle(&mut self, is_stalled: bool, metrics: &NetworkMetrics) {
        let kernel = if is_stalled { UNSENT_BYTES_MAX as usize } else { 0 };
        let now = self.waiting + self.leaving + kernel;
        if now != self.counted {
            metrics.outbox_changed(self.counted, now);
            self.counted = now;
        }
    }

    /// Whether it is so much that it must be added before an attempt to send it.
    pub(super) fn is_large(&self) -> bool {
        self.waiting + self.leaving > OWED_SHARE_BYTES
    }
}
