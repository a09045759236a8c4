//! Coming back (FR-008): after short outages, long ones and several, when the device or the page
//! says something, and all together. Time is the test's; nothing waits.

use tilemud_schema::{ClientMessage, ErrorCode, Resume, ServerMessage, StateDelta};

use super::super::*;
use super::bench::{Bench, bootstrap_response};
use crate::http::{HttpAnswer, Unreachable};

/// A session that has just used up its attempts.
fn given_up() -> Bench {
    let mut bench = Bench::live();
    bench.wait(3.0);
    bench.cut();
    for wait_s in [1.0, 2.0, 4.0, 8.0, 16.0] {
        bench.wait(wait_s);
        bench.unreachable();
    }
    assert!(matches!(bench.state(), SessionState::RetryLimitReached { .. }));
    bench
}

fn comes_back(bench: &mut Bench) {
    bench.bootstrap(1, 0);
    bench.handshake(0, Resume::Snapshot);
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn behind_the_card_it_goes_on_trying_without_end_and_comes_back() {
    let mut bench = given_up();
    for _ in 0..40 {
        assert_eq!(bench.state(), SessionState::RetryLimitReached { retry_at_s: Some(bench.now_s + 30.0) });
        bench.wait(29.9);
        assert_eq!(bench.commands, [], "too early");
        bench.wait(0.2);
        assert_eq!(bench.state(), SessionState::RetryLimitReached { retry_at_s: None }, "the card stays");
        bench.unreachable();
    }
    bench.wait(30.1);
    bench.token_or_bootstrap();
    comes_back(&mut bench);
}

#[test]
fn the_button_on_the_card_makes_the_attempt_under_way_the_first_of_a_new_series() {
    let mut bench = given_up();
    bench.wait(30.1);
    bench.session.retry(bench.now_s);
    bench.collect();
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: None });
    bench.wait(12.1);
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 2, retry_at_s: Some(_) }));
}

#[test]
fn looking_at_the_page_again_tries_at_once_and_not_more_often_than_every_two_seconds() {
    for mut bench in [given_up(), {
        let mut bench = Bench::live();
        bench.cut();
        bench
    }] {
        bench.commands.clear();
        bench.session.wake(bench.now_s);
        bench.asked();
        bench.unreachable();
        bench.session.wake(bench.now_s + 1.0);
        bench.collect();
        assert_eq!(bench.commands, [], "a second look within two seconds");
        bench.now_s += 2.1;
        bench.session.wake(bench.now_s);
        comes_back(&mut bench);
    }
}

#[test]
fn a_look_at_the_page_changes_nothing_while_playing_at_rest_or_when_the_server_asked_for_patience() {
    let mut bench = Bench::live();
    bench.session.wake(0.0);
    bench.collect();
    assert_eq!((bench.state(), bench.commands.len()), (SessionState::Active, 0));
    let mut bench = Bench::new();
    bench.session.wake(0.0);
    assert_eq!(bench.state(), SessionState::SignIn { problem: None });
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    bench.refuse(ErrorCode::CapacityFull, None);
    let patience = bench.state();
    bench.session.wake(0.0);
    assert_eq!(bench.state(), patience);
}

#[test]
fn a_device_without_network_is_known_at_once_and_its_return_tries_at_once_from_the_first_attempt() {
    let mut bench = Bench::live();
    bench.session.network(false, bench.now_s);
    bench.collect();
    assert!(bench.session.is_offline());
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: Some(1.0) });
    for wait_s in [1.0, 2.0, 4.0] {
        bench.wait(wait_s);
        bench.unreachable();
    }
    bench.session.network(true, bench.now_s);
    bench.collect();
    assert!(!bench.session.is_offline());
    assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 1, retry_at_s: None });
    comes_back(&mut bench);

    let mut bench = given_up();
    bench.commands.clear();
    bench.session.network(true, bench.now_s);
    comes_back(&mut bench);
}

#[test]
fn a_request_that_hangs_since_before_the_network_came_back_is_made_anew() {
    let mut bench = Bench::live();
    bench.cut();
    bench.wait(1.0);
    let (stale, _) = bench.call();
    bench.wait(3.0);
    bench.session.network(true, bench.now_s);
    bench.collect();
    assert_ne!(bench.call().0, stale);
    let late = HttpAnswer { status: 200, etag: None, body: Vec::new() };
    bench.session.on_http(stale, Ok(late), bench.now_s);
    comes_back(&mut bench);
}

#[test]
fn outages_close_to_each_other_each_have_all_five_attempts() {
    let mut bench = Bench::live();
    bench.wait(2.1);
    for _ in 0..4 {
        bench.cut();
        for wait_s in [1.0, 2.0, 4.0] {
            bench.wait(wait_s);
            bench.unreachable();
        }
        bench.wait(8.0);
        assert_eq!(bench.state(), SessionState::Reconnecting { attempt: 4, retry_at_s: None });
        comes_back(&mut bench);
        bench.wait(2.1);
    }
}

#[test]
fn two_seconds_of_silence_are_told_and_the_next_frame_takes_it_back() {
    let mut bench = Bench::live();
    bench.wait(1.9);
    assert!(!bench.session.is_stalled(bench.now_s));
    bench.wait(0.2);
    assert!(bench.session.is_stalled(bench.now_s));
    bench.message(&ServerMessage::StateDelta(StateDelta::default()));
    assert!(!bench.session.is_stalled(bench.now_s));
    bench.cut();
    bench.wait(30.0);
    assert!(!bench.session.is_stalled(bench.now_s), "without a connection there are other words");
}

