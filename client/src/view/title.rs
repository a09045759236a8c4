//! The game's name in pixel letters, drawn without a font or a picture.

use egui::{Color32, Painter, Pos2, Rect, Vec2, vec2};

use super::theme;

/// Seven rows of five columns each, top first, the leftmost column in bit 4.
const LETTERS: [[u8; 7]; 7] = [
    [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
    [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
    [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
    [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
    [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
    [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
];

/// Columns of the whole word, gaps included.
const COLUMNS: f32 = 7.0 * 6.0 - 1.0;

/// Size of the title at `pixel` points per pixel.
#[must_use]
pub fn size(pixel: f32) -> Vec2 {
    vec2(COLUMNS, 7.0) * pixel
}

/// Draws the title with its top left corner at `at`. `time_s` makes a glint wander over it.
pub fn paint(painter: &Painter, at: Pos2, pixel: f32, time_s: f64) {
    let glint = ((time_s * 14.0) % 90.0) as f32;
    for pass in 0..2 {
        for (index, letter) in LETTERS.iter().enumerate() {
            for (row, bits) in letter.iter().enumerate() {
                for column in 0..5_usize {
                    if bits >> (4 - column) & 1 == 0 {
                        continue;
                    }
                    let (x, y) = ((index * 6 + column) as f32, row as f32);
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
        }
    }
}

fn shade(depth: f32) -> Color32 {
    Color32::from_rgb(255, 226, 150)
        .lerp_to_gamma(theme::LAMP.lerp_to_gamma(Color32::from_rgb(214, 104, 58), depth), depth)
}
