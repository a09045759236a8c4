//! The ground: what each kind of it looks like, and how kinds meet. A ground tile is decided by
//! the terrains at its four corners and by its phase in a repeating pattern, so neighbours always fit.

use super::canvas::{Canvas, TILE, dither, hash, pick, waves};
use super::palette::{EARTH, GOLD, Ink, LEAF, PLUM, RUST, STONE, WATER};

/// Edge of the pattern a terrain repeats in, pixels.
const PATTERN: i32 = 64;

/// Kinds of ground. A later one lies over an earlier one where they meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Terrain {
    /// Water too deep to see the bottom.
    Deep,
    /// Water near a shore.
    Water,
    Sand,
    Path,
    Soil,
    Grass,
    /// Grassland where the sun reaches it.
    Meadow,
    /// The floor of the woods.
    Moss,
    Cobble,
}

impl Terrain {
    /// Every kind, the lowest first.
    pub const ALL: [Self; 9] = [
        Self::Deep,
        Self::Water,
        Self::Sand,
        Self::Path,
        Self::Soil,
        Self::Grass,
        Self::Meadow,
        Self::Moss,
        Self::Cobble,
    ];

    /// What a tile of it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deep => "deep water",
            Self::Water => "water",
            Self::Sand => "sand",
            Self::Path => "path",
            Self::Soil => "soil",
            Self::Grass | Self::Meadow => "grass",
            Self::Moss => "forest floor",
            Self::Cobble => "cobble",
        }
    }

    /// Whether it is water of any depth.
    pub fn is_water(self) -> bool {
        self <= Self::Water
    }
}

/// Draws ground tiles.
pub struct Ground {
    patterns: Vec<Canvas>,
}

impl Ground {
    pub fn new() -> Self {
        Self { patterns: Terrain::ALL.iter().map(|terrain| pattern(*terrain)).collect() }
    }

    /// The tile between four corners (north-west, north-east, south-west, south-east) at a place of the map.
    pub fn tile(&self, corners: [Terrain; 4], x: i32, y: i32) -> Canvas {
        let uniform = corners.iter().all(|corner| *corner == corners[0]);
        // Plain ground repeats every 4 tiles; where terrains meet, every 2 keep the tileset small.
        let repeat = if uniform { 4 } else { 2 };
        let (left, top) = (x.rem_euclid(repeat) * TILE, y.rem_euclid(repeat) * TILE);
        let mut tile = Canvas::new(TILE, TILE);
        for j in 0..TILE {
            for i in 0..TILE {
                tile.put(i, j, self.pixel(corners, i, j, left + i, top + j));
            }
        }
        tile
    }

    fn pixel(&self, corners: [Terrain; 4], i: i32, j: i32, px: i32, py: i32) -> Ink {
        let lowest = corners.iter().min().copied().unwrap_or(Terrain::Grass);
        let mut found = (lowest, 1.0);
        let mut above = None;
        for terrain in Terrain::ALL.into_iter().rev().filter(|terrain| *terrain > lowest && corners.contains(terrain)) {
            let depth = inside(corners, terrain, i, j, px, py);
            if depth >= 0.0 {
                found = (terrain, depth);
                break;
            }
            above = Some((terrain, -depth));
        }
        let plain = self.patterns[found.0 as usize].get(px, py);
        let facing_south = corners[0].max(corners[1]) > corners[2].max(corners[3]);
        if found.0 > lowest && found.1 < 0.13 {
            return rim(found.0, lowest.is_water(), facing_south, found.1, px, py).unwrap_or(plain);
        }
        match above {
            Some((over, gap)) => shore(found.0, over, gap, facing_south, px, py).unwrap_or(plain),
            None => plain,
        }
    }
}

