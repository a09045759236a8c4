//! What later layers draw at the tops of tall tiles, which are above the characters: it is seen in
//! the order in which Tiled draws it.

use std::path::PathBuf;

use tilemud_maps::bake::{Baked, Options, bake};
use tilemud_maps::drawing::{Cells, Content, Drawing, Layer, Placed, RenderOrder};
use tilemud_maps::problem::Problems;

use crate::drawings::{CELL, Files, files, layer, meadow, object, png, tileset};
use crate::plain;

/// First ids: a tree of two cells, a flower of half a cell, and a bridge that fills one.
const TREE: u32 = 101;
const FLOWER: u32 = 111;
const BRIDGE: u32 = 121;

fn all() -> Files {
    let mut files = files();
    let half = |x: u32, y: u32, color: [u8; 4]| if (x + y).is_multiple_of(3) { [0; 4] } else { color };
    files.insert(PathBuf::from("tree.png"), png(CELL, 2 * CELL, |x, y| half(x, y, [9, 200, 9, 255])));
    files.insert(
        PathBuf::from("flower.png"),
        png(CELL, CELL, |x, y| if x > 3 { [0; 4] } else { [250, 9, y as u8, 128] }),
    );
    files.insert(PathBuf::from("bridge.png"), png(CELL, CELL, |_, _| [90, 60, 30, 255]));
    files
}

/// A tree whose foot is in the lowest of three cells, and these layers after it.
fn map(layers: Vec<Layer>) -> Drawing {
    let mut drawing = meadow(1, 3);
    for (first_gid, name, height) in [(TREE, "tree", 2), (FLOWER, "flower", 1), (BRIDGE, "bridge", 1)] {
        let tileset = tileset(name, &format!("{name}.png"), CELL, height * CELL);
        drawing.tilesets.push(Placed { first_gid, tileset });
    }
    drawing.layers.push(cells("trees", [0, 0, TREE]));
    drawing.layers.extend(layers);
    drawing
}

fn cells(name: &str, cells: [u32; 3]) -> Layer {
    layer(name, Content::Tiles(Cells::from_iter(cells)))
}

/// The baked map, which looks as Tiled shows it.
fn as_tiled_shows_it(drawing: &Drawing) -> Baked {
    let files = all();
    let baked = bake(drawing, &files, &Options::default(), &mut Problems::default()).expect("usable");
    let differs = plain::shown(&baked.map, 0).differs(&plain::drawn(drawing, &files, 0));
    assert!(differs < 1.5, "by {differs} levels");
    baked
}

#[test]
fn a_flower_before_a_tall_tree_is_drawn_over_it_and_over_whoever_is_behind() {
    let bare = as_tiled_shows_it(&map(Vec::new()));
    assert_eq!(bare.map.canopy, [0, bare.map.canopy[1], 0]);
    let flowers = as_tiled_shows_it(&map(vec![cells("flowers", [FLOWER, FLOWER, FLOWER])]));
    assert_eq!((flowers.map.canopy[0], flowers.map.canopy[2]), (0, 0), "where no tree is above, it is below");
    assert_ne!(flowers.map.ground[1], flowers.map.ground[0], "there is no flower below");
    // As an object too.
    let mut flower = object(1, "", (0.0, 2.0), (1.0, 1.0));
    flower.gid = Some(FLOWER);
    let placed = as_tiled_shows_it(&map(vec![layer("things", Content::Objects(vec![flower]))]));
    assert!(placed.map.canopy[1] > 0 && placed.map.ground[1] == placed.map.ground[0]);
}

#[test]
fn tiles_that_lie_over_one_another_do_so_in_the_order_of_the_map() {
    // One tree behind another, and a flower at the top of each, all on one layer.
    let mut drawing = meadow(2, 4);
    for (first_gid, name, height) in [(TREE, "tree", 2), (FLOWER, "flower", 1)] {
        let tileset = tileset(name, &format!("{name}.png"), CELL + 3, height * CELL);
        drawing.tilesets.push(Placed { first_gid, tileset });
    }
    let cells = [0, FLOWER, FLOWER, TREE, TREE, TREE, TREE, FLOWER];
    drawing.layers.push(layer("trees", Content::Tiles(Cells::from_iter(cells))));
    let mut files = all();
    let colors =
        |x: u32, y: u32| [(x * 20) as u8, (y * 12) as u8, 90, if (x + y).is_multiple_of(4) { 90 } else { 255 }];
    files.insert(PathBuf::from("tree.png"), png(CELL + 3, 2 * CELL, colors));
    files.insert(PathBuf::from("flower.png"), png(CELL + 3, CELL, |x, y| colors(y * 2, x)));
    let mut seen = Vec::new();
    for (leftwards, upwards) in [(false, false), (true, false), (false, true), (true, true)] {
        drawing.render_order = RenderOrder { leftwards, upwards };
        let baked = bake(&drawing, &files, &Options::default(), &mut Problems::default()).expect("usable");
        let shown = plain::shown(&baked.map, 0);
        assert!(shown.differs(&plain::drawn(&drawing, &files, 0)) < 1.5, "{leftwards} {upwards}");
        seen.push(shown);
    }
    assert!((1..4).all(|at| seen[at].differs(&seen[0]) > 9.0), "each has another look");
}

#[test]
fn a_bridge_over_the_top_of_a_tree_can_be_walked_on_and_hides_it() {
    let bridge = as_tiled_shows_it(&map(vec![cells("bridge", [0, BRIDGE, 0])]));
    assert_eq!(bridge.map.canopy, [0; 3], "nothing is above whoever walks there");
}

#[test]
fn a_layer_above_the_characters_stays_above_what_is_drawn_over_tall_tiles() {
    let fringe = cells("Fringe", [0, FLOWER, 0]);
    as_tiled_shows_it(&map(vec![fringe.clone(), cells("flowers", [0, FLOWER, 0])]));
    as_tiled_shows_it(&map(vec![cells("flowers", [0, FLOWER, 0]), fringe, cells("trees too", [0, 0, TREE])]));
}

#[test]
fn a_tile_that_hurts_before_a_tree_still_hurts() {
    let mut drawing = map(vec![cells("embers", [0, FLOWER, 0])]);
    let tile = drawing.tilesets[2].tileset.tiles.entry(0).or_default();
    tile.properties.insert("damage".to_owned(), tilemud_maps::drawing::Value::Int(5));
    let baked = bake(&drawing, &all(), &Options::default(), &mut Problems::default()).expect("usable");
    assert_eq!(baked.map.tileset.damage.get(&baked.map.tiles[1]), Some(&5));
}
