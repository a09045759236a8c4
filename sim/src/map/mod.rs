//! The static world as a builder drew it: tiles, pictures, the spawn point and what stands where.
//!
//! Comes from a Tiled map whose files the caller reads (`server` from disk) or from the built-in
//! world compiled into the program. Never reads a disk itself and never changes after loading; what
//! players change is state of the simulation.
//!
//! What a builder can say in Tiled is a table in `docs/worlds.md`. `heals` and `places` hold for
//! the whole kind, wherever its items come from; one object of the kind has to say them.
//!
//! An item that comes back does so with all there were, and only where nothing of its kind lies. A
//! thing of a spawner appears on a tile where one can walk, nothing lies and nobody stands.
//!
//! A door has its tile for itself, as far as walking goes: not another door, the spawn point or a
//! solid tile, and nobody in it while it is closed. Items may lie there.
//!
//! A warp leads onto a tile that is not solid and is no warp itself; it lies over no other warp and
//! not over the spawn point. Nothing is built on it or where it leads. NPCs do not take it.
//!
//! Areas, hazards, signs and the figures that a map brings with it are read by `maps`, which knows
//! shapes, files and what may be shown; here they are passed over.

pub(crate) mod areas;
mod content;
mod drawn;
mod error;
pub(crate) mod ids;
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

pub use areas::{AREA_DAMAGE_MAX, AREA_RUNS_MAX, AREA_TILES_MAX, AREAS_MAX, HURTS, NO_BUILD, SAFE};
pub use content::ContentError;
pub use drawn::{
    ItemInfo, MAP_EDGE_MAX, Map, MapObject, MapSprites, MapTileset, SPAWNER_NUMBER_MAX, SPAWNERS_MAX, Spawner,
    WARPS_MAX,
};
pub use error::MapError;
pub use ids::give_ids;

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
