//! The world: ground, structures, figures, canopy, and what lies over them. Only tiles on the
//! screen are drawn, one mesh per layer.
//!
//! Without a graphics card a frame costs what its pixels cost, so each is painted as seldom as can
//! be: nothing fills or veils the whole screen, the light is in the tiles themselves.

use egui::{Color32, Mesh, Rect, Sense, Shape, Stroke, StrokeKind, pos2, vec2};

use super::ambience::{Ambience, DARK};
use super::camera::Viewport;
use super::command::UiCommand;
use super::sheet::Pictures;
use super::tiles::Layer;
use super::{figures, signs, theme};
use crate::game::Game;
use crate::world::map::ChangedTiles;

/// How near the player the canopy becomes see-through, tiles.
const SEE_THROUGH_TILES: f64 = 2.0;

/// Draws the world around the player and turns clicks into ways.
pub fn show(
    ui: &mut egui::Ui,
    game: &Game,
    pictures: &Pictures,
    viewport: &Viewport,
    ambience: &Ambience,
    commands: &mut Vec<UiCommand>,
) {
    let response = ui.interact(viewport.rect, ui.scope_id().with("world"), Sense::click());
    let painter = ui.painter().clone();
    let changed = &game.surroundings().tiles;
    let light = Light::new(viewport, ambience.darkness(), 0.75);
    ground(&painter, game, pictures, viewport, &light, changed);

    if let Some(pointer) = response.hover_pos() {
        let (x, y) = viewport.tile_at(pointer);
        let interaction = game.interaction_at((x, y));
        if interaction.is_some() {
            painter.rect_stroke(viewport.tile_rect(x, y), 3, Stroke::new(2.0, theme::LAMP), StrokeKind::Inside);
        } else if game.walkable(x, y) {
            let color = theme::fade(Color32::WHITE, 0.25);
            painter.rect_stroke(viewport.tile_rect(x, y), 3, Stroke::new(1.5, color), StrokeKind::Inside);
        }
        if response.clicked() {
            commands
                .push(interaction.map_or(UiCommand::WalkTo((x, y)), |interaction| UiCommand::Do(interaction.action)));
        }
    }
    if let Some((x, y)) = game.goal() {
        let pulse = 0.5 + 0.5 * (game.now_s() * 6.0).sin() as f32;
        let rect = viewport.tile_rect(x, y).shrink(viewport.tile * (0.12 + 0.06 * pulse));
        painter.rect_stroke(rect, 4, Stroke::new(2.0, theme::fade(theme::LAMP, 0.85)), StrokeKind::Inside);
    }

    signs::posts(&painter, game, viewport, ambience.tint());
    figures::bodies(&painter, game, pictures, viewport, ambience.tint());
    let player = game.own_motion().map(|motion| motion.at());
    canopy(&painter, game, pictures, viewport, &light, player.map(|at| (at, ambience)));
    figures::names_and_words(&painter, game, viewport, ambience);
}

/// Draws the world behind the sign-in form, dimmed.
pub fn backdrop(ui: &egui::Ui, game: &Game, pictures: &Pictures, viewport: &Viewport) {
    let light = Light::new(viewport, 0.5, 0.95);
    ground(ui.painter(), game, pictures, viewport, &light, &ChangedTiles::new());
    canopy(ui.painter(), game, pictures, viewport, &light, None);
}

fn ground(
    painter: &egui::Painter,
    game: &Game,
    pictures: &Pictures,
    viewport: &Viewport,
    light: &Light,
    changed: &ChangedTiles,
) {
    let (Some(terrain), Some(sheet)) = (game.assets().terrain(), pictures.tiles()) else { return };
    let (left, top, right, bottom) = viewport.visible();
    let tileset = &terrain.map().tileset;
    let (mut low, mut high) = (Layer::new(sheet, tileset), Layer::new(sheet, tileset));
    let mut glitter = Mesh::default();
    for y in top..=bottom {
        for x in left..=right {
            let (under, tile) = (terrain.ground(x, y), terrain.tile(x, y, changed));
            if let Some((mesh, uv)) = low.tile(terrain.shown(under, game.now_s())) {
                light.tile(mesh, viewport, (x, y), uv, 1.0);
            }
            if tile != under
                && let Some((mesh, uv)) = high.tile(terrain.shown(tile, game.now_s()))
            {
                light.tile(mesh, viewport, (x, y), uv, 1.0);
            }
            if terrain.is_liquid(tile) {
                glint(&mut glitter, viewport, (x, y), light.corner(x, y), game.now_s());
            }
        }
    }
    low.paint(painter);
    high.paint(painter);
    painter.add(Shape::mesh(glitter));
}

