//! Keys by their place, and words that are not lost: too long, too early, together with other keys,
//! refused.

use super::*;

fn key(key: Key, place: Key, pressed: bool) -> Event {
    Event::Key { key, physical_key: Some(place), pressed, repeat: false, modifiers: Modifiers::NONE }
}

impl Bench {
    /// Presses the key at this place, which the layout calls something else.
    fn press_at(&mut self, called: Key, place: Key) -> Vec<UiCommand> {
        let mut commands = self.frame(vec![key(called, place, true)]);
        commands.extend(self.frame(vec![key(called, place, false)]));
        commands
    }

    /// Frames until every event has had its own.
    fn burst(&mut self, events: Vec<Event>) -> Vec<UiCommand> {
        let mut commands = self.frame(events);
        while self.more {
            commands.extend(self.frame(Vec::new()));
        }
        commands.extend(self.frame(Vec::new()));
        commands
    }
}

/// What a keyboard sends for a line and Enter, all of it at once.
fn typed(line: &str) -> Vec<Event> {
    let letter = |c: char| {
        let name = c.to_ascii_uppercase().to_string();
        let code = Key::from_name(&name).unwrap_or(Key::Space);
        [key(code, code, true), Event::Text(c.to_string()), key(code, code, false)]
    };
    let enter = [key(Key::Enter, Key::Enter, true), key(Key::Enter, Key::Enter, false)];
    line.chars().flat_map(letter).chain(enter).collect()
}

#[test]
fn the_places_of_w_a_s_d_walk_whatever_the_layout_calls_them() {
    let walks =
        [(Key::W, Direction::North), (Key::A, Direction::West), (Key::S, Direction::South), (Key::D, Direction::East)];
    let azerty = [Key::Z, Key::Q, Key::S, Key::D];
    let dvorak = [Key::Comma, Key::A, Key::O, Key::E];
    let cyrillic = [Key::W, Key::A, Key::S, Key::D];
    for layout in [azerty, dvorak, cyrillic] {
        for ((place, direction), called) in walks.iter().zip(layout) {
            let mut bench = Bench::signed_in(Scenario::Play, 1.0);
            let expected = [UiCommand::Tap(*direction), UiCommand::Hold(Some(*direction))];
            assert_eq!(bench.press_at(called, *place), expected, "{called:?} at the place of {place:?}");
        }
    }
    // What carries these letters elsewhere is no game key there.
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    for (called, place) in [(Key::W, Key::Z), (Key::A, Key::Q), (Key::W, Key::Comma), (Key::M, Key::Semicolon)] {
        assert_eq!(bench.press_at(called, place), [], "{called:?} at the place of {place:?}");
    }
    assert!(bench.shows("Map of the world"), "the letter M elsewhere hid the map");
}

#[test]
fn a_held_key_is_let_go_by_its_place_and_a_key_still_down_takes_over() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    bench.frame(vec![key(Key::Z, Key::W, true)]);
    let both = bench.frame(vec![key(Key::Q, Key::A, true)]);
    assert_eq!(both.last(), Some(&UiCommand::Hold(Some(Direction::West))));
    // The layout was changed while the key was down.
    assert_eq!(bench.frame(vec![key(Key::A, Key::A, false)]), [UiCommand::Hold(Some(Direction::North))]);
    assert_eq!(bench.frame(vec![key(Key::Z, Key::W, false)]), []);
}

#[test]
fn keys_with_alt_control_or_the_command_key_are_not_the_games() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    for modifiers in [Modifiers::ALT, Modifiers::CTRL, Modifiers::COMMAND, Modifiers::MAC_CMD] {
        for name in [Key::ArrowLeft, Key::D, Key::I, Key::E, Key::M, Key::F1, Key::F3] {
            let event = |pressed| Event::Key { key: name, physical_key: Some(name), pressed, repeat: false, modifiers };
            let mut commands = bench.frame(vec![event(true)]);
            commands.extend(bench.frame(vec![event(false)]));
            assert_eq!(commands, [], "{modifiers:?} {name:?}");
        }
    }
    assert!(bench.shows("Map of the world") && !bench.shows("Diagnostics") && !bench.shows("How to play"));
}

