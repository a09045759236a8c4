//! Stone that stops people: the plateau's cliffs with their stairs, the ruin's walls and pillars,
//! and the wooden bridges and piers that cross the water.

use super::canvas::{Canvas, TILE, hash, pick};
use super::palette::{CLEAR, DUSK, EARTH, INK, LEAF, PLUM, STONE, WATER};
use super::scene::Scene;

/// Rows of a cliff's face.
pub const FACE: i32 = 2;

/// Raises a plateau: a rim on three sides, a face below the southern one, stairs at the given columns.
pub fn plateau(
    scene: &mut Scene,
    is_high: &dyn Fn(i32, i32) -> bool,
    columns: std::ops::Range<i32>,
    rows: std::ops::Range<i32>,
    stairs: std::ops::Range<i32>,
) {
    for y in rows {
        for x in columns.clone() {
            if !is_high(x, y) {
                continue;
            }
            let [north, east, west] = [!is_high(x, y - 1), !is_high(x + 1, y), !is_high(x - 1, y)];
            if north || east || west {
                scene.stand_on(rim([north, east, west], x, y), x, y, "cliff edge", true);
            }
            if !is_high(x, y + 1) {
                if stairs.contains(&x) {
                    stair(scene, x, y + 1, [!stairs.contains(&(x - 1)), !stairs.contains(&(x + 1))]);
                } else {
                    let ends = [!is_high(x - 1, y), !is_high(x + 1, y)];
                    face(scene, x, y + 1, ends);
                }
            }
        }
    }
}

fn rim([north, east, west]: [bool; 3], x: i32, y: i32) -> Canvas {
    let mut rim = Canvas::new(TILE, TILE);
    for j in 0..TILE {
        for i in 0..TILE {
            let ragged = pick(x * TILE + i, y * TILE + j, 71, 2);
            let mut gap = TILE;
            if north {
                gap = gap.min(j);
            }
            if west {
                gap = gap.min(i);
            }
            if east {
                gap = gap.min(TILE - 1 - i);
            }
            let block = hash((x * TILE + i) / 5, (y * TILE + j) / 5, 72) % 4;
            let ink = match gap + ragged {
                0 => STONE[0],
                1..=5 if (x * TILE + i) % 5 == 0 || (y * TILE + j) % 5 == 0 => STONE[1],
                1..=5 => STONE[if block == 0 { 2 } else { 3 }],
                6 => LEAF[1],
                7 => LEAF[5],
                _ => CLEAR,
            };
            rim.put(i, j, ink);
        }
    }
    rim
}

fn face(scene: &mut Scene, x: i32, y: i32, [left, right]: [bool; 2]) {
    let height = FACE * TILE + 5;
    let mut face = Canvas::new(TILE, height);
    for j in 0..FACE * TILE {
        for i in 0..TILE {
            let ink = crag(x * TILE + i, j);
            let outside = (left && i < 1 + j / 14) || (right && i > TILE - 2 - j / 14);
            face.put(i, j, if outside { CLEAR } else { ink });
        }
    }
    for i in 0..TILE {
        let wx = x * TILE + i;
        let drop = 2 + pick(wx / 2, 1, 75, 3);
        for j in 0..drop {
            face.put(
                i,
                j,
                LEAF[if j + 1 == drop {
                    1
                } else if j == 0 {
                    5
                } else {
                    3
                }],
            );
        }
        for j in 0..5 {
            if (wx + j) & 1 == 0 || j < 2 {
                face.put(i, FACE * TILE + j, LEAF[0]);
            }
        }
        if pick(wx / 3, 2, 76, 7) == 0 {
            face.rect(i, FACE * TILE - 3, 2, 3, STONE[3]);
            face.put(i, FACE * TILE - 1, STONE[1]);
        }
    }
    for row in 0..FACE {
        scene.mark(x, y + row, "cliff", true);
    }
    scene.stand(face, x * TILE, y * TILE, (y + FACE) * TILE);
}

