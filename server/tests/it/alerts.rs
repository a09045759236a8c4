//! T081, T085, NFR-003, NFR-008: what players meet at a real server raises alerts and clears them
//! again, and strangers raise none. Time passes as far as alerts go when a test says so.

use hyper::{Method, StatusCode};
use serde_json::json;
use tilemud_persist::testing::GatedStore;
use tilemud_schema::{Ack, ClientMessage, Direction, Encoding, ErrorCode, Hello, ServerMessage, SessionId};
use tilemud_support::player::{
    Closed, Connection, Player, bootstrap, bootstrap_as, call, exchange, hello, token, until,
};
use tilemud_support::process::Local;

use crate::world::meadow;

/// Steps of ten seconds after which what happened before is past for every alert.
const FIFTEEN_MINUTES: usize = 91;

/// Steps sent before their answers are waited for: well within what one tick takes from a session.
const AT_ONCE: usize = 8;

/// The figure behind a name on the page of metrics.
pub async fn metric(url: &str, name: &str) -> f64 {
    let (_, _, body) = exchange(url, Method::GET, "/metrics", None, None).await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not there:\n{text}")).parse().unwrap()
}

async fn is_firing(url: &str, alert: &str) -> bool {
    metric(url, &format!("alert_active{{alert=\"{alert}\"}}")).await == 1.0
}

fn outdated(session_id: SessionId, ticket: &str) -> ClientMessage {
    ClientMessage::Hello(Hello { client_version: "0.0.1+00000000".to_owned(), ..hello(session_id, ticket) })
}

