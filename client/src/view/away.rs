//! The screen while the player is at the provider: the provider's host, and the address for when no
//! browser has opened.

use egui::{RichText, TextEdit};

use super::chat::{name_widget, quiet};
use super::command::UiCommand;
use super::theme;
use crate::game::Game;

/// How long the button says that the address was copied, seconds.
const SAID_S: f64 = 2.5;

/// Title, explanation and what the player can do.
pub fn card(ui: &mut egui::Ui, game: &Game, commands: &mut Vec<UiCommand>) {
    let session = game.session();
    let host = session.provider_host().unwrap_or("the provider");
    if cfg!(target_arch = "wasm32") {
        // The page is about to go away, so there is nothing to decide.
        ui.label(RichText::new(format!("Off to {host} ...")).heading().color(theme::SKY));
        ui.add_space(8.0);
        ui.spinner();
        return back(ui, commands);
    }
    let by_hand = session.has_no_browser();
    ui.label(RichText::new(format!("Sign in at {host}")).heading().color(theme::SKY));
    ui.add_space(2.0);
    ui.label(if by_hand {
        "Open this address in a browser. The game goes on when you are done there."
    } else {
        "Your browser shows the page. The game goes on when you are done there."
    });
    ui.add_space(8.0);
    if let Some(page) = session.provider_page() {
        if by_hand {
            let field = ui.add(TextEdit::singleline(&mut page.as_str()).desired_width(f32::INFINITY));
            name_widget(ui.ctx(), field.id, "Address of the sign-in");
            ui.add_space(4.0);
        } else {
            ui.spinner();
        }
        copy_button(ui, game.now_s(), by_hand, page);
    }
    back(ui, commands);
}

fn copy_button(ui: &mut egui::Ui, now_s: f64, is_needed: bool, page: String) {
    let said = ui.scope_id().with("copied");
    let fresh = ui.data(|data| data.get_temp::<f64>(said)).is_some_and(|at_s| now_s - at_s < SAID_S);
    let label = if fresh { "Copied" } else { "Copy the address" };
    let button = if is_needed { theme::primary(label) } else { egui::Button::new(quiet(label).small()).frame(false) };
    if ui.add(button).clicked() {
        ui.ctx().copy_text(page);
        ui.data_mut(|data| data.insert_temp(said, now_s));
    }
}

/// The way to the sign-in form.
pub fn back(ui: &mut egui::Ui, commands: &mut Vec<UiCommand>) {
    if ui.add(egui::Button::new(quiet("Back to sign-in").small()).frame(false)).clicked() {
        commands.push(UiCommand::Leave);
    }
}
