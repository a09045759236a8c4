//! The keyboard in the world. Game keys are off while a text field has the keyboard, and letters
//! and digits are meant by their place on it: where an English keyboard has W, A, S and D one
//! walks, whatever is printed there. Keys together with Alt, Ctrl or the command key are not the
//! game's.

use egui::{Event, InputState, Key};
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

/// The walking keys that are down, in the order they went down.
#[derive(Debug, Default)]
pub struct Held(Vec<HeldKey>);

#[derive(Debug, Clone, Copy)]
struct HeldKey {
    place: Key,
    /// What the layout calls it, which is what egui knows it by.
    called: Key,
    direction: Direction,
}

impl Held {
    /// Takes the events of a frame. Gives the direction of each walking key that went down, in order.
    fn follow(&mut self, input: &InputState) -> Vec<Direction> {
        let mut taps = Vec::new();
        for event in &input.events {
            let Event::Key { key: called, physical_key, pressed, .. } = event else { continue };
            let place = place(*called, *physical_key);
            if game_key(event).is_some() {
                if let Some((_, direction)) = WALKING.iter().find(|(walk, _)| *walk == place) {
                    self.0.retain(|held| held.place != place);
                    self.0.push(HeldKey { place, called: *called, direction: *direction });
                    taps.push(*direction);
                }
            } else if !pressed {
                self.0.retain(|held| held.place != place && (physical_key.is_some() || held.called != *called));
            }
        }
        // The window may have lost the keyboard meanwhile; egui then lets go of everything.
        self.0.retain(|held| input.key_down(held.called));
        taps
    }

    /// The key pressed last decides; when it goes up, one that is still down takes over.
    fn direction(&self) -> Option<Direction> {
        self.0.last().map(|held| held.direction)
    }
}

/// The key an English keyboard has at that place, for letters and digits; other keys are what they are called.
fn place(key: Key, physical: Option<Key>) -> Key {
    match physical {
        Some(place) if is_by_place(place) || is_by_place(key) => place,
        _ => key,
    }
}

fn is_by_place(key: Key) -> bool {
    matches!(key.name().as_bytes(), [b'A'..=b'Z' | b'0'..=b'9'])
}

/// The game key that goes down with this event, if one does.
fn game_key(event: &Event) -> Option<Key> {
    match event {
        Event::Key { key, physical_key, pressed: true, repeat: false, modifiers }
            if !(modifiers.alt || modifiers.ctrl || modifiers.command || modifiers.mac_cmd) =>
        {
            Some(place(*key, *physical_key))
        }
        _ => None,
    }
}

/// Reads this frame's keys.
pub fn read(ctx: &egui::Context, view: &mut View, game: &Game, commands: &mut Vec<UiCommand>) {
    let (pressed, typed_help) = ctx.input(|input| {
        let pressed: Vec<Key> = input.events.iter().filter_map(game_key).collect();
        (pressed, input.events.iter().any(|event| matches!(event, Event::Text(text) if text == "?")))
    });
    let wants = |key: Key| pressed.contains(&key);
    view.overlay_open ^= wants(Key::F3);
    view.help_open ^= wants(Key::F1);
    // Also what was typed in the frame that ends with the Enter or Esc that closes the chat.
    if ctx.text_edit_focused() || view.chat.just_closed() {
        view.held = Held::default();
        commands.push(UiCommand::Hold(None));
        return;
    }
    if wants(Key::E)
        && let Some(interaction) = game.nearest_interaction()
    {
        commands.push(UiCommand::Do(interaction.action));
    }
    view.bag_hidden ^= wants(Key::I);
    view.help_open ^= typed_help;
    view.minimap.hidden ^= wants(Key::M);
    view.wheel.press(&pressed, game, commands);
    if wants(Key::N) {
        view.sound_on ^= true;
        commands.push(UiCommand::Sound(view.sound_on));
    }
    let taps = ctx.input(|input| view.held.follow(input));
    commands.extend(taps.into_iter().map(UiCommand::Tap));
    commands.push(UiCommand::Hold(view.held.direction()));
    if wants(Key::Enter) {
        view.chat.focus(ctx);
    }
}