/// The face of a rock: upright blocks, lit from the upper left, darker towards the foot.
fn crag(x: i32, y: i32) -> u8 {
    const ACROSS: i32 = 64;
    let mut best = (i32::MAX, 0, 0, 0);
    let mut second = i32::MAX;
    for cy in -1..=4 {
        for cx in x.div_euclid(8) - 1..=x.div_euclid(8) + 1 {
            let wx = cx.rem_euclid(ACROSS / 8);
            let (mx, my) = (cx * 8 + 4 + pick(wx, cy, 82, 7) - 3, cy * 12 + (wx & 1) * 6 + pick(wx, cy, 83, 5));
            let away = (x - mx) * (x - mx) * 3 + (y - my) * (y - my);
            if away < best.0 {
                second = best.0;
                best = (away, x - mx, y - my, hash(wx, cy, 84));
            } else if away < second {
                second = away;
            }
        }
    }
    let (away, dx, dy, block) = best;
    let gap = second - away;
    let tone = 2 + usize::from(block % 3 == 0) - usize::from(y > FACE * TILE - 7);
    if gap < 9 {
        STONE[usize::from(dy < 0 && dx < 0)]
    } else if dx * 2 + dy < -4 && gap < 60 {
        STONE[tone + 1]
    } else if dx * 2 + dy > 5 && gap < 55 {
        STONE[tone - 1]
    } else {
        STONE[tone]
    }
}

fn stair(scene: &mut Scene, x: i32, y: i32, [left, right]: [bool; 2]) {
    let mut stair = Canvas::new(TILE, FACE * TILE + 2);
    for j in 0..FACE * TILE + 2 {
        let ink = match j % 6 {
            0 => STONE[4],
            1 | 2 => STONE[3],
            3 => STONE[2],
            4 => STONE[1],
            _ => STONE[0],
        };
        stair.rect(0, j, TILE, 1, ink);
        for i in 0..TILE {
            if j % 6 < 3 && hash(x * TILE + i, j, 77).is_multiple_of(9) {
                stair.put(i, j, EARTH[5]);
            }
        }
    }
    for (is_end, i) in [(left, 0), (right, TILE - 3)] {
        if is_end {
            stair.rect(i, 0, 3, FACE * TILE, STONE[1]);
            stair.rect(i, 0, 1, FACE * TILE, STONE[4]);
            stair.rect(i + 2, 0, 1, FACE * TILE, STONE[0]);
        }
    }
    for row in 0..FACE {
        scene.mark(x, y + row, "stairs", false);
    }
    scene.stand(stair, x * TILE, y * TILE, (y + FACE) * TILE + 1);
}

/// A block of an old wall, one tile wide; `height` in pixels from 14 to 30, more crumbled with other seeds.
pub fn old_wall(height: i32, seed: u32) -> Canvas {
    let mut wall = Canvas::new(16, height + 2);
    for i in 0..16 {
        let broken = pick(i / 4, 0, seed, 5);
        for j in broken..height {
            let depth = j - broken;
            let row = j / 5;
            let joint = j % 5 == 4 || (i + row * 4 + (seed as i32 % 3)) % 8 == 7;
            let tone = 2 + usize::from(hash((i + row * 4) / 8, row, seed).is_multiple_of(3));
            let ink = match depth {
                0 => STONE[4],
                1..=4 => STONE[3 + usize::from(hash(i, j, seed).is_multiple_of(4))],
                5 => STONE[1],
                _ if joint => STONE[0],
                _ if j % 5 == 0 => STONE[(tone + 1).min(4)],
                _ => STONE[tone],
            };
            wall.put(i, j, ink);
        }
        if (i + height) % 2 == 0 {
            wall.put(i, height, LEAF[0]);
        }
        if hash(i / 2, 3, seed).is_multiple_of(4) {
            for j in 0..4 + pick(i, 4, seed, 7) {
                wall.put(i, broken + j, LEAF[if j == 0 { 4 } else { 2 + (j as usize & 1) }]);
            }
        }
    }
    wall
}

/// A pillar, one tile wide; whole ones are two and a half tiles high.
pub fn pillar(height: i32) -> Canvas {
    let mut pillar = Canvas::new(16, height);
    pillar.shade(9, height - 3, 7, 2, LEAF[0]);
    let shaft = [STONE[1], STONE[3], STONE[4], STONE[3], STONE[2], STONE[3], STONE[2], STONE[1], STONE[1], STONE[0]];
    for (i, ink) in shaft.into_iter().enumerate() {
        pillar.rect(3 + i as i32, 3 + pick(i as i32, 0, height as u32, 3), 1, height - 6, ink);
    }
    for y in [height - 6, if height > 30 { 0 } else { height - 6 }] {
        pillar.frame(1, y, 14, 5, INK, STONE[3]);
        pillar.rect(2, y + 1, 12, 1, STONE[4]);
        pillar.rect(9, y + 2, 5, 2, STONE[1]);
    }
    pillar.letters(3, height - 12, &["m..", "mm.", ".mm", "..m"], &[('m', LEAF[3])]);
    pillar
}

