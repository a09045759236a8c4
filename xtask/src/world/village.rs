//! The village of "First Light": houses around a paved square with its well and market, gardens
//! behind, and who and what is to be found there.

use super::canvas::TILE;
use super::houses::{House, Roof};
use super::land::{plant, road};
use super::palette::{EARTH, GOLD, LEAF, ROSE, RUST, SLATE};
use super::plants::{self, Tree};
use super::props;
use super::scene::Scene;
use super::terrain::Terrain;

pub const HOUSES: [House; 9] = [
    House { x: 36, y: 45, width: 6, height: 5, door: 2, roof: Roof::Tiles, name: "Miller's door" },
    House { x: 47, y: 43, width: 9, height: 6, door: 4, roof: Roof::Slate, name: "Inn door" },
    House { x: 60, y: 45, width: 6, height: 5, door: 3, roof: Roof::Thatch, name: "Herbalist's door" },
    House { x: 33, y: 54, width: 6, height: 5, door: 4, roof: Roof::Thatch, name: "Weaver's door" },
    House { x: 64, y: 53, width: 6, height: 5, door: 2, roof: Roof::Tiles, name: "Smith's door" },
    House { x: 33, y: 65, width: 7, height: 5, door: 3, roof: Roof::Slate, name: "Elder's door" },
    House { x: 62, y: 64, width: 7, height: 5, door: 3, roof: Roof::Tiles, name: "Baker's door" },
    House { x: 42, y: 70, width: 6, height: 4, door: 3, roof: Roof::Tiles, name: "Fisher's door" },
    House { x: 54, y: 71, width: 6, height: 5, door: 2, roof: Roof::Thatch, name: "Carter's door" },
];

pub fn square(scene: &mut Scene) {
    scene.fill(45, 54, 13, 12, Terrain::Cobble);
    scene.fill(44, 56, 15, 8, Terrain::Cobble);
    scene.fill(47, 53, 9, 14, Terrain::Cobble);
    scene.fill(50, 49, 3, 5, Terrain::Cobble);
}

/// Houses and the paths to their doors.
pub fn houses(scene: &mut Scene) {
    for house in HOUSES {
        let (x, y) = (house.x + house.door, house.y + house.height);
        let hub = if y > 72 { (49, 78) } else { (51, 60) };
        road(scene, &[(x, y), (x + 1, y + 1), ((x + hub.0) / 2, y.max(hub.1.min(y + 3))), hub], 0.95);
    }
    for house in HOUSES {
        house.build(scene);
    }
}

/// Everything on and around the square.
pub fn furniture(scene: &mut Scene) {
    well(scene, 50, 58);
    for (index, (x, y)) in [(45, 57), (54, 57), (54, 63)].into_iter().enumerate() {
        stall(scene, x, y, index);
    }
    for (x, y) in [(46, 54), (56, 54), (44, 62), (59, 61), (46, 66), (56, 66), (72, 57), (71, 90)] {
        scene.tower_on(&props::lamp(), x, y, "lamp");
    }
    wide(scene, props::notice_board(), 47, 51, "notice board");
    wide(scene, props::bench(), 45, 64, "bench");
    wide(scene, props::bench(), 48, 65, "bench");
    scene.tower_on(&props::statue(), 53, 51, "statue");
    for (x, y) in [(45, 58), (58, 57), (70, 57), (41, 74), (61, 50), (57, 49)] {
        scene.stand_on(props::barrel(), x, y, "barrel", true);
    }
    for (x, y) in [(58, 58), (70, 58), (71, 58), (40, 74), (58, 64), (46, 49)] {
        scene.stand_on(props::wooden_crate(), x, y, "crate", true);
    }
    for (x, y) in [(31, 60), (74, 60), (50, 68), (85, 61), (103, 53)] {
        if scene.mark_at(x, y).is_none() {
            scene.stand_on(props::signpost(), x, y, "signpost", true);
        }
    }
    garden(scene, 29, 54, 3, 5);
    garden(scene, 67, 45, 4, 5);
    garden(scene, 41, 64, 3, 4);
    garden(scene, 70, 64, 4, 5);
    garden(scene, 61, 72, 4, 4);
    for (index, (x, y)) in
        [(43, 51), (58, 51), (60, 67), (41, 62), (71, 52), (31, 50), (44, 44), (58, 43)].into_iter().enumerate()
    {
        let kind = if index % 3 == 2 { Tree::Birch } else { Tree::Cherry };
        plant(scene, kind, index as u32 % 2, x, y);
    }
    for (x, y) in [(35, 50), (40, 50), (48, 49), (54, 49), (65, 50), (33, 70), (39, 70), (68, 69), (62, 69), (59, 76)] {
        if scene.mark_at(x, y).is_none() {
            scene.stand_on(plants::bush(x as u32 % 4), x, y, "bush", true);
        }
    }
}

