//! Where the world is on the screen: whole physical pixels per picture pixel, following the player
//! softly and stopping at the world's edges.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use crate::game::Game;

/// Tiles that should fit across and down.
const VIEW_TILES: (f32, f32) = (27.0, 17.0);
/// Pixels of a tile in the tileset.
const TILE_PIXELS: f32 = 16.0;
/// Farthest that it drifts from where characters begin, tiles.
const DRIFT_MAX: f64 = 60.0;
/// How fast the camera closes in on the player, per second.
const FOLLOW_PER_S: f64 = 9.0;

/// Maps tiles to the screen for one frame.
#[derive(Debug, Clone, Copy)]
pub struct Viewport {
    /// The screen, points.
    pub rect: Rect,
    /// Screen position of the world's north-west corner, points, on a whole pixel.
    pub origin: Pos2,
    /// Edge of a tile, points.
    pub tile: f32,
}

impl Viewport {
    /// The top left corner of a place in tiles.
    #[must_use]
    pub fn place(&self, x: f64, y: f64) -> Pos2 {
        pos2(
            (f64::from(self.origin.x) + x * f64::from(self.tile)) as f32,
            (f64::from(self.origin.y) + y * f64::from(self.tile)) as f32,
        )
    }

    /// The rectangle of a tile.
    #[must_use]
    pub fn tile_rect(&self, x: i32, y: i32) -> Rect {
        Rect::from_min_size(self.place(f64::from(x), f64::from(y)), Vec2::splat(self.tile))
    }

    /// The tile under a point of the screen.
    #[must_use]
    pub fn tile_at(&self, at: Pos2) -> (i32, i32) {
        let offset = (at - self.origin) / self.tile;
        (offset.x.floor() as i32, offset.y.floor() as i32)
    }

    /// Tiles on the screen as (left, top, right, bottom), both ends included.
    #[must_use]
    pub fn visible(&self) -> (i32, i32, i32, i32) {
        let (left, top) = self.tile_at(self.rect.min);
        let (right, bottom) = self.tile_at(self.rect.max);
        (left, top, right, bottom)
    }

    /// One pixel of the pictures, points.
    #[must_use]
    pub fn pixel(&self) -> f32 {
        self.tile / TILE_PIXELS
    }
}

#[derive(Debug, Clone, Default)]
pub struct Camera {
    center: Option<(f64, f64)>,
    moving: bool,
}

impl Camera {
    /// The viewport of this frame, with the player near the middle.
    pub fn follow(&mut self, ui: &egui::Ui, game: &Game, dt_s: f64) -> Viewport {
        let at = game.own_motion().map_or((0.0, 0.0), |motion| motion.at());
        let goal = (at.0 + 0.5, at.1 + 0.5);
        let center = match self.center {
            Some(center) if (center.0 - goal.0).abs().max((center.1 - goal.1).abs()) < 12.0 => {
                let pull = 1.0 - (-FOLLOW_PER_S * dt_s.clamp(0.0, 0.25)).exp();
                (center.0 + (goal.0 - center.0) * pull, center.1 + (goal.1 - center.1) * pull)
            }
            _ => goal,
        };
        self.moving = (center.0 - goal.0).abs().max((center.1 - goal.1).abs()) > 0.004;
        self.center = Some(center);
        viewport(ui, game, center)
    }

    /// The viewport behind the sign-in form: drifting slowly over the world.
    pub fn drift(&mut self, ui: &egui::Ui, game: &Game) -> Viewport {
        self.center = None;
        self.moving = false;
        let (home, size) = match game.assets().terrain() {
            Some(terrain) => ((f64::from(terrain.spawn().x), f64::from(terrain.spawn().y)), terrain.size()),
            None => ((0.0, 0.0), (1, 1)),
        };
        let (t, reach) = (game.now_s() * 0.035, (f64::from(size.0.min(size.1)) * 0.16).min(DRIFT_MAX));
        viewport(ui, game, (home.0 + reach * (t * 1.3).sin(), home.1 + reach * 0.7 * (t).cos() - reach * 0.5))
    }

    /// Whether it has not come to rest.
    #[must_use]
    pub fn moving(&self) -> bool {
        self.moving
    }
}

fn viewport(ui: &egui::Ui, game: &Game, center: (f64, f64)) -> Viewport {
    let rect = ui.max_rect();
    let ppp = ui.ctx().pixels_per_point();
    let fit = (rect.width() / VIEW_TILES.0).min(rect.height() / VIEW_TILES.1);
    // Whole physical pixels per picture pixel keep pixel art even.
    let tile = (fit * ppp / TILE_PIXELS).round().max(1.0) * TILE_PIXELS / ppp;
    let half = (f64::from(rect.width() / tile) / 2.0, f64::from(rect.height() / tile) / 2.0);
    let (width, height) = game.assets().terrain().map_or((i32::MAX, i32::MAX), |terrain| terrain.size());
    let center = (clamp_axis(center.0, half.0, width), clamp_axis(center.1, half.1, height));
    let origin = rect.center() - vec2((center.0 * f64::from(tile)) as f32, (center.1 * f64::from(tile)) as f32);
    let origin = pos2((origin.x * ppp).round() / ppp, (origin.y * ppp).round() / ppp);
    Viewport { rect, origin, tile }
}

/// Keeps the view inside the world; a world smaller than the view sits in its middle.
fn clamp_axis(center: f64, half: f64, size: i32) -> f64 {
    let size = f64::from(size);
    if size <= 2.0 * half { size / 2.0 } else { center.clamp(half, size - half) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_stops_at_the_edges() {
        assert_eq!(clamp_axis(2.0, 10.0, 128), 10.0);
        assert_eq!(clamp_axis(127.0, 10.0, 128), 118.0);
        assert_eq!(clamp_axis(60.0, 10.0, 128), 60.0);
        assert_eq!(clamp_axis(3.0, 10.0, 12), 6.0);
    }

    #[test]
    fn a_click_finds_the_tile_it_is_drawn_on() {
        let viewport = Viewport {
            rect: Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0)),
            origin: pos2(-320.0, -64.0),
            tile: 32.0,
        };
        assert_eq!(viewport.tile_at(viewport.tile_rect(12, 7).center()), (12, 7));
        assert_eq!(viewport.tile_at(viewport.tile_rect(10, 2).min), (10, 2));
    }
}
