//! The pretend server's map and its plain tileset, both made by rule.

use tilemud_schema::Position;
use tilemud_schema::rest::{TileInfo, Tileset, WorldMap};

const EDGE: i32 = 64;
const GRASS: u16 = 1;
const MEADOW: u16 = 2;
const WATER: u16 = 3;
const PATH: u16 = 4;
const TRUNK: u16 = 5;
const LEAVES: u16 = 6;
const WALL: u16 = 7;
const ROOF: u16 = 8;

fn dice(x: i32, y: i32) -> u32 {
    let mixed = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77);
    (mixed ^ (mixed >> 15)).wrapping_mul(0x2C1B_3C6D) >> 8
}

/// A meadow with a lake, a path, some trees and a house.
pub(super) fn map() -> WorldMap {
    let (mut ground, mut canopy) = (Vec::new(), Vec::new());
    let mut tiles = Vec::new();
    for y in 0..EDGE {
        for x in 0..EDGE {
            let lake = (x - 44).pow(2) + (y - 24).pow(2) * 2;
            let house = (24..30).contains(&x) && (24..28).contains(&y);
            let under = match () {
                () if lake < 90 => WATER,
                () if (y - 32).abs() < 1 || x == 32 => PATH,
                () if dice(x, y).is_multiple_of(5) => MEADOW,
                () => GRASS,
            };
            let tree = |x: i32, y: i32| dice(x, y).is_multiple_of(17) && (x - 32).abs() > 2 && (y - 32).abs() > 2;
            let wild = lake >= 90 && !(22..32).contains(&x);
            ground.push(under);
            tiles.push(match () {
                () if house && y == 27 && x != 27 => WALL,
                () if tree(x, y) && wild => TRUNK,
                () => under,
            });
            canopy.push(match () {
                () if house && y < 27 => ROOF,
                () if tree(x, y + 1) && wild => LEAVES,
                () => 0,
            });
        }
    }
    let names = ["nothing", "grass", "meadow", "water", "path", "trunk", "leaves", "wall", "roof"];
    let solid = [WATER, TRUNK, WALL];
    let info = |(id, name): (usize, &&str)| TileInfo {
        id: id as u16,
        name: (*name).to_owned(),
        solid: solid.contains(&(id as u16)),
    };
    WorldMap {
        name: "demo".to_owned(),
        width: EDGE,
        height: EDGE,
        chunk_size: 16,
        tiles,
        ground,
        canopy,
        tileset: Tileset {
            image: "/demo.png".to_owned(),
            tile_size: 16,
            columns: 8,
            tiles: names.iter().enumerate().map(info).collect(),
        },
        spawn: Position { x: 33, y: 30 },
    }
}

/// Whether a tile of the map can be stood on.
pub(super) fn walkable(map: &WorldMap, x: i32, y: i32) -> bool {
    let inside = (0..map.width).contains(&x) && (0..map.height).contains(&y);
    inside && !map.tileset.tiles[usize::from(map.tiles[(y * map.width + x) as usize])].solid
}

/// Eight tiles of 16 x 16 pixels in one row, as PNG.
#[must_use]
pub fn tileset_png() -> Vec<u8> {
    let mut pixels = Vec::with_capacity(128 * 16 * 4);
    for y in 0..16 {
        for x in 0..128 {
            let (tile, speck) = (x / 16 + 1, dice(x, y).is_multiple_of(9));
            let color: [u8; 4] = match (tile as u16, speck) {
                (GRASS, false) => [92, 142, 76, 255],
                (GRASS, true) => [104, 156, 84, 255],
                (MEADOW, false) => [96, 148, 80, 255],
                (MEADOW, true) => [222, 198, 110, 255],
                (WATER, _) => [64, 118, 168, 255],
                (PATH, false) => [186, 158, 112, 255],
                (PATH, true) => [166, 138, 98, 255],
                (TRUNK, _) if (5..11).contains(&(x % 16)) => [96, 68, 48, 255],
                (LEAVES, _) if (x % 16 - 8).pow(2) + (y - 8).pow(2) < 62 => [48, 98, 58, 255],
                (WALL, _) => [206, 190, 164, 255],
                (ROOF, false) => [168, 82, 62, 255],
                (ROOF, true) => [146, 66, 52, 255],
                _ => [0, 0, 0, 0],
            };
            pixels.extend(color);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 128, 16);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    // Writing into memory cannot fail; a picture that is too short would be a mistake right above.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("128 x 16 pixels go into a vector");
    bytes
}
