//! The diagnostics overlay (F3): how the connection and the client are doing (T083).

use egui::{Align2, Area, Grid, Id, Order, Sense, Stroke, vec2};

use super::chat::quiet;
use super::theme;
use crate::diagnostics::RoundTrips;
use crate::game::Game;

/// Height of the screen at which the overlay finds room below the map, points.
pub const ROOM: f32 = 680.0;

/// Draws the overlay at the right edge.
pub fn show(ctx: &egui::Context, game: &mut Game) {
    let now_s = game.now_s();
    let (tick, entities) = (game.surroundings().tick, game.surroundings().entities.len());
    let (unanswered, reconnects) = (game.session().outbox().len(), game.session().reconnects());
    let state = game.state().name();
    let at = game.confirmed();
    let diagnostics = game.diagnostics();
    let inbound = diagnostics.inbound.per_second(now_s);
    let outbound = diagnostics.outbound.per_second(now_s);
    let (drawn, _) = diagnostics.drawn.per_second(now_s);
    let diagnostics = diagnostics.clone();
    Area::new(Id::unique("diagnostics"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, vec2(-12.0, -12.0))
        .show(ctx, |ui| {
            theme::panel().show(ui, |ui| {
                ui.set_width(250.0);
                ui.label(egui::RichText::new("Diagnostics").color(theme::LAMP));
                trips(ui, "Heartbeat", &diagnostics.heartbeat);
                trips(ui, "Action, durable", &diagnostics.action);
                Grid::new("numbers").num_columns(2).min_col_width(120.0).spacing(vec2(8.0, 1.0)).show(ui, |ui| {
                    let mut row = |name: &str, value: String| {
                        ui.label(quiet(name).small());
                        ui.label(egui::RichText::new(value).monospace());
                        ui.end_row();
                    };
                    row("State", state.to_owned());
                    row("Tick", tick.to_string());
                    row("Position", at.map_or("-".to_owned(), |at| format!("{}, {}", at.x, at.y)));
                    row("Entities", entities.to_string());
                    row("Unanswered", unanswered.to_string());
                    row("In", format!("{}/s {}", inbound.0, bytes(inbound.1)));
                    row("Out", format!("{}/s {}", outbound.0, bytes(outbound.1)));
                    row("Frames drawn", format!("{drawn}/s"));
                    row("Reconnects", reconnects.to_string());
                    row("Gaps, unreadable", format!("{}, {}", diagnostics.gaps, diagnostics.unreadable));
                    row("Version", tilemud_schema::version().to_owned());
                });
            });
        });
}

fn bytes(per_second: u64) -> String {
    match per_second {
        0..1_024 => format!("{per_second} B"),
        _ => format!("{:.1} KiB", per_second as f64 / 1_024.0),
    }
}

fn trips(ui: &mut egui::Ui, name: &str, trips: &RoundTrips) {
    let show = |ms: Option<f64>| ms.map_or("-".to_owned(), |ms| format!("{ms:.0}"));
    let numbers = [trips.last_ms(), trips.quantile_ms(0.5), trips.quantile_ms(0.95)].map(show);
    ui.horizontal(|ui| {
        ui.label(quiet(name).small());
        ui.label(egui::RichText::new(numbers.join(" / ")).monospace());
        ui.label(quiet("ms last/p50/p95").small());
    });
    let (rect, _) = ui.allocate_exact_size(vec2(250.0, 22.0), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, 4, theme::WELL);
    let series: Vec<f64> = trips.series_ms().collect();
    let top = series.iter().copied().fold(20.0, f64::max);
    let points = series
        .iter()
        .enumerate()
        .map(|(index, ms)| {
            let x = rect.right() - 2.0 - (series.len() - 1 - index) as f32 * (rect.width() - 4.0) / 119.0;
            egui::pos2(x, rect.bottom() - 2.0 - (ms / top) as f32 * (rect.height() - 4.0))
        })
        .collect();
    painter.line(points, Stroke::new(1.5, theme::MOSS));
}
