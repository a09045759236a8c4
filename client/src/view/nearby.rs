//! The top right corner: the small map, and who else is around.

use egui::{Align2, Area, Id, Order, RichText, vec2};

use super::camera::Viewport;
use super::chat::quiet;
use super::figures::RECONNECTING;
use super::minimap::Minimap;
use super::theme;
use crate::game::{Game, Neighbour};

/// Narrower screens have no room for the map beside the pill, points.
const NARROW: f32 = 480.0;
const NAMES_MAX: usize = 6;

/// Draws map and names.
pub fn show(ctx: &egui::Context, game: &Game, minimap: &Minimap, viewport: &Viewport) {
    let others = game.nearby();
    if minimap.hidden && others.is_empty() {
        return;
    }
    // Below the pill where there is no room beside it.
    let top = if ctx.content_rect().width() < NARROW { 58.0 } else { 12.0 };
    Area::new(Id::unique("nearby")).order(Order::Middle).anchor(Align2::RIGHT_TOP, vec2(-12.0, top)).show(ctx, |ui| {
        theme::panel().inner_margin(egui::Margin::symmetric(8, 8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            minimap.show(ui, game, viewport);
            if others.is_empty() {
                return;
            }
            ui.label(quiet("Nearby").small());
            for Neighbour { name, tiles, away } in others.iter().take(NAMES_MAX) {
                ui.horizontal(|ui| {
                    ui.label(if *away { quiet(&**name) } else { RichText::new(&**name) });
                    ui.label(quiet(match tiles {
                        _ if *away => RECONNECTING.to_owned(),
                        0 | 1 => "here".to_owned(),
                        tiles => format!("{tiles} steps"),
                    }));
                });
            }
            if others.len() > NAMES_MAX {
                ui.label(quiet(format!("and {} more", others.len() - NAMES_MAX)));
            }
        });
    });
}
