//! Trees, bushes, flowers and stones. Crowns are heaps of leaf clusters lit from the upper left.

use super::canvas::{Canvas, hash, pick};
use super::palette::{DUSK, EARTH, GOLD, Ink, LEAF, ROSE, RUST, SLATE, STONE, WATER};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tree {
    Oak,
    /// Slender, pale trunk, straw-coloured leaves.
    Birch,
    Pine,
    Cherry,
    Beech,
}

/// A picture with its trunk's foot at the lower middle: trunk part and crown part, of the same size.
pub struct TreePicture {
    /// What stands on the trunk's tile.
    pub trunk: Canvas,
    /// What hangs over heads.
    pub crown: Canvas,
}

/// Draws a tree; `variant` makes siblings differ.
pub fn tree(kind: Tree, variant: u32) -> TreePicture {
    let (width, height) = (48, 52);
    let mut trunk = Canvas::new(width, height);
    let mut crown = Canvas::new(width, height);
    trunk.shade(width / 2 + 1, height - 4, 8, 3, LEAF[0]);
    let bark = if kind == Tree::Birch { [STONE[2], STONE[4], EARTH[6]] } else { [EARTH[0], EARTH[1], EARTH[2]] };
    let half = if matches!(kind, Tree::Oak | Tree::Beech) { 3 } else { 2 };
    for y in height - 20..height - 3 {
        for x in -half..half {
            let tone = if x == -half { 2 } else { usize::from(x < half - 2) };
            trunk.put(width / 2 + x, y, bark[tone]);
        }
        if kind == Tree::Birch && y % 4 == 1 {
            trunk.put(width / 2 + pick(y, 0, variant, 3) - 1, y, DUSK);
        }
    }
    for x in [-half - 1, half] {
        trunk.put(width / 2 + x, height - 4, bark[0]);
    }
    let middle = (width / 2, height - 30);
    match kind {
        Tree::Oak => heap(
            &mut crown,
            middle,
            (19 - variant as i32 * 2, 16),
            5,
            [LEAF[0], LEAF[1], LEAF[2], LEAF[3], LEAF[4]],
            variant,
        ),
        Tree::Birch => heap(&mut crown, middle, (13, 17), 4, [LEAF[1], LEAF[2], LEAF[3], LEAF[5], LEAF[6]], variant),
        Tree::Cherry => heap(&mut crown, middle, (18, 14), 4, [SLATE[0], ROSE[0], ROSE[1], ROSE[2], EARTH[6]], variant),
        Tree::Beech => heap(&mut crown, middle, (18, 16), 5, [RUST[0], RUST[1], RUST[2], RUST[3], EARTH[5]], variant),
        Tree::Pine => pine(&mut crown, variant),
    }
    TreePicture { trunk, crown }
}

/// A heap of leaf clusters filling an ellipse, the lower ones in front.
fn heap(picture: &mut Canvas, (cx, cy): (i32, i32), (rx, ry): (i32, i32), leaf: i32, ramp: [Ink; 5], seed: u32) {
    let mut clusters = Vec::new();
    for row in -ry / leaf - 1..=ry / leaf + 1 {
        for column in -rx / leaf - 1..=rx / leaf + 1 {
            let x = column * leaf + pick(column, row, seed, 3) - 1 + (row & 1) * leaf / 2;
            let y = row * leaf * 3 / 4 + pick(column, row, seed + 1, 3) - 1;
            if x * x * ry * ry + y * y * rx * rx <= rx * rx * ry * ry * 9 / 10 {
                clusters.push((y, x));
            }
        }
    }
    clusters.sort_unstable();
    // The dark underside first, so that it shows between the clusters.
    for (y, x) in &clusters {
        picture.ellipse(cx + x, cy + y + 1, leaf, leaf - 1, ramp[0]);
    }
    for (y, x) in clusters {
        // From about -1 at the lower right to 1 at the upper left.
        let jitter = (pick(x, y, seed + 3, 5) - 2) as f32 * 0.1;
        let light = -(x as f32 / rx as f32) * 0.45 - (y as f32 / ry as f32) * 0.75 + jitter;
        let tone = match light {
            l if l > 0.3 => 3,
            l if l > -0.35 => 2,
            _ => 1,
        };
        let radius = leaf - 1 + pick(x, y, seed + 2, 2);
        picture.ellipse(cx + x + 1, cy + y + 1, radius, radius - 1, ramp[tone - 1]);
        leaf_cluster(picture, cx + x, cy + y, radius, [ramp[tone - 1], ramp[tone], ramp[tone + 1]], hash(x, y, seed));
    }
}

