//! The whole client without a window, against the pretend server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tilemud_schema::{Direction, Effect};

use super::*;
use crate::demo::{Demo, MIRA, OWN, Scenario, Shared};
use crate::overhead::Shown;
use crate::talk::Voice;

struct Bench {
    game: Game,
    demo: Rc<RefCell<Demo>>,
    clock: Rc<Cell<f64>>,
}

impl Bench {
    fn new(scenario: Scenario) -> Self {
        let clock = Rc::new(Cell::new(0.0));
        let seen = clock.clone();
        let demo = Rc::new(RefCell::new(Demo::new(Rc::new(move || seen.get()), scenario)));
        let game = Game::new(Box::new(Shared(demo.clone())), || 0.5);
        Self { game, demo, clock }
    }

    fn playing() -> Self {
        let mut bench = Self::new(Scenario::Play);
        bench.game.sign_in("Robin");
        bench.run(1.0);
        assert_eq!(bench.game.state(), SessionState::Active);
        bench
    }

    /// Sixty frames a second.
    fn run(&mut self, seconds: f64) {
        for _ in 0..(seconds * 60.0).round() as u32 {
            self.clock.set(self.clock.get() + 1.0 / 60.0);
            self.game.advance(self.clock.get(), 1.0 / 60.0);
            self.game.steer();
        }
    }

    fn at(&self) -> (i32, i32) {
        let at = self.game.predicted().expect("a position");
        (at.x, at.y)
    }

    fn confirmed(&self) -> (i32, i32) {
        let at = self.game.confirmed().expect("a position");
        (at.x, at.y)
    }
}

#[test]
fn signing_in_ends_in_the_world_with_everyone_in_view() {
    let bench = Bench::playing();
    assert_eq!(bench.game.session().entity_id(), Some(OWN));
    assert!(bench.game.surroundings().entities.len() >= 4);
    assert!(bench.game.assets().terrain().is_some());
    assert_eq!(bench.game.nearby().len(), 2, "two other players; the others are no players");
}

#[test]
fn a_sign_in_at_the_provider_ends_in_the_world_and_is_noted_for_a_reload_until_the_player_leaves() {
    let mut bench = Bench::new(Scenario::Provider);
    bench.run(0.2);
    bench.game.sign_in_at_provider("Robin");
    bench.run(1.0);
    assert_eq!(bench.game.returning_player(), None, "not there yet");
    bench.run(3.0);
    assert_eq!(bench.game.state(), SessionState::Active);
    assert_eq!(bench.game.returning_player(), Some(("Robin", "again")));
    bench.game.log_out();
    assert_eq!(bench.game.returning_player(), None);
    assert_eq!(Bench::playing().game.returning_player(), Some(("Robin", "again")));
}

#[test]
fn the_way_in_is_taken_once_the_server_has_said_which_there_are() {
    for (scenario, page, name) in [
        (Scenario::Play, None, "Robin"),
        (Scenario::EitherWay, None, "Robin"),
        (Scenario::Provider, Some(false), "Robin"),
        (Scenario::EitherWay, Some(false), ""),
    ] {
        let mut bench = Bench::new(scenario);
        bench.game.sign_in_somehow(name);
        bench.run(0.5);
        let silent = bench.game.session().provider_page().map(|page| page.contains("prompt=none"));
        assert_eq!(silent, page, "{scenario:?} {name:?}");
        assert_eq!(page.is_none(), bench.game.state() == SessionState::Active, "{scenario:?}");
    }
    let mut bench = Bench::new(Scenario::Provider);
    bench.game.sign_in_again("Robin");
    bench.run(0.5);
    assert!(bench.game.session().provider_page().is_some_and(|page| page.contains("prompt=none")));

    let mut bench = Bench::new(Scenario::Play);
    bench.game.sign_in_again("Robin");
    bench.run(0.5);
    assert_eq!(bench.game.state(), SessionState::Active, "by name nobody is asked either");
    let mut bench = Bench::new(Scenario::NoWayIn);
    bench.game.sign_in_again("Robin");
    bench.run(0.5);
    assert_eq!(bench.game.state(), SessionState::SignIn { problem: None }, "the way in is gone since the reload");
}

