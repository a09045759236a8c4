//! The views without a window: what is on the screen in each state, and what clicks and keys do.

use std::cell::Cell;
use std::rc::Rc;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, vec2};
use tilemud_schema::{Action, Direction, Intent};

use super::*;
use crate::demo::{APPLE, Demo, Scenario};
use crate::gestures::Gesture;
use crate::hooks::WidgetTree;

mod handmade;
mod typing;

struct Bench {
    ctx: egui::Context,
    tree: WidgetTree,
    view: View,
    game: Game,
    clock: Rc<Cell<f64>>,
    /// Events wait for the next frame.
    more: bool,
    /// What the last frame has painted.
    shapes: Vec<egui::epaint::ClippedShape>,
}

impl Bench {
    fn new(scenario: Scenario) -> Self {
        let clock = Rc::new(Cell::new(0.0));
        let seen = clock.clone();
        let game = Game::new(Box::new(Demo::new(Rc::new(move || seen.get()), scenario)), || 0.5);
        let ctx = egui::Context::default();
        let tree = WidgetTree::default();
        ctx.add_plugin(tree.clone());
        let view = View::new(&ctx, String::new());
        Self { ctx, tree, view, game, clock, more: false, shapes: Vec::new() }
    }

    fn signed_in(scenario: Scenario, seconds: f64) -> Self {
        let mut bench = Self::new(scenario);
        bench.game.sign_in("Robin");
        bench.run(seconds);
        bench
    }

    fn run(&mut self, seconds: f64) {
        for _ in 0..(seconds * 20.0).ceil() as u32 {
            drop(self.frame(Vec::new()));
        }
    }

    /// One frame; clicks and keys reach the game as in the app.
    fn frame(&mut self, events: Vec<Event>) -> Vec<UiCommand> {
        let dt_s = 0.05;
        self.clock.set(self.clock.get() + dt_s);
        self.game.advance(self.clock.get(), dt_s);
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 800.0))),
            time: Some(self.clock.get()),
            events,
            focused: true,
            ..RawInput::default()
        };
        self.more = self.view.pace(&mut input);
        let mut commands = Vec::new();
        let mut output = self.ctx.run_ui(input, |ui| commands = self.view.show(ui, &mut self.game, dt_s));
        assert!(!output.shapes.is_empty());
        output.textures_delta.clear();
        self.shapes = output.shapes;
        commands.retain(|command| *command != UiCommand::Hold(None));
        commands
    }

    fn widgets(&self) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.tree.json()).expect("a JSON list")
    }

    fn shows(&self, text: &str) -> bool {
        self.widgets().iter().any(|it| it["label"].as_str().is_some_and(|label| label.contains(text)))
    }

    /// Where the corners are that the last frame has painted so.
    fn painted(&self, is_so: impl Fn(&egui::Mesh, &egui::epaint::Vertex) -> bool) -> Vec<Pos2> {
        let meshes = self.shapes.iter().filter_map(|clipped| match &clipped.shape {
            egui::Shape::Mesh(mesh) => Some(mesh),
            _ => None,
        });
        let all = meshes.flat_map(|mesh| mesh.vertices.iter().map(move |vertex| (mesh, vertex)));
        all.filter(|(mesh, vertex)| is_so(mesh, vertex)).map(|(_, vertex)| vertex.pos).collect()
    }

    fn click(&mut self, role: &str, label: &str) -> Vec<UiCommand> {
        let widgets = self.widgets();
        let found = widgets.iter().find(|it| it["role"] == role && it["label"] == label);
        let widget = found.unwrap_or_else(|| panic!("no {role} {label:?} among {widgets:#?}"));
        let number = |field: &str| widget[field].as_f64().expect("a number") as f32;
        self.click_at(Pos2::new(number("x") + number("w") / 2.0, number("y") + number("h") / 2.0))
    }

    fn click_at(&mut self, pos: Pos2) -> Vec<UiCommand> {
        let button =
            |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        let mut commands = self.frame(vec![Event::PointerMoved(pos)]);
        commands.extend(self.frame(vec![button(true)]));
        commands.extend(self.frame(vec![button(false)]));
        commands.extend(self.frame(Vec::new()));
        commands
    }

    fn press(&mut self, key: Key) -> Vec<UiCommand> {
        let event =
            |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
        let mut commands = self.frame(vec![event(true)]);
        commands.extend(self.frame(vec![event(false)]));
        commands.extend(self.frame(Vec::new()));
        commands
    }

    fn type_text(&mut self, text: &str) -> Vec<UiCommand> {
        let mut commands = self.frame(vec![Event::Text(text.to_owned())]);
        commands.extend(self.frame(Vec::new()));
        commands
    }
}

