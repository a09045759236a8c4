//! The tiles of a map in squares, which clients fetch as they need them.

use serde::{Deserialize, Serialize};

/// Where the tiles of a map are, square by square.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sections {
    /// Edge of a section, tiles. The last ones of a row and of a column may be smaller.
    pub edge: i32,
    /// Address of each *section*, relative to the server, row by row. It says what is in it:
    /// sections with equal tiles have one, and one that was fetched never changes.
    pub paths: Vec<String>,
}

/// The tiles of one square of the map, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// As `tiles` of the map.
    pub tiles: Vec<u16>,
    /// As `ground` of the map; absent: the same as `tiles`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Vec<u16>>,
    /// As `canopy` of the map; absent: nothing anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canopy: Option<Vec<u16>>,
}

impl Sections {
    /// Sections side by side, and one below the other, on a map of this many columns and rows.
    #[must_use]
    pub fn across(&self, (width, height): (i32, i32)) -> (i32, i32) {
        let count = |tiles: i32| tiles.max(0).div_euclid(self.edge.max(1)) + i32::from(tiles % self.edge.max(1) > 0);
        (count(width), count(height))
    }
}
