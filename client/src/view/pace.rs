//! How many of a frame's input events are handled at once: up to the next key that moves the
//! keyboard focus.
//!
//! egui reads the events of a frame as if they had come together, so letters typed right behind the
//! Enter that opens the chat would be lost, and letters right before the Esc that closes it as
//! well. Slow machines and fast fingers put many into one frame. What waits is taken in the frames
//! that follow, in order; nothing is dropped.

use std::collections::VecDeque;

use egui::{Event, Key, RawInput};

/// Events that may wait; with more of them all are taken at once.
const WAITING_MAX: usize = 1_024;

/// The events that wait for their frame.
#[derive(Debug, Default)]
pub struct Pace {
    waiting: VecDeque<Event>,
}

/// What a key does to the events around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// The frame ends after it.
    Last,
    /// egui acts on it before anything else in the frame, so it has a frame of its own.
    Alone,
}

impl Pace {
    /// Leaves in `input` what this frame takes. `true` when more is waiting.
    pub fn admit(&mut self, input: &mut RawInput) -> bool {
        self.waiting.extend(input.events.drain(..).map(tidy));
        if !input.focused || self.waiting.len() > WAITING_MAX {
            input.events.extend(self.waiting.drain(..));
            return false;
        }
        while let Some(event) = self.waiting.pop_front() {
            let turn = turn(&event);
            if turn == Some(Turn::Alone) && !input.events.is_empty() {
                self.waiting.push_front(event);
                break;
            }
            input.events.push(event);
            if turn.is_some() {
                break;
            }
        }
        !self.waiting.is_empty()
    }
}

fn turn(event: &Event) -> Option<Turn> {
    match event {
        Event::Key { key: Key::Enter, pressed: true, .. } => Some(Turn::Last),
        Event::Key { key: Key::Escape | Key::Tab, pressed: true, .. } => Some(Turn::Alone),
        _ => None,
    }
}

/// All fields here are of one line: what is pasted from a page or a table becomes one.
fn tidy(event: Event) -> Event {
    let one_line = |text: String| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match event {
        Event::Paste(text) => Event::Paste(one_line(text)),
        Event::Text(text) => Event::Text(one_line(text)),
        event => event,
    }
}

#[cfg(test)]
mod tests {
    use egui::Modifiers;

    use super::*;

    fn key(key: Key) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
    }

    fn frames(events: Vec<Event>) -> Vec<Vec<Event>> {
        let (mut pace, mut frames) = (Pace::default(), Vec::new());
        let mut events = Some(events);
        loop {
            let mut input =
                RawInput { events: events.take().unwrap_or_default(), focused: true, ..RawInput::default() };
            let more = pace.admit(&mut input);
            frames.push(input.events);
            if !more {
                return frames;
            }
        }
    }

    #[test]
    fn a_frame_ends_with_enter_and_esc_and_tab_have_one_of_their_own() {
        let text = |text: &str| Event::Text(text.to_owned());
        let events = vec![text("a"), key(Key::Enter), text("b"), key(Key::Escape), key(Key::Tab), text("c")];
        let expected = vec![
            vec![text("a"), key(Key::Enter)],
            vec![text("b")],
            vec![key(Key::Escape)],
            vec![key(Key::Tab)],
            vec![text("c")],
        ];
        assert_eq!(frames(events), expected);
        assert_eq!(frames(Vec::new()), [Vec::new()]);
    }

    #[test]
    fn without_the_keyboard_and_beyond_the_bound_everything_is_taken_at_once_and_in_order() {
        let many: Vec<Event> = (0..=WAITING_MAX).map(|_| key(Key::Enter)).collect();
        assert_eq!(frames(many.clone()), [many]);
        let mut pace = Pace::default();
        let mut input = RawInput { events: vec![key(Key::Enter), key(Key::A)], focused: true, ..RawInput::default() };
        assert!(pace.admit(&mut input));
        let events = vec![key(Key::Enter), key(Key::B)];
        let mut input = RawInput { events, focused: false, ..RawInput::default() };
        assert!(!pace.admit(&mut input));
        assert_eq!(input.events, [key(Key::A), key(Key::Enter), key(Key::B)]);
    }

    #[test]
    fn what_is_pasted_becomes_one_line() {
        let pasted = frames(vec![Event::Paste("a\tb\nc\u{7}".to_owned())]);
        assert_eq!(pasted, [[Event::Paste("a b c ".to_owned())]]);
    }
}