#[test]
fn the_name_field_has_the_keyboard_and_enter_or_the_button_signs_in() {
    let mut bench = Bench::new(Scenario::Play);
    bench.run(0.5);
    assert_eq!(bench.click("Button", "Enter the world"), [], "a name is needed first");
    bench.run(0.1);
    bench.type_text("Robin");
    assert_eq!(bench.click("Button", "Enter the world"), [UiCommand::SignIn("Robin".to_owned())]);

    let mut bench = Bench::new(Scenario::Play);
    bench.run(0.5);
    bench.type_text("Mira");
    assert_eq!(bench.press(Key::Enter), [UiCommand::SignIn("Mira".to_owned())]);
}

#[test]
fn a_provider_is_the_way_in_with_or_without_a_name() {
    let at_provider = |name: &str| [UiCommand::SignInAtProvider(name.to_owned())];
    let mut bench = Bench::new(Scenario::Provider);
    bench.run(0.5);
    assert!(!bench.shows("Enter the world") && !bench.shows("by name alone"));
    assert_eq!(bench.click("Button", "Sign in with id.example"), at_provider(""), "who has a character needs no name");
    bench.run(0.1);
    bench.click("TextInput", "Your name");
    bench.type_text("Robin");
    assert_eq!(bench.click("Button", "Sign in with id.example"), at_provider("Robin"));

    let mut bench = Bench::new(Scenario::EitherWay);
    bench.run(0.5);
    bench.type_text("Mira");
    assert_eq!(bench.click("Button", "Enter by name alone"), [UiCommand::SignIn("Mira".to_owned())]);
    bench.click("TextInput", "Your name");
    assert_eq!(bench.press(Key::Enter), at_provider("Mira"), "Enter takes the first way");
}

#[test]
fn a_server_without_a_way_in_says_so_and_has_no_button() {
    for (scenario, says) in [
        (Scenario::ProviderDown, "does not answer yet"),
        (Scenario::NoWayIn, "no way for players to sign in"),
        (Scenario::Silent, "cannot be reached"),
    ] {
        let mut bench = Bench::new(scenario);
        bench.run(0.5);
        assert!(bench.shows(says), "{scenario:?} does not say {says:?}: {:#?}", bench.widgets());
        assert!(!bench.widgets().iter().any(|it| it["role"] == "Button"), "{scenario:?}");
    }
}

#[test]
fn the_address_of_the_provider_can_be_copied_and_the_way_back_is_open() {
    for scenario in [Scenario::Provider, Scenario::NoBrowser] {
        let mut bench = Bench::new(scenario);
        bench.run(0.5);
        bench.game.sign_in_at_provider("Robin");
        bench.run(0.5);
        assert!(bench.shows("Sign in at id.example"));
        let has_field = bench.widgets().iter().any(|it| it["role"] == "TextInput");
        assert_eq!(has_field, scenario == Scenario::NoBrowser, "the address itself is shown where it is needed");
        bench.click("Button", "Copy the address");
        assert!(bench.shows("Copied"));
        assert_eq!(bench.click("Button", "Back to sign-in"), [UiCommand::Leave]);
    }
}