/// A small highlight that comes and goes on a water tile, at its own time and place.
fn glint(mesh: &mut Mesh, viewport: &Viewport, (x, y): (i32, i32), tint: Color32, now_s: f64) {
    let seed = (x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663)) as u32;
    let phase = f64::from(seed % 97) / 97.0;
    let wave = (now_s * 0.35 + phase).fract();
    let strength = (1.0 - (wave - 0.5).abs() * 2.0 - 0.55).max(0.0) / 0.45;
    if strength <= 0.0 {
        return;
    }
    let pixel = viewport.pixel();
    let place = viewport.tile_rect(x, y).min + vec2((seed / 7 % 9) as f32 + 1.0, (seed / 63 % 13) as f32 + 1.0) * pixel;
    let long = 3.0 + (seed / 819 % 3) as f32;
    let rect = Rect::from_min_size(place, vec2(long * pixel, pixel));
    mesh.add_colored_rect(rect, theme::fade(tint, 0.38 * strength as f32));
}

fn canopy(
    painter: &egui::Painter,
    game: &Game,
    pictures: &Pictures,
    viewport: &Viewport,
    light: &Light,
    player: Option<((f64, f64), &Ambience)>,
) {
    let (Some(terrain), Some(sheet)) = (game.assets().terrain(), pictures.tiles()) else { return };
    let (left, top, right, bottom) = viewport.visible();
    let mut layer = Layer::new(sheet, &terrain.map().tileset);
    for y in top..=bottom {
        for x in left..=right {
            let Some((mesh, uv)) = layer.tile(terrain.shown(terrain.canopy(x, y), game.now_s())) else { continue };
            let opacity = player.map_or(1.0, |((px, py), ambience)| {
                let far = (f64::from(x) - px).hypot(f64::from(y) - py + 0.5);
                ((far - 1.0) / (SEE_THROUGH_TILES - 1.0)).clamp(0.35, 1.0) as f32 * ambience.canopy((x, y))
            });
            if opacity > 0.0 {
                light.tile(mesh, viewport, (x, y), uv, opacity);
            }
        }
    }
    layer.paint(painter);
}

/// How the light falls: full in the middle of the screen, softly dark towards its edges. Known at
/// the corners of the tiles on the screen, which are tinted with it.
struct Light {
    left: i32,
    top: i32,
    columns: usize,
    tints: Vec<Color32>,
}

impl Light {
    /// `dim` is the darkness of the middle, `dim` and `edge` together that of the screen's corners,
    /// 0 to 1.
    fn new(viewport: &Viewport, dim: f32, edge: f32) -> Self {
        let (left, top, right, bottom) = viewport.visible();
        let (center, half) = (viewport.rect.center(), viewport.rect.size() / 2.0);
        let tint = |x: i32, y: i32| {
            let offset = viewport.place(f64::from(x), f64::from(y)) - center;
            let far = (offset.x / half.x).hypot(offset.y / half.y) / 2.0_f32.sqrt();
            let dark = ((far - 0.45) / 0.55).clamp(0.0, 1.0).powi(2) * edge;
            Color32::WHITE.lerp_to_gamma(DARK, 1.0 - (1.0 - dim) * (1.0 - dark))
        };
        let tints = (top..=bottom + 1).flat_map(|y| (left..=right + 1).map(move |x| (x, y)));
        // The right end is never left of the left one.
        let columns = (right - left + 2) as usize;
        Self { left, top, columns, tints: tints.map(|(x, y)| tint(x, y)).collect() }
    }

    /// The tint at the north-west corner of a tile on the screen.
    fn corner(&self, x: i32, y: i32) -> Color32 {
        let index = (y - self.top) as usize * self.columns + (x - self.left) as usize;
        self.tints.get(index).copied().unwrap_or(DARK)
    }

    /// Adds a tile to `mesh`.
    fn tile(&self, mesh: &mut Mesh, viewport: &Viewport, (x, y): (i32, i32), uv: Rect, opacity: f32) {
        let (rect, first) = (viewport.tile_rect(x, y), mesh.vertices.len() as u32);
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let pick = |area: &Rect| {
                pos2(if dx == 0 { area.left() } else { area.right() }, if dy == 0 { area.top() } else { area.bottom() })
            };
            let color = theme::fade(self.corner(x + dx, y + dy), opacity);
            mesh.vertices.push(egui::epaint::Vertex { pos: pick(&rect), uv: pick(&uv), color });
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 2, first + 1, first + 3);
    }
}
