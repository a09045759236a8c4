//! The places outside the village: bridge, pier, island, fields, the ruin on its plateau and the
//! camp in the woods.

use super::canvas::{TILE, pick};
use super::land::{BRIDGE_ROW, ISLAND, plant};
use super::plants::{self, Tree};
use super::props;
use super::rocks;
use super::scene::Scene;
use super::terrain::Terrain;
use super::village::fence;

/// Whether a tile is on the plateau.
fn is_high(x: i32, y: i32) -> bool {
    [(98, 117, 12, 25), (101, 121, 9, 22), (95, 104, 15, 23)]
        .iter()
        .any(|(left, right, top, bottom)| (*left..*right).contains(&x) && (*top..*bottom).contains(&y))
}

/// Bridge, pier and the way to the island.
pub fn crossings(scene: &mut Scene) {
    rocks::bridge(scene, 74, BRIDGE_ROW, 10);
    rocks::pier(scene, 73, 91, 7, 2);
    rocks::pier(scene, 99, 71, 2, 19);
    let boat = props::boat();
    for (x, y) in [(78, 94), (79, 89)] {
        scene.stand(boat.clone(), x * TILE, y * TILE, (y + 1) * TILE);
    }
    for (x, y) in [(73, 90), (72, 93)] {
        if !scene.is_wet(x, y) {
            scene.stand_on(props::barrel(), x, y, "barrel", true);
        }
    }
    scene.thing("npc", "Finn", "villager_2", 75, 91);
    scene.thing("item", "Fish", "fish", 77, 92);
}

/// What is on the island.
pub fn island(scene: &mut Scene) {
    let (x, y) = ISLAND;
    plant(scene, Tree::Cherry, 1, x - 2, y);
    scene.stand_on(props::campfire(), x + 2, y, "camp fire", false);
    scene.thing("item", "Key", "key", x + 3, y + 1);
    scene.thing("item", "Shell", "shell", x - 3, y + 2);
}

/// Fields with their fences, south of the village.
pub fn fields(scene: &mut Scene) {
    for (index, (x, y, width, height)) in
        [(20, 84, 10, 8), (20, 95, 10, 8), (37, 90, 11, 7), (37, 100, 11, 7)].into_iter().enumerate()
    {
        scene.fill(x, y, width, height, Terrain::Soil);
        for row in y..y + height {
            for column in x..x + width {
                if pick(column, row, 120, 20) > 0 {
                    scene.stand_on(props::crops(index as u32), column, row, "crops", false);
                }
            }
        }
        let (left, right, top, bottom) = (x - 1, x + width, y - 1, y + height);
        let gate = if x < 33 { right } else { left };
        let ring = |column: i32, row: i32| {
            (left..=right).contains(&column)
                && (top..=bottom).contains(&row)
                && (column == left || column == right || row == top || row == bottom)
                && !(column == gate && (row == y + 3 || row == y + 4))
        };
        fence(scene, &ring, left..right + 1, top..bottom + 1);
    }
    for (x, y) in [(25, 87), (42, 103)] {
        scarecrow(scene, x, y);
    }
    for (x, y) in [(31, 93), (32, 93), (31, 94), (36, 98), (36, 86)] {
        if scene.is_free(x, y, &[Terrain::Grass, Terrain::Meadow]) {
            scene.stand_on(props::hay_bale(), x, y, "hay bale", true);
        }
    }
    scene.thing("npc", "Bea", "villager_3", 35, 92);
    scene.thing("item", "Carrot", "carrot", 34, 96);
}

