//! The keyboard in the world. Game keys are off while a text field has the keyboard, and letters
//! and digits are meant by their place on it: where an English keyboard has W, A, S and D one
//! walks, whatever is printed there. Keys together with Alt, Ctrl or the command key are not the
//! game's.

use egui::{Event, InputState, Key};
use tilemud_schema::Direction;

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
    /// Takes the events of a frame. Gives the direction of each walking key that went down, in
    /// order.
    pub fn follow(&mut self, input: &InputState) -> Vec<Direction> {
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
    pub fn direction(&self) -> Option<Direction> {
        self.0.last().map(|held| held.direction)
    }
}

/// The key an English keyboard has at that place, for letters and digits; other keys are what they
/// are called.
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
pub fn game_key(event: &Event) -> Option<Key> {
    match event {
        Event::Key { key, physical_key, pressed: true, repeat: false, modifiers }
            if !(modifiers.alt || modifiers.ctrl || modifiers.command || modifiers.mac_cmd) =>
        {
            Some(place(*key, *physical_key))
        }
        _ => None,
    }
}
