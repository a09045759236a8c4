//! A tile of the world.

use serde::{Deserialize, Serialize};

/// A tile of the world: x to the east, y to the south, from the north-west corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Position {
    /// Columns from the western edge.
    pub x: i32,
    /// Rows from the northern edge.
    pub y: i32,
}
