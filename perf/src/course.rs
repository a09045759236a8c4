//! Where each session starts, when its moves are due and which way they go: all from one seed, so that whoever puts the characters
//! into the database and whoever moves them agree without a word. The map is open, and no way leads out of it.

use tilemud_schema::{Direction, Position, Seq};

/// The ways of all sessions of a run.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    seed: u64,
    edge: i32,
}

/// What a number is drawn for, so that no two draws are the same one.
#[derive(Clone, Copy)]
enum Draw {
    Column = 1,
    Row = 2,
    Phase = 3,
    Way = 4,
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
        let edge = u64::from(self.edge.unsigned_abs());
        let coordinate = |draw| i32::try_from(self.number(draw, session, 0) % edge).unwrap_or(0);
        Position { x: coordinate(Draw::Column), y: coordinate(Draw::Row) }
    }

    /// When in each period a session's moves are due; uniform over it.
    #[must_use]
    pub fn phase_ns(&self, session: usize, period_ns: u64) -> u64 {
        self.number(Draw::Phase, session, 0) % period_ns.max(1)
    }

    /// The way of a move of this number from `position`: a random one, turned round where it would lead out of the map.
    #[must_use]
    pub fn way(&self, session: usize, seq: Seq, position: Position) -> Direction {
        self.inside(position, Direction::ALL[(self.number(Draw::Way, session, seq) & 3) as usize])
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

    fn number(&self, draw: Draw, session: usize, seq: Seq) -> u64 {
        mix(mix(mix(self.seed ^ (draw as u64) << 56) ^ session as u64) ^ seq)
    }
}

/// One step further.
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

/// SplitMix64 (Steele, Lea, Flood 2014): every bit of the number counts for every bit of the result.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_leads_out_of_the_map() {
        let course = Course::new(3, 4);
        for session in 0..20 {
            let mut position = course.start(session);
            let mut ways = [0; 4];
            for seq in 1..500 {
                assert!(course.holds(position), "session {session} is at {position:?}");
                let way = course.way(session, seq, position);
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
}