#[test]
fn a_tap_is_one_step_seen_at_once_and_confirmed_later() {
    let mut bench = Bench::playing();
    let (x, y) = bench.at();
    bench.game.tap(Direction::East);
    bench.run(1.0 / 60.0);
    assert_eq!(bench.at(), (x + 1, y), "not shown at once");
    assert_eq!(bench.confirmed(), (x, y));
    bench.run(1.0);
    assert_eq!((bench.at(), bench.confirmed()), ((x + 1, y), (x + 1, y)));
    assert_eq!(bench.game.own_motion().expect("a figure").at(), (f64::from(x + 1), f64::from(y)));
}

#[test]
fn quick_taps_all_become_steps_in_order() {
    let mut bench = Bench::playing();
    let (x, y) = bench.at();
    for direction in [Direction::East, Direction::East, Direction::South, Direction::West] {
        bench.game.tap(direction);
    }
    bench.run(2.0);
    assert_eq!(bench.confirmed(), (x + 1, y + 1));
}

#[test]
fn a_held_key_walks_about_seven_tiles_a_second() {
    let mut bench = Bench::playing();
    let (_, y) = bench.at();
    bench.game.hold(Some(Direction::South));
    bench.run(1.0);
    bench.game.hold(None);
    bench.run(0.5);
    let walked = bench.confirmed().1 - y;
    assert!((6..=8).contains(&walked), "{walked} tiles");
}

#[test]
fn slow_frames_do_not_slow_the_walk_and_a_short_press_stays_one_step() {
    let mut bench = Bench::playing();
    let slow_frame = |bench: &mut Bench| {
        bench.clock.set(bench.clock.get() + 0.3);
        bench.game.advance(bench.clock.get(), 0.3);
    };
    let (x, y) = bench.at();
    bench.game.tap(Direction::South);
    bench.game.hold(Some(Direction::South));
    for _ in 0..4 {
        slow_frame(&mut bench);
        bench.game.steer();
    }
    let walked = bench.at().1 - y;
    assert!((6..=9).contains(&walked), "{walked} tiles in 1.2 s");

    bench.game.tap(Direction::East);
    bench.game.hold(None);
    for _ in 0..3 {
        slow_frame(&mut bench);
        bench.game.steer();
    }
    assert_eq!(bench.at().0, x + 1);
}

#[test]
fn the_figure_never_jumps_or_turns_back_on_a_straight_walk() {
    let mut bench = Bench::playing();
    bench.game.hold(Some(Direction::South));
    let first = bench.game.own_motion().expect("a figure").at();
    let mut last = first;
    for _ in 0..90 {
        bench.run(1.0 / 60.0);
        let at = bench.game.own_motion().expect("a figure").at();
        assert!(at.1 >= last.1 && at.1 - last.1 < 0.3 && at.0 == last.0, "from {last:?} to {at:?}");
        last = at;
    }
    assert!(last.1 - first.1 > 8.0);
}

#[test]
fn a_click_walks_there_around_what_is_in_the_way() {
    let mut bench = Bench::playing();
    let behind_the_well = (50, 56);
    bench.game.walk_to(behind_the_well);
    assert_eq!(bench.game.goal(), Some(behind_the_well));
    bench.run(6.0);
    assert_eq!(bench.confirmed(), behind_the_well);
    assert_eq!(bench.game.goal(), None);
}

#[test]
fn walls_are_not_even_asked_for() {
    let mut bench = Bench::playing();
    bench.game.walk_to((50, 59));
    bench.run(6.0);
    let before = bench.game.diagnostics().action.clone();
    bench.game.tap(Direction::North);
    bench.run(0.5);
    assert_eq!(bench.at(), (50, 59));
    assert_eq!(bench.game.own_motion().expect("a figure").facing(), Direction::North, "it turns to the wall");
    assert_eq!(bench.game.diagnostics().action.series_ms().count(), before.series_ms().count());
}

#[test]
fn said_words_come_back_as_a_line_and_a_bubble() {
    let mut bench = Bench::playing();
    bench.game.say("good morning");
    bench.run(0.5);
    let said = bench.game.talk().lines().any(|line| {
        matches!(&line.voice, Voice::Person { name, .. } if &**name == "Robin") && &*line.text == "good morning"
    });
    assert!(said);
    assert_eq!(bench.game.overhead().words(OWN), Some("good morning"));
}

