//! What the player sees, as pictures: every state of the specification and every screen (FR-015),
//! drawn off-screen from the pretend server and compared with the files in `snapshots`.
//!
//! After a wanted change: `UPDATE_SNAPSHOTS=1 cargo test -p tilemud-client --test pictures`, then
//! look at every changed picture before it is committed.

mod stage;

use egui::Key;
use stage::Stage;
use tilemud_client::demo::{MIRA, OWN, Scenario};
use tilemud_schema::Effect;

#[test]
fn signing_in_and_being_on_the_way() {
    let mut stage = Stage::new(Scenario::Play);
    stage.run(1.0);
    stage.hide_version();
    stage.compare("sign_in");

    stage.game().sign_in("Robin");
    stage.run(0.1);
    assert_eq!(stage.state(), "CONNECTING");
    stage.hide_version();
    stage.compare("connecting");
}

#[test]
fn signing_in_at_a_provider() {
    form(Scenario::Provider, "sign_in_provider");
}

#[test]
fn signing_in_at_a_provider_or_by_name() {
    form(Scenario::EitherWay, "sign_in_either_way");
}

#[test]
fn a_provider_that_does_not_answer_yet() {
    form(Scenario::ProviderDown, "sign_in_provider_down");
}

#[test]
fn a_server_without_a_way_in() {
    form(Scenario::NoWayIn, "sign_in_no_way");
}

#[test]
fn a_server_that_cannot_be_reached() {
    form(Scenario::Silent, "sign_in_unreachable");
}

/// What the sign-in form offers.
fn form(scenario: Scenario, picture: &str) {
    let mut stage = Stage::new(scenario);
    stage.run(1.0);
    assert_eq!(stage.state(), "SIGN_IN");
    stage.hide_version();
    stage.compare(picture);
}

#[test]
fn being_away_at_the_provider() {
    away(Scenario::Provider, "at_provider");
}

#[test]
fn being_away_at_the_provider_without_a_browser() {
    away(Scenario::NoBrowser, "at_provider_by_hand");
}

fn away(scenario: Scenario, picture: &str) {
    let mut stage = Stage::new(scenario);
    stage.run(0.5);
    stage.game().sign_in_at_provider("Robin");
    stage.run(0.5);
    assert_eq!(stage.state(), "CONNECTING");
    stage.hide_version();
    stage.compare(picture);
}

#[test]
fn a_sign_in_refused_by_the_provider_says_why() {
    let mut stage = Stage::new(Scenario::Denied);
    stage.run(0.5);
    stage.game().sign_in_at_provider("Robin");
    stage.run(4.0);
    assert_eq!(stage.state(), "AUTH_FAILED");
    stage.hide_version();
    stage.compare("auth_failed_provider");
}

#[test]
fn playing() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.4);
    assert_eq!(stage.state(), "ACTIVE");
    stage.compare("active");
}

#[test]
fn a_neighbour_whose_connection_is_lost_is_seen_through_and_said_to_be_reconnecting() {
    let mut stage = Stage::signed_in(Scenario::NeighbourAway, 3.0);
    assert_eq!(stage.state(), "ACTIVE");
    stage.compare("neighbour_away");
}

#[test]
fn playing_without_the_cache_says_so() {
    let mut stage = Stage::signed_in(Scenario::Degraded, 3.0);
    assert_eq!(stage.state(), "DEGRADED");
    stage.compare("degraded");
}

#[test]
fn a_paused_world_says_that_nothing_is_lost() {
    let mut stage = Stage::signed_in(Scenario::Paused, 3.2);
    assert_eq!(stage.state(), "UNAVAILABLE");
    stage.compare("unavailable");
}

#[test]
fn a_lost_connection_counts_down_and_in_the_end_asks() {
    let mut stage = Stage::signed_in(Scenario::Lost, 6.0);
    assert_eq!(stage.state(), "RECONNECTING");
    stage.compare("reconnecting");

    stage.wait(54.0);
    stage.run(0.5);
    assert_eq!(stage.state(), "RETRY_LIMIT_REACHED");
    stage.compare("retry_limit_reached");
}

#[test]
fn a_full_server_tells_when_it_is_asked_again() {
    let mut stage = Stage::signed_in(Scenario::Full, 1.5);
    assert_eq!(stage.state(), "CAPACITY");
    stage.hide_version();
    stage.compare("capacity");
}

