//! Houses: a roof that hangs over heads, a timbered front with a doorway, a room behind it.
//! A house covers `width` x `height` tiles; its roof reaches one row further north.

use super::canvas::{Canvas, TILE, hash, pick};
use super::palette::{CLEAR, DUSK, EARTH, GOLD, INK, Ink, LEAF, PLUM, ROSE, RUST, SLATE, STONE};
use super::props;
use super::scene::Scene;

/// What a roof is covered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roof {
    /// Red tiles.
    Tiles,
    Slate,
    Thatch,
}

/// A house to be built.
#[derive(Debug, Clone, Copy)]
pub struct House {
    /// Column of its western wall.
    pub x: i32,
    /// Row of its northern wall.
    pub y: i32,
    /// Columns, at least 5.
    pub width: i32,
    /// Rows, at least 4.
    pub height: i32,
    /// Column of the door, counted from `x`.
    pub door: i32,
    pub roof: Roof,
    /// What the door is called.
    pub name: &'static str,
}

impl House {
    /// Builds it into the scene.
    pub fn build(&self, scene: &mut Scene) {
        let Self { x, y, width, height, .. } = *self;
        let foot = (y + height) * TILE;
        scene.stand(self.room(), x * TILE, y * TILE, y * TILE);
        for row in y..y + height {
            for column in x..x + width {
                let wall = row == y || row == y + height - 1 || column == x || column == x + width - 1;
                scene.mark(column, row, if wall { "house wall" } else { "floor" }, wall);
            }
        }
        self.furnish(scene);
        let front = self.front();
        scene.stand(front.cut(0, TILE, front.width, TILE), x * TILE, foot - TILE, foot);
        scene.hang(front.cut(0, 0, front.width, TILE), x * TILE, foot - 2 * TILE, foot);
        let roof = self.roof_picture();
        scene.hang(roof, x * TILE - 4, (y - 1) * TILE + 2, foot);
        let mut shadow = Canvas::new(7, 24);
        for j in 0..24 {
            for i in 0..7 - j / 6 {
                if (i + j) & 1 == 0 {
                    shadow.put(i, j, LEAF[0]);
                }
            }
        }
        scene.stand(shadow, (x + width) * TILE, foot - 24, y * TILE);
        let door = x + self.door;
        scene.mark(door, y + height - 1, "doorway", false);
        scene.thing("door", self.name, "door", door, y + height - 1);
    }

    /// The floor and the inner side of the walls.
    fn room(&self) -> Canvas {
        let mut room = Canvas::new(self.width * TILE, self.height * TILE);
        let (right, bottom) = (room.width, room.height);
        room.rect(0, 0, right, bottom, EARTH[0]);
        planks(&mut room, TILE - 4, TILE, right - 2 * TILE + 8, bottom - TILE);
        room.rect(TILE - 4, 4, right - 2 * TILE + 8, TILE - 4, EARTH[5]);
        room.rect(TILE - 4, TILE - 3, right - 2 * TILE + 8, 3, EARTH[2]);
        for x in (TILE..right - TILE).step_by(24) {
            room.rect(x, 4, 3, TILE - 4, EARTH[1]);
        }
        room
    }

    fn furnish(&self, scene: &mut Scene) {
        let (left, right, back) = (self.x + 1, self.x + self.width - 2, self.y + 1);
        scene.stand_on(bed(self.roof), left, back, "bed", true);
        if self.width > 5 {
            scene.stand_on(hearth(), right, back, "hearth", true);
        }
        if self.height > 4 && self.door != 1 {
            scene.stand_on(table(), left, back + 1, "table", true);
        }
        if self.width > 8 {
            for (column, row) in [(left + 2, back), (left + 4, back), (left + 2, back + 2), (right - 1, back + 2)] {
                scene.stand_on(table(), column, row, "table", true);
            }
            scene.stand_on(props::barrel(), right, back + 2, "barrel", true);
        }
        let mut rug = Canvas::new(20, 12);
        rug.frame(0, 0, 20, 12, RUST[1], RUST[2]);
        rug.frame(3, 3, 14, 6, EARTH[5], RUST[1]);
        scene.stand(rug, (self.x + self.door) * TILE - 2, (self.y + self.height - 2) * TILE + 2, self.y * TILE + 1);
    }

    /// Both rows of the front wall with windows and the opening for the door.
    fn front(&self) -> Canvas {
        let (width, height) = (self.width * TILE, 2 * TILE);
        let mut front = Canvas::new(width, height);
        front.rect(0, 0, width, height, EARTH[5]);
        for y in 0..height - 6 {
            for x in 0..width {
                let stain = pick(x / 4, y / 3, self.x as u32, 12);
                match y {
                    ..7 if (x + y) & 1 == 0 || y < 4 => front.put(x, y, EARTH[4]),
                    _ if stain > 0 || (x + y) & 1 == 0 => front.put(x, y, EARTH[6]),
                    _ => {}
                }
            }
        }
        stones(&mut front, height - 7, self.x as u32);
        for column in 0..=self.width {
            let left = if column == self.width { width - 4 } else { column * TILE - i32::from(column > 0) * 2 };
            if column == 0 || column == self.width || column % 2 == 1 {
                beam(&mut front, left, 0, 4, height - 7);
            }
        }
        beam(&mut front, 0, height - 9, width, 3);
        beam(&mut front, 0, 4, width, 3);
        for column in (0..self.width).filter(|column| (column - self.door).abs() > 0 && self.has_window(*column)) {
            window(&mut front, column * TILE + 2, 9);
        }
        let left = self.door * TILE;
        front.rect(left - 2, 7, TILE + 4, height - 7, EARTH[1]);
        front.rect(left - 2, 7, 1, height - 7, EARTH[3]);
        front.rect(left - 2, 7, TILE + 4, 1, EARTH[3]);
        front.rect(left, 9, TILE, height - 9, CLEAR);
        front.rect(left - 2, height - 2, TILE + 4, 2, STONE[3]);
        front
    }

