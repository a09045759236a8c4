//! The session's state as the player sees it: a pill while all is well, a banner while something
//! heals by itself, a card over the dimmed world when the player must decide (FR-015).

use egui::{Align2, Area, Color32, Id, Order, RichText, Sense, vec2};

use super::chat::quiet;
use super::command::UiCommand;
use super::{away, theme};
use crate::game::Game;
use crate::session::{ConnectStep, EndReason, SessionState};

/// Shows the state; `in_world`: the world is behind it, not the sign-in form. A click on the name
/// toggles `character_open`.
pub fn show(
    ctx: &egui::Context,
    game: &Game,
    state: &SessionState,
    in_world: bool,
    character_open: &mut bool,
    commands: &mut Vec<UiCommand>,
) {
    pill(ctx, game, state, in_world, character_open, commands);
    if !in_world {
        return;
    }
    match state {
        SessionState::RetryLimitReached { .. }
        | SessionState::UpdateRequired { .. }
        | SessionState::AuthFailed { .. }
        | SessionState::SessionEnded { .. } => {
            let screen = ctx.content_rect();
            let veil = ctx.layer_painter(egui::LayerId::new(Order::Middle, Id::unique("veil")));
            veil.rect_filled(screen, 0, theme::fade(theme::NIGHT, 0.62));
            Area::new(Id::unique("card"))
                .order(Order::Foreground)
                .anchor(Align2::CENTER_CENTER, vec2(0.0, -20.0))
                .show(ctx, |ui| {
                    theme::panel().fill(theme::PANEL).inner_margin(24).show(ui, |ui| {
                        ui.set_width(340.0);
                        ui.vertical_centered(|ui| card(ui, game, state, commands));
                    });
                });
        }
        SessionState::Reconnecting { .. }
        | SessionState::Capacity { .. }
        | SessionState::Unavailable { .. }
        | SessionState::Connecting { .. } => {
            Area::new(Id::unique("banner")).order(Order::Foreground).anchor(Align2::CENTER_TOP, vec2(0.0, 56.0)).show(
                ctx,
                |ui| {
                    theme::panel().fill(theme::PANEL).inner_margin(18).show(ui, |ui| {
                        ui.set_width(320.0);
                        ui.vertical_centered(|ui| card(ui, game, state, commands));
                    });
                },
            );
        }
        SessionState::SignIn { .. } | SessionState::Active | SessionState::Degraded => {}
    }
}

/// Says that the world is not to be seen, and why.
pub fn warn(ctx: &egui::Context, problem: &str) {
    Area::new(Id::unique("no picture")).order(Order::Foreground).anchor(Align2::CENTER_BOTTOM, vec2(0.0, -90.0)).show(
        ctx,
        |ui| {
            theme::panel().fill(theme::PANEL).show(ui, |ui| {
                ui.set_width(320.0);
                ui.label(RichText::new(problem).color(theme::EMBER));
            });
        },
    );
}

/// The colour that stands for a state.
fn color(state: &SessionState) -> Color32 {
    match state {
        SessionState::Active => theme::MOSS,
        SessionState::Connecting { .. } | SessionState::SignIn { .. } => theme::SKY,
        SessionState::Degraded | SessionState::Reconnecting { .. } | SessionState::Capacity { .. } => theme::RUST,
        SessionState::Unavailable { .. }
        | SessionState::RetryLimitReached { .. }
        | SessionState::UpdateRequired { .. }
        | SessionState::AuthFailed { .. }
        | SessionState::SessionEnded { .. } => theme::EMBER,
    }
}

/// One or two words for the pill.
fn short(state: &SessionState, now_s: f64) -> String {
    match state {
        SessionState::SignIn { .. } => "Not signed in".to_owned(),
        SessionState::Connecting { .. } => "Connecting".to_owned(),
        SessionState::Active => "Online".to_owned(),
        SessionState::Degraded => "Degraded".to_owned(),
        SessionState::Unavailable { .. } => "World paused".to_owned(),
        SessionState::Reconnecting { retry_at_s: Some(at_s), .. } => {
            format!("Reconnecting in {} s", left(*at_s, now_s))
        }
        SessionState::Reconnecting { .. } => "Reconnecting".to_owned(),
        SessionState::RetryLimitReached { .. } => "Disconnected".to_owned(),
        SessionState::UpdateRequired { .. } => "Update required".to_owned(),
        SessionState::Capacity { .. } => "Server full".to_owned(),
        SessionState::AuthFailed { .. } => "Sign-in refused".to_owned(),
        SessionState::SessionEnded { .. } => "Session ended".to_owned(),
    }
}

