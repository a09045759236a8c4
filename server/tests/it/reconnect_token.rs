//! NFR-006: a replayed, stolen, expired or concurrently used reconnect token gains nothing, and no
//! lost answer costs the session; across restarts with either store, with and without Redis.

use std::sync::Arc;
use std::time::Instant;

use tilemud_persist::testing::{GatedStore, PostgresServer, RedisServer};
use tilemud_schema::{AckStatus, ClientMessage, Direction, Encoding, Hello, Resume, ServerMessage};
use tilemud_support::player::{Closed, Connection, Player, bootstrap, until};
use tilemud_support::process::{Local, Process, database};

use crate::cache::WORLD;
use crate::world::meadow;

/// Sends the hello of a bootstrap on a connection of its own.
async fn hello(url: &str, boot: &tilemud_schema::rest::BootstrapResponse) -> Connection {
    let mut connection = Connection::open(url, Encoding::Json).await;
    let hello = Hello {
        session_id: boot.session.session_id,
        ticket: boot.realtime.ticket.clone(),
        client_version: tilemud_schema::version().to_owned(),
        last_tick: None,
        oldest_unanswered_seq: None,
        next_seq: None,
    };
    connection.send(&ClientMessage::Hello(hello)).await;
    connection
}

#[tokio::test]
async fn a_token_is_used_up_by_the_handshake_it_leads_to() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let (first, session_id) = (ann.reconnect_token.clone(), ann.session_id());
    drop(ann);
    let back = Player::resume(url, "Ann", &first, Encoding::Postcard, None).await;
    assert_eq!(back.session_id(), session_id);
    let replayed = bootstrap(url, "Ann", Some(&first)).await;
    assert_ne!(replayed.session.session_id, session_id, "used up");
    // The replay has not hurt: the rotated token is still good.
    let again = bootstrap(url, "Ann", Some(&back.reconnect_token)).await;
    assert_eq!(again.session.session_id, session_id);
}

#[tokio::test]
async fn a_lost_bootstrap_answer_does_not_cost_the_session() {
    let server = Local::plain(meadow(), &[]).await;
    let ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let (token, session_id) = (ann.reconnect_token.clone(), ann.session_id());
    drop(ann);
    let lost = bootstrap(&server.url, "Ann", Some(&token)).await;
    let mut back = Player::resume(&server.url, "Ann", &token, Encoding::Postcard, None).await;
    assert_eq!(back.session_id(), session_id);
    // What was in the lost answer is worth nothing by now.
    let (messages, closed) = hello(&server.url, &lost).await.drain().await;
    assert_eq!(closed, Closed(4001), "{messages:?}");
    back.walk(Direction::East).await;
    let stale = bootstrap(&server.url, "Ann", Some(&lost.reconnect.token)).await;
    assert_ne!(stale.session.session_id, session_id);
}

#[tokio::test]
async fn a_lost_handshake_answer_does_not_cost_the_session() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let boot = bootstrap(url, "Ann", None).await;
    let session_id = boot.session.session_id;
    let mut connection = hello(url, &boot).await;
    // It is answered, but the player never gets to see it.
    connection.next().await.unwrap();
    drop(connection);
    let mut back = Player::resume(url, "Ann", &boot.reconnect.token, Encoding::Json, None).await;
    assert_eq!(back.session_id(), session_id);
    // Now the player has spoken, so the token of the handshake has arrived and that of the
    // bootstrap is worth nothing.
    let from_bootstrap = back.bootstrap.reconnect.token.clone();
    back.walk(Direction::East).await;
    let stale = bootstrap(url, "Ann", Some(&from_bootstrap)).await;
    assert_ne!(stale.session.session_id, session_id);
    let good = bootstrap(url, "Ann", Some(&back.reconnect_token)).await;
    assert_eq!(good.session.session_id, session_id);
}

#[tokio::test]
async fn a_stolen_token_gives_the_thief_nothing_and_costs_its_owner_nothing() {
    let server = Local::plain(meadow(), &[]).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let mallory = Player::resume(url, "Mallory", &ann.reconnect_token, Encoding::Postcard, None).await;
    assert_ne!(mallory.session_id(), ann.session_id());
    assert_ne!(mallory.bootstrap.state.character.character_id, ann.bootstrap.state.character.character_id);
    assert_eq!((mallory.resume, mallory.last_seq), (Resume::Fresh, 0));
    ann.walk(Direction::East).await;
    let back = Player::resume(url, "Ann", &ann.reconnect_token, Encoding::Postcard, None).await;
    assert_eq!(back.session_id(), ann.session_id());
}