/// A wooden bridge from west to east, two rows of deck.
pub fn bridge(scene: &mut Scene, x: i32, y: i32, width: i32) {
    let length = width * TILE;
    let mut bridge = Canvas::new(length, 2 * TILE + 14);
    for i in (6..length - 4).step_by(24) {
        bridge.rect(i, 2 * TILE + 4, 4, 9, EARTH[0]);
        bridge.rect(i, 2 * TILE + 4, 1, 9, EARTH[2]);
        bridge.rect(i - 2, 2 * TILE + 12, 8, 1, WATER[3]);
    }
    for i in 0..length {
        for j in 5..2 * TILE + 3 {
            let board = i / 6;
            let ink = match i % 6 {
                5 => EARTH[1],
                0 => EARTH[5],
                _ if hash(i, j / 3, 78).is_multiple_of(9) => EARTH[3],
                _ => EARTH[if hash(board, 0, 79).is_multiple_of(3) { 3 } else { 4 }],
            };
            bridge.put(i, j, ink);
        }
        bridge.put(i, 2 * TILE + 3, EARTH[1]);
        bridge.put(i, 2 * TILE + 4, EARTH[0]);
        bridge.put(i, 2 * TILE + 5, EARTH[0]);
        for j in 2 * TILE + 6..2 * TILE + 10 {
            if bridge.get(i, j) == CLEAR && (i + j) & 1 == 0 {
                bridge.put(i, j, WATER[0]);
            }
        }
    }
    rail(&mut bridge, 0, length);
    rail(&mut bridge, 2 * TILE - 4, length);
    for column in x..x + width {
        scene.mark(column, y, "bridge", false);
        scene.mark(column, y + 1, "bridge", false);
    }
    scene.stand(bridge, x * TILE, y * TILE, (y + 2) * TILE);
}

fn rail(picture: &mut Canvas, y: i32, length: i32) {
    picture.rect(0, y + 2, length, 2, EARTH[2]);
    picture.rect(0, y + 2, length, 1, EARTH[4]);
    picture.rect(0, y + 4, length, 1, PLUM);
    for i in (0..length).step_by(15) {
        picture.rect(i, y, 3, 8, EARTH[1]);
        picture.rect(i, y, 1, 8, EARTH[3]);
        picture.rect(i, y, 3, 1, EARTH[5]);
    }
}

/// A pier: planks over water, `width` x `height` tiles.
pub fn pier(scene: &mut Scene, x: i32, y: i32, width: i32, height: i32) {
    let (wide, tall) = (width * TILE, height * TILE);
    let mut pier = Canvas::new(wide, tall + 8);
    for j in 0..tall {
        for i in 0..wide {
            let board = j / 6;
            let ink = match j % 6 {
                5 => EARTH[1],
                0 => EARTH[5],
                _ if hash(i / 3, j, 80).is_multiple_of(9) => EARTH[3],
                _ => EARTH[if hash(board, 1, 81).is_multiple_of(3) { 3 } else { 4 }],
            };
            pier.put(i, j, ink);
        }
    }
    for j in 0..tall {
        pier.put(0, j, EARTH[2]);
        pier.put(wide - 1, j, EARTH[1]);
    }
    pier.rect(0, tall - 1, wide, 3, EARTH[0]);
    for (i, j) in (0..tall).step_by(20).flat_map(|j| [(0, j), (wide - 4, j)]) {
        pier.frame(i, j, 4, 6, DUSK, EARTH[3]);
        pier.rect(i + 1, j, 2, 1, EARTH[5]);
    }
    for i in 0..wide {
        for j in tall + 2..tall + 7 {
            if (i + j) & 1 == 0 {
                pier.put(i, j, WATER[0]);
            }
        }
    }
    for row in y..y + height {
        for column in x..x + width {
            scene.mark(column, row, "pier", false);
        }
    }
    scene.stand(pier, x * TILE, y * TILE, (y + height) * TILE);
}
