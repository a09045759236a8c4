//! Maps for tests.

use tilemud_sim::Map;

/// Grass as far as the eye can see: 128 x 128 tiles, nothing in the way.
pub fn meadow() -> Map {
    Map::open("test", 128, 128)
}
