//! Where each session starts, when its moves are due and which way they go: all from one seed, so
//! that whoever puts the characters into the database and whoever moves them agree without a word.
//! The map is open, and no way leads out of it.
//!
//! With [`RIVALS_SEED`] these are the numbers of the rival in `perf/peers/colyseus`: places as its
//! `zone.mjs` draws them for whoever joins, times and ways as its `loadgen.c` does. Only where a
//! way would lead out of the map the two part: there a move is without effect for the rival and
//! recorded all the same; this server would refuse it, so it goes the other way.

use tilemud_schema::{Direction, Position, Seq};

/// The seed with which everything is drawn as the rival does.
pub const RIVALS_SEED: u64 = 0x5eed_1234;

/// What tells the states of sessions apart, and those of seeds: 2^64 by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Numbers thrown away before the first, for states that differ in few bits.
const WARM_UP: usize = 8;

/// The ways of all sessions of a run.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    seed: u64,
    edge: i32,
}

/// How far one session has gone: the numbers its next ways are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    numbers: Xorshift,
}

impl Course {
    /// On a square map of this many tiles a side, at least 2.
    #[must_use]
    pub fn new(seed: u64, edge: i32) -> Self {
        assert!(edge >= 2, "there is nowhere to go on a map of one tile");
        Self { seed, edge }
    }

    /// Where a session's character stands at first.
    #[must_use]
    pub fn start(&self, session: usize) -> Position {
        let coordinate = |draw| (unit(self.seed as u32, draw) * f64::from(self.edge)) as i32;
        let draw = 2 * session as u32;
        Position { x: coordinate(draw), y: coordinate(draw + 1) }
    }

    /// When in each period a session's moves are due; uniform over it.
    #[must_use]
    pub fn phase_ns(&self, session: usize, period_ns: u64) -> u64 {
        self.numbers(session).next() % period_ns.max(1)
    }

    /// A session before its first move.
    #[must_use]
    pub fn walk(&self, session: usize) -> Walk {
        let mut numbers = self.numbers(session);
        // The first one is the phase.
        numbers.next();
        Walk { numbers }
    }

    /// The way of its next move, from `position`: a random one, turned round where it would lead
    /// out of the map.
    #[must_use]
    pub fn way(&self, walk: &mut Walk, position: Position) -> Direction {
        self.inside(position, Direction::ALL[(walk.numbers.next() >> 33 & 3) as usize])
    }

    /// The way of a move of somebody who only goes one step to and fro.
    #[must_use]
    pub fn back_and_forth(&self, seq: Seq, position: Position) -> Direction {
        self.inside(position, if seq % 2 == 1 { Direction::East } else { Direction::West })
    }

    /// The way, or the opposite one where it leads out of the map.
    fn inside(&self, position: Position, way: Direction) -> Direction {
        if self.holds(moved(position, way)) {
            return way;
        }
        match way {
            Direction::North => Direction::South,
            Direction::South => Direction::North,
            Direction::East => Direction::West,
            Direction::West => Direction::East,
        }
    }

    fn holds(&self, position: Position) -> bool {
        (0..self.edge).contains(&position.x) && (0..self.edge).contains(&position.y)
    }

    fn numbers(&self, session: usize) -> Xorshift {
        let state = GOLDEN.wrapping_mul(session as u64 + 1) ^ GOLDEN.wrapping_mul(self.seed ^ RIVALS_SEED);
        let mut numbers = Xorshift(state.max(1));
        for _ in 0..WARM_UP {
            numbers.next();
        }
        numbers
    }
}

#[must_use]
pub fn moved(position: Position, way: Direction) -> Position {
    let (dx, dy) = way.step();
    Position { x: position.x + dx, y: position.y + dy }
}

/// The name a session signs in with at the development issuer.
#[must_use]
pub fn user_name(seed: u64, session: usize) -> String {
    format!("perf-{seed}-{session}")
}

/// Marsaglia's xorshift (2003) with the shifts 13, 7 and 17; its state is never 0.
#[derive(Debug, Clone, Copy)]
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// The number with this index, from 0, of Ettinger's mulberry32 with this seed; at least 0 and
/// below 1.
fn unit(seed: u32, index: u32) -> f64 {
    let state = seed.wrapping_add(0x6d2b_79f5_u32.wrapping_mul(index.wrapping_add(1)));
    let mixed = (state ^ state >> 15).wrapping_mul(1 | state);
    let mixed = mixed.wrapping_add((mixed ^ mixed >> 7).wrapping_mul(61 | mixed)) ^ mixed;
    f64::from(mixed ^ mixed >> 14) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_leads_out_of_the_map() {
        let course = Course::new(3, 4);
        for session in 0..20 {
            let (mut position, mut walk) = (course.start(session), course.walk(session));
            let mut ways = [0; 4];
            for _ in 1..500 {
                assert!(course.holds(position), "session {session} is at {position:?}");
                let way = course.way(&mut walk, position);
                ways[way as usize] += 1;
                position = moved(position, way);
            }
            assert!(ways.iter().all(|count| *count > 60), "all ways are taken: {ways:?}");
        }
    }

    #[test]
    fn starts_and_phases_are_spread_evenly() {
        let course = Course::new(1, 512);
        let (mut west, mut north, mut early) = (0, 0, 0);
        for session in 0..10_000 {
            let start = course.start(session);
            west += usize::from(start.x < 256);
            north += usize::from(start.y < 256);
            early += usize::from(course.phase_ns(session, 500) < 250);
        }
        for half in [west, north, early] {
            assert!((4_800..5_200).contains(&half), "{west} {north} {early}");
        }
    }

    #[test]
    fn with_the_rivals_seed_everything_is_drawn_as_the_rival_does() {
        // Printed by zone.mjs and loadgen.c.
        let course = Course::new(RIVALS_SEED, 512);
        for (session, x, y) in [(0, 210, 431), (1, 110, 503), (2, 10, 411), (3_999, 329, 65)] {
            assert_eq!(course.start(session), Position { x, y }, "session {session}");
        }
        for (session, phase_ns, ways) in [
            (0, 27_374_987, [1, 3, 3, 0, 1, 0, 0, 0, 3, 0, 3, 3]),
            (1, 359_742_224, [2, 1, 2, 1, 3, 3, 2, 1, 3, 0, 1, 3]),
            (3_999, 374_318_318, [3, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 2]),
        ] {
            assert_eq!(course.phase_ns(session, 500_000_000), phase_ns, "session {session}");
            let mut walk = course.walk(session);
            let middle = Position { x: 256, y: 256 };
            // Its directions are n, s, e, w.
            assert_eq!(ways.map(|_| course.way(&mut walk, middle) as i32), ways, "session {session}");
        }
    }
}