/// One cluster: a ball with a lit upper left and a shaded lower right, ragged at its border.
fn leaf_cluster(picture: &mut Canvas, cx: i32, cy: i32, radius: i32, tones: [Ink; 3], seed: u32) {
    for y in -radius..=radius {
        for x in -radius..=radius {
            let away = x * x + y * y;
            let ragged = away > (radius - 1) * (radius - 1) && hash(x, y, seed).is_multiple_of(3);
            if away > radius * radius || ragged {
                continue;
            }
            let speck = pick(x, y, seed + 1, 8);
            let ink = match x + y * 2 {
                lit if lit <= -radius && speck > 1 => tones[2],
                lit if lit >= radius * 3 / 2 || speck == 0 => tones[0],
                _ => tones[1],
            };
            picture.put(cx + x, cy + y, ink);
        }
    }
}

fn pine(picture: &mut Canvas, seed: u32) {
    let middle = picture.width / 2;
    for tier in (0..4).rev() {
        let (top, wide, tall) = (1 + tier * 9, 7 + tier * 3, 15);
        for y in 0..tall {
            let half = wide * (y + 1) / tall + i32::from(y % 3 == 2);
            for x in -half..=half {
                let edge = half - x.abs();
                let skirt = y >= tall - 2 && hash(x, tier, seed).is_multiple_of(3);
                if skirt {
                    continue;
                }
                let light = -x * 2 - y + 5 + pick(x, y + tier * 16, seed + 3, 4);
                let ink = match light {
                    _ if y >= tall - 2 || (edge == 0 && x > 0) => LEAF[0],
                    12.. => LEAF[3],
                    4.. => LEAF[2],
                    -7.. => LEAF[1],
                    _ => LEAF[0],
                };
                picture.put(middle + x, top + y, ink);
            }
        }
        picture.put(middle - wide / 3, top + tall / 2, LEAF[4]);
    }
}

/// A round bush of one tile.
pub fn bush(variant: u32) -> Canvas {
    let mut picture = Canvas::new(16, 16);
    picture.shade(8, 13, 7, 2, LEAF[0]);
    heap(&mut picture, (8, 9), (7, 6), 3, [LEAF[0], LEAF[1], LEAF[2], LEAF[3], LEAF[5]], variant + 70);
    if variant % 2 == 1 {
        for (x, y) in [(5, 7), (10, 6), (8, 11), (12, 10), (4, 11)] {
            picture.put(x, y, RUST[2]);
            picture.put(x, y - 1, RUST[3]);
        }
    }
    picture
}

/// Flowers on a meadow; the tile stays walkable.
pub fn flowers(colour: u32, variant: u32) -> Canvas {
    const BLOOMS: [[Ink; 2]; 5] =
        [[ROSE[1], ROSE[2]], [GOLD, EARTH[6]], [EARTH[6], GOLD], [SLATE[2], EARTH[6]], [RUST[2], RUST[3]]];
    let mut picture = Canvas::new(16, 16);
    let [petal, heart] = BLOOMS[(colour % 5) as usize];
    for i in 0..4 + (variant as i32 & 1) {
        let (x, y) = (2 + (i * 5 + pick(i, 0, variant + 5, 6)) % 12, 2 + i * 2 + pick(i, 1, variant + 5, 3));
        picture.put(x, y + 2, LEAF[1]);
        picture.put(x - 1, y + 1, LEAF[2]);
        picture.put(x, y + 1, LEAF[2]);
        if (i + variant as i32) % 3 == 2 {
            picture.put(x, y, petal);
            picture.put(x + 1, y, petal);
        } else {
            picture.letters(x - 1, y - 1, &[".p.", "php", ".p."], &[('p', petal), ('h', heart)]);
        }
    }
    picture
}

/// High grass; the tile stays walkable.
pub fn high_grass(variant: u32) -> Canvas {
    let mut picture = Canvas::new(16, 16);
    for i in 0..7 {
        let (x, foot) = (1 + i * 2 + pick(i, 2, variant, 2), 12 + pick(i, 3, variant, 4));
        let height = 5 + pick(i, 4, variant, 5);
        let lean = pick(i, 5, variant, 3) - 1;
        for step in 0..height {
            let ink = LEAF[if step < 2 {
                2
            } else if step < height - 2 {
                3
            } else {
                5
            }];
            picture.put(x + lean * step / 4, foot - step, ink);
            picture.put(x + 1 + lean * step / 4, foot - step + 1, LEAF[2]);
        }
    }
    picture
}

