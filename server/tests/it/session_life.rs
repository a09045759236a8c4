//! S7 and S9: sessions end and free their places, and the server holds exactly as many as it may.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::{ClientMessage, Direction, Encoding, ServerMessage};
use tilemud_support::player::{Closed, Player, bootstrap, call, exchange, token};
use tilemud_support::process::Local;

use crate::world::meadow;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s7_idle_players_are_ended_while_heartbeats_and_actions_keep_others() {
    // Five ticks a second pace the three of them.
    let server = Local::plain(meadow(), &["--inactivity-timeout-s", "3", "--tick-hz", "5"]).await;
    let url = server.url.clone();
    let mut walker = Player::join(&url, "Walker", Encoding::Postcard).await;
    let mut quiet = Player::join(&url, "Quiet", Encoding::Postcard).await;
    let started = Instant::now();
    let mut idle = Player::join(&url, "Idle", Encoding::Json).await;
    let (idle_token, idle_session, idle_position) = (idle.reconnect_token.clone(), idle.session_id(), idle.position);

    let over = AtomicBool::new(false);
    let pinging = async {
        let mut pings = 0;
        loop {
            match idle.connection.next().await {
                // Neither pings, nor being told things, nor a resync is activity.
                Ok(ServerMessage::StateDelta(_)) => {
                    idle.connection.ping().await;
                    idle.connection.send(&ClientMessage::Resync {}).await;
                    pings += 1;
                }
                Ok(_) => {}
                Err(closed) => {
                    over.store(true, Ordering::Relaxed);
                    return (pings, closed);
                }
            }
        }
    };
    let acting = async {
        let mut steps = 0;
        // Whole rounds: a walk that is left in the middle leaves its answer behind.
        while !over.load(Ordering::Relaxed) || steps % 2 == 1 {
            walker.walk(if steps % 2 == 0 { Direction::East } else { Direction::West }).await;
            quiet.heartbeat(steps).await;
            steps += 1;
        }
    };
    let ((pings, closed), ()) = tokio::join!(pinging, acting);
    assert_eq!(closed, Closed(4004));
    assert!(pings > 1 && started.elapsed().as_millis() >= 3_000, "{pings} pings in {:?}", started.elapsed());
    // The two others are past the timeout as well, and still there.
    walker.walk(Direction::East).await;
    quiet.heartbeat(99).await;

    let again = bootstrap(&url, "Idle", Some(&idle_token)).await;
    assert_ne!(again.session.session_id, idle_session, "a clean start");
    assert_eq!(
        (again.session.last_sequence_number, again.state.character.state.position.expect("always given")),
        (0, idle_position)
    );
    let mut again = Player::enter(&url, again, Encoding::Json, None, None).await;
    assert_eq!(again.seq, 1);
    again.walk(Direction::South).await;
}

