//! The keyboard in the world. Game keys are off while a text field has the keyboard.

use egui::{Key, Modifiers};
use tilemud_schema::Direction;

use super::{UiCommand, View};
use crate::game::Game;

const WALKING: [(Key, Direction); 8] = [
    (Key::ArrowUp, Direction::North),
    (Key::ArrowDown, Direction::South),
    (Key::ArrowLeft, Direction::West),
    (Key::ArrowRight, Direction::East),
    (Key::W, Direction::North),
    (Key::S, Direction::South),
    (Key::A, Direction::West),
    (Key::D, Direction::East),
];

/// Reads this frame's keys.
pub fn read(ctx: &egui::Context, view: &mut View, game: &Game, commands: &mut Vec<UiCommand>) {
    ctx.input_mut(|input| {
        if input.consume_key(Modifiers::NONE, Key::F3) {
            view.overlay_open = !view.overlay_open;
        }
        if input.consume_key(Modifiers::NONE, Key::F1) {
            view.help_open = !view.help_open;
        }
    });
    if ctx.text_edit_focused() {
        commands.push(UiCommand::Hold(None));
        return;
    }
    let (wants_deed, wants_bag) = ctx.input(|input| (input.key_pressed(Key::E), input.key_pressed(Key::I)));
    if wants_deed && let Some(deed) = game.deed_at_hand() {
        commands.push(UiCommand::Do(deed.action));
    }
    view.bag_hidden ^= wants_bag;
    let (taps, held, typed_help, wants_chat, wants_map) = ctx.input(|input| {
        // In the order they went down, so that quick presses keep their order.
        let taps: Vec<Direction> = input
            .events
            .iter()
            .filter_map(|event| match event {
                egui::Event::Key { key, pressed: true, repeat: false, modifiers, .. } if !modifiers.command => {
                    WALKING.iter().find(|(walk, _)| walk == key).map(|(_, direction)| *direction)
                }
                _ => None,
            })
            .collect();
        let held: Vec<Direction> =
            WALKING.iter().filter(|(key, _)| input.key_down(*key)).map(|(_, direction)| *direction).collect();
        let typed_help = input.events.iter().any(|event| matches!(event, egui::Event::Text(text) if text == "?"));
        (taps, held, typed_help, input.key_pressed(Key::Enter), input.key_pressed(Key::M))
    });
    view.help_open ^= typed_help;
    view.minimap.hidden ^= wants_map;
    // The key pressed last decides; when it goes up, one that is still down takes over.
    let newest = taps.last().copied().filter(|direction| held.contains(direction));
    let current =
        newest.or_else(|| view.walking_key.filter(|key| held.contains(key))).or_else(|| held.first().copied());
    view.walking_key = current;
    commands.extend(taps.into_iter().map(UiCommand::Tap));
    commands.push(UiCommand::Hold(current));
    if wants_chat && !view.chat.just_closed() {
        view.chat.focus(ctx);
    }
}