/// How far inside a terrain a pixel of a tile lies: 0 at its border, negative outside.
fn inside(corners: [Terrain; 4], terrain: Terrain, i: i32, j: i32, px: i32, py: i32) -> f32 {
    let (u, v) = ((i as f32 + 0.5) / TILE as f32, (j as f32 + 0.5) / TILE as f32);
    let share = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
    let covered: f32 =
        corners.iter().zip(share).filter(|(corner, _)| **corner >= terrain).map(|(_, share)| share).sum();
    let bends = |period| (waves(px, py, 8, period, 11) - 0.5) * 0.34 + (waves(px, py, 4, period, 12) - 0.5) * 0.2;
    // At a tile's edge a border bends as at every tile's edge, so that any two tiles fit; within, each in its own way.
    let (at_edges, within) = (bends(TILE), bends(2 * TILE));
    let depth = i.min(j).min(TILE - 1 - i).min(TILE - 1 - j);
    let wobble = at_edges + (within - at_edges) * (depth as f32 / 4.0).min(1.0);
    let fringe = match terrain {
        Terrain::Grass | Terrain::Moss => {
            (pick(px.rem_euclid(32), py.rem_euclid(32), 13, 100) as f32 / 100.0 - 0.5) * 0.1
        }
        Terrain::Meadow => (dither(px, py) - 0.5) * 0.45,
        Terrain::Cobble => return covered - 0.5 + wobble * 0.4,
        _ => 0.0,
    };
    // Land reaches a little into the water, so that half a tile of land is enough to stand on.
    let reach = if corners.iter().any(|corner| corner.is_water()) && !terrain.is_water() { 0.4 } else { 0.5 };
    covered - reach + wobble + fringe
}

/// The pixel just inside the border of a terrain.
fn rim(terrain: Terrain, by_water: bool, facing_south: bool, depth: f32, px: i32, py: i32) -> Option<Ink> {
    let thin = depth < 0.07;
    match terrain {
        Terrain::Grass if by_water => Some(if thin { EARTH[1] } else { LEAF[2] }),
        Terrain::Meadow => None,
        Terrain::Grass | Terrain::Moss if thin && facing_south => {
            Some(LEAF[if terrain == Terrain::Moss { 1 } else { 2 }])
        }
        Terrain::Grass if thin => (!hash(px, py, 21).is_multiple_of(3)).then_some(LEAF[4]),
        Terrain::Sand if by_water => Some(if thin { EARTH[3] } else { EARTH[4] }),
        Terrain::Cobble if thin => Some(STONE[1]),
        _ => None,
    }
}

/// The pixel just outside the border of the terrain that lies over this one.
fn shore(terrain: Terrain, over: Terrain, gap: f32, facing_south: bool, px: i32, py: i32) -> Option<Ink> {
    match terrain {
        Terrain::Water | Terrain::Deep if over > Terrain::Water => {
            if gap < 0.07 {
                Some(if over == Terrain::Sand { WATER[4] } else { WATER[1] })
            } else if gap < 0.14 {
                Some(if over == Terrain::Sand { WATER[3] } else { WATER[2] })
            } else if gap < 0.21 && hash(px / 3, py, 22) % 5 < 3 {
                Some(if over == Terrain::Sand { WATER[4] } else { WATER[3] })
            } else {
                (gap < 0.3).then_some(WATER[3]).filter(|_| (px + py) & 1 == 0)
            }
        }
        Terrain::Deep => (gap < 0.2 && dither(px, py) > gap * 5.0).then_some(WATER[2]),
        Terrain::Path | Terrain::Soil if facing_south && gap < 0.1 => Some(EARTH[2]),
        Terrain::Path if gap < 0.08 => ((px + py) & 1 == 0).then_some(EARTH[2]),
        Terrain::Sand if gap < 0.1 => Some(EARTH[4]),
        Terrain::Grass | Terrain::Meadow if over == Terrain::Cobble && gap < 0.09 => Some(LEAF[2]),
        Terrain::Grass | Terrain::Meadow if over == Terrain::Moss && gap < 0.25 => {
            (dither(px, py) > gap * 4.0).then_some(LEAF[2])
        }
        _ => None,
    }
}