/// Bootstraps; the status, the seconds of `Retry-After`, and the body.
async fn knock(url: &str, bearer: &str, name: &str) -> (StatusCode, Option<u64>, Value) {
    let body = json!({ "client_version": tilemud_schema::version(), "display_name": name });
    let (status, headers, body) = exchange(url, Method::POST, "/api/session/bootstrap", Some(bearer), Some(body)).await;
    let retry_after = headers.get("retry-after").map(|value| value.to_str().unwrap().parse().unwrap());
    (status, retry_after, serde_json::from_slice(&body).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s9_exactly_as_many_get_in_as_there_are_places_and_a_freed_place_is_taken() {
    const PLACES: usize = 12;
    const KNOCKING: usize = 40;
    let places = PLACES.to_string();
    let server = Local::plain(meadow(), &["--max-sessions", &places]).await;
    let url = server.url.clone();
    let knocks: Vec<_> = (0..KNOCKING)
        .map(|number| {
            let url = url.clone();
            tokio::spawn(async move {
                let name = format!("Guest {number}");
                let bearer = token(&url, &name).await;
                // A store that is slow for a moment, on a machine with much else to do, says
                // nothing of places.
                let begun = Instant::now();
                let (status, retry_after, body) = loop {
                    let answer = knock(&url, &bearer, &name).await;
                    if answer.2["code"] != "UNAVAILABLE" || begun.elapsed() > tilemud_support::player::DEADLINE {
                        break answer;
                    }
                };
                (name, bearer, status, retry_after, body)
            })
        })
        .collect();
    let mut admitted = Vec::new();
    let mut refused = Vec::new();
    for knock in knocks {
        let (name, bearer, status, retry_after, body) = knock.await.unwrap();
        if status == StatusCode::OK {
            admitted.push((name, bearer, body["session"]["session_id"].clone()));
        } else {
            assert_eq!((status, &body["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("CAPACITY_FULL")));
            assert_eq!((&body["category"], &body["retryable"]), (&json!("CAPACITY"), &json!(true)));
            let retry_after_ms = body["details"]["retry_after_ms"].as_u64().expect("when to come again");
            assert_eq!(retry_after, Some(retry_after_ms.div_ceil(1_000)));
            refused.push((name, bearer));
        }
    }
    assert_eq!((admitted.len(), refused.len()), (PLACES, KNOCKING - PLACES));
    let sessions: HashSet<_> = admitted.iter().map(|(_, _, session)| session.to_string()).collect();
    assert_eq!(sessions.len(), PLACES);
    let (_, health) = call(&url, Method::GET, "/api/health", None, None).await;
    assert_eq!(health["capacity"], json!({ "active_sessions": PLACES, "max_sessions": PLACES }));

    // Three log out at once: three of those who knock again get in.
    for (_, bearer, session_id) in admitted.drain(..3) {
        let body = json!({ "session_id": session_id });
        let (status, _) = call(&url, Method::POST, "/api/session/logout", Some(&bearer), Some(body)).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
    let knocks: Vec<_> = refused
        .into_iter()
        .map(|(name, bearer)| {
            let url = url.clone();
            tokio::spawn(async move { knock(&url, &bearer, &name).await.0 })
        })
        .collect();
    let mut second_wave = 0;
    for knock in knocks {
        second_wave += usize::from(knock.await.unwrap() == StatusCode::OK);
    }
    assert_eq!(second_wave, 3);
}

#[tokio::test]
async fn s9_a_place_that_nobody_takes_up_is_freed_with_its_ticket() {
    let server = Local::plain(meadow(), &["--max-sessions", "1", "--ticket-ttl-s", "1"]).await;
    let bearer = token(&server.url, "Guest").await;
    let started = Instant::now();
    bootstrap(&server.url, "Ghost", None).await;
    while knock(&server.url, &bearer, "Guest").await.0 != StatusCode::OK {
        assert!(started.elapsed() < tilemud_support::player::DEADLINE, "the place is never freed");
    }
    assert!(started.elapsed().as_millis() >= 900, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_lost_connection_keeps_its_place_for_the_reconnect_window_and_frees_it_after() {
    let crowded = json!("CAPACITY_FULL");
    // On a machine that stands still nobody is late for this window.
    let patient = Local::plain(meadow(), &["--max-sessions", "1", "--reconnect-window-s", "7200"]).await;
    let url = &patient.url;
    let ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let (reconnect_token, session_id) = (ann.reconnect_token.clone(), ann.session_id());
    drop(ann);
    let (status, _, body) = knock(url, &token(url, "Bob").await, "Bob").await;
    assert_eq!((status, &body["code"]), (StatusCode::SERVICE_UNAVAILABLE, &crowded));
    let back = Player::resume(url, "Ann", &reconnect_token, Encoding::Postcard, None).await;
    assert_eq!(back.session_id(), session_id);

    let flags = ["--max-sessions", "1", "--reconnect-window-s", "1", "--ticket-ttl-s", "600"];
    let server = Local::plain(meadow(), &flags).await;
    let url = &server.url;
    let ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let bearer = token(url, "Bob").await;
    let started = Instant::now();
    drop(ann);
    while knock(url, &bearer, "Bob").await.0 != StatusCode::OK {
        assert!(started.elapsed() < tilemud_support::player::DEADLINE, "the place is never freed");
    }
    assert!(started.elapsed().as_millis() >= 900, "{:?}", started.elapsed());
    let (status, _, body) = knock(url, &token(url, "Ann").await, "Ann").await;
    assert_eq!((status, &body["code"]), (StatusCode::SERVICE_UNAVAILABLE, &crowded));
}

#[tokio::test]
async fn a_session_shows_its_status_in_the_bootstrap_answer() {
    let server = Local::plain(meadow(), &[]).await;
    let first = bootstrap(&server.url, "Ann", None).await;
    assert_eq!(serde_json::to_value(first.session.status).unwrap(), json!("connecting"));
    let mut ann = Player::enter(&server.url, first, Encoding::Json, None, None).await;
    ann.heartbeat(1).await;
    let second = bootstrap(&server.url, "Ann", Some(&ann.reconnect_token)).await;
    assert_eq!(serde_json::to_value(second.session.status).unwrap(), json!("active"));
}