#[test]
fn a_cut_cable_heals_by_itself_and_the_walk_goes_on() {
    let mut bench = Bench::playing();
    let (x, y) = bench.at();
    bench.game.tap(Direction::East);
    bench.run(1.0 / 60.0);
    bench.demo.borrow_mut().cut();
    bench.run(0.1);
    assert!(matches!(bench.game.state(), SessionState::Reconnecting { attempt: 1, .. }));
    bench.run(1.0);
    assert_eq!(bench.game.state(), SessionState::Active);
    assert_eq!((bench.at(), bench.confirmed()), ((x + 1, y), (x + 1, y)), "the step is lost or doubled");
    assert!(bench.game.session().outbox().is_empty());
    bench.game.tap(Direction::East);
    bench.run(0.5);
    assert_eq!(bench.confirmed(), (x + 2, y));
}

#[test]
fn a_paused_world_takes_no_steps_and_no_words() {
    let mut bench = Bench::new(Scenario::Paused);
    bench.game.sign_in("Robin");
    bench.run(3.0);
    assert_eq!(bench.game.state(), SessionState::Unavailable { retry_at_s: None });
    let at = bench.at();
    bench.game.hold(Some(Direction::South));
    bench.game.say("anyone?");
    bench.run(1.0);
    assert_eq!(bench.at(), at);
    assert!(bench.game.session().outbox().is_empty());
}

#[test]
fn a_gesture_is_seen_above_the_head_and_in_the_log() {
    let mut bench = Bench::playing();
    let bow = &crate::gestures::all()[1];
    bench.game.want(bow.intent.clone());
    bench.run(0.5);
    let shown: Vec<_> = bench.game.overhead().above(OWN).map(|mark| mark.shown.clone()).collect();
    assert_eq!(shown, [Shown::Picture(bow.sign)]);
    let bows = |line: &&crate::talk::Line| line.voice == Voice::Seen { name: "Robin".into() } && &*line.text == "bows";
    assert_eq!(bench.game.talk().lines().filter(bows).count(), 1);
    bench.run(20.0);
    let seen = bench.game.talk().lines().filter(|line| line.voice == Voice::Seen { name: "Mira".into() });
    assert!(seen.count() >= 1, "others make gestures too");
}

#[test]
fn the_test_hook_tells_state_position_and_chat() {
    let mut bench = Bench::playing();
    bench.game.say("hi");
    bench.run(0.5);
    let state: serde_json::Value = serde_json::from_str(&crate::hooks::state_json(&bench.game)).expect("JSON");
    assert_eq!(state["state"], "ACTIVE");
    assert_eq!(state["name"], "Robin");
    assert_eq!(state["position"]["x"], bench.confirmed().0);
    let kinds: Vec<_> = state["entities"].as_array().expect("a list").iter().map(|it| &it["kind"]).collect();
    assert!(kinds.contains(&&serde_json::json!("player")) && kinds.contains(&&serde_json::json!("npc")), "{kinds:?}");
    assert!(state["chat"].as_array().expect("a list").iter().any(|it| it["from"] == "Robin" && it["text"] == "hi"));
    assert_eq!(state["version"], tilemud_schema::version());
    assert!(state["rtt_ms"].as_f64().expect("a number") > 0.0);
}

#[test]
fn a_thing_within_reach_is_taken_and_carried() {
    let mut bench = Bench::playing();
    assert_eq!(bench.game.nearest_interaction(), None);
    bench.game.tap(Direction::West);
    bench.run(0.5);
    let interaction = bench.game.nearest_interaction().expect("the apple");
    assert_eq!(interaction.words, "Take Apple");
    assert_eq!(bench.game.interaction_at(interaction.tile), Some(interaction.clone()));
    bench.game.act(interaction.action.clone());
    bench.run(0.5);
    assert_eq!(bench.game.surroundings().own.inventory.len(), 1);
    assert_eq!(
        (bench.game.nearest_interaction(), bench.game.interaction_at(interaction.tile)),
        (None, None),
        "it is gone"
    );
    bench.game.act(interaction.action);
    bench.run(0.5);
    assert!(bench.game.talk().lines().any(|line| &*line.text == "There is no such item."), "refusals are told");
}

