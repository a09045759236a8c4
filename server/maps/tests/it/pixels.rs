//! A baked map looks like its layers drawn one after another, whatever they are.

use std::path::PathBuf;

use proptest::prelude::*;
use tilemud_maps::bake::{Options, bake};
use tilemud_maps::drawing::{Content, Drawing, Frame, Layer, Object, Placed, Tile};
use tilemud_maps::problem::Problems;

use crate::drawings::{self, CELL, Files, layer, object, picture, png, tileset};
use crate::plain;

/// Tiles in each of the tilesets.
const TILES: u32 = 6;

/// How a tileset is cut: width and height of a tile, margin, spacing, offset.
type Cut = (u32, u32, u32, u32, (i32, i32));

/// A picture of any pixels; only nothing and everything if it has to be exact.
fn pixels(seed: u32, is_exact: bool) -> impl Fn(u32, u32) -> [u8; 4] {
    move |x, y| {
        let mut hash = seed ^ x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
        hash ^= hash >> 13;
        let [red, green, blue, opacity] = hash.to_be_bytes();
        let opacity = if is_exact || opacity % 3 != 0 { if opacity % 2 == 0 { 0 } else { 255 } } else { opacity };
        [red, green, blue, opacity]
    }
}

fn cuts() -> impl Strategy<Value = Cut> {
    let sizes = prop::sample::select(vec![(8, 8), (8, 16), (16, 24), (5, 3), (20, 8), (3, 30)]);
    (sizes, 0..3_u32, 0..3_u32, (-9..9_i32, -9..9_i32))
        .prop_map(|((width, height), margin, spacing, offset)| (width, height, margin, spacing, offset))
}

/// Tiles of the tilesets with any flips, or nothing.
fn cell(count: u32) -> impl Strategy<Value = u32> {
    prop_oneof![2 => Just(0), 3 => (1..=count, 0..8_u32).prop_map(|(gid, flips)| gid | flips << 29)]
}

fn content(width: u32, height: u32, count: u32) -> impl Strategy<Value = Content> {
    let cells = prop::collection::vec(cell(count), (width * height) as usize)
        .prop_map(|cells: Vec<u32>| Content::Tiles(cells.into_iter().collect()));
    let object =
        (1..=count, 0..8_u32, 0..4_u32, -9..50_i32, -9..50_i32).prop_map(|(gid, flips, quarters, x, y)| Object {
            x: x.into(),
            y: y.into(),
            rotation: f64::from(quarters) * 90.0,
            gid: Some(gid | flips << 29),
            ..object(1, "", (0.0, 0.0), (0.0, 0.0))
        });
    let objects = prop::collection::vec(object, 0..4).prop_map(Content::Objects);
    let image =
        any::<(bool, bool)>().prop_map(|repeats| Content::Image { picture: Some(picture("background.png")), repeats });
    prop_oneof![6 => cells, 3 => objects, 1 => image]
}

fn layers(width: u32, height: u32, count: u32, is_exact: bool) -> impl Strategy<Value = Vec<Layer>> {
    let names = prop::sample::select(vec!["Ground 2", "Fringe", "deco"]);
    let colors = (0.0..1.0_f32, any::<[u8; 4]>());
    let one = (names, content(width, height, count), any::<[bool; 3]>(), colors, (-12..12_i32, -12..12_i32));
    let one = one.prop_map(move |(name, content, [is_hidden, is_plain, is_moved], (opacity, tint), offset)| {
        let mut layer = layer(name, content);
        layer.visible = !is_hidden || is_plain;
        if !is_exact && !is_plain {
            (layer.opacity, layer.tint) = (opacity, tint);
        }
        if is_moved {
            layer.offset = (offset.0.into(), offset.1.into());
        }
        layer
    });
    prop::collection::vec(one, 0..5)
}

