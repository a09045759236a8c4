//! Maps as players see them, held against pictures that somebody has looked at. A picture that
//! differs is left where builds leave their files; TILEMUD_WRITE=1 takes it over instead.

use std::path::{Path, PathBuf};

use tilemud_maps::bake::{Options, bake};
use tilemud_maps::dialect::Dialect;
use tilemud_maps::drawing::{Content, Drawing, Frame, Placed, Tile};
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, load};
use tilemud_sim::Map;

use crate::drawings::{CELL, Files, drawing, layer, object, picture, png, tiles, tileset};
use crate::plain;

/// Most that a part of a colour may differ: it is rounded when layers are laid over one another.
const DIFFERS_MAX: u8 = 1;

/// Holds a map at a time against its picture.
fn looks(map: &Map, ms: u32, name: &str) {
    let canvas = plain::shown(map, ms);
    let pixels: Vec<[u8; 4]> = canvas.pixels.iter().map(|pixel| bytes(*pixel)).collect();
    let (width, height) = (canvas.width as u32, canvas.height as u32);
    let drawn = png(width, height, |x, y| pixels[(y * width + x) as usize]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(format!("{name}.png"));
    if std::env::var_os("TILEMUD_WRITE").is_some() {
        std::fs::write(&file, drawn).expect("written");
        return;
    }
    let known =
        plain::Image::decode(&std::fs::read(&file).unwrap_or_else(|_| panic!("there is no {}", file.display())));
    let is_same = (known.width, known.height) == (canvas.width, canvas.height)
        && known.bytes().zip(pixels.iter().flatten()).all(|(known, drawn)| known.abs_diff(*drawn) <= DIFFERS_MAX);
    if !is_same {
        let other = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.new.png"));
        std::fs::write(&other, drawn).expect("written");
        panic!("{name} looks otherwise: see {} and {}", file.display(), other.display());
    }
}

/// Colours that were multiplied with their opacity, as a file has them.
fn bytes([red, green, blue, opacity]: [f64; 4]) -> [u8; 4] {
    let part = |color: f64| if opacity > 0.0 { (color / opacity * 255.0).round() as u8 } else { 0 };
    [part(red), part(green), part(blue), (opacity * 255.0).round() as u8]
}

fn map_of(file: &Path) -> Map {
    let files = Disk::new(file, None).expect("a folder");
    load(file, &files, &Options::default(), &mut Problems::default()).expect("a world").into_map()
}

#[test]
fn towns_of_five_games() {
    for dialect in [Dialect::TileMud, Dialect::Tmw, Dialect::Stendhal, Dialect::Tuxemon, Dialect::Som] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/maps").join(dialect.name()).join("town.tmx");
        looks(&map_of(&file), 0, &format!("town_{dialect}"));
    }
}

