//! The chat: recent lines over the world, the whole log while typing, and the input.

use egui::{Align, Align2, Area, Id, Key, Layout, Order, RichText, ScrollArea, TextEdit, vec2};
use tilemud_schema::ChatChannel;
use tilemud_schema::limits::CHAT_CHARS_MAX;

use super::command::UiCommand;
use super::theme;
use crate::game::Game;
use crate::talk::{self, Line, Voice};

/// Time a line stays over the world while nobody types, seconds.
const LINGER_S: f64 = 12.0;
/// Width of the panel, points.
const WIDTH: f32 = 360.0;
/// Its share of a small screen's width, but not below its least width.
const SHARE: f32 = 0.48;
const WIDTH_MIN: f32 = 280.0;

/// Longest line that can be typed or pasted, characters; a counter beside it shows how much can be
/// sent.
const DRAFT_CHARS_MAX: usize = 4_000;
/// Room for the counter and for the button beside the field, points.
const BESIDE: f32 = 66.0 + 62.0;

/// The draft. It is never discarded: a line that cannot be sent stays, with the reason.
#[derive(Debug, Default)]
pub struct Chat {
    draft: String,
    focused: bool,
    closed_now: bool,
    /// Why the draft was not said.
    reason: Option<String>,
}

/// Width of the panel on this screen, points.
pub fn width(ctx: &egui::Context) -> f32 {
    let screen = ctx.content_rect().width();
    WIDTH.min(screen * SHARE).max(WIDTH_MIN).min(screen - 24.0)
}

fn input_id() -> Id {
    Id::unique("chat input")
}

impl Chat {
    /// A chat with a draft.
    pub fn holding(draft: String) -> Self {
        Self { draft, ..Self::default() }
    }

    /// What is typed and not said.
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// Puts a refused line back into the field, once it is empty.
    pub fn take_back(&mut self, game: &mut Game) {
        if self.draft.is_empty()
            && let Some(line) = game.take_unsaid()
        {
            self.draft = line;
            self.reason = Some("This was not heard. Enter says it again.".to_owned());
        }
    }

    /// Puts the keyboard into the input.
    pub fn focus(&mut self, ctx: &egui::Context) {
        ctx.memory_mut(|memory| memory.request_focus(input_id()));
        self.focused = true;
    }

    /// Whether the input gave the keyboard back in this frame.
    #[must_use]
    pub fn just_closed(&self) -> bool {
        self.closed_now
    }

    /// Draws log and input at the bottom left.
    pub fn show(&mut self, ctx: &egui::Context, game: &Game, commands: &mut Vec<UiCommand>) {
        let width = width(ctx);
        Area::new(Id::unique("chat")).order(Order::Middle).anchor(Align2::LEFT_BOTTOM, vec2(12.0, -12.0)).show(
            ctx,
            |ui| {
                ui.set_width(width);
                let log = if self.focused {
                    theme::panel()
                } else {
                    egui::Frame::new().inner_margin(theme::panel().inner_margin)
                };
                let lines: Vec<&Line> =
                    game.talk().lines().filter(|line| self.focused || game.now_s() - line.at_s < LINGER_S).collect();
                if !lines.is_empty() {
                    log.show(ui, |ui| self.log(ui, game, &lines, width));
                }
                self.input(ui, game, commands, width);
            },
        );
    }

    fn log(&self, ui: &mut egui::Ui, game: &Game, lines: &[&Line], width: f32) {
        let height = if self.focused { 220.0 } else { 150.0 };
        ui.set_width(width - 30.0);
        ui.spacing_mut().item_spacing.y = 3.0;
        if self.focused {
            ScrollArea::vertical().max_height(height).stick_to_bottom(true).auto_shrink([false, true]).show(ui, |ui| {
                lines.iter().for_each(|line| show_line(ui, line, 1.0, false));
            });
        } else {
            for line in lines.iter().rev().take(6).rev() {
                let left_s = LINGER_S - (game.now_s() - line.at_s);
                show_line(ui, line, (left_s / 2.0).clamp(0.0, 1.0) as f32, true);
            }
        }
    }

