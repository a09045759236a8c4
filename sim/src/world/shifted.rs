//! How far the places of a world have moved since it began, because its map grew or was cut at the
//! left or at the top. Stores keep characters at the places of the first map, so that an edit need
//! not change those that are away. Every state that comes from a store or goes to one passes here.

use bevy_ecs::prelude::*;
use tilemud_schema::{CharacterState, Position};

/// Tiles by which all places are farther right and lower than they were at first.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shifted(pub Position);

impl Shifted {
    /// A character in the world as a store keeps it.
    #[must_use]
    pub fn stored(self, mut state: CharacterState) -> CharacterState {
        let Position { x, y } = self.0;
        shift(&mut state, Position { x: -x, y: -y });
        state
    }

    /// A stored character as it comes into the world.
    pub fn bring(self, state: &mut CharacterState) {
        shift(state, self.0);
    }

    /// Where a stored place is in the world.
    #[must_use]
    pub fn place(self, stored: Position) -> Position {
        moved(stored, self.0)
    }
}

/// A place so much farther right and lower.
#[must_use]
pub fn moved(at: Position, by: Position) -> Position {
    Position { x: at.x.saturating_add(by.x), y: at.y.saturating_add(by.y) }
}

/// Moves all places that a character knows.
pub fn shift(state: &mut CharacterState, by: Position) {
    for place in [&mut state.position, &mut state.camp].into_iter().flatten() {
        *place = moved(*place, by);
    }
}