#[test]
fn letters_in_the_frame_of_the_enter_that_opens_the_chat_belong_to_the_message() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    let mut events = vec![key(Key::Enter, Key::Enter, true), key(Key::Enter, Key::Enter, false)];
    events.extend(typed("wedding"));
    assert_eq!(bench.burst(events), [UiCommand::Say("wedding".to_owned())]);
}

#[test]
fn of_messages_typed_as_fast_as_frames_come_none_is_lost() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    let lines: Vec<String> = (0..14).map(|n| format!("message {}", char::from(b'a' + n))).collect();
    let events = lines.iter().flat_map(|line| {
        let mut events = vec![key(Key::Enter, Key::Enter, true), key(Key::Enter, Key::Enter, false)];
        events.extend(typed(line));
        events
    });
    let said: Vec<UiCommand> = lines.iter().cloned().map(UiCommand::Say).collect();
    assert_eq!(bench.burst(events.collect()), said);
}

#[test]
fn letters_before_an_esc_in_the_same_frame_stay_in_the_draft() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    bench.press(Key::Enter);
    bench.burst(vec![Event::Text("half".to_owned()), key(Key::Escape, Key::Escape, true)]);
    assert_eq!(bench.press(Key::D)[0], UiCommand::Tap(Direction::East), "Esc gives the keys back to the game");
    bench.press(Key::Enter);
    assert_eq!(bench.press(Key::Enter), [UiCommand::Say("half".to_owned())]);
}

#[test]
fn what_is_too_long_or_no_command_stays_in_the_field_with_the_reason_and_can_be_mended() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    bench.press(Key::Enter);
    bench.burst(vec![Event::Paste("x".repeat(300))]);
    assert!(bench.shows("300/280"), "no counter");
    assert_eq!(bench.press(Key::Enter), []);
    assert!(bench.shows("20 characters too many"), "{:#?}", bench.widgets());
    assert_eq!(bench.view.keep().draft, "x".repeat(300));
    for _ in 0..20 {
        bench.press(Key::Backspace);
    }
    assert!(!bench.shows("too many") && bench.shows("280/280"));
    assert_eq!(bench.press(Key::Enter), [UiCommand::Say("x".repeat(280))]);

    bench.press(Key::Enter);
    bench.burst(vec![Event::Text("/wave hello".to_owned())]);
    assert_eq!(bench.press(Key::Enter), []);
    assert!(bench.shows("There is no /wave") && bench.shows("/wave hello"));
}

#[test]
fn what_is_typed_while_nobody_can_hear_stays_and_is_said_when_somebody_can() {
    let mut bench = Bench::signed_in(Scenario::Lost, 4.0);
    assert_eq!(bench.game.state().name(), "RECONNECTING");
    bench.press(Key::Enter);
    bench.type_text("are you there");
    assert_eq!(bench.press(Key::Enter), []);
    assert!(bench.shows("Nobody can hear you right now.") && bench.shows("are you there"));
}

#[test]
fn words_that_came_back_stand_in_the_field_once_it_is_empty() {
    let mut bench = Bench::signed_in(Scenario::Lost, 4.0);
    bench.game.say("first");
    bench.game.say("/z second");
    bench.run(0.2);
    assert!(bench.shows("first") && bench.shows("This was not heard"));
    bench.press(Key::Enter);
    for _ in 0..5 {
        bench.press(Key::Backspace);
    }
    bench.run(0.1);
    assert!(bench.shows("/z second"));
}

#[test]
fn a_new_picture_of_the_same_game_has_what_was_typed_and_what_was_open() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    bench.press(Key::F3);
    bench.press(Key::Enter);
    bench.type_text("half a thought");
    let kept = bench.view.keep();
    (bench.ctx, bench.view) = {
        let ctx = egui::Context::default();
        ctx.add_plugin(bench.tree.clone());
        let view = View::new(&ctx, String::new());
        (ctx, view)
    };
    bench.view.restore(kept);
    bench.game.draw_anew();
    bench.run(0.3);
    assert!(bench.shows("Diagnostics") && bench.shows("half a thought") && bench.shows("Map of the world"));
}
