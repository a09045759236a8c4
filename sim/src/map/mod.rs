//! The static world as a builder drew it: tiles, pictures, the spawn point and what stands where.
//!
//! Comes from a Tiled map whose files the caller reads (`server` from disk) or from the built-in
//! world compiled into the program. Never touches a disk itself and never changes after loading;
//! what players change later lives in the simulation.

mod error;
mod tmx;

#[cfg(test)]
mod builtin_tests;
#[cfg(test)]
mod tmx_tests;

use std::io;
use std::path::Path;
use std::sync::Arc;

use tilemud_schema::rest::TileInfo;
use tilemud_schema::{EntityKind, Position};

pub use error::MapError;

/// Longest edge of a map, tiles.
pub const MAP_EDGE_MAX: u32 = 1024;

/// The files of the built-in world, by the names they use for one another.
const BUILT_IN: [(&str, &[u8]); 3] = [
    ("first_light.tmx", include_bytes!("../../worlds/first_light.tmx")),
    ("first_light.tsx", include_bytes!("../../worlds/first_light.tsx")),
    ("first_light.png", include_bytes!("../../worlds/first_light.png")),
];

/// The static world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// What people call it.
    pub name: String,
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
    /// The tile that decides what a place is, row by row: the structure if there is one, else the ground.
    pub tiles: Vec<u16>,
    /// The ground under the structures, row by row.
    pub ground: Vec<u16>,
    /// What is drawn over the characters, row by row; 0 is nothing.
    pub canopy: Vec<u16>,
    /// Pictures and properties of the tiles.
    pub tileset: MapTileset,
    /// Where new characters appear. Never solid.
    pub spawn: Position,
    /// What stands in the world at first, in the order of the map file.
    pub objects: Vec<MapObject>,
}

/// Pictures and properties of the tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapTileset {
    /// The picture, a PNG file.
    pub image: Vec<u8>,
    /// Edge of a tile in the picture, pixels.
    pub tile_size: u32,
    /// Tiles in a row of the picture.
    pub columns: u32,
    /// By tile id; index 0 is the nothing tile.
    pub tiles: Vec<TileInfo>,
}

/// Something that stands in the world when it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapObject {
    /// What it is; never a player.
    pub kind: EntityKind,
    /// What people call it.
    pub name: Arc<str>,
    /// The sprite it is drawn with; for an item also its kind.
    pub look: Arc<str>,
    /// Where it stands.
    pub position: Position,
    /// For doors: whether it is open at first.
    pub open: bool,
    /// For items: how many, at least 1.
    pub quantity: u32,
}

impl Map {
    /// The built-in world, "First Light".
    #[must_use]
    pub fn built_in() -> Self {
        Self::from_tmx(Path::new(BUILT_IN[0].0), |path| {
            let file = BUILT_IN.iter().find(|(name, _)| Path::new(name) == path);
            file.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
        })
        .expect("the built-in world is loaded by a test")
    }

    /// Loads a Tiled map. `read` is asked for the map, its tileset and its picture, by paths that
    /// start with the folder of `path`.
    ///
    /// # Errors
    /// [`MapError`] says what to change in Tiled.
    pub fn from_tmx(path: &Path, read: impl FnMut(&Path) -> io::Result<Vec<u8>>) -> Result<Self, MapError> {
        tmx::load(path, read)
    }

    /// Whether nobody can stand there, as drawn; also true everywhere outside the map.
    #[must_use]
    pub fn is_solid(&self, x: i32, y: i32) -> bool {
        self.index(x, y).is_none_or(|index| self.tileset.tiles[usize::from(self.tiles[index])].solid)
    }

    /// Index of a place in the row-by-row lists; `None` outside the map.
    #[must_use]
    pub fn index(&self, x: i32, y: i32) -> Option<usize> {
        ((0..self.width).contains(&x) && (0..self.height).contains(&y)).then(|| (y * self.width + x) as usize)
    }
}