fn left(at_s: f64, now_s: f64) -> u32 {
    (at_s - now_s).ceil().max(0.0) as u32
}

fn pill(
    ctx: &egui::Context,
    game: &Game,
    state: &SessionState,
    in_world: bool,
    character_open: &mut bool,
    commands: &mut Vec<UiCommand>,
) {
    if !in_world {
        return;
    }
    let session = game.session();
    let (color, text) = if session.is_stalled(game.now_s()) {
        (theme::RUST, "Waiting for the server".to_owned())
    } else if session.is_offline() {
        (theme::EMBER, format!("No network - {}", short(state, game.now_s())))
    } else {
        (color(state), short(state, game.now_s()))
    };
    let is_heard = !session.is_stalled(game.now_s());
    Area::new(Id::unique("pill")).order(Order::Foreground).anchor(Align2::LEFT_TOP, vec2(12.0, 12.0)).show(ctx, |ui| {
        theme::panel().inner_margin(egui::Margin::symmetric(12, 6)).corner_radius(16).show(ui, |ui| {
            ui.horizontal(|ui| {
                let (dot, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                ui.painter().circle_filled(dot.center(), 8.0, theme::fade(color, 0.22));
                ui.painter().circle_filled(dot.center(), 4.5, color);
                ui.label(RichText::new(text).color(theme::PAPER)).on_hover_text(state.name());
                if let (SessionState::Active | SessionState::Degraded, Some(ms)) = (state, game.rtt_ms())
                    && is_heard
                {
                    ui.label(quiet(format!("{ms:.0} ms")));
                }
                if game.session().can_act() {
                    ui.separator();
                    let name = RichText::new(game.session().name()).color(theme::LAMP);
                    let name = ui.add(egui::Label::new(name).sense(Sense::click()));
                    *character_open ^= name.on_hover_text("Your character").clicked();
                    heart(ui);
                    ui.label(quiet(game.surroundings().own.health.to_string())).on_hover_text("Health");
                    let leave = egui::Button::new(quiet("Leave").small()).frame(false);
                    if ui.add(leave).clicked() {
                        commands.push(UiCommand::LogOut);
                    }
                }
            });
        });
    });
}

/// A small heart in pixels, as the title is drawn: fonts have none.
pub(super) fn heart(ui: &mut egui::Ui) {
    const ROWS: [u8; 6] = [0b0110110, 0b1111111, 0b1111111, 0b0111110, 0b0011100, 0b0001000];
    const PIXEL: f32 = 2.0;
    let (rect, _) = ui.allocate_exact_size(vec2(7.0, 6.0) * PIXEL, Sense::hover());
    for (row, bits) in ROWS.iter().enumerate() {
        for column in (0..7).filter(|column| bits >> (6 - column) & 1 == 1) {
            let corner = rect.min + vec2(column as f32, row as f32) * PIXEL;
            let pixel = egui::Rect::from_min_size(corner, egui::Vec2::splat(PIXEL));
            ui.painter().rect_filled(pixel, 0, theme::EMBER);
        }
    }
}

/// Title, explanation and what the player can do; used over the world and on the sign-in form.
pub fn card(ui: &mut egui::Ui, game: &Game, state: &SessionState, commands: &mut Vec<UiCommand>) {
    if let SessionState::Connecting { step: ConnectStep::AtProvider } = state {
        return away::card(ui, game, commands);
    }
    let (title, mut text) = words(state, game.now_s());
    if game.session().is_offline()
        && matches!(state, SessionState::Reconnecting { .. } | SessionState::RetryLimitReached { .. })
    {
        text = format!("This device says that it has no network. {text}");
    }
    ui.label(RichText::new(title).heading().color(color(state)));
    ui.add_space(2.0);
    ui.label(text);
    ui.add_space(10.0);
    let action = |ui: &mut egui::Ui, label: &str, command: UiCommand, commands: &mut Vec<UiCommand>| {
        if ui.add(theme::primary(label)).clicked() {
            commands.push(command);
        }
    };
    match state {
        SessionState::Reconnecting { retry_at_s, .. }
        | SessionState::Capacity { retry_at_s }
        | SessionState::Unavailable { retry_at_s } => match retry_at_s {
            Some(_) => action(ui, "Try now", UiCommand::Retry, commands),
            None => drop(ui.spinner()),
        },
        SessionState::Connecting { .. } => drop(ui.spinner()),
        SessionState::RetryLimitReached { .. } => action(ui, "Try again", UiCommand::Retry, commands),
        SessionState::SessionEnded { .. } => action(ui, "Play again", UiCommand::Retry, commands),
        SessionState::AuthFailed { .. } => action(ui, "Sign in again", UiCommand::Leave, commands),
        SessionState::UpdateRequired { .. } => {
            let label = if cfg!(target_arch = "wasm32") { "Reload" } else { "Close" };
            action(ui, label, UiCommand::Reload, commands);
        }
        SessionState::SignIn { .. } | SessionState::Active | SessionState::Degraded => {}
    }
    let can_leave = !matches!(state, SessionState::UpdateRequired { .. } | SessionState::AuthFailed { .. });
    if can_leave {
        away::back(ui, commands);
    }
}

fn words(state: &SessionState, now_s: f64) -> (&'static str, String) {
    match state {
        SessionState::SignIn { problem } => ("Welcome", problem.clone().unwrap_or_default()),
        SessionState::Connecting { step } => {
            let text = match step {
                ConnectStep::AtProvider | ConnectStep::SigningIn => "Signing in",
                ConnectStep::Bootstrapping => "Finding your character",
                ConnectStep::Opening => "Opening the gates",
                ConnectStep::Greeting => "Stepping into the world",
            };
            ("On the way", format!("{text} ..."))
        }
        SessionState::Active => ("Online", String::new()),
        SessionState::Degraded => ("Degraded", "The cache is offline. You can play on.".to_owned()),
        SessionState::Unavailable { retry_at_s } => (
            "The world is paused",
            match retry_at_s {
                Some(at_s) => {
                    format!("Its store cannot be reached. Nothing is lost. Next try in {} s.", left(*at_s, now_s))
                }
                None => "Its store cannot be reached. Nothing is lost; it goes on by itself.".to_owned(),
            },
        ),
        SessionState::Reconnecting { attempt, retry_at_s } => (
            "Connection lost",
            match retry_at_s {
                Some(at_s) => format!("Attempt {attempt} of 5 in {} s.", left(*at_s, now_s)),
                None => format!("Attempt {attempt} of 5 ..."),
            },
        ),
        SessionState::RetryLimitReached { retry_at_s } => (
            "Still no connection",
            match retry_at_s {
                Some(at_s) => format!(
                    "Five attempts failed. Your character is safe. It goes on trying, next in {} s; or try now.",
                    left(*at_s, now_s)
                ),
                None => "Five attempts failed. Your character is safe. Trying again ...".to_owned(),
            },
        ),
        SessionState::UpdateRequired { expected } if expected.is_empty() => {
            ("Update required", "This game does not match the server.".to_owned())
        }
        SessionState::UpdateRequired { expected } => {
            ("Update required", format!("The server runs {expected},\nthis game is {}.", tilemud_schema::version()))
        }
        SessionState::Capacity { retry_at_s } => (
            "The server is full",
            match retry_at_s {
                Some(at_s) => format!("You are let in as soon as there is room. Next try in {} s.", left(*at_s, now_s)),
                None => "Asking for room ...".to_owned(),
            },
        ),
        SessionState::AuthFailed { message } => ("Sign-in refused", message.clone()),
        SessionState::SessionEnded { reason } => (
            "Session ended",
            match reason {
                EndReason::Inactivity => "You were away for a while. Your character rests where you left it.",
                EndReason::Replaced => "You have signed in somewhere else.",
                EndReason::LoggedOut => "You have left the world. Until next time.",
            }
            .to_owned(),
        ),
    }
}
