//! Smooth movement: glides a figure from tile to tile at walking pace, catching up when it is
//! behind, jumping when it is far off. Knows only tiles and seconds.

use std::collections::VecDeque;

use tilemud_schema::Direction;

/// Duration of a step on the screen, seconds; also the pace of the player's own walking (7
/// tiles/s).
pub const STEP_S: f64 = 1.0 / 7.0;
/// A figure jumps over longer distances than this, tiles.
const JUMP_TILES: i32 = 3;
/// Legs kept; more means far behind.
const LEGS_MAX: usize = 6;
/// A figure stands once it has not walked for this long, seconds; bridges the gap between steps.
const STANDS_AFTER_S: f64 = 0.06;

/// Where a figure is drawn, and how it moves.
#[derive(Debug, Clone)]
pub struct Motion {
    at: (f64, f64),
    legs: VecDeque<(i32, i32)>,
    facing: Direction,
    still_s: f64,
    /// Tiles walked, for the legs' swing.
    walked: f64,
}

impl Motion {
    /// A figure that stands on a tile.
    #[must_use]
    pub fn standing(tile: (i32, i32)) -> Self {
        Self {
            at: (f64::from(tile.0), f64::from(tile.1)),
            legs: VecDeque::new(),
            facing: Direction::South,
            still_s: f64::MAX,
            walked: 0.0,
        }
    }

    /// The tile it is on the way to.
    #[must_use]
    pub fn target(&self) -> (i32, i32) {
        self.legs.back().copied().unwrap_or((self.at.0.round() as i32, self.at.1.round() as i32))
    }

    /// Sends it to `tile` from wherever it is.
    pub fn go(&mut self, tile: (i32, i32)) {
        let target = self.target();
        if tile == target {
            return;
        }
        let far = (tile.0 - target.0).abs().max((tile.1 - target.1).abs());
        if far > JUMP_TILES || self.legs.len() >= LEGS_MAX {
            let facing = self.facing;
            *self = Self { facing, ..Self::standing(tile) };
            return;
        }
        // A correction back to where it came from cancels legs that have not begun.
        if let Some(index) = self.legs.iter().position(|leg| *leg == tile) {
            self.legs.truncate(index + 1);
        } else {
            self.legs.push_back(tile);
        }
    }

    /// Turns it without moving.
    pub fn face(&mut self, direction: Direction) {
        if self.legs.is_empty() {
            self.facing = direction;
        }
    }

    /// Lets `dt_s` seconds pass.
    pub fn advance(&mut self, dt_s: f64) {
        let mut left_s = dt_s.clamp(0.0, 0.25);
        if self.legs.is_empty() {
            self.still_s += left_s;
        }
        while let Some(leg) = self.legs.front().copied() {
            let (dx, dy) = (f64::from(leg.0) - self.at.0, f64::from(leg.1) - self.at.1);
            let length = dx.hypot(dy);
            if dx.abs() > 1e-6 || dy.abs() > 1e-6 {
                self.facing = match (dx.abs() >= dy.abs(), dx > 0.0, dy > 0.0) {
                    (true, true, _) => Direction::East,
                    (true, false, _) => Direction::West,
                    (false, _, true) => Direction::South,
                    (false, _, false) => Direction::North,
                };
            }
            // One leg waiting is the normal pace; each further one makes it hurry.
            let pace = (1.0 + 0.6 * (self.legs.len() - 1) as f64) / STEP_S;
            let reach = pace * left_s;
            if reach < length {
                self.at.0 += dx / length * reach;
                self.at.1 += dy / length * reach;
                self.walked += reach;
                self.still_s = 0.0;
                return;
            }
            self.at = (f64::from(leg.0), f64::from(leg.1));
            self.walked += length;
            self.still_s = 0.0;
            left_s -= length / pace;
            self.legs.pop_front();
        }
    }

    /// Where it is drawn, in tiles.
    #[must_use]
    pub fn at(&self) -> (f64, f64) {
        self.at
    }

    /// Which way it looks.
    #[must_use]
    pub fn facing(&self) -> Direction {
        self.facing
    }

    /// Whether its legs move.
    #[must_use]
    pub fn walking(&self) -> bool {
        !self.legs.is_empty() || self.still_s < STANDS_AFTER_S
    }

    /// How far through its stride it is, tiles since it appeared.
    #[must_use]
    pub fn stride(&self) -> f64 {
        self.walked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_takes_the_step_time_and_ends_on_the_tile() {
        let mut motion = Motion::standing((5, 5));
        motion.go((6, 5));
        motion.advance(STEP_S / 2.0);
        assert!((motion.at().0 - 5.5).abs() < 1e-9);
        assert_eq!(motion.facing(), Direction::East);
        assert!(motion.walking());
        motion.advance(STEP_S);
        assert_eq!(motion.at(), (6.0, 5.0));
        motion.advance(0.2);
        assert!(!motion.walking());
    }

    #[test]
    fn corners_are_not_cut() {
        let mut motion = Motion::standing((0, 0));
        motion.go((1, 0));
        motion.go((1, 1));
        for _ in 0..100 {
            motion.advance(0.01);
            let (x, y) = motion.at();
            assert!(y < 1e-9 || (x - 1.0).abs() < 1e-9, "off the way at {x} {y}");
        }
        assert_eq!(motion.at(), (1.0, 1.0));
    }

    #[test]
    fn far_away_is_jumped_to() {
        let mut motion = Motion::standing((0, 0));
        motion.go((40, 2));
        assert_eq!(motion.at(), (40.0, 2.0));
    }

    #[test]
    fn being_behind_makes_it_hurry() {
        let mut slow = Motion::standing((0, 0));
        let mut fast = Motion::standing((0, 0));
        slow.go((1, 0));
        (1..4).for_each(|x| fast.go((x, 0)));
        slow.advance(STEP_S / 4.0);
        fast.advance(STEP_S / 4.0);
        assert!(fast.at().0 > slow.at().0 * 1.5);
    }

    #[test]
    fn a_correction_onto_the_way_ends_the_walk_there() {
        let mut motion = Motion::standing((0, 0));
        (1..=3).for_each(|x| motion.go((x, 0)));
        motion.advance(STEP_S / 4.0);
        motion.go((1, 0));
        assert_eq!(motion.target(), (1, 0));
        for _ in 0..60 {
            motion.advance(0.02);
            assert!(motion.at().0 <= 1.0, "walked on to {:?} and came back", motion.at());
        }
        assert_eq!(motion.at(), (1.0, 0.0));
    }

    #[test]
    fn a_correction_leads_back() {
        let mut motion = Motion::standing((0, 0));
        motion.go((1, 0));
        motion.advance(STEP_S / 2.0);
        motion.go((0, 0));
        (0..40).for_each(|_| motion.advance(0.02));
        assert_eq!(motion.at(), (0.0, 0.0));
    }
}