/// Any small drawing with its pictures.
fn any_drawing(is_exact: bool) -> impl Strategy<Value = (Drawing, Files)> {
    let shape = (1..5_u32, 1..5_u32, prop::collection::vec(cuts(), 0..3), any::<u32>());
    shape.prop_flat_map(move |(width, height, cuts, seed)| {
        let (drawing, files) = sets(width, height, &cuts, seed, is_exact);
        let count = TILES * (cuts.len() as u32 + 2);
        layers(width, height, count, is_exact).prop_map(move |more| {
            let mut drawing = drawing.clone();
            drawing.layers.extend(more);
            (drawing, files.clone())
        })
    })
}

/// The tilesets and a ground on whose first cell one can stand.
fn sets(width: u32, height: u32, cuts: &[Cut], seed: u32, is_exact: bool) -> (Drawing, Files) {
    let mut drawing = drawings::drawing(width, height);
    let mut files = Files::new();
    files.insert(PathBuf::from("tiles.png"), png(3 * CELL, 2 * CELL, |_, y| [200, 100, y as u8, 255]));
    files.insert(PathBuf::from("background.png"), png(11, 19, pixels(seed ^ 99, is_exact)));
    for (number, (width, height, margin, spacing, offset)) in (1..).zip(cuts) {
        let name = format!("{number}.png");
        let mut tileset = tileset(&name, &name, *width, *height);
        (tileset.margin, tileset.spacing, tileset.offset) = (*margin, *spacing, *offset);
        // The first tile moves, and the second for another time.
        for (local, frames) in [(0, [(3, 100), (0, 50)]), (1, [(1, 60), (4, 30)])] {
            let animation = frames.map(|(tile, duration_ms)| Frame { tile, duration_ms }).to_vec();
            tileset.tiles.insert(local, Tile { animation, ..Tile::default() });
        }
        let along = |tiles: u32, edge: u32| margin + tiles * (edge + spacing);
        files.insert(PathBuf::from(&name), png(along(3, *width), along(2, *height), pixels(seed ^ number, is_exact)));
        drawing.tilesets.push(Placed { first_gid: 1 + number * TILES, tileset });
    }
    // A collection of pictures, each of its own size.
    let mut collection = tileset("collection", "", 30, 30);
    collection.picture = None;
    for local in 0..TILES {
        let name = format!("c{local}.png");
        files.insert(PathBuf::from(&name), png(4 + local * 5, 23 - local * 3, pixels(seed ^ local, is_exact)));
        collection.tiles.insert(local, Tile { picture: Some(picture(&name)), ..Tile::default() });
    }
    drawing.tilesets.push(Placed { first_gid: 1 + (cuts.len() as u32 + 1) * TILES, tileset: collection });
    let mut ground = vec![0; (width * height) as usize];
    ground[0] = 1;
    drawing.layers.push(layer("ground", Content::Tiles(ground.into_iter().collect())));
    (drawing, files)
}

/// The largest difference between the two drawers at any time, levels of 255.
fn difference(drawing: &Drawing, files: &Files) -> f64 {
    let mut problems = Problems::default();
    let baked = bake(drawing, files, &Options::default(), &mut problems);
    let baked = baked.unwrap_or_else(|| panic!("{problems:?}"));
    let at = |ms| plain::shown(&baked.map, ms).differs(&plain::drawn(drawing, files, ms));
    // Two rounds of the longest animation, and a moment in which all have moved on.
    [0, 49, 50, 130, 149, 150, 240, 899, 1_777].map(at).into_iter().fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_baked_map_shows_exactly_what_its_layers_show((drawing, files) in any_drawing(true)) {
        prop_assert!(difference(&drawing, &files) < 1e-6);
    }

    /// Both sides of the characters are rounded to bytes on their own.
    #[test]
    fn a_baked_map_shows_half_transparent_layers_as_near_as_bytes_can((drawing, files) in any_drawing(false)) {
        let difference = difference(&drawing, &files);
        prop_assert!(difference < 3.1, "{difference} levels");
    }
}
