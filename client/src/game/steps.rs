//! Turns held keys, taps and clicked tiles into single steps at walking pace.

use tilemud_schema::{Direction, Intent};

use super::Game;
use crate::prediction;
use crate::world::motion::STEP_S;
use crate::world::path;

/// Taps remembered while a step is under way.
const TAPS_MAX: usize = 6;
/// Most steps in one frame, when frames come slower than steps.
const CATCH_UP_MAX: u32 = 3;

impl Game {
    /// The direction key that is down now, if any.
    pub fn hold(&mut self, direction: Option<Direction>) {
        self.steering.held = direction;
        if direction.is_some() {
            self.steering.way.clear();
            self.steering.goal = None;
        }
    }

    /// A direction key went down: at least one step, however short the press.
    pub fn tap(&mut self, direction: Direction) {
        self.steering.way.clear();
        self.steering.goal = None;
        if self.steering.taps.len() < TAPS_MAX {
            self.steering.taps.push_back(direction);
        }
    }

    /// Walks to a tile, or as near as it gets.
    pub fn walk_to(&mut self, tile: (i32, i32)) {
        let Some(from) = self.predicted() else { return };
        let way = path::find((from.x, from.y), tile, |x, y| self.walkable(x, y), |x, y| self.warp(x, y).is_some());
        self.steering.taps.clear();
        self.steering.goal = (!way.is_empty()).then_some(tile);
        self.steering.way = way;
    }

    /// The clicked tile that is being walked to.
    #[must_use]
    pub fn goal(&self) -> Option<(i32, i32)> {
        self.steering.goal
    }

    /// Takes the steps that are due. Once per drawn frame, after the keys were read, so that a key
    /// that went up in a long frame does not walk on.
    pub fn steer(&mut self) {
        if !self.session.can_act() {
            self.steering.stop();
            return;
        }
        for _ in 0..CATCH_UP_MAX {
            if self.now_s < self.steering.next_step_s || !self.take_step() {
                return;
            }
        }
    }

    /// `false` when there is no step to take.
    fn take_step(&mut self) -> bool {
        let steering = &mut self.steering;
        let Some(direction) = steering.taps.pop_front().or(steering.held).or_else(|| steering.way.pop_front()) else {
            steering.goal = None;
            return false;
        };
        let Some(from) = self.predicted() else { return false };
        let to = prediction::step(from, direction);
        if self.landing(to).is_some() && self.session.act(Intent::Move { direction }, self.now_s) {
            // Steps keep their rhythm when a frame comes late, without bursts after a pause.
            let due_s = self.steering.next_step_s;
            let late = self.now_s - due_s < STEP_S * f64::from(CATCH_UP_MAX);
            self.steering.next_step_s = if late { due_s + STEP_S } else { self.now_s + STEP_S };
            self.obey();
            return true;
        }
        self.steering.way.clear();
        self.steering.goal = None;
        let own = self.session.entity_id();
        if let Some(motion) = own.and_then(|id| self.motions.get_mut(&id)) {
            motion.face(direction);
        }
        !self.steering.taps.is_empty()
    }
}
