//! The lie of the land of "First Light": lake, river, roads, woods and meadows. Numbers here are
//! tiles of the map; what is built on it comes from `village` and `countryside`.

use super::canvas::{TILE, hash, pick, waves};
use super::plants::{self, Tree};
use super::scene::{EDGE, Scene};
use super::terrain::Terrain;

/// The middle of the lake.
pub const LAKE: (i32, i32) = (94, 92);
/// The middle of the island in it.
pub const ISLAND: (i32, i32) = (100, 94);
/// The upper deck row of the bridge.
pub const BRIDGE_ROW: i32 = 58;

const RIVER: [(i32, i32); 8] = [(84, -4), (80, 12), (86, 26), (83, 42), (79, 52), (79, 64), (86, 74), (92, 88)];
const OUTFLOW: [(i32, i32); 4] = [(94, 100), (90, 112), (97, 120), (95, 134)];

/// A shift of some tiles that bends straight lines and smooth curves, and hides the square cells of plain noise.
fn bend(x: i32, y: i32, seed: u32) -> i32 {
    (waves(x, y, 8, EDGE, seed) * 11.0 + waves(x, y, 4, EDGE, seed + 1) * 5.0) as i32 - 8
}

/// Water, then beaches along some of it.
pub fn water(scene: &mut Scene) {
    for y in 0..=EDGE {
        for x in 0..=EDGE {
            let wobble = (waves(x, y, 8, EDGE, 101) - 0.5) * 0.5;
            let (dx, dy) = ((x - LAKE.0 + bend(x, y, 122)) as f32 / 25.0, (y - LAKE.1 + bend(x, y, 124)) as f32 / 17.0);
            let lake = dx * dx + dy * dy + wobble;
            let river = distance(&RIVER, x, y).min(distance(&OUTFLOW, x, y)) + wobble * 2.6;
            let (ix, iy) = ((x - ISLAND.0) as f32 / 6.4, (y - ISLAND.1) as f32 / 4.6);
            let island = ix * ix + iy * iy + wobble * 0.8;
            let terrain = if island < 0.62 {
                Terrain::Grass
            } else if island < 1.1 {
                Terrain::Sand
            } else if lake < 0.66 && island > 1.9 {
                Terrain::Deep
            } else if lake < 1.0 || river < 2.4 {
                Terrain::Water
            } else if lake < 1.18 + wobble || (river < 3.6 && waves(x, y, 16, EDGE, 102) > 0.6) {
                Terrain::Sand
            } else {
                continue;
            };
            scene.set_corner(x, y, terrain);
        }
    }
}

/// Trodden roads between the places.
pub fn roads(scene: &mut Scene) {
    let deck = BRIDGE_ROW + 1;
    road(scene, &[(-2, 62), (14, 64), (30, 61), (46, 60), (62, 60), (72, deck), (75, deck)], 1.5);
    road(scene, &[(83, deck), (92, 58), (104, 50), (118, 54), (130, 52)], 1.5);
    road(scene, &[(104, 50), (102, 40), (108, 33), (107, 28)], 1.1);
    road(scene, &[(51, 54), (43, 52), (37, 42), (30, 34), (24, 24)], 1.1);
    road(scene, &[(24, 24), (16, 14), (18, -2)], 1.1);
    road(scene, &[(51, 66), (48, 78), (38, 82), (33, 88)], 1.2);
    road(scene, &[(48, 79), (56, 85), (66, 90), (74, 92)], 1.1);
    road(scene, &[(33, 88), (34, 108), (44, 116), (46, 130)], 1.1);
    road(scene, &[(92, 58), (98, 66), (100, 73)], 1.0);
}

/// Treads a road along a line of places.
pub fn road(scene: &mut Scene, line: &[(i32, i32)], half_width: f32) {
    for y in 0..=EDGE {
        for x in 0..=EDGE {
            let wobble = (waves(x, y, 4, EDGE, 103) - 0.5) * 0.9;
            let ground = scene.corner(x, y);
            if distance(line, x, y) + wobble < half_width && !ground.is_water() && ground != Terrain::Cobble {
                scene.set_corner(x, y, Terrain::Path);
            }
        }
    }
}

