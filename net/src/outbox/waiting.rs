//! What waits in an outbox, in order, and what of it has been written.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::sync::Arc;

use smallvec::SmallVec;
use tilemud_schema::{CloseCode, Tick};

use super::frame::OutFrame;
use super::owed::Owed;
use super::plain::Plain;

/// Most slices of one write; the kernel takes up to 1,024.
pub(super) const SLICES_MAX: usize = 256;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) frames: VecDeque<Queued>,
    pub(super) bytes: usize,
    pub(super) owed: Owed,
    pub(super) reliable: usize,
    pub(super) lag: Lag,
    pub(super) closing: bool,
    /// The close code that was sent when the connection was ended from here.
    pub(super) ended_with: Option<CloseCode>,
    /// A plain socket, written to under the lock, so that frames leave whole and in order.
    pub(super) socket: Option<Arc<Plain>>,
    /// Bytes of the first frame that have been written; it can no longer be dropped.
    pub(super) begun: usize,
    /// The socket took no more; its task waits until it does.
    pub(super) is_stalled: bool,
}

#[derive(Debug)]
pub(super) struct Queued {
    pub(super) frame: OutFrame,
    /// Set for state deltas.
    pub(super) delta_of: Option<Tick>,
}

/// Whether the connection keeps up.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lag {
    #[default]
    None,
    /// Deltas were dropped; the full delta that replaces them is asked for but not here yet.
    AwaitingFull,
    /// The full delta is queued; the outbox has not been empty since.
    Recovering,
}

impl State {
    pub(super) fn push(&mut self, frame: OutFrame, delta_of: Option<Tick>) {
        self.bytes += frame.len();
        self.owed.waiting += frame.held();
        self.frames.push_back(Queued { frame, delta_of });
    }

    /// Drops the deltas of which nothing has been written. Returns the oldest of their ticks.
    pub(super) fn drop_deltas(&mut self) -> Option<Tick> {
        let (mut is_begun, mut oldest) = (self.begun > 0, None);
        self.frames.retain(|queued| {
            let stays = std::mem::take(&mut is_begun) || queued.delta_of.is_none();
            if !stays {
                oldest = oldest.or(queued.delta_of);
            }
            stays
        });
        self.bytes = self.frames.iter().map(|queued| queued.frame.len()).sum();
        self.owed.waiting = self.frames.iter().map(|queued| queued.frame.held()).sum();
        oldest
    }

    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.bytes = 0;
        self.begun = 0;
        self.owed.waiting = 0;
    }

    pub(super) fn ran_empty(&mut self) {
        self.bytes = 0;
        self.owed.waiting = 0;
        self.reliable = 0;
        if self.lag == Lag::Recovering {
            self.lag = Lag::None;
        }
    }

    /// The slices to write next, without the written part of the first frame.
    pub(super) fn slices(&self) -> SmallVec<[IoSlice<'_>; 16]> {
        let mut skip = self.begun;
        let parts = self.frames.iter().flat_map(|queued| queued.frame.parts());
        let rest = parts.filter_map(|part| {
            let skipped = skip.min(part.len());
            skip -= skipped;
            (skipped < part.len()).then(|| IoSlice::new(&part[skipped..]))
        });
        rest.take(SLICES_MAX).collect()
    }

    /// Removes the frames that are written completely. Returns their number.
    pub(super) fn written(&mut self, bytes: usize) -> u64 {
        self.begun += bytes;
        let mut whole = 0;
        while let Some(front) = self.frames.front()
            && front.frame.len() <= self.begun
        {
            let len = front.frame.len();
            self.begun -= len;
            self.bytes -= len;
            self.owed.waiting -= front.frame.held();
            self.reliable -= usize::from(front.delta_of.is_none() && self.reliable > 0);
            self.frames.pop_front();
            whole += 1;
        }
        whole
    }
}
