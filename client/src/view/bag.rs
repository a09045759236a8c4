//! The interaction that a key or a touch does now, and the bag.

use std::sync::Arc;

use egui::{Align2, Area, Id, Image, Order, RichText, vec2};
use tilemud_schema::{Action, Direction, Entity, EntityId, EntityKind, ItemKind, ItemStack};

use super::camera::Viewport;
use super::chat::quiet;
use super::command::UiCommand;
use super::sheet::{Pictures, Pose};
use super::theme;
use crate::game::Game;

/// Width of the bag, points.
const BAG_WIDTH: f32 = 210.0;
/// Narrower screens have no room for the bag beside the chat, points.
const NARROW: f32 = 620.0;

/// Draws the interaction at hand, and the bag if it is `open` and holds something.
pub fn show(
    ctx: &egui::Context,
    game: &Game,
    pictures: &Pictures,
    viewport: &Viewport,
    open: bool,
    commands: &mut Vec<UiCommand>,
) {
    interaction(ctx, game, viewport, commands);
    let carried = &game.surroundings().own.inventory;
    if !open || carried.is_empty() || !game.session().can_act() {
        return;
    }
    let lift = if ctx.content_rect().width() < NARROW { -66.0 } else { -12.0 };
    let area = Area::new(Id::unique("bag")).order(Order::Middle).anchor(Align2::RIGHT_BOTTOM, vec2(-12.0, lift));
    area.show(ctx, |ui| {
        theme::panel().inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.set_width(BAG_WIDTH);
            ui.spacing_mut().item_spacing = vec2(4.0, 3.0);
            ui.spacing_mut().button_padding = vec2(6.0, 3.0);
            ui.label(quiet("You carry").small());
            for stack in carried.iter() {
                ui.horizontal(|ui| row(ui, game, pictures, stack, commands));
            }
        });
    });
}

fn row(ui: &mut egui::Ui, game: &Game, pictures: &Pictures, stack: &ItemStack, commands: &mut Vec<UiCommand>) {
    let ItemStack { item, quantity } = stack;
    ui.add(picture(pictures, item));
    let name = called(item);
    ui.label(if *quantity == 1 { name.clone() } else { format!("{name} \u{d7}{quantity}") });
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let mut offer = |word: &str, action: Action| {
            let button = egui::Button::new(RichText::new(word).small()).frame_when_inactive(false);
            let response = ui.add(button);
            let label = format!("{word} {name}");
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
            if response.clicked() {
                commands.push(UiCommand::Do(action));
            }
        };
        offer("Drop", Action::Drop { item: item.clone(), quantity: None });
        if let Some((x, y)) = game.faced() {
            offer("Place", Action::Place { item: item.clone(), x, y });
        }
        offer("Use", Action::Use { item: item.clone(), target: None });
    });
}

/// A kind's picture, as it lies on the ground.
fn picture(pictures: &Pictures, item: &ItemKind) -> Image<'static> {
    let (kind, name, look) = (EntityKind::Item, Arc::clone(item), Arc::clone(item));
    let shown = Entity { id: EntityId(0), kind, name, x: 0, y: 0, look, health: None, open: None, away: None };
    let frame = pictures.frame(&shown, Pose { facing: Direction::South, stride: None });
    // The thing itself is in the lower two thirds of its frame.
    let uv = frame.uv.with_min_y(frame.uv.top() + frame.uv.height() / 3.0);
    Image::new((frame.texture, vec2(20.0, 20.0))).uv(uv).fit_to_exact_size(vec2(20.0, 20.0))
}

/// A kind in words.
fn called(item: &ItemKind) -> String {
    let mut letters = item.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// At the thing itself, so that nobody has to look for it.
fn interaction(ctx: &egui::Context, game: &Game, viewport: &Viewport, commands: &mut Vec<UiCommand>) {
    let Some(interaction) = game.nearest_interaction() else { return };
    let tile = viewport.tile_rect(interaction.tile.0, interaction.tile.1);
    let underfoot = game.predicted().is_some_and(|at| (at.x, at.y) == interaction.tile);
    // Below the feet, so that the words do not hide who stands there.
    let (place, pivot) = if underfoot {
        (tile.center_bottom() + vec2(0.0, 6.0), Align2::CENTER_TOP)
    } else {
        (tile.center_top() - vec2(0.0, 4.0), Align2::CENTER_BOTTOM)
    };
    let area = Area::new(Id::unique("interaction")).order(Order::Middle).fixed_pos(place).pivot(pivot);
    area.constrain_to(ctx.content_rect().shrink(8.0)).show(ctx, |ui| {
        let mut words = egui::text::LayoutJob::default();
        let font = egui::FontId::proportional(13.0);
        words.append("E  ", 0.0, egui::TextFormat::simple(font.clone(), theme::LAMP));
        words.append(&interaction.words, 0.0, egui::TextFormat::simple(font, theme::PAPER));
        ui.spacing_mut().button_padding = vec2(10.0, 4.0);
        let button = egui::Button::new(words).fill(theme::fade(theme::PANEL, 0.93)).corner_radius(12);
        let response = ui.add(button.wrap_mode(egui::TextWrapMode::Extend));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &interaction.words));
        if response.clicked() {
            commands.push(UiCommand::Do(interaction.action.clone()));
        }
    });
}
