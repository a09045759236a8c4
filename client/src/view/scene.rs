//! The world: ground, structures, figures, canopy, and what lies over them. Only tiles on the screen
//! are drawn, one mesh per layer.

use egui::{Color32, Mesh, Rect, Sense, Shape, Stroke, StrokeKind, vec2};

use super::camera::Lens;
use super::sheet::{Pictures, tile_uv};
use super::{UiCommand, figures, theme};
use crate::game::Game;
use crate::world::map::ChangedTiles;

/// How near the player the canopy becomes see-through, tiles.
const SEE_THROUGH_TILES: f64 = 2.0;

/// Draws the world around the player and turns clicks into ways.
pub fn show(ui: &mut egui::Ui, game: &Game, pictures: &Pictures, lens: &Lens, commands: &mut Vec<UiCommand>) {
    let response = ui.interact(lens.rect, ui.scope_id().with("world"), Sense::click());
    let painter = ui.painter().clone();
    let changed = &game.surroundings().tiles;
    ground(&painter, game, pictures, lens, changed);

    if let Some(pointer) = response.hover_pos() {
        let (x, y) = lens.tile_at(pointer);
        if game.walkable(x, y) {
            let color = theme::fade(Color32::WHITE, 0.25);
            painter.rect_stroke(lens.tile_rect(x, y), 3, Stroke::new(1.5, color), StrokeKind::Inside);
        }
        if response.clicked() {
            commands.push(UiCommand::WalkTo((x, y)));
        }
    }
    if let Some((x, y)) = game.goal() {
        let pulse = 0.5 + 0.5 * (game.now_s() * 6.0).sin() as f32;
        let rect = lens.tile_rect(x, y).shrink(lens.tile * (0.12 + 0.06 * pulse));
        painter.rect_stroke(rect, 4, Stroke::new(2.0, theme::fade(theme::LAMP, 0.85)), StrokeKind::Inside);
    }

    figures::bodies(&painter, game, pictures, lens);
    canopy(&painter, game, pictures, lens, game.own_motion().map(|motion| motion.at()));
    figures::names_and_words(&painter, game, lens);
    vignette(&painter, lens.rect, 0.75);
}

/// Draws the world behind the sign-in form, dimmed.
pub fn backdrop(ui: &egui::Ui, game: &Game, pictures: &Pictures, lens: &Lens) {
    let painter = ui.painter();
    painter.rect_filled(lens.rect, 0, theme::NIGHT);
    ground(painter, game, pictures, lens, &ChangedTiles::new());
    canopy(painter, game, pictures, lens, None);
    painter.rect_filled(lens.rect, 0, theme::fade(theme::NIGHT, 0.5));
    vignette(painter, lens.rect, 0.95);
}

fn ground(painter: &egui::Painter, game: &Game, pictures: &Pictures, lens: &Lens, changed: &ChangedTiles) {
    let (Some(terrain), Some(texture)) = (game.assets().terrain(), pictures.tiles()) else { return };
    let (left, top, right, bottom) = lens.visible();
    let mut low = Mesh::with_texture(texture.id());
    let mut high = Mesh::with_texture(texture.id());
    let mut glitter = Mesh::default();
    let tileset = &terrain.map().tileset;
    for y in top..=bottom {
        for x in left..=right {
            let (under, tile) = (terrain.ground(x, y), terrain.tile(x, y, changed));
            let rect = lens.tile_rect(x, y);
            if let Some(uv) = tile_uv(tileset, texture.size(), under) {
                low.add_rect_with_uv(rect, uv, Color32::WHITE);
            }
            if tile != under
                && let Some(uv) = tile_uv(tileset, texture.size(), tile)
            {
                high.add_rect_with_uv(rect, uv, Color32::WHITE);
            }
            if terrain.is_liquid(tile) {
                glint(&mut glitter, lens, (x, y), game.now_s());
            }
        }
    }
    painter.add(Shape::mesh(low));
    painter.add(Shape::mesh(high));
    painter.add(Shape::mesh(glitter));
}

/// A small highlight that comes and goes on a water tile, at its own time and place.
fn glint(mesh: &mut Mesh, lens: &Lens, (x, y): (i32, i32), now_s: f64) {
    let seed = (x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663)) as u32;
    let phase = f64::from(seed % 97) / 97.0;
    let wave = (now_s * 0.35 + phase).fract();
    let light = (1.0 - (wave - 0.5).abs() * 2.0 - 0.55).max(0.0) / 0.45;
    if light <= 0.0 {
        return;
    }
    let pixel = lens.pixel();
    let place = lens.tile_rect(x, y).min + vec2((seed / 7 % 9) as f32 + 1.0, (seed / 63 % 13) as f32 + 1.0) * pixel;
    let long = 3.0 + (seed / 819 % 3) as f32;
    let rect = Rect::from_min_size(place, vec2(long * pixel, pixel));
    mesh.add_colored_rect(rect, theme::fade(Color32::WHITE, 0.38 * light as f32));
}

fn canopy(painter: &egui::Painter, game: &Game, pictures: &Pictures, lens: &Lens, player: Option<(f64, f64)>) {
    let (Some(terrain), Some(texture)) = (game.assets().terrain(), pictures.tiles()) else { return };
    let (left, top, right, bottom) = lens.visible();
    let mut mesh = Mesh::with_texture(texture.id());
    for y in top..=bottom {
        for x in left..=right {
            let Some(uv) = tile_uv(&terrain.map().tileset, texture.size(), terrain.canopy(x, y)) else { continue };
            let opacity = player.map_or(1.0, |(px, py)| {
                let far = (f64::from(x) - px).hypot(f64::from(y) - py + 0.5);
                ((far - 1.0) / (SEE_THROUGH_TILES - 1.0)).clamp(0.35, 1.0)
            });
            mesh.add_rect_with_uv(lens.tile_rect(x, y), uv, theme::fade(Color32::WHITE, opacity as f32));
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// Darkens the screen's edges softly: a coarse grid whose corners are dark and whose middle is clear.
fn vignette(painter: &egui::Painter, rect: Rect, strength: f32) {
    const CELLS: u32 = 12;
    let mut mesh = Mesh::default();
    for row in 0..=CELLS {
        for column in 0..=CELLS {
            let (u, v) = (column as f32 / CELLS as f32, row as f32 / CELLS as f32);
            let far = (u * 2.0 - 1.0).hypot(v * 2.0 - 1.0) / 2.0_f32.sqrt();
            let dark = ((far - 0.45) / 0.55).clamp(0.0, 1.0).powi(2) * strength;
            mesh.colored_vertex(rect.lerp_inside(vec2(u, v)), theme::fade(theme::NIGHT, dark));
            if row < CELLS && column < CELLS {
                let corner = row * (CELLS + 1) + column;
                mesh.add_triangle(corner, corner + 1, corner + CELLS + 1);
                mesh.add_triangle(corner + 1, corner + CELLS + 2, corner + CELLS + 1);
            }
        }
    }
    painter.add(Shape::mesh(mesh));
}
