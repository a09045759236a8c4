//! How old what a client sees is: from the commit of somebody's move to its arrival at another session.
//!
//! A delta says who moved but not when that was committed; the mover's acknowledgement does, and may arrive later. So what was seen is
//! kept for a while and settled against the acknowledgements that have come by then.

use std::collections::VecDeque;

use hdrhistogram::Histogram;
use tilemud_schema::Tick;

/// How long something seen waits for the mover's acknowledgement, microseconds.
const SETTLED_AFTER_US: i64 = 2_000_000;

/// Acknowledgements kept of a session: more than there are in that time at five moves a second.
const KEPT: usize = 16;

/// The newest moves of one session: tick and time of their commit, microseconds since the Unix epoch.
#[derive(Debug, Clone, Default)]
pub struct Commits {
    newest: [(Tick, i64); KEPT],
    next: usize,
}

impl Commits {
    /// A move was acknowledged.
    pub fn note(&mut self, tick: Tick, persisted_at_us: i64) {
        self.newest[self.next] = (tick, persisted_at_us);
        self.next = (self.next + 1) % KEPT;
    }

    /// When the newest move up to `tick` was committed, if it is among those kept.
    fn up_to(&self, tick: Tick) -> Option<i64> {
        let known = self.newest.iter().filter(|(of, _)| (1..=tick).contains(of)).max();
        known.map(|(_, persisted_at_us)| *persisted_at_us)
    }
}

/// A move that somebody was shown.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Whose.
    pub mover: usize,
    /// The tick of the delta that showed it.
    pub tick: Tick,
    /// When that arrived, microseconds since the Unix epoch.
    pub at_us: i64,
}

/// What was seen and is not settled yet.
#[derive(Debug, Default)]
pub struct Sightings {
    waiting: VecDeque<Seen>,
}

impl Sightings {
    /// Keeps it until it can be settled.
    pub fn push(&mut self, seen: Seen) {
        self.waiting.push_back(seen);
    }

    /// Settles all that have waited long enough at `now_us`; `commits` finds a session's acknowledgements.
    pub fn settle<'a>(&mut self, now_us: i64, commits: impl Fn(usize) -> &'a Commits, into: &mut Histogram<u64>) {
        while let Some(seen) = self.waiting.pop_front_if(|seen| seen.at_us + SETTLED_AFTER_US <= now_us) {
            if let Some(persisted_at_us) = commits(seen.mover).up_to(seen.tick) {
                into.saturating_record(u64::try_from(seen.at_us - persisted_at_us).unwrap_or(0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tally::times;

    #[test]
    fn a_sighting_is_held_against_the_newest_move_it_can_show() {
        let mut commits = Commits::default();
        commits.note(10, 1_000_000);
        let (mut sightings, mut fresh) = (Sightings::default(), times());
        sightings.push(Seen { mover: 0, tick: 12, at_us: 1_006_000 });
        sightings.push(Seen { mover: 0, tick: 9, at_us: 1_006_000 });
        sightings.settle(1_500_000, |_| &commits, &mut fresh);
        assert!(fresh.is_empty(), "the mover's acknowledgements may still be under way");
        // Both arrive after the sighting; the second is of a later tick than the delta showed.
        commits.note(12, 1_004_000);
        commits.note(13, 1_005_000);
        sightings.settle(4_000_000, |_| &commits, &mut fresh);
        assert_eq!((fresh.len(), fresh.min()), (1, 2_000), "and of the second nothing is known");
    }
}
