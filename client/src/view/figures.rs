//! Figures in the world: people, creatures, items and doors, with their names and words.

use egui::{Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};
use tilemud_schema::{Entity, EntityKind};

use super::ambience::Ambience;
use super::camera::Viewport;
use super::sheet::{Pictures, Pose};
use super::{overhead, theme};
use crate::game::Game;

/// The note at a player whose connection is lost.
pub const RECONNECTING: &str = "reconnecting";

/// How much is left of the colour of such a player's figure.
const AWAY_OPACITY: f32 = 0.42;

/// Entities in drawing order: the northern ones first, so that the southern ones stand before them.
fn in_order(game: &Game) -> Vec<(&Entity, (f64, f64))> {
    let mut order: Vec<_> = game
        .surroundings()
        .entities
        .values()
        .filter_map(|entity| Some((entity, game.motion(entity.id)?.at())))
        .collect();
    let rank = |entity: &Entity| u8::from(matches!(entity.kind, EntityKind::Player | EntityKind::Npc));
    order.sort_by(|(a, a_at), (b, b_at)| a_at.1.total_cmp(&b_at.1).then(rank(a).cmp(&rank(b))).then(a.id.cmp(&b.id)));
    order
}

/// Draws every figure without words, in this light.
pub fn bodies(painter: &Painter, game: &Game, pictures: &Pictures, viewport: &Viewport, light: Color32) {
    let own = game.session().entity_id();
    // Whoever is farther north comes first, in whichever picture they are.
    let mut meshes: Vec<Mesh> = Vec::new();
    for (entity, (x, y)) in in_order(game) {
        let tile = Rect::from_min_size(viewport.place(x, y), Vec2::splat(viewport.tile));
        let Some(motion) = game.motion(entity.id) else { continue };
        let alive = matches!(entity.kind, EntityKind::Player | EntityKind::Npc);
        if alive {
            shadow(painter, tile, Some(entity.id) == own);
        }
        let pose = Pose { facing: motion.facing(), stride: motion.walking().then(|| motion.stride()) };
        // Feet stand a little above the lower edge of the tile; the head reaches into the one
        // above.
        let frame = pictures.frame(entity, pose);
        let size = frame.size * viewport.pixel();
        let lift = if alive { 2.0 * viewport.pixel() } else { 0.0 };
        let bob = if entity.kind == EntityKind::Item {
            (game.now_s() * 2.4 + x).sin() as f32 * viewport.pixel()
        } else {
            0.0
        };
        let corner = pos2(tile.center().x - size.x / 2.0, tile.bottom() - size.y - lift + bob);
        let mut last = meshes.pop().unwrap_or_else(|| Mesh::with_texture(frame.texture));
        if last.texture_id != frame.texture {
            meshes.push(std::mem::replace(&mut last, Mesh::with_texture(frame.texture)));
        }
        last.add_rect_with_uv(Rect::from_min_size(corner, size), frame.uv, tint(game, entity) * light);
        meshes.push(last);
    }
    // After all shadows.
    painter.extend(meshes.into_iter().map(Shape::mesh));
}

/// The tint of a figure: players who are away are transparent, a figure that was just hurt or
/// healed is coloured for a moment.
fn tint(game: &Game, entity: &Entity) -> Color32 {
    let color = match game.overhead().flash(entity.id, game.now_s()) {
        Some((number, strength)) => Color32::WHITE.lerp_to_gamma(overhead::health_color(number), strength),
        None => Color32::WHITE,
    };
    if entity.away == Some(true) { theme::fade(color, AWAY_OPACITY) } else { color }
}

fn shadow(painter: &Painter, rect: Rect, own: bool) {
    let center = pos2(rect.center().x, rect.bottom() - rect.height() * 0.06);
    let radius = vec2(rect.width() * 0.34, rect.height() * 0.13);
    painter.add(Shape::ellipse_filled(center, radius, Color32::from_black_alpha(80)));
    if own {
        let stroke = Stroke::new(2.0, theme::fade(theme::LAMP, 0.9));
        painter.add(Shape::ellipse_stroke(center, radius * 1.18, stroke));
    }
}

/// Draws names, and what is above a head for a time, over everything else in the world; not of
/// those whom a roof hides.
pub fn names_and_words(painter: &Painter, game: &Game, viewport: &Viewport, ambience: &Ambience) {
    let own = game.session().entity_id();
    let is_hidden = |x: f64, y: f64| {
        let terrain = game.assets().terrain();
        terrain.is_some_and(|terrain| ambience.hides(terrain, (x.round() as i32, y.round() as i32)))
    };
    for (entity, (x, y)) in in_order(game) {
        if !matches!(entity.kind, EntityKind::Player | EntityKind::Npc) {
            continue;
        }
        if Some(entity.id) != own && is_hidden(x, y) {
            continue;
        }
        let head = viewport.place(x + 0.5, y) - vec2(0.0, viewport.tile * 0.66);
        let color = match entity.kind {
            _ if Some(entity.id) == own => theme::LAMP,
            EntityKind::Npc => theme::SKY,
            _ if entity.away == Some(true) => theme::MIST,
            _ => theme::PAPER,
        };
        let note = (entity.away == Some(true)).then_some(RECONNECTING);
        let top = name_tag(painter, head, &entity.name, color, note);
        overhead::draw(painter, viewport.rect, head, top, game.overhead().above(entity.id), game.now_s());
    }
}

/// Draws a name centred above `at`, with a note in small letters below it, and returns its upper
/// edge.
fn name_tag(painter: &Painter, mut at: Pos2, name: &str, color: Color32, note: Option<&str>) -> f32 {
    if let Some(note) = note {
        let galley = painter.layout_no_wrap(note.to_owned(), FontId::proportional(10.5), theme::RUST);
        let rect = Align2::CENTER_BOTTOM.anchor_size(at, galley.size());
        painter.rect_filled(rect.expand2(vec2(5.0, 1.0)), 5, Color32::from_black_alpha(120));
        painter.galley(rect.min, galley, color);
        at.y = rect.top();
    }
    let galley = painter.layout_no_wrap(name.to_owned(), FontId::proportional(13.0), color);
    let rect = Align2::CENTER_BOTTOM.anchor_size(at, galley.size());
    painter.rect_filled(rect.expand2(vec2(5.0, 1.0)), 5, Color32::from_black_alpha(120));
    painter.galley(rect.min, galley, color);
    rect.top() - 1.0
}