/// How many tiles a place is away from a line.
fn distance(line: &[(i32, i32)], x: i32, y: i32) -> f32 {
    let mut nearest = f32::MAX;
    for pair in line.windows(2) {
        let [(ax, ay), (bx, by)] = [pair[0], pair[1]].map(|(x, y)| (x as f32, y as f32));
        let (px, py) = (x as f32 - ax, y as f32 - ay);
        let (lx, ly) = (bx - ax, by - ay);
        let along = ((px * lx + py * ly) / (lx * lx + ly * ly)).clamp(0.0, 1.0);
        let (dx, dy) = (px - lx * along, py - ly * along);
        nearest = nearest.min((dx * dx + dy * dy).sqrt());
    }
    nearest
}

/// How much of a wood a place is in: 0 in the open, 1 in the thick of it.
fn woodland(x: i32, y: i32) -> f32 {
    let border = x.min(y).min(EDGE - 1 - x).min(EDGE - 1 - y);
    let (x, y) = (x + bend(x, y, 126), y + bend(x, y, 128));
    let blob = |cx: i32, cy: i32, rx: f32, ry: f32| {
        let (dx, dy) = ((x - cx) as f32 / rx, (y - cy) as f32 / ry);
        1.4 - (dx * dx + dy * dy)
    };
    let wobble = (waves(x, y, 8, EDGE, 104) - 0.5) * 1.1;
    let clearing = blob(24, 24, 6.0, 5.0).max(blob(14, 102, 4.0, 4.0));
    let woods = blob(22, 22, 21.0, 20.0)
        .max(blob(58, 12, 20.0, 11.0))
        .max(blob(10, 100, 11.0, 17.0))
        .max(blob(66, 116, 18.0, 9.0))
        .max(blob(118, 112, 11.0, 15.0))
        .max(blob(118, 74, 9.0, 9.0))
        .max(blob(112, 2, 22.0, 4.0))
        .max(1.5 - border as f32 * 0.35);
    (woods + wobble - clearing.max(0.0) * 2.5).clamp(0.0, 1.0)
}

/// Sunlit patches of grass.
pub fn meadows(scene: &mut Scene) {
    for y in 0..=EDGE {
        for x in 0..=EDGE {
            let (bx, by) = (x + y / 3 + bend(x, y, 118), y - x / 4 + bend(x, y, 120));
            let light = waves(bx, by, 16, EDGE, 116) * 0.6 + waves(bx, by, 8, EDGE, 117) * 0.4;
            let all_grass =
                (x - 1..=x + 1).all(|column| (y - 1..=y + 1).all(|row| scene.corner(column, row) >= Terrain::Grass));
            if light > 0.55 && all_grass && scene.corner(x, y) == Terrain::Grass {
                scene.set_corner(x, y, Terrain::Meadow);
            }
        }
    }
}

/// The floor of the woods.
pub fn forest_floor(scene: &mut Scene) {
    for y in 0..=EDGE {
        for x in 0..=EDGE {
            if woodland(x, y) > 0.45 && scene.corner(x, y) == Terrain::Grass {
                scene.set_corner(x, y, Terrain::Moss);
            }
        }
    }
}

/// Plants a tree if nothing is in its way. Returns whether it stands.
pub fn plant(scene: &mut Scene, kind: Tree, variant: u32, x: i32, y: i32) -> bool {
    let in_the_way = |column: i32, row: i32| {
        scene.mark_at(column, row).is_some_and(|mark| mark.name != "tree" && mark.name != "meadow")
    };
    let crowded = (x - 1..=x + 1).any(|column| (y - 2..=y).any(|row| in_the_way(column, row)));
    if crowded
        || scene.mark_at(x, y).is_some()
        || !scene.is_free(x, y, &[Terrain::Grass, Terrain::Meadow, Terrain::Moss, Terrain::Sand])
    {
        return false;
    }
    let picture = plants::tree(kind, variant);
    let (left, top) = (x * TILE + TILE / 2 - picture.trunk.width / 2, (y + 1) * TILE - picture.trunk.height);
    scene.mark(x, y, "tree", true);
    scene.stand(picture.trunk.cut(16, picture.trunk.height - TILE, TILE, TILE), x * TILE, y * TILE, (y + 1) * TILE);
    let mut crown = picture.trunk;
    crown.rect(0, crown.height - TILE, crown.width, TILE, 0);
    crown.blit(&picture.crown, 0, 0);
    scene.hang(crown, left, top, (y + 1) * TILE);
    true
}