#[test]
fn the_island_that_builders_begin_with() {
    looks(&map_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim/worlds/island.tmx")), 0, "island");
}

/// Grass, water in two states, a wall and a path, one beside the other.
fn ground() -> Files {
    let color = |x: u32, y: u32| {
        let speck = (x * 7 + y * 13).is_multiple_of(5);
        match x / CELL {
            0 => [70 + 20 * u8::from(speck), 140, 60, 255],
            1 => [40, 90 + 40 * u8::from((x + y).is_multiple_of(4)), 180, 255],
            2 => [40, 90 + 40 * u8::from((x + y) % 4 == 2), 180, 255],
            3 => [120 + 25 * u8::from(y.is_multiple_of(4) || x.is_multiple_of(CELL)), 110, 100, 255],
            _ => [200, 170 + 20 * u8::from(speck), 120, 255],
        }
    };
    // A tree of three cells, wider than one.
    let tree = |x: u32, y: u32| {
        let (dx, dy) = (x.abs_diff(CELL), y.abs_diff(CELL));
        match () {
            () if dx * dx + dy * dy < CELL * CELL => [30, 90 + (x * y % 40) as u8, 40, 255],
            () if dx < 2 && y > CELL => [90, 60, 30, 255],
            () => [0; 4],
        }
    };
    let clouds = |x: u32, y: u32| [255, 255, 255, if (x / 5 + y / 3).is_multiple_of(4) { 120 } else { 0 }];
    Files::from([
        (PathBuf::from("tiles.png"), png(5 * CELL, CELL, color)),
        (PathBuf::from("tree.png"), png(2 * CELL, 3 * CELL, tree)),
        (PathBuf::from("clouds.png"), png(40, 24, clouds)),
    ])
}

fn baked(drawing: &Drawing) -> Map {
    let mut problems = Problems::default();
    bake(drawing, &ground(), &Options::default(), &mut problems).unwrap_or_else(|| panic!("{problems:?}")).map
}

const MEADOW: [&str; 6] = ["aaaaaaaa", "aabbbaaa", "abbbbbea", "aabbbaea", "aaaaaaea", "dddddded"];

#[test]
fn water_that_moves() {
    let mut drawing = drawing(8, 6);
    let frame = |tile| Frame { tile, duration_ms: 200 };
    drawing.tilesets[0].tileset.tiles.insert(1, Tile { animation: vec![frame(1), frame(2)], ..Tile::default() });
    drawing.layers.push(tiles("ground", &MEADOW));
    let map = baked(&drawing);
    looks(&map, 0, "water");
    looks(&map, 250, "water_later");
}

#[test]
fn trees_that_are_taller_and_wider_than_a_cell() {
    let mut drawing = drawing(8, 6);
    drawing.tilesets.push(Placed { first_gid: 9, tileset: tileset("tree", "tree.png", 2 * CELL, 3 * CELL) });
    drawing.layers.push(tiles("ground", &MEADOW));
    let mut cells = vec![0; 48];
    (cells[17], cells[22], cells[36]) = (9, 9, 9);
    drawing.layers.push(layer("trees", Content::Tiles(cells.into_iter().collect())));
    looks(&baked(&drawing), 0, "trees");
}

#[test]
fn tiles_that_are_turned_and_objects_of_any_size() {
    let mut drawing = drawing(8, 6);
    drawing.tilesets.push(Placed { first_gid: 9, tileset: tileset("tree", "tree.png", 2 * CELL, 3 * CELL) });
    drawing.layers.push(tiles("ground", &MEADOW));
    let turned = (0..8_u32).map(|flips| 4 | flips << 29).chain([0; 40]);
    drawing.layers.push(layer("turned", Content::Tiles(turned.collect())));
    let mut objects = Vec::new();
    for (number, (rotation, size)) in
        [(0.0, (2.0, 3.0)), (90.0, (2.0, 3.0)), (0.0, (1.0, 1.0)), (30.0, (3.0, 2.0))].into_iter().enumerate()
    {
        let mut tree = object(number as u32 + 1, "", (number as f64 * 2.0, 4.0), size);
        (tree.gid, tree.rotation) = (Some(9), rotation);
        objects.push(tree);
    }
    drawing.layers.push(layer("trees", Content::Objects(objects)));
    looks(&baked(&drawing), 0, "turned");
}

#[test]
fn layers_with_colours_offsets_and_pictures() {
    let mut drawing = drawing(8, 6);
    drawing.layers.push(tiles("ground", &MEADOW));
    let mut moved = tiles("shadow", &["........", "..dd....", "..dd..d.", "........", ".d.d.d..", "........"]);
    (moved.offset, moved.opacity, moved.tint) = ((3.0, -2.0), 0.5, [255, 120, 120, 255]);
    drawing.layers.push(moved);
    let clouds = Content::Image { picture: Some(picture("clouds.png")), repeats: (true, false) };
    drawing.layers.push(layer("overhead", clouds));
    looks(&baked(&drawing), 0, "colours");
}
