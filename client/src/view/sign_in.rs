//! The first screen: the title over the world, a name, and the server's ways to sign in, or why
//! there is none.

use egui::{Align2, Area, Id, Key, Order, RichText, TextEdit, vec2};
use tilemud_schema::limits::DISPLAY_NAME_CHARS_MAX;

use super::chat::{name_widget, quiet};
use super::command::UiCommand;
use super::{badge, theme, title};
use crate::game::Game;
use crate::session::SessionState;

/// Time before it is shown that the server's answer is waited for, seconds.
const QUIET_S: f64 = 0.7;

pub struct SignIn {
    name: String,
    focus: bool,
}

impl SignIn {
    /// A form holding `name`.
    #[must_use]
    pub fn new(name: String) -> Self {
        Self { name, focus: true }
    }

    /// What stands in it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Draws title and form.
    pub fn show(&mut self, ctx: &egui::Context, game: &Game, state: &SessionState, commands: &mut Vec<UiCommand>) {
        let screen = ctx.content_rect();
        let pixel = (screen.width() / 70.0).min(screen.height() / 42.0).clamp(3.0, 14.0).floor();
        let size = title::size(pixel);
        let top = screen.center().y - size.y - 110.0 + (game.now_s() * 1.1).sin() as f32 * 3.0;
        let painter = ctx.layer_painter(egui::LayerId::new(Order::Middle, Id::unique("title")));
        title::paint(&painter, egui::pos2(screen.center().x - size.x / 2.0, top.max(24.0)), pixel, game.now_s());

        Area::new(Id::unique("sign in")).order(Order::Foreground).anchor(Align2::CENTER_CENTER, vec2(0.0, 50.0)).show(
            ctx,
            |ui| {
                theme::panel().inner_margin(26).show(ui, |ui| {
                    ui.set_width(300.0);
                    ui.vertical_centered(|ui| match state {
                        SessionState::SignIn { problem } => self.form(ui, game, problem.as_deref(), commands),
                        other => {
                            self.focus = true;
                            badge::card(ui, game, other, commands);
                        }
                    });
                });
            },
        );
        let version = quiet(format!("version {}", tilemud_schema::version())).small();
        Area::new(Id::unique("version"))
            .anchor(Align2::RIGHT_BOTTOM, vec2(-14.0, -10.0))
            .show(ctx, |ui| ui.label(version));
    }

    fn form(&mut self, ui: &mut egui::Ui, game: &Game, problem: Option<&str>, commands: &mut Vec<UiCommand>) {
        ui.label(RichText::new("A small world, shared by everyone in it.").color(theme::MIST));
        ui.add_space(10.0);
        let offers = game.offers();
        let host = offers.provider_host();
        if let Some(known) = offers.known()
            && host.is_none()
            && !known.development
        {
            return if known.provider_unavailable {
                slot(ui, |ui| ui.spinner());
                ui.label(quiet("The sign-in service does not answer yet. Trying again ..."));
            } else {
                let text = "This server has no way for players to sign in. Its operator can open one.";
                ui.label(RichText::new(text).color(theme::RUST));
            };
        }

        let entered = self.name_field(ui);
        if host.is_some() {
            ui.label(quiet("Been here before? Your character keeps its name.").small());
        }
        ui.add_space(8.0);
        let Some(known) = offers.known() else {
            // As large as the button that comes here, so that nothing moves under the player's
            // hand.
            self.focus |= entered;
            if offers.is_unreachable() {
                slot(ui, |ui| {
                    ui.label(RichText::new("The server cannot be reached.\nTrying again ...").color(theme::RUST))
                });
            } else {
                // Most servers answer before anyone could read that they are asked.
                let late = game.now_s() > QUIET_S;
                slot(ui, |ui| if late { ui.spinner() } else { ui.label("") });
            }
            return;
        };
        let name = self.name.trim().to_owned();
        if let Some(host) = host {
            let clicked = wide(ui, theme::primary(&format!("Sign in with {host}"))).clicked();
            if clicked || entered {
                commands.push(UiCommand::SignInAtProvider(name.clone()));
            }
        }
        if known.development {
            // Never disabled: a click that comes in the same frame as the typed name must count.
            let clicked = match host {
                None => wide(ui, theme::primary("Enter the world")).clicked() || entered,
                Some(_) => {
                    ui.add_space(4.0);
                    wide(ui, egui::Button::new("Enter by name alone")).clicked()
                }
            };
            if clicked && !name.is_empty() {
                commands.push(UiCommand::SignIn(name));
            } else if clicked {
                self.focus = true;
            }
        }
        if let Some(problem) = problem {
            ui.add_space(6.0);
            ui.label(RichText::new(problem).color(theme::EMBER));
        }
    }

    /// True when Enter was pressed in it.
    fn name_field(&mut self, ui: &mut egui::Ui) -> bool {
        let edit = TextEdit::singleline(&mut self.name)
            .id(Id::unique("name input"))
            .hint_text("What shall we call you?")
            .char_limit(DISPLAY_NAME_CHARS_MAX)
            .font(egui::FontId::proportional(18.0))
            .margin(vec2(12.0, 9.0))
            .align(egui::Align2::CENTER_CENTER)
            .desired_width(280.0);
        let response = ui.add(edit);
        name_widget(ui.ctx(), response.id, "Your name");
        if std::mem::take(&mut self.focus) {
            response.request_focus();
        }
        response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
    }
}

fn wide(ui: &mut egui::Ui, button: egui::Button<'_>) -> egui::Response {
    ui.add(button.min_size(vec2(280.0, 42.0)).truncate())
}

/// Something in place of a wide button.
fn slot(ui: &mut egui::Ui, show: impl FnOnce(&mut egui::Ui) -> egui::Response) {
    let layout = egui::Layout::centered_and_justified(egui::Direction::TopDown);
    ui.allocate_ui_with_layout(vec2(280.0, 42.0), layout, show);
}