fn pattern(terrain: Terrain) -> Canvas {
    let mut pattern = Canvas::new(PATTERN, PATTERN);
    for y in 0..PATTERN {
        for x in 0..PATTERN {
            pattern.put(x, y, grain(terrain, x, y));
        }
    }
    for cell in 0..64 {
        let (cx, cy) = (cell % 8, cell / 8);
        let seed = 40 + terrain as u32;
        let (x, y) = (cx * 8 + pick(cx, cy, seed, 7), cy * 8 + pick(cx, cy, seed + 50, 7));
        scatter(&mut pattern, terrain, x, y, hash(cx, cy, seed + 100));
    }
    pattern
}

/// The even part of a terrain.
fn grain(terrain: Terrain, x: i32, y: i32) -> Ink {
    // Every 32 pixels, so that it goes on where terrains meet.
    let broad = waves(x, y, 8, 32, terrain as u32) * 0.6 + waves(x, y, 4, 32, 9 + terrain as u32) * 0.4;
    let noise = pick(x, y, terrain as u32, 100);
    let level = dither(x, y);
    match terrain {
        Terrain::Deep => WATER[usize::from(broad + (level - 0.5) * 0.5 > 0.78)],
        Terrain::Water => WATER[if broad + (level - 0.5) * 0.4 < 0.24 { 1 } else { 2 }],
        Terrain::Sand => match (broad, noise) {
            (_, 0..4) => EARTH[4],
            (_, 4..6) => EARTH[6],
            _ => EARTH[5],
        },
        Terrain::Path => match noise {
            0..4 => EARTH[3],
            4..7 => EARTH[5],
            _ => EARTH[if broad + (level - 0.5) * 0.55 < 0.3 { 3 } else { 4 }],
        },
        Terrain::Soil => match (y + pick(x / 2, y / 8, 5, 2)) % 8 {
            0 | 1 => EARTH[0],
            2 | 7 => EARTH[1],
            4 if noise < 60 => EARTH[3],
            _ => EARTH[if noise < 8 { 1 } else { 2 }],
        },
        Terrain::Grass => match noise {
            0..3 => LEAF[2],
            3..7 => LEAF[4],
            _ => LEAF[if broad + (level - 0.5) * 0.6 > 0.88 { 4 } else { 3 }],
        },
        Terrain::Meadow => match noise {
            0..3 => LEAF[3],
            3..6 => LEAF[5],
            _ => LEAF[if broad + (level - 0.5) * 0.6 < 0.16 { 3 } else { 4 }],
        },
        Terrain::Moss => match noise {
            0..3 => LEAF[3],
            3..5 => EARTH[1],
            _ => LEAF[if broad + (level - 0.5) * 0.5 < 0.45 { 1 } else { 2 }],
        },
        Terrain::Cobble => cobble(x, y),
    }
}

