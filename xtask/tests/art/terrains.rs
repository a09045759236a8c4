//! The terrain sets: every way in which two kinds of ground meet, every way a fence goes on, and
//! tiles that fit each other.

use std::collections::{BTreeMap, BTreeSet};

use tiled::{Tileset, WangSet, WangSetType};

use crate::picture::Picture;
use crate::{meaning, tileset, worlds};

/// Edge of a tile, pixels.
const EDGE: u32 = 16;

/// Pixels by which a border may be off where two tiles meet.
const SEAM_MAX: u32 = 1;

fn set<'a>(tileset: &'a Tileset, name: &str) -> &'a WangSet {
    tileset.wang_sets.iter().find(|set| set.name == name).expect("the terrain set is there")
}

/// Numbers of the tiles and the terrains at their corners: north-east, south-east, south-west,
/// north-west.
fn corners(set: &WangSet) -> BTreeMap<u32, [u8; 4]> {
    set.wang_tiles.iter().map(|(number, tile)| (*number, [1, 3, 5, 7].map(|at| tile.wang_id.0[at]))).collect()
}

#[test]
fn any_two_kinds_of_ground_meet_in_every_way_and_water_blocks() {
    let tileset = tileset();
    let ground = set(&tileset, "ground");
    assert_eq!((ground.wang_set_type, ground.wang_colors.len()), (WangSetType::Corner, 9));
    let corners = corners(ground);
    let there: BTreeSet<[u8; 4]> = corners.values().copied().collect();
    for (one, other) in (1..=9).flat_map(|one| (1..one).map(move |other| (one, other))) {
        for way in 0..16 {
            let wanted = [0, 1, 2, 3].map(|corner| if way >> corner & 1 == 0 { one } else { other });
            assert!(there.contains(&wanted), "no tile for {wanted:?}");
        }
    }
    let names: Vec<&str> = ground.wang_colors.iter().map(|color| &*color.name).collect();
    for (number, corners) in corners {
        let (class, solid) = meaning(&tileset, number).expect("a tile");
        let called = corners.map(|color| names[usize::from(color) - 1]);
        let wet = called.iter().filter(|name| name.ends_with("water")).count();
        assert_eq!(solid, wet >= 3, "tile {number}: {called:?}");
        assert!(called.contains(&&*class) || class == "grass", "tile {number} is {class}: {called:?}");
    }
}

#[test]
fn a_fence_goes_on_to_every_side() {
    let tileset = tileset();
    let fence = set(&tileset, "fence");
    assert_eq!(fence.wang_set_type, WangSetType::Edge);
    let ways: BTreeSet<[u8; 4]> =
        fence.wang_tiles.values().map(|tile| [0, 2, 4, 6].map(|at| tile.wang_id.0[at])).collect();
    assert_eq!(ways.len(), 15);
    for number in fence.wang_tiles.keys() {
        assert_eq!(meaning(&tileset, *number), Some(("fence".to_owned(), true)));
    }
}

/// How far down sand reaches in a column of a tile.
fn shore(picture: &Picture, tileset: &Tileset, number: u32, column: u32) -> u32 {
    let (x, y) = (number % tileset.columns * EDGE + column, number / tileset.columns * EDGE);
    // Water and its foam are bluer than anything on a beach.
    let is_sand = |row: &u32| picture.get(x, y + row).is_some_and(|[red, _, blue]| red > blue);
    (0..EDGE).take_while(is_sand).count() as u32
}

#[test]
fn a_shore_goes_on_from_any_tile_to_any_other() {
    let (tileset, picture) = (tileset(), Picture::read(&worlds().join("first_light.png")));
    let ground = set(&tileset, "ground");
    let color = |name: &str| 1 + ground.wang_colors.iter().position(|it| it.name == name).expect("a terrain") as u8;
    let (sand, water) = (color("sand"), color("water"));
    let mut heights = Vec::new();
    for (number, [ne, se, sw, nw]) in corners(ground) {
        if (ne, se) == (sand, water) {
            heights.push(shore(&picture, &tileset, number, EDGE - 1));
        }
        if (nw, sw) == (sand, water) {
            heights.push(shore(&picture, &tileset, number, 0));
        }
    }
    let (lowest, highest) = (heights.iter().min().expect("a shore"), heights.iter().max().expect("a shore"));
    assert!(heights.len() > 10 && highest - lowest <= SEAM_MAX, "{heights:?}");
}
