//! The own character: look, health, counts, camp. C or a click on the name opens it.

use egui::{Align, Align2, Area, Grid, Id, Image, Layout, Order, RichText, Sense, Ui, vec2};
use tilemud_schema::{CharacterState, Direction, Position};

use super::badge::heart;
use super::chat::quiet;
use super::sheet::{Pictures, Pose};
use super::theme;
use crate::game::Game;

/// Width of the panel, points.
const WIDTH: f32 = 196.0;
/// How much larger than life it is shown.
const SCALE: f32 = 2.0;
/// Full health, as the bar shows it.
const HEALTH_MAX: f32 = 100.0;
const BAR_HEIGHT: f32 = 7.0;

/// Draws the panel.
pub fn show(ctx: &egui::Context, game: &Game, pictures: &Pictures) {
    let own = &game.surroundings().own;
    // Below the pill.
    let area = Area::new(Id::unique("character")).order(Order::Middle).anchor(Align2::LEFT_TOP, vec2(12.0, 56.0));
    area.show(ctx, |ui| {
        theme::panel().show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.horizontal(|ui| {
                portrait(ui, game, pictures);
                ui.vertical(|ui| {
                    ui.add_space(8.0);
                    ui.label(RichText::new(game.session().name()).size(18.0).color(theme::LAMP));
                    ui.horizontal(|ui| health(ui, own.health));
                });
            });
            ui.add_space(4.0);
            ui.separator();
            Grid::new("done").num_columns(2).spacing(vec2(10.0, 3.0)).show(ui, |ui| {
                for (number, what) in done(own) {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.set_min_width(64.0);
                        ui.label(RichText::new(number).color(theme::PAPER));
                    });
                    ui.label(quiet(what));
                    ui.end_row();
                }
            });
            ui.separator();
            ui.label(quiet(camp(own.camp, game.predicted())).small());
        });
    });
}

/// What it has done and what it is called good at, as numbers and words.
fn done(own: &CharacterState) -> Vec<(String, String)> {
    let stats = &own.stats;
    let counted = [
        (stats.steps, "step walked", "steps walked"),
        (stats.messages, "message said", "messages said"),
        (stats.deaths, "death", "deaths"),
        (stats.gifts_given, "present given", "presents given"),
    ];
    let counted = counted.map(|(count, one, many)| (grouped(count), if count == 1 { one } else { many }.to_owned()));
    let named = stats.named.iter().map(|(name, number)| (number.to_string(), name.replace('_', " ")));
    counted.into_iter().chain(named).collect()
}

/// A number with a narrow gap between thousands.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// How to find back to the camp.
fn camp(camp: Option<Position>, at: Option<Position>) -> String {
    let (Some(camp), Some(at)) = (camp, at) else { return "No camp yet: sit down where you like it.".to_owned() };
    let (east, south) = (camp.x - at.x, camp.y - at.y);
    let steps = east.unsigned_abs() + south.unsigned_abs();
    let down = ["north", "", "south"][(south.signum() + 1) as usize];
    let across = ["west", "", "east"][(east.signum() + 1) as usize];
    let gap = if east != 0 && south != 0 { "-" } else { "" };
    match steps {
        0 => "You are at your camp.".to_owned(),
        1 => format!("Your camp is 1 step {down}{across}."),
        _ => format!("Your camp is {steps} steps {down}{gap}{across}."),
    }
}

fn portrait(ui: &mut Ui, game: &Game, pictures: &Pictures) {
    let own = game.session().entity_id().and_then(|id| game.surroundings().entities.get(&id));
    let size = pictures.frame_size() * SCALE;
    egui::Frame::new().fill(theme::WELL).corner_radius(8).inner_margin(6).show(ui, |ui| match own {
        Some(entity) => {
            let frame = pictures.frame(entity, Pose { facing: Direction::South, stride: None });
            // One of the world's own has its own shape, and no more room.
            let size = frame.size * (size / frame.size).min_elem();
            ui.add(Image::new((frame.texture, size)).uv(frame.uv).fit_to_exact_size(size));
        }
        None => drop(ui.allocate_space(size)),
    });
}

fn health(ui: &mut Ui, points: i32) {
    heart(ui);
    let (bar, _) = ui.allocate_exact_size(vec2(64.0, BAR_HEIGHT), Sense::hover());
    let full = (points as f32 / HEALTH_MAX).clamp(0.0, 1.0);
    ui.painter().rect_filled(bar, 3, theme::WELL);
    ui.painter().rect_filled(bar.with_max_x(bar.left() + bar.width() * full), 3, theme::EMBER);
    ui.label(quiet(points.to_string()).small());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1\u{2009}000", "1\u{2009}234\u{2009}567"]);
    }

    #[test]
    fn the_way_to_the_camp_is_told_in_steps_and_by_the_compass() {
        let at = |x, y| Some(Position { x, y });
        let way = |x, y| camp(at(x, y), at(5, 5));
        assert_eq!(way(5, 5), "You are at your camp.");
        assert_eq!(way(5, 4), "Your camp is 1 step north.");
        assert_eq!(way(8, 7), "Your camp is 5 steps south-east.");
        assert_eq!(way(1, 5), "Your camp is 4 steps west.");
        assert!(camp(None, at(1, 1)).starts_with("No camp yet"));
    }
}