#[test]
fn every_state_says_what_is_wrong_and_offers_what_can_be_done() {
    for (scenario, seconds, says, button, wish) in [
        (Scenario::Full, 1.0, "The server is full", "Try now", UiCommand::Retry),
        (Scenario::Outdated, 1.0, "Update required", "Close", UiCommand::Reload),
        (Scenario::Refused, 1.0, "Sign-in refused", "Sign in again", UiCommand::Leave),
        (Scenario::Replaced, 3.0, "signed in somewhere else", "Play again", UiCommand::Retry),
        (Scenario::Lost, 4.0, "Connection lost", "Try now", UiCommand::Retry),
        (Scenario::Lost, 60.0, "Still no connection", "Try again", UiCommand::Retry),
    ] {
        let mut bench = Bench::signed_in(scenario, seconds);
        assert!(bench.shows(says), "{scenario:?} does not say {says:?}: {:#?}", bench.widgets());
        assert_eq!(bench.click("Button", button), [wish], "{scenario:?}");
    }
    for (scenario, says) in
        [(Scenario::Play, "Online"), (Scenario::Degraded, "Degraded"), (Scenario::Paused, "The world is paused")]
    {
        let bench = Bench::signed_in(scenario, 3.0);
        assert!(bench.shows(says), "{scenario:?} does not say {says:?}");
    }
}

#[test]
fn who_is_away_is_named_as_such_among_those_nearby() {
    let bench = Bench::signed_in(Scenario::NeighbourAway, 1.0);
    assert!(bench.shows("Mira") && !bench.shows("reconnecting"));
    let bench = Bench::signed_in(Scenario::NeighbourAway, 3.0);
    assert!(bench.shows("Mira") && bench.shows("reconnecting"), "{:#?}", bench.widgets());
}

#[test]
fn arrows_and_letters_walk_but_not_while_typing() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    let walked = bench.press(Key::ArrowRight);
    assert_eq!(walked[0], UiCommand::Tap(Direction::East));
    assert!(walked.contains(&UiCommand::Hold(Some(Direction::East))));
    assert_eq!(bench.press(Key::W)[0], UiCommand::Tap(Direction::North));

    assert_eq!(bench.press(Key::Enter), []);
    assert_eq!(bench.press(Key::W), []);
    assert_eq!(bench.press(Key::ArrowLeft), []);
    bench.type_text("wasd");
    assert_eq!(bench.press(Key::Enter), [UiCommand::Say("wasd".to_owned())]);
    assert_eq!(bench.press(Key::S)[0], UiCommand::Tap(Direction::South), "after speaking, keys walk again");
}

#[test]
fn escape_leaves_the_chat_and_keeps_the_draft() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    bench.press(Key::Enter);
    bench.type_text("half a ");
    assert_eq!(bench.press(Key::Escape), []);
    assert_eq!(bench.press(Key::D)[0], UiCommand::Tap(Direction::East));
    bench.press(Key::Enter);
    bench.type_text("thought");
    assert_eq!(bench.press(Key::Enter), [UiCommand::Say("half a thought".to_owned())]);
}

#[test]
fn a_click_on_the_ground_walks_there() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    let at = bench.game.predicted().expect("a position");
    let commands = bench.click_at(Pos2::new(640.0 + 96.0, 400.0));
    assert_eq!(commands, [UiCommand::WalkTo((at.x + 2, at.y))]);
}