/// The woods, and single trees in the meadows.
pub fn trees(scene: &mut Scene) {
    for row in 1..EDGE / 2 {
        for column in 0..EDGE / 3 + 1 {
            let y = row * 2;
            let x = column * 3 + (row % 2) * 2 - 1 + pick(column, row, 105, 2);
            let thick = woodland(x, y);
            let dice = pick(column, row, 106, 100);
            if (dice as f32) < thick * 88.0 {
                let conifers = waves(x, y, 32, EDGE, 107);
                let kind = match dice % 10 {
                    0 => Tree::Birch,
                    1 if conifers < 0.6 => Tree::Beech,
                    _ if conifers > 0.55 => Tree::Pine,
                    _ if x < 26 && y > 70 => Tree::Birch,
                    _ => Tree::Oak,
                };
                plant(scene, kind, hash(column, row, 108) % 2, x, y);
            } else if dice > 96 && thick < 0.1 {
                let kind =
                    [Tree::Oak, Tree::Birch, Tree::Oak, Tree::Beech, Tree::Cherry][pick(column, row, 109, 5) as usize];
                plant(scene, kind, 0, x, y);
            }
        }
    }
}

/// Flowers, bushes, stones, reeds: what grows where nothing else is.
pub fn undergrowth(scene: &mut Scene) {
    for y in 1..EDGE - 1 {
        for x in 1..EDGE - 1 {
            let dice = pick(x, y, 110, 1000);
            let bloom = waves(x, y, 8, EDGE, 111);
            let high = waves(x, y, 8, EDGE, 112);
            let variant = hash(x, y, 113);
            let patch = (waves(x, y, 16, EDGE, 114) * 5.0) as u32;
            if scene.is_free(x, y, &[Terrain::Grass, Terrain::Meadow]) {
                if bloom > 0.68 && dice < 420 {
                    scene.stand_on(
                        plants::flowers(if dice % 4 == 0 { variant % 5 } else { patch }, dice as u32 % 4),
                        x,
                        y,
                        "meadow",
                        false,
                    );
                } else if high > 0.7 && dice < 500 {
                    scene.stand_on(plants::high_grass(variant % 3), x, y, "meadow", false);
                } else {
                    match dice {
                        500..506 => scene.stand_on(plants::bush(variant % 4), x, y, "bush", true),
                        506..509 => {
                            scene.stand_on(plants::boulder(pick(x, y, 115, 3), variant % 3), x, y, "boulder", true);
                        }
                        509..519 => {
                            scene.stand_on(plants::flowers(variant % 5, dice as u32 % 4), x, y, "meadow", false);
                        }
                        _ => {}
                    }
                }
            } else if scene.is_free(x, y, &[Terrain::Moss]) {
                match dice {
                    0..22 => scene.stand_on(plants::bush(variant % 4), x, y, "bush", true),
                    22..38 => scene.stand_on(plants::mushrooms(variant % 2), x, y, "meadow", false),
                    38..46 => scene.stand_on(plants::stump(), x, y, "stump", true),
                    46..54 => scene.stand_on(plants::boulder(pick(x, y, 115, 3), variant % 3), x, y, "boulder", true),
                    54..94 => scene.stand_on(plants::high_grass(variant % 3), x, y, "meadow", false),
                    _ => {}
                }
            } else if scene.mark_at(x, y).is_none()
                && scene.corners(x, y).iter().all(|corner| *corner == Terrain::Water)
            {
                let by_shore =
                    [(2, 0), (-2, 0), (0, 2), (0, -2)].iter().any(|(dx, dy)| !scene.corner(x + dx, y + dy).is_water());
                match dice {
                    0..70 if by_shore && high > 0.45 => scene.stand_on(plants::reeds(variant % 3), x, y, "reeds", true),
                    70..150 if by_shore && bloom > 0.5 => {
                        scene.stand_on(plants::lily_pads(variant % 3), x, y, "water", true);
                    }
                    _ => {}
                }
            } else if scene.is_free(x, y, &[Terrain::Sand]) && dice < 14 {
                scene.stand_on(plants::boulder(pick(x, y, 115, 2), 1), x, y, "boulder", true);
            }
        }
    }
}
