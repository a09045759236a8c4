//! How old what a client sees is: from the commit of somebody's move to its arrival at another
//! session.
//!
//! A delta says who moved but not in which tick; the mover's acknowledgement does, and may arrive
//! later. So what was seen is kept for a while and settled against the acknowledgements that have
//! come by then. When that tick was committed only the server knows: whoever started both holds the
//! two together.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tilemud_schema::Tick;

/// How long something seen waits for the mover's acknowledgement, microseconds.
const SETTLED_AFTER_US: i64 = 2_000_000;

/// Acknowledgements kept of a session: more than there are in that time at five moves a second.
const KEPT: usize = 16;

/// The ticks of the newest moves of one session.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    newest: [Tick; KEPT],
    next: usize,
}

impl Moves {
    /// A move was acknowledged.
    pub fn note(&mut self, tick: Tick) {
        self.newest[self.next] = tick;
        self.next = (self.next + 1) % KEPT;
    }

    /// The tick of the newest move up to `tick`, if it is among those kept.
    fn up_to(&self, tick: Tick) -> Option<Tick> {
        self.newest.iter().copied().filter(|of| (1..=tick).contains(of)).max()
    }
}

/// A move that somebody was shown.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub mover: usize,
    /// The tick of the delta that showed it.
    pub tick: Tick,
    /// When that arrived, microseconds since the Unix epoch.
    pub at_us: i64,
}

/// A move, and when somebody else saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The tick of the move.
    pub tick: Tick,
    /// When its delta arrived, microseconds since the Unix epoch.
    pub at_us: i64,
}

/// What was seen: a few moves a second of each sampled session.
#[derive(Debug, Default)]
pub struct Sightings {
    waiting: VecDeque<Seen>,
    settled: Vec<Sighting>,
}

impl Sightings {
    /// Keeps it until it can be settled.
    pub fn push(&mut self, seen: Seen) {
        self.waiting.push_back(seen);
    }

    /// Settles all that have waited long enough at `now_us`; `moves` finds a session's
    /// acknowledgements.
    pub fn settle<'a>(&mut self, now_us: i64, moves: impl Fn(usize) -> &'a Moves) {
        while let Some(seen) = self.waiting.pop_front_if(|seen| seen.at_us + SETTLED_AFTER_US <= now_us) {
            let tick = moves(seen.mover).up_to(seen.tick);
            self.settled.extend(tick.map(|tick| Sighting { tick, at_us: seen.at_us }));
        }
    }

    /// All that are settled.
    #[must_use]
    pub fn settled(&self) -> &[Sighting] {
        &self.settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sighting_is_of_the_newest_move_it_can_show() {
        let mut moves = Moves::default();
        moves.note(10);
        let mut sightings = Sightings::default();
        sightings.push(Seen { mover: 0, tick: 12, at_us: 1_006_000 });
        sightings.push(Seen { mover: 0, tick: 9, at_us: 1_006_000 });
        sightings.settle(1_500_000, |_| &moves);
        assert_eq!(sightings.settled(), [], "the mover's acknowledgements may still be under way");
        // Both arrive after the sighting; the second is of a later tick than the delta showed.
        moves.note(12);
        moves.note(13);
        sightings.settle(4_000_000, |_| &moves);
        assert_eq!(
            sightings.settled(),
            [Sighting { tick: 12, at_us: 1_006_000 }],
            "and of the second nothing is known"
        );
    }
}