#[test]
fn what_is_at_hand_is_taken_by_key_click_or_button_and_the_bag_offers_what_to_do_with_it() {
    let apple = || [UiCommand::Do(Action::Take { item: APPLE })];
    let near = || {
        let mut bench = Bench::signed_in(Scenario::Play, 1.0);
        assert!(!bench.shows("Take Apple"), "two tiles away it is out of reach");
        assert_eq!(bench.press(Key::E), [], "so there is nothing to do");
        bench.game.tap(Direction::West);
        bench.game.steer();
        bench.run(0.5);
        assert!(bench.shows("Take Apple"), "{:#?}", bench.widgets());
        bench
    };
    assert_eq!(near().press(Key::E), apple());
    assert_eq!(near().click("Button", "Take Apple"), apple());
    let mut bench = near();
    let tile = Pos2::new(640.0 - 48.0, 400.0 + 48.0);
    assert_eq!(bench.click_at(tile), apple(), "a click on it takes it instead of walking there");

    bench.game.act(Action::Take { item: APPLE });
    bench.run(0.3);
    assert!(bench.shows("You carry") && bench.shows("Apple"));
    let item: tilemud_schema::ItemKind = "apple".into();
    let used = UiCommand::Do(Action::Use { item: item.clone(), target: None });
    assert_eq!(bench.click("Button", "Use Apple"), [used]);
    let dropped = UiCommand::Do(Action::Drop { item: item.clone(), quantity: None });
    assert_eq!(bench.click("Button", "Drop Apple"), [dropped]);
    let (x, y) = bench.game.faced().expect("a tile");
    assert_eq!(bench.click("Button", "Place Apple"), [UiCommand::Do(Action::Place { item, x, y })]);
    bench.press(Key::I);
    assert!(!bench.shows("You carry"), "I hides it");
}

#[test]
fn gestures_are_made_by_digits_or_chosen_from_the_wheel_but_not_while_typing() {
    let line = |text: &str| Intent::Chat { channel: tilemud_schema::ChatChannel::Say, text: text.into(), to: None };
    let gesture = |name, text| Gesture { name, phrase: "calls", sign: "!", intent: line(text) };
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    bench.view.wheel = wheel::Wheel::new(vec![gesture("Hail", "Hey!"), gesture("Thank", "Thanks!")]);
    bench.run(0.1);
    let thank = [UiCommand::Want(line("Thanks!"))];
    assert_eq!(bench.press(Key::Num2), thank);
    assert_eq!(bench.press(Key::Num3), [], "there is no third one");
    assert!(!bench.shows("Thank"));
    bench.press(Key::G);
    assert!(bench.shows("Hail"), "{:#?}", bench.widgets());
    assert_eq!(bench.click("Button", "Thank"), thank);
    assert!(!bench.shows("Thank"), "a choice closes it");
    bench.click("Button", "Gestures");
    assert!(bench.shows("Hail"));
    bench.press(Key::Escape);
    assert!(!bench.shows("Hail"));
    bench.press(Key::F1);
    assert!(bench.shows("hail, thank"), "the help names them: {:#?}", bench.widgets());
    bench.press(Key::F1);
    bench.press(Key::Enter);
    assert_eq!((bench.press(Key::Num1), bench.press(Key::G)), (vec![], vec![]));
    assert!(!bench.shows("Hail"));
}

#[test]
fn function_keys_open_and_close_help_and_diagnostics() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    for (key, title) in [(Key::F1, "How to play"), (Key::F3, "Diagnostics")] {
        assert!(!bench.shows(title));
        bench.press(key);
        assert!(bench.shows(title), "{title} is not shown");
        bench.press(key);
        assert!(!bench.shows(title), "{title} stays");
    }
}

#[test]
fn c_or_a_click_on_the_name_opens_the_character_which_is_as_new_as_the_last_step() {
    let mut bench = Bench::signed_in(Scenario::Play, 2.0);
    assert!(!bench.shows("steps walked"));
    bench.press(Key::C);
    bench.run(0.2);
    let steps = |bench: &Bench| bench.game.surroundings().own.stats.steps;
    let before = steps(&bench);
    assert!(bench.shows("steps walked") && bench.shows("strength") && bench.shows("Your camp is 12 steps north-east"));
    bench.game.want(Intent::Move { direction: Direction::South });
    bench.run(0.5);
    assert_eq!(steps(&bench), before + 1);
    assert!(bench.shows("12\u{2009}481") && bench.shows("Your camp is 13 steps"), "{:#?}", bench.widgets());
    bench.click("Label", "Robin");
    bench.run(0.2);
    assert!(!bench.shows("steps walked"), "closed by a click on the name");
}

