//! The small map at the top right: the world, or of a large one what is around the player, in one
//! pixel a tile, coloured by the means of its tiles, with the players in view. Made when pictures
//! or tiles arrive; M hides it.

use std::ops::Range;

use egui::{Color32, ColorImage, Context, Rect, Sense, Stroke, StrokeKind, TextureHandle, TextureOptions, pos2, vec2};
use tilemud_schema::EntityKind;
use tilemud_schema::rest::Tileset;

use super::camera::Viewport;
use super::theme;
use crate::game::Game;
use crate::world::Terrain;
use crate::world::map::ChangedTiles;

/// Longest edge on the screen, points.
const EDGE_MAX: f32 = 150.0;
/// The most it takes of a small screen's height.
const SHARE_MAX: f32 = 0.27;

/// Shortest time from one drawing to the next, seconds, while tiles arrive.
const DRAWN_AGAIN_S: f64 = 0.5;

#[derive(Default)]
pub struct Minimap {
    texture: Option<TextureHandle>,
    /// Columns and rows of the map that are on it.
    extent: (Range<i32>, Range<i32>),
    /// The colours of the tiles by id.
    means: Vec<Color32>,
    /// The version of the tiles that it was drawn of, and when.
    drawn: Option<(u32, f64)>,
    /// Hidden by the player.
    pub hidden: bool,
}

impl Minimap {
    /// Other pictures of the tiles follow.
    pub fn forget_colors(&mut self) {
        self.means.clear();
    }

    /// Takes the colours of one more of the tileset's pictures, of which the map is drawn anew.
    pub fn color(&mut self, tileset: &Tileset, picture: &ColorImage) {
        if self.means.is_empty() {
            // The nothing tile is in no picture.
            self.means.push(Color32::TRANSPARENT);
        }
        self.means.extend(means(tileset, picture));
        self.drawn = None;
    }

    /// Draws the map anew if other tiles are here than when it was drawn.
    pub fn follow(&mut self, ctx: &Context, terrain: &Terrain, now_s: f64) {
        let version = terrain.squares().version();
        let is_due = |(drawn, at_s): (u32, f64)| drawn != version && now_s - at_s >= DRAWN_AGAIN_S;
        if self.means.is_empty() || !self.drawn.is_none_or(is_due) {
            return;
        }
        self.drawn = Some((version, now_s));
        self.extent = terrain.squares().extent();
        let (columns, rows) = self.extent.clone();
        // One pixel a tile, or one for several where the graphics card takes no more.
        let side = ctx.input(|input| input.max_texture_side).max(1);
        let step = columns.len().max(rows.len()).div_ceil(side).max(1);
        let over =
            |below: Color32, tile: u16| below.blend(self.means.get(usize::from(tile)).copied().unwrap_or_default());
        let unchanged = ChangedTiles::new();
        let places = rows.clone().step_by(step).flat_map(|y| columns.clone().step_by(step).map(move |x| (x, y)));
        let pixels = places.map(|(x, y)| {
            let ground = over(theme::NIGHT, terrain.ground(x, y));
            over(over(ground, terrain.tile(x, y, &unchanged)), terrain.canopy(x, y))
        });
        let image = ColorImage::new([columns.len().div_ceil(step), rows.len().div_ceil(step)], pixels.collect());
        self.texture = Some(ctx.load_texture("minimap", image, TextureOptions::LINEAR));
    }

    /// Draws it into `ui`, if there is a map and it is not hidden.
    pub fn show(&self, ui: &mut egui::Ui, game: &Game, viewport: &Viewport) {
        let (Some(texture), false) = (&self.texture, self.hidden) else { return };
        let (columns, rows) = &self.extent;
        let (width, height) = (columns.len() as f32, rows.len() as f32);
        let scale = EDGE_MAX.min(viewport.rect.height() * SHARE_MAX) / width.max(height);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height) * scale, Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Map of the world"));
        let painter = ui.painter().with_clip_rect(rect);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(texture.id(), rect, whole, Color32::WHITE);
        let (left, top, right, bottom) = viewport.visible();
        let place = |x: f32, y: f32| rect.min + vec2(x - columns.start as f32, y - rows.start as f32) * scale;
        let corner = |x: i32, y: i32| place(x as f32, y as f32);
        let seen = Rect::from_min_max(corner(left, top), corner(right + 1, bottom + 1)).intersect(rect);
        painter.rect_stroke(seen, 2, Stroke::new(1.0, theme::fade(theme::PAPER, 0.7)), StrokeKind::Inside);
        let own = game.session().entity_id();
        for entity in game.surroundings().entities.values() {
            let (color, radius) = match entity.kind {
                _ if Some(entity.id) == own => (theme::LAMP, 3.0),
                EntityKind::Player => (Color32::WHITE, 2.5),
                EntityKind::Npc => (theme::SKY, 2.0),
                EntityKind::Item | EntityKind::Door => continue,
            };
            let Some((x, y)) = game.motion(entity.id).map(|motion| motion.at()) else { continue };
            let center = place(x as f32 + 0.5, y as f32 + 0.5);
            painter.circle(center, radius, color, Stroke::new(1.0, Color32::from_black_alpha(180)));
        }
    }
}

/// The mean colour of each tile of a picture row by row, its opacity included.
fn means(tileset: &Tileset, picture: &ColorImage) -> Vec<Color32> {
    let (edge, columns) = (tileset.tile_size as usize, tileset.columns as usize);
    let mean = |index: usize| {
        let (column, row) = (index % columns, index / columns);
        let mut sum = [0_u32; 4];
        for y in row * edge..(row + 1) * edge {
            let start = y * picture.size[0] + column * edge;
            for pixel in picture.pixels.get(start..start + edge)? {
                sum.iter_mut().zip(pixel.to_array()).for_each(|(sum, part)| *sum += u32::from(part));
            }
        }
        let [r, g, b, a] = sum.map(|sum| (sum / (edge * edge).max(1) as u32) as u8);
        Some(Color32::from_rgba_premultiplied(r, g, b, a))
    };
    // More than there are numbers of tiles is not looked at, whatever a server says.
    let tiles = (picture.size[1] / edge.max(1)).saturating_mul(columns).min(usize::from(u16::MAX));
    (0..tiles).map(|index| mean(index).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::map::tests::terrain;

    #[test]
    fn a_tile_is_the_mean_of_its_pixels_and_missing_ones_are_clear() {
        let tileset = terrain(&["."]).map().tileset.clone();
        let mut picture = ColorImage::filled([8 * 16, 16], Color32::BLACK);
        for y in 0..16 {
            for x in 0..8 {
                picture.pixels[y * 128 + x] = Color32::from_rgb(200, 100, 50);
            }
        }
        let mut minimap = Minimap::default();
        minimap.color(&tileset, &picture);
        minimap.color(&tileset, &ColorImage::filled([8 * 16, 16], Color32::RED));
        assert_eq!(minimap.means.len(), 1 + 2 * tileset.columns as usize);
        assert_eq!(minimap.means[0], Color32::TRANSPARENT);
        assert_eq!(minimap.means[1], Color32::from_rgb(100, 50, 25));
        assert_eq!(minimap.means[2], Color32::BLACK);
        assert_eq!(minimap.means[1 + tileset.columns as usize], Color32::RED, "the next picture goes on");
    }
}
