//! The order in which outboxes are flushed: first sessions with answers or session deltas, then
//! those with cell deltas only. After every few of the latter the next tick is looked for. So under
//! overload answers stay quick, and the deltas of several ticks leave in one write, which costs
//! hardly more than those of one.

use std::collections::VecDeque;

use tilemud_vitals::pulse::Pulse;

use super::prefetch;
use super::subscribers::{Pending, Subscriber, SubscriberId, Subscribers};

/// Outboxes flushed before the next tick is looked for: at about 5 us each, two milliseconds.
const STRIDE: usize = 400;

/// Subscribers whose outboxes wait to be flushed. At most one entry in each queue for a subscriber,
/// so they are bounded by the sessions.
#[derive(Debug, Default)]
pub(super) struct SendOrder {
    urgent: Vec<SubscriberId>,
    rest: VecDeque<SubscriberId>,
}

impl SendOrder {
    /// Something of the session's own waits.
    pub(super) fn urgent(&mut self, id: SubscriberId, subscriber: &mut Subscriber) {
        if subscriber.pending != Pending::Urgent {
            subscriber.pending = Pending::Urgent;
            self.urgent.push(id);
        }
    }

    /// Something that it shares with others waits.
    pub(super) fn rest(&mut self, id: SubscriberId, subscriber: &mut Subscriber) {
        if subscriber.pending == Pending::No {
            subscriber.pending = Pending::Rest;
            self.rest.push_back(id);
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.urgent.is_empty() && self.rest.is_empty()
    }

    /// Empties the urgent outboxes.
    pub(super) fn flush_urgent(&mut self, subscribers: &mut Subscribers, pulse: &Pulse) {
        for id in self.urgent.drain(..) {
            pulse.beat();
            flush(subscribers, id);
        }
    }

    /// Empties the urgent outboxes and a few of the others.
    pub(super) fn send_some(&mut self, subscribers: &mut Subscribers, pulse: &Pulse) {
        self.flush_urgent(subscribers, pulse);
        for served in 0..STRIDE.min(self.rest.len()) {
            prefetch::ahead(served, self.rest.iter(), |id| subscribers.prefetch(*id));
            if let Some(id) = self.rest.pop_front() {
                pulse.beat();
                flush(subscribers, id);
            }
        }
    }
}

/// Skips one that was flushed meanwhile.
fn flush(subscribers: &mut Subscribers, id: SubscriberId) {
    if let Some(subscriber) = subscribers.get_mut(id)
        && std::mem::replace(&mut subscriber.pending, Pending::No) != Pending::No
        && let Some(outbox) = &subscriber.outbox
    {
        outbox.flush();
    }
}
