//! The game's name in pixel letters, drawn without a font or a picture.

use egui::{Color32, Painter, Pos2, Rect, Vec2, vec2};

use super::theme;

/// Columns of a letter and its seven rows, top first, the leftmost column in the highest of those
/// bits.
const LETTERS: [(usize, [u8; 7]); 7] = [
    (5, [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100]),
    (3, [0b111, 0b010, 0b010, 0b010, 0b010, 0b010, 0b111]),
    (4, [0b1000, 0b1000, 0b1000, 0b1000, 0b1000, 0b1000, 0b1111]),
    (4, [0b1111, 0b1000, 0b1000, 0b1110, 0b1000, 0b1000, 0b1111]),
    (5, [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001]),
    (4, [0b1001, 0b1001, 0b1001, 0b1001, 0b1001, 0b1001, 0b0110]),
    (4, [0b1110, 0b1001, 0b1001, 0b1001, 0b1001, 0b1001, 0b1110]),
];

const GAP: usize = 2;

/// Columns of the whole word, gaps included.
const COLUMNS: f32 = (5 + 3 + 4 + 4 + 5 + 4 + 4 + 6 * GAP) as f32;

/// Size of the title at `pixel` points per pixel.
#[must_use]
pub fn size(pixel: f32) -> Vec2 {
    vec2(COLUMNS, 7.0) * pixel
}

/// Draws the title with its top left corner at `at`. `time_s` makes a glint wander over it.
pub fn paint(painter: &Painter, at: Pos2, pixel: f32, time_s: f64) {
    let glint = ((time_s * 14.0) % 90.0) as f32;
    for pass in 0..2 {
        let mut left = 0;
        for (width, letter) in LETTERS {
            for (row, bits) in letter.iter().enumerate() {
                for column in 0..width {
                    if bits >> (width - 1 - column) & 1 == 0 {
                        continue;
                    }
                    let (x, y) = ((left + column) as f32, row as f32);
                    let corner = at + vec2(x, y) * pixel;
                    if pass == 0 {
                        let shadow = Rect::from_min_size(corner + vec2(0.0, pixel * 0.55), Vec2::splat(pixel));
                        painter.rect_filled(shadow.expand(pixel * 0.12), 0, Color32::from_rgb(48, 26, 16));
                    } else {
                        let light = 1.0 - ((x + y * 0.5) - glint).abs() / 3.0;
                        let color = shade(y / 6.0).lerp_to_gamma(Color32::WHITE, light.clamp(0.0, 0.7));
                        painter.rect_filled(Rect::from_min_size(corner, Vec2::splat(pixel)), 0, color);
                    }
                }
            }
            left += width + GAP;
        }
    }
}

fn shade(depth: f32) -> Color32 {
    Color32::from_rgb(255, 226, 150)
        .lerp_to_gamma(theme::LAMP.lerp_to_gamma(Color32::from_rgb(214, 104, 58), depth), depth)
}