#[test]
fn another_build_is_told_to_update() {
    let mut stage = Stage::signed_in(Scenario::Outdated, 1.5);
    assert_eq!(stage.state(), "UPDATE_REQUIRED");
    stage.hide_version();
    stage.compare("update_required");
}

#[test]
fn a_refused_sign_in_says_so() {
    let mut stage = Stage::signed_in(Scenario::Refused, 1.5);
    assert_eq!(stage.state(), "AUTH_FAILED");
    stage.hide_version();
    stage.compare("auth_failed");
}

#[test]
fn a_session_ended_by_absence_says_so() {
    let mut stage = Stage::signed_in(Scenario::Idle, 3.0);
    assert_eq!(stage.state(), "SESSION_ENDED");
    stage.compare("session_ended_inactivity");
}

#[test]
fn a_session_ended_by_another_sign_in_says_so() {
    let mut stage = Stage::signed_in(Scenario::Replaced, 3.0);
    assert_eq!(stage.state(), "SESSION_ENDED");
    stage.compare("session_ended_replaced");
}

#[test]
fn a_session_ended_by_leaving_says_so() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.0);
    stage.game().log_out();
    stage.run(0.5);
    assert_eq!(stage.state(), "SESSION_ENDED");
    stage.compare("session_ended_logout");
}

#[test]
fn what_is_at_hand_and_what_is_carried() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.0);
    stage.press(Key::ArrowLeft);
    stage.run(0.5);
    stage.compare("at_hand");
    let interaction = stage.game().nearest_interaction().expect("an apple within reach");
    stage.game().act(interaction.action);
    stage.run(0.5);
    stage.compare("carried");
}

#[test]
fn the_own_character_with_what_it_has_done_and_the_way_to_its_camp() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.0);
    stage.press(Key::C);
    stage.press(Key::ArrowRight);
    stage.run(0.5);
    stage.compare("character");
}

#[test]
fn indoors_the_roof_is_away_it_is_darker_and_the_name_is_shown() {
    let mut stage = Stage::signed_in(Scenario::Indoors, 2.0);
    assert_eq!(stage.state(), "ACTIVE");
    stage.compare("indoors");
}

#[test]
fn a_sign_is_read_beside_it_and_a_figure_of_the_world_s_own_is_seen() {
    let mut stage = Stage::signed_in(Scenario::Handmade, 2.0);
    assert_eq!(stage.state(), "ACTIVE");
    stage.compare("handmade");
}

#[test]
fn wounds_and_healing_are_seen_above_the_head() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.0);
    let (own, mira) = (OWN, MIRA);
    stage.demo().happen(vec![Effect::Damage { id: mira, amount: 12 }]);
    stage.run(0.4);
    stage.demo().happen(vec![Effect::Damage { id: own, amount: 3 }, Effect::Heal { id: mira, amount: 5 }]);
    stage.run(0.15);
    stage.compare("health");
}

#[test]
fn a_gesture_is_seen_above_the_head_and_in_the_log_and_the_wheel_offers_all_of_them() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.0);
    stage.press(Key::Num1);
    stage.run(0.5);
    stage.press(Key::G);
    stage.run(0.2);
    stage.compare("gestures");
}

#[test]
fn talking_opens_the_log() {
    let mut stage = Stage::signed_in(Scenario::Play, 2.0);
    stage.game().say("Good evening, everyone.");
    stage.game().say("/z Is the ferry running?");
    stage.run(5.0);
    stage.press(Key::Enter);
    stage.type_text("By the well, I th");
    stage.run(0.2);
    stage.compare("chat");
}

#[test]
fn help_and_diagnostics_lie_over_the_world() {
    let mut stage = Stage::signed_in(Scenario::Play, 3.0);
    stage.press(Key::F1);
    stage.run(0.2);
    stage.compare("help");

    stage.press(Key::F1);
    stage.press(Key::F3);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::ArrowRight] {
        stage.press(key);
        stage.run(0.4);
    }
    stage.demo().cut();
    stage.run(2.0);
    stage.demo().garble();
    stage.run(2.0);
    assert_eq!(stage.state(), "ACTIVE");
    let game = stage.game();
    let reconnects = game.session().reconnects();
    let numbers = game.diagnostics();
    assert!(numbers.heartbeat.last_ms() > Some(0.0) && numbers.action.quantile_ms(0.95) > Some(0.0));
    assert_eq!((reconnects, numbers.gaps, numbers.unreadable), (1, 1, 1));
    stage.hide_version();
    stage.compare("diagnostics");
}