#[test]
fn sound_is_turned_off_and_on_by_key_and_in_the_help() {
    let mut bench = Bench::signed_in(Scenario::Play, 1.0);
    assert_eq!(bench.press(Key::N), [UiCommand::Sound(false)]);
    bench.press(Key::F1);
    assert_eq!(bench.click("CheckBox", "Sound"), [UiCommand::Sound(true)]);
}

#[test]
fn every_input_on_every_screen_has_a_name() {
    let mut screens = vec![Bench::new(Scenario::Play), Bench::signed_in(Scenario::Play, 1.0)];
    screens.extend([Scenario::Provider, Scenario::EitherWay].map(Bench::new));
    let mut by_hand = Bench::new(Scenario::NoBrowser);
    by_hand.run(0.2);
    by_hand.game.sign_in_at_provider("Robin");
    screens.push(by_hand);
    screens.extend([Scenario::Full, Scenario::Lost, Scenario::Replaced].map(|it| Bench::signed_in(it, 4.0)));
    for bench in &mut screens {
        bench.run(0.2);
        let inputs: Vec<_> =
            bench.widgets().into_iter().filter(|it| it["role"] == "TextInput" || it["role"] == "Button").collect();
        assert!(!inputs.is_empty());
        for input in inputs {
            assert!(!input["label"].as_str().unwrap_or_default().trim().is_empty(), "{input} has no name");
        }
    }
}

#[test]
fn the_name_of_an_area_is_shown_on_entering_it_and_goes() {
    let mut bench = Bench::signed_in(Scenario::Indoors, 1.5);
    assert!(bench.shows("The Inn") && !bench.shows("First Light"), "the smallest of two");
    bench.run(4.5);
    assert!(!bench.shows("The Inn"));
    let out = |bench: &mut Bench| {
        for _ in 0..3 {
            bench.game.tap(Direction::South);
            bench.game.steer();
            bench.run(0.5);
        }
    };
    let (door, _) = (bench.game.nearest_interaction().expect("a door at hand"), out(&mut bench));
    assert!(!bench.shows("First Light"), "the door is closed");
    bench.game.act(door.action);
    bench.run(0.3);
    out(&mut bench);
    assert!(bench.shows("First Light"), "outside is the village");
}

#[test]
fn areas_decide_over_light_roof_and_music() {
    let mut bench = Bench::signed_in(Scenario::Indoors, 3.0);
    let at = bench.game.confirmed().expect("in the world");
    let ambience = &bench.view.ambience;
    assert!((ambience.darkness() - 0.4).abs() < 0.01, "{}", ambience.darkness());
    assert_eq!(ambience.canopy((at.x, at.y)), 0.0, "the roof is away");
    assert_eq!(ambience.canopy((at.x - 8, at.y - 5)), 1.0, "the trees beside it are there");
    assert_eq!(bench.view.music(), Some("/demo.wav"), "that of the village around");
    bench.game.leave();
    bench.run(0.2);
    assert_eq!((bench.view.ambience.darkness(), bench.view.music()), (0.0, None));

    let bench = Bench::signed_in(Scenario::Play, 3.0);
    assert_eq!((bench.view.ambience.darkness(), bench.view.music()), (0.0, None), "a map without areas");
}

#[test]
fn how_loud_music_is_stands_on_the_help_card() {
    let mut bench = Bench::signed_in(Scenario::Play, 2.0);
    bench.press(Key::F1);
    bench.run(0.2);
    assert!(bench.shows("Music"));
    // The slider has no words of its own; it is right of the box.
    let widgets = bench.widgets();
    let sound = widgets.iter().find(|it| it["label"] == "Sound").expect("a box");
    let number = |field: &str| sound[field].as_f64().expect("a number") as f32;
    let beside = Pos2::new(number("x") + number("w") + 14.0, number("y") + number("h") / 2.0);
    let commands = bench.click_at(beside);
    let percent = bench.view.music_percent;
    assert!(percent < 20, "it was {} and is {percent}", settings::MUSIC_PERCENT);
    assert_eq!(commands.last(), Some(&UiCommand::Music(percent)));
}