    fn has_window(&self, column: i32) -> bool {
        column > 0
            && column < self.width - 1
            && (self.width < 6 || (column - self.door).abs() != 1 || self.door == column + 1)
    }

    fn roof_picture(&self) -> Canvas {
        let (width, height) = (self.width * TILE + 8, (self.height - 1) * TILE + 4);
        let mut roof = Canvas::new(width, height);
        let ramp: [Ink; 5] = match self.roof {
            Roof::Tiles => [INK, RUST[0], RUST[1], RUST[2], RUST[3]],
            Roof::Slate => [INK, DUSK, SLATE[0], SLATE[1], SLATE[2]],
            Roof::Thatch => [EARTH[0], EARTH[2], EARTH[3], EARTH[4], EARTH[5]],
        };
        let ridge = height * 2 / 7;
        for y in 0..height {
            let inset = if y < 3 { 3 - y } else { 0 };
            for x in inset..width - inset {
                let base = if y < ridge { 2.4 } else { 3.4 - 1.3 * (y - ridge) as f32 / (height - ridge) as f32 };
                let tone = match self.roof {
                    Roof::Thatch => straw(x, y, base),
                    _ => shingle(x, y, base, self.x as u32),
                };
                roof.put(x, y, ramp[tone]);
            }
        }
        for x in 1..width - 1 {
            roof.put(x, ridge - 1, ramp[4]);
            roof.put(x, ridge, ramp[if x % 6 == 0 { 2 } else { 4 }]);
            roof.put(x, ridge + 1, ramp[1]);
            roof.put(x, height - 2, ramp[1]);
            roof.put(x, height - 1, ramp[0]);
        }
        for y in 3..height {
            roof.put(0, y, ramp[1]);
            roof.put(1, y, ramp[4]);
            roof.put(2, y, ramp[3]);
            roof.put(width - 1, y, ramp[0]);
            roof.put(width - 2, y, ramp[1]);
            roof.put(width - 3, y, ramp[2]);
        }
        chimney(&mut roof, width - 30, ridge - 8);
        if self.width >= 7 {
            dormer(&mut roof, width / 2 - 26, ridge + 8, ramp);
        }
        roof
    }
}

fn shingle(x: i32, y: i32, base: f32, seed: u32) -> usize {
    let row = y / 5;
    let shifted = x + if row % 2 == 0 { 0 } else { 4 };
    let wobble = (pick(shifted / 8, row, seed, 5) - 2) as f32 * 0.22;
    let tone = base + wobble;
    let tone = match (y % 5, shifted % 8) {
        (4, _) => tone - 1.2,
        (3, 0 | 7) | (_, 7) => tone - 0.9,
        (0, 1..=4) => tone + 0.6,
        _ => tone,
    };
    (tone + 0.5).clamp(1.0, 4.0) as usize
}

fn straw(x: i32, y: i32, base: f32) -> usize {
    let hem = y + pick(x / 2, 0, 62, 3);
    let strand = if pick(x, hem / 11, 61, 5) == 0 { -0.8 } else { 0.0 };
    let layer = match hem % 11 {
        10 => -1.6,
        9 => -0.6,
        0..=2 => 0.9,
        3..=5 if (x + y) & 1 == 0 => 0.9,
        _ => 0.2,
    };
    (base + strand + layer + 0.5).clamp(1.0, 4.0) as usize
}

pub fn planks(picture: &mut Canvas, left: i32, top: i32, width: i32, height: i32) {
    for y in top..top + height {
        for x in left..left + width {
            let board = y / 5;
            let seam = (x + board * 13) % 28 == 0;
            let ink = match y % 5 {
                4 => EARTH[1],
                _ if seam => EARTH[1],
                0 if pick(x / 4, board, 63, 3) > 0 => EARTH[4],
                _ => EARTH[if hash(x / 5, y, 64).is_multiple_of(7) { 2 } else { 3 }],
            };
            picture.put(x, y, ink);
        }
    }
}

fn beam(picture: &mut Canvas, x: i32, y: i32, width: i32, height: i32) {
    picture.rect(x, y, width, height, EARTH[1]);
    if width > height {
        picture.rect(x, y, width, 1, EARTH[2]);
        picture.rect(x, y + height - 1, width, 1, EARTH[0]);
    } else {
        picture.rect(x, y, 1, height, EARTH[2]);
        picture.rect(x + width - 1, y, 1, height, EARTH[0]);
    }
}

