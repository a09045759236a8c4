//! The pictures and properties of the tiles.

use serde::{Deserialize, Serialize};

/// The pictures and properties of the tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tileset {
    /// Address of the PNG, relative to the server.
    pub image: String,
    /// Addresses of further PNGs, in their order: put one below another under the first, they are
    /// one picture. None unless the tiles do not fit into one of 4,096 pixels on an edge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_images: Vec<String>,
    /// Edge of a tile in the picture, pixels.
    pub tile_size: u32,
    /// Tiles in a row of the picture. Tile id `n` (from 1) is picture number `n - 1`; 0 is nothing.
    pub columns: u32,
    /// Properties by id; index 0 is the nothing tile.
    pub tiles: Vec<TileInfo>,
    /// Tiles whose picture changes by itself; the others are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub animations: Vec<TileAnimation>,
}

impl Tileset {
    /// Addresses of all PNGs, from above to below.
    pub fn images(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.image).chain(&self.more_images)
    }
}

/// The pictures that a tile shows one after another, over and over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileAnimation {
    /// The tile, as maps and changes name it.
    pub tile: u16,
    /// In their order; the first one begins when the map is shown.
    pub frames: Vec<TileFrame>,
}

/// One picture of an animation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileFrame {
    /// The tile whose picture it is.
    pub tile: u16,
    /// For how long it is shown, milliseconds.
    pub ms: u32,
}

/// One kind of tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileInfo {
    /// What stands for it in the map.
    pub id: u16,
    /// What it is, e.g. `water`.
    pub name: String,
    /// Nobody can stand on it.
    pub solid: bool,
}