/// Reeds by the water; solid.
pub fn reeds(variant: u32) -> Canvas {
    let mut picture = Canvas::new(16, 18);
    for i in 0..5 {
        let (x, top) = (2 + i * 3, 1 + pick(i, 6, variant, 5));
        for y in top + 4..17 {
            picture.put(x, y, LEAF[if y < top + 8 { 4 } else { 2 }]);
            picture.put(x + 1, y + 1, LEAF[1]);
        }
        picture.rect(x, top, 1, 4, EARTH[2]);
        picture.put(x + 1, top + 2, EARTH[1]);
    }
    picture
}

/// Leaves floating on the water, now and then with a bloom; solid like the water.
pub fn lily_pads(variant: u32) -> Canvas {
    let mut picture = Canvas::new(16, 16);
    for i in 0..3 {
        let (x, y) = (4 + pick(i, 7, variant, 9), 3 + i * 4 + pick(i, 8, variant, 2));
        picture.ellipse(x, y + 1, 3, 2, WATER[1]);
        picture.ellipse(x, y, 3, 2, LEAF[2]);
        picture.rect(x - 2, y - 1, 3, 1, LEAF[4]);
        picture.put(x + 2, y, WATER[2]);
        if (i + variant as i32) % 3 == 0 {
            picture.letters(x - 1, y - 2, &[".w.", "wpw"], &[('w', EARTH[6]), ('p', ROSE[1])]);
        }
    }
    picture
}

/// A boulder of one tile; `size` from 0 to 2.
pub fn boulder(size: i32, variant: u32) -> Canvas {
    let mut picture = Canvas::new(16, 16);
    let (rx, ry) = (4 + size, 3 + size);
    let cy = 14 - ry;
    picture.shade(9, 13, rx + 1, 2, LEAF[0]);
    for y in -ry..=ry {
        for x in -rx..=rx {
            if x * x * ry * ry + y * y * rx * rx > rx * rx * ry * ry {
                continue;
            }
            let lit = x * 2 + y * 3 + pick(x / 2, y / 2, variant, 5) - 2;
            let ink = match lit {
                ..=-12 => STONE[4],
                -11..=-4 => STONE[3],
                -3..=6 => STONE[2],
                7..=13 => STONE[1],
                _ => STONE[0],
            };
            picture.put(8 + x, cy + y, ink);
        }
    }
    if variant.is_multiple_of(3) {
        picture.letters(5, cy - 1, &["mm.m", ".mmM"], &[('m', LEAF[3]), ('M', LEAF[2])]);
    }
    picture
}

pub fn stump() -> Canvas {
    let mut picture = Canvas::new(16, 16);
    picture.shade(8, 13, 7, 2, LEAF[0]);
    picture.rect(4, 7, 8, 6, EARTH[1]);
    picture.rect(4, 7, 2, 6, EARTH[2]);
    picture.ellipse(8, 7, 4, 2, EARTH[4]);
    picture.ellipse(8, 7, 2, 1, EARTH[3]);
    picture.put(8, 7, EARTH[1]);
    picture.put(3, 13, EARTH[1]);
    picture.put(12, 13, EARTH[0]);
    picture
}

/// Mushrooms; the tile stays walkable.
pub fn mushrooms(variant: u32) -> Canvas {
    let mut picture = Canvas::new(16, 16);
    for i in 0..3 {
        let (x, y) = (2 + i * 4 + pick(i, 9, variant, 2), 6 + pick(i, 10, variant, 6));
        let rows = [".rr.", "rwrr", ".ss.", ".ss."];
        picture.letters(x, y, &rows, &[('r', RUST[1 + (variant as usize % 2)]), ('w', EARTH[6]), ('s', EARTH[5])]);
    }
    picture
}

/// A dead tree, two tiles wide and a little over two high.
pub fn dead_tree() -> Canvas {
    let mut picture = Canvas::new(32, 36);
    picture.shade(17, 33, 8, 2, LEAF[0]);
    // Each branch: where it begins, how far it goes right and up, how thick it is.
    let branches = [
        (16, 33, 0, 16, 4),
        (16, 20, -7, 8, 2),
        (10, 13, -4, 7, 1),
        (10, 13, 2, 8, 1),
        (17, 18, 7, 9, 2),
        (23, 10, 4, 4, 1),
        (23, 10, 0, 8, 1),
        (16, 18, 1, 14, 2),
    ];
    for (x, y, right, up, thick) in branches {
        for step in 0..=up * 2 {
            let (px, py) = (x + right * step / (up * 2), y - step / 2);
            picture.rect(px - thick / 2, py, thick, 1, EARTH[1]);
            picture.put(px - thick / 2, py, STONE[2]);
        }
    }
    for (x, y) in [(12, 33), (13, 32), (20, 33), (19, 32)] {
        picture.rect(x, y, 2, 1, EARTH[0]);
    }
    picture
}