/// One small thing on a terrain: a tuft, a wave, a pebble.
fn scatter(pattern: &mut Canvas, terrain: Terrain, x: i32, y: i32, dice: u32) {
    let mut dots = |list: &[(i32, i32, Ink)]| {
        for (dx, dy, ink) in list {
            pattern.wrap(x + dx, y + dy, *ink);
        }
    };
    let kind = dice % 100;
    match terrain {
        Terrain::Grass if kind < 30 => {
            dots(&[(0, 0, LEAF[2]), (1, -1, LEAF[4]), (-1, -1, LEAF[2]), (-1, -2, LEAF[4]), (2, -2, LEAF[5])]);
        }
        Terrain::Grass if kind < 52 => dots(&[(0, 0, LEAF[2]), (0, -1, LEAF[4]), (1, 0, LEAF[2]), (2, -1, LEAF[4])]),
        Terrain::Grass if kind < 62 => dots(&[(0, 0, LEAF[5]), (1, 1, LEAF[2])]),
        Terrain::Meadow if kind < 30 => {
            dots(&[(0, 0, LEAF[3]), (1, -1, LEAF[5]), (-1, -1, LEAF[3]), (-1, -2, LEAF[5]), (2, -2, LEAF[6])]);
        }
        Terrain::Meadow if kind < 50 => dots(&[(0, 0, LEAF[3]), (0, -1, LEAF[5]), (1, 0, LEAF[3])]),
        Terrain::Moss if kind < 25 => dots(&[(0, 0, LEAF[1]), (1, -1, LEAF[3]), (-1, -1, LEAF[3])]),
        Terrain::Moss if kind < 40 => dots(&[(0, 0, EARTH[2]), (1, 0, EARTH[1]), (1, 1, LEAF[0])]),
        Terrain::Moss if kind < 46 => dots(&[(0, 0, RUST[2]), (1, 0, EARTH[2])]),
        Terrain::Water if kind < 34 => {
            let length = 3 + (dice / 128 % 4) as i32;
            for i in 0..length {
                pattern.wrap(x + i, y, WATER[3]);
                pattern.wrap(x + i + 1, y + 1, WATER[1]);
            }
            if kind < 6 {
                pattern.wrap(x + 1, y, EARTH[6]);
            }
        }
        Terrain::Deep if kind < 30 => {
            for i in 0..3 + (dice / 128 % 4) as i32 {
                pattern.wrap(x + i, y, WATER[if kind < 10 { 2 } else { 1 }]);
            }
        }
        Terrain::Sand if kind < 22 => dots(&[(0, 0, EARTH[4]), (1, 0, EARTH[4]), (2, 1, EARTH[4]), (3, 1, EARTH[4])]),
        Terrain::Sand if kind < 27 => dots(&[(0, 0, EARTH[6]), (1, 0, EARTH[3]), (0, 1, EARTH[3])]),
        Terrain::Path if kind < 16 => dots(&[(0, 0, STONE[4]), (1, 0, STONE[3]), (0, 1, STONE[2]), (1, 1, EARTH[2])]),
        Terrain::Path if kind < 34 => dots(&[(0, 0, EARTH[2]), (1, 0, EARTH[3])]),
        Terrain::Path if kind < 46 => dots(&[(0, 0, EARTH[5]), (1, 0, EARTH[5]), (-1, 1, EARTH[3])]),
        Terrain::Cobble if kind < 5 => dots(&[(0, 0, LEAF[3]), (1, 0, LEAF[2]), (0, 1, LEAF[2])]),
        Terrain::Cobble if kind < 6 => dots(&[(0, 0, GOLD), (0, 1, LEAF[2])]),
        _ => {}
    }
}

/// Round paving stones: the nearest of jittered middles decides which stone a pixel belongs to.
fn cobble(x: i32, y: i32) -> Ink {
    const CELL: i32 = 8;
    let mut best = (i32::MAX, 0, 0, 0);
    let mut second = i32::MAX;
    for cy in y.div_euclid(CELL) - 1..=y.div_euclid(CELL) + 1 {
        for cx in x.div_euclid(CELL) - 1..=x.div_euclid(CELL) + 1 {
            let (wx, wy) = (cx.rem_euclid(PATTERN / CELL), cy.rem_euclid(PATTERN / CELL));
            let shift = if wy % 2 == 0 { 0 } else { CELL / 2 };
            let (mx, my) = (cx * CELL + 2 + shift + pick(wx, wy, 31, 4), cy * CELL + 2 + pick(wx, wy, 32, 4));
            let away = (x - mx) * (x - mx) + (y - my) * (y - my) * 5 / 4;
            if away < best.0 {
                second = best.0;
                best = (away, x - mx, y - my, hash(wx, wy, 33));
            } else if away < second {
                second = away;
            }
        }
    }
    let (away, dx, dy, stone) = best;
    if second - away < 5 {
        return if stone % 4 == 0 { PLUM } else { STONE[1] };
    }
    let tone = 2 + usize::from(stone % 5 < 4);
    let lit = dx + dy;
    match (lit, stone % 11) {
        (..=-4, 0..=6) => STONE[tone + 1],
        (4.., _) if second - away < 11 => STONE[tone - 1],
        _ => STONE[tone],
    }
}
