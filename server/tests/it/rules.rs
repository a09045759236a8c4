//! PROTOCOL: sequence numbers, limits, the handshake and the close codes.

use std::time::Instant;

use serde_json::json;
use tilemud_schema::{
    ClientMessage, Details, Direction, Encoding, ErrorCode, Hello, ServerMessage, SessionId, WireError,
};
use tilemud_support::player::{Closed, Connection, Player, bootstrap};
use tilemud_support::process::Local;

use crate::world::meadow;

fn error_of(messages: &[ServerMessage]) -> Option<&WireError> {
    messages.iter().find_map(|message| match message {
        ServerMessage::Error { error, .. } => Some(error),
        _ => None,
    })
}

#[tokio::test]
async fn a_gap_is_refused_with_what_was_expected_and_followed_by_the_full_state() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    ann.seq = 3;
    ann.step(Direction::East).await;
    let error = ann.answer(3).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SeqOutOfOrder);
    assert_eq!(error.details, Some(Details::Sequence { expected: 1, received: 3 }));
    assert!(ann.delta().await.full);
    ann.seq = 1;
    ann.walk(Direction::East).await;
}

#[tokio::test]
async fn a_refused_intent_is_consumed_and_its_repeat_gets_the_same_error() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let seq = ann.say("  ").await;
    let error = ann.answer(seq).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::IntentInvalid);
    ann.seq = seq;
    ann.say("  ").await;
    assert_eq!(ann.answer(seq).await.unwrap_err(), error);
    ann.walk(Direction::East).await;
}

#[tokio::test]
async fn t013_moves_beyond_the_limit_are_refused_with_the_time_to_wait() {
    let server = Local::plain(meadow(), &["--move-per-s", "2"]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let begun = Instant::now();
    for direction in [Direction::East, Direction::West] {
        let seq = ann.step(direction).await;
        ann.answer(seq).await.unwrap();
    }
    let mut seqs = Vec::new();
    for _ in 0..3 {
        seqs.push(ann.step(Direction::East).await);
    }
    let mut refused = 0;
    for seq in seqs {
        if let Err(error) = ann.answer(seq).await {
            assert_eq!(error.code, ErrorCode::RateLimited);
            let Some(Details::Limit { limit, retry_after_ms }) = error.details else { panic!("no details") };
            assert_eq!(limit, "move");
            assert!((1..=500).contains(&retry_after_ms), "{retry_after_ms}");
            refused += 1;
        }
    }
    // Two were there at first, and two a second have flowed in since.
    let flowed_in = 2 * begun.elapsed().as_millis() / 1_000;
    assert!(3 - refused <= flowed_in, "only {refused} of 3 were refused, {flowed_in} may pass");
}

#[tokio::test]
async fn eight_malformed_messages_end_the_connection() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    for bytes in [
        "",
        "{",
        "[]",
        "{\"type\":\"nonsense\"}",
        "{\"type\":\"intent.move\",\"payload\":{\"seq\":1}}",
        "7",
        "{}",
        "null",
    ] {
        ann.connection.send_raw(bytes.as_bytes()).await;
    }
    let (messages, closed) = ann.connection.drain().await;
    assert_eq!(closed, Closed(4007));
    let errors = messages.iter().filter(|message| matches!(message, ServerMessage::Error { .. })).count();
    assert_eq!(errors, 8, "{messages:?}");
    assert_eq!(error_of(&messages).unwrap().code, ErrorCode::Malformed);
}

#[tokio::test]
async fn a_frame_over_the_limit_ends_the_connection() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    ann.connection.send_raw(&[b' '; 4_097]).await;
    let (messages, closed) = ann.connection.drain().await;
    assert_eq!(error_of(&messages).unwrap().code, ErrorCode::PayloadTooLarge);
    assert_eq!(closed, Closed(4007));
}

#[tokio::test]
async fn the_first_message_must_be_hello() {
    let server = Local::plain(meadow(), &[]).await;
    let mut connection = Connection::open(&server.url, Encoding::Json).await;
    connection.send(&ClientMessage::Heartbeat { nonce: 1 }).await;
    let (messages, closed) = connection.drain().await;
    assert_eq!(error_of(&messages).unwrap().code, ErrorCode::Malformed);
    assert_eq!(closed, Closed(4007));
}

#[tokio::test]
async fn s4_another_version_is_told_which_one_is_expected() {
    let server = Local::plain(meadow(), &[]).await;
    let boot = bootstrap(&server.url, "Ann", None).await;
    let mut connection = Connection::open(&server.url, Encoding::Json).await;
    let current = tilemud_support::player::hello(boot.session.session_id, &boot.realtime.ticket);
    let hello = Hello { client_version: "0.0.1+00000000".to_owned(), ..current };
    connection.send(&ClientMessage::Hello(hello)).await;
    let (messages, closed) = connection.drain().await;
    assert_eq!(closed, Closed(4002));
    assert!(messages.iter().any(|message| matches!(message, ServerMessage::VersionMismatch { expected, received, .. }
        if expected == tilemud_schema::version() && received == "0.0.1+00000000")));
}

#[tokio::test]
async fn a_ticket_works_once_and_only_for_its_session() {
    let server = Local::plain(meadow(), &[]).await;
    let boot = bootstrap(&server.url, "Ann", None).await;
    let hello =
        |session_id: SessionId, ticket: &str| ClientMessage::Hello(tilemud_support::player::hello(session_id, ticket));
    let refused = async |message: ClientMessage| {
        let mut connection = Connection::open(&server.url, Encoding::Json).await;
        connection.send(&message).await;
        let (messages, closed) = connection.drain().await;
        assert_eq!(closed, Closed(4001));
        error_of(&messages).unwrap().code
    };
    let session_id = boot.session.session_id;
    assert_eq!(refused(hello(session_id, "a guess")).await, ErrorCode::TicketInvalid);
    let unknown = SessionId(uuid::Uuid::now_v7());
    assert_eq!(refused(hello(unknown, &boot.realtime.ticket)).await, ErrorCode::SessionNotFound);
    let ticket = boot.realtime.ticket.clone();
    let _ann = Player::enter(&server.url, boot, Encoding::Json, None, None).await;
    assert_eq!(refused(hello(session_id, &ticket)).await, ErrorCode::TicketInvalid);
}

#[tokio::test]
async fn logging_out_ends_the_session_and_its_reconnect_token() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
    ann.connection.send(&ClientMessage::Logout {}).await;
    let (_, closed) = ann.connection.drain().await;
    assert_eq!(closed, Closed(4010));
    bob.delta_where(|delta| delta.leave.contains(&ann.entity_id)).await;
    let again = bootstrap(&server.url, "Ann", Some(&ann.reconnect_token)).await;
    assert_ne!(again.session.session_id, ann.bootstrap.session.session_id);
}

#[tokio::test]
async fn a_drain_tells_players_to_reconnect() {
    let server = Local::plain(meadow(), &[]).await;
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let (stopped, (_, closed)) = tokio::join!(server.stop(), ann.connection.drain());
    stopped.unwrap();
    assert_eq!(closed, Closed(4006));
}

#[tokio::test]
async fn without_a_known_subprotocol_there_is_no_upgrade() {
    let server = Local::plain(meadow(), &[]).await;
    for offered in ["", "mqtt"] {
        assert!(Connection::try_open(&server.url, offered).await.is_err(), "{offered:?}");
    }
    let (status, body) = tilemud_support::player::call(&server.url, hyper::Method::GET, "/ws", None, None).await;
    assert_eq!((status.as_u16(), &body["code"]), (400, &json!("MALFORMED")));
}
