//! A picture of palette inks, the few strokes everything is drawn with, and repeatable noise.
//! Only additions, multiplications and comparisons, so every machine draws the same pixels.

use super::palette::{CLEAR, Ink};

/// Edge of a tile, pixels.
pub const TILE: i32 = 16;

/// A picture; what lies outside is dropped when drawn and clear when read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    /// Pixels in a row.
    pub width: i32,
    pub height: i32,
    pub pixels: Vec<Ink>,
}

impl Canvas {
    pub fn new(width: i32, height: i32) -> Self {
        Self { width, height, pixels: vec![CLEAR; (width * height) as usize] }
    }

    /// The ink at a place.
    pub fn get(&self, x: i32, y: i32) -> Ink {
        if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
            self.pixels[(y * self.width + x) as usize]
        } else {
            CLEAR
        }
    }

    pub fn put(&mut self, x: i32, y: i32, ink: Ink) {
        if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
            self.pixels[(y * self.width + x) as usize] = ink;
        }
    }

    /// Sets one pixel of a picture that repeats in both directions.
    pub fn wrap(&mut self, x: i32, y: i32, ink: Ink) {
        self.put(x.rem_euclid(self.width), y.rem_euclid(self.height), ink);
    }

    pub fn rect(&mut self, x: i32, y: i32, width: i32, height: i32, ink: Ink) {
        for row in y..y + height {
            for column in x..x + width {
                self.put(column, row, ink);
            }
        }
    }

    /// A rectangle with a border one pixel wide.
    pub fn frame(&mut self, x: i32, y: i32, width: i32, height: i32, border: Ink, fill: Ink) {
        self.rect(x, y, width, height, border);
        self.rect(x + 1, y + 1, width - 2, height - 2, fill);
    }

    /// Fills an ellipse around a point.
    pub fn ellipse(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, ink: Ink) {
        for y in -ry..=ry {
            for x in -rx..=rx {
                if x * x * ry * ry + y * y * rx * rx <= rx * rx * ry * ry {
                    self.put(cx + x, cy + y, ink);
                }
            }
        }
    }

    /// An ellipse of every other pixel: shade that lets the ground through.
    pub fn shade(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, ink: Ink) {
        for y in -ry..=ry {
            for x in -rx..=rx {
                let reach = x * x * ry * ry + y * y * rx * rx;
                let inner = reach * 10 <= rx * rx * ry * ry * 5;
                if reach <= rx * rx * ry * ry && (inner || (x + y) & 1 == 0) {
                    self.put(cx + x, cy + y, ink);
                }
            }
        }
    }

    /// Lays another picture over this one.
    pub fn blit(&mut self, other: &Self, x: i32, y: i32) {
        for row in 0..other.height {
            for column in 0..other.width {
                let ink = other.get(column, row);
                if ink != CLEAR {
                    self.put(x + column, y + row, ink);
                }
            }
        }
    }

    /// Cuts a rectangle out.
    pub fn cut(&self, x: i32, y: i32, width: i32, height: i32) -> Self {
        let mut part = Self::new(width, height);
        for row in 0..height {
            for column in 0..width {
                part.put(column, row, self.get(x + column, y + row));
            }
        }
        part
    }

    /// The picture as in a mirror.
    pub fn mirrored(&self) -> Self {
        let mut mirrored = Self::new(self.width, self.height);
        for y in 0..self.height {
            for x in 0..self.width {
                mirrored.put(self.width - 1 - x, y, self.get(x, y));
            }
        }
        mirrored
    }

    /// Draws rows of letters, each letter one pixel looked up in `inks`; other letters are clear.
    pub fn letters(&mut self, x: i32, y: i32, rows: &[&str], inks: &[(char, Ink)]) {
        for (row, line) in rows.iter().enumerate() {
            for (column, letter) in line.chars().enumerate() {
                if let Some((_, ink)) = inks.iter().find(|(known, _)| *known == letter) {
                    self.put(x + column as i32, y + row as i32, *ink);
                }
            }
        }
    }

    /// Whether nothing is drawn.
    pub fn is_clear(&self) -> bool {
        self.pixels.iter().all(|ink| *ink == CLEAR)
    }
}

/// A repeatable random number for a place.
pub fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h =
        (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed.wrapping_mul(0xc2b2_ae3d);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

/// A repeatable number from 0 up to `below` for a place.
pub fn pick(x: i32, y: i32, seed: u32, below: u32) -> i32 {
    (hash(x, y, seed) % below) as i32
}

/// Smooth noise from 0 to 1 that repeats every `period` pixels; `cell` is the size of its bumps.
pub fn waves(x: i32, y: i32, cell: i32, period: i32, seed: u32) -> f32 {
    let count = period / cell;
    let (cx, cy) = (x.div_euclid(cell), y.div_euclid(cell));
    let (fx, fy) = (x.rem_euclid(cell) as f32 / cell as f32, y.rem_euclid(cell) as f32 / cell as f32);
    let (sx, sy) = (fx * fx * (3.0 - 2.0 * fx), fy * fy * (3.0 - 2.0 * fy));
    let corner = |dx: i32, dy: i32| {
        let place = hash((cx + dx).rem_euclid(count), (cy + dy).rem_euclid(count), seed);
        (place % 1024) as f32 / 1023.0
    };
    let top = corner(0, 0) * (1.0 - sx) + corner(1, 0) * sx;
    let bottom = corner(0, 1) * (1.0 - sx) + corner(1, 1) * sx;
    top * (1.0 - sy) + bottom * sy
}

/// Ordered dither: a threshold from 0 to 1 for a pixel.
pub fn dither(x: i32, y: i32) -> f32 {
    const BAYER: [u8; 16] = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
    (f32::from(BAYER[((y & 3) * 4 + (x & 3)) as usize]) + 0.5) / 16.0
}
