//! The order in which outboxes are emptied. Whoever is answered or told something of their own comes first, then those who
//! only see others move; and between a few of those, the next tick may come in. So with more to send than time, answers stay
//! quick and the rest of several ticks leaves in one write each, which costs hardly more than that of one.

use std::collections::VecDeque;

use super::seats::{Pending, Seat, SeatId, Seats};

/// Outboxes emptied before the next tick is looked for: at about 5 us each, two milliseconds.
const STRIDE: usize = 400;

/// Outboxes that are made to come near at once, before the first of them is written to. More would have been pushed out again by what
/// the kernel needs for the writing.
pub(super) const NEAR: usize = 16;

/// Seats whose outboxes wait to be emptied. At most one entry in each queue for a seat, so they are bounded by the sessions.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    urgent: Vec<SeatId>,
    rest: VecDeque<SeatId>,
}

impl Sweep {
    /// Something of the session's own waits.
    pub(super) fn urgent(&mut self, id: SeatId, seat: &mut Seat) {
        if seat.pending != Pending::Urgent {
            seat.pending = Pending::Urgent;
            self.urgent.push(id);
        }
    }

    /// Something that it shares with others waits.
    pub(super) fn rest(&mut self, id: SeatId, seat: &mut Seat) {
        if seat.pending == Pending::No {
            seat.pending = Pending::Rest;
            self.rest.push_back(id);
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.urgent.is_empty() && self.rest.is_empty()
    }

    /// Empties the urgent outboxes.
    pub(super) fn urgent_ones(&mut self, seats: &mut Seats) {
        for id in self.urgent.drain(..) {
            flush(seats, id);
        }
    }

    /// Empties the urgent outboxes and a few of the others.
    pub(super) fn go_on(&mut self, seats: &mut Seats) {
        self.urgent_ones(seats);
        for served in 0..STRIDE.min(self.rest.len()) {
            if served % NEAR == 0 {
                seats.come_near(self.rest.iter().take(NEAR));
            }
            if let Some(id) = self.rest.pop_front() {
                flush(seats, id);
            }
        }
    }
}

/// One that has been emptied meanwhile is left alone.
fn flush(seats: &mut Seats, id: SeatId) {
    if let Some(seat) = seats.get_mut(id)
        && std::mem::replace(&mut seat.pending, Pending::No) != Pending::No
        && let Some(outbox) = &seat.outbox
    {
        outbox.flush();
    }
}