#[tokio::test]
async fn an_expired_token_opens_a_fresh_session() {
    let server = Local::plain(meadow(), &["--reconnect-window-s", "1"]).await;
    let url = &server.url;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    let ann = Player::join(url, "Ann", Encoding::Postcard).await;
    bob.delta_where(|delta| delta.enter.iter().any(|entity| entity.id == ann.entity_id)).await;
    let (token, session_id, entity_id) = (ann.reconnect_token.clone(), ann.session_id(), ann.entity_id);
    let started = Instant::now();
    drop(ann);
    // Her character stays in the world until the window is over.
    bob.delta_where(|delta| delta.leave.contains(&entity_id)).await;
    assert!(started.elapsed().as_millis() >= 1_000, "{:?}", started.elapsed());
    let fresh = Player::resume(url, "Ann", &token, Encoding::Postcard, None).await;
    assert_ne!(fresh.session_id(), session_id);
    assert_eq!(fresh.resume, Resume::Fresh);
}

#[tokio::test]
async fn a_token_is_good_as_long_as_its_session_lives() {
    // The window is shorter than the time the connection is up.
    let server = Local::plain(meadow(), &["--reconnect-window-s", "1", "--tick-hz", "5"]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let started = Instant::now();
    while started.elapsed().as_millis() < 1_500 {
        ann.walk(Direction::East).await;
        ann.walk(Direction::West).await;
    }
    // She is still connected: on a machine that stands still no window is over before this.
    let back = bootstrap(&server.url, "Ann", Some(&ann.reconnect_token)).await;
    assert_eq!(back.session.session_id, ann.session_id());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_used_by_many_at_once_leads_to_one_live_session() {
    const USERS_AT_ONCE: usize = 8;
    let server = Local::plain(meadow(), &[]).await;
    let ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let token = ann.reconnect_token.clone();
    drop(ann);
    let attempts: Vec<_> = (0..USERS_AT_ONCE)
        .map(|_| {
            let (url, token) = (server.url.clone(), token.clone());
            tokio::spawn(async move {
                let boot = bootstrap(&url, "Ann", Some(&token)).await;
                let mut connection = hello(&url, &boot).await;
                let first = connection.next().await;
                (connection, first)
            })
        })
        .collect();
    let mut connections = Vec::new();
    for attempt in attempts {
        connections.push(attempt.await.unwrap());
    }
    // All but one are refused, or let in and then replaced. The one that is left answers a
    // heartbeat.
    let (mut live, mut ended) = (0, 0);
    for (mut connection, first) in connections {
        connection.send(&ClientMessage::Heartbeat { nonce: 5 }).await;
        let mut next = first;
        loop {
            match next {
                Ok(ServerMessage::Heartbeat { nonce: 5, .. }) => {
                    live += 1;
                    break;
                }
                Ok(_) => next = connection.next().await,
                Err(Closed(code)) => {
                    assert!([4001, 4005].contains(&code), "{code}");
                    ended += 1;
                    break;
                }
            }
        }
    }
    assert_eq!((live, ended), (1, USERS_AT_ONCE - 1));
}

/// Plays, is killed, comes back on the same session, is killed again in the middle of coming back,
/// and comes back still.
async fn survives_crashes(start: impl Fn() -> Process, restart: impl Fn() -> Process) {
    let server = start();
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let said = ann.say("Before the crash").await;
    let original = ann.answer(said).await.unwrap();
    let (token, session_id, tick) = (ann.reconnect_token.clone(), ann.session_id(), ann.tick);
    server.kill();

    let server = restart();
    // A bootstrap whose answer is lost to the next crash.
    assert_eq!(bootstrap(&server.url, "Ann", Some(&token)).await.session.session_id, session_id);
    server.kill();

    let server = restart();
    let stolen = bootstrap(&server.url, "Mallory", Some(&token)).await;
    assert_ne!(stolen.session.session_id, session_id);
    let again = bootstrap(&server.url, "Ann", Some(&token)).await;
    assert_eq!(again.session.session_id, session_id);
    let mut ann = Player::enter(&server.url, again, Encoding::Json, Some(tick), Some(said)).await;
    assert_eq!(ann.resume, Resume::Snapshot);
    ann.seq = said;
    ann.say("Before the crash").await;
    let repeat = ann.answer(said).await.unwrap();
    assert_eq!((repeat.status, repeat.action_id), (AckStatus::Duplicate, original.action_id));
    let rotated = ann.reconnect_token.clone();
    server.kill();

    let server = restart();
    let replayed = bootstrap(&server.url, "Ann", Some(&token)).await;
    assert_ne!(replayed.session.session_id, session_id, "used up before the crash");
    let back = bootstrap(&server.url, "Ann", Some(&rotated)).await;
    assert_eq!(back.session.session_id, session_id);
}

#[tokio::test]
async fn a_session_survives_crashes_on_the_embedded_store() {
    let data = tempfile::tempdir().unwrap();
    let start = || Process::start(data.path(), &[]);
    survives_crashes(start, start).await;
}

#[tokio::test]
async fn a_session_survives_crashes_on_postgres() {
    let data = tempfile::tempdir().unwrap();
    let url = PostgresServer::shared().create_database().await;
    let start = || Process::start(data.path(), &["--database-url", &url]);
    survives_crashes(start, start).await;
}

#[tokio::test]
async fn a_session_survives_crashes_whether_redis_is_there_again_or_not() {
    let data = tempfile::tempdir().unwrap();
    let redis = RedisServer::start();
    let redis_url = redis.url();
    let start = || Process::start(data.path(), &["--redis-url", &redis_url]);
    survives_crashes(start, start).await;
    let data = tempfile::tempdir().unwrap();
    let start = || Process::start(data.path(), &["--redis-url", &redis_url]);
    survives_crashes(start, || {
        redis.kill();
        Process::start(data.path(), &["--redis-url", &redis_url])
    })
    .await;
}

#[tokio::test]
async fn after_a_restart_a_token_is_good_for_one_reconnect_window() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &["--reconnect-window-s", "1"]);
    let ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let (token, session_id) = (ann.reconnect_token.clone(), ann.session_id());
    server.kill();
    let server = Process::start(data.path(), &["--reconnect-window-s", "1"]);
    let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
    let started = bob.tick;
    bob.delta_where(|delta| delta.tick > started + 25).await;
    assert_ne!(bootstrap(&server.url, "Ann", Some(&token)).await.session.session_id, session_id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_before_the_start_that_is_overtaken_in_its_handshake_can_still_be_come_back_to() {
    let data = tempfile::tempdir().unwrap();
    let store = tilemud_persist::open(&format!("sqlite:{}", database(data.path()).display()), WORLD).await.unwrap();
    let before = Local::start(meadow(), &[], |_| Arc::clone(&store)).await;
    let ann = Player::join(&before.url, "Ann", Encoding::Json).await;
    let (session_id, held) = (ann.session_id(), ann.reconnect_token.clone());
    drop(ann);
    before.stop().await.unwrap();

    let gate = GatedStore::new(store);
    let server = Local::start(meadow(), &[], |_| Arc::clone(&gate) as _).await;
    let url = server.url.clone();
    let back = bootstrap(&url, "Ann", Some(&held)).await;
    assert_eq!(back.session.session_id, session_id);
    let held = back.reconnect.token.clone();
    let loads = gate.loads();
    gate.hold_loads();
    let handshake = tokio::spawn(async move { Player::try_enter(&url, back, Encoding::Json, None, None, None).await });
    until(async || gate.loads() > loads).await;
    let other = bootstrap(&server.url, "Ann", Some("made up")).await;
    assert_ne!(other.session.session_id, session_id);
    gate.let_loads_through();
    assert!(handshake.await.unwrap().is_err_and(|refusal| refusal.contains("SessionNotFound")));

    let back = bootstrap(&server.url, "Ann", Some(&held)).await;
    assert_eq!(back.session.session_id, session_id, "its token was never used up");
    Player::enter(&server.url, back, Encoding::Json, None, None).await;
}