fn stones(picture: &mut Canvas, top: i32, seed: u32) {
    for y in top..picture.height {
        for x in 0..picture.width {
            let row = (y - top) / 4;
            let stone = (x + row * 4) / 7;
            let ink = match ((y - top) % 4, (x + row * 4) % 7) {
                (3, _) | (_, 6) => STONE[0],
                (0, _) => STONE[4],
                _ => STONE[2 + usize::from(hash(stone, row, seed).is_multiple_of(2))],
            };
            picture.put(x, y, ink);
        }
    }
}

fn window(picture: &mut Canvas, x: i32, y: i32) {
    picture.frame(x, y, 12, 11, EARTH[0], GOLD);
    picture.rect(x + 1, y + 1, 10, 3, EARTH[6]);
    picture.rect(x + 1, y + 7, 10, 3, RUST[3]);
    picture.rect(x + 5, y + 1, 2, 9, EARTH[1]);
    picture.rect(x + 1, y + 5, 10, 1, EARTH[1]);
    picture.rect(x - 1, y + 11, 14, 3, EARTH[1]);
    for i in 0..6 {
        let bloom = [ROSE[1], LEAF[3], GOLD, LEAF[2], ROSE[2], LEAF[3]][(i + x / 16) as usize % 6];
        picture.put(x + i * 2, y + 10, bloom);
        picture.put(x + i * 2 + 1, y + 11, LEAF[2 + (i as usize & 1)]);
    }
}

fn chimney(picture: &mut Canvas, x: i32, y: i32) {
    let y = y.max(0);
    picture.frame(x, y, 12, 18, INK, STONE[2]);
    for row in 0..4 {
        for column in 0..3 {
            let ink = STONE[1 + pick(column, row, 65, 3) as usize];
            picture.rect(x + 1 + column * 4 - (row & 1), y + 4 + row * 3, 3, 2, ink);
        }
    }
    picture.rect(x + 1, y + 1, 10, 3, STONE[4]);
    picture.rect(x + 3, y + 1, 6, 2, DUSK);
    picture.rect(x, y + 4, 1, 14, INK);
    picture.rect(x + 11, y + 4, 1, 14, INK);
}

fn dormer(picture: &mut Canvas, x: i32, y: i32, ramp: [Ink; 5]) {
    for row in 0..7 {
        picture.rect(x + 8 - row - 1, y + row, row * 2 + 4, 1, ramp[if row < 2 { 4 } else { 3 }]);
        picture.put(x + 8 - row - 2, y + row, ramp[0]);
        picture.put(x + 10 + row + 1, y + row, ramp[0]);
    }
    picture.rect(x + 3, y + 6, 13, 10, EARTH[5]);
    picture.frame(x + 3, y + 6, 13, 11, EARTH[1], EARTH[5]);
    picture.frame(x + 6, y + 8, 7, 7, EARTH[0], GOLD);
    picture.rect(x + 7, y + 9, 5, 2, EARTH[6]);
    picture.rect(x + 9, y + 9, 1, 5, EARTH[1]);
    picture.rect(x + 4, y + 17, 13, 1, ramp[1]);
}

fn bed(roof: Roof) -> Canvas {
    let blanket = if roof == Roof::Slate { [SLATE[1], SLATE[2]] } else { [RUST[1], RUST[2]] };
    let mut bed = Canvas::new(16, 16);
    bed.frame(1, 0, 14, 16, EARTH[0], EARTH[2]);
    bed.rect(3, 1, 10, 4, EARTH[6]);
    bed.rect(3, 5, 10, 9, blanket[1]);
    bed.rect(3, 6, 10, 1, EARTH[6]);
    bed.rect(10, 7, 3, 7, blanket[0]);
    bed
}

fn hearth() -> Canvas {
    let mut hearth = Canvas::new(16, 20);
    hearth.frame(0, 0, 16, 18, INK, STONE[2]);
    hearth.rect(1, 1, 14, 2, STONE[4]);
    hearth.rect(4, 7, 8, 10, INK);
    hearth.letters(
        5,
        9,
        &["..g...", ".gG.g.", ".gGGg.", "rgGGgr", "rrggrr"],
        &[('g', RUST[3]), ('G', GOLD), ('r', RUST[2])],
    );
    hearth.rect(4, 15, 8, 2, EARTH[1]);
    hearth.rect(1, 18, 14, 1, PLUM);
    hearth
}

fn table() -> Canvas {
    let mut table = Canvas::new(16, 14);
    table.frame(0, 2, 16, 9, EARTH[0], EARTH[3]);
    table.rect(1, 3, 14, 2, EARTH[4]);
    table.rect(2, 11, 2, 3, EARTH[1]);
    table.rect(12, 11, 2, 3, EARTH[1]);
    table.letters(
        4,
        3,
        &["ww..r.", "wc.rRr", "ww..r."],
        &[('w', EARTH[6]), ('c', STONE[3]), ('r', RUST[1]), ('R', RUST[2])],
    );
    table
}