#[test]
fn a_door_is_opened_and_gone_through_by_the_rules_of_the_world() {
    let mut bench = Bench::playing();
    let (before_the_inn, inside) = ((51, 49), (51, 47));
    bench.game.walk_to(before_the_inn);
    bench.run(4.0);
    assert_eq!(bench.confirmed(), before_the_inn);
    bench.game.tap(Direction::North);
    bench.run(0.5);
    assert_eq!(bench.confirmed(), before_the_inn, "the door is shut");
    let door = bench.game.interaction_at((51, 48)).expect("the door");
    bench.game.act(door.action);
    bench.run(0.5);
    bench.game.walk_to(inside);
    bench.run(1.0);
    assert_eq!(bench.confirmed(), inside);
}

#[test]
fn refused_words_are_kept_for_the_field_they_were_typed_in_and_refused_steps_are_not() {
    let mut bench = Bench::playing();
    for (code, line) in [
        (ErrorCode::RateLimited, "/w \"Old Tam\" wait for me"),
        (ErrorCode::Unavailable, "hello?"),
        (ErrorCode::TargetOutOfRange, "/z anyone"),
    ] {
        bench.demo.borrow_mut().refuse_next(code);
        bench.game.say(line);
        bench.run(0.5);
        assert_eq!(bench.game.take_unsaid().as_deref(), Some(line), "{code:?}");
    }
    bench.demo.borrow_mut().refuse_next(ErrorCode::RateLimited);
    bench.game.tap(Direction::East);
    bench.run(0.5);
    assert_eq!(bench.game.take_unsaid(), None);
}

#[test]
fn a_tileset_is_given_once_and_again_for_a_new_picture() {
    let mut bench = Bench::playing();
    assert!(bench.game.take_tileset().is_some());
    assert!(bench.game.take_tileset().is_none());
    bench.game.draw_anew();
    assert!(bench.game.take_tileset().is_some());
}

#[test]
fn a_wound_is_a_number_below_zero_and_is_heard_by_who_has_it_alone() {
    let mut bench = Bench::playing();
    let hurt = |id| Effect::Damage { id, amount: 3 };
    bench.demo.borrow_mut().happen(vec![hurt(MIRA), Effect::Heal { id: OWN, amount: 2 }]);
    bench.run(0.1);
    let numbers = |bench: &Bench, id| {
        let shown = bench.game.overhead().above(id).map(|mark| mark.shown.clone());
        shown.filter(|shown| matches!(shown, Shown::Number(_))).collect::<Vec<_>>()
    };
    assert_eq!((numbers(&bench, MIRA), numbers(&bench, OWN)), (vec![Shown::Number(-3)], vec![Shown::Number(2)]));
    assert_eq!(bench.game.take_noises(), [], "another's wound hurts nobody else");
    bench.demo.borrow_mut().happen(vec![hurt(OWN)]);
    bench.run(0.1);
    assert_eq!(bench.game.take_noises(), [Noise::at("hurt".into(), 0)]);
    bench.run(2.0);
    assert_eq!(numbers(&bench, OWN), [], "it stays");
}

#[test]
fn noises_are_as_loud_as_they_are_near_and_late_ones_are_not_played() {
    let mut bench = Bench::playing();
    let (x, y) = bench.at();
    let sound = |tiles| Effect::Sound { x: x + tiles, y: y - 1, name: "drop".into() };
    bench.demo.borrow_mut().happen(vec![sound(1), sound(7)]);
    bench.run(0.1);
    assert_eq!(bench.game.take_noises(), [1, 7].map(|tiles| Noise::at("drop".into(), tiles)));
    assert_eq!(bench.game.take_noises(), [], "played once");
    bench.demo.borrow_mut().happen((0..20).map(sound).collect());
    bench.run(0.1);
    assert_eq!(bench.game.take_noises().len(), 8, "of many at once the first");
    bench.demo.borrow_mut().happen(vec![sound(1)]);
    bench.run(1.0);
    assert_eq!(bench.game.take_noises(), [], "nobody drew a frame for a second");
}