/// Who lives here, what lies about, and where newcomers appear.
pub fn people(scene: &mut Scene) {
    scene.thing("spawn", "spawn", "", 51, 62);
    scene.thing("npc", "Mara", "villager_1", 47, 59);
    scene.thing("npc", "Old Tam", "villager_2", 53, 61);
    scene.thing("npc", "Ilse", "villager_3", 55, 59);
    scene.thing("npc", "Joren", "villager_4", 67, 59);
    scene.thing("item", "Apple", "apple", 49, 63);
    scene.thing("item", "Apple", "apple", 46, 61);
    scene.thing("item", "Bread", "bread", 57, 61);
    scene.thing("item", "Coin", "coin", 52, 66);
    scene.thing("item", "Lantern", "lantern", 50, 52);
}

pub fn well(scene: &mut Scene, x: i32, y: i32) {
    let picture = props::well();
    let (left, top) = (x * TILE, (y + 1) * TILE + 2 - picture.height);
    scene.mark(x, y, "well", true);
    scene.mark(x + 1, y, "well", true);
    scene.stand(picture.cut(0, 16, 32, picture.height - 16), left, top + 16, (y + 1) * TILE);
    scene.hang(picture.cut(0, 0, 32, 16), left, top, (y + 1) * TILE);
    scene.mark(x, y - 1, "well", true);
    scene.mark(x + 1, y - 1, "well", true);
}

/// A market stall; `kind` is one of three.
pub fn stall(scene: &mut Scene, x: i32, y: i32, kind: usize) {
    let (stripe, goods) = [
        ([RUST[1], RUST[2]], [RUST[2], LEAF[3], GOLD]),
        ([SLATE[1], SLATE[2]], [EARTH[3], ROSE[1], EARTH[5]]),
        ([LEAF[1], LEAF[3]], [LEAF[3], RUST[1], ROSE[2]]),
    ][kind];
    let picture = props::stall(stripe, goods);
    let (left, top) = (x * TILE - 2, (y + 1) * TILE - picture.height);
    for column in x..x + 3 {
        scene.mark(column, y, "market stall", true);
    }
    scene.stand(picture.cut(0, 18, 52, 20), left, top + 18, (y + 1) * TILE);
    scene.hang(picture.cut(0, 0, 52, 18), left, top, (y + 1) * TILE);
}

/// Stands a picture on two tiles.
pub fn wide(scene: &mut Scene, picture: super::canvas::Canvas, x: i32, y: i32, name: &'static str) {
    let left = x * TILE + (2 * TILE - picture.width) / 2;
    let top = (y + 1) * TILE - picture.height;
    scene.mark(x, y, name, true);
    scene.mark(x + 1, y, name, true);
    scene.stand(picture, left, top, (y + 1) * TILE);
}

/// A fenced bed of flowers and vegetables with a gap on its southern side.
fn garden(scene: &mut Scene, x: i32, y: i32, width: i32, height: i32) {
    scene.fill(x + 1, y + 1, width - 2, height - 3, Terrain::Soil);
    for row in y + 1..y + height - 2 {
        for column in x + 1..x + width - 1 {
            scene.stand_on(props::crops((x + row) as u32), column, row, "crops", false);
        }
    }
    let ring = |column: i32, row: i32| {
        (x..x + width).contains(&column)
            && (y..y + height).contains(&row)
            && (column == x || column == x + width - 1 || row == y || row == y + height - 1)
            && (column, row) != (x + 1, y + height - 1)
    };
    fence(scene, &ring, x..x + width, y..y + height);
}

/// A fence on every tile of an area for which `is_fence` holds, if the tile is free.
pub fn fence(
    scene: &mut Scene,
    is_fence: &dyn Fn(i32, i32) -> bool,
    columns: std::ops::Range<i32>,
    rows: std::ops::Range<i32>,
) {
    for y in rows {
        for x in columns.clone().filter(|x| is_fence(*x, y)) {
            let sides = [(0, -1), (1, 0), (0, 1), (-1, 0)].map(|(dx, dy)| is_fence(x + dx, y + dy));
            if scene.mark_at(x, y).is_none() {
                scene.stand_on(props::fence(sides), x, y, "fence", true);
            }
        }
    }
}