    fn input(&mut self, ui: &mut egui::Ui, game: &Game, commands: &mut Vec<UiCommand>, width: f32) {
        let can_speak = game.session().can_act();
        let hint = if can_speak { "Press Enter to speak" } else { "Nobody can hear you right now" };
        let frame = theme::panel().inner_margin(egui::Margin::symmetric(10, 6));
        frame.show(ui, |ui| {
            ui.set_width(width - 22.0);
            if let Some(reason) = &self.reason {
                ui.label(RichText::new(reason).small().color(theme::EMBER));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.set_height(26.0);
                let beside = if self.focused { BESIDE } else { 0.0 };
                let edit = TextEdit::singleline(&mut self.draft)
                    .id(input_id())
                    .hint_text(hint)
                    .char_limit(DRAFT_CHARS_MAX)
                    .frame(egui::Frame::NONE)
                    .desired_width(width - 34.0 - beside);
                let response = ui.add(edit);
                name_widget(ui.ctx(), response.id, "Chat message");
                let enter = ui.input(|input| input.key_pressed(Key::Enter));
                // egui tells the loss of the keyboard for two frames.
                self.closed_now = self.focused && !response.has_focus();
                let mut send = self.closed_now && enter;
                if self.focused {
                    self.counter(ui);
                    send |= ui.button("Say").clicked();
                }
                if response.changed() {
                    self.reason = None;
                }
                self.focused = response.has_focus();
                if send && !self.draft.trim().is_empty() {
                    self.send(ui.ctx(), game, commands);
                }
            });
        });
    }

    /// How much of a message is used up.
    fn counter(&self, ui: &mut egui::Ui) {
        let used = talk::count(&self.draft);
        let color = if used > CHAT_CHARS_MAX { theme::EMBER } else { theme::MIST };
        let label = egui::Label::new(RichText::new(format!("{used}/{CHAT_CHARS_MAX}")).small().color(color));
        ui.add_sized([BESIDE - 72.0, 20.0], label);
    }

    /// Sends the draft, or shows why not and keeps it.
    fn send(&mut self, ctx: &egui::Context, game: &Game, commands: &mut Vec<UiCommand>) {
        self.reason = game.why_not_said(&self.draft);
        if self.reason.is_none() {
            commands.push(UiCommand::Say(std::mem::take(&mut self.draft)));
        } else {
            self.focus(ctx);
        }
    }
}

fn show_line(ui: &mut egui::Ui, line: &Line, opacity: f32, shaded: bool) {
    let mut text = egui::text::LayoutJob::default();
    let size = 14.5;
    let piece = |color| egui::TextFormat {
        font_id: egui::FontId::proportional(size),
        color: theme::fade(color, opacity),
        ..Default::default()
    };
    match &line.voice {
        Voice::Seen { name } => {
            let seen = |color| egui::TextFormat { italics: true, ..piece(color) };
            text.append(name, 0.0, seen(theme::LAMP));
            text.append(&format!(" {}.", line.text), 0.0, seen(theme::PAPER));
        }
        Voice::Notice => text.append(&line.text, 0.0, egui::TextFormat { italics: true, ..piece(theme::MIST) }),
        Voice::Person { name, channel } => {
            let (mark, color) = match channel {
                ChatChannel::Say => ("", theme::LAMP),
                ChatChannel::Zone => (" (all)", theme::MOSS),
                ChatChannel::Whisper => (" (whispers)", theme::SKY),
            };
            text.append(&format!("{name}{mark}: "), 0.0, piece(color));
            text.append(&line.text, 0.0, piece(theme::PAPER));
        }
    }
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(6, 1)).corner_radius(5);
    let fill =
        if shaded { egui::Color32::from_black_alpha((130.0 * opacity) as u8) } else { egui::Color32::TRANSPARENT };
    frame.fill(fill).show(ui, |ui| ui.label(text));
}

/// Gives a widget a name for screen readers and tests.
pub fn name_widget(ctx: &egui::Context, id: Id, name: &str) {
    ctx.accesskit_node_builder(id, |node| node.set_label(name.to_owned()));
}

/// A quiet line of text.
pub fn quiet(text: impl Into<String>) -> RichText {
    RichText::new(text).color(theme::MIST)
}
