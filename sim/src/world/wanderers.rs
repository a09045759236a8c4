//! NPCs that stay near a place.

use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use tilemud_schema::Position;

/// An NPC that wanders, or stays.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wander {
    /// The tile it was put on.
    pub home: Position,
    /// How far it goes from there, tiles, counted as the larger of the two distances; 0 stays.
    pub reach: u8,
}

/// What all chances of a world follow from.
#[derive(Resource, Debug)]
pub struct Seed(pub u64);
