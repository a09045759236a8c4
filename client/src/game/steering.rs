//! Where the player wants to go: what is held, tapped and clicked.

use std::collections::VecDeque;

use tilemud_schema::Direction;

/// Where the player wants to go.
#[derive(Debug, Clone, Default)]
pub struct Steering {
    pub(super) held: Option<Direction>,
    pub(super) taps: VecDeque<Direction>,
    pub(super) way: VecDeque<Direction>,
    pub(super) goal: Option<(i32, i32)>,
    pub(super) next_step_s: f64,
}

impl Steering {
    /// Forgets taps and the way; a held key goes on.
    pub fn stop(&mut self) {
        self.taps.clear();
        self.way.clear();
        self.goal = None;
    }
}
