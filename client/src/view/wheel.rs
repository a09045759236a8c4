//! The wheel of gestures around the player: opened by its key or button, closed by a choice, the
//! key, or Esc. Digits make a gesture without it. Without gestures there is no wheel.

use std::f32::consts::TAU;

use egui::{Align2, Area, Id, Key, Order, RichText, TextWrapMode, Vec2, vec2};

use super::camera::Viewport;
use super::{UiCommand, chat, theme};
use crate::game::Game;
use crate::gestures::Gesture;

const DIGITS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// From the middle of the wheel to its buttons, points.
const RADIUS: f32 = 92.0;
/// Edge of a button, points: large enough for a finger.
const BUTTON: f32 = 52.0;

/// The wheel.
#[derive(Debug, Default)]
pub struct Wheel {
    gestures: Vec<Gesture>,
    open: bool,
}

impl Wheel {
    /// A closed wheel.
    pub fn new(gestures: Vec<Gesture>) -> Self {
        Self { gestures, open: false }
    }

    /// What is on it.
    pub fn gestures(&self) -> &[Gesture] {
        &self.gestures
    }

    /// Reads the keys that went down in this frame.
    pub fn press(&mut self, pressed: &[Key], game: &Game, commands: &mut Vec<UiCommand>) {
        if !game.session().can_act() || self.gestures.is_empty() {
            self.open = false;
            return;
        }
        self.open ^= pressed.contains(&Key::G);
        self.open &= !pressed.contains(&Key::Escape);
        for (gesture, _) in self.gestures.iter().zip(DIGITS).filter(|(_, digit)| pressed.contains(digit)) {
            self.open = false;
            commands.push(UiCommand::Want(gesture.intent.clone()));
        }
    }

    /// Draws the opening button, and the wheel if it is open.
    pub fn show(&mut self, ctx: &egui::Context, game: &Game, viewport: &Viewport, commands: &mut Vec<UiCommand>) {
        if !game.session().can_act() || self.gestures.is_empty() {
            return;
        }
        self.opener(ctx);
        let Some((x, y)) = game.own_motion().map(|motion| motion.at()).filter(|_| self.open) else { return };
        // Away from the edges, so that all of it can be reached.
        let room = ctx.content_rect().shrink(RADIUS + BUTTON / 2.0 + 8.0);
        let center = room.clamp(viewport.place(x + 0.5, y + 0.5));
        let turn = TAU / self.gestures.len() as f32;
        for (index, (gesture, digit)) in self.gestures.iter().zip(DIGITS).enumerate() {
            // The first one is at the top; the others follow clockwise.
            let place = center + RADIUS * Vec2::angled(turn * index as f32 - TAU / 4.0);
            let area = Area::new(Id::unique(("wheel", index))).order(Order::Foreground).fixed_pos(place);
            area.pivot(Align2::CENTER_CENTER).show(ctx, |ui| {
                let mut face = egui::text::LayoutJob::default();
                let font = |size| egui::FontId::proportional(size);
                face.append(gesture.sign, 0.0, egui::TextFormat::simple(font(17.0), theme::LAMP));
                face.append(digit.symbol_or_name(), 3.0, egui::TextFormat::simple(font(10.5), theme::MIST));
                ui.spacing_mut().button_padding = vec2(2.0, 2.0);
                let button = egui::Button::new(face)
                    .fill(theme::fade(theme::PANEL, 0.95))
                    .corner_radius(26)
                    .wrap_mode(TextWrapMode::Extend);
                let response = ui.add_sized(Vec2::splat(BUTTON), button).on_hover_text(gesture.name);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, gesture.name));
                if response.clicked() {
                    self.open = false;
                    commands.push(UiCommand::Want(gesture.intent.clone()));
                }
            });
        }
    }

    fn opener(&mut self, ctx: &egui::Context) {
        // Beside the chat.
        let offset = vec2(12.0 + chat::width(ctx) + 8.0, -12.0);
        let area = Area::new(Id::unique("wheel opener")).order(Order::Middle).anchor(Align2::LEFT_BOTTOM, offset);
        area.show(ctx, |ui| {
            let sign = self.gestures.first().map_or("", |gesture| gesture.sign);
            let face = RichText::new(format!("{sign} G")).color(theme::PAPER);
            let button = egui::Button::new(face).fill(theme::fade(theme::PANEL, 0.93)).corner_radius(14);
            let response = ui.add(button);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Gestures"));
            self.open ^= response.clicked();
        });
    }
}

/// Keys and meanings for the help.
pub fn help(gestures: &[Gesture]) -> Vec<(String, String)> {
    if gestures.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = gestures.iter().map(|gesture| gesture.name.to_lowercase()).collect();
    let digits = format!("1 to {}", gestures.len().min(DIGITS.len()));
    vec![(format!("{digits}, G"), names.join(", "))]
}
