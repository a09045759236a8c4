//! The signs of the map: a post for each that the map has not drawn, and a card with the text of
//! the nearest one while the player stands on its tile or beside it.

use egui::{
    Align2, Area, Color32, Context, Frame, Id, Margin, Mesh, Order, Painter, Rect, RichText, Shape, Stroke, vec2,
};
use tilemud_schema::rest::Sign;

use super::camera::Viewport;
use super::theme;
use crate::game::Game;

/// Widest card, points.
const CARD_WIDTH: f32 = 280.0;
/// How far above the tile of whoever reads the card ends: tiles up to their head, and points for
/// their name.
const HEAD_TILES: f32 = 0.66;
const NAME_HEIGHT: f32 = 24.0;
/// Its inks and its paper, and the wood of a post.
const TITLE: Color32 = Color32::from_rgb(142, 64, 40);
const INK: Color32 = Color32::from_rgb(46, 34, 26);
const PAPER: Color32 = Color32::from_rgb(244, 230, 200);
const WOOD: Color32 = Color32::from_rgb(156, 108, 64);
const BARK: Color32 = Color32::from_rgb(88, 58, 38);

/// What a post is drawn of: left, top, width and height in pixels of its tile.
const POST: [((f32, f32, f32, f32), Color32); 5] = [
    ((7.0, 8.0, 2.0, 7.0), BARK),
    ((2.0, 2.0, 12.0, 7.0), BARK),
    ((3.0, 3.0, 10.0, 5.0), WOOD),
    ((4.0, 4.0, 8.0, 1.0), BARK),
    ((4.0, 6.0, 6.0, 1.0), BARK),
];

/// Draws the posts that the map has not drawn, in this light.
pub fn posts(painter: &Painter, game: &Game, viewport: &Viewport, light: Color32) {
    let Some(terrain) = game.assets().terrain() else { return };
    let (left, top, right, bottom) = viewport.visible();
    let mut mesh = Mesh::default();
    for sign in terrain.map().signs.iter().filter(|sign| !sign.drawn) {
        if !(left..=right).contains(&sign.x) || !(top..=bottom).contains(&sign.y) {
            continue;
        }
        let (corner, pixel) = (viewport.tile_rect(sign.x, sign.y).min, viewport.pixel());
        for ((x, y, width, height), color) in POST {
            let rect = Rect::from_min_size(corner + vec2(x, y) * pixel, vec2(width, height) * pixel);
            mesh.add_colored_rect(rect, color * light);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// The sign that the player reads.
fn at_hand(game: &Game) -> Option<(&Sign, (f64, f64))> {
    let (x, y) = game.own_motion()?.at();
    let (column, row) = (x.round() as i32, y.round() as i32);
    let far = |sign: &&Sign| (sign.x.abs_diff(column), sign.y.abs_diff(row));
    let near = game.assets().terrain()?.map().signs.iter().filter(|sign| far(sign).0 <= 1 && far(sign).1 <= 1);
    let nearest = near.min_by_key(|sign| (far(sign).0 + far(sign).1, sign.y, sign.x))?;
    Some((nearest, (x, y)))
}

/// Shows the text of the sign at hand, above it and whoever reads it.
pub fn card(ctx: &Context, game: &Game, viewport: &Viewport) {
    let Some((sign, (_, y))) = at_hand(game) else { return };
    let top = viewport.place(f64::from(sign.x) + 0.5, y.min(f64::from(sign.y)));
    let place = top - vec2(0.0, HEAD_TILES * viewport.tile + NAME_HEIGHT);
    let area = Area::new(Id::unique("sign")).order(Order::Middle).interactable(false);
    let area = area.pivot(Align2::CENTER_BOTTOM).fixed_pos(place);
    area.constrain_to(ctx.content_rect().shrink(6.0)).show(ctx, |ui| {
        let frame = Frame::new().fill(PAPER).stroke(Stroke::new(2.0, BARK)).corner_radius(6);
        frame.shadow(theme::panel().shadow).inner_margin(Margin::symmetric(14, 9)).show(ui, |ui| {
            ui.set_max_width(CARD_WIDTH);
            ui.spacing_mut().item_spacing.y = 3.0;
            if !sign.name.is_empty() {
                ui.label(RichText::new(&sign.name).size(17.0).color(TITLE));
            }
            ui.label(RichText::new(&sign.text).color(INK));
        });
    });
}
