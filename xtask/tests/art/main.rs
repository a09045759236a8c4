//! What builders paint with is whole: the tileset with its terrain sets, the stamps, and the
//! sprites.
//!
//! Reads the files of the built-in world as they lie in the checkout; that players can walk in it
//! is tested in `sim`.

mod picture;
mod sprites;
mod stamps;
mod terrains;

use std::path::{Path, PathBuf};

use tiled::{Loader, PropertyValue, Tileset};
use tilemud_sim::Map;

fn worlds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/worlds")
}

fn tileset() -> Tileset {
    Loader::new().load_tsx_tileset(worlds().join("first_light.tsx")).expect("the tileset loads")
}

/// What a tile is called and whether it is solid; `None` where the tileset has no tile.
fn meaning(tileset: &Tileset, number: u32) -> Option<(String, bool)> {
    let tile = tileset.get_tile(number)?;
    let solid = tile.properties.get("solid") == Some(&PropertyValue::BoolValue(true));
    (!tile.user_type.is_empty()).then(|| (tile.user_type.clone(), solid))
}

#[test]
fn the_built_in_world_is_the_map_in_the_checkout() {
    let path = worlds().join("first_light.tmx");
    let map = Map::from_tmx(&path, |path| std::fs::read(path)).expect("the map loads");
    assert_eq!(map, Map::built_in());
}

#[test]
fn every_tile_that_is_drawn_has_a_class() {
    let (tileset, picture) = (tileset(), picture::Picture::read(&worlds().join("first_light.png")));
    assert_eq!(tileset.tilecount, picture.width / 16 * (picture.height / 16));
    for number in 0..tileset.tilecount {
        let is_drawn = !picture.is_clear(number % tileset.columns * 16, number / tileset.columns * 16, 16, 16);
        assert!(!is_drawn || meaning(&tileset, number).is_some(), "tile {number} has no class");
    }
}
