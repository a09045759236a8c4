//! Draws a stack: its pieces one over another, as Tiled draws layers.

use super::stacks::{Piece, Stacks, source, within};
use crate::pictures::Pixels;

/// Most pixels that are laid over others in a map: a few seconds.
const BLENDED_MAX: u64 = 1_000_000_000;

/// Draws stacks of one map.
pub struct Composer<'a> {
    images: &'a [Pixels],
    cell: (u32, u32),
    /// Edge of what is given out, pixels.
    edge: u32,
    /// Red, green and blue multiplied with the opacity, from 0 to 1; exact however many there are.
    canvas: Vec<[f32; 4]>,
    blended: u64,
}

impl<'a> Composer<'a> {
    pub fn new(images: &'a [Pixels], cell: (u32, u32), edge: u32) -> Self {
        let area = cell.0 as usize * cell.1 as usize;
        Self { images, cell, edge, canvas: vec![[0.0; 4]; area], blended: 0 }
    }

    /// The pixels of a stack, row by row; `None` when too much was drawn already.
    pub fn draw(&mut self, stacks: &Stacks, stack: u32) -> Option<Vec<u8>> {
        self.canvas.fill([0.0; 4]);
        let pieces: Vec<Piece> = stacks.pieces(stack).copied().collect();
        for piece in pieces.iter().rev() {
            let picture = self.images.get(piece.image as usize)?;
            let area = within(piece, picture, self.cell);
            let pixels = (area.2 - area.0).max(0) as u64 * (area.3 - area.1).max(0) as u64;
            self.blended = self.blended.saturating_add(pixels);
            if self.blended > BLENDED_MAX {
                return None;
            }
            self.blend(piece, picture, area, stacks.style_of(piece));
        }
        Some(self.scaled())
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
