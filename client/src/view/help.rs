//! The help card (F1 or ?).

use egui::{Align2, Area, Grid, Id, Order, Slider, vec2};

use super::chat::quiet;
use super::{UiCommand, theme, wheel};
use crate::gestures::Gesture;

const KEYS: [(&str, &str); 12] = [
    ("Arrows, or W A S D by place", "walk"),
    ("Click", "walk there"),
    ("E, click", "take, open or close what is near"),
    ("I", "show or hide what you carry"),
    ("C, or click your name", "show or hide your character"),
    ("Enter", "speak; Esc to stop"),
    ("/z words", "speak to the whole zone"),
    ("/w name words", "whisper"),
    ("M", "show or hide the map"),
    ("N", "sound and music on or off"),
    ("F3", "diagnostics"),
    ("F1, ?", "this help"),
];

/// Draws the card; any way of closing it sets `open` to false.
pub fn show(
    ctx: &egui::Context,
    gestures: &[Gesture],
    open: &mut bool,
    (sound_on, music_percent): (&mut bool, &mut u8),
    commands: &mut Vec<UiCommand>,
) {
    let area = Area::new(Id::unique("help")).order(Order::Foreground).anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0));
    area.show(ctx, |ui| {
        theme::panel().fill(theme::PANEL).inner_margin(22).show(ui, |ui| {
            ui.label(egui::RichText::new("How to play").heading().color(theme::LAMP));
            ui.add_space(4.0);
            Grid::new("keys").num_columns(2).spacing(vec2(24.0, 2.0)).show(ui, |ui| {
                let keys = KEYS.map(|(keys, meaning)| (keys.to_owned(), meaning.to_owned()));
                for (keys, meaning) in keys.into_iter().chain(wheel::help(gestures)) {
                    ui.label(keys);
                    ui.label(quiet(meaning));
                    ui.end_row();
                }
            });
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if ui.button("Close").clicked() {
                    *open = false;
                }
                if ui.checkbox(sound_on, "Sound").changed() {
                    commands.push(UiCommand::Sound(*sound_on));
                }
                let slider = Slider::new(music_percent, 0..=100).text("Music").suffix(" %");
                if ui.add_enabled(*sound_on, slider).changed() {
                    commands.push(UiCommand::Music(*music_percent));
                }
            });
        });
    });
    if ctx.input(|input| input.key_pressed(egui::Key::Escape)) {
        *open = false;
    }
}
