//! The static world as a builder drew it: tiles, pictures, the spawn point and what stands where.
//!
//! Comes from a Tiled map whose files the caller reads (`server` from disk) or from the built-in
//! world compiled into the program. Never reads a disk itself and never changes after loading; what
//! players change is state of the simulation.
//!
//! # What a builder can say in Tiled
//!
//! | on | property | type | means |
//! |---|---|---|---|
//! | the map | `name` | string | what people call it |
//! | a tile of the tileset | its class | | what it is, e.g. `water` |
//! | | `solid` | bool | nobody can stand on it |
//! | | `damage` | int | health points that standing on it costs every second |
//! | every object | `look` | string | its sprite; of an item also its kind |
//! | an object of class `door` | `open` | bool | whether it is open at first |
//! | an object of class `npc` | `wander` | int | how far it goes from where it stands, tiles; 3 if absent, 0 stays |
//! | an object of class `item` | `quantity` | int | how many there are; 1 if absent |
//! | | `heals` | int | its kind is food that gives so many health points |
//! | | `places` | string | its kind can be built into the world, and then is the first tile of this class |
//! | | `respawn` | int | seconds after which it lies there again when it was taken; if absent it does not |
//! | an object of class `spawner` | `number` | int | how many of its things lie on its rectangle at most; 1 if absent |
//! | | `every` | int | seconds from one thing to the next |
//! | | `quantity`, `heals`, `places` | | as of an item |
//! | an object of class `warp` | `to_x`, `to_y` | int | column and row of this map to which a step onto its rectangle leads |
//!
//! `heals` and `places` hold for the whole kind, wherever its items come from; one object of the
//! kind has to say them.
//!
//! An item that comes back does so with all there were, and only where nothing of its kind lies. A
//! thing of a spawner appears on a tile where one can walk, nothing lies and nobody stands.
//!
//! A door has its tile for itself, as far as walking goes: not another door, the spawn point or a
//! solid tile, and nobody in it while it is closed. Items may lie there.
//!
//! A warp leads onto a tile that is not solid and is no warp itself; it lies over no other warp and
//! not over the spawn point. Nothing is built on it or where it leads. NPCs do not take it.

mod drawn;
mod error;
mod objects;
mod spawners;
mod tmx;
mod together;
mod warps;

#[cfg(test)]
mod builtin_tests;
#[cfg(test)]
mod tmx_tests;

use std::io;
use std::path::Path;

pub use drawn::{
    ItemInfo, MAP_EDGE_MAX, Map, MapObject, MapTileset, SPAWNER_NUMBER_MAX, SPAWNERS_MAX, Spawner, WARPS_MAX,
};
pub use error::MapError;

/// The files of the built-in world, by the names they use for one another.
const BUILT_IN: [(&str, &[u8]); 3] = [
    ("first_light.tmx", include_bytes!("../../worlds/first_light.tmx")),
    ("first_light.tsx", include_bytes!("../../worlds/first_light.tsx")),
    ("first_light.png", include_bytes!("../../worlds/first_light.png")),
];

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
}
