//! Shows the player's own steps at once: the server's position plus the moves it has not answered.
//!
//! The base moves only by what the server says; a refusal simply drops out of the unanswered moves,
//! and the predicted tile falls back by itself. Nothing is guessed about other entities.

use tilemud_schema::{Direction, Intent, Position, Tick};

use crate::session::Outbox;

/// The confirmed position, and the tick it is from.
#[derive(Debug, Clone, Default)]
pub struct Prediction {
    base: Option<Position>,
    base_tick: Tick,
}

impl Prediction {
    /// The server's position of the player as of `tick`.
    pub fn confirm(&mut self, position: Position, tick: Tick) {
        self.base = Some(position);
        self.base_tick = tick;
    }

    /// A move took effect in `tick`. The delta of that tick may not be here yet, so the base takes
    /// the step now, unless it already holds that tick. `warp` tells where a step onto a tile leads
    /// to elsewhere.
    pub fn applied(&mut self, direction: Direction, tick: Tick, warp: impl Fn(Position) -> Option<Position>) {
        if let Some(base) = &mut self.base
            && self.base_tick < tick
        {
            let next = step(*base, direction);
            *base = warp(next).unwrap_or(next);
        }
    }

    /// Forgets everything, for a session that starts from nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Where the server last said the player stands.
    #[must_use]
    pub fn base(&self) -> Option<Position> {
        self.base
    }

    /// Where the player will stand once every unanswered move is answered, as far as known.
    /// `landing` tells where a step onto a tile ends, if it can be taken.
    #[must_use]
    pub fn predict(&self, outbox: &Outbox, landing: impl Fn(Position) -> Option<Position>) -> Option<Position> {
        let mut at = self.base?;
        for entry in outbox.waiting() {
            if let Intent::Move { direction } = entry.intent {
                at = landing(step(at, direction)).unwrap_or(at);
            }
        }
        Some(at)
    }
}

/// The neighbouring tile in a direction.
#[must_use]
pub fn step(from: Position, direction: Direction) -> Position {
    let (dx, dy) = direction.step();
    Position { x: from.x + dx, y: from.y + dy }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Position = Position { x: 5, y: 5 };

    fn outbox(directions: &[Direction]) -> Outbox {
        let mut outbox = Outbox::default();
        for direction in directions {
            outbox.push(Intent::Move { direction: *direction }, 0.0).expect("room");
        }
        outbox
    }

    fn at_home() -> Prediction {
        let mut prediction = Prediction::default();
        prediction.confirm(HOME, 10);
        prediction
    }

    #[test]
    fn unanswered_moves_show_at_once() {
        let outbox = outbox(&[Direction::East, Direction::East, Direction::South]);
        assert_eq!(at_home().predict(&outbox, Some), Some(Position { x: 7, y: 6 }));
    }

    #[test]
    fn walls_stop_the_prediction() {
        let outbox = outbox(&[Direction::East, Direction::East]);
        assert_eq!(at_home().predict(&outbox, |next| (next.x < 7).then_some(next)), Some(Position { x: 6, y: 5 }));
    }

    #[test]
    fn an_ack_before_its_delta_does_not_move_the_player_back() {
        let (mut prediction, mut outbox) = (at_home(), outbox(&[Direction::East]));
        outbox.answer(1);
        prediction.applied(Direction::East, 11, |_| None);
        assert_eq!(prediction.predict(&outbox, Some), Some(Position { x: 6, y: 5 }));
        prediction.confirm(Position { x: 6, y: 5 }, 11);
        assert_eq!(prediction.predict(&outbox, Some), Some(Position { x: 6, y: 5 }));
    }

    #[test]
    fn a_delta_before_its_ack_does_not_count_the_step_twice() {
        let (mut prediction, mut outbox) = (at_home(), outbox(&[Direction::East]));
        prediction.confirm(Position { x: 6, y: 5 }, 11);
        outbox.answer(1);
        prediction.applied(Direction::East, 11, |_| None);
        assert_eq!(prediction.predict(&outbox, Some), Some(Position { x: 6, y: 5 }));
    }

    #[test]
    fn steps_go_on_from_where_a_warp_leads_before_and_after_it_is_confirmed() {
        let away = Position { x: 90, y: 9 };
        let warp = |next: Position| (next == Position { x: 6, y: 5 }).then_some(away);
        let landing = |next| Some(warp(next).unwrap_or(next));
        let (mut prediction, mut outbox) = (at_home(), outbox(&[Direction::East, Direction::East]));
        let beyond = Some(Position { x: 91, y: 9 });
        assert_eq!(prediction.predict(&outbox, landing), beyond);
        outbox.answer(1);
        prediction.applied(Direction::East, 11, warp);
        assert_eq!((prediction.base(), prediction.predict(&outbox, landing)), (Some(away), beyond));
        prediction.confirm(away, 11);
        assert_eq!(prediction.predict(&outbox, landing), beyond);
    }

    #[test]
    fn a_refused_move_falls_back() {
        let (prediction, mut outbox) = (at_home(), outbox(&[Direction::East]));
        outbox.answer(1);
        assert_eq!(prediction.predict(&outbox, Some), Some(HOME));
    }
}
