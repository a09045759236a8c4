//! Draws a stack: its pieces one over another, as Tiled draws layers, at any time.

use std::collections::BTreeSet;

use super::art::{Art, Frame};
use super::stacks::{Piece, Stacks, source, within};
use crate::pictures::Pixels;

/// Most pictures that one stack shows, and after how long it shows the first one again at the
/// latest, milliseconds. Pieces that would need more begin anew together.
const MOMENTS_MAX: usize = 64;
const ROUND_MS_MAX: u64 = 60_000;

/// Most pixels that are laid over others in a map: a few seconds.
const BLENDED_MAX: u64 = 1_000_000_000;

/// Draws stacks of one map.
pub struct Composer<'a> {
    art: &'a Art,
    cell: (u32, u32),
    /// Edge of what is given out, pixels.
    edge: u32,
    /// Red, green and blue multiplied with the opacity, from 0 to 1; exact however many there are.
    canvas: Vec<[f32; 4]>,
    blended: u64,
}

impl<'a> Composer<'a> {
    pub fn new(art: &'a Art, cell: (u32, u32), edge: u32) -> Self {
        let area = cell.0 as usize * cell.1 as usize;
        Self { art, cell, edge, canvas: vec![[0.0; 4]; area], blended: 0 }
    }

    /// When the picture of a stack changes, and for how long it stays then, milliseconds; one
    /// moment if nothing of it moves.
    pub fn moments(&self, stacks: &Stacks, stack: u32) -> Vec<(u64, u32)> {
        let moving: BTreeSet<u32> =
            stacks.pieces(stack).map(|piece| piece.image).filter(|image| self.art.moving.contains_key(image)).collect();
        let moving: Vec<&[Frame]> =
            moving.iter().filter_map(|image| self.art.moving.get(image)).map(|it| &**it).collect();
        let rounds = || moving.iter().map(|frames| frames.iter().map(|frame| u64::from(frame.ms)).sum::<u64>());
        let Some(longest) = rounds().max() else { return vec![(0, 0)] };
        let together = rounds().try_fold(1, least_common_multiple).filter(|round| *round <= ROUND_MS_MAX);
        let changes = |round: u64| {
            let mut changes = BTreeSet::from([0]);
            for frames in &moving {
                let mut at = 0;
                for frame in frames.iter().cycle() {
                    at += u64::from(frame.ms);
                    if at >= round || changes.len() > MOMENTS_MAX {
                        break;
                    }
                    changes.insert(at);
                }
            }
            changes
        };
        let exact = together.map(|round| (round, changes(round))).filter(|(_, changes)| changes.len() <= MOMENTS_MAX);
        let (round, changes) = exact.unwrap_or_else(|| (longest, changes(longest)));
        let starts: Vec<u64> = changes.into_iter().take(MOMENTS_MAX).collect();
        let ends = starts.iter().skip(1).copied().chain([round]);
        starts.iter().zip(ends).map(|(start, end)| (*start, u32::try_from(end - start).unwrap_or(u32::MAX))).collect()
    }

    /// The pixels of a stack after so many milliseconds, row by row; `None` when too much was drawn
    /// already.
    pub fn draw(&mut self, stacks: &Stacks, stack: u32, ms: u64) -> Option<Vec<u8>> {
        for piece in stacks.pieces(stack) {
            let area = within(piece, self.art.images.get(self.art.image_at(piece.image, ms) as usize)?, self.cell);
            let pixels = (area.2 - area.0).max(0) as u64 * (area.3 - area.1).max(0) as u64;
            self.blended = self.blended.saturating_add(pixels);
        }
        (self.blended <= BLENDED_MAX).then(|| self.draw_again(stacks, stack, ms))
    }

    /// The same pixels once more.
    pub fn draw_again(&mut self, stacks: &Stacks, stack: u32, ms: u64) -> Vec<u8> {
        self.canvas.fill([0.0; 4]);
        let pieces: Vec<&Piece> = stacks.pieces(stack).collect();
        for piece in pieces.into_iter().rev() {
            let Some(picture) = self.art.images.get(self.art.image_at(piece.image, ms) as usize) else { continue };
            self.blend(piece, picture, within(piece, picture, self.cell), stacks.style_of(piece));
        }
        self.scaled()
    }

    fn blend(&mut self, piece: &Piece, picture: &Pixels, area: (i64, i64, i64, i64), style: [f32; 4]) {
        let (left, top, right, bottom) = area;
        for y in top..bottom {
            for x in left..right {
                let (from_x, from_y) = source(piece, picture, x, y);
                let pixel = picture.pixel(from_x, from_y);
                if pixel[3] == 0 {
                    continue;
                }
                let at = y as usize * self.cell.0 as usize + x as usize;
                let Some(under) = self.canvas.get_mut(at) else { continue };
                let opacity = f32::from(pixel[3]) / 255.0 * style[3];
                for (color, under) in under.iter_mut().take(3).enumerate() {
                    *under = f32::from(pixel[color]) / 255.0 * style[color] * opacity + *under * (1.0 - opacity);
                }
                under[3] = opacity + under[3] * (1.0 - opacity);
            }
        }
    }

    /// The canvas as a square tile of bytes; each pixel is the nearest one.
    fn scaled(&self) -> Vec<u8> {
        let (width, height) = self.cell;
        let mut bytes = Vec::with_capacity(self.edge as usize * self.edge as usize * 4);
        for y in 0..self.edge {
            let row = y as usize * height as usize / self.edge as usize * width as usize;
            for x in 0..self.edge {
                let [red, green, blue, opacity] = self.canvas[row + x as usize * width as usize / self.edge as usize];
                // A pixel of no opacity has no colour: equal pictures are equal bytes.
                let alpha = (opacity * 255.0).round() as u8;
                let part = |color: f32| if alpha == 0 { 0 } else { (color / opacity * 255.0).round() as u8 };
                bytes.extend_from_slice(&[part(red), part(green), part(blue), alpha]);
            }
        }
        bytes
    }
}

/// `None` when it is more than a u64 holds.
fn least_common_multiple(a: u64, b: u64) -> Option<u64> {
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a.checked_div(divisor)?.checked_mul(b)
}