/// The plateau in the north-east and the ruin on it.
pub fn ruin(scene: &mut Scene) {
    rocks::plateau(scene, &is_high, 90..126, 5..30, 106..109);
    for (x, y) in
        [(104, 16), (105, 16), (106, 16), (108, 17), (109, 17), (104, 17), (110, 18), (107, 19), (108, 19), (105, 20)]
    {
        scene.fill(x, y, 1, 1, Terrain::Cobble);
    }
    scene.fill(103, 14, 9, 6, Terrain::Cobble);
    scene.set_corner(103, 14, Terrain::Grass);
    scene.set_corner(112, 20, Terrain::Grass);
    scene.set_corner(104, 20, Terrain::Moss);
    for (index, (x, y, height)) in [
        (102, 13, 30),
        (103, 13, 26),
        (104, 13, 22),
        (105, 13, 28),
        (108, 13, 30),
        (109, 13, 20),
        (111, 13, 24),
        (112, 13, 30),
        (102, 14, 24),
        (102, 15, 20),
        (102, 17, 16),
        (112, 14, 26),
        (112, 15, 18),
        (112, 18, 22),
        (112, 19, 24),
        (102, 19, 22),
        (102, 20, 26),
        (103, 20, 18),
        (110, 20, 16),
        (111, 20, 20),
        (112, 20, 26),
    ]
    .into_iter()
    .enumerate()
    {
        ruined_wall(scene, x, y, height, index as u32 + 3);
    }
    for (x, y, height) in [(105, 16, 40), (109, 16, 40), (105, 19, 24), (109, 19, 36)] {
        scene.tower_on(&rocks::pillar(height), x, y, "pillar");
    }
    for (x, y) in [(115, 15), (98, 19)] {
        dead_tree(scene, x, y);
    }
    for (x, y) in [(99, 27), (113, 27), (118, 24), (103, 28), (110, 22), (100, 22), (116, 11)] {
        if scene.mark_at(x, y).is_none() {
            scene.stand_on(plants::boulder(2, x as u32), x, y, "boulder", true);
        }
    }
    scene.thing("item", "Old coin", "coin", 107, 15);
    scene.thing("item", "Gem", "gem", 110, 18);
}

/// A camp on the clearing in the north-western wood.
pub fn camp(scene: &mut Scene) {
    scene.stand_on(props::campfire(), 28, 22, "camp fire", false);
    scene.stand_on(plants::stump(), 27, 24, "stump", true);
    scene.stand_on(plants::stump(), 30, 23, "stump", true);
    scene.stand_on(props::wooden_crate(), 30, 20, "crate", true);
    scene.stand_on(props::signpost(), 36, 43, "signpost", true);
    scene.thing("npc", "Rook", "villager_4", 29, 24);
    scene.thing("item", "Mushroom", "mushroom", 21, 25);
}

pub fn scarecrow(scene: &mut Scene, x: i32, y: i32) {
    let figure = props::scarecrow();
    let (left, top) = (x * TILE + (TILE - figure.width) / 2, (y + 1) * TILE - figure.height);
    scene.mark(x, y, "scarecrow", true);
    scene.stand(figure.cut(0, 12, 16, 16), left, top + 12, (y + 1) * TILE + 2);
    scene.hang(figure.cut(0, 0, 16, 12), left, top, (y + 1) * TILE);
}

pub fn ruined_wall(scene: &mut Scene, x: i32, y: i32, height: i32, seed: u32) {
    let wall = rocks::old_wall(height, seed);
    let top = (y + 1) * TILE - height;
    scene.mark(x, y, "ruined wall", true);
    scene.stand(
        wall.cut(0, (height - TILE).max(0), 16, TILE + 2),
        x * TILE,
        (y + 1) * TILE - height.min(TILE),
        (y + 1) * TILE,
    );
    if height > TILE {
        scene.hang(wall.cut(0, 0, 16, height - TILE), x * TILE, top, (y + 1) * TILE);
    }
}

pub fn dead_tree(scene: &mut Scene, x: i32, y: i32) {
    let tree = plants::dead_tree();
    scene.mark(x, y, "tree", true);
    let (left, top) = (x * TILE - 8, (y + 1) * TILE - tree.height);
    scene.stand(tree.cut(8, 18, 16, 16), x * TILE, top + 18, (y + 1) * TILE);
    let mut crown = tree;
    crown.rect(0, 18, 32, 16, 0);
    scene.hang(crown, left, top, (y + 1) * TILE);
}
