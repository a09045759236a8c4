//! NPCs and the places they stay near.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use tilemud_schema::Position;

/// Where an NPC belongs.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The tile it was put on.
    pub position: Position,
    /// How far it goes from there, tiles, counted as the larger of the two distances; 0 stays.
    pub reach: u8,
}