#[tokio::test]
async fn strangers_with_another_version_fire_nothing_and_players_with_one_do() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let path = "/api/session/bootstrap";
    for number in 0..40 {
        let bearer = token(url, &format!("honest {number}")).await;
        bootstrap_as(url, &bearer, &format!("honest {number}"), None).await;
    }
    for _ in 0..200 {
        let mut stranger = Connection::open(url, Encoding::Json).await;
        stranger.send(&outdated(SessionId(uuid::Uuid::nil()), "made up")).await;
        assert_eq!(stranger.drain().await.1, Closed(4002));
        let old = json!({ "client_version": "0.0.1+00000000" });
        let (status, _) = call(url, Method::POST, path, Some("not.a.token"), Some(old)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    server.judge(1).await;
    assert_eq!(metric(url, "version_reject_total").await, 200.0);
    assert!(!is_firing(url, "version_rejects_high").await, "200 strangers beside 40 players");

    // 2 of 42 are less than 5 %, with a bad version at the bootstrap and at the handshake; 3 of 43
    // are more.
    let old = json!({ "client_version": "0.0.1+00000000" });
    let bearer = token(url, "outdated 1").await;
    let (status, _) = call(url, Method::POST, path, Some(&bearer), Some(old.clone())).await;
    assert_eq!(status, StatusCode::UPGRADE_REQUIRED);
    let boot = bootstrap(url, "outdated 2", None).await;
    let mut connection = Connection::open(url, Encoding::Postcard).await;
    connection.send(&outdated(boot.session.session_id, &boot.realtime.ticket)).await;
    assert_eq!(connection.drain().await.1, Closed(4002));
    for _ in 0..50 {
        call(url, Method::POST, path, Some(&bearer), Some(old.clone())).await;
    }
    assert_eq!(metric(url, "version_reject_signed_in_total").await, 2.0, "one user counts once");
    server.judge(1).await;
    assert!(!is_firing(url, "version_rejects_high").await, "2 of 42 players");
    let bearer = token(url, "outdated 3").await;
    call(url, Method::POST, path, Some(&bearer), Some(old)).await;
    server.judge(1).await;
    assert!(is_firing(url, "version_rejects_high").await, "3 of 43 players");
    server.judge(FIFTEEN_MINUTES).await;
    assert!(!is_firing(url, "version_rejects_high").await, "fifteen minutes later");
}

#[tokio::test]
async fn t085_availability_just_above_its_floor_is_quiet_just_below_it_fires_and_just_above_it_ends() {
    let (server, gate) = Local::gated(meadow(), &["--move-per-s", "1000"]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    act(&mut ann, 199).await;
    ann = fail_once(url, ann, &gate).await;
    server.judge(1).await;
    assert_eq!(metric(url, "availability").await, 199.0 / 200.0, "99.5 %");
    assert!(!is_firing(url, "availability_low").await, "99.5 % is enough");

    ann = fail_once(url, ann, &gate).await;
    server.judge(1).await;
    assert_eq!(metric(url, "availability").await, 199.0 / 201.0);
    assert!(is_firing(url, "availability_low").await, "99.005 %");

    // What the rules refuse was not attempted in vain.
    let seq = ann.say("").await;
    ann.answer(seq).await.unwrap_err();
    act(&mut ann, 198).await;
    server.judge(1).await;
    assert_eq!(metric(url, "availability").await, 397.0 / 399.0);
    assert!(is_firing(url, "availability_low").await, "99.499 %");
    act(&mut ann, 1).await;
    server.judge(1).await;
    assert_eq!(metric(url, "availability").await, 398.0 / 400.0);
    assert!(!is_firing(url, "availability_low").await, "99.5 % again");
}

/// Walks to and fro, so many steps, all of which are acknowledged.
async fn act(player: &mut Player, times: usize) {
    for number in 1..=times {
        let seq = player.step(if number % 2 == 0 { Direction::East } else { Direction::West }).await;
        if number % AT_ONCE == 0 || number == times {
            player.answer(seq).await.expect("it is acknowledged");
        }
    }
}

/// One step that the server takes back for a reason of its own; the player comes back after it.
async fn fail_once(url: &str, player: Player, gate: &GatedStore) -> Player {
    let mut player = player;
    gate.refuse_actions_of(Some(player.bootstrap.state.character.character_id));
    let seq = player.step(Direction::North).await;
    assert_eq!(player.answer(seq).await.unwrap_err().code, ErrorCode::ActionAtomicRollback);
    assert_eq!(player.connection.drain().await.1, Closed(4006));
    gate.refuse_actions_of(None);
    Player::resume(url, "Ann", &player.reconnect_token, Encoding::Postcard, None).await
}

#[tokio::test]
async fn players_who_do_not_get_back_fire_and_what_is_five_minutes_past_does_not() {
    let server = Local::plain(meadow(), &["--sign-in-per-s", "1000"]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    for _ in 0..24 {
        let token = ann.reconnect_token.clone();
        drop(ann);
        ann = Player::resume(url, "Ann", &token, Encoding::Json, None).await;
    }
    server.judge(2).await;
    assert!(!is_firing(url, "reconnect_success_low").await, "24 of 24");
    // Somebody with a token, who is let in and never comes.
    bootstrap(url, "Ann", Some(&ann.reconnect_token)).await;
    server.judge(1).await;
    assert!(!is_firing(url, "reconnect_success_low").await, "may still be on the way");
    server.judge(1).await;
    assert!(is_firing(url, "reconnect_success_low").await, "24 of 25");
    server.judge(31).await;
    assert!(!is_firing(url, "reconnect_success_low").await, "five minutes later");
}

#[tokio::test]
async fn slow_actions_fire_in_the_third_minute_in_a_row() {
    let (server, gate) = Local::gated(meadow(), &[]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    gate.close();
    let seq = ann.step(Direction::East).await;
    let sent = std::time::Instant::now();
    until(async || {
        metric(url, "alert_active{alert=\"latency_p95_high\"}").await;
        sent.elapsed().as_millis() > 250
    })
    .await;
    gate.open();
    let latency_ms = loop {
        if let ServerMessage::Ack(Ack::Intents { acks, .. }) = ann.next().await
            && let Some(ack) = acks.iter().find(|ack| ack.seq == seq)
        {
            break ack.latency_ms.expect("a latency");
        }
    };
    assert!(latency_ms > 200, "{latency_ms} ms");
    server.judge(12).await;
    assert!(!is_firing(url, "latency_p95_high").await, "two minutes");
    server.judge(6).await;
    assert!(is_firing(url, "latency_p95_high").await, "three");
}