/// Plays on for so long: a delta comes twice a second, and heartbeats are answered or not. Until
/// the connection is lost.
fn hears(bench: &mut Bench, seconds: f64, is_answered: bool) {
    let until_s = bench.now_s + seconds;
    while bench.now_s < until_s - 1e-6 && bench.state() == SessionState::Active {
        bench.wait(0.5);
        let sent = std::mem::take(&mut bench.commands);
        if bench.state() != SessionState::Active {
            return;
        }
        for command in sent.into_iter().filter(|_| is_answered) {
            let Command::Send(ClientMessage::Heartbeat { nonce }) = command else { continue };
            bench.message(&ServerMessage::Heartbeat { nonce, tick: 60 });
        }
        bench.message(&ServerMessage::StateDelta(StateDelta::default()));
    }
}

#[test]
fn heartbeats_without_an_answer_for_eight_seconds_are_a_cut_however_much_is_heard() {
    let mut bench = Bench::live();
    hears(&mut bench, 60.0, true);
    assert_eq!(bench.state(), SessionState::Active, "all is well");
    let stops_s = bench.now_s;
    hears(&mut bench, 60.0, false);
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 1, .. }), "{:?}", bench.state());
    let took_s = bench.now_s - stops_s;
    assert!((8.0..8.0 + 2.0 + 0.7).contains(&took_s), "{took_s} s");
    bench.wait(1.0);
    comes_back(&mut bench);
    // What the connection before was not answered is not held against this one.
    hears(&mut bench, 5.0, false);
    assert_eq!(bench.state(), SessionState::Active);
    hears(&mut bench, 60.0, true);
    assert_eq!(bench.state(), SessionState::Active, "a late answer is one");
}

#[test]
fn an_answer_stands_for_the_heartbeats_before_it() {
    let mut bench = Bench::live();
    for _ in 0..10 {
        hears(&mut bench, 4.0, false);
        hears(&mut bench, 2.0, true);
    }
    assert_eq!(bench.state(), SessionState::Active);
}

#[test]
fn heartbeats_of_before_a_sleep_have_time_to_be_answered_after_it() {
    let mut bench = Bench::live();
    hears(&mut bench, 1.0, false);
    bench.now_s += 600.0;
    bench.session.tick(bench.now_s);
    hears(&mut bench, 5.0, false);
    assert_eq!(bench.state(), SessionState::Active);
    hears(&mut bench, 2.0, false);
    assert!(matches!(bench.state(), SessionState::Reconnecting { attempt: 1, .. }), "{:?}", bench.state());
}

/// One of many players, each with its own chances.
struct Client {
    session: Session,
    back_at_s: Option<f64>,
}

#[test]
fn after_ten_minutes_without_a_server_ninety_eight_of_a_hundred_are_back_within_35_s() {
    const OUTAGE_S: f64 = 600.0;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut clients: Vec<Client> = (0..100)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut own = seed;
            let chance = move || {
                own = own.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (own >> 11) as f64 / (1_u64 << 53) as f64
            };
            let mut bench = Bench::live();
            bench.wait(3.0);
            bench.cut();
            bench.session.random = Box::new(chance);
            Client { session: bench.session, back_at_s: None }
        })
        .collect();
    let mut now_s = 3.0;
    while now_s < 3.0 + OUTAGE_S + 35.0 {
        now_s += 0.1;
        for client in &mut clients {
            step(client, now_s, now_s >= 3.0 + OUTAGE_S);
        }
    }
    let back = clients.iter().filter(|client| client.back_at_s.is_some()).count();
    assert!(back >= 98, "{back} of 100 are back");
    // They do not come all at once: no second sees more than a fifth of them.
    let mut seconds = std::collections::BTreeMap::new();
    for at_s in clients.iter().filter_map(|client| client.back_at_s) {
        *seconds.entry(at_s as u64).or_insert(0) += 1;
    }
    assert!(seconds.values().all(|count| *count <= 20), "{seconds:?}");
}

/// A tenth of a second of one client before a server that is away or there.
fn step(client: &mut Client, now_s: f64, is_there: bool) {
    client.session.tick(now_s);
    let mut commands = client.session.take_commands();
    while let Some(command) = (!commands.is_empty()).then(|| commands.remove(0)) {
        let Command::Http { id, request } = command else { continue };
        let outcome = if !is_there {
            Err(Unreachable("refused".to_owned()))
        } else if request.path == "/dev/token" {
            let token = tilemud_schema::rest::DevTokenResponse { access_token: "jwt".to_owned(), expires_in: 3_600 };
            Ok(HttpAnswer { status: 200, etag: None, body: tilemud_schema::codec::to_json(&token) })
        } else {
            client.back_at_s.get_or_insert(now_s);
            let answer = tilemud_schema::codec::to_json(&bootstrap_response(1, 0));
            Ok(HttpAnswer { status: 200, etag: None, body: answer })
        };
        client.session.on_http(id, outcome, now_s);
        commands.extend(client.session.take_commands());
    }
}

#[test]
fn a_page_that_was_loaded_again_goes_on_with_its_session_once() {
    let bench = Bench::live();
    assert_eq!(bench.session.return_ticket(), Some(("Mira", "reconnect-2")));
    let mut bench = Bench::new();
    bench.session.resume_later(Some("reconnect-2".to_owned()));
    bench.session.sign_in("Mira", 0.0);
    bench.token();
    assert_eq!(bench.asked().reconnect_token.as_deref(), Some("reconnect-2"));
    bench.bootstrap(1, 9);
    let hello = bench.handshake(9, Resume::Snapshot);
    assert_eq!((hello.last_tick, hello.oldest_unanswered_seq), (None, None), "this page holds nothing of the world");
    bench.walk();
    assert_eq!(bench.sent_seqs(), [10]);
    bench.session.leave();
    bench.session.sign_in("Tom", 0.0);
    bench.token();
    assert_eq!(bench.asked().reconnect_token, None);
}
